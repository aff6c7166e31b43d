"""`import`, `imports`, `watch` and `restore` on the command line: what each prints to the letter, and its status."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from export_writer import Session, Shoe, write_export
from fit_writer import fit_run

from connectors.frames import ACTIVITY
from connectors.store import open_store
from dashboard import cli
from dashboard.commands import watch

START = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)
MOMENT = r"\d{1,2} \w{3} \d{4} \d\d:\d\d"


def sessions(first_id: int, count: int, start: datetime = START, **more) -> list[Session]:
    return [Session(first_id + n, start + timedelta(days=n), **more) for n in range(count)]


@pytest.fixture
def export(tmp_path):
    shoes = [Shoe("Ghost 15")]
    return write_export(tmp_path / "export_11111.zip", sessions(1, 5, gear_name="Ghost 15"), shoes=shoes)


def test_what_import_prints_to_the_letter(run, export, tmp_path):
    (tmp_path / "diary.csv").write_text(
        "date,side,morning_pain,mood\n2026-03-06,left,3,fine\n2026-03-07,left,77,\n"
    )
    status, out, err = run("import", export, tmp_path / "diary.csv", tmp_path / "away.fit")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[:6] == [
        "Import 1 for Runner, 1 to 6 Mar 2026.",
        "5 sessions: 5 new.",
        "1 symptom entry: 1 new.",
        "1 pair of shoes seen.",
        "2 items left out.",
        lines[5],
    ]
    assert lines[-1] == "To take all of it back: heelwise imports --take-back 1"
    left_out = [line for line in lines if line.startswith("Left out: ")]
    assert [line.split(": ")[1] for line in left_out] == ["diary.csv, row 3", "away.fit"]


def test_import_again_says_that_nothing_changed(run, export):
    run("import", export)
    assert run("import", export)[1].splitlines() == [
        "Import 2 for Runner, 1 to 5 Mar 2026.",
        "5 sessions: 5 unchanged.",
        "1 pair of shoes seen.",
        "To take all of it back: heelwise imports --take-back 2",
    ]


def test_import_says_what_was_merged_and_doubted(run, tmp_path):
    same = {"distance_m": 3_600.0, "moving_s": 1_200.0, "elapsed_s": 1_200.0, "file_name": "activities/1.fit"}
    absurd = Session(9, START + timedelta(days=9), distance_m=10_000.0, moving_s=600.0, elapsed_s=600.0)
    run("import", write_export(tmp_path / "e.zip", [*sessions(1, 1, **same), absurd]))
    (tmp_path / "watch.fit").write_bytes(fit_run(start=START, seconds=1_200, speed_mps=3.0))
    status, out, _ = run("import", tmp_path / "watch.fit")
    assert status == 0
    assert "1 session is one run with another record, and counts once." in out.splitlines()
    done = json.loads(run("import", "--json", tmp_path / "watch.fit")[1])
    assert (done["merged"], done["from"], done["to"], done["runner"]) == (
        1,
        "2026-03-01",
        "2026-03-01",
        "Runner",
    )
    again = write_export(
        tmp_path / "f.zip", [absurd, *sessions(1, 1, **same), *sessions(20, 1, START + timedelta(days=20))]
    )
    assert json.loads(run("import", "--json", again)[1])["doubted"] == [], "not changed by this import"


def test_a_doubt_about_what_came_in_is_told(run, tmp_path):
    absurd = Session(9, START, distance_m=10_000.0, moving_s=600.0, elapsed_s=600.0)
    path = write_export(tmp_path / "e.zip", [absurd])
    done = json.loads(run("import", "--json", path)[1])
    assert [one["path"] for one in done["doubted"]] == ["1 Mar 2026, Morning Run"]
    run("imports", "--take-back", 1)
    lines = run("import", "--again", path)[1].splitlines()
    assert "1 doubt to look at on the Runs page." in lines
    assert any(line.startswith("Doubted: 1 Mar 2026, Morning Run: Its mean pace is ") for line in lines)


def test_imports_lists_and_takes_back(run, export, home, tmp_path):
    assert run("imports")[0] == 1, "there is nobody yet"
    run("import", export)
    (tmp_path / "diary.csv").write_text("date,side,morning_pain\n2026-03-06,left,3\n")
    run("import", tmp_path / "diary.csv")
    status, out, err = run("imports")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "Runner:"
    assert re.fullmatch(rf"2: {MOMENT}; diary\.csv; 1 symptom entry, 6 Mar 2026", lines[1])
    assert re.fullmatch(
        rf"1: {MOMENT}; export_11111\.zip; 5 sessions and 1 pair of shoes, 1 to 5 Mar 2026", lines[2]
    )
    status, out, err = run("imports", "--take-back", "1")
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "Import 1 of Runner is taken back.",
        "Removed: 5 sessions and 1 pair of shoes.",
        "What was said of them by hand is kept and counts again when they return.",
        "To bring the same files in once more: heelwise import --again PATH",
    ]
    assert open_store(home).read(ACTIVITY, 1).is_empty()
    assert re.search(rf"taken back {MOMENT}$", run("imports")[1].splitlines()[2])


def test_taking_back_what_cannot_be_is_status_1_with_one_line(run, export):
    run("import", export)
    run("imports", "--take-back", "1")
    for number, said in ((1, "was taken back before"), (7, "There is no import 7")):
        status, out, err = run("imports", "--take-back", number)
        assert (status, out, len(err.splitlines())) == (1, "", 1)
        assert said in err
    assert run("imports", "--take-back", "x")[0] == 2


def test_an_import_of_somebody_else_is_not_taken_back_for_the_named_one(run, export, home):
    run("import", export)
    with open_store(home) as store:
        store.add_runner("Ana")
    status, _, err = run("imports", "--take-back", "1", "--athlete", "Ana")
    assert status == 1
    assert "Import 1 is of Runner, not of Ana. Nothing was changed." in err
    assert run("imports", "--athlete", "Ana")[1] == "Nothing was imported yet.\n"


def test_what_was_taken_back_is_read_with_again(run, export):
    run("import", export)
    run("imports", "--take-back", "1")
    status, _, err = run("import", export)
    today = date.today().isoformat()
    assert status == 1
    assert err.strip() == (
        f"Nothing came in: It was taken back with import 1 on {today}, so it was left out; --again reads it once more."
    )
    assert json.loads(run("import", "--json", "--again", export)[1])["activities"]["new"] == 5


def test_another_account_is_held_in_json_and_in_words(run, export, tmp_path, home):
    run("import", export)
    other = write_export(tmp_path / "export_22222.zip", sessions(500, 3, START + timedelta(days=90)))
    status, out, err = run("import", "--json", other)
    done = json.loads(out)
    assert status == 1
    assert done["held"]["account"] == "22222"
    assert done["activities"] == {"new": 0, "updated": 0, "unchanged": 0}
    assert done["import_id"] is None
    assert len(err.splitlines()) == 1
    status, out, err = run("import", other)
    assert (status, out) == (1, "")
    assert err.strip() == (
        "This export belongs to Strava account 22222, and the record of Runner holds account 11111. Nothing was "
        "brought in. If these are the same person's, run the command again with --same-runner; if not, name the other "
        "runner with --athlete."
    )
    assert open_store(home).read(ACTIVITY, 1).height == 5
    assert run("import", "--same-runner", other)[0] == 0


def test_json_carries_the_number_of_the_import(run, export):
    done = json.loads(run("import", "--json", export)[1])
    assert (done["import_id"], done["runner"], done["from"], done["to"]) == (
        1,
        "Runner",
        "2026-03-01",
        "2026-03-05",
    )
    assert "held" not in done


def test_a_backup_is_offered_for_restoring(run, export, tmp_path, home):
    run("import", export)
    run("backup", tmp_path / "b.zip")
    status, out, err = run("import", tmp_path / "b.zip", "--home", tmp_path / "new")
    assert (status, out) == (1, "")
    assert err.strip() == (
        f"This is a Heelwise backup: restore it with `heelwise restore {tmp_path / 'b.zip'}`. Nothing was changed."
    )
    assert not (tmp_path / "new").exists()
    done = json.loads(run("import", "--json", tmp_path / "b.zip")[1])
    assert [one["path"] for one in done["skipped"]] == ["b.zip"]
    status, out, _ = run("import", tmp_path / "b.zip", export)
    assert status == 0
    assert "Left out: b.zip: This is a Heelwise backup: restore it (heelwise restore b.zip)." in out


def test_restore_names_what_is_damaged(run, export, tmp_path):
    import zipfile

    run("import", export)
    run("backup", tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as old, zipfile.ZipFile(tmp_path / "bad.zip", "w") as new:
        for name in old.namelist():
            new.writestr(name, b"x" if name == "1/tables/shoe.parquet" else old.read(name))
    status, out, err = run("restore", tmp_path / "bad.zip", "--home", tmp_path / "new")
    assert (status, out) == (1, "")
    assert "1/tables/shoe.parquet is missing or not as it was written" in err
    status, out, _ = run("restore", tmp_path / "bad.zip", "--home", tmp_path / "new", "--what-is-whole")
    assert status == 0
    assert out.splitlines()[1:] == [
        "Left out, since it is missing or not as it was written: 1/tables/shoe.parquet"
    ]


def test_watch_refuses_what_is_no_folder_or_its_own(run, tmp_path, home):
    status, out, err = run("watch", tmp_path / "away")
    assert (status, out) == (1, "")
    assert "There is no folder called" in err
    assert "cannot be watched" in run("watch", home.parent)[2]


def test_watch_brings_in_and_goes_on_over_what_it_cannot_read(home, tmp_path, capsys):
    folder, stop = tmp_path / "in", threading.Event()
    folder.mkdir()
    (folder / "old.fit").write_bytes(fit_run(start=START, seconds=60))
    thread = threading.Thread(target=watch.watch_command, args=(folder, home, None, stop), daemon=True)
    thread.start()

    def wait_for(count: int) -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with open_store(home) as store:
                if store.runners() and store.read(ACTIVITY, 1).height == count:
                    return
            time.sleep(0.1)
        pytest.fail(f"{count} sessions did not come in")

    wait_for(1)
    (folder / "broken.fit").write_bytes(b"no recording" * 9)
    (folder / "old.fit").unlink()
    (folder / "new.fit").write_bytes(fit_run(start=START + timedelta(days=1), seconds=60))
    wait_for(2)
    stop.set()
    thread.join(20)
    assert not thread.is_alive()
    out = capsys.readouterr().out
    assert out.splitlines()[0] == f"Watching {folder} for Runner. Stop with Ctrl-C."
    assert "old.fit: Import 1 for Runner, 1 Mar 2026. 1 session: 1 new." in out
    assert "broken.fit: " in out
    assert out.splitlines()[-1] == "Stopped watching. What came in stays."


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_watch_ends_cleanly(tmp_path, sign):
    folder = tmp_path / "in"
    folder.mkdir()
    command = [sys.executable, "-m", "dashboard.cli", "watch", str(folder), "--home", str(tmp_path / "home")]
    env = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(Path(cli.__file__).parents[1])}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env
    ) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline().startswith("Watching ")
        time.sleep(1.0)
        process.send_signal(sign)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "Stopped watching. What came in stays.\n", "")


def test_a_first_import_of_nothing_leaves_no_runner(run, home, tmp_path):
    bad = tmp_path / "bad.zip"
    bad.write_bytes(b"PK\x03\x04 and then nothing")
    status, _, err = run("import", bad)
    assert (status, "Nothing came in" in err) == (1, True)
    with open_store(home) as store:
        assert store.runners() == []
        store.add_runner("Robin")
    assert run("import", bad)[0] == 1
    assert [one.name for one in open_store(home).runners()] == ["Robin"]
