"""The store as a person of a clinic's server has it: the records they may see, what each right allows, nothing else."""

# Rights are enforced here and not in pages: whatever a page, a forged message or a mistake asks for, a method that does
# not stand below raises, and so does one for a runner whose record this person may not see. A right is asked for anew
# at each call; the store remembers the answer until any program changes the database, of which a page that is being
# drawn hears within half a second (`read_memory.settled`). What came by a link is read by the runner alone: for
# everybody else it is left out where it is read, so that no sum can still hold it.

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NoReturn

import polars as pl

from connectors.contract import Contract
from connectors.errors import NotAllowed
from connectors.frames import ACTIVITY, ANSWER, EDIT
from connectors.source import SOURCES, Progress, silent
from connectors.store import Job, Runner, Store
from connectors.store.access_log import FORGOT, AccessEntry
from connectors.store.claims import with_number
from connectors.store.deletion import Deletion
from connectors.store.digests import UnverifiedRows
from connectors.store.grants import Right, Roles
from connectors.store.import_batches import ImportBatch
from connectors.store.import_undo import TakenBack
from connectors.store.jobs import FILL_JOB, import_kind
from connectors.store.left_out import LeftOutRuns
from connectors.store.phone_entries import PhoneEntry, RowsChanged
from connectors.store.runners import UID, RunnerExport
from connectors.store.store import ServerSizes
from connectors.store.summaries import Summary
from dashboard.access.access_notes import actor_of
from dashboard.access.closed_names import close_other_names
from dashboard.access.identity import Identity
from dashboard.access.page_settings import MACHINE_SETTINGS, OWN_SETTINGS
from dashboard.access.person_grants import PersonGrants
from dashboard.access.person_sessions import START
from dashboard.access.person_vault import NOT_FOR_PERSONS, PersonVault

NOT_SHARED = "This record is not shared with you, or no longer. Nothing was changed."
ONLY_SEEN = "This record is shared with you to see, not to write. Nothing was changed."
FROM_LINK = "What came by a link is the runner's alone. Nothing was changed."
BOUND = tuple(one.id for one in SOURCES if not one.may_leave_account)
_ACCOUNTS = tuple(one.account for one in SOURCES if one.is_link and one.account)
PAGE_BOOKMARKS = ("warning_sign",)
"""Bookmarks that pages draw for whoever may see the record; all others are of links and of the runner's phone."""
OF_LINKS = "links."
"""Begins the bookmarks that are of all links together."""
SHARED = " shared"
"""Ends the fingerprint of a summary that was worked out without what came by a link."""
BY_RUNNER = ("matches", "raise_if_forgotten", "session_counts", "shoes", "shoe_names", "unverified")
"""Methods that read for the runner named first."""


class PersonStore(Store):
    """Every public method of `Store`, refused unless a right of this person allows it; built by `narrow`."""

    def __init__(self, full: Store, identity: Identity, left_out: Sequence[str] = ()) -> None:
        # Not the store's own constructor: nothing of the full store is reached by inheritance.
        if identity.person_id is None:
            raise NotAllowed(NOT_FOR_PERSONS)
        self._full = full
        self._identity = identity
        self._person_id = identity.person_id
        self._more_left_out = tuple(left_out)
        self._forgetting: set[int] = set()
        """Own records that this very handle is deleting: the mark ends every right, its own too."""

    def __getattr__(self, name: str) -> NoReturn:
        """Refuse what a full store holds beside its methods: its folder, devices, and what is added later."""
        if name.startswith("_"):
            raise AttributeError(name)
        raise NotAllowed(NOT_FOR_PERSONS)

    def _rights(self) -> dict[int, Right]:
        return self._full.grants.rights_of(self._person_id)

    def _roles(self) -> Roles:
        roles = self._full.grants.roles_of(self._person_id)
        if roles is None:
            raise NotAllowed(NOT_SHARED)
        return roles

    def right_in(self, athlete_id: object) -> Right:
        """Return what this person may do in a record now; a record that is not shared with them is refused."""
        if not isinstance(athlete_id, int) or isinstance(athlete_id, bool):
            raise NotAllowed(NOT_SHARED)
        right = "own" if athlete_id in self._forgetting else self._rights().get(athlete_id)
        if right is None:
            raise NotAllowed(NOT_SHARED)
        return right

    def keeps(self, athlete_id: int) -> bool:
        """Return whether this person says what the record is called and holds: its runner, else who began it."""
        right = self.right_in(athlete_id)
        return right == "own" or (right == "write" and not self._full.grants.is_claimed(athlete_id))

    def _of(self, athlete_id: object) -> Store:
        """Return the store from which this person reads a record: without what came by a link, unless it is theirs."""
        store = self._full if self.right_in(athlete_id) == "own" else self._full.for_others()
        if not self._more_left_out:
            return store
        return store.without(*{*self._more_left_out, *store._left_out})

    def _to_write(self, athlete_id: int) -> int:
        if self.right_in(athlete_id) == "see":
            raise NotAllowed(ONLY_SEEN)
        return athlete_id

    def _may_write(self, athlete_id: int, frame: pl.DataFrame | None, sources: Iterable[str] = ()) -> None:
        """Refuse rows of a record that this person may not write, and of a link that is not their own."""
        athletes = {athlete_id} if frame is None else {athlete_id, *_column(frame, "athlete_id")}
        origins = {*sources, *(() if frame is None else _column(frame, "source"))}
        for one in athletes:
            self._to_write(one)
            if origins & set(BOUND) and self.right_in(one) != "own":
                raise NotAllowed(FROM_LINK)

    def runners(self) -> list[Runner]:
        """List the runners whose record this person may see."""
        rights = self._rights()
        return [one for one in self._full.runners() if one.athlete_id in rights]

    def machine_settings(self) -> dict[str, str]:
        """Read what a page needs to draw itself."""
        known = self._full.machine_settings()
        return {name: known[name] for name in MACHINE_SETTINGS if name in known}

    def read(self, contract: Contract, athlete_id: int) -> pl.DataFrame:
        """Read rows of a record."""
        store = self._of(athlete_id)
        rows = store.read(contract, athlete_id)
        if contract in (EDIT, ANSWER) and self.right_in(athlete_id) != "own":
            return _without_linked(rows, contract, self._linked_ids(athlete_id))
        return rows

    def _linked_ids(self, athlete_id: int) -> list[str]:
        rows = self._full.read(ACTIVITY, athlete_id)
        return rows.filter(pl.col("source").is_in(BOUND))["activity_id"].to_list()

    def activities(self, athlete_id: int) -> pl.DataFrame:
        """Read the sessions of a record, several records of one put together."""
        return self._of(athlete_id).activities(athlete_id)

    def left_out(self, athlete_id: int, today: date) -> LeftOutRuns:
        """Count the runs that came by a link and are not this person's to see."""
        if self.right_in(athlete_id) == "own":
            return LeftOutRuns()
        return self._full.for_others().left_out(athlete_id, today)

    def version(self, athlete_id: int, *contracts: Contract) -> int:
        """Return the version of a record's rows."""
        self.right_in(athlete_id)
        return self._full.version(athlete_id, *contracts)

    def versions(self) -> dict[int, dict[str, int]]:
        """Read how often each part of each record that may be seen has changed."""
        rights = self._rights()
        return {one: numbers for one, numbers in self._full.versions().items() if one in rights}

    def settings(self, athlete_id: int) -> dict[str, str]:
        """Read the settings of a record; those of a link are the runner's alone."""
        known = self._full.settings(athlete_id) if self.right_in(athlete_id) else {}
        if self.right_in(athlete_id) == "own":
            return known
        return {name: value for name, value in known.items() if not is_of_link(name)}

    def set_settings(self, athlete_id: int, values: Mapping[str, str | None]) -> None:
        """Write settings: what the daily pages hold; all but those of a link for whoever keeps the record."""
        self._to_write(athlete_id)
        is_keeper = self.keeps(athlete_id)
        if any(not self._may_set(athlete_id, name, is_keeper) for name in values):
            raise NotAllowed(NOT_FOR_PERSONS)
        self._full.set_settings(athlete_id, values)

    def _may_set(self, athlete_id: int, name: str, is_keeper: bool) -> bool:
        """Return whether a setting may be written: of a link by its runner alone, their number for good by nobody."""
        if is_of_link(name):
            return name != UID and self.right_in(athlete_id) == "own"
        return is_keeper or name in OWN_SETTINGS

    def bookmarks(self, athlete_id: int) -> dict[str, str]:
        """Read what pages remember of a record, and of links its runner alone."""
        known = self._full.bookmarks(athlete_id) if self.right_in(athlete_id) else {}
        return {name: value for name, value in known.items() if self._may_remember(athlete_id, name)}

    def set_bookmarks(self, athlete_id: int, values: Mapping[str, str | None]) -> None:
        """Write what pages remember of a record."""
        self._to_write(athlete_id)
        if any(not self._may_remember(athlete_id, name) for name in values):
            raise NotAllowed(NOT_FOR_PERSONS)
        self._full.set_bookmarks(athlete_id, values)

    def _may_remember(self, athlete_id: int, name: str) -> bool:
        if name in PAGE_BOOKMARKS:
            return True
        return name.startswith((*_ACCOUNTS, OF_LINKS)) and self.right_in(athlete_id) == "own"

    def phone_entries(self, athlete_id: int) -> Any:
        """Read the taps of the runner's own log."""
        self._require_own(athlete_id)
        return self._full.phone_entries(athlete_id)

    def deliver_entries(
        self,
        athlete_id: int,
        entries: Sequence[PhoneEntry],
        changed: Iterable[RowsChanged],
        version: int,
        latest: Mapping[str, str] | None = None,
    ) -> bool:
        """Write taps of the runner's own log."""
        self._require_own(athlete_id)
        parts = tuple(changed)
        for part in parts:
            self._may_write(athlete_id, part.frame)
        return self._full.deliver_entries(athlete_id, entries, parts, version, latest)

    def _require_own(self, athlete_id: int) -> None:
        if self.right_in(athlete_id) != "own":
            raise NotAllowed(NOT_SHARED)

    def write(self, contract: Contract, frame: pl.DataFrame) -> Any:
        """Write rows of records that this person may write."""
        return self.write_many([(contract, frame)])[0]

    def write_many(self, parts: Sequence[tuple[Contract, pl.DataFrame]]) -> Any:
        """Write rows of several tables."""
        for _, frame in parts:
            for athlete_id in _column(frame, "athlete_id"):
                self._may_write(athlete_id, frame)
        return self._full.write_many(parts)

    def replace(self, contract: Contract, athlete_id: int, frame: pl.DataFrame, gone: Any) -> Any:
        """Write rows of a record in place of others."""
        pairs = tuple(gone)
        self._may_write(athlete_id, frame, (source for source, _ in pairs))
        return self._full.replace(contract, athlete_id, frame, pairs)

    def delete(self, contract: Contract, athlete_id: int, source: str, source_ids: Sequence[str]) -> int:
        """Delete rows of a record."""
        self._may_write(athlete_id, None, [source])
        return self._full.delete(contract, athlete_id, source, source_ids)

    def edit(self, athlete_id: int, *given: Any, **more: Any) -> str:
        """Lay edits over a record's rows."""
        return self._full.edit(self._to_write(athlete_id), *given, **more)

    def undo_edits(self, athlete_id: int, batch_id: str, is_undone: bool = True) -> int:
        """Undo edits of a record."""
        return self._full.undo_edits(self._to_write(athlete_id), batch_id, is_undone)

    def decide_matches(self, athlete_id: int, rows: Sequence[tuple[str, str, bool, str]]) -> None:
        """Write which records are one run."""
        self._full.decide_matches(self._to_write(athlete_id), rows)

    def rename_runner(self, athlete_id: int, name: str) -> None:
        """Give a record another name, by whoever keeps it; a number is added, so that no name is refused as taken."""
        if not self.keeps(athlete_id):
            raise NotAllowed(ONLY_SEEN)
        self._full.rename_runner(athlete_id, with_number(name))

    def set_label(self, athlete_id: int, label: str) -> None:
        """Set the label of a record, by whoever keeps it."""
        if not self.keeps(athlete_id):
            raise NotAllowed(ONLY_SEEN)
        self._full.set_label(athlete_id, label)

    def add_runner(self, name: str, is_demo: bool = False) -> Runner:
        """Begin a record of somebody else, which a therapist writes until its runner claims it."""
        if is_demo:
            raise NotAllowed(NOT_FOR_PERSONS)
        return self._full.grants.begin_record(self._person_id, name, is_own=False)

    def summaries(self) -> dict[int, Summary]:
        """Read the summaries of the records that may be seen; only those that hold nothing of a link."""
        rights = self._rights()
        return {
            athlete_id: Summary(one.made_s, one.fingerprint.removesuffix(SHARED), one.value)
            for athlete_id, one in self._full.summaries().items()
            if athlete_id in rights and one.fingerprint.endswith(SHARED)
        }

    def save_summary(self, athlete_id: int, fingerprint: str, value: Mapping[str, Any]) -> None:
        """Write the summary of somebody else's record, marked as one without anything of a link."""
        if self.right_in(athlete_id) != "own":
            self._full.save_summary(athlete_id, fingerprint + SHARED, value)

    def work_folder(self, athlete_id: int) -> Path:
        """Return the folder of the server's work, for imports into a record that this person may write."""
        self._to_write(athlete_id)
        return self._full.work_folder(athlete_id)

    def imports(self, athlete_id: int | None = None) -> list[ImportBatch]:
        """List the imports of a record that this person may write."""
        if athlete_id is None:
            raise NotAllowed(NOT_SHARED)
        return self._full.imports(self._to_write(athlete_id))

    def revert_import(self, import_id: int) -> TakenBack:
        """Take an import back that went into a record which this person may write."""
        rights = self._rights()
        whose = next(
            (one for one in rights if any(b.import_id == import_id for b in self._full.imports(one))), None
        )
        if whose is None:
            raise NotAllowed(NOT_SHARED)
        self._to_write(whose)
        return self._full.revert_import(import_id)

    def vault(self) -> PersonVault:
        """Return where the keys of links of one's own record lie."""
        return PersonVault(self._full.vault(), self._is_own)

    def _is_own(self, athlete_id: int) -> bool:
        return self.right_in(athlete_id) == "own"

    def dumps_gone_by(self, forgotten: date) -> date | None:
        """Return by when who is forgotten on a day is in no dump of this server any more."""
        return self._full.dumps_gone_by(forgotten)

    def server_sizes(self) -> ServerSizes:
        """Return how much room the server has, for an administrator."""
        if not self._roles().is_admin:
            raise NotAllowed(NOT_FOR_PERSONS)
        return self._full.server_sizes()

    def export_runner(self, athlete_id: int) -> RunnerExport:
        """Read all of one's own record, for a copy of it."""
        self._require_own(athlete_id)
        return self._full.export_runner(athlete_id)

    def verify(
        self, athlete_ids: Iterable[int] | None = None, progress: Progress = silent
    ) -> list[UnverifiedRows]:
        """Hold one's own record against its digests."""
        if athlete_ids is None:
            raise NotAllowed(NOT_FOR_PERSONS)
        own = list(athlete_ids)
        for athlete_id in own:
            self._require_own(athlete_id)
        return self._full.verify(own, progress)

    def mark_deletion(self, athlete_id: int) -> bool:
        """Begin to forget one's own record: from here on it is nobody's to see, and this handle alone ends it."""
        self._require_own(athlete_id)
        actor = actor_of(self._identity)
        if actor is not None and athlete_id not in self._forgetting:
            self._full.access_log.note(None, actor, FORGOT, athlete_id)
        self._forgetting.add(athlete_id)
        # Their other browsers show it still; this one shows the receipt.
        digest = self._identity.key.removeprefix(START)
        self._full.people.end_sessions(self._person_id, datetime.now(UTC), spared=digest)
        return self._full.mark_deletion(athlete_id)

    def delete_runner(self, athlete_id: int) -> Deletion:
        """Forget one's own record for good."""
        self._require_own(athlete_id)
        self._forgetting.add(athlete_id)
        return self._full.delete_runner(athlete_id)

    def without(self, *sources: str) -> Store:
        """Return the same narrowed store, read as if nothing had come from some sources."""
        return PersonStore(self._full, self._identity, sources)

    def for_others(self) -> Store:
        """Return the same narrowed store as anybody but the runner may read it."""
        return self.without(*BOUND)

    def only_for(self, athlete_id: Callable[[], int]) -> Store:
        """Return the same narrowed store, which asks at each write whether the page still shows its runner."""

        def shown() -> int:
            return self._to_write(athlete_id())

        return PersonStore(self._full.only_for(shown), self._identity, self._more_left_out)

    @property
    def samples(self) -> Any:
        """The recordings of the records that may be seen, to read."""
        return _SharedSamples(self)

    @property
    def jobs(self) -> Any:
        """How far imports are into the records that may be seen."""
        return _SharedJobs(self)

    @property
    def grants(self) -> PersonGrants:
        """What this person may do about who sees which record."""
        return PersonGrants(self._full.grants, self._person_id, self._rights, self._roles)

    @property
    def access_log(self) -> Any:
        """Who saw or changed this person's own record."""
        return _OwnAccessLog(self)

    def __exit__(self, *error: object) -> None:
        raise NotAllowed(NOT_FOR_PERSONS)


class _OwnAccessLog:
    """The access log of a record, for its runner alone."""

    def __init__(self, store: PersonStore) -> None:
        self._store = store

    def of_runner(self, athlete_id: int, limit: int, before: int | None = None) -> list[AccessEntry]:
        """Return the entries of one's own record, newest first."""
        if self._store.right_in(athlete_id) != "own":
            raise NotAllowed(NOT_SHARED)
        return self._store._full.access_log.of_runner(athlete_id, limit, before)


class _SharedJobs:
    """Jobs of a record: what an import brought is told to its runner, and to who began it."""

    def __init__(self, store: PersonStore) -> None:
        self._store = store

    @property
    def home(self) -> Path:
        """The folder by which this process knows the work that it has begun itself."""
        return self._store._full.jobs.home

    def latest(self, athlete_id: int, kind: str) -> Job | None:
        """Return the last job of a kind; one that somebody else began is as none."""
        right = self._store.right_in(athlete_id)
        job = self._store._full.jobs.latest(athlete_id, kind)
        if job is None or right == "own" or (right == "write" and kind == self._own_kind()):
            return job
        # That recordings are still being read is said wherever loads rest on it; what came of it is not.
        return replace(job, message=None, result=None, error=None) if kind == FILL_JOB else None

    def finish(self, job_id: int, result: str | None = None, error: str | None = None) -> None:
        """End a job of one's own record, or an import that this person began."""
        job = self._store._full.jobs.of_number(job_id)
        if job is None:
            raise NotAllowed(NOT_SHARED)
        if self._store.right_in(job.athlete_id) != "own":
            self._store._to_write(job.athlete_id)
            if job.kind != self._own_kind():
                raise NotAllowed(NOT_SHARED)
        self._store._full.jobs.finish(job_id, result, error)

    def _own_kind(self) -> str:
        return import_kind(self._store._person_id)


class _SharedSamples:
    """Read access to recordings: of a record that is not one's own, those that came by no link."""

    def __init__(self, store: PersonStore) -> None:
        self._store = store

    def scan(self, athlete_id: int, activity_ids: Sequence[str]) -> pl.LazyFrame:
        """Scan recordings of a record."""
        hidden = self._hidden(athlete_id)
        if hidden.intersection(activity_ids):
            raise NotAllowed(FROM_LINK)
        return self._store._full.samples.scan(athlete_id, activity_ids)

    def exists(self, athlete_id: int, activity_id: str) -> bool:
        """Return whether a recording of a record is there."""
        return activity_id not in self._hidden(athlete_id) and self._store._full.samples.exists(
            athlete_id, activity_id
        )

    def states(self, athlete_id: int, activity_ids: Sequence[str]) -> list[str]:
        """Name what is stored of recordings of a record at present."""
        if self._hidden(athlete_id).intersection(activity_ids):
            raise NotAllowed(FROM_LINK)
        return self._store._full.samples.states(athlete_id, activity_ids)

    def read_cached(self, athlete_id: int, name: str) -> bytes | None:
        """Read nothing that was worked out for another view of the record."""
        del athlete_id, name

    def write_cached(self, athlete_id: int, name: str, content: bytes) -> None:
        """Keep nothing: who reads writes no files."""

    def files(self) -> Iterator[tuple[int, str, Path]]:
        """Walk through the recordings of one's own records, for a copy of them."""
        own = {athlete_id for athlete_id, right in self._store._rights().items() if right == "own"}
        return (one for one in self._store._full.samples.files() if one[0] in own)

    def read_bytes(self, athlete_id: int, activity_id: str) -> bytes:
        """Read a recording of one's own record as it is stored."""
        self._store._require_own(athlete_id)
        return self._store._full.samples.read_bytes(athlete_id, activity_id)

    def _hidden(self, athlete_id: int) -> set[str]:
        is_own = self._store.right_in(athlete_id) == "own"
        return set() if is_own else set(self._store._linked_ids(athlete_id))


def is_of_link(name: str) -> bool:
    """Return whether a setting belongs to a link or names the person over all machines."""
    return name == UID or name.startswith(_ACCOUNTS)


def _column(frame: pl.DataFrame, name: str) -> list[Any]:
    return frame[name].unique().to_list() if name in frame.columns else []


def _without_linked(rows: pl.DataFrame, contract: Contract, hidden: Sequence[str]) -> pl.DataFrame:
    """Leave out what a runner said of sessions that came by a link."""
    if contract is EDIT:
        return rows.filter((pl.col("record") != "activity") | pl.col("record_id").is_in(hidden).not_())
    of_link = pl.any_horizontal(pl.col("question_id").str.starts_with(f"{one}/") for one in BOUND)
    return rows.filter(of_link.not_())


def _by_runner(name: str) -> Callable[..., Any]:
    def read_of(self: PersonStore, athlete_id: int) -> Any:
        answer = getattr(self._of(athlete_id), name)(athlete_id)
        if self.right_in(athlete_id) == "own":
            return answer
        if name == "session_counts":
            return {source: number for source, number in answer.items() if source not in BOUND}
        if name == "matches":
            hidden = self._linked_ids(athlete_id)
            return answer.filter(pl.any_horizontal(pl.col("activity_id", "same_as").is_in(hidden)).not_())
        return answer

    read_of.__name__ = name
    read_of.__doc__ = f"As `Store.{name}`, of a record that may be seen."
    return read_of


for _name in BY_RUNNER:
    setattr(PersonStore, _name, _by_runner(_name))
close_other_names(PersonStore, Store, NOT_FOR_PERSONS)
