"""From an older store to this one."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import Connection

from connectors.frames import EVENT, SHOE, SHOE_FACT, SYMPTOM
from connectors.store import open_store
from connectors.store.database import Database
from connectors.store.migrations import STEPS, bring_up_to_date, first_tables
from connectors.store.sqlite_file import SqliteFile

pytestmark = pytest.mark.sqlite_only("stores of numbers that PostgreSQL never had")

FIRST_RELEASE = Path(__file__).with_name("schema_1.sql")


def schema(path: Path) -> dict[str, list[tuple]]:
    raw = sqlite3.connect(path)
    names = [r[0] for r in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    found = {
        name: sorted(row[1:] for row in raw.execute("SELECT * FROM pragma_table_info(?)", (name,)))
        for name in names
    }
    raw.close()
    return found


def applied(path: Path) -> list[int]:
    raw = sqlite3.connect(path)
    found = [row[0] for row in raw.execute("SELECT number FROM migration ORDER BY number")]
    raw.close()
    return found


def symptom_entry() -> pl.DataFrame:
    return pl.DataFrame({"source_id": ["a"], "pain_during_0_10": [4.0]}).with_columns(
        athlete_id=pl.lit(1),
        source=pl.lit("manual"),
        fetched_utc=pl.datetime(2026, 1, 1, time_zone="UTC"),
        date=pl.date(2026, 1, 1),
    )


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A store from before morning pain was asked for and shoes had facts."""
    with open_store(tmp_path) as store:
        store.runner(create=True)
        store.write(SYMPTOM, symptom_entry())
    raw = sqlite3.connect(tmp_path / "heelwise.db")
    raw.execute("ALTER TABLE symptom DROP COLUMN morning_pain_0_10")
    raw.execute("DROP TABLE shoe_fact")
    raw.execute("DELETE FROM migration WHERE number > 1")
    raw.commit()
    raw.close()
    return tmp_path / "heelwise.db"


def ask_for_morning_pain(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE symptom ADD COLUMN morning_pain_0_10 REAL")


def let_shoes_have_facts(connection: Connection) -> None:
    connection.exec_driver_sql(
        """CREATE TABLE shoe_fact (
            shoe_id TEXT NOT NULL,
            athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE,
            source TEXT NOT NULL, source_id TEXT NOT NULL, fetched_utc INTEGER NOT NULL,
            kind TEXT, drop_mm REAL, is_plated INTEGER,
            PRIMARY KEY (athlete_id, source, source_id)) STRICT"""
    )


def fails(connection: Connection) -> None:
    connection.exec_driver_sql("DELETE FROM symptom")
    raise RuntimeError("the power went")


def test_an_older_store_becomes_a_new_one_and_keeps_its_rows(old: Path, tmp_path_factory):
    steps = (first_tables, ask_for_morning_pain, let_shoes_have_facts)
    database = Database(old.parent, SqliteFile(old))
    assert bring_up_to_date(database, steps) == 2
    assert bring_up_to_date(database, steps) == 0
    database.close()

    fresh = tmp_path_factory.mktemp("fresh")
    open_store(fresh).close()
    assert schema(old) == schema(fresh / "heelwise.db")
    assert applied(old) == [1, 2, 3]

    raw = sqlite3.connect(old)
    # Its tables are those of today, so today's steps are all behind it.
    for number in range(4, len(STEPS) + 1):
        raw.execute("INSERT INTO migration VALUES (?, 'taken', 0)", (number,))
    raw.commit()
    raw.close()
    with open_store(old.parent) as store:
        [row] = store.read(SYMPTOM, 1).to_dicts()
        assert (row["pain_during_0_10"], row["morning_pain_0_10"]) == (4.0, None)
        assert store.write(SYMPTOM, symptom_entry().with_columns(morning_pain_0_10=2.0)).updated == 1
        assert store.read(SHOE_FACT, 1).is_empty()


def test_a_step_that_fails_takes_all_steps_back(old: Path):
    before = schema(old)
    database = Database(old.parent, SqliteFile(old))
    with pytest.raises(RuntimeError):
        bring_up_to_date(database, (first_tables, ask_for_morning_pain, fails))
    database.close()
    assert schema(old) == before
    assert applied(old) == [1]
    raw = sqlite3.connect(old)
    assert raw.execute("SELECT count(*) FROM symptom").fetchone() == (1,)
    raw.close()


def test_a_new_store_counts_every_step_as_taken(tmp_path: Path):
    open_store(tmp_path).close()
    assert applied(tmp_path / "heelwise.db") == list(range(1, len(STEPS) + 1))


def test_a_store_of_the_first_release_still_opens(tmp_path: Path):
    """Fails when a contract gained or lost a column and no step says how: write one, leave the SQL as it is."""
    path = tmp_path / "old" / "heelwise.db"
    path.parent.mkdir()
    raw = sqlite3.connect(path)
    raw.executescript(FIRST_RELEASE.read_text())
    raw.close()
    with open_store(path.parent) as store:
        store.runner(create=True)
        assert store.read(EVENT, 1).is_empty()
    open_store(tmp_path / "fresh").close()
    assert schema(path) == schema(tmp_path / "fresh" / "heelwise.db")


def test_what_was_said_of_a_pair_becomes_an_edit(tmp_path: Path):
    path = tmp_path / "heelwise.db"
    raw = sqlite3.connect(path)
    raw.executescript(FIRST_RELEASE.read_text())
    raw.execute("INSERT INTO runner (athlete_id, name, is_demo) VALUES (1, 'Runner', 0)")
    key = "INSERT INTO shoe_fact (athlete_id, source, source_id, fetched_utc, shoe_id, kind, drop_mm, is_plated) "
    raw.execute(key + "VALUES (1, 'manual', 's1', 5, 's1', 'racing', 7.5, 1)")
    raw.execute(key + "VALUES (1, 'demo', 's2', 5, 's2', 'trail', 6.0, 0)")
    raw.commit()
    raw.close()
    shoes = {"athlete_id": 1, "source": "file", "source_id": "s1", "shoe_id": "s1", "name": "Pacer"}
    with open_store(tmp_path) as store:
        store.write(
            SHOE, pl.DataFrame([shoes]).with_columns(fetched_utc=pl.datetime(2026, 1, 1, time_zone="UTC"))
        )
        [pair] = store.shoes(1).to_dicts()
        assert (pair["kind"], pair["drop_mm"], pair["plate"], pair["is_plated"]) == (
            "racing",
            7.5,
            "other",
            True,
        )
        assert store.undo_edits(1, "said-s1") == 3
        assert store.read(SHOE_FACT, 1)["source"].to_list() == ["demo"]
