"""A run over a cohort: who is in it, on which engine, and the manifest when all are done. Safe to cut off anywhere."""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from connectors import __version__
from connectors.csv_text import write_rows
from connectors.errors import HeelwiseError
from connectors.source import Progress, silent
from connectors.store.file_lock import exclusive_lock
from dashboard.cohort.athlete import AthleteTask, scratch_parent, sweep_scratch
from dashboard.cohort.columns import COHORT_TABLES, SCHEMA_VERSION
from dashboard.cohort.output import (
    MANIFEST_NAME,
    RUN_NAME,
    TABLE_NAMES,
    TIMES_NAME,
    WORK_NAME,
    AthleteNote,
    json_bytes,
    manifest_bytes,
    read_note,
    remove_left_over,
    write_atomically,
    write_tables,
)
from dashboard.cohort.participants import Participant, read_participants
from dashboard.cohort.reasons import REASONS
from dashboard.cohort.study_key import StudyKey, open_key
from dashboard.cohort.tables import refusal_tables
from dashboard.cohort.worker import AthleteDone, process_athlete, refuse_athlete, stopped_by
from dashboard.model.settings import MODEL_VERSION, ModelSettings

PRIVATE_NAME = "private"
UNDER_WAY = "Another run writes to DEST. Nothing was changed; wait until it has ended."
Process = Callable[[AthleteTask], AthleteDone]
Engine = Callable[[Sequence[AthleteTask], Process, Process], Iterator[AthleteDone]]


@dataclass(frozen=True)
class CohortPlan:
    """What a run was asked for, with every path absolute."""

    source: Path
    folder: Path
    key_file: Path
    resume: bool = False
    shift_dates: bool = False


@dataclass
class CohortResult:
    """What a run did."""

    athletes: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    resumed: int = 0
    key_made: bool = False
    was_finished: bool = False
    private: Path = Path()
    peak_bytes: int = 0
    seconds: float = 0.0


def run_cohort(plan: CohortPlan, engine: Engine, progress: Progress = silent) -> CohortResult:
    """Analyse every athlete of a folder into the tables of another; a failure of one is a row of refusals."""
    try:
        _refuse_places(plan)
        people = read_participants(plan.source)
        place = hashlib.sha256(bytes(plan.folder.resolve())).hexdigest()
        with exclusive_lock(scratch_parent() / f"run-{place[:16]}.lock", UNDER_WAY, wait_s=0.0):
            return _run(plan, people, engine, progress)
    except OSError as error:
        raise stopped_by(error) from None


def _run(plan: CohortPlan, people: Sequence[Participant], engine: Engine, progress: Progress) -> CohortResult:
    began, started = time.monotonic(), datetime.now(UTC)
    is_begun = _refuse_destination(plan)
    key, made = open_key(plan.key_file)
    tasks = _tasks(plan, people, key)
    head = _head(plan, key)
    result = CohortResult(key_made=made, private=_write_private(plan, people, key))
    if is_begun:
        _refuse_other_run(plan, head, {task.athlete for task in tasks})
        if _is_finished(plan):
            shutil.rmtree(plan.folder / WORK_NAME, ignore_errors=True)
            result.was_finished = True
    if not result.was_finished:
        write_atomically(plan.folder / WORK_NAME / RUN_NAME, json_bytes(head))
        _process(plan, tasks, engine, progress, result)
        notes = _settle(plan, [task.athlete for task in tasks])
        _write_manifest(plan, head, notes, started, began)
    _count(plan, result)
    sweep_scratch(scratch_parent())
    result.seconds = time.monotonic() - began
    return result


def _process(
    plan: CohortPlan, tasks: Sequence[AthleteTask], engine: Engine, progress: Progress, result: CohortResult
) -> None:
    process = partial(process_athlete, folder=plan.folder)
    ended = partial(refuse_athlete, folder=plan.folder, reason="worker_ended")
    progress(0, len(tasks), "athletes")
    for number, done in enumerate(engine(tasks, process, ended), start=1):
        result.resumed += done.was_there
        result.peak_bytes = max(result.peak_bytes, done.peak_bytes)
        progress(number, len(tasks), "athletes")


def _refuse_places(plan: CohortPlan) -> None:
    """Refuse places of which one would read or give away the other."""
    source, folder, key = (path.resolve() for path in (plan.source, plan.folder, plan.key_file))
    private = key.parent / PRIVATE_NAME
    if "athletes" in (_read_json(source / MANIFEST_NAME) or {}) or (source / WORK_NAME / RUN_NAME).exists():
        raise HeelwiseError(
            "SRC holds the tables of a cohort and no exports. Nothing was written; SRC stands first, DEST after --out."
        )
    if folder.is_relative_to(source) or source.is_relative_to(folder):
        raise HeelwiseError(
            "SRC and DEST lie in each other. Nothing was written; give DEST a place of its own."
        )
    if any(one.is_relative_to(place) for one in (key, private) for place in (folder, source)):
        raise HeelwiseError(
            f"The key file, or `{PRIVATE_NAME}/` beside it, lies in SRC or in DEST, which are handed on. Nothing was "
            "written; give --key-file another place."
        )


def _refuse_destination(plan: CohortPlan) -> bool:
    """Return whether a run of this folder was begun before; refuse what is not asked for."""
    work = plan.folder / WORK_NAME / RUN_NAME
    if not plan.folder.exists() or (plan.folder.is_dir() and _is_bare(plan.folder, work)):
        return False
    if not (work.is_file() or (plan.folder / MANIFEST_NAME).is_file()):
        raise HeelwiseError(
            "DEST is there and is not a cohort. Nothing was written; give a folder that is not there yet."
        )
    if not plan.resume:
        raise HeelwiseError(
            "DEST holds a cohort. Nothing was changed; go on with it by --resume, or give another folder."
        )
    return True


def _is_bare(folder: Path, work: Path) -> bool:
    """Whether a folder is empty, or was left by a run that was cut off before it wrote what it was."""
    return {path.name for path in folder.iterdir()} <= {WORK_NAME} and not work.exists()


def _refuse_other_run(plan: CohortPlan, head: dict[str, Any], athletes: set[str]) -> None:
    """Go on only with the key, versions and settings that the run was begun with."""
    there = _read_json(plan.folder / WORK_NAME / RUN_NAME) or _read_json(plan.folder / MANIFEST_NAME) or {}
    other = sorted(name for name in head if there.get(name) != head[name])
    if other:
        raise HeelwiseError(
            f"DEST was begun with another {', another '.join(other)}. Nothing was changed; run it as it was begun, or "
            "give another folder."
        )
    if _is_finished(plan) and set(there.get("athletes", athletes)) != athletes:
        raise HeelwiseError(
            "DEST is finished, and SRC holds other athletes than it. Nothing was changed; give another folder."
        )


def _is_finished(plan: CohortPlan) -> bool:
    return (plan.folder / MANIFEST_NAME).is_file()


def _read_json(path: Path) -> dict[str, Any] | None:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return values if isinstance(values, dict) else None


def _head(plan: CohortPlan, key: StudyKey) -> dict[str, Any]:
    """What must be the same for the tables to be the same."""
    return {
        "heelwise": __version__,
        "model": MODEL_VERSION,
        "tables": SCHEMA_VERSION,
        "polars": pl.__version__,
        "python": ".".join(platform.python_version_tuple()[:2]),
        "settings": asdict(ModelSettings()),
        "shift_dates": plan.shift_dates,
        "key": key.check(),
    }


def _tasks(plan: CohortPlan, people: Sequence[Participant], key: StudyKey) -> list[AthleteTask]:
    tasks = [
        AthleteTask(
            athlete=name,
            files=tuple(plan.source / file for file in one.files),
            digest_key=key.digest_key(),
            sex=one.sex,
            birth_year=one.birth_year,
            timezone=one.timezone,
            shift_weeks=key.shift_weeks(name) if plan.shift_dates else 0,
            refused=one.refused,
        )
        for one in people
        for name in [key.athlete(one.kind, one.name)]
    ]
    return sorted(tasks, key=lambda task: task.athlete)


def _write_private(plan: CohortPlan, people: Sequence[Participant], key: StudyKey) -> Path:
    """Write, beside the key, which athlete of the tables is which row or file."""
    path = plan.key_file.parent / PRIVATE_NAME / f"{plan.folder.name}.csv"
    rows = [
        (key.athlete(one.kind, one.name), _shown(one.name), _shown("; ".join(one.files))) for one in people
    ]
    write_atomically(path, write_rows(("athlete", "name", "files"), rows))
    return path


def _shown(name: str) -> str:
    """A name of a file whose bytes are no UTF-8, with these as escapes."""
    return name.encode(errors="surrogateescape").decode(errors="backslashreplace")


def _settle(plan: CohortPlan, athletes: Sequence[str]) -> dict[str, AthleteNote]:
    """Refuse inputs of one account or file together, once all are known, and clear up."""
    remove_left_over(plan.folder, set(athletes))
    notes = {athlete: read_note(plan.folder, athlete) for athlete in athletes}
    lost = sum(note is None for note in notes.values())
    if lost:
        raise HeelwiseError(
            f"{lost} athletes are not done, as DEST was changed from outside. Run the command again with --resume."
        )
    known = {athlete: note for athlete, note in notes.items() if note is not None}
    for athlete, (reason, first) in _same(known).items():
        digest = write_tables(plan.folder, athlete, refusal_tables(athlete, reason, first))
        rows = tuple(int(name == "refusals") for name in TABLE_NAMES)
        known[athlete] = replace(known[athlete], reason=reason, rows=rows, sha256=digest)
    return known


def _same(notes: dict[str, AthleteNote]) -> dict[str, tuple[str, str]]:
    """Map athletes who share a file or an account with another to the reason and the first of them."""
    by_token: dict[str, list[str]] = {}
    for athlete in sorted(notes):
        for token in notes[athlete].tokens:
            by_token.setdefault(token, []).append(athlete)
    first = {athlete: athlete for athlete in notes}

    def root(athlete: str) -> str:
        while first[athlete] != athlete:
            athlete = first[athlete]
        return athlete

    shared = {token: several for token, several in by_token.items() if len(several) > 1}
    for several in shared.values():
        roots = sorted({root(one) for one in several})
        first.update(dict.fromkeys(roots, roots[0]))
    by_file = {one for token, several in shared.items() if token.startswith("file ") for one in several}
    members = sorted({one for several in shared.values() for one in several})
    return {one: ("same_file" if one in by_file else "same_account", root(one)) for one in members}


def _write_manifest(
    plan: CohortPlan, head: dict[str, Any], notes: dict[str, AthleteNote], started: datetime, began: float
) -> None:
    """Write the manifest last of all: with it the cohort is finished."""
    totals = [sum(note.rows[n] for note in notes.values()) for n in range(len(TABLE_NAMES))]
    manifest = head | {
        "columns": {table.name: list(table.columns) for table in COHORT_TABLES},
        "rows": dict(zip(TABLE_NAMES, totals, strict=True)),
        "refused": dict(sorted(Counter(note.reason for note in notes.values() if note.reason).items())),
        "athletes": {
            athlete: {"inputs": list(note.inputs), "sha256": note.sha256}
            for athlete, note in sorted(notes.items())
        },
        TIMES_NAME: {
            "started_utc": started.isoformat(timespec="seconds"),
            "finished_utc": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(time.monotonic() - began, 3),
        },
    }
    write_atomically(plan.folder / MANIFEST_NAME, manifest_bytes(manifest))
    shutil.rmtree(plan.folder / WORK_NAME, ignore_errors=True)


def _count(plan: CohortPlan, result: CohortResult) -> None:
    manifest = _read_json(plan.folder / MANIFEST_NAME) or {}
    counted = manifest["refused"]
    result.refused = Counter({name: counted[name] for name in REASONS if name in counted})
    result.athletes = int(manifest["rows"]["athletes"])
