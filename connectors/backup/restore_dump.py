"""From a dump of all runners to the store: opened as a whole, then one runner after the other."""

from __future__ import annotations

import json
import re
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pyrage

from connectors.backup.dump import (
    CONTENTS,
    DUMP_FORMAT,
    GRANTS,
    PIECE_B,
    README,
    RUNNERS,
    WatchedOutput,
    scratch,
)
from connectors.backup.format import LOCKED, damaged_backup
from connectors.backup.restore import RestoreResult, SettingCheck, restore
from connectors.errors import LockedFile, RunnerUnknown, StoreError, UnreadableFile
from connectors.plural import count
from connectors.setting_bounds import bounded_problems
from connectors.source import Progress, silent
from connectors.store import Store
from connectors.store.disk_errors import disk_error
from connectors.store.forgotten_list import ForgottenList
from connectors.store.forgotten_notes import COPY_NAME, list_refused, usable_list
from connectors.store.server_rows import GrantRow, GrantsRestored, parse_grant

NOT_EVERYBODY = (
    "The user of HEELWISE_DATABASE does not see every runner, so a restore by it would not know who is here. Nothing "
    "was changed. Run this with the address of the superuser that set the roles up, as docs/clinic.md says."
)
_FOR_KEY = b"-> X25519 "
_RUNNER = re.compile(rf"{RUNNERS}/[1-9]\d{{0,8}}\.zip")
_HEAD_B = 4096
_MOST_CONTENTS_B = 1 << 20
_MOST_LINE_B = 1 << 16


@dataclass
class DumpRestored:
    """What came of a dump beside its runners."""

    made_utc: str
    runners: int
    brought: int = 0
    forgotten: int = 0
    unreadable: list[str] = field(default_factory=list)
    """A sentence for each runner who could not be brought in."""
    grants: GrantsRestored = field(default_factory=GrantsRestored)
    problems: list[str] = field(default_factory=list)
    """What was wrong with the list of forgotten runners, and was accepted."""


def is_dump(source: Path) -> bool:
    """Return whether a file is closed with age for a key, and not with a passphrase (age-encryption.org/v1)."""
    try:
        with source.open("rb") as file:
            head = file.read(_HEAD_B)
    except OSError:
        return False
    lines = head.split(b"\n")
    return head.startswith(LOCKED) and any(line.startswith(_FOR_KEY) for line in lines)


def parse_identity(text: str) -> pyrage.x25519.Identity:
    """Return the private key in a text, as age-keygen writes it or alone."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    try:
        if len(lines) != 1:
            raise ValueError("not one line")
        return pyrage.x25519.Identity.from_str(lines[0])
    except (pyrage.IdentityError, ValueError) as error:
        raise LockedFile(
            "This is not a private age key: one begins with AGE-SECRET-KEY-1 and has 74 characters. Nothing was "
            "changed. Give the one that was printed when the dumps were set up."
        ) from error


def restore_dump(
    store: Store,
    source: Path,
    identity: pyrage.x25519.Identity,
    on_result: Callable[[RestoreResult], None],
    only: str | None = None,
    *,
    what_is_whole: bool = False,
    accepts_list: bool = False,
    progress: Progress = silent,
    setting_problems: SettingCheck = bounded_problems,
) -> DumpRestored:
    """Bring a dump in; a damaged one changes nothing. Each runner is reported as they come."""
    if store.is_partial():
        raise StoreError(NOT_EVERYBODY)
    machine, beside = store.machine_settings(), source.with_name(COPY_NAME)
    forgotten = usable_list(store.home, machine, accepts_list, beside)
    with scratch(store.home) as folder:
        _decrypt(source, folder / "dump.tar", identity)
        with _opened(folder / "dump.tar") as archive:
            done = _contents(archive, forgotten, accepts_list)
            store.add_to_list(forgotten)

            def bring_in(packed: Path) -> list[RestoreResult]:
                return restore(store, packed, None, only, what_is_whole, silent, setting_problems, forgotten)

            for number, name in enumerate(_runner_names(archive), start=1):
                progress(number, done.runners, "runners")
                _extract(archive, name, folder / "runner.zip")
                for result in _results(bring_in, folder / "runner.zip", number, done):
                    on_result(result)
            if only is None:
                done.grants = store.restore_grants(_grants(archive), forgotten)
    if only is not None and not (done.brought or done.forgotten or done.unreadable):
        raise RunnerUnknown(f"There is no {only} in this dump. Nothing was changed.")
    return done


def _results(
    bring_in: Callable[[Path], list[RestoreResult]], packed: Path, number: int, done: DumpRestored
) -> list[RestoreResult]:
    """Bring one runner in and count what came of it; one who cannot be read does not hold up the others."""
    try:
        results = bring_in(packed)
    except RunnerUnknown:
        return []  # not the one who is meant
    except UnreadableFile as error:
        done.unreadable.append(f"Runner {number} of the dump: {error}")
        return []
    done.forgotten += sum(1 for one in results if one.is_forgotten)
    done.brought += sum(1 for one in results if one.left_out is None)
    return results


def _runner_names(archive: tarfile.TarFile) -> list[str]:
    return [name for name in archive.getnames() if _RUNNER.fullmatch(name)]


def _decrypt(source: Path, target: Path, identity: pyrage.x25519.Identity) -> None:
    """Decrypt a dump as a whole, so that one that was changed or cut off is refused before a row is written."""
    with target.open("xb") as opened:
        output = WatchedOutput(opened)
        try:
            with source.open("rb") as file:
                pyrage.decrypt_io(file, output, [identity])
        except pyrage.DecryptError as error:
            raise LockedFile(
                "The private key does not fit this dump, or its beginning is damaged. Nothing was changed. Each dump "
                "opens with the key that belonged to the public one of its night."
            ) from error
        except OSError as error:
            if output.failure is not None:
                raise disk_error(output.failure, target) from error
            if error.errno is not None:
                raise disk_error(error, source) from error
            raise damaged_backup("it was changed or is cut off") from error


@contextmanager
def _opened(packed: Path) -> Iterator[tarfile.TarFile]:
    """Open a TAR of which every member has a name that a dump may hold."""
    try:
        archive = tarfile.open(packed, "r:")  # noqa: SIM115 (closed below)
        members = archive.getmembers()
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise damaged_backup("it cannot be unpacked") from error
    with archive:
        names = [one.name for one in members]
        if len(set(names)) != len(names) or not all(one.isreg() and _is_known(one.name) for one in members):
            raise damaged_backup("it lists a file that no dump has")
        yield archive


def _is_known(name: str) -> bool:
    return name in (CONTENTS, GRANTS, README) or _RUNNER.fullmatch(name) is not None


def _contents(archive: tarfile.TarFile, forgotten: ForgottenList, accepts_list: bool) -> DumpRestored:
    try:
        member = archive.extractfile(CONTENTS)
        content = json.loads(member.read(_MOST_CONTENTS_B)) if member else {}
        number, runners = int(content["heelwise_dump"]), int(content["runners"])
        lines, made = int(content["forgotten_lines"]), datetime.fromisoformat(content["made_utc"])
    except (KeyError, ValueError, TypeError) as error:
        raise damaged_backup("its list of contents is missing or not whole") from error
    if number > DUMP_FORMAT:
        raise UnreadableFile(
            f"This dump was made by a later Heelwise ({content.get('made_by')}). Nothing was changed. Update Heelwise "
            "and try again."
        )
    there = len(_runner_names(archive))
    if there != runners:
        raise damaged_backup(f"it has {count(there, 'runner')} and lists {runners}")
    problems = [*forgotten.problems]
    if forgotten.lines < lines:
        now = count(forgotten.lines, "line")
        problems.append(f"The list of forgotten runners has {now}, and had {lines} when this dump was made")
        if not accepts_list:
            raise list_refused(problems)
    return DumpRestored(f"{made:%Y-%m-%d %H:%M} UTC", runners, problems=problems)


def _extract(archive: tarfile.TarFile, name: str, target: Path) -> None:
    member = archive.extractfile(name)
    if member is None:
        raise damaged_backup("one of its runners is missing")
    try:
        with member, target.open("wb") as file:
            while piece := member.read(PIECE_B):
                file.write(piece)
    except OSError as error:
        raise disk_error(error, target) from error


def _grants(archive: tarfile.TarFile) -> Iterator[GrantRow]:
    try:
        member = archive.extractfile(GRANTS)
    except KeyError as error:
        raise damaged_backup("its list of grants is missing") from error
    if member is None:
        return
    with member:
        while line := member.readline(_MOST_LINE_B):
            try:
                yield parse_grant(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                raise damaged_backup("its list of grants cannot be read") from error
