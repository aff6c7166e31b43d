"""The nightly dump of a server: every runner's backup in one file, closed with age for a key that is not here."""

# A TAR inside age, so that it is read without Heelwise: `age -d -i KEY FILE | tar x` leaves one backup a runner. It is
# written in one go, a runner at a time, so that memory does not grow with their number.

from __future__ import annotations

import io
import json
import os
import re
import secrets
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pyrage

from connectors import __version__
from connectors.backup.write import backup
from connectors.errors import RunnerForgotten, StoreError
from connectors.source import Progress, silent
from connectors.store import Runner, Store
from connectors.store.disk_errors import disk_error
from connectors.store.dump_settings import (
    EARLIER_DAYS,
    EARLIER_UNTIL,
    FOLDER,
    KEEP_DAYS,
    LATEST,
    RECIPIENT,
    DumpSettings,
    dump_settings,
)
from connectors.store.forgotten_list import line_count
from connectors.store.forgotten_notes import copy_list
from connectors.store.paths import make_home
from connectors.store.process_token import process_token

if TYPE_CHECKING:
    from typing_extensions import Buffer

DUMP_FORMAT = 1
CONTENTS, GRANTS, README = "contents.json", "grants.jsonl", "README.txt"
RUNNERS = "runners"
NAME = re.compile(r"heelwise-all-(\d{8}T\d{6}Z)\.tar\.age")
_PART = re.compile(r"\.heelwise-all-\d{8}T\d{6}Z\.tar\.age\.[0-9a-f]{8}\.part")
_MADE = "%Y%m%dT%H%M%SZ"
PIECE_B = 1 << 20
LEASE, LEASE_S = "dump", 120.0
RUNNING = "A dump is being written already, so no second one was begun. Nothing was changed."
NOT_EVERYBODY = (
    "The user of HEELWISE_DATABASE does not see every runner, so a dump by it would lack them. Nothing was written. "
    "Run this with the address of heelwise_backup; docs/clinic.md says more."
)
NOT_SET_UP = (
    "No key is set for the dumps, so nothing was written. `heelwise backup --all --make-key` makes a pair and prints "
    "the private one once; `--public-key age1…` takes one that was made elsewhere."
)
TEXT = """\
This is a dump of a Heelwise server: one backup a runner in runners/, as `heelwise backup` writes it, and the
rights that runners have granted in grants.jsonl. It holds no tokens, sessions, devices, codes or sign-ins.

To bring it back:  heelwise restore FILE
Without Heelwise:  age -d -i KEY FILE | tar x
"""


@dataclass
class DumpResult:
    """What a dump wrote and deleted."""

    path: Path
    runners: int = 0
    grants: int = 0
    bytes: int = 0
    deleted: list[str] = field(default_factory=list)
    problem: str | None = None


def make_pair() -> tuple[str, str]:
    """Return a new public and private key; the private one is stored nowhere."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity.to_public()), str(identity)


def check_public_key(text: str) -> str:
    """Return a public key, refused where it is none: a private one above all."""
    try:
        return str(pyrage.x25519.Recipient.from_str(text.strip()))
    except pyrage.RecipientError as error:
        raise StoreError(
            "This is not a public age key: one begins with age1 and has 62 characters. Nothing was changed. If you "
            "typed the private one (AGE-SECRET-KEY-…), make a new pair: it may stand in the history of your shell."
        ) from error


def dump_all(
    store: Store, folder: Path | None = None, now: datetime | None = None, progress: Progress = silent
) -> DumpResult:
    """Write the dump of all runners into a folder and delete those that are older than the setting."""
    settings = dump_settings(store.machine_settings())
    if settings.recipient is None:
        raise StoreError(NOT_SET_UP)
    if store.is_partial():
        raise StoreError(NOT_EVERYBODY)
    recipient = pyrage.x25519.Recipient.from_str(settings.recipient)
    target = (folder or settings.folder or store.home / "dumps").expanduser().absolute()
    moment = (now or datetime.now(UTC)).astimezone(UTC)
    with _alone(store):
        store.sweep()
        make_folder(target)
        if target != settings.folder:
            store.set_machine_setting(FOLDER, str(target))
        done = DumpResult(target / f"heelwise-all-{moment:{_MADE}}.tar.age")
        _write(store, done, recipient, moment, progress)
        store.set_machine_setting(LATEST, moment.isoformat(timespec="seconds"))
        done.deleted = delete_old(target, settings, moment, done.path)
        done.problem = copy_list(store.home, store.machine_settings())
    return done


@contextmanager
def _alone(store: Store) -> Iterator[None]:
    with store.leases.hold(LEASE, LEASE_S) as is_ours:
        if not is_ours:
            raise StoreError(RUNNING)
        yield


def make_folder(folder: Path) -> None:
    """Make the folder of the dumps for its owner alone; one that is there stays as it is."""
    try:
        if not folder.exists():
            make_home(folder)
        if not folder.is_dir():
            raise StoreError(f"{folder} is a file; dumps need a folder. Nothing was written.")
        for part in folder.iterdir():
            if _PART.fullmatch(part.name):
                part.unlink(
                    missing_ok=True
                )  # of a dump that was killed: the lease says that none is under way
    except OSError as error:
        raise disk_error(error, folder) from error


def delete_old(folder: Path, settings: DumpSettings, now: datetime, latest: Path) -> list[str]:
    """Delete the dumps whose days are over, known by their name alone; the latest always stays."""
    deleted = []
    for path in sorted(folder.iterdir()):
        match = NAME.fullmatch(path.name)
        if match is None or path == latest or not path.is_file():
            continue
        made = datetime.strptime(match[1], _MADE).replace(tzinfo=UTC)
        if now - made > timedelta(days=settings.days_of(made)):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise disk_error(error, path) from error
            deleted.append(path.name)
    return deleted


@contextmanager
def scratch(home: Path) -> Iterator[Path]:
    """Make a folder for copies of a dump's runners; deleted at the end, after a kill by the next sweep."""
    folder = Path(tempfile.mkdtemp(prefix=f"dump-{process_token(home)}-", dir=home))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(
    store: Store, done: DumpResult, recipient: pyrage.x25519.Recipient, moment: datetime, progress: Progress
) -> None:
    part = done.path.with_name(f".{done.path.name}.{secrets.token_hex(4)}.part")
    try:
        handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as file, scratch(store.home) as folder:
            _encrypt(
                _Members(_members(store, folder, done, moment, progress)), WatchedOutput(file), recipient
            )
            file.flush()
            os.fsync(file.fileno())
            done.bytes = file.tell()
        part.replace(done.path)
        _sync_folder(done.path.parent)
    except OSError as error:
        raise disk_error(error, done.path) from error
    finally:
        part.unlink(missing_ok=True)


def _encrypt(members: _Members, output: WatchedOutput, recipient: pyrage.x25519.Recipient) -> None:
    """Encrypt in one go; what ended the reading or the writing is raised as it was, and not as the library calls it."""
    try:
        pyrage.encrypt_io(members, output, [recipient])
    except pyrage.EncryptError as error:
        raise members.failure or output.failure or error from None
    if members.failure is not None:
        raise members.failure


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class _Members(io.BufferedIOBase):
    """The bytes of a TAR as a file to read from, made while they are read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")
        self.failure: BaseException | None = None
        """What ended the making: the library that reads would hide it behind an error of its own."""

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """Return up to so many bytes, none at the end."""
        while not self._rest:
            try:
                piece = next(self._pieces, None)
            except BaseException as error:
                self.failure = error
                return b""
            if piece is None:
                return b""
            self._rest = memoryview(piece)
        end = len(self._rest) if size is None or size < 0 else size
        part, self._rest = self._rest[:end], self._rest[end:]
        return bytes(part)


class WatchedOutput(io.BufferedIOBase):
    """A file to write to, which remembers why it could not be written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.failure: OSError | None = None

    def writable(self) -> bool:
        """Return that it can be written."""
        return True

    def write(self, content: Buffer, /) -> int:
        """Write some bytes."""
        try:
            return self._file.write(content)
        except OSError as error:
            self.failure = error
            raise

    def flush(self) -> None:
        """Write what is held back."""
        self._file.flush()


def _members(
    store: Store, folder: Path, done: DumpResult, moment: datetime, progress: Progress
) -> Iterator[bytes]:
    yield from _member(README, TEXT.encode(), moment)
    everyone = [one for one in store.runners() if not one.is_demo]
    grants = folder / GRANTS
    with grants.open("w", encoding="utf-8") as file:
        for number, runner in enumerate(everyone, start=1):
            progress(number, len(everyone), "runners")
            own = _store_of(store, runner.athlete_id)
            packed = _packed(own, runner, folder / "runner.zip")
            if packed is None:
                continue
            done.runners += 1
            yield from _file_member(f"{RUNNERS}/{done.runners}.zip", packed, moment)
            packed.unlink()
            for row in own.grant_rows(runner.athlete_id):
                file.write(f"{json.dumps(row.as_json())}\n")
                done.grants += 1
    yield from _file_member(GRANTS, grants, moment)
    contents = {
        "heelwise_dump": DUMP_FORMAT,
        "made_by": __version__,
        "made_utc": moment.isoformat(timespec="seconds"),
        "runners": done.runners,
        "grants": done.grants,
        "forgotten_lines": line_count(store.home),
    }
    yield from _member(CONTENTS, json.dumps(contents, indent=1).encode(), moment)
    yield bytes(2 * tarfile.BLOCKSIZE)


def _store_of(store: Store, athlete_id: int) -> Store:
    """Return the store for one runner: where the database locks rows, it shows those of the one that is named alone."""
    bound = getattr(store, "for_runner", None)
    return store if bound is None else bound(athlete_id)


def _packed(store: Store, runner: Runner, target: Path) -> Path | None:
    """Write the backup of one runner; None for one who is forgotten meanwhile."""
    try:
        backup(store, target, [runner])
    except RunnerForgotten:
        return None
    if all(one.athlete_id != runner.athlete_id for one in store.runners()):
        target.unlink()
        return None
    return target


def _header(name: str, size: int, moment: datetime) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, int(moment.timestamp())
    return member.tobuf(tarfile.PAX_FORMAT)


def _padding(size: int) -> bytes:
    return bytes(-size % tarfile.BLOCKSIZE)


def _member(name: str, content: bytes, moment: datetime) -> Iterator[bytes]:
    yield _header(name, len(content), moment) + content + _padding(len(content))


def _file_member(name: str, path: Path, moment: datetime) -> Iterator[bytes]:
    size = path.stat().st_size
    yield _header(name, size, moment)
    with path.open("rb") as file:
        while piece := file.read(PIECE_B):
            yield piece
    yield _padding(size)


def set_up(store: Store, public_key: str, *, replaces: bool = False) -> DumpSettings:
    """Set the public key that dumps are closed for; another one than before only where that is meant."""
    wanted, now = check_public_key(public_key), dump_settings(store.machine_settings())
    if now.recipient not in (None, wanted) and not replaces:
        raise StoreError(
            f"Dumps are closed for another key already ({now.recipient}). Nothing was changed. With --replace-key they "
            "are closed for the new one from now on; those that are there still need the private key from before."
        )
    store.set_machine_setting(RECIPIENT, wanted)
    return dump_settings(store.machine_settings())


def set_keep_days(store: Store, days: int, now: datetime | None = None) -> None:
    """Set for how many days dumps stay; more days hold for dumps made from now on, as receipts were given by fewer."""
    before = dump_settings(store.machine_settings())
    if days > before.keep_days:
        moment = (now or datetime.now(UTC)).isoformat(timespec="seconds")
        store.set_machine_setting(EARLIER_DAYS, str(before.days_of(datetime.min.replace(tzinfo=UTC))))
        store.set_machine_setting(EARLIER_UNTIL, moment)
    store.set_machine_setting(KEEP_DAYS, str(days))
