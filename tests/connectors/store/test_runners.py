"""Runners, their settings and their jobs."""

from __future__ import annotations

import polars as pl
import pytest
from store_sql import all_text

from connectors.errors import RunnerUnknown, StoreError
from connectors.frames import STORED, SYMPTOM
from connectors.store import Runner, Store, jobs
from connectors.store.tables import METADATA

ONE = "0123456789abcdef"


def entry(athlete_id: int, note: str) -> pl.DataFrame:
    return pl.DataFrame({"source_id": ["a"], "note": [note], "athlete_id": [athlete_id]}).with_columns(
        source=pl.lit("manual"),
        fetched_utc=pl.datetime(2026, 1, 1, time_zone="UTC"),
        date=pl.date(2026, 1, 1),
    )


def test_an_empty_store_has_nobody_and_says_what_to_do(store: Store):
    assert store.runners() == []
    with pytest.raises(RunnerUnknown, match="Import your data"):
        store.runner()


def test_the_first_real_runner_comes_before_the_demo(store: Store):
    demo = store.add_runner("Demo", is_demo=True)
    assert store.runner() == demo
    made = store.runner(create=True)
    assert made == Runner(2, "Runner", False)
    assert store.runner(create=True) == made
    assert store.runner() == made
    ann = store.add_runner("Ann")
    assert store.runners() == [made, ann, demo]


def test_a_runner_is_found_by_name_whatever_the_capitals(store: Store):
    zoe = store.add_runner("  Zoë ")
    assert zoe.name == "Zoë"
    assert store.runner("zoË") == zoe
    assert store.runner("zoë", create=True) == zoe
    with pytest.raises(RunnerUnknown, match=r"no runner called Bob.*There are: Zoë"):
        store.runner("Bob")
    assert store.runner("Bob", create=True).name == "Bob"


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\nb", "a\x00b"])
def test_names_that_cannot_be_used(store: Store, name: str):
    with pytest.raises(StoreError, match="Nothing was added"):
        store.add_runner(name)
    assert store.runners() == []


def test_a_name_is_taken_once(store: Store):
    store.add_runner("Ann")
    with pytest.raises(StoreError, match="already a runner called ANN"):
        store.add_runner("ANN")


def test_settings_are_set_changed_and_taken_away(store: Store):
    me = store.runner(create=True).athlete_id
    other = store.add_runner("Other").athlete_id
    store.set_settings(me, {"zone": "Europe/Amsterdam", "distance": "mi"})
    version = store.version(me)
    store.set_settings(me, {"distance": "mi", "never set": None})
    assert store.version(me) == version
    store.set_settings(me, {"distance": "km", "zone": None})
    assert store.settings(me) == {"distance": "km"}
    assert store.settings(other) == {}
    assert store.version(me) == version + 1


def test_a_deleted_runner_leaves_nothing(store: Store):
    me, other = store.add_runner("Ann").athlete_id, store.add_runner("Bob").athlete_id
    for runner in (me, other):
        store.write(SYMPTOM, entry(runner, f"secret-words-of-{runner}"))
        store.samples.write(runner, ONE, pl.DataFrame({"second": [0]}))
        store.set_settings(runner, {"zone": f"zone-of-{runner}"})
        store.decide_matches(runner, [("aa", "bb", True, "rule")])
        store.jobs.start(runner, "import")
    store.delete_runner(me)

    assert [runner.name for runner in store.runners()] == ["Bob"]
    assert all(store.read(contract, me).is_empty() for contract in STORED)
    assert (store.settings(me), store.version(me), store.matches(me).height) == ({}, 0, 0)
    assert store.jobs.latest(me, "import") is None
    assert not store.samples.of_runner(me).exists()
    home = store.home
    files = [path.read_bytes() for path in home.rglob("*") if path.is_file()]
    files.append(all_text().encode())
    assert not any(word in content for content in files for word in (b"secret-words-of-1", b"zone-of-1"))
    assert any(b"secret-words-of-2" in content for content in files)
    assert store.read(SYMPTOM, other).height == 1
    assert store.samples.exists(other, ONE)


def test_a_deleted_runners_number_is_never_given_again(store: Store):
    first = store.add_runner("Ann").athlete_id
    store.delete_runner(first)
    assert store.add_runner("Ann").athlete_id == first + 1
    store.delete_runner(99)


def test_no_table_knows_a_place():
    words = {
        word
        for table in METADATA.tables.values()
        for column in table.columns
        for word in column.name.split("_")
    }
    assert not words & {"lat", "lon", "lng", "latitude", "longitude", "position", "place", "polyline", "map"}


def test_every_fact_knows_whose_it_is_and_where_it_came_from():
    for contract in STORED:
        table = METADATA.tables[contract.name]
        assert [column.name for column in table.primary_key] == ["athlete_id", "source", "source_id"]
        assert not table.c.fetched_utc.nullable


def test_a_job_tells_how_far_it_is(store: Store, monkeypatch):
    me = store.runner(create=True).athlete_id
    assert store.jobs.latest(me, "import") is None
    job = store.jobs.start(me, "import")
    store.jobs.step(job, 3, 10, "reading")
    seen = store.jobs.latest(me, "import")
    assert seen is not None
    assert (seen.done, seen.total, seen.message, seen.is_running) == (3, 10, "reading", True)
    monkeypatch.setattr(jobs, "QUIET_S", 0.0)
    assert not seen.is_running
    monkeypatch.undo()
    store.jobs.finish(job, result='{"activities": 2}')
    ended = store.jobs.latest(me, "import")
    assert ended is not None
    assert (ended.result, ended.error, ended.is_running) == ('{"activities": 2}', None, False)
    assert ended.finished_s is not None
    assert ended.started_s <= ended.seen_s
    assert store.jobs.latest(me, "sync") is None


def test_the_latest_job_counts_and_old_ones_go(store: Store):
    me = store.runner(create=True).athlete_id
    last = [store.jobs.start(me, "import") for _ in range(30)][-1]
    other = store.jobs.start(me, "sync")
    store.jobs.finish(last, error="It was stopped.")
    latest = store.jobs.latest(me, "import")
    assert latest is not None
    assert (latest.job_id, latest.error) == (last, "It was stopped.")
    with store._database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM job").scalar() == 21
    assert other == last + 1
    with pytest.raises(RunnerUnknown):
        store.jobs.start(99, "import")
