"""Where secrets lie: the system's keyring, or an encrypted file with its key in a second file."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from connectors.errors import VaultUnreadable
from connectors.store.failures import disk_error

KEY = "HEELWISE_KEY"
KEY_NAME = "vault.key"
SERVICE = "heelwise"
_REAL = 1  # keyring's own measure: a lower priority keeps plain text or nothing


class Keeper(Protocol):
    """Keeps one text."""

    def read(self) -> str | None:
        """Give the text; None when there is none."""
        ...

    def write(self, text: str | None) -> None:
        """Replace the text.

        Parameters
        ----------
        text : str or None
            None takes it away.
        """
        ...


class KeyringKeeper:
    """Keeps the text in the system's keyring.

    Parameters
    ----------
    home
        Folder of the store: each has an entry of its own.
    """

    def __init__(self, home: Path) -> None:
        self._name = hashlib.blake2b(os.fsencode(home.absolute()), digest_size=8).hexdigest()

    def read(self) -> str | None:
        """Give the text.

        Returns
        -------
        str or None
            None when there is no entry.

        Raises
        ------
        VaultUnreadable
            When the keyring is locked or away.

        Source
        ------
        ours: an absent keyring is not an absent link.
        """
        keyring, failed = _keyring()
        try:
            return keyring.get_password(SERVICE, self._name)
        except failed as error:
            raise _keyring_away() from error

    def write(self, text: str | None) -> None:
        """Replace the entry.

        Parameters
        ----------
        text : str or None
            None takes it away.

        Raises
        ------
        VaultUnreadable
            When the keyring is locked or away.

        Source
        ------
        ours: see `read`.
        """
        keyring, failed = _keyring()
        try:
            if text is not None:
                keyring.set_password(SERVICE, self._name, text)
            elif keyring.get_password(SERVICE, self._name) is not None:
                keyring.delete_password(SERVICE, self._name)
        except failed as error:
            raise _keyring_away() from error


def keyring_works() -> bool:
    """Ask the system's keyring to keep a word and give it back.

    Returns
    -------
    bool
        True when a real one did; False where there is none, as on most servers.

    Source
    ------
    ours: keyring has a backend that always fails and some that write plain text; only trying tells.
    """
    keyring, failed = _keyring()
    name, word = f"probe-{secrets.token_hex(4)}", secrets.token_hex(8)
    try:
        if keyring.get_keyring().priority < _REAL:
            return False
        keyring.set_password(SERVICE, name, word)
        same = keyring.get_password(SERVICE, name) == word
        keyring.delete_password(SERVICE, name)
    except failed:
        return False
    return same


def _keyring() -> tuple[Any, tuple[type[Exception], ...]]:
    # Imported when asked: looking for backends takes a while, and most starts need no secret.
    keyring, errors = import_module("keyring"), import_module("keyring.errors")
    return keyring, (errors.KeyringError, RuntimeError, OSError)


def _keyring_away() -> VaultUnreadable:
    return VaultUnreadable(
        "The system keyring that holds the Strava link did not answer. Nothing was changed. Unlock it, or run "
        "this in the session in which you linked Strava; else link Strava again."
    )


class FileKeeper:
    """Keeps the text encrypted in a file that only its owner may read.

    Parameters
    ----------
    path
        The file; its key lies beside it in `vault.key` unless the environment holds one.
    environment
        HEELWISE_KEY: one Fernet key, or several with commas between them, newest first.
    """

    def __init__(self, path: Path, environment: Mapping[str, str]) -> None:
        self._path = path
        self._environment = environment

    def read(self) -> str | None:
        """Decrypt the text.

        Returns
        -------
        str or None
            None when there is no file.

        Raises
        ------
        VaultUnreadable
            When others may read the file or its key, or the key does not fit.

        Source
        ------
        cryptography's Fernet: AES-128-CBC with HMAC-SHA256, so a changed file is noticed.
        """
        kept = read_private(self._path)
        if kept is None:
            return None
        try:
            return self._lock(make=False).decrypt(kept).decode()
        except InvalidToken as error:
            raise VaultUnreadable(
                f"{self._path} does not open with the key that is here. It is kept as it is. Put the right "
                f"{KEY_NAME} beside it or the right {KEY} into the environment, or delete it and link Strava again."
            ) from error

    def write(self, text: str | None) -> None:
        """Encrypt the text and replace the file in one step.

        Parameters
        ----------
        text : str or None
            None deletes file and key.

        Raises
        ------
        VaultUnreadable
            As `read`.
        StoreFull
            When the disk is full.

        Source
        ------
        ours: a new file is whole before it takes the name of the old one.
        """
        if text is None:
            for path in (self._path, self._path.with_name(KEY_NAME)):
                path.unlink(missing_ok=True)
            return
        write_private(self._path, self._lock(make=True).encrypt(text.encode()))

    def _lock(self, make: bool) -> MultiFernet:
        given = [part.strip() for part in self._environment.get(KEY, "").split(",") if part.strip()]
        path = self._path.with_name(KEY_NAME)
        beside = read_private(path)
        if beside is None and make and not given:
            beside = Fernet.generate_key()
            write_private(path, beside)
        try:
            return MultiFernet([Fernet(key) for key in (*given, *([beside] if beside else []))])
        except ValueError as error:
            where = KEY if given else str(path)
            raise VaultUnreadable(
                f"{where} holds no usable key. Nothing was changed. A key is 44 characters, as "
                "`python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'` prints."
            ) from error


def read_private(path: Path) -> bytes | None:
    """Read a file that must be its owner's alone.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    bytes or None
        None when it is not there.

    Raises
    ------
    VaultUnreadable
        When its group or everybody may read it: then it is not used.

    Source
    ------
    ours: as ssh does with private keys. Windows keeps rights elsewhere and is not asked.
    """
    try:
        with path.open("rb") as file:
            if os.name == "posix" and os.fstat(file.fileno()).st_mode & 0o077:
                raise VaultUnreadable(
                    f"{path} may be read by other users of this machine, so it was not used. Run `chmod 600 {path}`; "
                    "if somebody may have read it, disconnect Strava and link it again."
                )
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise disk_error(error, path) from error


def write_private(path: Path, content: bytes) -> None:
    """Replace a file in one step, readable by its owner alone.

    Parameters
    ----------
    path : Path
        The file.
    content : bytes
        What it holds afterwards.

    Raises
    ------
    StoreFull
        When the disk is full; the old file is then as it was.

    Source
    ------
    ours: the content is on the disk before the name points at it, for a lost refresh token ends the link.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise disk_error(error, path) from error
