"""Rows that a disk changed, as the runner meets them: pages, report, backup, doctor."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date, timedelta

import pytest
from page_runner import opened_for

from connectors.store import open_store
from connectors.store.digests import UnverifiedRows
from dashboard.shared.unverified import CHECKED_ON, check_rows, unverified_sentence

TODAY = date(2026, 6, 1)


@pytest.fixture
def rotten(home, store):
    """The filled store after a distance of January has changed by itself."""
    store.verify()
    store.close()
    with closing(sqlite3.connect(home / "heelwise.db")) as raw:
        raw.execute(
            "UPDATE activity SET distance_m = distance_m + 1000 WHERE local_date = 20454"
        )  # 1 Jan 2026
        raw.commit()
    with open_store(home) as again:
        yield again


def test_the_first_check_of_a_day_finds_it_and_the_second_is_not_made(rotten, athlete_id):
    assert check_rows(rotten, TODAY)
    assert rotten.machine_settings()[CHECKED_ON] == TODAY.isoformat()
    assert rotten.unverified(athlete_id) == [UnverifiedRows(athlete_id, "activity", "2026-01")]
    assert not check_rows(rotten, TODAY)
    assert check_rows(rotten, TODAY + timedelta(days=1))


def test_every_page_says_so_and_offers_a_backup_first(rotten, athlete_id):
    rotten.verify()
    app = opened_for(athlete_id)
    [warning] = [one.value for one in app.warning if "not as it was written" in one.value]
    assert "sessions of 2026-01" in warning
    app.button(key="accept_as_it_is").click().run()
    assert not [one for one in app.warning if "not as it was written" in one.value]
    assert rotten.verify() == []


def test_a_record_that_verifies_is_not_spoken_of(store, athlete_id):
    store.verify()
    app = opened_for(athlete_id)
    assert not [one for one in app.warning if "not as it was written" in one.value]


def test_report_and_backup_carry_the_doubt_and_a_restore_ends_it(run, home, store, tmp_path):
    assert run("backup", tmp_path / "good.zip")[2] == ""
    before = json.loads(run("report", "--format", "json")[1])
    store.close()
    with closing(sqlite3.connect(home / "heelwise.db")) as raw:
        raw.execute("UPDATE activity SET distance_m = distance_m + 1000 WHERE local_date = 20454")
        raw.commit()
    status, out, err = run("backup", tmp_path / "rotten.zip")
    assert (status, "sessions of 2026-01" in err) == (0, True)
    status, out, _ = run("doctor")
    assert (status, "sessions of 2026-01" in out) == (1, True)
    after = json.loads(run("report", "--format", "json")[1])
    assert (before["unverified"], after["unverified"]) == ([], [{"table": "activity", "month": "2026-01"}])
    assert "not as it was written (sessions of 2026-01)" in run("report", "--format", "text")[1]
    assert run("log", "--stiffness", "3")[0] == 0
    assert run("restore", tmp_path / "good.zip")[0] == 0
    assert run("doctor")[0] == 0
    assert json.loads(run("report", "--format", "json")[1])["totals"] == before["totals"]


def test_doctor_takes_rows_as_they_are_when_told_to(run, rotten):
    assert run("doctor")[0] == 1
    assert run("doctor", "--accept")[0] == 0
    assert run("doctor")[0] == 0


def test_many_months_are_counted():
    rows = [UnverifiedRows(1, "activity", f"2026-{month:02}") for month in range(1, 10)]
    assert "and 5 more" in unverified_sentence(rows)
    assert unverified_sentence([]) == ""
