"""Samples as they were before an import: linked aside before they are replaced, moved back when it is taken back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import polars as pl

from connectors.store.disk_errors import disk_error
from connectors.store.samples import SAMPLE_SUFFIX, SampleFolder, is_complete

FOLDER = ".before"
"""Inside the runner's own folder, so that whatever deletes the runner deletes it too."""


class ImportSamples(SampleFolder):
    """The sample folder as one import writes to it: what it replaces is set aside first."""

    def __init__(self, folder: Path, import_id: int) -> None:
        super().__init__(folder)
        self.import_id = import_id

    def write(self, athlete_id: int, activity_id: str, frame: pl.DataFrame) -> None:
        """Store the samples of one activity; those stored before the import are linked aside once."""
        there = self.path(athlete_id, activity_id)
        aside = earlier_path(self, athlete_id, self.import_id, activity_id)
        if not aside.exists() and is_complete(there):
            try:
                for step in (aside.parent.parent, aside.parent):
                    step.mkdir(mode=0o700, exist_ok=True)
                _link(there, aside)
            except OSError as error:
                raise disk_error(error, aside) from error
        super().write(athlete_id, activity_id, frame)


def earlier_folder(samples: SampleFolder, athlete_id: int, import_id: int) -> Path:
    """Return the folder of what one import replaced, whether or not it is there."""
    return samples.of_runner(athlete_id) / FOLDER / str(int(import_id))


def earlier_path(samples: SampleFolder, athlete_id: int, import_id: int, activity_id: str) -> Path:
    """Return the file of one activity as it was before an import, whether or not it is there."""
    name = samples.path(athlete_id, activity_id).name
    return earlier_folder(samples, athlete_id, import_id) / name


def earlier_ids(samples: SampleFolder, athlete_id: int, import_id: int) -> set[str]:
    """List the activities whose samples an import replaced."""
    return {path.stem for path in earlier_folder(samples, athlete_id, import_id).glob(f"*{SAMPLE_SUFFIX}")}


def delete_earlier(samples: SampleFolder, athlete_id: int, import_ids: Iterable[int]) -> None:
    """Delete what imports replaced; a folder that is not there is passed over."""
    for import_id in import_ids:
        folder = earlier_folder(samples, athlete_id, import_id)
        try:
            if folder.exists():
                shutil.rmtree(folder)
            with suppress(OSError):  # another import's folder is still in it, or there never was one
                folder.parent.rmdir()
        except OSError as error:
            raise disk_error(error, folder) from error


def move_file(folder: Path, origin: str | None, target: str) -> None:
    """Move one file to its place, or delete it where no origin is given; a second call changes nothing."""
    to = folder / target
    try:
        if origin is None:
            to.unlink(missing_ok=True)
        elif (folder / origin).exists():
            to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            (folder / origin).replace(to)
    except OSError as error:
        raise disk_error(error, to) from error


def relative(samples: SampleFolder, paths: Iterable[Path]) -> Iterator[str]:
    """Write paths as they stand in the store: below the folder of all samples."""
    for path in paths:
        yield path.relative_to(samples.folder).as_posix()


def _link(there: Path, aside: Path) -> None:
    """Return the file a second name; where the disk knows no such thing, copy it whole."""
    try:
        os.link(there, aside)
    except FileExistsError:
        return
    except OSError:
        part = aside.with_name(f".{aside.stem}.part")
        shutil.copyfile(there, part)
        part.chmod(0o600)
        part.replace(aside)
