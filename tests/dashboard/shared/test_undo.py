"""One act puts rows in place of others, all of it or nothing, and its undo gives back what was there."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.errors import ContractError
from connectors.frames import EVENT
from connectors.store import Store, open_store
from dashboard.shared.undo import replace_rows, undo_change

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
    undo_change(empty, 1, change)
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
