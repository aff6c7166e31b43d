"""The key of a cohort: names of athletes, digests of inputs and shifts of dates all come from it."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from connectors.errors import HeelwiseError

KEY_BYTES = 32
NAME_DIGITS = 32
SHIFT_WEEKS = 52
"""Dates move back by 1 to this many weeks."""


@dataclass(frozen=True)
class StudyKey:
    """A secret of 32 bytes; what is derived from it for one purpose says nothing of the others."""

    secret: bytes

    def athlete(self, kind: str, name: str) -> str:
        """Return the name of an athlete in the tables, from a row's or a file's own."""
        return self._derive(f"athlete {kind}", name.encode(errors="surrogateescape"))[:NAME_DIGITS]

    def shift_weeks(self, athlete: str) -> int:
        """Return by how many weeks the dates of one athlete are moved back."""
        return 1 + int(self._derive("shift", athlete.encode()), 16) % SHIFT_WEEKS

    def digest_key(self) -> bytes:
        """Return the key of digests of inputs, which workers are given in place of the secret."""
        return bytes.fromhex(self._derive("digests of inputs", b""))

    def check(self) -> str:
        """Return a number by which a later run knows the key again."""
        return self._derive("check", b"")[:NAME_DIGITS]

    def _derive(self, purpose: str, data: bytes) -> str:
        return hmac.digest(self.secret, purpose.encode() + b"\0" + data, hashlib.sha256).hex()


def keyed_digest(key: bytes, data: bytes) -> str:
    """Return a digest that nobody without the key can compare with a guess."""
    return hmac.digest(key, data, hashlib.sha256).hex()[:NAME_DIGITS]


def open_key(path: Path) -> tuple[StudyKey, bool]:
    """Read the key of a file, or make it where the file is absent; return whether it was made."""
    if not os.path.lexists(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        secret = secrets.token_bytes(KEY_BYTES)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secret.hex() + "\n")
        return StudyKey(secret), True
    if not path.is_file():
        raise HeelwiseError("The key file is no file. Nothing was written; give the path of a file.")
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise HeelwiseError(
            "Others on this machine may read the key file. Nothing was written; run `chmod 600` on it, and ask who "
            "has read it."
        )
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (ValueError, OSError):
        secret = b""
    if len(secret) != KEY_BYTES:
        raise HeelwiseError(
            "The key file does not hold a key of Heelwise (64 hexadecimal digits). Nothing was written; give the "
            "right file, or one that is not there yet."
        )
    return StudyKey(secret), False
