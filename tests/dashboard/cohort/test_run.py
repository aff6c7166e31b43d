"""The whole command on a folder with broken files: what comes out, and that nothing of the inputs does."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import stat
import time

import polars as pl
import pytest
from cohort_exports import BROKEN, MARKS, TABLES, files, run, start, table, texts, write_athlete, write_diary

WHOLE = 11


def private_names(cohort) -> dict[str, str]:
    text = (cohort.key.parent / "private" / f"{cohort.folder.name}.csv").read_text(encoding="utf-8-sig")
    return {row["name"]: row["athlete"] for row in csv.DictReader(io.StringIO(text))}


def manifest(folder) -> dict:
    values = json.loads((folder / "manifest.json").read_text())
    assert set(values.pop("times")) == {"started_utc", "finished_utc", "seconds"}
    return values


def test_every_input_is_an_athlete_or_a_refusal(cohort):
    assert cohort.status == 0, cohort.err
    athletes, refusals = table(cohort.folder, "athletes"), table(cohort.folder, "refusals")
    assert (athletes.height, refusals.height) == (WHOLE, len(BROKEN))
    names = private_names(cohort)
    assert {*athletes["athlete"], *refusals["athlete"]} == set(names.values())
    reasons = dict(zip(refusals["athlete"], refusals["reason"], strict=True))
    assert {name: reasons[names[name]] for name in BROKEN} == BROKEN
    assert f"{WHOLE} athletes analysed, {len(BROKEN)} refused." in cohort.out


def test_inputs_of_one_account_are_refused_together_and_name_each_other(cohort):
    names, refusals = private_names(cohort), table(cohort.folder, "refusals")
    for pair in (("export_77700001.zip", "export_77700001 again.zip"), ("twin a.fit", "twin b.fit")):
        hashes = sorted(names[one] for one in pair)
        assert refusals.filter(pl.col("athlete").is_in(hashes))["same_as"].to_list() == [hashes[0]] * 2
    alone = refusals.filter(~pl.col("reason").is_in(["same_account", "same_file"]))
    assert alone["same_as"].null_count() == alone.height


def test_no_word_of_an_input_comes_out(cohort):
    written = "\n".join(texts(cohort.folder)) + cohort.out + cohort.err
    words = [*MARKS, *(name for name in BROKEN), "Pegasus", "export_777", "9000001", "my left heel"]
    assert not [word for word in words if word.casefold() in written.casefold()]


def test_the_key_and_who_is_who_lie_apart_for_their_owner_alone(cohort):
    for path in (cohort.key, cohort.key.parent / "private" / "tables.csv"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert cohort.key.read_text().strip() not in "\n".join(texts(cohort.folder))
    assert {stat.S_IMODE(one.stat().st_mode) for one in cohort.folder.rglob("*.parquet")} == {0o600}


def test_the_tables_hold_what_their_names_say(cohort):
    runs, days = table(cohort.folder, "runs"), table(cohort.folder, "days")
    assert not {"name", "title", "start_utc", "source_id", "shoe_id", "activity_id"} & set(runs.columns)
    one = runs.filter(pl.col("athlete") == runs["athlete"][0])
    assert one["run_number"].to_list() == list(range(1, one.height + 1))
    assert table(cohort.folder, "athletes")["runs"].sum() == runs.height
    dense = days.group_by("athlete").agg(
        pl.len(), span=(pl.col("local_date").max() - pl.col("local_date").min()).dt.total_days() + 1
    )
    assert (dense["len"] == dense["span"]).all()
    assert table(cohort.folder, "windows").height >= 8, "the build-up of the last third is a window"
    assert table(cohort.folder, "step_ups").filter(pl.col("channel") == "volume").height >= 8
    assert table(cohort.folder, "spikes").height > 0


def test_one_process_writes_the_same_bytes(cohort, tmp_path):
    status, _, err = run(
        "run", cohort.source, "--out", tmp_path / "one", "--key-file", cohort.key, "--workers", 1
    )
    assert status == 0, err
    assert files(tmp_path / "one") == files(cohort.folder)
    assert manifest(tmp_path / "one") == manifest(cohort.folder)


def test_a_run_that_was_killed_goes_on_to_the_same_bytes(cohort, tmp_path):
    folder = tmp_path / "cut"
    wanted = ("run", cohort.source, "--out", folder, "--key-file", cohort.key, "--workers", 2)
    process = start(*wanted)
    while process.poll() is None and len(list(folder.glob("unfinished/*/*.json"))) < 6:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    done = len(list(folder.glob("unfinished/*/*.json")))
    assert 6 <= done < WHOLE + len(BROKEN), "cut in the middle"
    assert not (folder / "manifest.json").exists()
    assert not [mark for mark in MARKS if mark in "\n".join(texts(folder))]
    status, _, err = run(*wanted)
    assert status == 1
    assert "--resume" in err
    status, out, err = run(*wanted, "--resume")
    assert status == 0, err
    assert "done before" in out
    assert files(folder) == files(cohort.folder)
    assert manifest(folder) == manifest(cohort.folder)
    status, out, _ = run(*wanted, "--resume")
    assert status == 0
    assert "nothing was computed" in out


def test_a_file_that_came_to_harm_meanwhile_is_made_anew(cohort, tmp_path):
    source, folder, key = tmp_path / "in", tmp_path / "out", tmp_path / "k" / "key"
    source.mkdir()
    for number in range(2):
        write_athlete(source / f"{number}.zip", number, runs=20)
    assert run("run", source, "--out", tmp_path / "whole", "--key-file", key)[0] == 0
    process = start("run", source, "--out", folder, "--key-file", key, "--workers", 1)
    while process.poll() is None and not list(folder.glob("unfinished/*/*.json")):
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert not (folder / "manifest.json").exists(), "cut before its end"
    one = next(folder.glob("days/*/part-0.parquet"))
    one.write_bytes(one.read_bytes()[:-3])
    assert run("run", source, "--out", folder, "--key-file", key, "--resume")[0] == 0
    assert files(folder) == files(tmp_path / "whole")


def test_participants_have_files_diary_and_facts(tmp_path):
    source, key = tmp_path / "in", tmp_path / "k" / "key"
    source.mkdir()
    write_athlete(source / "a.zip", 1)
    write_diary(source / "a diary.csv")
    for number, name in enumerate("bcd", start=2):
        write_athlete(source / f"{name}.zip", number)
    rows = f"athlete,files,sex,birth_year\n{MARKS[3]},a.zip; a diary.csv,Female,1990\nP2,b.zip,,\nP3,gone.zip,,\n"
    rows += "P4,c.zip;d.zip,,\n"
    (source / "participants.csv").write_text(rows, encoding="utf-8")
    status, out, err = run("run", source, "--out", tmp_path / "out", "--key-file", key)
    assert status == 0, err
    athletes = table(tmp_path / "out", "athletes").sort("days_logged")
    assert athletes["sex"].to_list() == [None, "female"]
    assert athletes["age_years"].to_list() == [None, 34.0]
    assert athletes["days_logged"].to_list() == [0, 140]
    flares = table(tmp_path / "out", "flares")
    assert flares["athlete"].unique().to_list() == [athletes["athlete"][1]]
    assert flares.height == 2
    assert set(table(tmp_path / "out", "refusals")["reason"]) == {"file_missing", "two_accounts"}
    assert not [mark for mark in MARKS if mark in "\n".join(texts(tmp_path / "out")) + out + err]


def test_shifted_dates_keep_weekdays_and_distances_between_them(tmp_path, in_process):
    source, key = tmp_path / "in", tmp_path / "k" / "key"
    source.mkdir()
    write_athlete(source / "a.zip", 1)
    assert in_process("run", source, "--out", tmp_path / "true", "--key-file", key)[0] == 0
    assert in_process("run", source, "--out", tmp_path / "moved", "--key-file", key, "--shift-dates")[0] == 0
    for name in TABLES:
        true, moved = table(tmp_path / "true", name), table(tmp_path / "moved", name)
        dates = pl.selectors.date()
        assert true.select(~dates).equals(moved.select(~dates))
        for column in true.select(dates).columns:
            weeks = ((true[column] - moved[column]).dt.total_days() / 7).drop_nulls().unique().to_list()
            assert len(weeks) <= 1
            assert all(one == int(one) and 1 <= one <= 52 for one in weeks)
    again = in_process("run", source, "--out", tmp_path / "again", "--key-file", key, "--shift-dates")
    assert again[0] == 0
    assert files(tmp_path / "again") == files(tmp_path / "moved")


def test_another_key_gives_other_names_and_is_refused_for_a_run_that_was_begun(cohort, tmp_path, in_process):
    source = tmp_path / "in"
    source.mkdir()
    write_athlete(source / "a.zip", 1, runs=20)
    first, other = tmp_path / "k" / "1", tmp_path / "k" / "2"
    assert in_process("run", source, "--out", tmp_path / "out", "--key-file", first)[0] == 0
    assert in_process("run", source, "--out", tmp_path / "other", "--key-file", other)[0] == 0
    names = [table(tmp_path / one, "athletes")["athlete"][0] for one in ("out", "other")]
    assert names[0] != names[1]
    inputs = [next(iter(manifest(tmp_path / one)["athletes"].values()))["inputs"] for one in ("out", "other")]
    assert inputs[0] != inputs[1], "digests are keyed"
    status, _, err = in_process("run", source, "--out", tmp_path / "out", "--key-file", other, "--resume")
    assert status == 1
    assert "another key" in err


@pytest.mark.parametrize("place", ["tables", "source"])
def test_a_key_is_never_made_where_it_would_be_handed_on(tmp_path, place, in_process):
    (tmp_path / "source").mkdir()
    write_athlete(tmp_path / "source" / "a.zip", 1, runs=5)
    key = tmp_path / place / "cohort.key"
    status, _, err = in_process("run", tmp_path / "source", "--out", tmp_path / "tables", "--key-file", key)
    assert status == 1
    assert "key file" in err
    assert not key.exists()
    assert not (tmp_path / "tables").exists()


def test_what_says_who_is_who_is_never_written_into_the_tables(tmp_path, in_process):
    (tmp_path / "source").mkdir()
    write_athlete(tmp_path / "source" / "a.zip", 1, runs=5)
    status, _, err = in_process(
        "run", tmp_path / "source", "--out", tmp_path / "private", "--key-file", tmp_path / "key"
    )
    assert status == 1
    assert "`private/` beside it" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source"]


def test_tables_that_are_given_as_exports_are_refused(cohort, tmp_path, in_process):
    status, _, err = in_process("run", cohort.folder, "--out", tmp_path / "out")
    assert status == 1
    assert "SRC holds the tables of a cohort" in err
    assert not list(tmp_path.iterdir())


def test_what_all_refused_leaves_can_be_checked_and_described(tmp_path, in_process):
    """Two rows of one file, a loop, one that leads out of SRC, two empty folders: each refused for its own reason."""
    source, key = tmp_path / "in", tmp_path / "k" / "key"
    source.mkdir()
    (source / "a.zip").write_bytes(b"PK, almost")
    (source / "loop.zip").symlink_to(source / "loop.zip")
    for name in ("nothing", "nothing too"):
        (source / name).mkdir()
        (source / name / "itself").symlink_to(source / name)
    rows = "P,a.zip\nQ,a.zip\nR,loop.zip\nS,../../etc/hostname\nT,nothing\nU,nothing too\n"
    (source / "participants.csv").write_text(f"athlete,files\n{rows}")
    status, _, err = in_process("run", source, "--out", tmp_path / "out", "--key-file", key)
    assert (status, err) == (1, "No athlete could be analysed; the reasons stand in the table refusals.\n")
    text = (key.parent / "private" / "out.csv").read_text(encoding="utf-8-sig")
    names = {row["name"]: row["athlete"] for row in csv.DictReader(io.StringIO(text))}
    refusals = table(tmp_path / "out", "refusals")
    reasons = dict(refusals.select("athlete", "reason").iter_rows())
    assert {name: reasons[athlete] for name, athlete in names.items()} == {
        **dict.fromkeys("PQ", "same_file"),
        **dict.fromkeys("RS", "file_missing"),
        **dict.fromkeys("TU", "empty"),
    }
    assert in_process("check", tmp_path / "out")[0] == 0
    status, out, err = in_process("describe", tmp_path / "out", "--format", "json")
    assert (status, json.loads(out)["athletes"], json.loads(out)["linkage"]["p"]) == (0, 0, None)
    status, out, err = in_process("describe", tmp_path / "out")
    assert (status, err) == (0, "")
    assert "0 analysed, 6 refused" in out


def test_a_folder_that_is_no_cohort_is_left_alone(tmp_path, in_process):
    (tmp_path / "source").mkdir()
    write_athlete(tmp_path / "source" / "a.zip", 1, runs=5)
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "thesis.txt").write_text("years of work")
    for resume in ((), ("--resume",)):
        status, _, err = in_process("run", tmp_path / "source", "--out", tmp_path / "tables", *resume)
        assert status == 1
        assert "is not a cohort" in err
    assert [path.name for path in (tmp_path / "tables").iterdir()] == ["thesis.txt"]


def test_pipes_dead_links_and_names_of_any_bytes_are_rows_too(tmp_path, in_process):
    source, key = tmp_path / "in", tmp_path / "k" / "key"
    source.mkdir()
    write_athlete(source / "a.zip", 1, runs=5)
    os.mkfifo(source / "pipe.fit")
    (source / "dead.zip").symlink_to(tmp_path / "gone.zip")
    (source / "line\nbreak.zip").write_bytes(b"x")
    (source / os.fsdecode(b"bytes\xff.zip")).write_bytes(b"y")
    status, _, err = in_process("run", source, "--out", tmp_path / "out", "--key-file", key)
    assert status == 0, err
    reasons = sorted(table(tmp_path / "out", "refusals")["reason"])
    assert reasons == ["damaged", "damaged", "file_unreadable", "not_an_export"]
    assert table(tmp_path / "out", "athletes").height == 1
    names = (key.parent / "private" / "out.csv").read_text(encoding="utf-8-sig")
    assert "bytes\\xff.zip" in names


def test_two_runs_into_one_folder_do_not_meet(cohort, tmp_path):
    folder = tmp_path / "tables"
    wanted = ("run", cohort.source, "--out", folder, "--key-file", cohort.key, "--workers", 1)
    first = start(*wanted)
    while first.poll() is None and not list(folder.glob("unfinished/*/*.json")):
        time.sleep(0.02)
    status, _, err = run(*wanted, "--resume")
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    assert status == 1
    assert err.startswith("Another run writes to DEST.")


def test_a_folder_that_a_kill_left_without_a_word_is_begun_anew(tmp_path, in_process):
    (tmp_path / "in").mkdir()
    write_athlete(tmp_path / "in" / "a.zip", 1, runs=5)
    (tmp_path / "out" / "unfinished").mkdir(parents=True)
    status, _, err = in_process("run", tmp_path / "in", "--out", tmp_path / "out")
    assert status == 0, err


def test_a_database_of_a_clinic_is_not_touched(tmp_path):
    """Athletes are analysed in stores of their own, whatever the machine is set up for."""
    (tmp_path / "source").mkdir()
    write_athlete(tmp_path / "source" / "a.zip", 1, runs=5)
    status, out, err = run(
        "run",
        tmp_path / "source",
        "--out",
        tmp_path / "t",
        HEELWISE_DATABASE="postgresql://nobody@127.0.0.1:1/none",
    )
    assert status == 0, err
    assert "1 athlete analysed" in out
    assert (tmp_path / "t-key" / "cohort.key").is_file()
