"""One act puts rows in place of others, all of it or nothing, and its undo gives back what was there."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.edits import Edit
from connectors.errors import ContractError, StoreError
from connectors.frames import EVENT
from connectors.store import Store, open_store
from dashboard.shared.undo import correct_rows, record_edits, replace_rows

NAMES, SOURCES = ("a", "b", "c", "d"), ("manual", "file")


def row(key: tuple[str, str], kind: str) -> dict:
    source, name = key
    day = date(2026, 1, 1 + NAMES.index(name))
    return {
        "athlete_id": 1, "source": source, "source_id": name, "fetched_utc": datetime(2026, 1, 9, tzinfo=UTC),
        "date": day, "kind": kind,
    }  # fmt: skip


KEYS = st.tuples(st.sampled_from(SOURCES), st.sampled_from(NAMES))
ROWS = st.dictionaries(KEYS, st.sampled_from(["race", "illness"]), max_size=6)


@pytest.fixture(scope="module")
def empty(tmp_path_factory) -> Store:
    store = open_store(tmp_path_factory.mktemp("home"))
    store.runner(create=True)
    return store


def told(store: Store) -> dict[tuple[str, str], str]:
    return {
        (one["source"], one["source_id"]): one["kind"] for one in store.read(EVENT, 1).iter_rows(named=True)
    }


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(ROWS, ROWS, st.sets(KEYS, max_size=4))
def test_an_act_puts_in_takes_out_and_is_undone(empty, there, said, out):
    replace_rows(empty, EVENT, 1, (), empty.read(EVENT, 1).to_dicts())
    replace_rows(empty, EVENT, 1, [row(key, kind) for key, kind in there.items()])
    assert told(empty) == there
    gone = [one for one in empty.read(EVENT, 1).to_dicts() if (one["source"], one["source_id"]) in out]
    change = replace_rows(empty, EVENT, 1, [row(key, kind) for key, kind in said.items()], gone)
    assert told(empty) == {key: kind for key, kind in there.items() if key not in out} | said
    assert change.counts.new == len(set(said) - set(there))
    change.undo(empty)
    assert told(empty) == there


def test_a_row_that_cannot_be_leaves_everything_as_it_was(empty):
    replace_rows(empty, EVENT, 1, (), empty.read(EVENT, 1).to_dicts())
    replace_rows(empty, EVENT, 1, [row(("manual", "a"), "race")])
    before = empty.read(EVENT, 1)
    with pytest.raises(ContractError, match="kind"):
        replace_rows(
            empty, EVENT, 1, [row(("manual", "b"), "race"), row(("manual", "c"), "party")], before.to_dicts()
        )
    assert empty.read(EVENT, 1).equals(before)


def test_a_word_in_place_of_a_number_is_refused_and_not_made_unknown(empty):
    told = {**row(("manual", "a"), "race"), "date": "tomorrow"}
    with pytest.raises(ContractError, match="date"):
        replace_rows(empty, EVENT, 1, [told])


def test_a_change_names_its_outcome_and_corrections_keep_their_source(empty):
    replace_rows(empty, EVENT, 1, (), empty.read(EVENT, 1).to_dicts())
    assert replace_rows(empty, EVENT, 1, ()).outcome == "unchanged"
    rows = [row((source, "a"), "race") for source in SOURCES]
    assert replace_rows(empty, EVENT, 1, rows).outcome == "added"
    assert replace_rows(empty, EVENT, 1, rows).outcome == "unchanged"
    there = empty.read(EVENT, 1).sort("source").to_dicts()
    change = correct_rows(empty, EVENT, 1, there, {0: {"kind": "illness"}, 1: {"remove": True}})
    assert (change.outcome, told(empty)) == ("updated", {("file", "a"): "illness"})
    assert replace_rows(empty, EVENT, 1, there[:1], there).outcome == "updated"
    assert replace_rows(empty, EVENT, 1, (), there).outcome == "removed"


def test_edits_are_one_change_and_none_write_nothing(store, athlete_id):
    assert record_edits(store, athlete_id, []).outcome == "unchanged"
    runs = store.activities(athlete_id)["activity_id"].to_list()[:2]
    change = record_edits(store, athlete_id, [Edit("activity", one, "surface", "sand") for one in runs])
    assert change.outcome == "updated"
    change.undo(store)
    assert store.activities(athlete_id)["surface"].null_count() == store.activities(athlete_id).height


def test_a_row_deleted_meanwhile_is_not_brought_back_by_a_correction(tmp_path):
    store = open_store(tmp_path)
    store.runner(create=True)
    drawn = [row(("manual", "a"), "race"), row(("manual", "b"), "race")]
    replace_rows(store, EVENT, 1, drawn)
    replace_rows(store, EVENT, 1, [], [drawn[0]])
    with pytest.raises(StoreError, match="no longer there"):
        correct_rows(store, EVENT, 1, drawn, {0: {"kind": "illness"}, 1: {"kind": "illness"}})
    assert told(store) == {("manual", "b"): "race"}
