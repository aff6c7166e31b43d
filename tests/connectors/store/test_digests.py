"""What a disk changes by itself is noticed; what Heelwise writes never is, by whatever road."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from backed_up_runner import fill, provenance, rows
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from postgres_rig import use_fresh_database
from store_sql import change_rows

from connectors.backup import backup, restore
from connectors.edits import Edit
from connectors.errors import RecordDoubtful
from connectors.frames import ACTIVITY, STRENGTH, SYMPTOM
from connectors.store import Store, open_store
from connectors.store.digests import DIGESTED, UnverifiedRows, sums

DAYS = [date(2026, 1, 30), date(2026, 1, 31), date(2026, 2, 1)]


def rot(home: Path, statement: str) -> None:
    """Change rows as a disk would, past everything that Heelwise does."""
    assert change_rows(home, statement)


def symptom(athlete_id: int, day: date, pain: float) -> pl.DataFrame:
    entry = {**provenance(athlete_id, "manual", f"{day}"), "date": day, "morning_pain_0_10": pain}
    return rows(SYMPTOM, entry)


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["write", "delete", "touch", "edit", "undo", "match", "set", "restore"]),
        st.integers(0, 2),
        st.sampled_from([0.0, -0.0, 0.1, 7.0]),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=OPERATIONS)
def test_whatever_is_written_verifies(tmp_path_factory, steps):
    home = tmp_path_factory.mktemp("home")
    use_fresh_database()
    with open_store(home) as store:
        me = fill(store, "Robin")
        backup(store, home.parent / f"{home.name}.zip")
        ids = sorted(store.read(ACTIVITY, me)["activity_id"])
        batch = store.edit(me, [Edit("activity", ids[0], "distance_m", 5.0)])
        for step, at, pain in steps:
            if step == "write":
                store.write(SYMPTOM, symptom(me, DAYS[at], pain))
            elif step == "delete":
                store.delete(SYMPTOM, me, "manual", [f"{DAYS[at]}"])
            elif step == "touch":
                store.touch(SYMPTOM, me, "manual", [f"{DAYS[at]}"], datetime(2026, 3, 1 + at, tzinfo=UTC))
            elif step == "edit":
                batch = store.edit(me, [Edit("activity", ids[0], "distance_m", 1.0 + pain)])
            elif step == "undo":
                store.undo_edits(me, batch, is_undone=bool(at))
            elif step == "match":
                store.decide_matches(me, [(*ids, bool(at), "person")])
            elif step == "set":
                store.set_settings(me, {"distance_unit": ("km", "mi", None)[at]})
            else:
                restore(store, home.parent / f"{home.name}.zip")
        assert store.verify() == []
        assert store.read(SYMPTOM, me)["source_id"].len() >= 1


@pytest.mark.parametrize(
    ("statement", "table", "period"),
    [
        ("UPDATE activity SET distance_m = distance_m + 1 WHERE source = 'file'", "activity", "2026-05"),
        ("UPDATE symptom SET note = 'another word'", "symptom", "2026-05"),
        ("DELETE FROM symptom", "symptom", "2026-05"),
        ("UPDATE setting SET value = 'km' WHERE name = 'distance_unit'", "setting", ""),
        ("UPDATE match SET is_same = 0", "match", ""),
        ("UPDATE edit SET value = 'nylon' WHERE field = 'plate'", "edit", ""),
    ],
)
def test_what_a_disk_changes_is_named_by_runner_table_and_month(tmp_path, statement, table, period):
    with open_store(tmp_path) as store:
        me, other = fill(store, "Robin"), fill(store, "Kim")
        assert store.verify() == []
    rot(tmp_path, f"{statement} {'AND' if 'WHERE' in statement else 'WHERE'} athlete_id = {me}")
    with open_store(tmp_path) as store:
        assert store.verify() == [UnverifiedRows(me, table, period)] == store.unverified(me)
        assert store.unverified(other) == []


@pytest.fixture
def doubted(tmp_path: Path) -> Store:
    """A store with a backup beside it, in which a distance has rotted."""
    with open_store(tmp_path / "home") as store:
        me = fill(store, "Robin")
        backup(store, tmp_path / "b.zip")
        store.write(SYMPTOM, symptom(me, DAYS[0], 2.0))
    rot(tmp_path / "home", "UPDATE activity SET distance_m = 99 WHERE source = 'file'")
    with open_store(tmp_path / "home") as store:
        store.verify()
        yield store


def test_a_doubted_table_is_read_only_for_its_runner_and_logging_goes_on(doubted):
    run = doubted.read(ACTIVITY, 1)
    with pytest.raises(RecordDoubtful, match="Restore a backup"):
        doubted.write(ACTIVITY, run.with_columns(name=pl.lit("new title")))
    with pytest.raises(RecordDoubtful):
        doubted.delete(ACTIVITY, 1, "file", ["r1"])
    assert doubted.read(ACTIVITY, 1).equals(run)
    assert doubted.write(SYMPTOM, symptom(1, DAYS[1], 1.0)).new == 1
    assert fill(doubted, "Kim") == 2


def test_a_restore_ends_the_doubt_and_keeps_what_came_later(doubted, tmp_path):
    restore(doubted, tmp_path / "b.zip")
    assert doubted.unverified(1) == doubted.verify() == []
    assert doubted.read(ACTIVITY, 1)["distance_m"].to_list() == [10_000.1, 10_000.1]
    assert str(DAYS[0]) in doubted.read(SYMPTOM, 1)["source_id"].to_list()
    assert doubted.delete(ACTIVITY, 1, "file", ["r1"]) == 1
    assert doubted.verify() == []


def test_a_row_the_backup_does_not_know_stays_in_doubt_until_it_is_taken_as_it_is(doubted, tmp_path):
    rot(tmp_path / "home", "UPDATE activity SET source_id = 'r9' WHERE source = 'file'")
    doubted.verify()
    restore(doubted, tmp_path / "b.zip")
    assert doubted.unverified(1) == [UnverifiedRows(1, "activity", "2026-05")]
    doubted.accept_as_it_is(1)
    assert doubted.unverified(1) == doubted.verify() == []


def test_a_disk_that_reads_well_again_ends_the_doubt(doubted, tmp_path):
    rot(tmp_path / "home", "UPDATE activity SET distance_m = 10000.1 WHERE source = 'file'")
    assert doubted.verify() == []
    assert doubted.unverified(1) == []


def test_a_store_from_before_digests_is_taken_as_it_is_and_held_to_it(tmp_path):
    with open_store(tmp_path) as store:
        fill(store, "Robin")
    rot(tmp_path, "DELETE FROM table_digest")
    with open_store(tmp_path) as store:
        assert store.verify() == []
        store.write(STRENGTH, STRENGTH.empty())
    rot(tmp_path, "UPDATE symptom SET note = 'x'")
    with open_store(tmp_path) as store:
        assert [one.table for one in store.verify()] == ["symptom"]


@pytest.mark.sqlite_only("opens no store")
@given(
    values=st.lists(
        st.tuples(st.integers(0, 2**62), st.none() | st.text(), st.floats(allow_nan=False) | st.none()),
        unique=True,
    ),
    data=st.data(),
)
def test_the_sum_is_of_the_rows_whatever_their_order(values, data):
    names = ["a", "b", "c"]
    mixed = data.draw(st.permutations(values))
    assert sums(names, values) == sums(names, mixed)
    if values:
        assert sums(names, values) != sums(names, values[1:])


@pytest.mark.sqlite_only("opens no store")
def test_a_column_added_later_changes_no_digest():
    assert sums(["a"], [(1,)]) == sums(["a", "later"], [(1, None)])


@pytest.mark.sqlite_only("opens no store")
def test_every_table_of_a_runner_that_a_report_reads_is_digested():
    assert {"activity", "symptom", "plan", "setting", "match", "edit"} <= DIGESTED.keys()
