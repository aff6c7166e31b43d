"""The store as a paired device has it: one runner, what its scope allows, and nothing else."""

# Rights are enforced here and not in pages: whatever a page, a forged message or a mistake asks for, a method that does
# not stand in the table below raises, and so does one that does for another runner.

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import polars as pl

from connectors.contract import Contract
from connectors.errors import NotAllowed
from connectors.frames import ACTIVITY, EDIT, EVENT, LADDER, PLAN, PROGRAMME, SHOE, STRENGTH, SYMPTOM
from connectors.store import Runner, Store
from connectors.store.left_out import LeftOutRuns
from connectors.store.phone_entries import PhoneEntry, RowsChanged
from dashboard.access.access_notes import noting
from dashboard.access.closed_names import close_other_names
from dashboard.access.identity import Identity
from dashboard.access.page_settings import MACHINE_SETTINGS, OWN_SETTINGS
from dashboard.access.person_store import PersonStore

FOR_OWNER = "Only this machine itself may do that, not a paired device. Nothing was changed."
OTHER_RUNNER = "This device was paired with another runner. Nothing was changed."
UNIT_SETTINGS = ("distance_unit", "height_unit", "weight_unit")
"""Settings that a log reads to write distances and weights as its runner reads them."""
LOG_CONTRACTS = (SYMPTOM, STRENGTH, EVENT, PLAN, PROGRAMME, LADDER, ACTIVITY, SHOE, EDIT)
"""What the phone's log reads of its runner to know what to ask."""
LOG_WRITES = (SYMPTOM, STRENGTH, EDIT)
BY_RUNNER = ("activities", "bookmarks", "matches", "phone_entries", "shoes", "shoe_names", "unverified")
"""Methods that read for the runner named first."""


class NarrowStore(Store):
    """Every public method of `Store`, refused unless it is allowed here; built by `narrow`."""

    def __init__(self, full: Store, identity: Identity) -> None:
        # Not the store's own constructor: nothing of the full store is reached by inheritance.
        athlete_id = identity.athlete_id
        if athlete_id is None:
            raise NotAllowed(FOR_OWNER)
        self._full = full
        self._identity = identity
        self._athlete_id = athlete_id

    def __getattr__(self, name: str) -> NoReturn:
        """Refuse what a full store holds beside its methods: its folder, jobs, devices."""
        if name.startswith("_"):
            raise AttributeError(name)
        raise NotAllowed(FOR_OWNER)

    def _is_log_only(self) -> bool:
        return self._identity.scope == "log_only"

    def _own(self, athlete_id: object) -> int:
        if athlete_id != self._athlete_id or isinstance(athlete_id, bool):
            raise NotAllowed(OTHER_RUNNER)
        return self._athlete_id

    def _may_read(self, contract: Contract) -> None:
        if self._is_log_only() and contract not in LOG_CONTRACTS:
            raise NotAllowed(FOR_OWNER)

    def _may_write(self, contract: Contract, frame: pl.DataFrame | None = None) -> None:
        if self._is_log_only() and contract not in LOG_WRITES:
            raise NotAllowed(FOR_OWNER)
        if frame is not None and "athlete_id" in frame.columns:
            for athlete_id in frame["athlete_id"].unique():
                self._own(athlete_id)

    def runners(self) -> list[Runner]:
        """List the one runner."""
        return [one for one in self._full.runners() if one.athlete_id == self._athlete_id]

    def machine_settings(self) -> dict[str, str]:
        """Read what a page needs to draw itself."""
        known = self._full.machine_settings()
        return {name: known[name] for name in MACHINE_SETTINGS if name in known}

    def read(self, contract: Contract, athlete_id: int) -> pl.DataFrame:
        """Read rows of the one runner."""
        self._may_read(contract)
        return self._full.read(contract, self._own(athlete_id))

    def version(self, athlete_id: int, *contracts: Contract) -> int:
        """Return the version of the one runner's rows."""
        return self._full.version(self._own(athlete_id), *contracts)

    def settings(self, athlete_id: int) -> dict[str, str]:
        """Read the settings of the one runner; a log has its own draft and units alone."""
        known = self._full.settings(self._own(athlete_id))
        if self._is_log_only():
            return {name: known[name] for name in (*OWN_SETTINGS, *UNIT_SETTINGS) if name in known}
        return known

    def set_settings(self, athlete_id: int, values: Mapping[str, str | None]) -> None:
        """Write what the daily pages hold; a setting of the Settings page is refused."""
        self._own(athlete_id)
        if any(name not in OWN_SETTINGS for name in values):
            raise NotAllowed(FOR_OWNER)
        self._full.set_settings(athlete_id, values)

    def write(self, contract: Contract, frame: pl.DataFrame) -> Any:
        """Write rows of the one runner."""
        self._may_write(contract, frame)
        return self._full.write(contract, frame)

    def write_many(self, parts: Sequence[tuple[Contract, pl.DataFrame]]) -> Any:
        """Write rows of several tables of the one runner."""
        for contract, frame in parts:
            self._may_write(contract, frame)
        return self._full.write_many(parts)

    def replace(self, contract: Contract, athlete_id: int, frame: pl.DataFrame, gone: Any) -> Any:
        """Write rows of the one runner in place of others."""
        self._own(athlete_id)
        self._may_write(contract, frame)
        return self._full.replace(contract, athlete_id, frame, gone)

    def delete(self, contract: Contract, athlete_id: int, source: str, source_ids: Sequence[str]) -> int:
        """Delete rows of the one runner."""
        self._own(athlete_id)
        self._may_write(contract)
        return self._full.delete(contract, athlete_id, source, source_ids)

    def edit(self, athlete_id: int, *given: Any, **more: Any) -> str:
        """Lay edits over the one runner's rows."""
        return self._full.edit(self._own(athlete_id), *given, **more)

    def undo_edits(self, athlete_id: int, batch_id: str, is_undone: bool = True) -> int:
        """Undo edits of the one runner."""
        return self._full.undo_edits(self._own(athlete_id), batch_id, is_undone)

    def deliver_entries(
        self,
        athlete_id: int,
        entries: Sequence[PhoneEntry],
        changed: Iterable[RowsChanged],
        version: int,
        latest: Mapping[str, str] | None = None,
    ) -> bool:
        """Write taps of the one runner, and rows of the log that they change."""
        parts = tuple(changed)
        for part in parts:
            self._may_write(part.contract, part.frame)
        return self._full.deliver_entries(self._own(athlete_id), entries, parts, version, latest)

    def left_out(self, athlete_id: int, today: date) -> LeftOutRuns:
        """Return that nothing is left out: a paired device has the record as its owner has it."""
        self._own(athlete_id)
        return LeftOutRuns()

    def raise_if_forgotten(self, athlete_id: int) -> None:
        """Raise where the one runner is being deleted."""
        self._full.raise_if_forgotten(self._own(athlete_id))

    def set_bookmarks(self, athlete_id: int, values: Mapping[str, str | None]) -> None:
        """Write what pages remember of the one runner."""
        if self._is_log_only():
            raise NotAllowed(FOR_OWNER)
        self._full.set_bookmarks(self._own(athlete_id), values)

    def without(self, *sources: str) -> Store:
        """Return the same narrow store, read as if nothing had come from some sources."""
        return NarrowStore(self._full.without(*sources), self._identity)

    def only_for(self, athlete_id: Callable[[], int]) -> Store:
        """Return the same narrow store, which asks at each write whether the page still shows its runner."""
        return NarrowStore(self._full.only_for(lambda: self._own(athlete_id())), self._identity)

    @property
    def samples(self) -> Any:
        """The recordings of the one runner, to read; none for a log."""
        if self._is_log_only():
            raise NotAllowed(FOR_OWNER)
        return _OwnSamples(self._full, self._own)

    @property
    def jobs(self) -> Any:
        """How far long work for the one runner is, to read; none for a log."""
        if self._is_log_only():
            raise NotAllowed(FOR_OWNER)
        return _OwnJobs(self._full, self._own)

    def __exit__(self, *error: object) -> None:
        raise NotAllowed(FOR_OWNER)


class _OwnJobs:
    """Read access to one runner's jobs."""

    def __init__(self, full: Store, own: Callable[[object], int]) -> None:
        self._full = full
        self._own_id = own

    @property
    def home(self) -> Path:
        """The folder by which this process knows the work that it has begun itself."""
        return self._full.jobs.home

    def latest(self, athlete_id: int, kind: str) -> Any:
        """Return the latest job of a kind of the one runner."""
        return self._full.jobs.latest(self._own_id(athlete_id), kind)


class _OwnSamples:
    """Read access to one runner's recordings."""

    def __init__(self, full: Store, own: Callable[[object], int]) -> None:
        self._full = full
        self._own_id = own

    def scan(self, athlete_id: int, activity_ids: Sequence[str]) -> pl.LazyFrame:
        """Scan recordings of the one runner."""
        return self._full.samples.scan(self._own_id(athlete_id), activity_ids)

    def exists(self, athlete_id: int, activity_id: str) -> bool:
        """Return whether a recording of the one runner is there."""
        return self._full.samples.exists(self._own_id(athlete_id), activity_id)

    def states(self, athlete_id: int, activity_ids: Sequence[str]) -> list[str]:
        """Name what is stored of recordings of the one runner at present."""
        return self._full.samples.states(self._own_id(athlete_id), activity_ids)

    def read_cached(self, athlete_id: int, name: str) -> bytes | None:
        """Read what was worked out of the one runner's recordings."""
        return self._full.samples.read_cached(self._own_id(athlete_id), name)

    def write_cached(self, athlete_id: int, name: str, content: bytes) -> None:
        """Keep nothing: who reads writes no files."""


def _by_runner(name: str) -> Callable[..., Any]:
    def read_own(self: NarrowStore, athlete_id: int) -> Any:
        self._own(athlete_id)
        if self._is_log_only() and name in ("matches", "bookmarks", "unverified"):
            raise NotAllowed(FOR_OWNER)
        return getattr(self._full, name)(athlete_id)

    read_own.__name__ = name
    read_own.__doc__ = f"As `Store.{name}`, of the one runner."
    return read_own


for _name in BY_RUNNER:
    setattr(NarrowStore, _name, _by_runner(_name))
close_other_names(NarrowStore, Store, FOR_OWNER)


def narrow(store: Store, identity: Identity) -> Store:
    """Return the store as somebody may use it: all for the owner, one runner's for a device, by right for a person."""
    if identity.kind == "owner":
        return store
    if identity.kind == "person":
        return _of_person(store, identity)
    if (athlete_id := identity.athlete_id) is None:
        raise NotAllowed(FOR_OWNER)
    bound = store if identity.device_id is None else store.for_device(identity.device_id)
    return NarrowStore(noting(bound, identity).only_for(lambda: athlete_id), identity)


def _of_person(store: Store, identity: Identity) -> Store:
    """Return a person's store; where the database has its own lock on rows, it is told whose transactions these are."""
    bound = getattr(store, "for_person", None)
    return PersonStore(noting(store if bound is None else bound(identity.person_id), identity), identity)
