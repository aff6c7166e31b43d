"""The one list of the names of all files that Heelwise makes or ever made in its folder."""

# Whoever adds a file to the folder adds its name here: what matches no pattern is taken for somebody else's and is
# never touched. A name that is no longer written stays, since an older version may have left one.

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_ID = r"[0-9a-z]{2,64}"
_WRITER = r"(?P<writer>[0-9a-f]{8})"
_RUNNER = r"(?P<runner>\d{1,18})"


@dataclass(frozen=True)
class OwnName:
    """One kind of file, and the pattern of its path below the folder."""

    what: str
    pattern: str

    def match(self, relative: str) -> re.Match[str] | None:
        """Match a path below the folder, with / between its parts."""
        return re.fullmatch(self.pattern, relative)


OWN_FILES = (
    OwnName("database", r"heelwise\.db(-wal|-shm|-journal)?"),
    OwnName("copy from before an upgrade", r"before-upgrade/heelwise-\d{1,4}-\d{8}T\d{6}Z\.db"),
    OwnName("recording", rf"samples/{_RUNNER}/[0-9a-z]{{2}}/{_ID}\.parquet"),
    OwnName("recording before an import", rf"samples/{_RUNNER}/\.before/\d+/{_ID}\.parquet"),
    OwnName("sums of recordings", rf"samples/{_RUNNER}/\.cache/[a-z]{{1,16}}-[0-9a-f]{{32}}\.cache"),
    OwnName("copy of a recording", r"sample-cache/[0-9a-f]{32}\.parquet"),
    OwnName("mark of a deletion", rf"samples/\.closed-{_RUNNER}"),
    OwnName("lock", r"(imports|vault|forgotten)\.lock(\.write)?(-journal)?"),
    OwnName("lock of a runner", rf"(sync|work|imports)-{_RUNNER}(-[a-z]+)?\.lock(-journal)?"),
    OwnName("lock of a process", rf"alive-{_WRITER}\.lock(-journal)?"),
    OwnName("tokens", r"vault|vault\.key|vault\.without_keyring"),
    OwnName("list of forgotten runners", r"forgotten\.jsonl"),
    OwnName("dump of all runners", r"dumps/heelwise-all-\d{8}T\d{6}Z\.tar\.age"),
    OwnName("copy of the list of forgotten runners", r"dumps/heelwise-forgotten\.jsonl"),
    OwnName("mark of the database server", r"database\.id"),
    OwnName("sign-in under way", r"sign-in\.json"),
    OwnName("log of failures", r"problems\.log"),
    OwnName("sign that the demo was left", r"demo_left"),
    OwnName(
        "unfinished recording",
        rf"samples/{_RUNNER}/([0-9a-z]{{2}}|\.before/\d+)/\.{_ID}(\.({_WRITER}|\d{{1,7}})\.[0-9a-f]{{8}})?\.part",
    ),
    OwnName(
        "unfinished sums of recordings",
        rf"samples/{_RUNNER}/\.cache/\.[a-z]{{1,16}}-[0-9a-f]{{32}}\.{_WRITER}\.[0-9a-f]{{8}}\.part",
    ),
    OwnName(
        "unfinished copy of a recording",
        rf"sample-cache/\.[0-9a-f]{{32}}\.{_WRITER}\.[0-9a-f]{{8}}\.part",
    ),
    OwnName(
        "unfinished copy",
        r"before-upgrade/\.heelwise-\d{1,4}-\d{8}T\d{6}Z\.db\.part(-journal|-wal|-shm)?",
    ),
    OwnName(
        "unfinished tokens",
        r"\.(vault(\.key|\.without_keyring)?|sign-in\.json|forgotten\.jsonl|database\.id)\.[0-9a-f]{8}\.part",
    ),
    OwnName(
        "unfinished dump",
        r"dumps/\.heelwise-(all-\d{8}T\d{6}Z\.tar\.age|forgotten\.jsonl)\.[0-9a-f]{8}\.part",
    ),
)

UPLOAD = OwnName("uploaded files", rf"upload-{_RUNNER}-{_WRITER}-[0-9a-z_]{{8}}")
EARLIER_UPLOAD = OwnName("uploaded files", r"upload-[0-9a-z_]{8}")
RESTORE = OwnName("unpacked backup", rf"samples/\.restore-{_WRITER}-[0-9a-z_]{{8}}")
EARLIER_RESTORE = OwnName("unpacked backup", r"samples/\.restore-[0-9a-z_]{8}")
DUMP = OwnName("copy for a dump", rf"dump-{_WRITER}-[0-9a-z_]{{8}}")
COPY_FOLDERS = (UPLOAD, EARLIER_UPLOAD, RESTORE, EARLIER_RESTORE, DUMP)
"""Folders of which everything in them is a copy that Heelwise made, under whatever name it came."""
UPLOAD_NOTE = ".import.json"
"""Beside the files of an upload on a clinic's server: what its import was told, so that another process can go on."""
_SHELLS = (
    r"before-upgrade",
    r"dumps",
    r"samples",
    r"sample-cache",
    rf"samples/{_RUNNER}",
    rf"samples/{_RUNNER}/[0-9a-z]{{2}}",
    rf"samples/{_RUNNER}/\.before(/\d+)?",
    rf"samples/{_RUNNER}/\.cache",
)
"""Folders that hold files of Heelwise and go with the last of them."""


@dataclass(frozen=True)
class OwnFile:
    """One file or whole folder of Heelwise, with the runner and the process that its name tells of."""

    path: Path
    name: OwnName
    athlete_id: int | None
    writer: str | None


def own_file(home: Path, path: Path) -> OwnFile | None:
    """Return what a path in the folder is, or None where it is not one of ours."""
    relative = path.relative_to(home).as_posix()
    is_folder = path.is_dir() and not path.is_symlink()
    for name in COPY_FOLDERS if is_folder else OWN_FILES:
        match = name.match(relative)
        if match is None or (is_folder and not _is_private(path)):
            continue
        parts = match.groupdict()
        runner = parts.get("runner")
        return OwnFile(path, name, None if runner is None else int(runner), parts.get("writer"))
    return None


def is_shell(home: Path, path: Path) -> bool:
    """Whether a folder is one of those that Heelwise makes for its files."""
    relative = path.relative_to(home).as_posix()
    return path.is_dir() and not path.is_symlink() and any(re.fullmatch(one, relative) for one in _SHELLS)


def walk_own(home: Path, start: Path | None = None) -> Iterator[OwnFile]:
    """Walk through the files of Heelwise in its folder or in a part of it; folders of others are not entered."""
    for path in _children(home if start is None else start):
        own = own_file(home, path)
        if own is not None:
            yield own
        elif is_shell(home, path):
            yield from walk_own(home, path)


def foreign_files(home: Path, start: Path | None = None) -> list[Path]:
    """List what lies in the folder, or in a part of it, and is not of Heelwise; a foreign folder is one entry."""
    there: list[Path] = []
    for path in _children(home if start is None else start):
        if is_shell(home, path):
            there += foreign_files(home, path)
        elif own_file(home, path) is None:
            there.append(path)
    return there


def remove_empty_shells(home: Path, start: Path) -> None:
    """Remove a folder of Heelwise and those in it, as far as nothing is left in them."""
    for path in _children(start):
        if is_shell(home, path):
            remove_empty_shells(home, path)
    try:
        start.rmdir()
    except OSError:
        return  # something lies in it still, or it is gone: both are as it should be


def _children(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _is_private(folder: Path) -> bool:
    """A folder of the same name that somebody made by hand is open to others by default."""
    return os.name != "posix" or not folder.stat().st_mode & 0o077
