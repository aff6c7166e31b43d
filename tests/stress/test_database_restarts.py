"""PostgreSQL is killed and restarted while three programs write: what was acknowledged is there, and whole."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from kill_rig import FAULTS
from postgres_rig import PostgresRig, new_server

from connectors.frames import EVENT, SHOE
from connectors.store import open_store

pytestmark = [pytest.mark.stress, pytest.mark.postgres, pytest.mark.timeout(3600)]
ROOT = Path(__file__).resolve().parents[2]
DURABLE = ("full_page_writes=on", "max_connections=60")
WRITER = """
import sys, time
from pathlib import Path
import polars as pl
from connectors.errors import StoreError
from connectors.frames import EVENT, SHOE
from connectors.store import open_store

home, source, stop = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])

def rows(number):
    events = pl.DataFrame({"source_id": [f"{number}/{one}" for one in range(20)]}).with_columns(
        athlete_id=pl.lit(1), source=pl.lit(source), fetched_utc=pl.datetime(2026, 1, 1, time_zone="UTC"),
        date=pl.date(2026, 1, 1), kind=pl.lit("other"))
    pair = events.head(1).select("athlete_id", "source", "fetched_utc", source_id=pl.lit(str(number)),
        shoe_id=pl.lit(f"{source}{number}"), name=pl.lit("pair"))
    return [(EVENT, events), (SHOE, pair)]

with open_store(home) as store:
    print("ready", flush=True)
    number = 0
    while not stop.exists():
        try:
            written = store.write_many(rows(number))
        except StoreError as error:  # unreachable, or another writer had it for too long
            unclear = "not known whether" in str(error)
            print("unclear" if unclear else "refused", number, flush=True)
            time.sleep(0.1)
            continue  # the same rows again, as a person who reads the sentence would
        print("new" if written[0].new else "again", number, flush=True)
        number += 1
"""


def writer(home: Path, source: str, stop: Path) -> subprocess.Popen[bytes]:
    given = [sys.executable, "-c", WRITER, str(home), source, str(stop)]
    told = home.with_name(f"{source}.txt").open("w")
    with told:
        return subprocess.Popen(given, stdout=told, env={**os.environ, "PYTHONPATH": str(ROOT)})


def harm(server: PostgresRig, chance: random.Random) -> str:
    how = chance.choice(("killed", "crashed", "restarted"))
    if how == "killed":
        server.kill()
    else:
        server.stop("immediate" if how == "crashed" else "fast")
    time.sleep(chance.uniform(0.0, 1.5))
    server.start()
    return how


def test_nothing_acknowledged_is_lost_and_nothing_is_there_by_half(tmp_path, monkeypatch):
    server = new_server(DURABLE)
    home, stop = tmp_path / "home", tmp_path / "stop"
    chance = random.Random(19)
    try:
        monkeypatch.setenv("HEELWISE_DATABASE", server.url(server.fresh()))
        with open_store(home) as store:
            store.runner(create=True)
        sources = ("manual", "file", "strava_export")
        running = [writer(home, source, stop) for source in sources]
        until = time.monotonic() + 120
        while not all("new 0" in _lines(home, one) for one in sources):
            assert time.monotonic() < until, "the writers did not begin"
            time.sleep(0.1)
        done = []
        for _ in range(max(5, FAULTS // 4)):
            time.sleep(chance.uniform(0.5, 2.0))
            done.append(harm(server, chance))
        time.sleep(2.0)
        stop.touch()
        assert [one.wait(60) for one in running] == [0, 0, 0]
        told = {one: [line.split() for line in _lines(home, one)] for one in sources}
        with open_store(home) as store:
            events, pairs = store.read(EVENT, 1), store.read(SHOE, 1)
            for source in sources:
                acknowledged = {number for word, number in told[source] if word in ("new", "again")}
                there = events.filter(source=source)["source_id"].str.split("/").list.first()
                assert acknowledged, f"{source} wrote nothing"
                assert set(there) == acknowledged == set(pairs.filter(source=source)["source_id"])
                assert there.len() == 20 * len(acknowledged)
            assert store.verify() == []
            # A write that was refused was not there when it was tried again; only one that is unclear may have been.
            for lines in told.values():
                again = {number for word, number in lines if word == "again"}
                assert again <= {number for word, number in lines if word == "unclear"}
            assert store.version(1, EVENT) == sum(
                len(set(events.filter(source=s)["source_id"])) // 20 for s in sources
            )
        print({word: done.count(word) for word in sorted(set(done))})
        counts = [word for lines in told.values() for word, _ in lines]
        print({word: counts.count(word) for word in sorted(set(counts))})
    finally:
        stop.touch()
        server.remove()


def _lines(home: Path, source: str) -> list[str]:
    return [line for line in home.with_name(f"{source}.txt").read_text().splitlines() if line != "ready"]
