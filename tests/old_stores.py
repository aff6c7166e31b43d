"""A store and a backup of every migration number, as the Heelwise of that time left them; `python tests/old_stores.py`
adds those of newer numbers once they are released, and never changes one that is there."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import polars as pl
from sqlalchemy import create_engine

from connectors.backup.format import FORMAT, MANIFEST, README, TEXT
from connectors.frames import STORED
from connectors.source import stable_id
from connectors.store.migrations import STEPS

FOLDER = Path(__file__).with_name("old_stores")
FIRST_RELEASE = Path(__file__).parent / "connectors" / "store" / "schema_1.sql"
DAY = 20_454  # 1 January 2026
RUNS = 5
TOTALS = {"runs": RUNS, "distance_m": 50_000.0, "symptoms": 2, "sets": 1, "events": 1}


def facts() -> list[tuple[str, tuple]]:
    """The rows of a made-up runner in the columns of the first release."""
    when = DAY * 86_400_000_000
    rows: list[tuple[str, tuple]] = [
        ("INSERT INTO runner (athlete_id, name, is_demo) VALUES (?, ?, ?)", (1, "Placeholder", 0))
    ]
    activity = (
        "INSERT INTO activity (activity_id, athlete_id, source, source_id, fetched_utc, start_utc, local_date, sport, "
        "distance_m, moving_s, elapsed_s, ascent_m, descent_m) VALUES (?, 1, 'file', ?, ?, ?, ?, 'Run', 10000.0, "
        "3000.0, 3100.0, 40.0, 40.0)"
    )
    for at in range(RUNS):
        start = when + at * 86_400_000_000
        rows.append((activity, (stable_id(1, "file", f"r{at}"), f"r{at}", when, start, DAY + at)))
    symptom = (
        "INSERT INTO symptom (athlete_id, source, source_id, fetched_utc, date, side, morning_pain_0_10) "
        "VALUES (1, 'manual', ?, ?, ?, 'left', 2.0)"
    )
    rows += [(symptom, (f"s{at}", when, DAY + at)) for at in range(2)]
    strength = (
        "INSERT INTO strength (athlete_id, source, source_id, fetched_utc, date, exercise, set_number, repetitions) "
        "VALUES (1, 'manual', 'w', ?, ?, 'calf raise', 1, 15)"
    )
    event = (
        "INSERT INTO event (athlete_id, source, source_id, fetched_utc, date, kind) "
        "VALUES (1, 'manual', 'e', ?, ?, 'race')"
    )
    return [*rows, (strength, (when, DAY)), (event, (when, DAY))]


def build(path: Path, number: int) -> None:
    """Build the store of one migration number: the first release with its rows, taken forward step by step."""
    with closing(sqlite3.connect(path)) as raw:
        raw.executescript(FIRST_RELEASE.read_text())
        for statement, values in facts():
            raw.execute(statement, values)
        raw.commit()
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        for at, step in enumerate(STEPS[1:number], start=2):
            step(connection)
            connection.exec_driver_sql("INSERT INTO migration VALUES (?, ?, 0)", (at, step.__name__))
    engine.dispose()


def backup_of(path: Path, target: Path) -> None:
    """Write the backup of such a store, in the tables and columns that it has."""
    members = {README: TEXT.encode()}
    with closing(sqlite3.connect(path)) as raw:
        there = {row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for contract in STORED:
            if contract.name in there:
                members[f"1/tables/{contract.name}.parquet"] = _table(
                    raw, contract.name, dict(contract.schema)
                )
    members["1/words.json"] = json.dumps({"settings": {}, "bookmarks": {}}).encode()
    runner = {"folder": "1", "athlete_id": 1, "name": "Placeholder", "is_demo": False}
    manifest = {
        "heelwise_backup": FORMAT,
        "made_by": "an earlier version",
        "made_utc": "2026-01-01T00:00:00+00:00",
        "runners": [runner],
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in members.items()},
    }
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in {**members, MANIFEST: json.dumps(manifest).encode()}.items():
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


def _table(raw: sqlite3.Connection, name: str, schema: dict) -> bytes:
    rows = raw.execute(f"SELECT * FROM {name}")
    there = [column[0] for column in rows.description]
    # A column that no frame has is the store's own and leaves with no backup.
    names = [one for one in there if one in schema]
    by_name = dict(zip(there, list(zip(*rows.fetchall(), strict=True)) or [()] * len(there), strict=True))
    columns = [by_name[one] for one in names]
    plain = {
        name: pl.Series(
            values, dtype=pl.String if schema[name] == pl.String else None if values else pl.Int64
        )
        for name, values in zip(names, columns, strict=True)
    }
    out = io.BytesIO()
    pl.DataFrame(plain).cast({name: schema[name] for name in names}).write_parquet(out)
    return out.getvalue()


def main() -> None:
    """Add what is missing."""
    FOLDER.mkdir(exist_ok=True)
    for number, step in enumerate(STEPS, start=1):
        store = FOLDER / f"{number:02}_{step.__name__}.sql"
        others = [path.name for path in FOLDER.glob(f"{number:02}_*.sql") if path != store]
        if others:
            sys.exit(
                f"Step {number} is {step.__name__}, but {others[0]} is there: a released step was moved."
            )
        if store.exists():
            continue
        path = FOLDER / "building.db"
        build(path, number)
        with closing(sqlite3.connect(path)) as raw:
            store.write_text("\n".join(raw.iterdump()) + "\n")
        backup_of(path, store.with_suffix(".zip"))
        path.unlink()
        sys.stdout.write(f"{store.name}\n")


if __name__ == "__main__":
    main()
