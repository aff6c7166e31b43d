"""What a person says is laid over what came in, and can be taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.edits import EDITABLE, Edit, apply_edits, edit_rows, parse_value
from connectors.errors import ContractError
from connectors.frames import ACTIVITY, EDIT, SHOE
from connectors.store import Store

pytestmark = pytest.mark.usefixtures("runner")

START = datetime(2026, 5, 1, 6, tzinfo=UTC)


def record(activity_id: str, source: str = "file", **columns: object) -> dict[str, object]:
    return {
        "activity_id": activity_id,
        "athlete_id": 1,
        "source": source,
        "source_id": activity_id,
        "fetched_utc": START,
        "start_utc": START,
        "local_date": date(2026, 5, 1),
        "sport": "Run",
        "distance_m": 10_000.0,
        **columns,
    }


def pair(shoe_id: str, name: str) -> dict[str, object]:
    common = {"athlete_id": 1, "source": "file", "fetched_utc": START, "source_id": shoe_id}
    return {**common, "shoe_id": shoe_id, "name": name}


def keep(store: Store, *rows: dict[str, object]) -> None:
    store.write(ACTIVITY, pl.DataFrame(list(rows), schema_overrides=dict(ACTIVITY.schema)))


def wear(store: Store, *rows: dict[str, object]) -> None:
    store.write(SHOE, pl.DataFrame(list(rows), schema_overrides=dict(SHOE.schema)))


def session(store: Store, at: int = 0) -> dict:
    return store.activities(1).row(at, named=True)


def test_a_word_is_laid_over_and_taken_back(store):
    keep(store, record("aa", distance_m=791_508.0))
    first = store.edit(
        1, [Edit("activity", "aa", "distance_m", 10_000), Edit("activity", "aa", "is_excluded", True)]
    )
    second = store.edit(1, [Edit("activity", "aa", "distance_m", None)], reason="I do not know")
    assert (session(store)["distance_m"], session(store)["is_excluded"]) == (None, True)
    assert session(store)["edited"] == "distance_m is_excluded"
    assert store.undo_edits(1, second) == 1
    assert session(store)["distance_m"] == 10_000
    assert store.undo_edits(1, first) == 2
    assert (session(store)["distance_m"], session(store)["edited"]) == (791_508.0, None)
    assert store.undo_edits(1, second, is_undone=False) == 1
    assert session(store)["distance_m"] is None
    assert store.read(EDIT, 1).height == 3


def test_an_import_does_not_take_a_word_back(store):
    keep(store, record("aa", shoe_id="old"))
    store.edit(1, [Edit("activity", "aa", "shoe_id", "new")])
    keep(store, record("aa", shoe_id="other", distance_m=10_001.0))
    assert (session(store)["shoe_id"], session(store)["distance_m"]) == ("new", 10_001.0)


def test_a_word_follows_the_run_when_a_better_record_of_it_comes(store):
    keep(store, record("ff", "file"))
    store.edit(1, [Edit("activity", "ff", "perceived_exertion_0_10", 7)])
    keep(store, record("bb", "strava_api"))
    store.decide_matches(1, [("ff", "bb", True, "rule")])
    assert store.activities(1)["activity_id"].to_list() == ["bb"]
    assert session(store)["perceived_exertion_0_10"] == 7
    store.edit(1, [Edit("activity", "bb", "perceived_exertion_0_10", 3)])
    assert session(store)["perceived_exertion_0_10"] == 3


def test_a_recording_that_is_not_trusted_is_not_used(store):
    keep(store, record("aa", sample_rows=60))
    assert session(store)["samples_id"] == "aa"
    store.edit(1, [Edit("activity", "aa", "uses_recording", False)])
    assert session(store)["samples_id"] is None


def test_pairs_said_to_be_one_are_one_everywhere(store):
    wear(store, pair("s1", "Pacer 3"), pair("s2", "Pacer 3 "), pair("s3", "Pacer"))
    keep(store, record("aa", shoe_id="s1"), record("bb", shoe_id="s2"), record("cc", shoe_id="s3"))
    chain = store.edit(1, [Edit("shoe", "s2", "same_as", "s1"), Edit("shoe", "s3", "same_as", "s2")])
    assert store.shoes(1)["shoe_id"].to_list() == ["s1"]
    assert store.shoe_names(1) == {"s1": "Pacer 3"}
    assert set(store.activities(1)["shoe_id"]) == {"s1"}
    store.undo_edits(1, chain)
    assert store.shoes(1).height == 3
    store.edit(1, [Edit("shoe", "s1", "same_as", "s2"), Edit("shoe", "s2", "same_as", "s1")])
    assert set(store.activities(1)["shoe_id"]) == {"s1", "s2", "s3"}


def test_a_plate_said_by_a_person_counts_as_plated(store):
    wear(store, pair("s1", "Pacer 3"))
    assert store.shoes(1)["is_plated"].to_list() == [None]
    store.edit(1, [Edit("shoe", "s1", "plate", "carbon"), Edit("shoe", "s1", "heel_lift_mm", 6)])
    [one] = store.shoes(1).to_dicts()
    assert (one["is_plated"], one["heel_lift_mm"], one["edited"]) == (True, 6.0, "heel_lift_mm plate")


@pytest.mark.parametrize(
    "edit",
    [
        Edit("activity", "aa", "start_utc", START),
        Edit("activity", "aa", "distance_m", -1.0),
        Edit("activity", "aa", "distance_m", float("nan")),
        Edit("activity", "aa", "surface", "lava"),
        Edit("activity", "aa", "sport", None),
        Edit("shoe", "s1", "drop_mm", 99.0),
        Edit("diary", "s1", "note", "x"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(store, edit):
    with pytest.raises(ContractError, match="Nothing was changed"):
        store.edit(1, [Edit("activity", "aa", "is_excluded", True), edit])
    assert store.read(EDIT, 1).is_empty()


_VALUES = {
    pl.Float64: st.floats(0.5, 2, allow_nan=False),
    pl.Boolean: st.booleans(),
    pl.Date: st.dates(date(1990, 1, 1), date(2026, 1, 1)),
}


@given(st.data())
def test_a_value_comes_back_as_it_was_said(data):
    record_kind = data.draw(st.sampled_from(sorted(EDITABLE)))
    field = data.draw(st.sampled_from(sorted(EDITABLE[record_kind])))
    column = EDITABLE[record_kind][field]
    texts = st.sampled_from(column.one_of) if column.one_of else st.text(max_size=20)
    value = data.draw(_VALUES.get(column.dtype, texts))
    rows = edit_rows([Edit(record_kind, "aa", field, value)], 1, "b", START, "runner", None)
    assert parse_value(record_kind, field, rows["value"][0]) == value
    frame = pl.DataFrame({f"{record_kind}_id": ["zz", "aa", "bb"]})
    laid = apply_edits(frame, rows, record_kind, {})
    assert laid[field].to_list() == [None, value, None]
    assert laid[f"{record_kind}_id"].to_list() == ["zz", "aa", "bb"]


@given(st.permutations(range(6)))
def test_the_last_word_counts_in_whatever_order_rows_come(order):
    rows = pl.concat(
        edit_rows(
            [Edit("activity", "aa", "distance_m", n)], 1, f"b{n}", START + timedelta(hours=n), "runner", None
        )
        for n in range(6)
    )
    laid = apply_edits(pl.DataFrame({"activity_id": ["aa"]}), rows[list(order)], "activity", {})
    assert laid["distance_m"].to_list() == [5.0]
