"""From paths to the store: any mix, safe to repeat, safe to interrupt."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from export_writer import Session, Shoe, write_export, write_members
from fit_writer import fit_run

from connectors.errors import StoreFull
from connectors.frames import ACTIVITY, RUN_SPORTS, SAMPLE, SHOE, STRENGTH, SYMPTOM, TEST_RESULT
from connectors.ingest import decode
from connectors.ingest.pipeline import import_paths
from connectors.source import ImportResult
from connectors.store import Store, open_store

MORNING = datetime(2025, 3, 8, 6, 30, tzinfo=UTC)


def run(number: int, **values) -> Session:
    """A run with a recording, one a day."""
    start = MORNING + timedelta(days=number)
    base = {
        "id": 9_007_199_254_740_993 + number,
        "start": start,
        "name": f"Run {number}",
        "distance_m": 1_800.0,
        "moving_s": 600.0,
        "elapsed_s": 600.0,
        "file_name": f"activities/{number + 100}.fit.gz",
        "recording": fit_run(start=start, seconds=600, speed_mps=3.0, place=(52.37, 4.90)),
    }
    return Session(**{**base, **values})


def bring(store: Store, *paths: Path) -> ImportResult:
    return import_paths(store, store.runner(create=True).athlete_id, paths)


def facts(store: Store) -> pl.DataFrame:
    return store.read(ACTIVITY, store.runner().athlete_id).drop("fetched_utc").sort("activity_id")


def samples_of(store: Store) -> dict[str, int]:
    athlete = store.runner().athlete_id
    return {i: store.samples.read(athlete, i).height for i in facts(store)["activity_id"]}


def test_an_export_comes_in_whole(store, tmp_path):
    path = write_export(
        tmp_path / "export_1.zip", [run(n, gear_name="Ghost 15") for n in range(3)], shoes=[Shoe("Ghost 15")]
    )
    result = bring(store, path)
    assert result.activities == {"new": 3, "updated": 0, "unchanged": 0}
    assert (result.sample_files, result.sample_rows) == (3, 3 * 601)
    assert result.shoes == 1
    assert not result.skipped
    frame = facts(store)
    assert sorted(frame["source_id"]) == [str(9_007_199_254_740_993 + n) for n in range(3)]
    assert set(frame["timezone"]) == {"Europe/Amsterdam"}
    assert frame["distance_m"].to_list() == [1_800.0] * 3
    shoe = store.read(SHOE, 1)["shoe_id"].item()
    assert set(frame["shoe_id"]) == {shoe}
    assert set(samples_of(store).values()) == {601}


def test_a_second_import_changes_nothing(store, tmp_path):
    path = write_export(tmp_path / "export_1.zip", [run(n) for n in range(3)])
    bring(store, path)
    before, version = facts(store), store.version(1)
    result = bring(store, path)
    assert result.activities == {"new": 0, "updated": 0, "unchanged": 3}
    assert (result.sample_files, result.sample_rows) == (0, 0)
    assert facts(store).equals(before)
    assert store.version(1) == version


def test_a_later_export_updates_by_id(store, tmp_path):
    bring(store, write_export(tmp_path / "first.zip", [run(0), run(1)]))
    later = write_export(tmp_path / "later.zip", [run(0, name="Renamed", sport="Walk"), run(1), run(2)])
    result = bring(store, later)
    assert result.activities == {"new": 1, "updated": 1, "unchanged": 1}
    changed = facts(store).filter(pl.col("name") == "Renamed")
    assert changed["sport"].item() == "Walk"
    assert changed["sample_rows"].item() == 601


def test_an_activity_gone_from_a_later_export_is_told_and_kept(store, tmp_path):
    bring(store, write_export(tmp_path / "first.zip", [run(n) for n in range(3)]))
    result = bring(store, write_export(tmp_path / "later.zip", [run(0), run(2)]))
    assert facts(store).height == 3
    assert any("1 activity of an earlier export" in n.reason for n in result.notes)


def test_of_several_exports_the_one_that_reaches_furthest_wins(store, tmp_path):
    """Names of files say nothing of their age."""
    folder = tmp_path / "exports"
    folder.mkdir()
    write_export(folder / "a.zip", [run(0, name="Newest"), run(1)])
    write_export(folder / "b.zip", [run(0, name="Oldest")])
    bring(store, folder)
    assert "Newest" in facts(store)["name"].to_list()
    assert facts(store).height == 2


def test_a_damaged_archive_does_not_stop_its_folder(store, tmp_path):
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "a.zip").write_bytes(b"PK\x03\x04 damaged")
    (folder / "b.fit").write_bytes(fit_run(start=MORNING, seconds=60))
    result = bring(store, folder)
    assert result.activities["new"] == 1
    assert [s.path for s in result.skipped] == ["a.zip"]


def test_folder_and_zip_give_the_same(tmp_path):
    sessions = [run(n) for n in range(2)]
    zipped, folder = open_store(tmp_path / "a"), open_store(tmp_path / "b")
    bring(zipped, write_export(tmp_path / "export.zip", sessions, folder="export_9/"))
    bring(folder, write_export(tmp_path / "unpacked", sessions))
    columns = [c for c in ACTIVITY.columns if c not in ("fetched_utc", "file_name")]
    assert facts(zipped).select(columns[:-1]).equals(facts(folder).select(columns[:-1]))


def test_workers_and_one_process_give_the_same(tmp_path, monkeypatch):
    path = write_export(tmp_path / "export.zip", [run(n) for n in range(5)])
    alone, pooled = open_store(tmp_path / "a"), open_store(tmp_path / "b")
    bring(alone, path)
    monkeypatch.setattr(decode, "FEW", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    result = bring(pooled, path)
    assert result.activities["new"] == 5
    assert facts(alone).equals(facts(pooled))
    assert samples_of(alone) == samples_of(pooled)


def test_the_table_wins_for_sport_and_the_file_for_samples(store, tmp_path):
    ride = run(0, recording=fit_run(start=MORNING, seconds=600, sport=2), sport="Run", distance_m=1_750.0)
    bring(store, write_export(tmp_path / "export.zip", [ride]))
    row = facts(store).row(0, named=True)
    assert (row["sport"], row["distance_m"], row["sample_rows"]) == ("Run", 1_750.0, 601)


def test_the_same_run_as_zip_and_file_is_one_and_can_be_parted(store, tmp_path):
    export = write_export(
        tmp_path / "export.zip", [run(0, name="Mine", file_name="activities/7.fit.gz", recording=None)]
    )
    loose = tmp_path / "watch.fit"
    loose.write_bytes(fit_run(start=MORNING + timedelta(seconds=2), seconds=600, place=(52.37, 4.90)))
    result = bring(store, export, loose)
    assert result.activities["new"] == 2
    assert any("The one recording it names is not beside it" in s.reason for s in result.skipped)
    one = store.activities(1)
    assert one.height == 1
    assert one["name"].item() == "Mine"
    assert one["samples_id"].item() in samples_of(store)
    ids = facts(store)["activity_id"].to_list()
    store.decide_matches(1, [(ids[0], ids[1], False, "person")])
    assert store.activities(1).height == 2
    bring(store, export, loose)
    assert store.activities(1).height == 2, "a person's word outlasts the rule"


def test_loose_files_folders_and_packed_files(store, tmp_path):
    folder = tmp_path / "watch"
    (folder / "old").mkdir(parents=True)
    (folder / "a.fit").write_bytes(fit_run(start=MORNING, seconds=300))
    (folder / "old" / "b.fit.gz").write_bytes(
        gzip.compress(fit_run(start=MORNING + timedelta(days=1), seconds=300))
    )
    (folder / "photo.jpg").write_bytes(b"\xff\xd8")
    write_members(folder / "more.zip", {"c.fit": fit_run(start=MORNING + timedelta(days=2), seconds=300)})
    result = bring(store, folder)
    assert result.activities["new"] == 3
    assert [s.path for s in result.skipped] == ["photo.jpg"]
    assert set(facts(store)["source"]) == {"file"}
    again = bring(store, folder)
    assert again.activities == {"new": 0, "updated": 0, "unchanged": 3}


def test_bad_files_cost_only_themselves(store, tmp_path):
    sessions = [
        run(0),
        run(1, recording=b"not a recording at all"),
        run(2, recording=fit_run(start=MORNING + timedelta(days=2), seconds=600)[:9_000]),
        run(3, file_name="#error#", recording=None),
        run(4, file_name="activities/9.xyz", recording=b"x"),
    ]
    (tmp_path / "junk.zip").write_bytes(b"PK\x03\x04 but no zip")
    (tmp_path / "empty.gpx").write_bytes(b"")
    result = bring(
        store,
        write_export(tmp_path / "export.zip", sessions),
        tmp_path / "junk.zip",
        tmp_path / "empty.gpx",
        tmp_path / "nowhere.fit",
    )
    assert result.activities["new"] == 5, "a summary stays when its recording cannot be read"
    reasons = {s.path: s.reason for s in result.skipped}
    assert {"activities/101.fit.gz", "junk.zip", "empty.gpx", "nowhere.fit"} <= set(reasons)
    assert all(r.endswith((".", "left out.")) and "Traceback" not in r for r in reasons.values())
    cut = facts(store).filter(pl.col("file_name") == "activities/102.fit.gz")
    assert 0 < cut["sample_rows"].item() < 601
    assert any("102" in n.path for n in result.notes), "what was cut off is told"


def test_other_sports_are_kept_as_context(store, tmp_path):
    sessions = [
        run(0),
        run(1, sport="Ride"),
        run(2, sport="Swim", distance_m=1_073.0),
        run(3, sport="Quidditch", file_name=None, recording=None),
    ]
    result = bring(store, write_export(tmp_path / "export.zip", sessions))
    assert result.unknown_sports == {"Quidditch": 1}
    assert facts(store)["sport"].is_in(RUN_SPORTS).sum() == 1
    assert set(facts(store)["sport"]) == {"Run", "Ride", "Swim", "Quidditch"}


def test_a_recording_without_a_sport_is_taken_for_a_run_aloud(store, tmp_path):
    def point(s: int) -> str:
        place = f'lat="{52 + s * 3 / 111_195:.7f}" lon="4.9"'
        return f"<trkpt {place}><time>2025-03-08T07:{s // 60:02d}:{s % 60:02d}Z</time></trkpt>"

    points = "".join(point(s) for s in range(600))
    (tmp_path / "a.gpx").write_text(f'<gpx version="1.1"><trk><trkseg>{points}</trkseg></trk></gpx>')
    result = bring(store, tmp_path / "a.gpx")
    assert facts(store)["sport"].to_list() == ["Run"]
    assert any("taken for a run" in n.reason for n in result.notes)


def test_a_diary_comes_in_beside_runs(store, tmp_path):
    (tmp_path / "diary.csv").write_text(
        "date,side,morning_pain,mood\n2025-03-08,left,3,fine\n2025-03-09,left,0,\n"
    )
    result = bring(store, tmp_path / "diary.csv")
    assert result.symptoms == {"new": 2, "updated": 0, "unchanged": 0}
    assert any("mood" in n.reason for n in result.notes)
    assert bring(store, tmp_path / "diary.csv").symptoms == {"new": 0, "updated": 0, "unchanged": 2}
    assert store.read(SYMPTOM, 1)["morning_pain_0_10"].to_list() == [3.0, 0.0]


def test_a_diary_of_sets_and_tests_comes_in_once(store, tmp_path):
    (tmp_path / "sets.csv").write_text(
        "date,exercise,repetitions,load_kg,measure,value\n"
        "2025-03-08,Hop,20,,,\n2025-03-08,Hop,20,,,\n2025-03-09,,,,visa_a,81\n2025-03-09,,,,visa_a,181\n"
    )
    first, again = bring(store, tmp_path / "sets.csv"), bring(store, tmp_path / "sets.csv")
    assert first.beside["strength"] == {"new": 2, "updated": 0, "unchanged": 0}
    assert again.beside["strength"] == {"new": 0, "updated": 0, "unchanged": 2}
    assert store.read(STRENGTH, 1)["set_number"].to_list() == [1, 2]
    assert store.read(TEST_RESULT, 1)["value"].to_list() == [81.0]
    assert ["row 5" in one.path for one in first.skipped] == [True]


def test_a_table_that_is_no_diary_is_told(store, tmp_path):
    (tmp_path / "bank.csv").write_text("when,amount\nyesterday,12\n")
    assert [s.path for s in bring(store, tmp_path / "bank.csv").skipped] == ["bank.csv"]


def test_days_are_local_also_where_only_others_know_the_zone(store, tmp_path):
    """A late run entered by hand has no zone of its own; the account runs in Auckland."""
    sessions = [
        run(n, recording=fit_run(start=MORNING + timedelta(days=n), seconds=60, place=(-36.85, 174.76)))
        for n in range(3)
    ]
    late = Session(1, datetime(2025, 3, 9, 18, 0, tzinfo=UTC), file_name="")
    bring(store, write_export(tmp_path / "export.zip", [*sessions, late]))
    days = dict(facts(store).select("source_id", "local_date").iter_rows())
    assert days["1"] == date(2025, 3, 10)


def test_no_place_is_stored(store, tmp_path):
    bring(store, write_export(tmp_path / "export.zip", [run(0)]))
    assert store.samples.read(1, facts(store)["activity_id"].item()).columns == list(SAMPLE.columns)
    stored = b"".join(p.read_bytes() for p in (tmp_path / "home").rglob("*") if p.is_file())
    assert b"latitude" not in stored
    assert b"52.37" not in stored


def test_progress_is_told(store, tmp_path):
    heard = []
    import_paths(
        store,
        store.runner(create=True).athlete_id,
        [write_export(tmp_path / "export.zip", [run(n) for n in range(3)])],
        lambda done, total, step: heard.append((done, total, step)),
    )
    assert (1, 3, "recordings") in heard
    assert (3, 3, "recordings") in heard


def test_a_full_disk_is_told_and_the_store_stays_whole(store, tmp_path, monkeypatch):
    def full(*_args):
        raise StoreFull(
            "There is no room left. What was stored before is kept. Free some space and try again."
        )

    bring(store, write_export(tmp_path / "first.zip", [run(0)]))
    kept = samples_of(store)
    monkeypatch.setattr(type(store.samples), "write", full)
    with pytest.raises(StoreFull):
        bring(store, write_export(tmp_path / "later.zip", [run(n) for n in range(3)]))
    monkeypatch.undo()
    assert {i: n for i, n in samples_of(store).items() if i in kept} == kept
    result = bring(store, tmp_path / "later.zip")
    assert result.activities["unchanged"] + result.activities["updated"] + result.activities["new"] == 3
    assert set(samples_of(store).values()) == {601}


def test_a_recording_whose_clock_was_never_set_is_left_out_and_said(store, tmp_path):
    (tmp_path / "unset.fit").write_bytes(fit_run(start=datetime(1990, 1, 3, tzinfo=UTC)))
    result = bring(store, tmp_path / "unset.fit")
    assert result.activities["new"] == 0
    assert [one.path for one in result.skipped] == ["unset.fit"]
    assert "date" in result.skipped[0].reason
    assert any("clock" in note.reason for note in result.notes)
    listed = bring(
        store, write_export(tmp_path / "e.zip", [run(0, recording=fit_run(datetime(1990, 1, 3, tzinfo=UTC)))])
    )
    assert listed.sample_files == 1
    assert facts(store)["start_utc"].to_list() == [MORNING]


def test_one_recording_in_two_places_of_one_import_is_counted_once(store, tmp_path):
    for name in ("one.fit", "copy.fit"):
        (tmp_path / name).write_bytes(fit_run(seconds=300))
    result = bring(store, tmp_path / "one.fit", tmp_path / "copy.fit")
    assert (result.activities["new"], result.sample_files, result.sample_rows) == (1, 1, 301)


def test_what_holds_nothing_to_take_says_why(store, tmp_path):
    inner = write_export(tmp_path / "inner.zip", [run(0)])
    middle = write_members(tmp_path / "middle.zip", {"inner.zip": inner.read_bytes()})
    outer = write_members(tmp_path / "outer.zip", {"middle.zip": middle.read_bytes()})
    (tmp_path / "diary.csv").write_text("date,morning_pain\n")
    result = bring(store, outer, tmp_path / "diary.csv")
    assert result.skipped[0].path == "middle.zip/inner.zip"
    assert result.skipped[-1].path == "diary.csv"
    assert "unpack" in result.skipped[0].reason
    assert "no entry" in result.skipped[-1].reason


KILLED = """
import sys
from pathlib import Path
from connectors.ingest.pipeline import import_paths
from connectors.store import open_store
if __name__ == "__main__":
    store = open_store(Path(sys.argv[1]))
    def say(done, total, step):
        print(done, flush=True)
    import_paths(store, store.runner(create=True).athlete_id, [Path(sys.argv[2])], say)
"""


@pytest.fixture(scope="module")
def one_month(tmp_path_factory) -> tuple[Path, Store]:
    """An export of 24 runs, and the store it makes where nothing interrupts."""
    folder = tmp_path_factory.mktemp("month")
    path, clean = (
        write_export(folder / "export.zip", [run(n) for n in range(24)]),
        open_store(folder / "clean"),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "cpu_count", lambda: 1)
        bring(clean, path)
    return path, clean


@pytest.mark.parametrize("after", [0, 1, 9, 21])
def test_killed_at_any_moment_the_next_import_gives_the_same_totals(tmp_path, one_month, after, monkeypatch):
    path, clean = one_month
    script = tmp_path / "importing.py"
    script.write_text(KILLED)
    with subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "home"), str(path)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout
        for line in process.stdout:
            if int(line) >= after:
                break
        time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
    interrupted = open_store(tmp_path / "home")
    assert not [f for f in interrupted.check() if f.is_serious]
    monkeypatch.setattr(os, "cpu_count", lambda: 1)  # starting workers takes longer than decoding 24 runs
    bring(interrupted, path)
    assert facts(interrupted).equals(facts(clean))
    assert samples_of(interrupted) == samples_of(clean)
    assert not [f for f in interrupted.check() if f.is_serious]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes where Linux lists them")
def test_readers_end_with_the_import_they_work_for(tmp_path, one_month):
    path, _ = one_month
    script = tmp_path / "importing.py"
    script.write_text(KILLED)
    process = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "home"), str(path)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    for line in process.stdout:
        if int(line) >= 1:
            break
    assert len(members_of(process.pid)) > 1
    process.kill()  # this process alone: what it started is told nothing
    process.wait()
    process.stdout.close()
    waited_until = time.monotonic() + 20
    while (left := members_of(process.pid)) and time.monotonic() < waited_until:
        time.sleep(0.1)
    assert not left


def members_of(session: int) -> list[int]:
    """Living processes of one session."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            facts = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended since it was listed
            continue
        if int(facts[3]) == session and facts[0] != "Z":
            found.append(int(stat.parent.name))
    return found


@pytest.mark.real_data
def test_the_whole_real_export_reproduces_its_own_totals(store, real_data):
    folder = real_data / "strava_export" / "slalom007+strava-running-analysis"
    result = bring(store, folder)
    assert result.activities == {"new": 242, "updated": 0, "unchanged": 0}
    assert result.sample_files == 237
    assert not result.skipped
    second_block = pl.read_csv(folder / "activities.csv", has_header=False, skip_rows=1, infer_schema=False)
    frame = facts(store)
    for column, name in ((17, "distance_m"), (16, "moving_s"), (15, "elapsed_s"), (20, "ascent_device_m")):
        wanted = second_block.to_series(column).cast(pl.Float64).sum()
        assert frame[name].sum() == pytest.approx(wanted, rel=1e-9), name
    assert bring(store, folder).activities == {"new": 0, "updated": 0, "unchanged": 242}


def test_rows_outside_their_bounds_are_refused_by_name_and_the_rest_comes_in(store, tmp_path):
    good = Session(1, datetime(2024, 6, 4, 6, 13, tzinfo=UTC))
    far = Session(2, datetime(9998, 6, 4, 6, 13, tzinfo=UTC))
    early = Session(3, datetime(1969, 6, 4, 6, 13, tzinfo=UTC))
    endless = Session(4, datetime(2024, 6, 5, 6, 13, tzinfo=UTC), moving_s=1e8)
    export = write_export(tmp_path / "export_1.zip", [good, far, early, endless])
    result = bring(store, export)
    rows = store.read(ACTIVITY, store.runner().athlete_id)
    assert rows.select("source_id", "moving_s").rows() == [("1", 3500.0), ("4", None)]
    refused = {one.path: one.reason for one in result.skipped}
    assert set(refused) == {"activity 2", "activity 3"}
    assert "1970-01-01" in refused["activity 3"]
    assert any("the moving time" in one.reason for one in result.notes)
