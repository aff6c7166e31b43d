"""One athlete: from source files to tables, or to the reason why there are none. Everything else only hands this on."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from connectors.archive import open_archive
from connectors.errors import HeelwiseError, SourceError
from connectors.frames import ACTIVITY, RUN_SPORTS
from connectors.ingest.export_account import export_accounts
from connectors.ingest.pipeline import import_paths
from connectors.source import ImportResult
from connectors.store import Store, open_store
from connectors.store.file_lock import file_lock
from connectors.store.process_token import ended_tokens, process_token, remove_ended
from dashboard.cohort.study_key import keyed_digest
from dashboard.cohort.tables import AboutAthlete, Tables, athlete_tables, moved_back, refusal_tables
from dashboard.model.settings import ModelSettings
from dashboard.shared import pipeline

SWEEP_LOCK = "sweep.lock"


@dataclass(frozen=True)
class AthleteTask:
    """What one athlete's analysis needs; it can be sent to another process or machine."""

    athlete: str
    files: tuple[Path, ...]
    digest_key: bytes
    sex: str | None = None
    birth_year: int | None = None
    timezone: str | None = None
    shift_weeks: int = 0
    refused: str | None = None


@dataclass(frozen=True)
class AthleteResult:
    """Tables of one athlete, keyed digests of the inputs, and by what a second input of the same account is known."""

    tables: Tables
    reason: str | None
    inputs: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()


class Refused(Exception):
    """The athlete is not analysed, for a reason of `REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def analyse_athlete(task: AthleteTask, settings: ModelSettings) -> AthleteResult:
    """Compute all tables of one athlete from their files; the same files and settings give the same tables."""
    inputs, tokens = input_digests(task), []
    try:
        if task.refused is not None:
            raise Refused(task.refused)
        _refuse_unopened(task.files)
        _refuse_two_accounts(task.files)
        with _scratch_store() as store:
            tables = _analyse(store, task, settings, tokens)
    except Refused as refused:
        tables, reason = refusal_tables(task.athlete, refused.reason), refused.reason
    else:
        reason = None
    files = [f"file {digest}" for digest in inputs] if reason not in ("empty", "file_missing") else []
    keyed = [f"account {keyed_digest(task.digest_key, token.encode())}" for token in tokens]
    return AthleteResult(
        moved_back(tables, task.shift_weeks), reason, inputs, tuple(sorted({*files, *keyed}))
    )


def input_digests(task: AthleteTask) -> tuple[str, ...]:
    """Return the keyed digest of each input, sorted; one that cannot be read has none."""
    digests = []
    for path in filter(_is_ordinary, task.files):
        try:
            digests.append(keyed_digest(task.digest_key, _bytes_digest(path)))
        except OSError:
            continue
    return tuple(sorted(digests))


def _is_ordinary(path: Path) -> bool:
    """Whether a path is a file or a folder: a pipe would be waited for without end."""
    return path.is_file() or path.is_dir()


def _is_ordinary_file(path: Path) -> bool:
    """Whether something within a folder is a file of its own and no link, which may lead anywhere."""
    return path.is_file() and not path.is_symlink()


def _bytes_digest(path: Path) -> bytes:
    if path.is_dir():
        digest = hashlib.sha256(b"folder")
        for one in sorted(filter(_is_ordinary_file, path.rglob("*"))):
            digest.update(hashlib.sha256(bytes(one.relative_to(path))).digest() + _bytes_digest(one))
        return digest.digest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _refuse_unopened(files: Sequence[Path]) -> None:
    """Refuse an athlete with an input that cannot be opened at all: a part of a record is not the record."""
    for path in files:
        try:
            if path.is_dir():
                if not any(map(_is_ordinary_file, path.rglob("*"))):
                    raise Refused("empty")
                continue
            if path.exists() and not path.is_file():
                raise Refused("not_an_export")
            with path.open("rb") as file:
                head = file.read(4)
            if not head:
                raise Refused("empty")
            if head == b"PK\x03\x04" or path.suffix.lower() == ".zip":
                _refuse_closed(path)
        except OSError:
            raise Refused("file_unreadable") from None


def _refuse_closed(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError):
        raise Refused("damaged") from None
    if entries and all(entry.flag_bits & 0x1 for entry in entries):
        raise Refused("locked")


def _refuse_two_accounts(files: Sequence[Path]) -> None:
    """Refuse exports of two people, also where both lie in one archive."""
    accounts: set[str] = set()
    for path in files:
        try:
            accounts |= export_accounts(open_archive(path))
        except SourceError:
            continue  # the import says what it makes of it
    if len(accounts) > 1:
        raise Refused("two_accounts")


def _analyse(store: Store, task: AthleteTask, settings: ModelSettings, tokens: list[str]) -> Tables:
    runner = store.runner("athlete", create=True).athlete_id
    if task.timezone is not None:
        store.set_settings(runner, {"timezone": task.timezone})
    try:
        result = import_paths(store, runner, task.files, processes=1)
    except HeelwiseError:
        raise Refused("not_an_export") from None
    tokens += _tokens(store, runner)
    _refuse_import(store, runner, result)
    runs, profile = pipeline.load_runs_of(store, runner, settings)
    analysis = pipeline.adapt_runs(store, runner, runs, profile, settings)
    if analysis.runs.is_empty():
        raise Refused("no_runs")
    explanation = pipeline.explanation_of(store, runner, analysis)
    about = AboutAthlete(task.athlete, task.sex, task.birth_year, len(result.skipped))
    return athlete_tables(analysis, explanation, about)


def _refuse_import(store: Store, runner: int, result: ImportResult) -> None:
    if result.held is not None:
        raise Refused("two_accounts")
    if result.date_questions:
        raise Refused("dates_open")
    activities = store.activities(runner)
    if activities.is_empty():
        raise Refused("no_runs" if result.symptoms["new"] else "not_an_export")
    if activities.filter(pl.col("sport").is_in(RUN_SPORTS)).is_empty():
        raise Refused("no_runs")


def _tokens(store: Store, runner: int) -> list[str]:
    """By what another input of the same person is known: account, oldest entry of Strava, oldest recording."""
    rows = store.read(ACTIVITY, runner).sort("start_utc", "source_id")
    strava = rows.filter(pl.col("source") == "strava_export")["source_id"].head(1).to_list()
    recorded = rows["file_hash"].drop_nulls().head(1).to_list()
    entries = [f"entry {one}" for one in strava] + [f"recording {one}" for one in recorded]
    return [*sorted(store.import_accounts(runner)), *entries]


@contextmanager
def _scratch_store() -> Iterator[Store]:
    """Open a store that only this analysis sees, and delete it however it ends; those of killed processes go too."""
    parent = scratch_parent()
    with file_lock(parent / SWEEP_LOCK):
        _remove_ended(parent)
        folder = Path(tempfile.mkdtemp(prefix=f"{process_token(parent)}-", dir=parent))
    try:
        with open_store(folder) as store:
            store.samples.is_lasting = False
            yield store
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def scratch_parent() -> Path:
    """Return the private folder in the system's folder for temporary files in which athletes are analysed."""
    owner = os.getuid() if hasattr(os, "getuid") else 0
    parent = Path(tempfile.gettempdir()) / f"heelwise-cohort-{owner}"
    parent.mkdir(mode=0o700, exist_ok=True)
    if parent.is_symlink() or (hasattr(os, "getuid") and parent.stat().st_uid != owner):
        raise HeelwiseError(
            "The folder for temporary files of a cohort belongs to somebody else. Nothing was written; set TMPDIR "
            "to a folder of your own."
        )
    return parent


def sweep_scratch(parent: Path) -> None:
    """Delete what analyses of processes that were killed left behind."""
    with file_lock(parent / SWEEP_LOCK):
        _remove_ended(parent)


def _remove_ended(parent: Path) -> None:
    # One process at a time: a token that is just being taken looks like one whose process has ended.
    ended = ended_tokens(parent)
    for token in ended:
        for folder in parent.glob(f"{token}-*"):
            shutil.rmtree(folder, ignore_errors=True)
    remove_ended(parent, ended)
