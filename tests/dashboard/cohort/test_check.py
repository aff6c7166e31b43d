from __future__ import annotations

import json
import shutil

import polars as pl
import pytest

from dashboard.cohort.check import broken_rules, check_cohort
from dashboard.cohort.columns import REFUSALS, RUNS
from dashboard.cohort.output import manifest_bytes, write_tables


@pytest.fixture
def folder(cohort, tmp_path):
    shutil.copytree(cohort.folder, tmp_path / "tables")
    return tmp_path / "tables"


def test_a_cohort_as_it_was_written_is_all_right(cohort, in_process):
    status, out, err = in_process("check", cohort.folder)
    assert (status, err) == (0, "")
    assert "22 athletes, 176 files" in out


def test_a_changed_byte_a_missing_file_and_a_foreign_one_are_named(folder, in_process):
    path, other = sorted(folder.glob("days/*/part-0.parquet"))[:2]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    (folder / "runs" / other.parent.name / other.name).unlink()
    (folder / "days" / "list of names.csv").write_text("x")
    status, out, err = in_process("check", folder)
    assert status == 1
    assert "not as it was written" in out
    assert "no file of runs" in out
    assert "1 file lies in it" in out
    assert "list of names" not in out + err


@pytest.mark.parametrize("change", ["a number", "a space", "an athlete"])
def test_a_manifest_that_was_changed_is_named(folder, change):
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    if change == "an athlete":
        del manifest["athletes"][min(manifest["athletes"])]
    manifest["settings"]["lag_days"] += change == "a number"
    path.write_text(json.dumps(manifest, indent=1, sort_keys=True) + ("\n" if change != "a space" else " \n"))
    assert "The manifest is not as it was written." in check_cohort(folder).problems


def test_a_link_is_no_file_of_a_cohort_though_what_it_leads_to_is(folder, tmp_path):
    path = min(folder.glob("days/*/part-0.parquet"))
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    (folder / "more").symlink_to(tmp_path)
    assert check_cohort(folder).problems == ["2 files lie in it that are not of the cohort."]


def test_a_column_or_a_word_more_is_found_though_the_digest_fits(folder):
    """Whoever adds a column and writes the digest anew is found by the contract."""
    manifest = json.loads((folder / "manifest.json").read_text())
    rows = pl.read_parquet(folder / "athletes" / "**/*.parquet", hive_partitioning=False)
    athlete = rows["athlete"][0]
    tables = {
        path.name: pl.read_parquet(path / f"athlete={athlete}" / "part-0.parquet", hive_partitioning=False)
        for path in folder.iterdir()
        if path.is_dir()
    }
    tables["runs"] = tables["runs"].with_columns(name=pl.lit("Lotte"))
    manifest["athletes"][athlete]["sha256"] = write_tables(folder, athlete, tables)
    (folder / "manifest.json").write_bytes(manifest_bytes(manifest))
    findings = check_cohort(folder)
    assert findings.problems == [f"{athlete}: runs, its columns are not those of the contract."]


def test_rules_of_single_values(cohort):
    runs = pl.read_parquet(cohort.folder / "runs" / "**/*.parquet", hive_partitioning=False)
    one = runs.filter(pl.col("athlete") == runs["athlete"][0])
    assert broken_rules(one, RUNS, one["athlete"][0]) == []
    assert broken_rules(one.with_columns(flags=pl.lit("no_shoe my_street")), RUNS, one["athlete"][0]) == [
        "flags holds a word that is not in its set"
    ]
    assert broken_rules(one.with_columns(sport=pl.lit("my street")), RUNS, one["athlete"][0]) != []
    assert broken_rules(one, RUNS, "0" * 32) == ["a row is of another athlete"]
    refusals = pl.read_parquet(cohort.folder / "refusals" / "**/*.parquet", hive_partitioning=False)
    named = refusals.head(1).with_columns(same_as=pl.lit("Lotte"))
    assert broken_rules(named, REFUSALS, named["athlete"][0]) == ["same_as holds something that is no hash"]


def test_what_is_no_cohort_is_refused_with_a_sentence(tmp_path, in_process):
    for command in ("check", "describe"):
        status, out, err = in_process(command, tmp_path)
        assert (status, out) == (1, "")
        assert err.startswith("There is no finished cohort in this folder.")
