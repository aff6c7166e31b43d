"""What stands under some paths: tables to store and recordings to decode, before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

import polars as pl

from connectors import shelf
from connectors.archive import Archive, open_archive
from connectors.decoding import Task
from connectors.diary import is_diary, parse_diary
from connectors.errors import SourceError
from connectors.frames import ACTIVITY, SHOE, SYMPTOM
from connectors.recordings.true_time import still_to_come
from connectors.source import Skipped, source_name
from connectors.strava.export import Export, is_export, read_export


@dataclass
class Survey:
    """What an import will bring in.

    Parameters
    ----------
    activities, shoes, symptoms
        Frames under their contracts (activities without local dates yet).
    beside
        Sets, test results and events, by the name of their contract.
    tasks
        Recordings to decode.
    skipped, notes, unknown_sports
        For the reader.
    """

    activities: pl.DataFrame = field(default_factory=ACTIVITY.empty)
    shoes: pl.DataFrame = field(default_factory=SHOE.empty)
    symptoms: pl.DataFrame = field(default_factory=SYMPTOM.empty)
    beside: dict[str, pl.DataFrame] = field(default_factory=dict)
    tasks: list[Task] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[Skipped] = field(default_factory=list)
    unknown_sports: Counter[str] = field(default_factory=Counter)


def survey(paths: Sequence[Path], athlete_id: int, fetched_utc: datetime) -> Survey:
    """Look through paths without decoding any recording.

    Parameters
    ----------
    paths : sequence of Path
        Files and folders.
    athlete_id : int
        Whose they are.
    fetched_utc : datetime
        Aware, UTC: when the rows were brought in.

    Returns
    -------
    Survey
        Everything found; what cannot be read stands in `skipped` with its reason.

    Source
    ------
    ours: an export is told by its `activities.csv`, a diary by its header, a recording by its ending.
    """
    found = Survey()
    exports: list[Export] = []
    for path in paths:
        _look(path, athlete_id, fetched_utc, found, exports)
    # Of several exports of one account the one that reaches furthest was asked for last, and wins.
    exports.sort(key=lambda export: export.activities["start_utc"].max() or fetched_utc)
    found.activities = pl.concat([found.activities, *(e.activities for e in exports)])
    found.shoes = pl.concat([found.shoes, *(e.shoes for e in exports)])
    return found


def _look(path: Path, athlete_id: int, fetched_utc: datetime, found: Survey, exports: list[Export]) -> None:
    try:
        _open(path, athlete_id, fetched_utc, found, exports)
    except SourceError as error:
        found.skipped.append(Skipped(source_name(path), str(error)))


def _open(path: Path, athlete_id: int, fetched_utc: datetime, found: Survey, exports: list[Export]) -> None:
    archive = open_archive(path)
    found.skipped += archive.skipped
    if is_export(archive):
        exports.append(_take_export(archive, path, athlete_id, fetched_utc, found))
        return
    names = archive.names()
    for name in names:
        if path.is_dir() and name.lower().endswith((".zip", ".csv")):
            _look(path / name, athlete_id, fetched_utc, found, exports)
        elif name.lower().endswith(".csv"):
            _take_csv(archive, name, athlete_id, fetched_utc, found)
        elif _is_recording(name):
            found.tasks.append(Task(path, name, athlete_id))
        elif name.lower().endswith(".zip"):
            reason = "A ZIP within a ZIP is not opened; unpack the outer one, then import the inner one."
            found.skipped.append(Skipped(name, reason))
        else:
            found.skipped.append(Skipped(name, "No connector reads this kind of file; it was left out."))
    if not names:
        found.skipped.append(Skipped(source_name(path), "Holds no file that could be read."))


def _take_export(
    archive: Archive, path: Path, athlete_id: int, fetched_utc: datetime, found: Survey
) -> Export:
    export = read_export(archive, athlete_id, fetched_utc)
    found.skipped += export.skipped
    found.notes += export.notes
    found.unknown_sports.update(export.unknown_sports)
    export = _until_now(export, fetched_utc, found)
    listed = export.activities.filter(pl.col("file_name").is_not_null())
    told = listed.select("file_name", "activity_id", "start_utc", "elapsed_s", "distance_m")
    rows = list(told.iter_rows())
    absent = [name for name, *_ in rows if not archive.holds(name)]
    if absent and len(absent) == len(rows):
        reason = f"None of the {len(rows)} recordings it names is beside it; their summaries were kept."
        found.skipped.append(Skipped(source_name(path), reason))
    else:
        found.skipped += [
            Skipped(n, "Named in activities.csv, but not there; its summary was kept.") for n in absent
        ]
    for name, activity_id, start, elapsed, metres in rows:
        if archive.holds(name) and _is_recording(name):
            task = Task(path, name, athlete_id, activity_id, start, None, elapsed, metres)
            found.tasks.append(task)
        elif archive.holds(name):
            found.skipped.append(
                Skipped(name, "No connector reads this kind of recording; its summary was kept.")
            )
    return export


def _until_now(export: Export, now: datetime, found: Survey) -> Export:
    """Leave out rows that are still to come, and say which."""
    reasons = [still_to_come(start, now) for start in export.activities["start_utc"]]
    ids = export.activities["source_id"].to_list()
    found.skipped += [
        Skipped(f"activity {one}", why) for one, why in zip(ids, reasons, strict=True) if why is not None
    ]
    known = pl.Series([why is None for why in reasons], dtype=pl.Boolean)
    return replace(export, activities=export.activities.filter(known))


def _take_csv(archive: Archive, name: str, athlete_id: int, fetched_utc: datetime, found: Survey) -> None:
    try:
        data = archive.read(name)
        if not is_diary(data[:4096]):
            found.skipped.append(
                Skipped(name, "A table without the diary's header (it needs a date column).")
            )
            return
        diary = parse_diary(data, athlete_id, fetched_utc)
    except SourceError as error:
        found.skipped.append(Skipped(name, str(error)))
        return
    if not diary.symptoms.height + sum(map(len, diary.beside.values())) and not diary.skipped:
        found.skipped.append(Skipped(name, "This diary has its header, and no entry below it."))
    found.symptoms = pl.concat([found.symptoms, diary.symptoms])
    for kind, rows in diary.beside.items():
        found.beside[kind] = pl.concat([found.beside.get(kind, rows.clear()), rows])
    found.skipped += [Skipped(f"{name}, {row.path}", row.reason) for row in diary.skipped]
    found.notes += [Skipped(name, warning) for warning in diary.warnings]


def _is_recording(name: str) -> bool:
    plain = PurePosixPath(name.lower().removesuffix(".gz"))
    return any(plain.suffix in source.suffixes for source in shelf())
