"""The keys of the encrypted file of secrets: in a file that the environment names, in the environment, or beside it."""

# The first key closes, all open: so a new key is put before the old one, everything is closed anew, and the old one
# goes. Several keys in one place are separated by a comma or a line.

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.errors import VaultUnreadable
from connectors.late_imports import late_import
from connectors.store.private_file import read_private, write_private

VAULT_KEY = "HEELWISE_KEY"
KEY_FILE = "HEELWISE_KEY_FILE"
KEY_NAME = "vault.key"
LIST_NAME = "forgotten.jsonl"
"""What is signed with the key of the vault, see `forgotten_list`: while it is there, its key stays."""
MOST_BYTES = 4096
"""More than any list of keys takes; a larger file is a mistake."""
HOW_TO_MAKE = "A key is 44 characters, as `heelwise vault new-key` prints."
_FOR_LIST = b"heelwise: list of forgotten runners"


@dataclass(frozen=True)
class VaultKeys:
    """The keys in the order in which they are tried; the first closes."""

    keys: tuple[bytes, ...]
    file: Path | None
    """The file that holds the first key; None where it is in the environment, or there is none yet."""
    in_file: int = 0
    """How many of the keys lie in that file."""


def read_keys(vault: Path, environment: Mapping[str, str]) -> VaultKeys:
    """Read the keys of the file of secrets: those of HEELWISE_KEY_FILE first, then HEELWISE_KEY, then beside it."""
    given = environment.get(KEY_FILE, "").strip()
    file = Path(given).expanduser() if given else None
    of_file = _parse(_read_key_file(file), str(file)) if file else ()
    of_environment = _parse(environment.get(VAULT_KEY, ""), VAULT_KEY)
    beside = vault.with_name(KEY_NAME)
    own = read_private(beside)
    of_own = () if own is None else _parse(own.decode(errors="replace"), str(beside))
    if own is not None and not of_own:
        raise _unusable(str(beside))
    keys = (*of_file, *of_environment, *of_own)
    if of_file:
        return VaultKeys(keys, file, len(of_file))
    if of_environment or not of_own:
        return VaultKeys(keys, None)
    return VaultKeys(keys, beside, len(of_own))


def make_key(vault: Path) -> VaultKeys:
    """Make the key beside the file of secrets, where no other is given."""
    key, beside = new_key(), vault.with_name(KEY_NAME)
    write_private(beside, key)
    return VaultKeys((key,), beside, 1)


def new_key() -> bytes:
    """Return a new random key."""
    return fernet().Fernet.generate_key()


def fernet_of(keys: VaultKeys) -> Any:
    """Return what closes with the first key and opens with each."""
    if not keys.keys:
        raise VaultUnreadable(
            f"The file of secrets is there and its key is not: neither {KEY_NAME} beside it nor {KEY_FILE} nor "
            f"{VAULT_KEY}. Nothing was changed. Put the key back, or delete the file and link Strava again."
        )
    return fernet().MultiFernet([fernet().Fernet(key) for key in keys.keys])


def fernet() -> Any:
    """Import the library that encrypts, where there is something to open or to close."""
    return late_import("cryptography.fernet")


def signing_keys(keys: VaultKeys) -> list[bytes]:
    """Return the keys that sign the list of forgotten runners, one for each key of the vault.

    References
    ----------
    RFC 5869, HKDF. https://www.rfc-editor.org/rfc/rfc5869
    """
    hashes = late_import("cryptography.hazmat.primitives.hashes")
    hkdf = late_import("cryptography.hazmat.primitives.kdf.hkdf")
    return [
        hkdf.HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=_FOR_LIST).derive(
            base64.urlsafe_b64decode(key)
        )
        for key in keys.keys
    ]


def _parse(text: str, where: str) -> tuple[bytes, ...]:
    keys = tuple(part.encode() for part in re.split(r"[\s,]+", text) if part)
    try:
        for key in keys:
            fernet().Fernet(key)
    except ValueError as error:
        raise _unusable(where) from error
    return keys


def _read_key_file(path: Path) -> str:
    if path.exists() and not path.is_file():
        raise VaultUnreadable(
            f"{KEY_FILE} names {path}, which is no file. Nothing was changed. {HOW_TO_MAKE}"
        )
    content = read_private(
        path,
        f"{KEY_FILE} names {path}, which other users of this machine may read, so it was not used. Nothing was "
        f"changed. Run `chmod 600 {path}`; if somebody may have read it, run `heelwise vault rotate` after that.",
    )
    if content is None:
        raise VaultUnreadable(
            f"{KEY_FILE} names {path}, and there is no such file. Nothing was changed, and no other key was made. "
            "Put the file there, or take the name out of the environment."
        )
    text = content.decode(errors="replace") if len(content) <= MOST_BYTES else ""
    if not text.strip():
        raise _unusable(str(path))
    return text


def _unusable(where: str) -> VaultUnreadable:
    return VaultUnreadable(f"{where} holds no usable key. Nothing was changed. {HOW_TO_MAKE}")
