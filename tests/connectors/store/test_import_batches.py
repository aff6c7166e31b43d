"""Imports that can be taken back: what only one brought goes, the rest is as it was before."""

from __future__ import annotations

import gzip
import json
import os
import signal
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
import time_machine
from export_writer import Session, Shoe, write_export
from fit_writer import fit_run
from store_sql import change_rows, read_rows

from connectors.edits import Edit
from connectors.errors import StoreError, StoreGone
from connectors.frames import ACTIVITY, SHOE, STORED, SYMPTOM
from connectors.ingest import file_digests
from connectors.ingest.import_session import ImportSession
from connectors.ingest.pipeline import import_paths
from connectors.ingest.taking_back import take_back_import
from connectors.manual_rows import symptom_rows
from connectors.store import Store, open_store
from connectors.store.file_lock import shared_lock
from connectors.store.work_lock import import_lock

pytestmark = pytest.mark.usefixtures("runner")

MORNING = datetime(2025, 3, 8, 6, 30, tzinfo=UTC)


def run(number: int, **values) -> Session:
    start = MORNING + timedelta(days=number)
    base = {
        "id": 9_000 + number,
        "start": start,
        "name": f"Run {number}",
        "distance_m": 1_800.0,
        "moving_s": 600.0,
        "elapsed_s": 600.0,
        "file_name": f"activities/{number + 100}.fit.gz",
        "recording": fit_run(start=start, seconds=600, speed_mps=3.0),
    }
    return Session(**{**base, **values})


def state(store: Store) -> dict:
    """All rows, matches and samples of the runner; when a row was fetched is no fact."""
    rows = {c.name: store.read(c, 1).drop("fetched_utc").to_dicts() for c in STORED}
    samples = {i: path.read_bytes() for _, i, path in store.samples.files()}
    return {"rows": rows, "samples": samples, "matches": store.matches(1).drop("decided_utc").to_dicts()}


def test_an_import_taken_back_leaves_nothing(store, tmp_path):
    (tmp_path / "diary.csv").write_text("date,side,morning_pain\n2025-03-08,left,3\n")
    path = write_export(
        tmp_path / "a.zip", [run(n, gear_name="Ghost") for n in range(3)], shoes=[Shoe("Ghost")]
    )
    before = state(store)
    result = import_paths(store, 1, [path, tmp_path / "diary.csv"])
    done = take_back_import(store, result.import_id)
    assert dict(done.removed) == {"activity": 3, "shoe": 1, "symptom": 1}
    assert state(store) == before
    assert not [f for f in store.check() if f.is_serious or f.id == "samples_orphan"]


def test_what_an_import_changed_is_as_it_was(store, tmp_path):
    first = write_export(tmp_path / "first.zip", [run(n) for n in range(3)])
    import_paths(store, 1, [first])
    before = state(store)
    other = fit_run(start=MORNING, seconds=600, speed_mps=2.5)
    later = write_export(tmp_path / "later.zip", [run(0, name="Renamed", recording=other), run(1), run(4)])
    result = import_paths(store, 1, [later])
    assert state(store) != before
    done = take_back_import(store, result.import_id)
    assert (done.removed["activity"], done.restored["activity"], done.shared["activity"]) == (1, 1, 1)
    assert state(store) == before


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0), (0, 2, 1), (2, 0, 1)])
def test_imports_taken_back_in_any_order_leave_what_was_there(store, tmp_path, order):
    """Each row and recording goes through three values; the last import left says which one stands."""
    store.write(
        SYMPTOM,
        symptom_rows([{"date": MORNING.date(), "side": "left", "morning_pain_0_10": 1.0}], 1, MORNING),
    )
    before = state(store)
    ids, states = [], []
    for number, speed in enumerate((3.0, 2.5, 2.0)):
        recording = fit_run(start=MORNING, seconds=600, speed_mps=speed)
        path = write_export(
            tmp_path / f"{number}.zip", [run(0, name=f"N{number}", recording=recording), run(5)]
        )
        (tmp_path / f"{number}.csv").write_text(f"date,side,morning_pain\n2025-03-08,left,{number + 2}\n")
        ids.append(import_paths(store, 1, [path, tmp_path / f"{number}.csv"]).import_id)
        states.append(state(store))
    left = {0, 1, 2}
    for number in order:
        take_back_import(store, ids[number])
        left.discard(number)
        assert state(store) == (states[max(left)] if left else before)


def test_a_row_that_another_import_brought_stays(store, tmp_path):
    path = write_export(tmp_path / "a.zip", [run(n) for n in range(2)])
    first = import_paths(store, 1, [path])
    whole = state(store)
    again = import_paths(store, 1, [path])
    assert again.import_id != first.import_id
    take_back_import(store, first.import_id)
    assert state(store) == whole
    take_back_import(store, again.import_id)
    assert not state(store)["rows"]["activity"]


def test_what_a_person_changed_since_stays_and_edits_wait_for_a_return(store, tmp_path):
    path = write_export(tmp_path / "a.zip", [run(0)])
    (tmp_path / "diary.csv").write_text("date,side,morning_pain\n2025-03-08,left,3\n2025-03-09,left,2\n")
    result = import_paths(store, 1, [path, tmp_path / "diary.csv"])
    [activity_id] = store.read(ACTIVITY, 1)["activity_id"].to_list()
    store.edit(1, [Edit("activity", activity_id, "surface", "trail")])
    store.write(
        SYMPTOM,
        symptom_rows([{"date": MORNING.date(), "side": "left", "morning_pain_0_10": 6.0}], 1, MORNING),
    )
    done = take_back_import(store, result.import_id)
    assert done.changed["symptom"] == 1
    assert store.read(SYMPTOM, 1)["morning_pain_0_10"].to_list() == [6.0]
    assert store.activities(1).is_empty()
    import_paths(store, 1, [path], again=True)
    assert store.activities(1)["surface"].to_list() == ["trail"]


def test_a_pair_that_is_worn_elsewhere_stays(store, tmp_path):
    path = write_export(tmp_path / "a.zip", [run(0, gear_name="Ghost")], shoes=[Shoe("Ghost")])
    result = import_paths(store, 1, [path])
    row = store.read(ACTIVITY, 1).with_columns(
        source=pl.lit("strava_api"), source_id=pl.lit("x"), activity_id=pl.lit("aa11")
    )
    store.write(ACTIVITY, row)
    take_back_import(store, result.import_id)
    assert store.read(SHOE, 1).height == 1
    assert store.read(ACTIVITY, 1)["source"].to_list() == ["strava_api"]


def test_files_taken_back_are_left_out_until_asked_for(store, tmp_path):
    folder = tmp_path / "watch"
    folder.mkdir()
    for number in range(2):
        (folder / f"{number}.fit").write_bytes(fit_run(start=MORNING + timedelta(days=number), seconds=300))
    first = import_paths(store, 1, [folder / "0.fit"])
    take_back_import(store, first.import_id)
    result = import_paths(store, 1, [folder])
    assert result.activities["new"] == 1
    assert [one.path for one in result.skipped] == ["0.fit"]
    assert f"import {first.import_id}" in result.skipped[0].reason
    assert "--again" in result.skipped[0].reason
    assert import_paths(store, 1, [folder / "0.fit"]).import_id is None
    assert import_paths(store, 1, [folder / "0.fit"], again=True).activities["new"] == 1
    assert not store.taken_back_digests(1)
    assert import_paths(store, 1, [folder]).activities == {"new": 0, "updated": 0, "unchanged": 2}


def test_an_unpacked_export_taken_back_is_one_thing(store, tmp_path):
    folder = write_export(tmp_path / "export_1234567", [run(n) for n in range(2)])
    take_back_import(store, import_paths(store, 1, [folder]).import_id)
    result = import_paths(store, 1, [folder])
    assert (result.import_id, result.activities["new"]) == (None, 0)
    assert [one.path for one in result.skipped] == ["export_1234567"]


def test_taking_back_twice_or_nothing_is_one_sentence(store, tmp_path):
    path = write_export(tmp_path / "a.zip", [run(0)])
    result = import_paths(store, 1, [path])
    take_back_import(store, result.import_id)
    with pytest.raises(StoreError, match="was taken back before"):
        take_back_import(store, result.import_id)
    with pytest.raises(StoreError, match="There is no import 99"):
        take_back_import(store, 99)


def test_nothing_is_taken_back_while_an_import_is_under_way(store, tmp_path):
    result = import_paths(store, 1, [write_export(tmp_path / "a.zip", [run(0)])])
    whole = state(store)
    with shared_lock(import_lock(store.home, 1)), pytest.raises(StoreError, match="under way"):
        take_back_import(store, result.import_id)
    assert state(store) == whole
    take_back_import(store, result.import_id)


def test_earlier_values_are_kept_for_ninety_days(store, tmp_path):
    import_paths(store, 1, [write_export(tmp_path / "a.zip", [run(0), run(1)])])
    other = fit_run(start=MORNING, seconds=600, speed_mps=2.5)
    later = write_export(tmp_path / "b.zip", [run(0, name="Renamed", recording=other), run(1), run(2)])
    result = import_paths(store, 1, [later])
    aside = store.samples.of_runner(1) / ".before"
    assert len(list(aside.rglob("*.parquet"))) == 1
    with time_machine.travel(datetime.now(UTC) + timedelta(days=89)), open_store(store.home):
        assert len(list(aside.rglob("*.parquet"))) == 1
    with time_machine.travel(datetime.now(UTC) + timedelta(days=91)), open_store(store.home) as late:
        assert not aside.exists()
        assert read_rows(store.home, "SELECT count(before) FROM import_row") == [(0,)]
        done = take_back_import(late, result.import_id)
    assert (done.removed["activity"], done.swept["activity"]) == (1, 1)
    assert "Renamed" in store.read(ACTIVITY, 1)["name"].to_list()


def test_what_was_set_aside_is_for_its_owner_alone_and_goes_with_the_runner(store, tmp_path):
    import_paths(store, 1, [write_export(tmp_path / "a.zip", [run(0)])])
    other = fit_run(start=MORNING, seconds=600, speed_mps=2.5)
    import_paths(store, 1, [write_export(tmp_path / "b.zip", [run(0, recording=other)])])
    aside = list((store.samples.of_runner(1) / ".before").rglob("*"))
    assert aside
    assert not [path for path in aside if stat.S_IMODE(path.stat().st_mode) & 0o077]
    assert not [f for f in store.check() if f.id == "modes"]
    store.delete_runner(1)
    assert not store.samples.of_runner(1).exists()
    for table in ("import_batch", "import_file", "import_row", "file_move"):
        assert read_rows(store.home, f"SELECT count(*) FROM {table}") == [(0,)]


KILLED = """
import sys, time
from pathlib import Path
from connectors.ingest import pipeline as intake
from connectors.store import open_store
from connectors.store import import_undo
if __name__ == "__main__":
    store = open_store(Path(sys.argv[1]))
    what = sys.argv[2]
    if what == "import":
        def say(done, total, step):
            print(done, flush=True)
        intake.import_paths(store, 1, [Path(sys.argv[3])], say)
    else:
        from connectors.ingest import taking_back
        stop = getattr(import_undo.ImportUndoPart, "move_files")
        calls = []
        def move(self):
            calls.append(1)
            if len(calls) == 2:
                print("committed", flush=True)
                time.sleep(60)
            stop(self)
        import_undo.ImportUndoPart.move_files = move
        taking_back.take_back_import(store, int(sys.argv[3]))
"""


def killed(tmp_path: Path, *arguments: str, after: str) -> None:
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    command = [sys.executable, str(script), str(tmp_path / "home"), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout
        for line in process.stdout:
            if line.strip() == after:
                break
        os.killpg(process.pid, signal.SIGKILL)


def test_a_take_back_killed_before_its_files_moved_is_finished_by_the_next_opening(store, tmp_path):
    import_paths(store, 1, [write_export(tmp_path / "a.zip", [run(0)])])
    before = state(store)
    other = fit_run(start=MORNING, seconds=600, speed_mps=2.5)
    result = import_paths(store, 1, [write_export(tmp_path / "b.zip", [run(0, recording=other), run(1)])])
    killed(tmp_path, "back", str(result.import_id), after="committed")
    with open_store(store.home) as opened:
        assert state(opened)["samples"] == before["samples"]
        assert state(opened)["rows"] == before["rows"]


@pytest.mark.parametrize("after", ["0", "9"])
def test_an_import_killed_can_be_taken_back_or_gone_on_with(store, tmp_path, after):
    import_paths(store, 1, [write_export(tmp_path / "a.zip", [run(0), run(1)])])
    before = state(store)
    other = fit_run(start=MORNING, seconds=600, speed_mps=2.5)
    sessions = [run(0, recording=other), *(run(n) for n in range(1, 20))]
    path = write_export(tmp_path / "b.zip", sessions)
    killed(tmp_path, "import", str(path), after=after)
    time.sleep(0.3)  # its workers end with it
    stopped = store.imports(1)[0]
    assert stopped.import_id == 1 or stopped.finished_s is None
    result = import_paths(store, 1, [path])
    assert len(store.imports(1)) == 2, "the same files are gone on with as one import"
    take_back_import(store, result.import_id)
    kept = state(store)
    assert kept["rows"] == before["rows"]
    assert {i: kept["samples"][i] for i in before["samples"]} == before["samples"]


def test_every_import_is_listed_with_its_files(store, tmp_path):
    path = write_export(tmp_path / "a.zip", [run(0)])
    result = import_paths(store, 1, [path])
    [batch] = store.imports(1)
    assert (batch.import_id, batch.files, batch.taken_back_s) == (result.import_id, ("a.zip",), None)
    assert json.loads(batch.result or "")["activities"]["new"] == 1
    assert (str(result.first), str(result.last), result.runner) == ("2025-03-08", "2025-03-08", "Runner")
    assert store.imported_digests(1)


def test_an_import_that_brought_nothing_leaves_no_trace(store, tmp_path):
    (tmp_path / "broken.fit").write_bytes(b"no recording")
    assert import_paths(store, 1, [tmp_path / "broken.fit"]).import_id is None
    assert store.imports() == []


def test_a_merged_run_is_counted_and_parted_again(store, tmp_path):
    import_paths(store, 1, [write_export(tmp_path / "a.zip", [run(0)])])
    before = state(store)
    loose = tmp_path / "watch.fit.gz"
    loose.write_bytes(
        gzip.compress(fit_run(start=MORNING + timedelta(seconds=2), seconds=600, speed_mps=3.0))
    )
    result = import_paths(store, 1, [loose])
    assert (result.merged, store.activities(1).height) == (1, 1)
    take_back_import(store, result.import_id)
    assert state(store) == before


def test_an_import_stopped_before_it_was_held_is_held_when_gone_on_with(store, tmp_path):
    for folder, minutes in (("mine", 0), ("theirs", 6)):
        (tmp_path / folder).mkdir()
        for n in range(4):
            start = MORNING + timedelta(days=n, minutes=minutes)
            (tmp_path / folder / f"{n}.fit").write_bytes(
                fit_run(start=start, seconds=1_200, speed_mps=2.0 + minutes / 6)
            )
    import_paths(store, 1, [tmp_path / "mine"])
    before = state(store)
    theirs = ImportSession(store, 1, [tmp_path / "theirs"], again=False, same_runner=False)
    row = (
        store.read(ACTIVITY, 1)
        .head(1)
        .with_columns(
            pl.col("start_utc") + pl.duration(minutes=6), source_id=pl.lit("x"), activity_id=pl.lit("ab12")
        )
    )
    theirs.write(ACTIVITY, row)  # and then it was killed
    result = import_paths(store, 1, [tmp_path / "theirs"])
    assert result.held is not None
    assert state(store) == before


@pytest.mark.sqlite_only("opens no store")
def test_a_very_large_file_has_a_digest_of_its_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(file_digests, "FULL_DIGEST_BYTES", 1_000)
    monkeypatch.setattr(file_digests, "END_BYTES", 100)
    digests = set()
    for content in (b"a" * 2_000, b"b" + b"a" * 1_999, b"a" * 1_999 + b"b", b"a" * 2_001):
        (tmp_path / "x").write_bytes(content)
        digests.add(file_digests.file_digest(tmp_path / "x"))
    assert len(digests) == 4
    assert file_digests.file_digest(tmp_path / "away") is None


def test_file_moves_of_a_folder_that_was_moved_away_are_carried_out_by_the_next_start(
    store: Store, runner, tmp_path: Path
) -> None:
    write_export(tmp_path / "export_1.zip", [run(1)])
    import_paths(store, runner.athlete_id, [tmp_path / "export_1.zip"])
    [(_, _, recording)] = list(store.samples.files())
    target = recording.relative_to(store.samples.folder).as_posix()
    change_rows(
        store.home, f"INSERT INTO file_move (athlete_id, origin, target) VALUES (1, NULL, '{target}')"
    )
    moved = store.home.rename(store.home.with_name("moved"))
    with pytest.raises(StoreGone):
        store.move_files()
    with open_store(moved) as again:
        assert list(again.samples.files()) == []
