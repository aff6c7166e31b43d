"""`heelwise audit`, as somebody types it."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import pytest

from connectors.csv_text import BOM


@pytest.fixture
def log(store):
    """Entries of three days."""
    athlete_id = store.runners()[0].athlete_id
    for day in (1, 2, 3):
        at = datetime(2026, 11, day, 23, 59, tzinfo=UTC)
        store.access_log.note(None, f"person:{day}", "saw", athlete_id, "=cmd|' /C calc'!A0", at)
    return athlete_id


def test_csv_holds_numbers_and_no_formula(run, store, log, tmp_path):
    target = tmp_path / "log.csv"
    status, out, err = run("audit", "-o", target)
    assert (status, out) == (0, "")
    assert "3 entries" in err
    content = target.read_bytes()
    assert content.startswith(BOM)
    assert target.stat().st_mode & 0o777 == 0o600
    read = list(csv.DictReader(io.StringIO(content.removeprefix(BOM).decode())))
    assert [row["actor"] for row in read] == ["person:1", "person:2", "person:3"]
    assert {row["subject"] for row in read} == {"'=cmd|' /C calc'!A0"}
    assert {row["runner"] for row in read} == {str(log)}
    assert store.runners()[0].name not in content.decode()


def test_json_of_some_days(run, store, log, tmp_path):
    target = tmp_path / "log.json"
    assert (
        run("audit", "--format", "json", "--from", "2026-11-02", "--to", "2026-11-02", "-o", target)[0] == 0
    )
    [entry] = json.loads(target.read_bytes())["entries"]
    assert (entry["actor"], entry["at_utc"]) == ("person:2", "2026-11-02T23:59:00+00:00")
    assert run("audit", "--format", "json", "--from", "2027-01-01", "-o", target)[0] == 0
    assert json.loads(target.read_bytes()) == {"entries": []}
    assert run("audit", "--from", "2026-11-03", "--to", "2026-11-02")[0] == 2


def test_the_check_finds_what_was_changed(run, store, log):
    status, out, _ = run("audit", "--check")
    assert (status, "none is missing" in out) == (0, True)
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE access_log SET actor = 'person:9' WHERE entry_id = 2")
    status, out, err = run("audit", "--check")
    assert (status, out) == (1, "")
    assert "not as they were written (entry 2)" in err
