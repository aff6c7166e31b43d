"""What is remembered of the database: read once while nothing changes, and never older than the last change."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from store_builders import activity_row

from connectors.frames import ACTIVITY
from connectors.store import Store, open_store
from connectors.store.read_memory import REMEMBERED, ReadMemory, settled

ELSEWHERE = """
import sys
from pathlib import Path
from connectors.store import open_store
with open_store(Path(sys.argv[1])) as store:
    store.set_settings(int(sys.argv[2]), {"units": sys.argv[3]})
"""


def reads_of(store):
    """The transactions that SQLAlchemy begins from now on."""
    begun = []
    event.listen(store._database.backend.engine, "begin", begun.append)
    return begun


def test_what_nobody_changed_is_read_once(store, runner):
    begun = reads_of(store)

    def read() -> int:
        begun.clear()
        store.settings(runner.athlete_id)
        store.runners()
        store.activities(runner.athlete_id)
        store.shoes(runner.athlete_id)
        store.version(runner.athlete_id, ACTIVITY)
        return len(begun)

    assert read() == 5
    # On a busy machine a server's notice of the runner that was added may come only now, and is a change of its own.
    until = time.monotonic() + 20
    while read() and time.monotonic() < until:
        time.sleep(0.1)
    assert [read() for _ in range(4)] == [0, 0, 0, 0]


def test_a_change_by_another_process_is_seen_at_once(tmp_path, store, runner):
    for units in ("miles", "kilometres"):
        store.settings(runner.athlete_id)
        subprocess.run(
            [sys.executable, "-c", ELSEWHERE, str(store.home), str(runner.athlete_id), units], check=True
        )
        assert store.settings(runner.athlete_id)["units"] == units


@pytest.fixture
def two_doors(store) -> Iterator[tuple[Store, Store]]:
    with open_store(store.home) as other:
        yield store, other


# Both doors stay open from one list of acts to the next: what they remember of the last one may not show either.
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3)), max_size=25))
def test_two_doors_to_one_store_never_differ(two_doors, runner, acts):
    one, other = two_doors
    mine = runner.athlete_id
    one.set_settings(mine, {"units": None})
    known: dict[str, str] = {}
    for writes_first, value in acts:
        writer, reader = (one, other) if writes_first else (other, one)
        reader.settings(mine)
        writer.set_settings(mine, {"units": str(value) if value else None})
        known = {"units": str(value)} if value else {}
        for door in two_doors:
            assert {k: v for k, v in door.settings(mine).items() if k == "units"} == known


def test_who_changes_an_answer_changes_a_copy(store, runner):
    row = activity_row(runner.athlete_id, date(2026, 3, 1))
    store.write(ACTIVITY, pl.DataFrame([row], schema_overrides=ACTIVITY.schema))
    store.settings(runner.athlete_id)["units"] = "furlongs"
    store.runners().clear()
    store.activities(runner.athlete_id).drop_in_place("sport")
    store.read(ACTIVITY, runner.athlete_id).drop_in_place("sport")
    assert "units" not in store.settings(runner.athlete_id)
    assert store.runners()
    assert "sport" in store.activities(runner.athlete_id).columns
    assert "sport" in store.read(ACTIVITY, runner.athlete_id).columns


def test_a_store_without_a_source_does_not_answer_for_the_whole_one(store, runner):
    row = activity_row(runner.athlete_id, date(2026, 3, 1))
    store.write(ACTIVITY, pl.DataFrame([row], schema_overrides=ACTIVITY.schema))
    for _ in range(2):
        assert store.activities(runner.athlete_id).height == 1
        assert store.without("file").activities(runner.athlete_id).height == 0
        assert store.without("file").read(ACTIVITY, runner.athlete_id).height == 0


def test_threads_that_write_and_read_agree(store, runner):
    def act(number):
        store.set_settings(runner.athlete_id, {f"name{number}": str(number)})
        return store.settings(runner.athlete_id)[f"name{number}"] == str(number)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(act, range(40)))


class StillMark:
    """The mark of a database that nobody changes: a server's changes with every transaction of any of its databases."""

    def __init__(self, settled_s: float = 0.0) -> None:
        self.settled_s = settled_s
        self.asked = 0

    def current(self) -> int:
        self.asked += 1
        return 1

    def close(self) -> None: ...


def test_no_more_is_held_than_pages_need():
    memory, read = ReadMemory(StillMark()), []

    def ask(number):
        return memory.answer(number, lambda: read.append(number) or number)

    for number in range(REMEMBERED + 20):
        assert ask(number) == number
    read.clear()
    assert [ask(number) for number in range(20, REMEMBERED + 20)] == list(range(20, REMEMBERED + 20))
    assert read == [], "what was asked last is held"
    ask(19)
    assert read == [19], "what was asked longest ago is not"


def test_a_closed_store_leaves_no_log_beside_the_file(tmp_path):
    with open_store(tmp_path / "home") as store:
        store.settings(1)
    assert not [file.name for file in (tmp_path / "home").iterdir() if file.name.endswith(("-wal", "-shm"))]


def test_a_page_asks_for_changes_once_and_whoever_draws_none_each_time():
    mark = StillMark(settled_s=60.0)
    memory = ReadMemory(mark)
    memory.answer("units", lambda: 0)
    mark.asked = 0
    with settled():
        for _ in range(5):
            memory.answer("units", lambda: 0)
    assert mark.asked == 1
    for _ in range(5):
        memory.answer("units", lambda: 0)
    assert mark.asked == 6


def test_a_page_asks_again_after_its_time():
    mark = StillMark(settled_s=0.02)
    memory = ReadMemory(mark)
    memory.answer("units", lambda: 0)
    mark.asked = 0
    with settled():
        for _ in range(3):
            memory.answer("units", lambda: 0)
            time.sleep(0.03)
    assert mark.asked == 3


class MovedMark(StillMark):
    """A mark that a test moves."""

    value = 1

    def current(self) -> int:
        return self.value


def test_nothing_is_older_than_what_the_page_has_read_before_it():
    mark, state = MovedMark(settled_s=60.0), [1]
    memory = ReadMemory(mark)

    def ask(question):
        return memory.answer(question, lambda: state[0])

    with settled():
        assert ask("rows") == 1
        mark.value, state[0] = 2, 2
        assert ask("rows") == 1, "as the page began"
        assert ask("version") == 2
        assert ask("rows") == 2, "rows of before under the version of now"


def test_what_changed_while_it_was_read_is_not_remembered():
    mark = MovedMark(settled_s=60.0)
    memory = ReadMemory(mark)

    def change():
        mark.value += 1
        return "old"

    with settled():
        memory.answer("rows", change)
        assert memory.answer("rows", lambda: "new") == "new"


def test_after_a_read_past_the_memory_a_page_asks_anew(store, runner, monkeypatch):
    monkeypatch.setattr(type(store._database._memory._mark), "settled_s", 60.0)
    with settled():
        store.settings(runner.athlete_id)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(store.set_settings, runner.athlete_id, {"units": "miles"}).result()
        assert "units" not in store.settings(runner.athlete_id)
        with store._database.reading():
            pass
        assert store.settings(runner.athlete_id)["units"] == "miles"


def test_a_page_meets_what_it_has_written_itself(store, runner, monkeypatch):
    monkeypatch.setattr(type(store._database._memory._mark), "settled_s", 60.0)
    with settled():
        for number in range(3):
            store.set_settings(runner.athlete_id, {"units": str(number)})
            assert store.settings(runner.athlete_id)["units"] == str(number)
            job = store.jobs.start(runner.athlete_id, "import")
            assert store.jobs.latest(runner.athlete_id, "import").job_id == job


def test_another_page_meets_a_change_within_half_a_second(store, runner):
    with open_store(store.home) as other, settled():
        other.settings(runner.athlete_id)
        store.set_settings(runner.athlete_id, {"units": "miles"})
        # The same thread has written: the other handle asks anew as well.
        assert other.settings(runner.athlete_id)["units"] == "miles"
        with ThreadPoolExecutor(1) as pool:
            pool.submit(store.set_settings, runner.athlete_id, {"units": "kilometres"}).result()
        time.sleep(other._database._memory._mark.settled_s + 0.05)
        assert other.settings(runner.athlete_id)["units"] == "kilometres"
