"""What goes in comes out, and what did not change is left alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from sqlalchemy.exc import StatementError

from connectors.contract import date_limits
from connectors.errors import ContractError, RunnerUnknown
from connectors.frames import ACTIVITY, SHOE, STORED, SYMPTOM, UTC_TIME, Contract, checked
from connectors.store import Counts, Store, open_store

pytestmark = pytest.mark.usefixtures("runner")

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
SUBNORMAL = 5e-324


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> Store:
    store = open_store(tmp_path_factory.mktemp("home"))
    store.runner(create=True)
    return store


def symptoms(**columns: object) -> pl.DataFrame:
    row = {
        "athlete_id": 1,
        "source": "manual",
        "source_id": "2026-11-01/left",
        "fetched_utc": NOW,
        "date": date(2026, 11, 1),
        "side": "left",
        "pain_during_0_10": 3.0,
    }
    return pl.DataFrame({**row, **columns}, schema_overrides={"fetched_utc": UTC_TIME})


def values(contract: Contract, name: str) -> st.SearchStrategy[object]:
    column = contract.columns[name]
    if column.one_of:
        known = st.sampled_from(column.one_of)
    elif column.dtype == pl.String:
        known = st.text(
            st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12
        ) | st.just(str(2**63 + 1))
    elif column.dtype == pl.Boolean:
        known = st.booleans()
    elif column.dtype == pl.Date:
        known = st.dates(*date_limits(column.dated))
    elif column.dtype == UTC_TIME:
        first, last = (datetime.combine(day, time()) for day in date_limits(column.dated))
        known = st.datetimes(first, last).map(lambda t: t.replace(tzinfo=UTC))
    elif column.dtype == pl.Float64:
        known = st.floats(column.low, column.high, allow_nan=False, allow_infinity=False)
        known |= st.sampled_from([SUBNORMAL, 1 / 3]) if (column.low or 0) <= 0 else st.nothing()
    else:
        top = 2**31 - 1 if column.dtype == pl.Int32 else 2**63 - 1
        known = st.integers(int(column.low or 0), min(top, int(column.high or top)))
    return known | st.none() if column.null else known


@st.composite
def frames(draw: st.DrawFn, contract: Contract) -> pl.DataFrame:
    names = [name for name in contract.columns if name != "athlete_id"]
    row = st.fixed_dictionaries({name: values(contract, name) for name in names})
    rows = draw(st.lists(row, max_size=6, unique_by=lambda r: (r["source"], r["source_id"])))
    return pl.DataFrame([{**r, "athlete_id": 1} for r in rows], schema=contract.schema)


@pytest.mark.parametrize("contract", STORED, ids=lambda contract: contract.name)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_value_comes_back_as_it_went_in(shared: Store, contract: Contract, data: st.DataObject):
    frame = data.draw(frames(contract))
    before = shared.read(contract, 1)
    for source, ids in before.group_by("source").agg("source_id").iter_rows():
        shared.delete(contract, 1, source, ids)

    counts = shared.write(contract, frame)
    back = shared.read(contract, 1)

    assert counts == Counts(frame.height, 0, 0)
    assert back.schema == contract.schema
    assert_frame_equal(back, checked(frame, contract), check_row_order=False, check_exact=True)
    assert shared.write(contract, frame.reverse()) == Counts(0, 0, frame.height)
    assert_frame_equal(shared.read(contract, 1), back, check_exact=True)


def test_order_of_arrival_does_not_matter(store: Store, tmp_path):
    days = pl.concat([symptoms(source_id=f"{d}", date=date(2026, 11, d)) for d in (9, 2, 30, 14)])
    other = open_store(tmp_path / "other")
    other.runner(create=True)
    store.write(SYMPTOM, days)
    other.write(SYMPTOM, days.reverse())
    assert store.read(SYMPTOM, 1)["date"].dt.day().to_list() == [2, 9, 14, 30]
    assert_frame_equal(store.read(SYMPTOM, 1), other.read(SYMPTOM, 1))


def test_only_what_changed_is_counted_and_wakes_a_reader(store: Store):
    assert store.write(SYMPTOM, symptoms()) == Counts(1, 0, 0)
    first = store.version(1, SYMPTOM)

    later = symptoms(fetched_utc=NOW + timedelta(days=1))
    assert store.write(SYMPTOM, later) == Counts(0, 0, 1)
    assert store.version(1, SYMPTOM) == first
    assert store.read(SYMPTOM, 1)["fetched_utc"].to_list() == [NOW]

    assert store.write(SYMPTOM, symptoms(pain_during_0_10=None)) == Counts(0, 1, 0)
    assert store.version(1, SYMPTOM) == first + 1
    assert store.read(SYMPTOM, 1)["pain_during_0_10"].to_list() == [None]


def test_unknown_and_none_are_two_things(store: Store):
    store.write(SYMPTOM, symptoms(pain_during_0_10=None))
    assert store.write(SYMPTOM, symptoms(pain_during_0_10=0.0)) == Counts(0, 1, 0)
    assert store.write(SYMPTOM, symptoms(pain_during_0_10=None)) == Counts(0, 1, 0)


def test_version_counts_each_contract_by_itself(store: Store):
    assert store.version(1) == 0
    store.write(SYMPTOM, symptoms())
    assert (store.version(1, SYMPTOM), store.version(1, SHOE), store.version(1)) == (1, 0, 1)
    store.set_settings(1, {"distance": "mi"})
    assert (store.version(1, SYMPTOM, SHOE), store.version(1)) == (1, 2)


def test_many_frames_go_in_together_or_not_at_all(store: Store):
    bad = symptoms(source_id="other", pain_during_0_10=11.0)
    with pytest.raises(ContractError, match="pain_during_0_10 must be at most 10"):
        store.write_many([(SYMPTOM, symptoms()), (SYMPTOM, bad)])
    assert store.read(SYMPTOM, 1).is_empty()
    assert store.version(1) == 0


def test_a_row_of_nobody_is_refused(store: Store):
    with pytest.raises(RunnerUnknown, match="no runner of that number"):
        store.write(SYMPTOM, symptoms(athlete_id=7))
    assert store.read(SYMPTOM, 7).is_empty()


def test_nothing_to_write_changes_nothing(store: Store):
    assert store.write(ACTIVITY, ACTIVITY.empty()) == Counts(0, 0, 0)
    assert store.version(1) == 0
    assert store.read(ACTIVITY, 1).schema == ACTIVITY.schema


def test_runners_do_not_see_each_other(store: Store):
    other = store.add_runner("Someone else")
    store.write_many([(SYMPTOM, symptoms()), (SYMPTOM, symptoms(athlete_id=other.athlete_id, side="right"))])
    assert store.read(SYMPTOM, 1)["side"].to_list() == ["left"]
    assert store.read(SYMPTOM, other.athlete_id)["side"].to_list() == ["right"]
    assert store.delete(SYMPTOM, 1, "manual", ["2026-11-01/left"]) == 1
    assert store.read(SYMPTOM, other.athlete_id).height == 1


def test_deleting_says_how_many_and_wakes_a_reader_only_then(store: Store):
    store.write(SYMPTOM, symptoms())
    version = store.version(1, SYMPTOM)
    assert store.delete(SYMPTOM, 1, "manual", ["never there"]) == 0
    assert store.delete(SYMPTOM, 1, "file", ["2026-11-01/left"]) == 0
    assert store.version(1, SYMPTOM) == version
    assert store.delete(SYMPTOM, 1, "manual", ["2026-11-01/left", "never there"]) == 1
    assert store.version(1, SYMPTOM) == version + 1


def test_words_are_values_and_never_commands(store: Store):
    words = "'); DROP TABLE symptom; --"
    store.write(SYMPTOM, symptoms(source_id=words, note=words))
    assert store.delete(SYMPTOM, 1, "manual", ["' OR 1=1 --"]) == 0
    assert store.read(SYMPTOM, 1)["note"].to_list() == [words]


@pytest.mark.sqlite_only("the number that a statement takes is SQLite's")
def test_more_ids_than_a_statement_takes(store: Store):
    many = pl.concat([symptoms()] * 40_000).with_columns(source_id=pl.int_range(pl.len()).cast(pl.String))
    assert store.write(SYMPTOM, many) == Counts(40_000, 0, 0)
    assert store.write(SYMPTOM, many) == Counts(0, 0, 40_000)
    assert store.delete(SYMPTOM, 1, "manual", many["source_id"].to_list()) == 40_000


def test_rows_are_put_in_and_taken_out_together(store):
    store.write(SYMPTOM, symptoms())
    right = symptoms(source_id="2026-11-01/right", side="right")
    counts = store.replace(SYMPTOM, 1, right, [("manual", "2026-11-01/left"), ("file", "never there")])
    assert counts == Counts(1, 0, 0)
    assert store.read(SYMPTOM, 1)["side"].to_list() == ["right"]
    store.replace(SYMPTOM, 1, right, [("manual", "2026-11-01/right")])
    assert store.read(SYMPTOM, 1)["side"].to_list() == ["right"], "what is put in stays"


def test_where_one_of_both_fails_neither_is_done(store):
    store.write(SYMPTOM, symptoms())
    before, version = store.read(SYMPTOM, 1), store.version(1, SYMPTOM)
    right = symptoms(source_id="2026-11-01/right", side="right")
    with pytest.raises(StatementError):
        store.replace(SYMPTOM, 1, right, [("manual", 7)])
    assert_frame_equal(store.read(SYMPTOM, 1), before)
    assert store.version(1, SYMPTOM) == version
