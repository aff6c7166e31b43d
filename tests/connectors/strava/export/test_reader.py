"""A whole export to frames."""

from __future__ import annotations

import csv
import math
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from export_writer import ERAS, LANGUAGES, Session, Shoe, activities_csv, write_export, write_members

from connectors.archive import Archive, open_archive
from connectors.errors import SourceError, UnknownFile
from connectors.frames import ACTIVITY, SHOE, checked, split
from connectors.source import stable_id
from connectors.strava.export.reader import StravaExport, is_export, read_export

NOW = datetime(2026, 1, 1, tzinfo=UTC)
START = datetime(2024, 6, 4, 18, 5, 11, tzinfo=UTC)
RUN = Session(
    11,
    START,
    gear_name="Old faithful",
    gear_id=20_828_549,
    file_name="activities/77.fit.gz",
    recording=b"fit",
)
RIDE = Session(12, START + timedelta(days=1), sport="Ride", gear_name="Merida", bike_id=13_172_574)
ODD = Session(13, START + timedelta(days=2), sport="Quidditch")
ALL = [RUN, RIDE, ODD]
PRIVATE = ("logins.csv", "messaging.json", "contacts.csv", "profile.csv", "bikes.csv", "media/1.jpg")
OTHERS = dict.fromkeys(PRIVATE, b"private")


class SpyArchive(Archive):
    """Remembers what was read."""

    def __init__(self, archive: Archive) -> None:
        super().__init__(archive.path, archive._members, archive.skipped)
        self.asked: list[str] = []

    def read(self, name: str, *arguments, **named) -> bytes:
        self.asked.append(name)
        return super().read(name, *arguments, **named)


def read(path: Path) -> StravaExport:
    return read_export(open_archive(path), 1, NOW)


def dated(export: StravaExport) -> pl.DataFrame:
    """As the import does once it knows the zone."""
    return export.activities.with_columns(local_date=pl.col("start_utc").dt.date())


def test_activities_keep_their_contract_once_they_have_a_local_date(tmp_path):
    export = read(write_export(tmp_path / "e.zip", ALL, shoes=[Shoe("Old faithful"), Shoe("New")]))
    frame = checked(dated(export), ACTIVITY)
    assert frame.columns == list(ACTIVITY.columns)
    assert export.activities["local_date"].null_count() == 3
    assert frame["source"].unique().to_list() == ["strava_export"]
    assert frame["source_id"].to_list() == ["11", "12", "13"]
    assert frame["activity_id"].to_list() == [stable_id(1, "strava_export", i) for i in ("11", "12", "13")]
    assert frame["file_name"].to_list() == ["activities/77.fit.gz", None, None]
    assert frame["fetched_utc"].unique().to_list() == [NOW]
    shoes = checked(export.shoes, SHOE)
    assert shoes["name"].to_list() == ["New", "Old faithful"]
    worn = shoes.filter(name="Old faithful")["shoe_id"].item()
    assert frame["shoe_id"].to_list() == [worn, None, None]
    assert export.gear_ids == {20_828_549: worn}


def test_cadence_is_steps_of_both_feet_and_only_on_foot(tmp_path):
    sessions = [
        replace(RUN, id=1, cadence_one_leg=85.0),
        replace(RUN, id=2, cadence_one_leg=165.8),
        replace(RIDE, id=3, cadence_one_leg=85.0),
        replace(RUN, id=4, cadence_one_leg=None),
        replace(RUN, id=5, sport="Walk", cadence_one_leg=55.0),
    ]
    frame = read(write_export(tmp_path / "e.zip", sessions)).activities.sort("source_id")
    assert frame["cadence_spm"].to_list() == [170, 165.8, None, None, 110]


def test_unknown_sports_are_kept_as_they_are_and_counted(tmp_path):
    export = read(
        write_export(tmp_path / "e.zip", [*ALL, replace(ODD, id=14), replace(ODD, id=15, sport="")])
    )
    assert export.activities.sort("source_id")["sport"].to_list() == [
        "Run",
        "Ride",
        "Quidditch",
        "Quidditch",
        "Unknown",
    ]
    assert export.unknown_sports == {"Quidditch": 2}


def test_numbers_that_cannot_be_become_unknown_and_are_said(tmp_path):
    sessions = [
        replace(RUN, id=1, descent_m=-36.9, heart_rate=3.1),
        replace(RUN, id=2, elapsed_s=791_508.0),
        replace(RUN, id=3, distance_m=-5.0, max_speed_mps=math.inf),
    ]
    export = read(write_export(tmp_path / "e.zip", sessions))
    good, rejected = split(dated(export), ACTIVITY)
    assert (good.height, rejected) == (3, [])
    assert good["descent_device_m"].to_list() == [None, 48, 48]
    assert good["heart_rate_bpm"].to_list() == [None, 150, 150]
    assert good["elapsed_s"].to_list() == [3_600, 791_508, 3_600]
    assert good["distance_m"].to_list() == [10_000, 10_000, None]
    assert good["max_speed_mps"].to_list() == [4.5, 4.5, None]
    assert any("the descent is not within 0 to 100,000 m" in note.reason for note in export.notes)


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_and_era_gives_the_same_account(tmp_path, language, era):
    export = read(write_export(tmp_path / "e.zip", [RUN, RIDE], language, era))
    assert export.activities["sport"].to_list() == ["Run", "Ride"]
    assert export.activities["start_utc"].to_list() == [RUN.start, RIDE.start]
    assert export.activities["distance_m"].to_list() == [10_000, 10_000]
    assert export.shoes["name"].to_list() == ["Old faithful"]
    assert export.activities["shoe_id"].null_count() == 1
    assert export.skipped == []


@pytest.mark.parametrize("folder", ["", "export_1/", "Downloads/export_1/"])
@pytest.mark.parametrize("name", ["e.zip", "unpacked"])
def test_a_folder_around_the_export_changes_nothing(tmp_path, name, folder):
    shoes = [Shoe("Old faithful", "ASICS", "GT")]
    plain = read(write_export(tmp_path / "plain.zip", ALL, shoes=shoes))
    archive = open_archive(write_export(tmp_path / name, ALL, shoes=shoes, folder=folder, others=OTHERS))
    assert is_export(archive)
    export = read_export(archive, 1, NOW)
    assert export.activities.equals(plain.activities)
    assert export.shoes.equals(plain.shoes)
    assert archive.read(export.activities["file_name"][0]) == b"fit"


def test_only_the_tables_are_opened(tmp_path):
    spy = SpyArchive(open_archive(write_export(tmp_path / "e.zip", ALL, shoes=[Shoe("A")], others=OTHERS)))
    assert is_export(spy)
    read_export(spy, 1, NOW)
    assert set(spy.asked) == {"activities.csv", "shoes.csv"}


def test_a_second_reading_gives_the_same(tmp_path):
    path = write_export(tmp_path / "e.zip", ALL, shoes=[Shoe("A")])
    assert read(path).activities.equals(read(path).activities)
    assert read(path).shoes.equals(read(path).shoes)


def test_the_order_of_rows_does_not_matter(tmp_path):
    one = read(write_export(tmp_path / "one.zip", ALL))
    other = read(write_export(tmp_path / "other.zip", ALL[::-1]))
    assert one.activities.equals(other.activities)


def test_several_exports_in_one_folder_are_one_account_and_the_later_wins(tmp_path):
    early = [replace(RUN, name="Before"), replace(RUN, id=10, start=START - timedelta(days=9))]
    late = [replace(RUN, name="After"), replace(RUN, id=99, start=START + timedelta(days=9))]
    write_export(tmp_path / "x" / "a_later", late)
    write_export(tmp_path / "x" / "b_earlier", early)
    export = read(tmp_path / "x")
    assert export.activities["source_id"].to_list() == ["10", "11", "99"]
    assert export.activities.filter(source_id="11")["name"].item() == "After"


def test_activities_csv_alone_is_an_export_without_recordings(tmp_path):
    path = tmp_path / "activities (1).csv"
    path.write_text(activities_csv(ALL), encoding="utf-8")
    archive = open_archive(path)
    assert is_export(archive)
    assert read_export(archive, 1, NOW).activities.height == 3
    assert not archive.holds("activities/77.fit.gz")


@pytest.mark.parametrize(
    "members",
    [
        {"run.fit": b"x"},
        {"Activities.csv": b"Activity Type,Date,Title\nRunning,2024-01-01,x\n"},
        {"a/b/c/activities.csv": activities_csv(ALL).encode()},
        {"activities.csv": b""},
    ],
)
def test_what_is_no_export_is_told_from_one(tmp_path, members):
    archive = open_archive(write_members(tmp_path / "e.zip", members))
    assert not is_export(archive)
    with pytest.raises(SourceError):
        read_export(archive, 1, NOW)


def test_a_broken_list_of_shoes_costs_only_itself(tmp_path):
    path = write_members(
        tmp_path / "e.zip", {"activities.csv": activities_csv(ALL).encode(), "shoes.csv": b""}
    )
    export = read(path)
    assert export.activities.height == 3
    assert export.shoes["name"].to_list() == ["Old faithful"]
    assert [note.path for note in export.notes] == ["shoes.csv"]


def test_an_export_without_activities_is_empty_and_keeps_its_shoes(tmp_path):
    export = read(write_export(tmp_path / "e.zip", [], shoes=[Shoe("A")]))
    assert export.activities.is_empty()
    assert export.activities.schema == ACTIVITY.schema
    assert export.shoes["name"].to_list() == ["A"]


SNAPSHOTS = ("20231107", "20231206", "resultados-20240122", "20240607", "20240902")


def real_tables(real_data: Path) -> list[Path]:
    folder = real_data / "strava_export"
    found = [*folder.glob("*/activities.csv"), *folder.glob("*/strava-at*.csv")]
    return sorted(path for path in found if "result-20230901" not in path.name)


@pytest.mark.real_data
def test_totals_of_every_real_export_are_its_second_block_s(real_data):
    tables = real_tables(real_data)
    assert len(tables) == 10
    for path in tables:
        frame = read(path).activities
        with path.open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream)
        repeated = [i for i, word in enumerate(header) if word == header[5]][1]
        for name, column in (
            ("elapsed_s", 5),
            ("moving_s", repeated + 1),
            ("distance_m", repeated + 2),
        ):
            expected = math.fsum(float(row[column]) for row in rows if row[column])
            assert math.isclose(math.fsum(frame[name].drop_nulls()), expected, rel_tol=1e-12), (path, name)
        assert sorted(frame["source_id"]) == sorted(row[0] for row in rows)
        named = sum(any(re.fullmatch(r"activities/\d+\..+", cell) for cell in row) for row in rows)
        assert frame["file_name"].count() == named
        good, rejected = split(frame.with_columns(local_date=pl.col("start_utc").dt.date()), ACTIVITY)
        assert (good.height, rejected) == (len(rows), [])


@pytest.mark.real_data
def test_real_exports_know_every_sport_and_skip_nothing(real_data):
    for path in real_tables(real_data):
        export = read(path)
        assert export.unknown_sports == {}
        assert export.skipped == []


@pytest.mark.real_data
def test_real_shoes_are_pairs_and_no_bikes(real_data):
    pairs = {}
    for path in real_tables(real_data):
        source = path.parent if path.name == "activities.csv" else path
        pairs[path.parent.name] = sorted(read(source).shoes["name"])
    assert pairs["slalom007+strava-running-analysis"] == ["ASICS GT 2000 I", "ASICS GT 2000 II"]
    assert pairs["Darixxxon+MyStravaAnalytics"] == [
        "HOKA Bondi 8 Błękit",
        "HOKA Clifton 9 Pomarańcz",
        "HOKA Mach 6 Biel",
    ]
    assert pairs["JoranVerspreet+2025_activities_dashboard"] == ["Mizuno Waverider 29"]
    assert "Skechers Speed Beast" in pairs["rodrigomaria+strava-data"]
    assert "Caloi 500" not in pairs["Bergolito+strava-atividades"]


@pytest.mark.real_data
def test_a_real_scraped_table_is_refused(real_data):
    path = next((real_data / "strava_export").glob("*/*result-20230901.csv"))
    assert not is_export(open_archive(path))
    with pytest.raises(UnknownFile):
        read(path)


@pytest.mark.real_data
def test_real_recordings_are_found_under_their_names(real_data):
    folder = real_data / "strava_export/slalom007+strava-running-analysis"
    archive = open_archive(folder)
    names = read_export(archive, 1, NOW).activities["file_name"].drop_nulls().to_list()
    assert len(names) == 237
    assert [name for name in names if not archive.holds(name)] == []
    assert archive.read(names[0])[8:12] == b".FIT"


@pytest.mark.real_data
def test_later_snapshots_of_one_account_update_it_by_id(real_data):
    folder = real_data / "strava_export/Bergolito+strava-atividades"
    kept: dict[str, tuple] = {}
    counted = []
    for snapshot in SNAPSHOTS:
        rows = read(next(folder.glob(f"*{snapshot}.csv"))).activities.rows_by_key("activity_id", unique=True)
        new = sum(key not in kept for key in rows)
        same = sum(kept.get(key) == row for key, row in rows.items())
        counted.append((new, len(rows) - new - same, same))
        kept |= rows
    assert [new for new, _, _ in counted] == [878, 27, 39, 105, 76]
    assert all(same > 0.7 * (same + updated) for _, updated, same in counted[1:])
    print(f"\nnew, updated, unchanged by snapshot: {counted}")


@pytest.mark.real_data
def test_a_real_export_packed_and_unpacked_is_the_same(real_data, tmp_path):
    folder = real_data / "strava_export/slalom007+strava-running-analysis"
    packed = shutil.make_archive(str(tmp_path / "export_1"), "zip", folder.parent, folder.name)
    assert read(Path(packed)).activities.equals(read(folder).activities)


@pytest.mark.parametrize(
    ("climb", "descent", "lowest", "highest", "kept"),
    [
        (10.9, 803.0, 15.6, 25.8, None),  # as one real export has it, on flat ground
        (10.9, 803.0, 15.6, 900.0, 803.0),
        (240.0, 0.0, 34.0, 108.0, None),
        (50.0, 48.0, None, None, 48.0),
        (50.0, 65.0, 10.0, 11.0, 65.0),
    ],
)
def test_a_descent_that_heights_contradict_is_unknown(tmp_path, climb, descent, lowest, highest, kept):
    heading, row = csv.reader(activities_csv([replace(RUN, ascent_m=climb, descent_m=descent)]).splitlines())
    anchor = heading.index(heading[5], 6)
    row[anchor + 7 : anchor + 9] = ["" if height is None else str(height) for height in (lowest, highest)]
    with (tmp_path / "activities.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([heading, row])
    export = read(tmp_path)
    assert export.activities["descent_device_m"].to_list() == [kept]
    assert export.activities["ascent_device_m"].to_list() == [climb]
    assert any("descent" in note.reason for note in export.notes) == (kept is None)
