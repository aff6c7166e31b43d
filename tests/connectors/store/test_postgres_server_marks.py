"""The mark of changes of a PostgreSQL server: another one after each change, and the same one after a note."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from postgres_rig import PostgresRig, new_server
from sqlalchemy import select, update

from connectors.store import Store, open_store
from connectors.store.read_memory import settled
from connectors.store.tables import ACCESS_LOG_HEAD_TABLE, RUNNER_TABLE

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.sqlite_only,
]  # a server of its own: others' transactions count too

ACTS = ("note", "change", "note undone", "change undone", "nothing")
HEARD_S = 2.0


class Undone(Exception):
    """Ends a transaction without keeping it."""


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresRig]:
    rig = new_server(("fsync=off", "full_page_writes=off", "autovacuum=off"))
    try:
        yield rig
    finally:
        rig.remove()


@pytest.fixture
def two_doors(server, tmp_path: Path, monkeypatch) -> Iterator[tuple[Store, Store]]:
    monkeypatch.setenv("HEELWISE_DATABASE", server.url(server.fresh()))
    with open_store(tmp_path / "home") as one, open_store(tmp_path / "home") as other:
        one.runner(create=True)
        yield one, other


def act(store: Store, what: str) -> None:
    if what == "nothing":
        return
    table = ACCESS_LOG_HEAD_TABLE if "note" in what else RUNNER_TABLE
    with suppress(Undone), store._database.writing(is_note="note" in what) as connection:
        connection.execute(update(table).values({table.c[0].name: table.c[0]}))
        connection.execute(select(table)).all()
        if "undone" in what:
            raise Undone


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.booleans(), st.sampled_from(ACTS)), min_size=1, max_size=12))
def test_no_change_leaves_the_mark_as_it_was(two_doors, acts):
    mark = two_doors[0]._database.backend.change_mark()
    try:
        before = {mark.current()}
        for is_other, what in acts:
            act(two_doors[is_other], what)
            now = mark.current()
            if what == "change":
                assert now not in before
            if what == "nothing":
                assert now in before
            before.add(now)
    finally:
        mark.close()


def test_notes_of_another_process_leave_the_mark_as_it_was(two_doors):
    one, other = two_doors
    mark = one._database.backend.change_mark()
    try:
        before = mark.current()
        kept = 0
        for _ in range(20):
            act(other, "note")
            time.sleep(0.02)  # a note that is heard of too late counts as a change
            kept += mark.current() == before
            before = mark.current()
        assert kept >= 15
        assert len(mark._notes) <= 1, "what is past is not kept"
        act(other, "note")
        act(other, "change")
        act(other, "note")
        time.sleep(0.02)
        assert mark.current() != before
    finally:
        mark.close()


def test_words_on_the_channel_of_notes_are_passed_over(server, two_doors):
    one, other = two_doors
    mark = one._database.backend.change_mark()
    try:
        before = mark.current()
        with other._database.backend.open_raw() as anybody:
            for said in ("", "none", "-1", "1.5"):
                anybody.execute("SELECT pg_notify('heelwise_note', %s)", [said])
        time.sleep(0.05)
        mark.current()
        act(other, "change")
        assert mark.current() != before
    finally:
        mark.close()


def test_a_line_of_the_access_log_makes_nobody_read_anew(two_doors):
    one, other = two_doors
    athlete_id = one.runners()[0].athlete_id
    one.settings(athlete_id)
    memory = one._database._memory
    kept = memory._seen
    for number in range(10):
        other.access_log.note_once("person:1", "saw", athlete_id, f"page {number}")
        time.sleep(0.02)
        one.settings(athlete_id)
    assert memory._seen == kept
    other.set_settings(athlete_id, {"units": "miles"})
    with settled():
        assert one.settings(athlete_id)["units"] == "miles"


def test_whoever_listens_is_not_woken_by_a_note(two_doors):
    one, other = two_doors
    listener = one._database.backend.listener()
    try:
        act(other, "note")
        assert not listener.wait(0.3)
        act(other, "change")
        assert listener.wait(HEARD_S)
    finally:
        listener.close()
