"""Starts a long import as a process of its own, and follows it through the store."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

ROOT = Path(__file__).resolve().parent.parent
_under_way: dict[tuple[Path, int], Running] = {}


@dataclass
class Running:
    """One import under way.

    Parameters
    ----------
    process
        The process that imports.
    scratch
        Folder of uploaded files, deleted when it ends; None for paths of this machine.
    """

    process: subprocess.Popen[bytes]
    scratch: Path | None = None
    ended: bool = field(default=False)

    def is_over(self) -> bool:
        """Tell whether the process has ended; the first time, delete the uploaded files."""
        if self.process.poll() is None:
            return False
        if not self.ended:
            self.ended = True
            if self.scratch is not None:
                shutil.rmtree(self.scratch, ignore_errors=True)
        return True


def begin(
    home: Path,
    athlete: str,
    athlete_id: int,
    paths: Sequence[Path],
    scratch: Path | None = None,
    answers: Sequence[str] = (),
) -> Running:
    """Start `heelwise import` beside the dashboard.

    Parameters
    ----------
    home : Path
        Folder of the store.
    athlete : str
        Name of the runner; must exist.
    athlete_id : int
        Their number.
    paths : sequence of Path
        What to bring in.
    scratch : Path or None
        Folder to delete afterwards.
    answers : sequence of str
        Options of `heelwise import`, such as "--day-first".

    Returns
    -------
    Running
        Handle of the process. It ends by itself and goes on when the browser is closed.

    Source
    ------
    ours: decoding takes all cores for a while and must outlive a page's rerun.
    """
    given = ["--home", str(home), "--athlete", athlete, *answers, "--", *(str(one) for one in paths)]
    process = beside(["import", "--json", *given])
    _under_way[home, athlete_id] = Running(process, scratch)
    return _under_way[home, athlete_id]


def beside(arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start `heelwise` as a process of its own, which says nothing here and outlives this one.

    Parameters
    ----------
    arguments : sequence of str
        What follows `heelwise`.

    Returns
    -------
    Popen
        The process.

    Source
    ------
    ours: found by its module, since the command itself may not be on the path.
    """
    path = os.pathsep.join(part for part in (str(ROOT), os.environ.get("PYTHONPATH")) if part)
    return subprocess.Popen(
        [sys.executable, "-m", "dashboard.cli", *arguments],
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def under_way(home: Path, athlete_id: int) -> bool:
    """Tell whether an import that this dashboard started is still going.

    Parameters
    ----------
    home : Path
        Folder of the store.
    athlete_id : int
        Whose.

    Returns
    -------
    bool
        False once the process has ended, however it ended.

    Source
    ------
    ours: the store's row tells how far it is; only the process itself tells that it was killed.
    """
    running = _under_way.get((home, athlete_id))
    return running is not None and not running.is_over()


def keep(uploads: Sequence[tuple[str, BinaryIO]], home: Path) -> Path:
    """Write uploaded files into a new folder that only the owner can read.

    Parameters
    ----------
    uploads : sequence of (str, binary file)
        Name and content, copied in pieces.
    home : Path
        Folder of the store: the same disk, never a folder shared with others.

    Returns
    -------
    Path
        The folder; each file lies in it under the last part of its name, numbered where names repeat.

    Raises
    ------
    OSError
        When the disk is full; nothing is left behind.

    Source
    ------
    ours: an upload may hold a year of somebody's life, and its name may hold a path.
    """
    sweep(home)
    folder = Path(tempfile.mkdtemp(prefix="upload-", dir=home))
    try:
        for number, (name, content) in enumerate(uploads):
            plain = Path(name.replace("\\", "/")).name or "upload"
            target = folder / plain
            if target.exists():
                target = folder / f"{number}-{plain}"
            with target.open("wb") as file:
                shutil.copyfileobj(content, file)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def sweep(home: Path, older_than_s: float = 86_400) -> None:
    """Delete upload folders that an interrupted import left behind.

    Parameters
    ----------
    home : Path
        Folder of the store.
    older_than_s : float
        s; younger ones may still be in use.

    Source
    ------
    ours: a copy of somebody's training must not lie about after it was read.
    """
    for folder in home.glob("upload-*"):
        if folder.is_dir() and time.time() - folder.stat().st_mtime > older_than_s:
            shutil.rmtree(folder, ignore_errors=True)
