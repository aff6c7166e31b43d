"""One Parquet file for each activity's samples: written once as a whole, replaced as a whole."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import polars as pl

from connectors.errors import ContractError, StoreUnreadable
from connectors.frames import SAMPLE, checked
from connectors.store.failures import disk_error
from connectors.store.parquet import ENDING, is_whole, put_file, scan_files

_GOOD_ID = re.compile(r"[0-9a-z]{2,64}")


class SampleFolder:
    """The samples of all runners.

    Parameters
    ----------
    folder
        Holds `<athlete_id>/<first two signs>/<activity_id>.parquet`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, athlete_id: int, activity_id: str) -> Path:
        """Name the file of one activity.

        Parameters
        ----------
        athlete_id : int
            Runner on this machine, from 1.
        activity_id : str
            Our id: lower-case letters and digits.

        Returns
        -------
        Path
            Whether or not there is such a file.

        Raises
        ------
        ContractError
            When the id could name another place.

        Source
        ------
        ours: 256 small folders list faster than one with ten thousand files.
        """
        if not _may_be(activity_id):
            raise ContractError(f"{activity_id!r} is no activity id of ours. Nothing was read or stored.")
        return self.of_runner(athlete_id) / activity_id[:2] / f"{activity_id}{ENDING}"

    def of_runner(self, athlete_id: int) -> Path:
        """Name the folder of one runner.

        Parameters
        ----------
        athlete_id : int
            Runner on this machine, from 1.

        Returns
        -------
        Path
            Whether or not there is such a folder.

        Source
        ------
        ours: one folder to take away when a runner leaves.
        """
        return self.folder / str(int(athlete_id))

    def write(self, athlete_id: int, activity_id: str, frame: pl.DataFrame) -> None:
        """Store the samples of one activity, in place of any stored before.

        Parameters
        ----------
        athlete_id : int
            Runner on this machine, from 1.
        activity_id : str
            Our id.
        frame : DataFrame, shape (n, any)
            Contract SAMPLE.

        Raises
        ------
        ContractError
            When the frame breaks its contract.
        StoreFull
            When the disk is full or may not be written to; samples stored before are kept.

        Source
        ------
        ours: a new name first and the final name last, so that a file is whole or not there at all.
        """
        content = io.BytesIO()
        checked(frame, SAMPLE).sort("second").write_parquet(content, compression="zstd", statistics=False)
        target = self.path(athlete_id, activity_id)
        try:
            self._make(target.parent)
            put_file(target, content.getbuffer())
        except OSError as error:
            raise disk_error(error, target) from error

    def read(self, athlete_id: int, activity_id: str) -> pl.DataFrame:
        """Read the samples of one activity.

        Parameters
        ----------
        athlete_id : int
            Runner on this machine, from 1.
        activity_id : str
            Our id.

        Returns
        -------
        DataFrame, shape (n, 13)
            Contract SAMPLE, by second; no rows where none are stored.

        Raises
        ------
        StoreUnreadable
            When the file is damaged.

        Source
        ------
        ours: none stored and none recorded look alike to whoever computes.
        """
        path = self.path(athlete_id, activity_id)
        if not path.exists():
            return SAMPLE.empty()
        try:
            return scan_files({activity_id: path}).drop("activity_id").collect()
        except (pl.exceptions.PolarsError, OSError) as error:
            raise StoreUnreadable(
                f"The samples in {path} cannot be read. The run itself and everything else is kept. Move this "
                "file away and import the recording again."
            ) from error

    def exists(self, athlete_id: int, activity_id: str) -> bool:
        """Tell whether samples of an activity are stored.

        Parameters
        ----------
        athlete_id : int
            Runner on this machine, from 1.
        activity_id : str
            Our id.

        Returns
        -------
        bool
            False also where a file is there but cut off, so that an import writes it anew.

        Source
        ------
        ours: both ends of the file are looked at, which takes microseconds.
        """
        return _may_be(activity_id) and is_whole(self.path(athlete_id, activity_id))

    def scan(self, athlete_id: int, activity_ids: Sequence[str]) -> pl.LazyFrame:
        """Open the samples of many activities as one lazy frame.

        Parameters
        ----------
        athlete_id : int
            Runner on this machine, from 1.
        activity_ids : sequence of str
            Our ids; those without samples, or with a cut-off file, are passed over.

        Returns
        -------
        LazyFrame, shape (n, 14)
            Contract SAMPLE plus `activity_id` (Enum of the ids found), in the order of the ids,
            then by second.

        Source
        ------
        ours: ten million rows are read as they are needed; an id of the kind Enum takes 4 bytes a row.
        """
        paths = {i: self.path(athlete_id, i) for i in filter(_may_be, dict.fromkeys(activity_ids))}
        whole = {i: path for i, path in paths.items() if is_whole(path)}
        return scan_files(whole)

    def delete(self, athlete_id: int, activity_ids: Iterable[str]) -> None:
        """Take the samples of some activities away.

        Parameters
        ----------
        athlete_id : int
            Runner on this machine, from 1.
        activity_ids : iterable of str
            Our ids; those without samples are passed over.

        Raises
        ------
        StoreFull
            When a file may not be deleted.
        """
        for activity_id in filter(_may_be, activity_ids):
            path = self.path(athlete_id, activity_id)
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise disk_error(error, path) from error

    def delete_runner(self, athlete_id: int) -> None:
        """Take all samples of a runner away.

        Parameters
        ----------
        athlete_id : int
            Runner on this machine, from 1.

        Raises
        ------
        StoreFull
            When something may not be deleted.
        """
        folder = self.of_runner(athlete_id)
        try:
            if folder.exists():
                shutil.rmtree(folder)
        except OSError as error:
            raise disk_error(error, folder) from error

    def files(self) -> Iterator[tuple[int, str, Path]]:
        """Walk through all sample files.

        Yields
        ------
        tuple of int, str and Path
            Runner, activity and file, in a fixed order.

        Source
        ------
        ours: for `doctor`.
        """
        for path in sorted(self.folder.glob(f"*/*/*{ENDING}")):
            if path.parts[-3].isdigit() and not path.name.startswith("."):
                yield int(path.parts[-3]), path.stem, path

    def _make(self, folder: Path) -> None:
        if folder.is_dir():
            return
        for step in (self.folder, folder.parent, folder):
            step.mkdir(mode=0o700, parents=step == self.folder, exist_ok=True)


def _may_be(activity_id: str) -> bool:
    """Whether samples can be stored under this id at all; an id with a path in it never reaches the disk."""
    return _GOOD_ID.fullmatch(activity_id) is not None
