"""From one portable file to the store."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from connectors.backup.bounds import recording_problem
from connectors.backup.format import with_new_ids
from connectors.backup.verify import OpenBackup, open_backup
from connectors.errors import RunnerUnknown
from connectors.frames import ACTIVITY
from connectors.plural import count
from connectors.setting_bounds import bounded_problems
from connectors.source import Progress, silent
from connectors.store import Counts, Runner, Store
from connectors.store.disk_errors import disk_error
from connectors.store.file_lock import shared_lock
from connectors.store.forgotten_list import ForgottenList
from connectors.store.forgotten_notes import usable_list
from connectors.store.own_files import remove_empty_shells
from connectors.store.paths import SAMPLES_NAME
from connectors.store.process_token import process_token
from connectors.store.runner_uid import UID
from connectors.store.runners import RunnerExport
from connectors.store.sample_file import put_file
from connectors.store.samples import ASIDE
from connectors.store.work_lock import work_lock


@dataclass(frozen=True)
class RestoreResult:
    """What came of a restore, for one runner."""

    runner: Runner
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    recordings: int = 0
    left_out: str | None = None
    damaged: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    """A sentence for each row, setting or recording that lies outside its bounds."""
    is_forgotten: bool = False
    """Whether the runner is on the list of forgotten ones, and was not brought back."""


SettingCheck = Callable[[Mapping[str, str]], Mapping[str, str]]
"""Takes settings by name, and returns the names of those that are not possible with the reason."""


def restore(
    store: Store,
    source: Path,
    passphrase: str | None = None,
    only: str | None = None,
    what_is_whole: bool = False,
    progress: Progress = silent,
    setting_problems: SettingCheck = bounded_problems,
    forgotten: ForgottenList | None = None,
    *,
    accepts_list: bool = False,
    brings_back: bool = False,
) -> list[RestoreResult]:
    """Bring a backup in: each runner whole or not at all, but for what lies outside its bounds.

    Runners on the list of forgotten ones stay so unless they are to be brought back; without a list that of here.
    """
    if forgotten is None:
        known = usable_list(store.home, store.machine_settings(), accepts_list)
        forgotten = ForgottenList() if brings_back else known
    # Everything is looked at before the first row is written. A runner known here by their name for good is
    # added to and updated, so that a restore can be repeated; nothing here is deleted.
    with open_backup(source, passphrase, what_is_whole, progress) as archive:
        there = archive.manifest.runners
        meant = [folder for folder, one in there.items() if only is None or one.name == only]
        if not meant:
            names = ", ".join(one.name for one in there.values())
            raise RunnerUnknown(
                f"There is no {only} in this backup. Nothing was changed. In it are: {names}."
            )
        done = [_bring_in(store, archive, folder, progress, setting_problems, forgotten) for folder in meant]
    if brings_back:
        # Only now: cut off before, the runner is still on the list and this can be done again.
        for one in done:
            store.take_off_list(one.runner.athlete_id)
    return done


def _bring_in(
    store: Store,
    archive: OpenBackup,
    folder: str,
    progress: Progress,
    setting_problems: SettingCheck,
    forgotten: ForgottenList,
) -> RestoreResult:
    given = archive.manifest.runners[folder]
    if given.is_demo and any(one.is_demo for one in store.runners()):
        return RestoreResult(
            given, left_out="There is a made-up runner here already, so this one was left out."
        )
    export, refused = archive.read_runner(folder)
    at = forgotten.forgotten_at(export.settings.get(UID))
    if at is not None:
        nobody = Runner(0, "A runner", is_demo=False)
        return RestoreResult(
            nobody, left_out=f"Forgotten on {at.day} {at:%B %Y}, and stays so.", is_forgotten=True
        )
    export, wrong_settings = _without_wrong_settings(export, setting_problems)
    damaged = archive.damaged_of(folder)
    if damaged and not _has_rows(export):
        files = count(len(damaged), "file is", "files are")
        reason = f"None of their tables is whole, so nothing was brought in ({files} damaged)."
        return RestoreResult(given, left_out=reason, damaged=damaged)
    is_partial = bool(damaged or refused)
    known = set(export.frames[ACTIVITY.name]["activity_id"].to_list()) if is_partial else None
    with _Staged(store, archive, folder, known, progress) as staged:
        runner, counts = _write(store, given, export, staged)
    return RestoreResult(
        runner,
        sum(one.new for one in counts),
        sum(one.updated for one in counts),
        sum(one.unchanged for one in counts),
        staged.count,
        damaged=damaged,
        refused=(*refused, *wrong_settings, *staged.refused),
    )


def _write(store: Store, given: Runner, export: RunnerExport, staged: _Staged) -> tuple[Runner, list[Counts]]:
    """Write the rows of one runner and put their recordings in place: all of it or nothing."""
    ids: dict[str, str] = {}

    def renumbered(athlete_id: int) -> RunnerExport:
        rows, new = with_new_ids(_without_recordings(export, staged.refused_ids), athlete_id)
        ids.clear()
        ids.update(new)
        return rows

    def place(transaction: Any, athlete_id: int) -> None:
        staged.put_in_place(transaction, athlete_id, ids)

    written = store.import_runner(given, renumbered, place)
    staged.keep()
    return written


def _without_wrong_settings(
    export: RunnerExport, setting_problems: SettingCheck
) -> tuple[RunnerExport, list[str]]:
    problems = {**setting_problems(export.settings), **bounded_problems(export.settings)}
    possible = {name: text for name, text in export.settings.items() if name not in problems}
    return replace(export, settings=possible), [f"setting: {words}" for words in problems.values()]


def _without_recordings(export: RunnerExport, refused_ids: list[str]) -> RunnerExport:
    """Return the rows with sessions whose recording was refused as sessions without one."""
    is_refused = pl.col("activity_id").is_in(refused_ids)
    bare = [pl.when(~is_refused).then(name).alias(name) for name in ("sample_rows", "file_hash")]
    frames = {**export.frames, ACTIVITY.name: export.frames[ACTIVITY.name].with_columns(bare)}
    return replace(export, frames=frames)


def _has_rows(export: RunnerExport) -> bool:
    return any(frame.height for frame in export.frames.values())


class _Staged:
    """The recordings of one runner: unpacked aside first, then moved to their places, and back on a failure."""

    def __init__(
        self, store: Store, archive: OpenBackup, folder: str, known: set[str] | None, progress: Progress
    ) -> None:
        self._store = store
        self._known = known
        self._progress = progress
        self.refused: list[str] = []
        self.refused_ids: list[str] = []
        self._archive, self._folder = archive, folder
        self._undo: list[Callable[[], object]] = []
        self._settle: list[Callable[[], object]] = []
        self._locks = ExitStack()
        self.count = 0

    def __enter__(self) -> _Staged:
        aside = self._store.home / SAMPLES_NAME
        try:
            aside.mkdir(mode=0o700, exist_ok=True)
            prefix = f"{ASIDE}{process_token(self._store.home)}-"
            self._aside = Path(tempfile.mkdtemp(prefix=prefix, dir=aside))
            there = self._archive.recording_ids(self._folder)
            for done, activity_id in enumerate(there, start=1):
                self._unpack(activity_id)
                self._progress(done, len(there), "recordings")
            self._store.samples.prepare(sorted(self._aside.glob("*.parquet")))
        except OSError as error:
            self._sweep()
            raise disk_error(error, aside) from error
        except BaseException:
            self._sweep()
            raise
        return self

    def _unpack(self, activity_id: str) -> None:
        if self._known is not None and activity_id not in self._known:
            return  # the row of its run is damaged or refused: nothing could show it
        content = self._archive.recording(self._folder, activity_id)
        problem = recording_problem(content)
        if problem:
            self.refused.append(f"recording {activity_id}: {problem}")
            self.refused_ids.append(activity_id)
        else:
            put_file(self._aside / f"{activity_id}.parquet", memoryview(content))

    def put_in_place(self, transaction: Any, athlete_id: int, ids: dict[str, str]) -> None:
        """Put every recording in its place, with the transaction that writes the rows; see `SampleFolder.place`."""
        samples = self._store.samples
        # Held until the rows are there for others: a sweep would take the recordings for left-overs.
        self._locks.enter_context(shared_lock(work_lock(self._store.home, athlete_id)))
        self._undo.append(lambda: remove_empty_shells(self._store.home, samples.of_runner(athlete_id)))
        try:
            for path in sorted(self._aside.glob("*.parquet")):
                placed = samples.place(transaction, path, athlete_id, ids.get(path.stem, path.stem))
                self._undo.append(placed.undo)
                self._settle.append(placed.settle)
                self.count += 1
        except OSError as error:
            raise disk_error(error, self._aside) from error

    def keep(self) -> None:
        """Make what was put in place final."""
        self._undo.clear()
        for step in self._settle:
            step()

    def __exit__(self, *_: object) -> None:
        for step in reversed(self._undo):
            with suppress(OSError):  # the store's own error is on its way already
                step()
        self._locks.close()
        self._sweep()

    def _sweep(self) -> None:
        if hasattr(self, "_aside"):
            shutil.rmtree(self._aside, ignore_errors=True)
