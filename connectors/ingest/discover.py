"""What stands under some paths: tables to store and recordings to decode, before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from connectors.archive import Archive, open_archive
from connectors.errors import AmbiguousDates, SourceError, UnknownFile
from connectors.formats.lifting_tables import LiftingLog, WeightUnit, is_lifting_log, parse_lifting
from connectors.formats.runkeeper_list import parse_list
from connectors.frames import ACTIVITY, SHOE, SYMPTOM
from connectors.gunzip import TABLE_BYTES
from connectors.ingest.decode import DecodeTask
from connectors.ingest.diary_csv import parse_diary
from connectors.ingest.export_account import export_account
from connectors.ingest.file_kinds import file_kind
from connectors.ingest.garmin import GarminAccount
from connectors.ingest.import_holds import ExportListing
from connectors.ingest.takeouts import RUNKEEPER_LIST, Contents, collapse_repeats, is_recording, sort_contents
from connectors.plural import count
from connectors.recordings.true_time import still_to_come
from connectors.source import SUMMARY_USED, Skipped, source_name
from connectors.strava.export.reader import StravaExport, is_export, read_export
from connectors.written_dates import DateQuestion, DayFirst, answer

FEW_ABSENT = 10
"""Recordings that are named and not there are listed one by one up to so many."""
FEW_FILES = 5


@dataclass
class ImportPlan:
    """What an import will bring in."""

    activities: pl.DataFrame = field(default_factory=ACTIVITY.empty)
    shoes: pl.DataFrame = field(default_factory=SHOE.empty)
    symptoms: pl.DataFrame = field(default_factory=SYMPTOM.empty)
    beside: dict[str, pl.DataFrame] = field(default_factory=dict)
    tasks: list[DecodeTask] = field(default_factory=list)
    listings: list[ExportListing] = field(default_factory=list)
    logs: list[LiftingLog] = field(default_factory=list)
    garmin: GarminAccount = field(default_factory=GarminAccount)
    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    weights: WeightUnit | None = None
    day_first: DayFirst = None
    questions: list[DateQuestion] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[Skipped] = field(default_factory=list)
    unknown_sports: Counter[str] = field(default_factory=Counter)


def discover(
    paths: Sequence[Path],
    athlete_id: int,
    fetched_utc: datetime,
    day_first: DayFirst = None,
    weights: WeightUnit | None = None,
) -> ImportPlan:
    """Look through paths without decoding any recording.

    An export is told by its `activities.csv`, a diary by its header, a recording by its content.
    """
    plan = ImportPlan(weights=weights, day_first=day_first)
    exports: list[StravaExport] = []
    for path in paths:
        _look(path, athlete_id, fetched_utc, plan, exports)
    # Of several exports of one account the one that reaches furthest was asked for last, and wins.
    exports.sort(key=lambda export: export.activities["start_utc"].max() or fetched_utc)
    plan.activities = pl.concat([plan.activities, *(e.activities for e in exports)])
    for export in exports:
        plan.texts |= export.texts
    plan.shoes = pl.concat(
        [plan.shoes, *(e.shoes for e in exports), plan.garmin.shoes(athlete_id, fetched_utc)]
    )
    plan.skipped += plan.garmin.skipped
    return plan


def find_date_questions(paths: Sequence[Path]) -> list[DateQuestion]:
    """Return what an import of these paths would have to ask about day and month; nothing is stored."""
    return discover(paths, 1, datetime.now(UTC)).questions


def _look(
    path: Path, athlete_id: int, fetched_utc: datetime, plan: ImportPlan, exports: list[StravaExport]
) -> None:
    try:
        _open(path, athlete_id, fetched_utc, plan, exports)
    except AmbiguousDates as error:
        question = replace(error.question, path=source_name(path), key=str(path), file=path)
        plan.questions.append(question)
        plan.skipped.append(Skipped(source_name(path), str(error)))
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
    contents = sort_contents(archive, inside_folder=path.is_dir())
    for name in contents.zips:
        _look(path / name, athlete_id, fetched_utc, plan, exports)
    sports = _listed_sports(archive, contents, plan)
    for name in contents.tables:
        if path.is_dir() and name.lower().endswith(".csv"):
            _look(path / name, athlete_id, fetched_utc, plan, exports)
        else:
            _take_table(archive, name, athlete_id, fetched_utc, plan)
    plan.garmin.take(archive, contents.summaries)
    plan.tasks += [
        DecodeTask(
            path,
            name,
            athlete_id,
            start_utc=contents.begins.get(name),
            sport=sports.get(source_name(name).lower()),
        )
        for name in contents.recordings
    ]
    plan.skipped += contents.skipped(source_name(path))
    if not archive.names():
        plan.skipped.append(Skipped(source_name(path), "Holds no file that could be read."))


def _take_export(
    archive: Archive, path: Path, athlete_id: int, fetched_utc: datetime, plan: ImportPlan
) -> StravaExport:
    export = read_export(archive, athlete_id, fetched_utc, answer(plan.day_first, str(archive.path)))
    plan.listings.append(
        ExportListing(export_account(archive), frozenset(export.activities["source_id"].to_list()))
    )
    plan.skipped += export.skipped
    plan.notes += export.notes
    plan.unknown_sports.update(export.unknown_sports)
    export = _until_now(export, fetched_utc, plan)
    listed = export.activities.filter(pl.col("file_name").is_not_null())
    activities = listed.select("file_name", "activity_id", "start_utc", "elapsed_s", "distance_m")
    rows = list(activities.iter_rows())
    absent = [name for name, *_ in rows if not archive.holds(name)]
    if absent and len(absent) == len(rows):
        none = "The one recording" if len(rows) == 1 else f"None of the {len(rows):,} recordings"
        reason = f"{none} it names is {'not ' if len(rows) == 1 else ''}beside it; {SUMMARY_USED[1]}"
        plan.skipped.append(Skipped(source_name(path), reason))
    elif len(absent) > FEW_ABSENT:
        reason = f"{len(absent):,} of the {len(rows):,} recordings it names are not beside it; "
        plan.skipped.append(Skipped(source_name(path), f"{reason}{SUMMARY_USED[1]}"))
    else:
        plan.skipped += [Skipped(n, f"Not in the export; {SUMMARY_USED[0]}") for n in absent]
    for name, activity_id, start, elapsed, metres in rows:
        if archive.holds(name) and is_recording(name):
            task = DecodeTask(
                path, name, athlete_id, activity_id, start, elapsed_s=elapsed, distance_m=metres
            )
            plan.tasks.append(task)
        elif archive.holds(name):
            plan.skipped.append(Skipped(name, f"Recordings of this kind cannot be read; {SUMMARY_USED[0]}"))
    return export


def _until_now(export: StravaExport, now: datetime, plan: ImportPlan) -> StravaExport:
    """Leave out rows that are still to come, and say which."""
    reasons = [still_to_come(start, now) for start in export.activities["start_utc"]]
    ids = export.activities["source_id"].to_list()
    plan.skipped += [
        Skipped(f"activity {one}", why) for one, why in zip(ids, reasons, strict=True) if why is not None
    ]
    known = pl.Series([why is None for why in reasons], dtype=pl.Boolean)
    return replace(export, activities=export.activities.filter(known))


def _listed_sports(archive: Archive, contents: Contents, plan: ImportPlan) -> dict[str, str]:
    """Sports of recordings by their file name, as Runkeeper's list says; the list is then taken from the tables."""
    sports: dict[str, str] = {}
    lists = [name for name in contents.tables if name.lower().endswith(RUNKEEPER_LIST)]
    for name in lists if contents.recordings else ():
        try:
            listed = parse_list(archive.read(name), name)
        except SourceError as error:
            plan.skipped.append(Skipped(name, str(error)))
            continue
        contents.tables.remove(name)
        sports |= listed.sports
        if listed.without_gpx:
            plan.skipped.append(Skipped(name, _without_gpx(listed.without_gpx)))
    return sports


def _without_gpx(sessions: list[str]) -> str:
    names = ", ".join(sessions[:FEW_FILES]) + (", …" if len(sessions) > FEW_FILES else "")
    many = count(len(sessions), "session has", "sessions have")
    return f"{many} no GPX file, so no recording came in ({names}). Add what counts on the Runs page."


def _take_log(data: bytes, name: str, plan: ImportPlan, today: date, day_first: bool | None) -> None:
    log = parse_lifting(data, name, today, plan.weights, day_first)
    plan.logs.append(log)
    if not log.rows and not log.skipped:
        plan.skipped.append(Skipped(name, f"This log of {log.app} holds no set."))
    plan.skipped += collapse_repeats([Skipped(f"{name}, {row.path}", row.reason) for row in log.skipped])
    plan.notes += [Skipped(name, note) for note in log.notes]


def _place(archive: Archive, name: str) -> tuple[Path, str]:
    """What to import again for a member, and the key of an answer for it."""
    if archive.path.is_dir():
        return archive.path / name, str(archive.path / name)
    return archive.path, str(archive.path) if archive.path.name == name else f"{archive.path}|{name}"


def _take_table(
    archive: Archive, name: str, athlete_id: int, fetched_utc: datetime, plan: ImportPlan
) -> None:
    file, key = _place(archive, name)
    day_first = answer(plan.day_first, key)
    try:
        data = archive.read(name, TABLE_BYTES)
        content = file_kind(data, name.removesuffix(".gz"), is_whole=True)
        if content.reads_as != "table":
            raise UnknownFile(content.sentence(name))
        if is_lifting_log(data, source_name(name)):
            _take_log(data, source_name(name), plan, fetched_utc.date(), day_first)
            return
        diary = parse_diary(data, athlete_id, fetched_utc, source_name(name), day_first)
    except AmbiguousDates as error:
        plan.questions.append(replace(error.question, path=name, key=key, file=file))
        plan.skipped.append(Skipped(name, str(error)))
        return
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
