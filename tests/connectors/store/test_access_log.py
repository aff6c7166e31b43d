"""The access log: a chain that nobody can bend unseen, whoever writes to it at once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from backed_up_runner import provenance, rows
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from connectors.errors import RunnerNotShown
from connectors.frames import SYMPTOM
from connectors.store import open_store
from connectors.store.access_log import COALESCED
from connectors.store.paths import DATABASE_NAME
from connectors.store.tables import PERSON_TABLE, RUNNER_ALIAS_TABLE

ROOT = Path(__file__).resolve().parents[3]
AT = datetime(2026, 11, 29, 10, tzinfo=UTC)


def symptom(athlete_id: int, day: int = 1) -> pl.DataFrame:
    one = {
        **provenance(athlete_id, "manual", f"s{day}"),
        "date": date(2026, 5, day),
        "note": "a word of the runner",
    }
    return rows(SYMPTOM, one)


def changed(store) -> list[tuple[str, int | None, str, str | None]]:
    return [(one.actor, one.athlete_id, one.action, one.subject) for one in store.access_log.entries()]


def bend(store, *statements: str) -> list[str]:
    """Change the log past Heelwise, as somebody with the database could, and check it."""
    with store._database.writing() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    return store.access_log.problems()


@pytest.fixture
def filled(store, runner):
    """A log of twelve entries about two runners."""
    other = store.add_runner("Kim").athlete_id
    for number in range(12):
        whose = runner.athlete_id if number % 2 else other
        store.access_log.note(
            None, f"person:{number % 3}", "saw", whose, "timeline", AT + timedelta(hours=number)
        )
    return store


def test_an_empty_log_and_a_full_one_are_as_they_were_written(store, filled):
    assert filled.access_log.problems() == []
    newest = filled.access_log.of_runner(1, 4)
    assert [one.entry_id for one in newest] == [12, 10, 8, 6]
    assert [one.entry_id for one in filled.access_log.of_runner(1, 4, before=6)] == [4, 2]
    some = filled.access_log.entries(AT + timedelta(hours=2), AT + timedelta(hours=5))
    assert [one.at.hour for one in some] == [12, 13, 14]
    assert [one.entry_id for one in filled.access_log.entries(athlete_id=2)] == [1, 3, 5, 7, 9, 11]
    assert filled.access_log.of_runner(99, 4) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE access_log SET actor = 'person:9' WHERE entry_id = 5",
        "UPDATE access_log SET at_utc = at_utc + 1 WHERE entry_id = 12",
        "UPDATE access_log SET alias = NULL WHERE entry_id = 1",
        "UPDATE access_log SET subject = 'plan' WHERE entry_id = 12",
        "UPDATE access_log SET digest = previous_digest WHERE entry_id = 7",
        "DELETE FROM access_log WHERE entry_id = 1",
        "DELETE FROM access_log WHERE entry_id = 6",
        "DELETE FROM access_log WHERE entry_id = 12",
        "DELETE FROM access_log",
        "DELETE FROM access_log_head",
        "UPDATE access_log SET entry_id = 99 WHERE entry_id = 3",
        "INSERT INTO access_log SELECT 99, at_utc, alias, actor, action, subject, previous_digest, digest "
        "FROM access_log WHERE entry_id = 12",
    ],
)
def test_whatever_is_changed_put_in_or_taken_out_shows(filled, statement):
    assert bend(filled, statement) != []
    findings = {one.id for one in filled.check() if one.is_serious}
    assert "access_log" in findings


def test_forgetting_takes_the_name_and_leaves_the_entries(filled):
    alias = filled.access_log.of_runner(1, 1)[0].alias
    assert alias is not None
    filled.delete_runner(1)
    entries = list(filled.access_log.entries())
    assert len(entries) == 12
    assert [one.athlete_id for one in entries].count(None) == 6
    assert {one.alias for one in entries if one.athlete_id is None} == {alias}
    assert filled.access_log.problems() == []
    with filled._database.reading() as connection:
        assert alias not in connection.scalars(select(RUNNER_ALIAS_TABLE.c.alias)).all()


def test_an_alias_says_nothing_of_the_runner(store):
    ids = [store.add_runner(name).athlete_id for name in ("Robin", "Kim", "Alex")]
    for one in ids:
        store.access_log.note(None, "person:1", "saw", one, "today")
    aliases = [one.alias for one in store.access_log.entries()]
    assert len({*aliases}) == 3
    assert all(len(alias) == 16 for alias in aliases)


WRITE = """
import sys
from pathlib import Path
from connectors.store import open_store
with open_store(Path(sys.argv[1])) as store:
    for turn in range(15):
        store.access_log.note(None, f"person:{sys.argv[2]}", "saw", 1, f"page{turn}")
"""


def test_processes_and_threads_that_write_at_once_never_fork_the_chain(store, runner):
    def write(number: int) -> None:
        with open_store(store.home) as opened:
            for turn in range(15):
                opened.access_log.note(None, f"person:{number}", "saw", 1, f"page{turn}")

    processes = [
        subprocess.Popen([sys.executable, "-c", WRITE, str(store.home), str(number)], cwd=ROOT)
        for number in range(3)
    ]
    threads = [threading.Thread(target=write, args=(number,)) for number in range(3, 6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [one.wait() for one in processes] == [0, 0, 0]
    entries = list(store.access_log.entries())
    assert len(entries) == 6 * 15
    assert store.access_log.problems() == []
    assert len({one.alias for one in entries}) == 1


def test_a_page_is_noted_once_in_a_quarter_of_an_hour_by_all_processes(store, runner):
    with open_store(store.home) as other:
        for opened in (store, other, store, other):
            opened.access_log.note_once("person:1", "saw", 1, "timeline")
        other.access_log.note_once("person:1", "saw", 1, "today")
        other.access_log.note_once("person:2", "saw", 1, "today")
    assert [(one.actor, one.subject) for one in store.access_log.entries()] == [
        ("person:1", "timeline"),
        ("person:1", "today"),
        ("person:2", "today"),
    ]
    assert timedelta(minutes=15) == COALESCED


def test_an_entry_from_before_a_quarter_of_an_hour_is_followed_by_another(store, runner):
    store.access_log.note(None, "person:1", "saw", 1, "timeline", datetime.now(UTC) - COALESCED)
    store.access_log.note_once("person:1", "saw", 1, "timeline")
    assert len(list(store.access_log.entries())) == 2


def test_what_somebody_changes_is_noted_in_the_same_transaction_without_content(store, runner):
    theirs = store.noting("person:7").only_for(lambda: runner.athlete_id)
    theirs.write(SYMPTOM, symptom(runner.athlete_id))
    theirs.write_many([(SYMPTOM, symptom(runner.athlete_id, 2)), (SYMPTOM, symptom(runner.athlete_id, 3))])
    theirs.set_settings(runner.athlete_id, {"distance_unit": "km"})
    theirs.set_settings(runner.athlete_id, {"distance_unit": "mi"})
    theirs.set_bookmarks(runner.athlete_id, {"visit": "x"})
    assert changed(store) == [
        ("person:7", 1, "changed", "symptom"),
        ("person:7", 1, "changed", "symptom"),
        ("person:7", 1, "changed", "setting"),
    ]
    assert store.access_log.problems() == []
    assert store.read(SYMPTOM, 1).height == 3
    with store._database.reading() as connection:
        assert "a word" not in str(connection.exec_driver_sql("SELECT * FROM access_log").all())


def test_without_a_runner_of_the_page_the_rows_say_whose_they_are(store, runner):
    other = store.add_runner("Kim").athlete_id
    theirs = store.noting("person:7")
    theirs.write(SYMPTOM, symptom(other))
    theirs.delete(SYMPTOM, other, "manual", ["s1"])
    assert changed(store) == [("person:7", other, "changed", "symptom")] * 2


@pytest.mark.sqlite_only
def test_what_fails_is_not_noted_and_what_is_not_noted_does_not_happen(store, runner):
    theirs = store.noting("person:7").only_for(lambda: runner.athlete_id)
    with pytest.raises(RunnerNotShown):
        theirs.write(SYMPTOM, symptom(store.add_runner("Kim").athlete_id))
    assert changed(store) == []
    with closing(sqlite3.connect(store.home / DATABASE_NAME)) as raw:
        raw.execute(
            "CREATE TRIGGER no_log BEFORE INSERT ON access_log BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    with pytest.raises(Exception, match=r".+"):
        theirs.write(SYMPTOM, symptom(runner.athlete_id))
    assert store.read(SYMPTOM, 1).is_empty()


def test_the_owner_and_the_plain_store_note_nothing(store, runner):
    store.write(SYMPTOM, symptom(runner.athlete_id))
    store.only_for(lambda: runner.athlete_id).write(SYMPTOM, symptom(runner.athlete_id, 2))
    assert changed(store) == []


def test_a_person_is_called_as_the_provider_calls_them(store, runner):
    with store._database.writing() as connection:
        person = {"issuer": "i", "subject": "s", "display_name": "Alex Example", "added_utc": 1}
        connection.execute(insert(PERSON_TABLE).values(**person))
    store.access_log.note(None, "person:1", "saw", 1, "today")
    store.access_log.note(None, "device:1", "saw", 1, "today")
    assert [one.actor_name for one in store.access_log.of_runner(1, 9)] == [None, "Alex Example"]


WORDS = st.text(max_size=8)


@pytest.mark.sqlite_only
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    st.lists(
        st.tuples(st.text(max_size=8), st.text(max_size=8), st.none() | st.text(max_size=8)),
        min_size=1,
        max_size=6,
    )
)
def test_any_words_make_a_chain_and_any_changed_word_breaks_it(tmp_path_factory, entries):
    with open_store(tmp_path_factory.mktemp("log") / "home") as store:
        for actor, action, subject in entries:
            store.access_log.note(None, actor, action, None, subject)
        assert store.access_log.problems() == []
        assert bend(store, "UPDATE access_log SET actor = actor || 'x' WHERE entry_id = 1") != []


@pytest.mark.sqlite_only
def test_reading_many_entries_holds_some_at_a_time(tmp_path):
    code = (
        "import sys, tracemalloc; from pathlib import Path; from connectors.store import open_store\n"
        "from connectors.store.access_log import add_entry\n"
        "store = open_store(Path(sys.argv[1]))\n"
        "with store._database.writing() as c:\n"
        "    for n in range(int(sys.argv[2])): add_entry(c, 'person:1', 'saw', None, 'today')\n"
        "from dashboard.commands.audit import write_csv, write_json; import io\n"
        "class Sink:\n    def write(self, content): return len(content)\n"
        "write_csv(store.access_log.entries(), Sink()); tracemalloc.start()\n"
        "write_csv(store.access_log.entries(), Sink()); write_json(store.access_log.entries(), Sink())\n"
        "assert store.access_log.problems() == []\n"
        "print(tracemalloc.get_traced_memory()[1])\n"
    )
    peaks = [
        int(
            subprocess.run(
                [sys.executable, "-c", code, str(tmp_path / str(number)), str(number)],
                capture_output=True,
                text=True,
                cwd=ROOT,
                check=True,
            ).stdout
        )
        for number in (2_000, 8_000)
    ]
    assert peaks[1] < peaks[0] * 1.5 + 200_000, peaks


def test_whose_a_transaction_is_goes_through_whatever_stands_before_the_database(store, runner):
    theirs = store.noting("person:7").only_for(lambda: runner.athlete_id).for_person(7)
    theirs.write(SYMPTOM, symptom(runner.athlete_id))
    assert changed(store) == [("person:7", 1, "changed", "symptom")]
    with theirs._database.writing() as connection:
        assert theirs._database.settings == {"heelwise.person": "7"}
        if connection.dialect.name == "postgresql":
            query = "SELECT current_setting('heelwise.person', true)"
            assert connection.exec_driver_sql(query).scalar() == "7"
