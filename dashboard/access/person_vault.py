"""The vault as a person of a clinic's server has it: the secrets of links of their own record, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

from connectors.errors import NotAllowed
from connectors.store.token_vault import LinkKey, StravaApp, Tokens, Vault
from dashboard.access.closed_names import close_other_names

OWN_ALONE = "Links of a record are its runner's alone. Nothing was changed."
NOT_FOR_PERSONS = "Only whoever runs this server may do that, on its own machine. Nothing was changed."


class PersonVault(Vault):
    """Every public method of `Vault`, refused unless it is about the person's own record, asked anew at each call."""

    def __init__(self, full: Vault, is_own: Callable[[int], bool]) -> None:
        # Not the vault's own constructor: nothing of the full vault is reached by inheritance.
        self._full = full
        self._is_own = is_own

    def __getattr__(self, name: str) -> NoReturn:
        """Refuse what a full vault holds beside its methods."""
        if name.startswith("_"):
            raise AttributeError(name)
        raise NotAllowed(NOT_FOR_PERSONS)

    def _own(self, athlete_id: int) -> int:
        if not self._is_own(athlete_id):
            raise NotAllowed(OWN_ALONE)
        return athlete_id

    def read(self, athlete_id: int) -> Tokens | None:
        """Read the tokens of the own record."""
        return self._full.read(self._own(athlete_id))

    def write(self, athlete_id: int, tokens: Tokens) -> None:
        """Write the tokens of the own record."""
        self._full.write(self._own(athlete_id), tokens)

    def delete(self, athlete_id: int) -> None:
        """Forget the tokens of the own record."""
        self._full.delete(self._own(athlete_id))

    def read_app(self) -> StravaApp | None:
        """Read the API app of this server, by which a link of the own record is ended at Strava."""
        return self._full.read_app()

    def read_key(self, athlete_id: int, service: str) -> LinkKey | None:
        """Read the key of the own record for one service."""
        return self._full.read_key(self._own(athlete_id), service)

    def write_key(self, athlete_id: int, service: str, key: LinkKey | None) -> None:
        """Write the key of the own record for one service; None forgets it."""
        self._full.write_key(self._own(athlete_id), service, key)

    def keyed_services(self, athlete_id: int) -> list[str]:
        """List the services of which a key of the own record is here."""
        return self._full.keyed_services(self._own(athlete_id))

    def read_key_token(self, athlete_id: int, service: str) -> dict[str, Any] | None:
        """Read the token that a key of the own record was exchanged for."""
        return self._full.read_key_token(self._own(athlete_id), service)

    def write_key_token(self, athlete_id: int, service: str, token: dict[str, Any] | None) -> None:
        """Write the token that a key of the own record was exchanged for."""
        self._full.write_key_token(self._own(athlete_id), service, token)

    def read_addresses(self, athlete_id: int) -> list[str]:
        """Read where the reminder of the own record is sent."""
        return self._full.read_addresses(self._own(athlete_id))

    def write_addresses(self, athlete_id: int, addresses: Sequence[str]) -> None:
        """Write where the reminder of the own record is sent."""
        self._full.write_addresses(self._own(athlete_id), addresses)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the inter-process lock of the vault."""
        with self._full.locked():
            yield


close_other_names(PersonVault, Vault, NOT_FOR_PERSONS)
