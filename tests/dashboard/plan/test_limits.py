"""Limits as they are set: amounts, shares and none; until a date; what counts after it; history and undo."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_builders import CONTEXT, DONE, MONDAY, UNTIL, USUAL, default_limits, planned

from connectors.errors import ContractError
from connectors.frames import GUARDRAIL
from dashboard.plan import service
from dashboard.plan.guardrails.base import find_guardrail
from dashboard.plan.limits import (
    GuardrailLimit,
    check_limit,
    limit_on,
    limit_value,
    limits_from,
    smallest_change,
    violations,
)
from dashboard.plan.text import limit_in_words, value_in_words, verdict_in_words
from dashboard.shared.units import Units

FAST, DISTANCE, CLIMB, RUNS = (find_guardrail(name) for name in ("fast", "distance", "climb", "runs"))
END = MONDAY + timedelta(days=20)
PT = "therapist"


def amount(value: float, until: date | None = None, then: GuardrailLimit | None = None) -> GuardrailLimit:
    return GuardrailLimit(value, True, PT, "amount", UNTIL, until, then)


def test_none_of_it_an_amount_and_a_share_each_hold_a_week() -> None:
    plan = (planned(1, 8, fast_s=600.0, ascent_m=80.0), planned(3, 9, fast_s=0.0, ascent_m=90.0))
    assert [one.amount for one in check_limit(FAST, plan, amount(0), CONTEXT)] == [600.0]
    assert check_limit(DISTANCE, plan, amount(17_000), CONTEXT) == []
    assert [one.limit for one in check_limit(DISTANCE, plan, amount(15_000), CONTEXT)] == [15_000]
    assert [one.limit for one in check_limit(CLIMB, plan, amount(150), CONTEXT)] == [150]
    assert [one.amount for one in check_limit(RUNS, plan, amount(1), CONTEXT)] == [2]
    share = GuardrailLimit(-70, True, PT)
    assert limit_value(DISTANCE, share, USUAL) == pytest.approx(12_000)
    assert [one.limit for one in check_limit(DISTANCE, plan, share, CONTEXT)] == [pytest.approx(12_000)]


def test_a_week_within_5_pct_of_its_limit_is_not_worth_a_word() -> None:
    plan = (planned(1, 9, ascent_m=150.0), planned(3, 9, ascent_m=150.0))
    assert check_limit(CLIMB, plan, amount(297), CONTEXT) == []
    assert check_limit(CLIMB, plan, amount(280), CONTEXT) != []


def test_a_limit_counts_until_its_date_and_then_what_counted_before() -> None:
    plan = tuple(planned(day, 8, fast_s=1_200.0) for day in (1, 8, 15))
    limit = amount(0, MONDAY + timedelta(days=8), GuardrailLimit(20, True))
    rows = check_limit(FAST, plan, limit, CONTEXT)
    assert [one.date for one in rows] == [MONDAY, MONDAY + timedelta(days=7)]
    limits = default_limits() | {"fast": limit}
    changed = smallest_change(FAST, plan, limits, CONTEXT)
    assert changed is not None
    assert [run.fast_s for run in changed] == [0.0, 0.0, 1_200.0]


def test_after_its_end_the_whole_week_counts_against_what_follows() -> None:
    plan = (planned(1, 8, fast_s=0.0), planned(2, 8, fast_s=900.0), planned(5, 8, fast_s=900.0))
    limit = amount(900, MONDAY + timedelta(days=3), GuardrailLimit(20, True))
    (one,) = check_limit(FAST, plan, limit, CONTEXT)
    assert (one.amount, one.limit) == (1_800.0, pytest.approx(1_440))


def test_what_was_run_by_the_day_it_was_set_does_not_count() -> None:
    wednesday = UNTIL - timedelta(days=4)
    context = replace(CONTEXT, until=wednesday, done=tuple(run for run in DONE if run.date <= wednesday))
    plan = (replace(planned(0, 8), date=wednesday + timedelta(days=2), fast_s=0.0),)
    before = GuardrailLimit(0, True, PT, "amount")
    assert check_limit(RUNS, plan, before, context) != []
    assert check_limit(RUNS, plan, replace(before, value=1, from_date=wednesday), context) == []


def test_runs_are_taken_out_shortest_first_and_leave_the_plan(store, athlete_id) -> None:
    plan = (planned(1, 6), planned(3, 8), planned(6, 15))
    limits = default_limits("runs") | {"runs": amount(2)}
    changed = smallest_change(RUNS, plan, limits, CONTEXT)
    assert changed is not None
    assert [run.distance_m for run in changed] == [0.0, 8_000.0, 15_000.0]
    service.save_runs(store, athlete_id, [MONDAY], plan)
    service.save_change(store, athlete_id, plan, changed)
    rows = service.load_plan(store, athlete_id, [MONDAY])
    assert [row["distance_m"] for row in rows] == [8_000.0, 15_000.0]


def test_a_limit_that_ended_says_so_and_counts_no_more() -> None:
    history = [GuardrailLimit(30, True, "runner"), amount(0, END)]
    assert limit_on(FAST, history, END).value == 0
    assert limit_on(FAST, history, END).then == GuardrailLimit(30, True, "runner")
    after = limit_on(FAST, history, END + timedelta(days=1))
    assert (after.value, after.decided_by, after.ended) == (30, "runner", history[1])
    (said,) = verdict_in_words(FAST, after, [], (), Units(), CONTEXT)
    assert said == "The limit set by the PT (none until 22 Mar 2026) has ended and no longer counts."
    alone = limit_on(FAST, history[1:], END + timedelta(days=1))
    assert (alone.value, alone.decided_by) == (FAST.default, None)


def test_limits_of_earlier_dates_stay_and_each_save_is_undone(store, athlete_id) -> None:
    first = service.save_limit(store, athlete_id, "fast", amount(0, END))
    day = UNTIL + timedelta(days=3)
    second = service.save_limit(store, athlete_id, "fast", GuardrailLimit(900, True, "runner", "amount", day))
    rows = store.read(GUARDRAIL, athlete_id)
    assert rows.height == 2
    assert limits_from(rows, day)["fast"].decided_by == "runner"
    assert limits_from(rows, day - timedelta(days=1))["fast"].is_none
    second.undo(store)
    first.undo(store)
    assert store.read(GUARDRAIL, athlete_id).is_empty()
    with pytest.raises(ContractError):
        service.save_limit(store, athlete_id, "fast", GuardrailLimit(-101, True))


def test_limits_in_words() -> None:
    miles = Units("mi", "ft")
    assert limit_in_words(FAST, amount(0, END), Units()) == (
        "Fast running a week: none until 22 Mar 2026 (set by the PT)"
    )
    assert value_in_words(DISTANCE, amount(30_000), Units()) == "at most 30.0 km"
    assert value_in_words(CLIMB, amount(152.4), miles) == "at most 500 ft"
    assert value_in_words(RUNS, amount(1), miles) == "at most 1 run"
    share = GuardrailLimit(-20, True)
    assert value_in_words(DISTANCE, share, Units(), USUAL) == "at most 80 % of your usual (32.0 km)"
    assert value_in_words(DISTANCE, share, Units()) == "at most 80 % of your usual"
    assert value_in_words(DISTANCE, GuardrailLimit(0, True), Units()) == "at most your usual"
    assert value_in_words(find_guardrail("one_channel"), GuardrailLimit(1, True), Units()) == (
        "at most 1 of distance, fast minutes and climb raised"
    )


LIMITS = st.builds(
    GuardrailLimit,
    st.floats(0, 4_000), st.booleans(), st.just(PT), st.just("amount"),
    st.integers(-20, 20).map(lambda n: UNTIL + timedelta(days=n)),
    st.none() | st.integers(0, 40).map(lambda n: UNTIL + timedelta(days=n)),
)  # fmt: skip


@given(st.lists(LIMITS, max_size=5), st.integers(-30, 60))
def test_no_limit_counts_before_it_was_set_or_after_its_end(history, day) -> None:
    history.sort(key=lambda one: one.from_date)
    today = UNTIL + timedelta(days=day)
    limit = limit_on(FAST, history, today)
    while limit is not None:
        if limit.decided_by is not None:
            assert limit.from_date is not None
            assert limit.from_date <= today
            assert limit.until_date is None or limit.until_date >= today
        else:
            assert (limit.value, limit.is_on) == (FAST.default, FAST.is_on)
        today, limit = (limit.until_date or today) + timedelta(days=1), limit.then
    assert limit is None


def test_a_guardrail_that_is_off_is_not_checked() -> None:
    plan = (planned(1, 50, fast_s=3_000.0),)
    assert "fast" not in violations(plan, {"fast": replace(amount(0), is_on=False)}, CONTEXT)
