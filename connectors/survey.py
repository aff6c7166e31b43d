"""What stands under some paths: tables to store and recordings to decode, before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import polars as pl

from connectors import shelf
from connectors.archive import TABLE_BYTES, Archive, open_archive
from connectors.decoding import Task
from connectors.diary import parse_diary
from connectors.errors import AmbiguousDates, SourceError, UnknownFile
from connectors.frames import ACTIVITY, SHOE, SYMPTOM
from connectors.ingest.file_kinds import HEAD_BYTES, file_kind
from connectors.source import Skipped, source_name
from connectors.strava.export import Export, is_export, read_export
from connectors.tables import ENDINGS
from connectors.written_dates import DateQuestion, DayFirst, answer


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
    day_first, questions
        Answers given on day and month of tables that leave it open, and the questions without an answer.
    skipped, notes, unknown_sports
        For the reader.
    """

    activities: pl.DataFrame = field(default_factory=ACTIVITY.empty)
    shoes: pl.DataFrame = field(default_factory=SHOE.empty)
    symptoms: pl.DataFrame = field(default_factory=SYMPTOM.empty)
    beside: dict[str, pl.DataFrame] = field(default_factory=dict)
    tasks: list[Task] = field(default_factory=list)
    day_first: DayFirst = None
    questions: list[DateQuestion] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[Skipped] = field(default_factory=list)
    unknown_sports: Counter[str] = field(default_factory=Counter)


def survey(
    paths: Sequence[Path], athlete_id: int, fetched_utc: datetime, day_first: DayFirst = None
) -> Survey:
    """Look through paths without decoding any recording.

    Parameters
    ----------
    paths : sequence of Path
        Files and folders.
    athlete_id : int
        Whose they are.
    fetched_utc : datetime
        Aware, UTC: when the rows were brought in.
    day_first : bool, mapping of str to bool, or None
        The answer where the dates of a table leave day and month open: one for all, or one for each question's key.

    Returns
    -------
    Survey
        Everything found; what cannot be read stands in `skipped` with its reason.

    Source
    ------
    ours: an export is told by its `activities.csv`, a diary by its header, a recording by its content.
    """
    found = Survey(day_first=day_first)
    exports: list[Export] = []
    for path in paths:
        _look(path, athlete_id, fetched_utc, found, exports)
    # Of several exports of one account the one that reaches furthest was asked for last, and wins.
    exports.sort(key=lambda export: export.activities["start_utc"].max() or fetched_utc)
    found.activities = pl.concat([found.activities, *(e.activities for e in exports)])
    found.shoes = pl.concat([found.shoes, *(e.shoes for e in exports)])
    return found


def find_date_questions(paths: Sequence[Path]) -> list[DateQuestion]:
    """Give what an import of these paths would have to ask about day and month; nothing is stored."""
    return survey(paths, 1, datetime.now(UTC)).questions


def _look(path: Path, athlete_id: int, fetched_utc: datetime, found: Survey, exports: list[Export]) -> None:
    try:
        _open(path, athlete_id, fetched_utc, found, exports)
    except AmbiguousDates as error:
        question = replace(error.question, path=source_name(path), key=str(path), file=path)
        found.questions.append(question)
        found.skipped.append(Skipped(source_name(path), str(error)))
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
            continue
        reads_as, reason = _kind(archive, name)
        if reads_as == "zip" and path.is_dir():
            _look(path / name, athlete_id, fetched_utc, found, exports)
        elif reads_as == "table":
            _take_table(archive, name, athlete_id, fetched_utc, found)
        elif reads_as == "recording":
            found.tasks.append(Task(path, name, athlete_id))
        else:
            found.skipped.append(Skipped(name, reason))
    if not names:
        found.skipped.append(Skipped(source_name(path), "Holds no file that could be read."))


def _take_export(
    archive: Archive, path: Path, athlete_id: int, fetched_utc: datetime, found: Survey
) -> Export:
    export = read_export(archive, athlete_id, fetched_utc, answer(found.day_first, str(archive.path)))
    found.skipped += export.skipped
    found.notes += export.notes
    found.unknown_sports.update(export.unknown_sports)
    listed = export.activities.filter(pl.col("file_name").is_not_null())
    rows = list(listed.select("file_name", "activity_id", "start_utc").iter_rows())
    absent = [name for name, _, _ in rows if not archive.holds(name)]
    if absent and len(absent) == len(rows):
        reason = f"None of the {len(rows)} recordings it names is beside it; their summaries were kept."
        found.skipped.append(Skipped(source_name(path), reason))
    else:
        found.skipped += [
            Skipped(n, "Named in activities.csv, but not there; its summary was kept.") for n in absent
        ]
    for name, activity_id, start in rows:
        if archive.holds(name) and _is_recording(name):
            found.tasks.append(Task(path, name, athlete_id, activity_id, start))
        elif archive.holds(name):
            found.skipped.append(
                Skipped(name, "No connector reads this kind of recording; its summary was kept.")
            )
    return export


def _kind(archive: Archive, name: str) -> tuple[str, str]:
    """Which reader takes a member (recording, table, zip or none), and why none does."""
    head = archive.peek(name, HEAD_BYTES)
    kind = file_kind(head, name.removesuffix(".gz"))
    if kind.reads_as == "zip":
        inner = "A ZIP within a ZIP is not opened; unpack the outer one, then import the inner one."
        is_table = PurePosixPath(name.lower()).suffix in ENDINGS
        return ("table", "") if is_table else ("zip", inner)
    if kind.reads_as == "table":
        return "table", ""
    if kind.reads_as or (not head and _is_recording(name)):
        return "recording", ""
    return "", kind.sentence(name)


def _place(archive: Archive, name: str) -> tuple[Path, str]:
    """What to import again for a member, and the key of an answer for it."""
    if archive.path.is_dir():
        return archive.path / name, str(archive.path / name)
    return archive.path, str(archive.path) if archive.path.name == name else f"{archive.path}|{name}"


def _take_table(archive: Archive, name: str, athlete_id: int, fetched_utc: datetime, found: Survey) -> None:
    file, key = _place(archive, name)
    try:
        data = archive.read(name, TABLE_BYTES)
        content = file_kind(data, name.removesuffix(".gz"), is_whole=True)
        if content.reads_as != "table":
            raise UnknownFile(content.sentence(name))
        diary = parse_diary(data, athlete_id, fetched_utc, source_name(name), answer(found.day_first, key))
    except AmbiguousDates as error:
        found.questions.append(replace(error.question, path=name, key=key, file=file))
        found.skipped.append(Skipped(name, str(error)))
        return
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
