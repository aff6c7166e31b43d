"""Tokens at rest: the one place where the keys to somebody's Strava account are kept."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from connectors.errors import VaultUnreadable
from connectors.store.home import make_home
from connectors.store.keepers import (
    KEY,
    FileKeeper,
    Keeper,
    KeyringKeeper,
    keyring_works,
    read_private,
    write_private,
)
from connectors.store.turns import turn_at

VAULT_NAME = "vault"
LOCK_NAME = "vault.lock"
_IN_KEYRING = b"in the system keyring\n"


@dataclass(frozen=True)
class Tokens:
    """What opens one runner's Strava account to this machine.

    Parameters
    ----------
    access_token
        Goes into the Authorization header; short-lived.
    refresh_token
        Gets the next access token; a new one makes the old one useless.
    expires_at
        Seconds since 1970-01-01 UTC at which the access token ends.
    scopes
        What the runner ticked.
    strava_athlete_id
        Strava's number of the runner; 0 when Strava did not say.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: int
    scopes: tuple[str, ...]
    strava_athlete_id: int


@dataclass(frozen=True)
class App:
    """The API app that asks on the runner's behalf.

    Parameters
    ----------
    client_id
        Its number on Strava, as digits.
    client_secret
        Its password.
    """

    client_id: str
    client_secret: str = field(repr=False)


class Vault:
    """Reads and writes secrets. Made by `open_vault`.

    Parameters
    ----------
    home
        Folder of the store.
    environment
        As for `open_vault`.
    """

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        self._home = home
        self._path = home / VAULT_NAME
        self._environment = environment

    def read(self, athlete_id: int) -> Tokens | None:
        """Read the tokens of one runner.

        Parameters
        ----------
        athlete_id : int
            Runner on this machine, from 1.

        Returns
        -------
        Tokens or None
            None when there is no link.

        Raises
        ------
        VaultUnreadable
            When the vault is there but may not be used or does not open.

        Source
        ------
        ours: asked anew each time, since another process may have refreshed them.
        """
        kept = self._all().get("tokens", {}).get(str(athlete_id))
        if kept is None:
            return None
        return Tokens(**{**kept, "scopes": tuple(kept["scopes"])})

    def write(self, athlete_id: int, tokens: Tokens) -> None:
        """Keep the tokens of one runner; on the disk when this returns.

        Parameters
        ----------
        athlete_id : int
            Runner on this machine, from 1.
        tokens : Tokens
            Replaces what was there.

        Raises
        ------
        VaultUnreadable, StoreFull
            When they could not be kept; the old ones are then as they were.

        Source
        ------
        ours: a rotated refresh token that is lost ends the link.
        """
        self._put("tokens", str(athlete_id), asdict(tokens))

    def delete(self, athlete_id: int) -> None:
        """Forget the tokens of one runner.

        Parameters
        ----------
        athlete_id : int
            Runner on this machine; one without a link leaves everything as it is.

        Raises
        ------
        VaultUnreadable, StoreFull
            When the vault could not be rewritten.

        Source
        ------
        ours: the last secret taken away takes file and key with it.
        """
        self._put("tokens", str(athlete_id), None)

    def read_app(self) -> App | None:
        """Read the client id and secret that were typed into the settings page.

        Returns
        -------
        App or None
            None when none were.

        Raises
        ------
        VaultUnreadable
            As `read`.

        Source
        ------
        ours: one app for all runners of this machine.
        """
        kept = self._all().get("app", {}).get("strava")
        return None if kept is None else App(**kept)

    def write_app(self, app: App | None) -> None:
        """Keep a client id and secret.

        Parameters
        ----------
        app : App or None
            None forgets them.

        Raises
        ------
        VaultUnreadable, StoreFull
            As `write`.

        Source
        ------
        ours: see `read_app`.
        """
        self._put("app", "strava", None if app is None else asdict(app))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the vault so that no other process or thread refreshes meanwhile.

        Yields
        ------
        None
            Once nobody else holds it. Not to be nested.

        Raises
        ------
        VaultUnreadable
            When another program has held it for a minute.

        Source
        ------
        ours: SQLite's own file lock, which every system has and which a killed process lets go.
        """
        make_home(self._home)
        with turn_at(self._home / LOCK_NAME):
            yield

    def _put(self, kind: str, name: str, value: dict[str, Any] | None) -> None:
        make_home(self._home)
        with turn_at(self._home / f"{LOCK_NAME}.write"):
            everything = self._all()
            part = {key: kept for key, kept in everything.get(kind, {}).items() if key != name}
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
        if isinstance(keeper, KeyringKeeper):
            if everything is None:
                self._path.unlink(missing_ok=True)
            else:
                write_private(self._path, _IN_KEYRING)

    def _keeper(self) -> Keeper | None:
        """Whoever keeps the secrets now: the file says so; None before the first."""
        kept = read_private(self._path)
        if kept is None:
            return None
        return KeyringKeeper(self._home) if kept == _IN_KEYRING else self._file()

    def _choose(self) -> Keeper:
        if not self._environment.get(KEY, "").strip() and keyring_works():
            return KeyringKeeper(self._home)
        return self._file()

    def _file(self) -> FileKeeper:
        return FileKeeper(self._path, self._environment)


def open_vault(home: Path, environment: Mapping[str, str] | None = None) -> Vault:
    """Open the place for secrets in a folder.

    Parameters
    ----------
    home : Path
        Folder of the store; need not be there yet. Nothing is made before something is kept.
    environment : Mapping or None
        HEELWISE_KEY, for servers, takes the place of the keyring and of the key file; None is the environment
        of this process.

    Returns
    -------
    Vault
        Keeps in the system's keyring where a real one answers, else in a Fernet file; the choice is made when
        the first secret is kept and stays.

    Source
    ------
    ours: a keyring is missing on headless machines, so it cannot be the only way.
    """
    return Vault(home, os.environ if environment is None else environment)
