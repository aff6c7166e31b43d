"""Dates of the command line, and a backup of a hostile hand at it."""

from __future__ import annotations

import json
import time
from datetime import date

import polars as pl
import pytest
from backup_forger import forge, with_settings, with_table


@pytest.mark.parametrize("day", ["9999-12-31", "1969-12-31", "0001-01-01"])
def test_a_morning_that_cannot_have_been_is_refused(run, store, day):
    before = store.version(1)
    status, out, err = run("log", "--date", day, "--stiffness", "3")
    assert (status, out) == (2, "")
    assert "1970-01-01" in err
    assert store.version(1) == before


def test_a_hostile_backup_is_refused_row_by_row_and_the_report_still_made(run, store, tmp_path):
    assert run("backup", tmp_path / "b.zip")[0] == 0
    elsewhere = ("--home", tmp_path / "elsewhere")

    def change(members):
        for name, column in (("symptom", "date"), ("activity", "local_date")):
            with_table(
                members,
                f"1/tables/{name}.parquet",
                lambda rows, column=column: pl.concat(
                    [
                        rows,
                        rows.head(1).with_columns(
                            pl.lit(date(9999, 12, 31)).alias(column),
                            source_id=pl.lit("far"),
                            **({"activity_id": pl.lit("ffff")} if column == "local_date" else {}),
                        ),
                    ]
                ),
            )
        with_settings(members, "1/words.json", tau_days="1e9", cadence_experiment_target_pct="900")

    forge(tmp_path / "b.zip", tmp_path / "bad.zip", change)
    status, out, err = run("restore", tmp_path / "bad.zip", *elsewhere)
    assert (status, err) == (0, "")
    assert out.count("Refused, the rest was brought in: ") == 4
    for name in (
        "symptom far of 9999-12-31: date",
        "activity far of 9999-12-31: local_date",
        "setting: The setting",
    ):
        assert name in out
    began = time.monotonic()
    assert json.loads(run("report", "--format", "json", *elsewhere)[1]) == json.loads(
        run("report", "--format", "json")[1]
    )
    assert time.monotonic() - began < 30
