"""Goes on with an import whose process of a clinic's server ended before it was done: another process takes it up."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from connectors.store.address import VARIABLE
from connectors.store.own_files import UPLOAD, UPLOAD_NOTE, own_file
from connectors.store.process_token import is_live, process_token
from connectors.store.sweep import is_being_read

EVERY_S = 5.0
"""s between two looks for uploads whose process has ended."""
TRIES = 3
"""How often an import is begun: files on which every process ends are not tried for ever."""


@dataclass(frozen=True)
class UploadNote:
    """What an import was told, beside its files: enough to begin it again."""

    athlete: str
    athlete_id: int
    files: tuple[str, ...]
    answers: tuple[str, ...]
    tries: int = 1
    person_id: int | None = None
    """Who began it: whether they still may is asked again."""


Begin = Callable[[Path, str, int, Sequence[Path], Path, Sequence[str], int | None], object]
"""Takes home, runner's name and number, files, their folder, answers, and who began it where persons sign in."""


def is_of_several() -> bool:
    """Whether several processes may share the folder: those of a clinic's server, on one database."""
    return bool(os.environ.get(VARIABLE, "").strip())


def write_note(
    scratch: Path,
    athlete: str,
    athlete_id: int,
    paths: Sequence[Path],
    answers: Sequence[str],
    person_id: int | None = None,
) -> None:
    """Note what an import of uploaded files was told; the note goes with the folder when the import ends."""
    inside = tuple(path.name for path in paths if path.parent == scratch)
    before = read_note(scratch)
    tries = 1 if before is None else before.tries + 1
    note = UploadNote(athlete, athlete_id, inside, tuple(answers), tries, person_id)
    part = scratch / f"{UPLOAD_NOTE}.{secrets.token_hex(4)}.part"
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(note), file)
    part.replace(scratch / UPLOAD_NOTE)


def read_note(scratch: Path) -> UploadNote | None:
    """Return the note of a folder of uploads; None where it has none, or one that was cut off."""
    try:
        known = json.loads((scratch / UPLOAD_NOTE).read_text())
        return UploadNote(
            str(known["athlete"]),
            int(known["athlete_id"]),
            tuple(Path(str(one)).name for one in known["files"]),
            tuple(map(str, known["answers"])),
            int(known["tries"]),
            None if known.get("person_id") is None else int(known["person_id"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def take_up(home: Path, begin: Begin) -> list[int]:
    """Begin every import anew whose process has ended before it; return whose."""
    runners = []
    for folder in sorted(home.glob("upload-*")):
        own = own_file(home, folder)
        if own is None or own.name is not UPLOAD or own.writer is None or is_live(home, own.writer):
            continue
        note = read_note(folder)
        if (
            note is None
            or note.tries > TRIES
            or note.athlete_id != own.athlete_id
            or is_being_read(home, own)
        ):
            continue
        claimed = home / f"upload-{own.athlete_id}-{process_token(home)}-{secrets.token_hex(4)}"
        with suppress(OSError):  # another process was first
            folder.rename(claimed)
            paths = [claimed / name for name in note.files]
            begin(home, note.athlete, note.athlete_id, paths, claimed, note.answers, note.person_id)
            runners.append(note.athlete_id)
    return runners


def keep_looking(home: Path, begin: Begin, wait: Callable[[float], object] = time.sleep) -> None:
    """Look now and then, for as long as this process runs."""
    while True:
        with suppress(OSError):  # a folder that cannot be read is told by the page; it may pass
            take_up(home, begin)
        wait(EVERY_S)
