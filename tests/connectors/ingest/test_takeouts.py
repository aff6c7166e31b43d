"""Takeouts of services: ZIPs inside a ZIP, recordings among a hundred other files, and what is said of the rest."""

from __future__ import annotations

import json
import os
import time
import zipfile
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from fit_writer import fit_run
from takeout_writer import START, fit_of_kind, fit_strength, garmin, summaries, summary, zip_bytes

from connectors.archive import open_archive
from connectors.frames import ACTIVITY, SHOE, STRENGTH
from connectors.ingest import takeouts
from connectors.ingest.pipeline import import_paths
from connectors.ingest.takeouts import collapse_repeats, service_of, sort_contents
from connectors.nested_zip import Allowance
from connectors.source import ImportResult, Skipped
from connectors.store import Store

FITNESS = "DI_CONNECT/DI-Connect-Fitness/runner@example.org_0_summarizedActivities.json"
GEAR = "DI_CONNECT/DI-Connect-Fitness/runner@example.org_gear.json"
RUN = fit_run(start=START, seconds=600)
METHODS = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]


def bring(store: Store, *paths: Path) -> ImportResult:
    return import_paths(store, store.runner(create=True).athlete_id, paths)


def activities(store: Store) -> pl.DataFrame:
    return store.read(ACTIVITY, store.runner().athlete_id).sort("start_utc")


def reasons(result: ImportResult) -> str:
    return " ".join(f"{one.path}: {one.reason}" for one in result.skipped)


@pytest.mark.parametrize("outer", METHODS)
@pytest.mark.parametrize("inner", METHODS)
def test_garmin_as_it_comes(store, tmp_path, outer, inner):
    later = fit_run(start=START + timedelta(days=1), seconds=600)
    members = {
        "a_1.fit": RUN,
        "a_2.fit": later,
        "a_3.fit": fit_of_kind(32),
        "a_4.fit": fit_of_kind(2),
        "a_5.txt": b"x",
    }
    path = garmin(
        tmp_path / "garmin.zip", members, {FITNESS: [], "customer_data/customer.json": {}}, outer, inner
    )
    result = bring(store, path)
    assert result.activities == {"new": 2, "updated": 0, "unchanged": 0}
    assert "1 FIT file of all-day monitoring" in reasons(result)
    assert "1 FIT file of settings" in reasons(result)
    assert "account data" in reasons(result)
    assert bring(store, path).activities == {"new": 0, "updated": 0, "unchanged": 2}


def test_the_made_up_takeout_of_the_reports(store, real_data):
    path = real_data / "reports" / "garmin_takeout" / "garmin.zip"
    assert bring(store, path).activities["new"] == 2


def test_thousands_of_other_files_are_a_few_lines(store, tmp_path):
    members = {f"m_{n}.fit": fit_of_kind((32, 2, 44, 49)[n % 4]) for n in range(400)}
    members |= {f"odd_{n}.fit": fit_of_kind(200) for n in range(30)} | {"run.fit": RUN}
    result = bring(store, garmin(tmp_path / "garmin.zip", members))
    assert result.activities["new"] == 1
    assert len(result.skipped) <= 6
    assert "100 FIT files of all-day monitoring" in reasons(result)
    assert "30 files" in reasons(result)


def test_five_thousand_members_are_listed_in_time(tmp_path):
    members = {f"m_{n}.fit": fit_of_kind(32) for n in range(4_990)} | {f"r_{n}.fit": RUN for n in range(10)}
    path = garmin(tmp_path / "garmin.zip", members, {FITNESS: summaries()})
    began = time.monotonic()
    contents = sort_contents(open_archive(path))
    assert time.monotonic() - began < 3
    assert len(contents.recordings) == 10
    assert len(contents.others["FIT files of all-day monitoring"]) == 4_990


def test_only_first_bytes_are_read_of_what_is_no_recording(tmp_path, monkeypatch):
    path = garmin(tmp_path / "garmin.zip", {"m.fit": fit_of_kind(32) + os.urandom(5_000)})
    archive = open_archive(path)
    monkeypatch.setattr(archive, "read", lambda *_: pytest.fail("a member was read whole"))
    sort_contents(archive)


def test_a_zip_three_deep_is_named_and_the_rest_read(store, tmp_path):
    deep = zip_bytes({"x.zip": zip_bytes({"x.fit": RUN}), "y.fit": RUN})
    (tmp_path / "a.zip").write_bytes(zip_bytes({"b.zip": deep}))
    result = bring(store, tmp_path / "a.zip")
    assert result.activities["new"] == 1
    assert "ZIP within a ZIP within a ZIP" in reasons(result)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("bad", [b"", b"no zip", b"PK\x03\x04 cut off"])
def test_a_damaged_inner_zip_costs_only_itself(store, tmp_path, bad, method):
    (tmp_path / "a.zip").write_bytes(zip_bytes({"bad.zip": bad, "y.fit": RUN}, method))
    result = bring(store, tmp_path / "a.zip")
    assert result.activities["new"] == 1
    assert "could not be opened" in reasons(result)


def test_an_inner_bomb_is_stopped_early(tmp_path):
    bomb = zip_bytes({"a.fit": bytes(200 << 20)}, zipfile.ZIP_STORED)
    (tmp_path / "a.zip").write_bytes(zip_bytes({"bomb.zip": bomb, "y.fit": RUN}))
    archive = open_archive(tmp_path / "a.zip")
    assert archive.names() == ("y.fit",)
    assert "unpacks to more" in archive.skipped[0].reason


def test_members_are_counted_over_all_inner_zips(tmp_path, monkeypatch):
    monkeypatch.setattr("connectors.archive.MOST_MEMBERS", 10)
    parts = {f"p{n}.zip": zip_bytes({f"{m}.fit": b"x" for m in range(4)}) for n in range(4)}
    (tmp_path / "a.zip").write_bytes(zip_bytes(parts))
    archive = open_archive(tmp_path / "a.zip")
    assert len(archive.names()) == 4
    assert sum("more members" in one.reason for one in archive.skipped) == 3


def test_what_inner_zips_unpack_to_is_counted_over_all(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "connectors.archive.Allowance", lambda members: Allowance(members, unpacked_bytes=60_000)
    )
    parts = {f"p{n}.zip": zip_bytes({"a.fit": os.urandom(40_000)}) for n in range(2)}
    (tmp_path / "a.zip").write_bytes(zip_bytes(parts))
    archive = open_archive(tmp_path / "a.zip")
    assert archive.names() == ("p0.zip/a.fit",)


def test_names_that_lead_outside_an_inner_zip_are_not_opened(tmp_path):
    (tmp_path / "a.zip").write_bytes(zip_bytes({"b.zip": zip_bytes({"../x.fit": RUN, "y.fit": RUN})}))
    assert open_archive(tmp_path / "a.zip").names() == ("b.zip/y.fit",)


def test_a_strava_export_inside_a_zip_is_read(store, tmp_path):
    from export_writer import Session, write_export

    run = Session(
        id=1,
        start=START,
        name="A run",
        distance_m=1800.0,
        moving_s=600.0,
        elapsed_s=600.0,
        file_name="activities/1.fit.gz",
        recording=RUN,
    )
    inner = write_export(tmp_path / "export_1.zip", [run])
    (tmp_path / "a.zip").write_bytes(zip_bytes({"export_1.zip": inner.read_bytes()}))
    result = bring(store, tmp_path / "a.zip")
    assert result.activities["new"] == 1
    assert activities(store)["source"].to_list() == ["strava_export"]
    assert activities(store)["sample_rows"].item() > 0


def test_many_inner_zips_are_read_by_workers(store, tmp_path):
    parts = {
        f"UploadedFiles_{n}.zip": zip_bytes(
            {f"{n}_{m}.fit": fit_run(start=START + timedelta(days=5 * n + m), seconds=60) for m in range(4)}
        )
        for n in range(3)
    }
    (tmp_path / "a.zip").write_bytes(zip_bytes(parts))
    assert bring(store, tmp_path / "a.zip").activities["new"] == 12


def test_summaries_give_name_feel_exertion_and_shoe(store, tmp_path):
    gear = [
        {
            "gearDTOS": [
                {
                    "gearPk": 7,
                    "gearTypeName": "Shoes",
                    "displayName": "Blue pair",
                    "gearStatusName": "active",
                },
                {"gearPk": 8, "gearTypeName": "Bike", "displayName": "Bike"},
            ],
            "gearActivityDTOs": {"7": [{"gearPk": 7, "activityId": 11}], "8": [{"activityId": 11}]},
        }
    ]
    said = summaries(
        summary(11, name="Morning Run", workoutRpe=40, workoutFeel=75, avgGroundContactBalance=49.4)
    )
    path = garmin(tmp_path / "garmin.zip", {"a.fit": RUN}, {FITNESS: said, GEAR: gear})
    result = bring(store, path)
    row = activities(store).row(0, named=True)
    assert activities(store).height == 1
    assert (row["name"], row["perceived_exertion_0_10"], row["feel_0_100"]) == ("Morning Run", 4.0, 75.0)
    assert row["contact_left_pct"] == 49.4
    (pair,) = store.read(SHOE, 1).iter_rows(named=True)
    assert (pair["name"], pair["shoe_id"]) == ("Blue pair", row["shoe_id"])
    assert result.activities["new"] == 1
    again = bring(store, path)
    assert again.activities == {"new": 0, "updated": 0, "unchanged": 1}


def test_a_session_without_its_recording_comes_in_by_its_summary(store, tmp_path):
    said = summaries(
        summary(11),
        summary(12, START + timedelta(days=1), name="Treadmill", activityType="treadmill_running"),
        summary(13, START + timedelta(days=2), parent=True),
    )
    path = garmin(tmp_path / "garmin.zip", {"a.fit": RUN}, {FITNESS: said})
    bring(store, path)
    rows = activities(store)
    assert rows["name"].to_list() == ["Session 11", "Treadmill"]
    assert rows["sport"].to_list() == ["Run", "Run"]
    assert rows["sample_rows"].to_list() == [601, None]
    assert rows["distance_m"].to_list() == [1800.0, 1800.0]
    assert bring(store, path).activities == {"new": 0, "updated": 0, "unchanged": 2}


def test_a_damaged_summary_costs_only_itself(store, tmp_path):
    path = garmin(tmp_path / "garmin.zip", {"a.fit": RUN})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(FITNESS, "[{")
        archive.writestr(GEAR, json.dumps([{"gearDTOS": [{"gearPk": None}], "gearActivityDTOs": {"1": [3]}}]))
    result = bring(store, path)
    assert result.activities["new"] == 1
    assert "damaged or cut off" in reasons(result)


def test_sets_of_a_watch_come_into_the_ledger(store, tmp_path):
    sets = [
        (1, 18, 12, 20.0),
        (1, 18, 10, None),
        (1, 15, 8, 0.0),
        (None, None, 5, None),
        (19, 43, None, None),
    ]
    (tmp_path / "s.fit").write_bytes(fit_strength(sets, feel=50))
    result = bring(store, tmp_path / "s.fit")
    rows = store.read(STRENGTH, 1).sort("source_id")
    assert result.beside["strength"]["new"] == 5
    assert rows["exercise"].to_list()[:3] == [
        "Two-leg heel raise",
        "Two-leg heel raise",
        "Single-leg heel raise",
    ]
    assert rows["repetitions"].to_list() == [12, 10, 8, 5, None]
    assert rows["load_kg"].to_list()[:3] == [20.0, None, 0.0]
    assert rows["hold_s"].to_list()[4] == 40.0
    assert rows["kind"].to_list()[0] == "slow_heavy"
    assert rows["date"].unique().to_list() == [START.date()]
    assert activities(store)["feel_0_100"].item() == 50
    assert bring(store, tmp_path / "s.fit").beside.get("strength", {"new": 0})["new"] == 0


def test_one_session_out_of_two_exports_is_in_the_ledger_once(store, tmp_path):
    data = fit_strength([(1, 18, 12, 20.0)])
    (tmp_path / "s.fit").write_bytes(data)
    (tmp_path / "t.fit").write_bytes(data + b"\0\0")
    bring(store, tmp_path / "s.fit", tmp_path / "t.fit")
    assert store.read(STRENGTH, 1).height == 1


@pytest.mark.parametrize(
    ("names", "title"),
    [
        (("DI_CONNECT/x.json",), "Garmin Connect"),
        (("apple_health_export/export.xml",), "Apple Health"),
        (("training-session-2019-03-01-123-abc.json",), "Polar Flow"),
        (("cardioActivities.csv", "a.gpx"), "Runkeeper"),
        (("runalyze-export/a.json",), "Runalyze"),
        (("COROS/a.fit",), "COROS"),
        (("suunto-export/a.json",), "Suunto"),
        (("i12345678.fit.gz",), "intervals.icu"),
        (("a.fit", "b.gpx"), None),
    ],
)
def test_services_are_told_by_their_names(names, title):
    found = service_of(names)
    assert (found.title if found else None) == title


@pytest.mark.parametrize(
    "members",
    [
        {
            "apple_health_export/workout-routes/route_1.gpx": b"<gpx/>",
            "apple_health_export/export.xml": b"<x/>",
            "apple_health_export/electrocardiograms/ecg_1.csv": b"Name,x\n",
        },
        {"COROS/1.fit": RUN, "COROS/user.json": b"{}"},
        {"suunto/1.fit": RUN, "suunto/sleep.json": b"{}"},
        {"runalyze/1.tcx": b"<TrainingCenterDatabase/>", "runalyze/backup.json": b"{}"},
        {"i12345678.fit.gz": RUN, "wellness.json": b"{}"},
    ],
)
def test_recordings_are_read_and_the_rest_named_with_counts(tmp_path, members):
    (tmp_path / "a.zip").write_bytes(zip_bytes(members))
    contents = sort_contents(open_archive(tmp_path / "a.zip"))
    assert len(contents.recordings) == 1
    assert len(contents.skipped("a.zip")) == len(contents.others) >= 1
    assert not contents.tables


def test_few_files_of_no_service_are_named_one_by_one(tmp_path):
    few = {f"{n}.jpg": b"\xff\xd8\xff" for n in range(3)} | {
        f"{n}.doc": b"x" for n in range(takeouts.FEW + 1)
    }
    (tmp_path / "a.zip").write_bytes(zip_bytes(few))
    lines = sort_contents(open_archive(tmp_path / "a.zip")).skipped("a.zip")
    assert len(lines) == 4
    assert any("21 .doc files" in line.reason for line in lines)


def test_reasons_that_repeat_are_counted():
    lines = collapse_repeats([Skipped(f"{n}.fit", "Same.") for n in range(21)] + [Skipped("b", "Other.")])
    assert [(one.path, one.reason) for one in lines] == [
        ("21 files, the first 0.fit", "Same."),
        ("b", "Other."),
    ]


def test_runkeepers_list_says_the_sport_and_what_has_no_recording(store, tmp_path):
    from datetime import UTC, datetime

    start = datetime(2026, 5, 4, 16, 0, tzinfo=UTC)
    times = [f"{start + timedelta(seconds=n):%Y-%m-%dT%H:%M:%SZ}" for n in range(120)]
    points = "".join(
        f'<trkpt lat="{52.5 + n * 1e-5}" lon="13.4"><time>{at}</time></trkpt>' for n, at in enumerate(times)
    )
    gpx = f'<gpx xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>{points}</trkseg></trk></gpx>'
    listed = (
        "Activity Id,Date,Type,Route Name,Distance (km),Duration,Notes,GPX File\n"
        "a,2026-05-04 18:00:00,Running,,0.13,2:00,,2026-05-04-180000.gpx\n"
        "b,2026-05-06 18:00:00,Running,,6.00,35:00,treadmill,\n"
    )
    members = {
        "cardioActivities.csv": listed.encode(),
        "2026-05-04-180000.gpx": gpx.encode(),
        "measurements.csv": b"Date,Type\n",
    }
    (tmp_path / "r.zip").write_bytes(zip_bytes(members))
    result = bring(store, tmp_path / "r.zip")
    assert activities(store)["sport"].to_list() == ["Run"]
    assert "1 session has no GPX file" in reasons(result)
    assert "2026-05-06 Running" in reasons(result)
    assert "body weight" in reasons(result)
