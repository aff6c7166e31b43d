"""Which recording is read next: before a stated onset first, then newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from connectors.frames import ANSWER, EPISODE, ONSET, STATEMENT, Contract
from connectors.ingest.decode_order import WEEKS_BEFORE, DecodeOrder, stated_dates
from connectors.store import Store

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Recording:
    """A recording to read, with the start that a table says."""

    start_utc: datetime | None
    number: int = 0


days = st.integers(0, 2_000).map(lambda n: NOW - timedelta(days=n, hours=5))
starts = st.lists(st.none() | days, max_size=40)
onsets = st.sets(st.dates(date(2020, 6, 1), date(2026, 6, 1)), max_size=3)


def is_first(one: Recording, dates: set[date]) -> bool:
    assert one.start_utc is not None
    before = timedelta(weeks=WEEKS_BEFORE)
    return any(onset - before <= one.start_utc.date() <= onset for onset in dates)


@given(starts, onsets)
def test_the_weeks_before_an_onset_come_first_then_the_newest(some, dates):
    tasks = [Recording(start, number) for number, start in enumerate(some)]
    order = DecodeOrder(lambda: dates).arrange(tasks)
    assert sorted(order, key=lambda one: one.number) == tasks
    dated = [one for one in order if one.start_utc is not None]
    assert order[: len(dated)] == dated
    first = [one for one in dated if is_first(one, dates)]
    assert dated[: len(first)] == first
    for part in (first, dated[len(first) :]):
        times = [one.start_utc for one in part]
        assert times == sorted(times, key=lambda start: start or NOW, reverse=True)
    undated = [one.number for one in order[len(dated) :]]
    assert undated == sorted(undated)


def test_an_onset_stated_meanwhile_counts_from_then_on():
    dates: set[date] = set()
    order = DecodeOrder(lambda: dates, look_s=0.0)
    tasks = [Recording(NOW - timedelta(days=30 * n), n) for n in range(12)]
    pending = order.arrange(tasks)
    assert [one.number for one in pending] == list(range(12))
    dates.add((NOW - timedelta(days=240)).date())
    assert [one.number for one in order.arrange(pending[1:])] == [8, 9, 10, 1, 2, 3, 4, 5, 6, 7, 11]


def row(store: Store, contract: Contract, athlete_id: int, source_id: str, **values: object) -> None:
    key = {"athlete_id": athlete_id, "source": "manual", "source_id": source_id, "fetched_utc": NOW}
    store.write(contract, pl.DataFrame([key | values], schema_overrides=contract.schema))


def test_what_a_runner_states_of_the_heel_is_a_date_and_what_is_only_proposed_is_none(store):
    one = store.add_runner("Robin").athlete_id
    said = {"activity_id": None, "text": "sore", "body_part": "calf", "side": None, "kind": "complaint"}
    for number, day in enumerate([date(2024, 3, 1), date(2024, 4, 1), date(2024, 5, 1)]):
        row(store, STATEMENT, one, f"s{number}", date=day, **said)
    span = {"from_date": None, "to_date": None}
    row(store, ANSWER, one, "a0", question="statement", question_id="manual/s0", answer="heel", **span)
    row(store, ANSWER, one, "a1", question="statement", question_id="manual/s1", answer="other", **span)
    assert stated_dates(store, one) == {date(2024, 3, 1)}
    row(store, ONSET, one, "o", onset_rule_date=None, onset_person_date=date(2025, 2, 2), decided_by="runner")
    parts = {"side": None, "known_by": "remembers", "to_date": None, "note": None, "from_earliest_date": None}
    row(store, EPISODE, one, "e", from_date=date(2023, 1, 1), body_part="achilles", **parts)
    row(store, EPISODE, one, "k", from_date=date(2022, 1, 1), body_part="knee", **parts)
    assert stated_dates(store, one) == {date(2024, 3, 1), date(2025, 2, 2), date(2023, 1, 1)}
