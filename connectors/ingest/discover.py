"""What stands under some paths: tables to store and recordings to decode, before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

import polars as pl

from connectors import file_formats
from connectors.archive import Archive, open_archive
from connectors.errors import SourceError
from connectors.frames import ACTIVITY, SHOE, SYMPTOM
from connectors.ingest.decode import DecodeTask
from connectors.ingest.diary_csv import is_diary, parse_diary
from connectors.source import Skipped, source_name
from connectors.strava.export.reader import StravaExport, is_export, read_export


@dataclass
class ImportPlan:
    """What an import will bring in."""

    activities: pl.DataFrame = field(default_factory=ACTIVITY.empty)
    shoes: pl.DataFrame = field(default_factory=SHOE.empty)
    symptoms: pl.DataFrame = field(default_factory=SYMPTOM.empty)
    beside: dict[str, pl.DataFrame] = field(default_factory=dict)
    tasks: list[DecodeTask] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[Skipped] = field(default_factory=list)
    unknown_sports: Counter[str] = field(default_factory=Counter)


def discover(paths: Sequence[Path], athlete_id: int, fetched_utc: datetime) -> ImportPlan:
    """Look through paths without decoding any recording.

    An export is told by its `activities.csv`, a diary by its header, a recording by its ending.
    """
    found = ImportPlan()
    exports: list[StravaExport] = []
    for path in paths:
        _look(path, athlete_id, fetched_utc, found, exports)
    # Of several exports of one account the one that reaches furthest was asked for last, and wins.
    exports.sort(key=lambda export: export.activities["start_utc"].max() or fetched_utc)
    found.activities = pl.concat([found.activities, *(e.activities for e in exports)])
    found.shoes = pl.concat([found.shoes, *(e.shoes for e in exports)])
    return found


def _look(
    path: Path, athlete_id: int, fetched_utc: datetime, plan: ImportPlan, exports: list[StravaExport]
) -> None:
    try:
        _open(path, athlete_id, fetched_utc, plan, exports)
    except SourceError as error:
        plan.skipped.append(Skipped(source_name(path), str(error)))


def _open(
    path: Path, athlete_id: int, fetched_utc: datetime, plan: ImportPlan, exports: list[StravaExport]
) -> None:
    archive = open_archive(path)
    plan.skipped += archive.skipped
    if is_export(archive):
        exports.append(_take_export(archive, path, athlete_id, fetched_utc, plan))
        return
    names = archive.names()
    for name in names:
        if path.is_dir() and name.lower().endswith((".zip", ".csv")):
            _look(path / name, athlete_id, fetched_utc, plan, exports)
        elif name.lower().endswith(".csv"):
            _take_csv(archive, name, athlete_id, fetched_utc, plan)
        elif _is_recording(name):
            plan.tasks.append(DecodeTask(path, name, athlete_id))
        elif name.lower().endswith(".zip"):
            reason = "A ZIP within a ZIP is not opened; unpack the outer one, then import the inner one."
            plan.skipped.append(Skipped(name, reason))
        else:
            plan.skipped.append(Skipped(name, "No connector reads this kind of file; it was left out."))
    if not names:
        plan.skipped.append(Skipped(source_name(path), "Holds no file that could be read."))


def _take_export(
    archive: Archive, path: Path, athlete_id: int, fetched_utc: datetime, plan: ImportPlan
) -> StravaExport:
    export = read_export(archive, athlete_id, fetched_utc)
    plan.skipped += export.skipped
    plan.notes += export.notes
    plan.unknown_sports.update(export.unknown_sports)
    listed = export.activities.filter(pl.col("file_name").is_not_null())
    rows = list(listed.select("file_name", "activity_id", "start_utc").iter_rows())
    absent = [name for name, _, _ in rows if not archive.holds(name)]
    if absent and len(absent) == len(rows):
        reason = f"None of the {len(rows)} recordings it names is beside it; their summaries were kept."
        plan.skipped.append(Skipped(source_name(path), reason))
    else:
        plan.skipped += [
            Skipped(n, "Named in activities.csv, but not there; its summary was kept.") for n in absent
        ]
    for name, activity_id, start in rows:
        if archive.holds(name) and _is_recording(name):
            plan.tasks.append(DecodeTask(path, name, athlete_id, activity_id, start))
        elif archive.holds(name):
            plan.skipped.append(
                Skipped(name, "No connector reads this kind of recording; its summary was kept.")
            )
    return export


def _take_csv(archive: Archive, name: str, athlete_id: int, fetched_utc: datetime, plan: ImportPlan) -> None:
    try:
        data = archive.read(name)
        if not is_diary(data[:4096]):
            plan.skipped.append(Skipped(name, "A table without the diary's header (it needs a date column)."))
            return
        diary = parse_diary(data, athlete_id, fetched_utc)
    except SourceError as error:
        plan.skipped.append(Skipped(name, str(error)))
        return
    if not diary.symptoms.height + sum(map(len, diary.beside.values())) and not diary.skipped:
        plan.skipped.append(Skipped(name, "This diary has its header, and no entry below it."))
    plan.symptoms = pl.concat([plan.symptoms, diary.symptoms])
    for kind, rows in diary.beside.items():
        plan.beside[kind] = pl.concat([plan.beside.get(kind, rows.clear()), rows])
    plan.skipped += [Skipped(f"{name}, {row.path}", row.reason) for row in diary.skipped]
    plan.notes += [Skipped(name, warning) for warning in diary.warnings]


def _is_recording(name: str) -> bool:
    plain = PurePosixPath(name.lower().removesuffix(".gz"))
    return any(plain.suffix in source.suffixes for source in file_formats())
