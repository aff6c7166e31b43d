"""No request beyond the limit, none held back without need, and nothing sleeps."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import formatdate

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strava_world import Clock

from connectors.errors import BudgetSpent
from connectors.strava.rate_limit import RateLimiter
from connectors.sync.status import in_local_words

QUARTER = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def headers(
    clock: Clock, read=(100, 1_000, 1, 1), overall=(200, 2_000, 1, 1), ahead_s: float = 0.0
) -> dict[str, str]:
    def pair(a, b):
        return f"{a},{b}"

    return {
        "Date": formatdate(clock.now_s + ahead_s, usegmt=True),
        "X-RateLimit-Limit": pair(*overall[:2]),
        "X-RateLimit-Usage": pair(*overall[2:]),
        "x-readratelimit-limit": pair(*read[:2]),
        "X-ReadRateLimit-Usage": pair(*read[2:]),
    }


def spend(budget: RateLimiter) -> int:
    count = 0
    while budget.spent_until() is None:
        budget.acquire()
        count += 1
    return count


def test_a_reserve_is_kept_for_others():
    clock = Clock(QUARTER)
    budget = RateLimiter(clock=clock)
    budget.update(headers(clock))
    assert spend(budget) == 94
    assert (budget.remaining().window, budget.remaining().day) == (0, 855)


def test_the_tighter_pair_counts():
    clock = Clock(QUARTER)
    budget = RateLimiter(clock=clock)
    budget.update(headers(clock, overall=(200, 2_000, 188, 300)))
    assert spend(budget) == 2


def test_the_next_quarter_hour_is_free_again():
    clock = Clock(QUARTER)
    budget = RateLimiter(clock=clock)
    budget.update(headers(clock))
    spend(budget)
    until = budget.spent_until()
    assert until == datetime(2026, 3, 2, 8, 15, 2, tzinfo=UTC)
    clock.now_s = until.timestamp()
    assert spend(budget) == 95


def test_the_day_ends_at_midnight_utc():
    clock = Clock(QUARTER)
    budget = RateLimiter(clock=clock)
    budget.update(headers(clock, read=(100, 1_000, 3, 950)))
    with pytest.raises(BudgetSpent) as caught:
        budget.acquire()
    assert caught.value.until == datetime(2026, 3, 3, 0, 0, 2, tzinfo=UTC)


@pytest.mark.parametrize("said", [",", "", "a,b", "5", None, "-1,-1", "1.5,2"])
def test_headers_that_say_nothing_are_passed_over(said):
    clock = Clock(QUARTER)
    budget = RateLimiter(clock=clock)
    told = headers(clock)
    told["X-ReadRateLimit-Usage"] = said or ""
    if said is None:
        del told["X-ReadRateLimit-Usage"]
    budget.update(told)
    assert budget.remaining().window == (90 if said == "5" else 95)
    assert budget.remaining().day >= 948


def test_without_headers_own_requests_count():
    clock = Clock(QUARTER)
    budget = RateLimiter(clock=clock)
    for _ in range(40):
        budget.acquire()
        budget.update({})
    assert (budget.remaining().window, budget.remaining().day) == (55, 910)


def test_a_bare_refusal_shuts_the_quarter_hour_and_then_the_day():
    clock = Clock(QUARTER)
    budget = RateLimiter(clock=clock)
    assert budget.on_429({}).until == datetime(2026, 3, 2, 8, 15, 2, tzinfo=UTC)
    for _ in range(2):
        clock.now_s = budget.spent_until().timestamp()
        budget.acquire()
        last = budget.on_429({})
    assert last.until == datetime(2026, 3, 3, 0, 0, 2, tzinfo=UTC)


def test_an_answer_ends_the_count_of_refusals():
    clock = Clock(QUARTER)
    budget = RateLimiter(clock=clock)
    for _ in range(4):
        until = budget.on_429({}).until
        assert until < datetime(2026, 3, 2, 12, tzinfo=UTC)
        clock.now_s = until.timestamp()
        budget.acquire()
        budget.update({})


@pytest.mark.parametrize("ahead_s", [-7_200.0, -61.0, 61.0, 50_000.0])
def test_the_servers_clock_counts(ahead_s):
    clock = Clock(QUARTER)
    budget = RateLimiter(clock=clock)
    budget.update(headers(clock, read=(100, 1_000, 95, 95), ahead_s=ahead_s))
    until = budget.spent_until()
    there = until.timestamp() + ahead_s
    assert there % 900 == pytest.approx(2, abs=1.1)
    assert 0 < until.timestamp() - clock.now_s <= 903


def test_what_was_used_outlives_the_process():
    clock = Clock(QUARTER)
    budget = RateLimiter(clock=clock)
    budget.update(headers(clock, read=(100, 1_000, 60, 700)))
    again = RateLimiter(budget.state(), clock)
    assert again.remaining() == budget.remaining()


@pytest.mark.parametrize(
    "kept", [None, "", "{}", "[]", "7", "no json", '{"used": 3}', '{"used": [1], "number": [2]}']
)
def test_a_state_that_cannot_be_read_is_none(kept):
    assert RateLimiter(kept, Clock(QUARTER)).remaining().window == 95


def test_a_state_from_a_wrong_clock_does_not_shut_the_door():
    far = Clock(datetime(2031, 1, 1, tzinfo=UTC))
    budget = RateLimiter(clock=far)
    budget.on_429(headers(far, read=(100, 1_000, 100, 1_000)))
    assert RateLimiter(budget.state(), Clock(QUARTER)).spent_until() is None


def test_how_long_it_takes():
    clock = Clock(QUARTER)
    budget = RateLimiter(clock=clock)
    budget.update(headers(clock, read=(100, 1_000, 0, 0)))
    assert budget.seconds_for(95) == 0
    assert budget.seconds_for(96) == pytest.approx(902, abs=2)
    assert 2 * 86_400 > budget.seconds_for(1_500) > 16 * 3_600 - 60


@example(limits=(2, 4), steps=[(176, 1, False), (2, 2, False)], skew_s=1_624.0)
@given(
    limits=st.tuples(st.integers(1, 30), st.integers(1, 200)),
    steps=st.lists(st.tuples(st.integers(0, 1_200), st.integers(0, 40), st.booleans()), max_size=40),
    skew_s=st.floats(-5_000, 5_000),
)
def test_never_a_request_beyond_the_limit(limits, steps, skew_s):
    """A server that counts by its own clock, answers that may lack headers, and a client that only ever asks `take`."""
    clock = Clock(QUARTER)
    budget = RateLimiter(clock=clock)
    used, number = [0, 0], [0, 0]

    def serve(tells: bool) -> None:
        now = clock.now_s + skew_s
        for i, length in enumerate((900, 86_400)):
            if now // length != number[i]:
                number[i], used[i] = now // length, 0
            used[i] += 1
            assert used[i] <= limits[i]
        told = {"Date": formatdate(now, usegmt=True)}
        if tells:
            told["X-ReadRateLimit-Limit"] = f"{limits[0]},{limits[1]}"
            told["X-ReadRateLimit-Usage"] = f"{used[0]},{used[1]}"
        budget.update(told)

    budget.acquire()
    serve(True)
    for forward, requests, tells in steps:
        clock.forward(forward)
        for _ in range(requests):
            if budget.spent_until() is None:
                budget.acquire()
                serve(tells)


def test_local_words():
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC).astimezone()
    assert in_local_words(now.replace(hour=14, minute=30), now) == "14:30"
    assert in_local_words(now.replace(day=24, hour=2, minute=0), now) == "02:00 on Tuesday 24 November"
