"""The list of forgotten runners and ended grants, outside every dump: what a restore may not bring back."""

# A line each, added and never changed; each is signed together with the one before it, so that a line that is changed,
# put in or taken out shows. It holds digests of random names alone. A line that cannot be verified is applied all the
# same where it can be read, since the other mistake would bring somebody back, and what is wrong is reported.

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from connectors.errors import HeelwiseError, VaultUnreadable
from connectors.plural import count
from connectors.store.file_lock import file_lock
from connectors.store.private_file import read_private, write_private
from connectors.store.vault_keys import LIST_NAME, VaultKeys, make_key, read_keys, signing_keys

LOCK_NAME = "forgotten.lock"
COUNT_SETTING = "forgotten_lines"
"""Setting of the machine: how many lines the list has, so that a list that is missing or shorter shows."""
RUNNER, GRANT = "runner", "grant"
_FIELDS = ("kind", "who", "person", "at")
_UNSIGNED = ""
Key = TypeVar("Key")


@dataclass(frozen=True)
class Ended:
    """One line: a runner who was forgotten, or a grant of a person that ended."""

    kind: str
    who: str
    """Digest of the runner's random name over all machines."""
    at: str
    """When, ISO 8601 in UTC."""
    person: str = ""
    """Digest of issuer and subject of the person whose grant ended; empty for a runner."""


@dataclass
class ForgottenList:
    """What may not come back, and what is wrong with the list itself."""

    runners: dict[str, datetime] = field(default_factory=dict)
    grants: dict[tuple[str, str], datetime] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    lines: int = 0
    unreadable: int = 0
    """Lines that nobody can apply, since they cannot be read."""

    def forgotten_at(self, uid: str | None) -> datetime | None:
        """Return when a runner was forgotten; None where they were not."""
        return None if uid is None else self.runners.get(digest_of_runner(uid))

    def is_ended(self, uid: str, issuer: str, subject: str, given: datetime) -> bool:
        """Return whether a grant that was given at some time has ended since."""
        ended = self.grants.get((digest_of_runner(uid), digest_of_person(issuer, subject)))
        return (
            ended is not None and ended > given
        )  # one that takes the place of another begins as that one ends

    def add(self, one: Ended) -> None:
        """Add one line."""
        at = datetime.fromisoformat(one.at)
        if one.kind == RUNNER:
            self.runners[one.who] = max(at, self.runners.get(one.who, at))
        else:
            grant = (one.who, one.person)
            self.grants[grant] = max(at, self.grants.get(grant, at))

    def as_lines(self) -> list[Ended]:
        """Return every runner and grant as lines, each with its last end."""
        return [
            *(Ended(RUNNER, who, at.isoformat()) for who, at in self.runners.items()),
            *(Ended(GRANT, who, at.isoformat(), person) for (who, person), at in self.grants.items()),
        ]

    def holds(self, other: ForgottenList) -> bool:
        """Return whether everything that another copy says, to its last line, stands here too."""
        if other.unreadable:
            return False
        return _is_within(other.runners, self.runners) and _is_within(other.grants, self.grants)

    def merge(self, other: ForgottenList) -> None:
        """Add what another copy of the list holds."""
        for one in other.as_lines():
            self.add(one)
        self.lines = max(self.lines, other.lines)


def digest_of_runner(uid: str) -> str:
    """Return how the list knows a runner: their random name over all machines goes with them."""
    return hashlib.sha256(f"runner\0{uid}".encode()).hexdigest()


def digest_of_person(issuer: str, subject: str) -> str:
    """Return how the list knows a person who signs in."""
    return hashlib.sha256(f"person\0{issuer}\0{subject}".encode()).hexdigest()


def note_ended(
    home: Path, ended: Sequence[Ended], environment: Mapping[str, str] | None = None
) -> str | None:
    """Add lines, on the disk when this returns; return what is wrong where they could not be signed."""
    if not ended:
        return None
    _make_key(home, os.environ if environment is None else environment)
    with file_lock(home / LOCK_NAME):
        before = _lines(home / LIST_NAME)
        there = {_identity(one) for line in before if (one := _parse(line)) is not None}
        new = [one for name, one in {_identity(one): one for one in ended}.items() if name not in there]
        if not new:
            return None
        key, problem = _first_key(home, os.environ if environment is None else environment)
        previous = _mac_of(before[-1]) if before else ""
        written = list(before)
        for one in new:
            previous = _mac(key, previous, one) if key else _UNSIGNED
            written.append(_line(one, previous))
        _write(home, written)
    return problem


def read_list(path: Path, keys: VaultKeys | None, least_lines: int = 0) -> ForgottenList:
    """Read a list, and say what is wrong with it; without keys nothing in it can be verified."""
    lines = _lines(path)
    result = ForgottenList(lines=len(lines))
    if not path.exists():
        if least_lines:
            result.problems.append(f"The list of forgotten runners, {path.name}, is missing")
        return result
    if len(lines) < least_lines:
        result.problems.append(
            f"The list of forgotten runners has {count(len(lines), 'line')}, and had {least_lines} before"
        )
    readable = [one for line in lines if (one := _parse(line)) is not None]
    for one in readable:
        result.add(one)
    result.unreadable = unreadable = len(lines) - len(readable)
    if unreadable:
        result.problems.append(f"{count(unreadable, 'line')} of the list of forgotten runners cannot be read")
    unverified = len(lines) - unreadable - _verified(lines, signing_keys(keys) if keys else [])
    if unverified:
        result.problems.append(
            f"{count(unverified, 'line')} of the list of forgotten runners cannot be verified with the key that is here"
        )
    return result


def read_own_list(
    home: Path, least_lines: int, environment: Mapping[str, str] | None = None
) -> ForgottenList:
    """Read the list of a folder with the keys of its vault."""
    return _read_with_keys(home, home / LIST_NAME, least_lines, environment)


def read_copy(home: Path, path: Path) -> ForgottenList:
    """Read a copy of the list with the keys of the vault here; one that is not there holds nothing."""
    return _read_with_keys(home, path, 0, None)


def _read_with_keys(
    home: Path, path: Path, least_lines: int, environment: Mapping[str, str] | None
) -> ForgottenList:
    try:
        keys = read_keys(home / "vault", os.environ if environment is None else environment)
    except HeelwiseError as error:
        result = read_list(path, None, least_lines)
        if result.problems:
            result.problems.append(str(error).rstrip("."))
        return result
    return read_list(path, keys, least_lines)


def take_along(source: Path, target: Path, environment: Mapping[str, str] | None = None) -> str | None:
    """Add every line of one folder's list to another's, signed with the key there; return what is wrong, if anything.

    Line for line: a dump knows how many there were when it was made.
    """
    readable = [one for line in _lines(source / LIST_NAME) if (one := _parse(line)) is not None]
    return note_ended(target, readable, environment)


def sign_anew(home: Path, keys: VaultKeys) -> None:
    """Sign every line that verifies with the first key; what does not verify stays as it is, and goes on to show."""
    with file_lock(home / LOCK_NAME):
        lines = _lines(home / LIST_NAME)
        if lines and keys.keys:
            _write(home, _signed_anew(lines, signing_keys(keys)))


def bring_back(home: Path, uid: str, environment: Mapping[str, str] | None = None) -> int:
    """Take a runner off the list, as they asked, and sign the rest anew; return how many lines are left."""
    with file_lock(home / LOCK_NAME):
        keys = read_keys(home / "vault", os.environ if environment is None else environment)
        left = _signed_anew(_lines(home / LIST_NAME), signing_keys(keys), digest_of_runner(uid))
        _write(home, left)
        return len(left)


def _signed_anew(lines: Sequence[str], keys: Sequence[bytes], left_out: str = "") -> list[str]:
    previous_old, previous_new, written = "", "", []
    for line in lines:
        one, mac = _parse(line), _mac_of(line)
        is_signed = one is not None and any(_is_signed(key, previous_old, one, mac) for key in keys)
        previous_old = mac
        if one is not None and one.kind == RUNNER and one.who == left_out:
            continue
        previous_new = _mac(keys[0], previous_new, one) if one is not None and is_signed else mac
        written.append(_line(one, previous_new) if one is not None and is_signed else line)
    return written


def _write(home: Path, lines: Sequence[str]) -> None:
    write_private(home / LIST_NAME, "".join(f"{line}\n" for line in lines).encode())


def line_count(home: Path) -> int:
    """Return how many lines the list has."""
    return len(_lines(home / LIST_NAME))


def now_text() -> str:
    """Return the present time as a line holds it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _is_within(some: Mapping[Key, datetime], more: Mapping[Key, datetime]) -> bool:
    return all(name in more and more[name] >= at for name, at in some.items())


def _identity(one: Ended) -> tuple[str, ...]:
    """Return what makes two lines the same: a runner is forgotten once, a grant may end again and again."""
    return (one.kind, one.who) if one.kind == RUNNER else (one.kind, one.who, one.person, one.at)


def _make_key(home: Path, environment: Mapping[str, str]) -> None:
    """Make the key of the vault where there is none yet, under the lock of whoever else may be making it."""
    vault = home / "vault"
    with suppress(VaultUnreadable), file_lock(home / "vault.lock.write"):
        if not read_keys(vault, environment).keys:
            make_key(vault)


def _first_key(home: Path, environment: Mapping[str, str]) -> tuple[bytes | None, str | None]:
    try:
        return signing_keys(read_keys(home / "vault", environment))[0], None
    except VaultUnreadable as error:
        return None, f"The list of forgotten runners could not be signed, and is applied unsigned: {error}"


def _lines(path: Path) -> list[str]:
    content = read_private(path)
    return [] if content is None else [line for line in content.decode(errors="replace").split("\n") if line]


def _parse(line: str) -> Ended | None:
    try:
        content: dict[str, Any] = json.loads(line)
        one = Ended(**{name: str(content[name]) for name in _FIELDS})
        is_aware = datetime.fromisoformat(one.at).tzinfo is not None
    except (ValueError, KeyError, TypeError):
        return None
    return one if one.kind in (RUNNER, GRANT) and is_aware else None


def _mac_of(line: str) -> str:
    try:
        return str(json.loads(line)["mac"])
    except (ValueError, KeyError, TypeError):
        return hashlib.sha256(line.encode()).hexdigest()


def _line(one: Ended, mac: str) -> str:
    return json.dumps({**{name: getattr(one, name) for name in _FIELDS}, "mac": mac})


def _mac(key: bytes, previous: str, one: Ended) -> str:
    text = json.dumps([previous, *(getattr(one, name) for name in _FIELDS)])
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _is_signed(key: bytes, previous: str, one: Ended, mac: str) -> bool:
    return hmac.compare_digest(_mac(key, previous, one), mac)


def _verified(lines: Sequence[str], keys: Sequence[bytes]) -> int:
    """Return how many lines are signed with one of the keys, each together with the line before it."""
    previous, verified = "", 0
    for line in lines:
        one, mac = _parse(line), _mac_of(line)
        verified += one is not None and any(_is_signed(key, previous, one, mac) for key in keys)
        previous = mac
    return verified
