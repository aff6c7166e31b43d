"""Where secrets lie: the system's keyring, or an encrypted file with its key in a second file."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from connectors.errors import LockTaken, StoreError, VaultUnreadable
from connectors.store.file_lock import file_lock
from connectors.store.paths import make_home
from connectors.store.private_file import read_private, write_private
from connectors.store.vault_keys import (
    KEY_FILE,
    KEY_NAME,
    LIST_NAME,
    VAULT_KEY,
    VaultKeys,
    fernet,
    fernet_of,
    make_key,
    read_keys,
)

SERVICE = "heelwise"
_VAULT_TAKEN = (
    "Another program has been at the Strava link for a minute. Nothing was changed. Wait until it is done, or "
    "close it, and try again."
)
_REAL = 1  # keyring's own measure: a lower priority keeps plain text or nothing


class SecretStore(Protocol):
    """Keeps one text."""

    def read(self) -> str | None:
        """Return the text; None when there is none."""
        ...

    def write(self, text: str | None) -> None:
        """Replace the text."""
        ...


class KeyringSecrets:
    """Keeps the text in the system's keyring."""

    def __init__(self, home: Path) -> None:
        self._name = hashlib.blake2b(os.fsencode(home.absolute()), digest_size=8).hexdigest()

    def read(self) -> str | None:
        """Return the text.

        An absent keyring is not an absent link.
        """
        keyring, failed = _keyring()
        try:
            return keyring.get_password(SERVICE, self._name)
        except failed as error:
            raise _keyring_away() from error

    def write(self, text: str | None) -> None:
        """Replace the entry.

        See `read`.
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

    Keyring has a backend that always fails and some that write plain text; only trying tells.
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


class FileSecrets:
    """Keeps the text encrypted in a file that only its owner may read."""

    def __init__(self, path: Path, environment: Mapping[str, str]) -> None:
        self._path = path
        self._environment = environment

    def read(self) -> str | None:
        """Decrypt the text.

        Cryptography's Fernet: AES-128-CBC with HMAC-SHA256, so a changed file is noticed.
        """
        sealed = read_private(self._path)
        while sealed is not None:
            try:
                return fernet_of(self.keys()).decrypt(sealed).decode()
            except fernet().InvalidToken as error:
                # Another program may have changed file and key between the two looks: then the file is another one.
                before, sealed = sealed, read_private(self._path)
                if sealed == before:
                    raise VaultUnreadable(
                        f"{self._path} does not open with the key that is here. It is kept as it is. Put the right "
                        f"{KEY_NAME} beside it, or the right key into {KEY_FILE} or {VAULT_KEY}, or delete it and "
                        "link Strava again."
                    ) from error
        return None

    def write(self, text: str | None) -> None:
        """Encrypt the text and replace the file in one step.

        A new file is whole before it takes the name of the old one.
        """
        if text is None:
            self._path.unlink(missing_ok=True)
            if not self._path.with_name(LIST_NAME).exists():  # which is signed with the key
                self.own_key.unlink(missing_ok=True)
            return
        keys = self.keys() if self.keys().keys else make_key(self._path)
        write_private(self._path, fernet_of(keys).encrypt(text.encode()))

    @property
    def own_key(self) -> Path:
        """Where the key lies that is made beside the file, where no other is given."""
        return self._path.with_name(KEY_NAME)

    def keys(self) -> VaultKeys:
        """Return the keys that open the file; the first closes it."""
        return read_keys(self._path, self._environment)


VAULT_NAME = "vault"
LOCK_NAME = "vault.lock"
WITHOUT_KEYRING = "vault.without_keyring"
"""An empty file: secrets go into the encrypted file even where a keyring answers."""
_IN_KEYRING = b"in the system keyring\n"


@dataclass(frozen=True)
class Tokens:
    """What opens one runner's Strava account to this machine."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: int
    scopes: tuple[str, ...]
    strava_athlete_id: int


@dataclass(frozen=True)
class StravaApp:
    """The API app that asks on the runner's behalf."""

    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True)
class LinkKey:
    """The key that a runner made at a service, and what was learned of it."""

    key: str = field(repr=False)
    # The account's number and its owner's name there; None: the service does not tell yet.
    account: str | None = None
    name: str | None = None
    # ISO date of its last day, as its owner told; None unknown.
    ends_on: str | None = None
    # Whether its owner confirmed whose record it fills.
    is_confirmed: bool = False


class Vault:
    """Reads and writes secrets. Made by `open_vault`."""

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        self._home = home
        self._path = home / VAULT_NAME
        self._environment = environment

    def read(self, athlete_id: int) -> Tokens | None:
        """Read the tokens of one runner.

        Asked anew each time, since another process may have refreshed them.
        """
        stored = self._all().get("tokens", {}).get(str(athlete_id))
        if stored is None:
            return None
        return Tokens(**{**stored, "scopes": tuple(stored["scopes"])})

    def write(self, athlete_id: int, tokens: Tokens) -> None:
        """Write the tokens of one runner; on the disk when this returns.

        A rotated refresh token that is lost ends the link.
        """
        self._put("tokens", str(athlete_id), asdict(tokens))

    def delete(self, athlete_id: int) -> None:
        """Forget the tokens of one runner.

        The last secret taken away takes file and key with it.
        """
        self._put("tokens", str(athlete_id), None)

    def read_app(self) -> StravaApp | None:
        """Read the client id and secret that were typed into the settings page.

        One app for all runners of this machine.
        """
        stored = self._all().get("app", {}).get("strava")
        return None if stored is None else StravaApp(**stored)

    def write_app(self, app: StravaApp | None) -> None:
        """Write a client id and secret.

        See `read_app`.
        """
        self._put("app", "strava", None if app is None else asdict(app))

    def read_key(self, athlete_id: int, service: str) -> LinkKey | None:
        """Read the key of one runner for one service."""
        stored = self._all().get("keys", {}).get(f"{athlete_id}:{service}")
        return None if stored is None else LinkKey(**stored)

    def write_key(self, athlete_id: int, service: str, key: LinkKey | None) -> None:
        """Write the key of one runner for one service; None forgets it, and the token it was exchanged for."""
        name = f"{athlete_id}:{service}"
        self._put("key_tokens", name, None)
        self._put("keys", name, None if key is None else asdict(key))

    def keyed_services(self, athlete_id: int) -> list[str]:
        """List the services of which a key of one runner is here."""
        names = (name.partition(":") for name in self._all().get("keys", {}))
        return sorted(service for owner, _, service in names if owner == str(athlete_id))

    def read_key_token(self, athlete_id: int, service: str) -> dict[str, Any] | None:
        """Read the token that a key was exchanged for; None before the first."""
        return self._all().get("key_tokens", {}).get(f"{athlete_id}:{service}")

    def write_key_token(self, athlete_id: int, service: str, token: dict[str, Any] | None) -> None:
        """Write the token that a key was exchanged for."""
        self._put("key_tokens", f"{athlete_id}:{service}", token)

    def read_addresses(self, athlete_id: int) -> list[str]:
        """Read where one runner's reminder is sent; such an address may hold a password."""
        return list((self._all().get("reminders", {}).get(str(athlete_id)) or {}).get("addresses", []))

    def write_addresses(self, athlete_id: int, addresses: Sequence[str]) -> None:
        """Write where one runner's reminder is sent; an empty list forgets it."""
        self._put("reminders", str(athlete_id), {"addresses": [*addresses]} if addresses else None)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the inter-process lock of the vault, so that no other process or thread refreshes meanwhile."""
        with self._lock(LOCK_NAME):
            yield

    @contextmanager
    def locked_file(self) -> Iterator[FileSecrets]:
        """Hold every lock of the vault and return the file it lies in, for what replaces the key."""
        with self.locked(), self._lock(f"{LOCK_NAME}.write"):
            if isinstance(self._keeper(), KeyringSecrets):
                raise StoreError(
                    "The secrets lie in the system's keyring, which has a key of its own, so there is none to replace. "
                    "Nothing was changed."
                )
            yield self._file()

    @contextmanager
    def _lock(self, name: str) -> Iterator[None]:
        make_home(self._home)
        with ExitStack() as stack:
            try:
                stack.enter_context(file_lock(self._home / name))
            except LockTaken as error:
                raise VaultUnreadable(_VAULT_TAKEN) from error
            yield

    def _put(self, kind: str, name: str, value: dict[str, Any] | None) -> None:
        with self._lock(f"{LOCK_NAME}.write"):
            everything = self._all()
            part = {key: stored for key, stored in everything.get(kind, {}).items() if key != name}
            if value is not None:
                part[name] = value
            everything[kind] = part
            self._keep(everything if any(everything.values()) else None)

    def _all(self) -> dict[str, Any]:
        keeper = self._keeper()
        text = None if keeper is None else keeper.read()
        try:
            return {} if text is None else json.loads(text)
        except ValueError as error:
            raise VaultUnreadable(
                f"What {self._path} keeps is not what Heelwise wrote. It is left as it is. Delete that file and link "
                "Strava again."
            ) from error

    def _keep(self, everything: dict[str, Any] | None) -> None:
        keeper = self._keeper() or self._choose()
        keeper.write(None if everything is None else json.dumps(everything))
        if isinstance(keeper, KeyringSecrets):
            if everything is None:
                self._path.unlink(missing_ok=True)
            else:
                write_private(self._path, _IN_KEYRING)

    def is_in_keyring(self) -> bool:
        """Return whether the secrets lie in the system's keyring, or the first one would."""
        keeper = self._keeper()
        return isinstance(keeper, KeyringSecrets) if keeper else isinstance(self._choose(), KeyringSecrets)

    def is_without_keyring(self) -> bool:
        """Return whether a person moved the secrets out of the keyring for good."""
        return (self._home / WITHOUT_KEYRING).exists()

    def leave_keyring(self) -> None:
        """Move the secrets into the encrypted file, where new ones go too: at boot no keyring is open."""
        with self._lock(f"{LOCK_NAME}.write"):
            everything = self._all()
            write_private(self._home / WITHOUT_KEYRING, b"")
            if everything:
                self._file().write(json.dumps(everything))
            # Whoever held them before: a run that was cut off here has left its copy in the keyring.
            if keyring_works():
                KeyringSecrets(self._home).write(None)

    def use_keyring(self) -> bool:
        """Move the secrets back into the keyring where there is one; return whether they lie there now."""
        with self._lock(f"{LOCK_NAME}.write"):
            before, everything = self._keeper(), self._all()
            (self._home / WITHOUT_KEYRING).unlink(missing_ok=True)
            chosen = self._choose()
            if isinstance(chosen, KeyringSecrets) and everything:
                chosen.write(json.dumps(everything))
                write_private(self._path, _IN_KEYRING)
                if isinstance(before, FileSecrets) and not (self._home / LIST_NAME).exists():
                    self._path.with_name(KEY_NAME).unlink(missing_ok=True)
            return isinstance(chosen, KeyringSecrets)

    def _keeper(self) -> SecretStore | None:
        """Whoever keeps the secrets now: the file says so; None before the first."""
        stored = read_private(self._path)
        if stored is None:
            return None
        return KeyringSecrets(self._home) if stored == _IN_KEYRING else self._file()

    def _choose(self) -> SecretStore:
        is_file_meant = (
            any(self._environment.get(name, "").strip() for name in (VAULT_KEY, KEY_FILE))
            or (self._home / WITHOUT_KEYRING).exists()
        )
        if not is_file_meant and keyring_works():
            return KeyringSecrets(self._home)
        return self._file()

    def _file(self) -> FileSecrets:
        return FileSecrets(self._path, self._environment)


def open_vault(home: Path, environment: Mapping[str, str] | None = None) -> Vault:
    """Open the place for secrets in a folder.

    A keyring is missing on headless machines, so it cannot be the only way.
    """
    return Vault(home, os.environ if environment is None else environment)
