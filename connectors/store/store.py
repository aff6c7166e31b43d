"""The store: everything a runner keeps on this machine, behind one door."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from connectors.errors import StoreError
from connectors.source import SOURCES, Progress, silent
from connectors.store.access_log import AccessLog, NotingDatabase
from connectors.store.address import open_backend
from connectors.store.before_upgrade import remove_old_copies
from connectors.store.changes import Changes
from connectors.store.claims import ClaimStore
from connectors.store.corrections import EditStore, MatchStore
from connectors.store.database import Database, RunnerDatabase
from connectors.store.deletion import Deletion, deleting, finish_cut_off, finish_deletion, mark_runner
from connectors.store.devices import DeviceStore
from connectors.store.diagnostics import Finding, check_store
from connectors.store.digests import UnverifiedRows, accept, all_doubts, verify
from connectors.store.dump_settings import dump_settings
from connectors.store.forgotten_list import ForgottenList
from connectors.store.forgotten_notes import store_list, take_off_list
from connectors.store.home_binding import bind_home
from connectors.store.import_batches import finish_moves, sweep_imports
from connectors.store.import_undo import ImportUndoPart
from connectors.store.jobs import Jobs
from connectors.store.key_values import BookmarkStore, SettingStore
from connectors.store.leases import Leases
from connectors.store.left_out import LeftOutRuns, left_out_runs
from connectors.store.migrations import bring_up_to_date, check_schema
from connectors.store.paths import SAMPLES_NAME, make_home
from connectors.store.people import PeopleStore
from connectors.store.phone_entries import PhoneEntryStore
from connectors.store.row_security import DEVICE, PERSON, RUNNER
from connectors.store.runners import ExportStore, RunnerStore
from connectors.store.sample_place import open_samples, require_place
from connectors.store.samples import SampleFolder, remove_parts
from connectors.store.server_rows import ServerRowStore
from connectors.store.summaries import SummaryStore
from connectors.store.sweep import Swept, erase_all, sweep
from connectors.store.token_vault import Vault, open_vault


@dataclass(frozen=True)
class ServerSizes:
    """Room of a server in bytes, and when its last dump was written (None: there is none)."""

    database_b: int
    free_b: int
    dumped: datetime | None


class Store(
    RunnerStore,
    ImportUndoPart,
    MatchStore,
    EditStore,
    SettingStore,
    BookmarkStore,
    SummaryStore,
    ExportStore,
    PhoneEntryStore,
    ServerRowStore,
    AbstractContextManager["Store", None],
):
    """All that is kept. Made by `open_store`; may be used from several threads."""

    _every: Store | None = None
    """The store with all rows, of one that is read by others; see `for_others`."""

    def __init__(self, home: Path, database: Database) -> None:
        super().__init__(database, open_samples(home, database))
        self.home = home
        self.steps_taken = 0
        """Migrations that opening this store has made; a copy from before them lies in `before-upgrade`."""
        self.jobs = Jobs(database)
        self.devices = DeviceStore(database)
        self.access_log = AccessLog(database)
        self.people = PeopleStore(database, self.access_log.note)
        self.leases = Leases(database, home)
        self.changes = Changes(database)
        self.grants = ClaimStore(database, self.access_log.note)

    def mark_deletion(self, athlete_id: int) -> bool:
        """Mark a runner as being deleted: nobody sees them any more, and nothing more is written for them."""
        return mark_runner(self.home, self._database.unnoted(), self.samples, athlete_id)

    def delete_runner(self, athlete_id: int) -> Deletion:
        """Delete a runner with all files, rows and settings, and leave no trace of them in the log.

        Marked, then files, then rows: cut off anywhere, it is finished by whoever opens the store next.
        """
        with deleting(self.home, athlete_id):
            if not self.mark_deletion(athlete_id):
                return Deletion()
            return finish_deletion(self.home, self._database.unnoted(), self.samples, athlete_id)

    def finish_deletions(self) -> list[int]:
        """Finish every deletion that was cut off, one runner at a time, as the role for jobs is shown them."""
        finished = []
        for athlete_id in self.runner_numbers():
            self.name_runner(athlete_id)
            with suppress(StoreError):  # a full or busy disk: the next look tries again, and `doctor` says so
                if finish_cut_off(self.home, self._database, self.samples, athlete_id):
                    finished.append(athlete_id)
        return finished

    def work_folder(self, athlete_id: int) -> Path:
        """Return the folder in which imports, links and backups of a runner are worked on."""
        del athlete_id  # one folder for all; who may do so for whom is asked by a narrowed store
        return self.home

    def dumps_gone_by(self, forgotten: date) -> date | None:
        """Return by when who is forgotten on a day is in no dump any more; None where no dumps are made."""
        settings = dump_settings(self.machine_settings())
        return None if settings.recipient is None else settings.gone_by(forgotten)

    def server_sizes(self) -> ServerSizes:
        """Return how much room this store takes and has, and when the last dump was written."""
        latest = dump_settings(self.machine_settings()).latest
        return ServerSizes(self._database.backend.size_b(), shutil.disk_usage(self.home).free, latest)

    def vault(self) -> Vault:
        """Return where the secrets of links lie."""
        return open_vault(self.home)

    def add_to_list(self, forgotten: ForgottenList) -> None:
        """Add what a copy of the list of forgotten runners knew to the list of this machine."""
        store_list(self.home, self._database, forgotten)

    def take_off_list(self, athlete_id: int) -> None:
        """Take a runner who was brought back at their wish off the list of forgotten ones."""
        take_off_list(self.home, self._database, athlete_id)

    def sweep(self) -> Swept:
        """Delete everything that killed work left behind, wherever it is; living work is spared."""
        return sweep(self.home, self._database, self.samples, thorough=True)

    def erase(self) -> tuple[list[Path], bool]:
        """Delete all files of Heelwise, once no runner is left; the store may not be used afterwards.

        See `connectors.store.sweep.erase_all`.
        """
        return erase_all(self.home, self._database)

    def compact(self) -> None:
        """Release the disk space of what was deleted.

        See `Database.compact`.
        """
        self._database.compact()

    def without(self, *sources: str) -> Store:
        """Return the same store, read as if nothing had come from some sources.

        What may not leave this machine is left out where it is read, so that no sum can still hold it.
        """
        part = Store(self.home, self._database)
        part._left_out = sources
        return part

    def noting(self, actor: str) -> Store:
        """Return the same store, which notes in the access log what somebody changes with it."""
        part = copy(self)
        part._database = NotingDatabase(self._database, actor)
        return part

    def for_others(self) -> Store:
        """Return the same store as anybody but the runner may read it: nothing in it came by a link.

        See `Source.may_leave_account`.
        """
        part = self.without(*(one.id for one in SOURCES if not one.may_leave_account))
        part._every = self
        return part

    @property
    def is_for_others(self) -> bool:
        """Whether this store is read by somebody else than the runner."""
        return self._every is not None

    def left_out(self, athlete_id: int, today: date) -> LeftOutRuns:
        """Count the runs of a runner that this store leaves out for others; none where it leaves out nothing."""
        if self._every is None:
            return LeftOutRuns()
        return left_out_runs(self._every.activities(athlete_id), self.activities(athlete_id), today)

    def only_for(self, athlete_id: Callable[[], int]) -> Store:
        """Return the same store, which writes rows of one runner alone.

        The runner is asked for at each write, so that a handle that lay by a while writes for nobody else.
        """
        part = Store(self.home, RunnerDatabase(self._database, athlete_id))
        part._left_out = self._left_out
        part._every = self._every
        return part

    def for_person(self, person_id: int) -> Store:
        """Return the same store, of which every transaction names a person: the database shows what they may see."""
        return self._bound({PERSON: str(int(person_id))})

    def for_device(self, device_id: int) -> Store:
        """Return the same store, of which every transaction names a paired phone."""
        return self._bound({DEVICE: str(int(device_id))})

    def for_runner(self, athlete_id: int) -> Store:
        """Return the same store for a command or job that works for one runner."""
        return self._bound({RUNNER: str(int(athlete_id))})

    def is_partial(self) -> bool:
        """Return whether the database shows this process only some rows, as it does the server of a clinic."""
        return self._database.is_partial()

    def name_runner(self, athlete_id: int) -> None:
        """Name the one runner that this process works for, as a command does, in every transaction from now on."""
        self._database.name_runner({RUNNER: str(int(athlete_id))})

    def _bound(self, settings: Mapping[str, str]) -> Store:
        part = Store(self.home, self._database.bound(settings))
        part._left_out = self._left_out
        part._every = self._every
        return part

    def verify(
        self, athlete_ids: Iterable[int] | None = None, progress: Progress = silent
    ) -> list[UnverifiedRows]:
        """Hold the rows of some runners, or of all, against their digests; what does not verify becomes read-only."""
        with self._database.writing() as connection:
            return verify(connection, athlete_ids, progress)

    def unverified(self, athlete_id: int) -> list[UnverifiedRows]:
        """List what did not verify of one runner when it was last looked at."""
        with self._database.reading() as connection:
            return [one for one in all_doubts(connection) if one.athlete_id == athlete_id]

    def accept_as_it_is(self, athlete_id: int) -> None:
        """Take the rows of a runner as they are and write to them again, where no backup has anything better."""
        with self._database.writing() as connection:
            accept(connection, athlete_id)

    def check(self, progress: Progress = silent) -> list[Finding]:
        """Check for everything that may be wrong.

        `doctor` shows each as what is wrong, what was kept, what to do.
        """
        return check_store(self.home, self._database, self.samples, progress)

    def close(self) -> None:
        """Close the files; the store may not be used afterwards."""
        self._database.close()

    def __exit__(self, *error: object) -> None:
        self.close()


def open_store(home: Path, address: str | None = None) -> Store:
    """Open the store of a folder; make it, or bring it up to date, where needed. `address` is of another database.

    Looked at first without the right to write, so that a damaged store cannot be made worse.
    """
    make_home(home)
    samples = SampleFolder(home / SAMPLES_NAME)
    backend = open_backend(home, address)
    try:
        backend.inspect()
        number = check_schema(backend)
        backend.raise_if_lost(number, has_samples=next(samples.files(), None) is not None)
        backend.make()
    except BaseException:
        backend.close()
        raise
    database = Database(home, backend)
    try:
        samples = open_samples(home, database)
        steps = bring_up_to_date(database)
        require_place(home, database)
        if not backend.is_of_one_machine:
            bind_home(home, database, samples)
        remove_old_copies(home)
        remove_parts(samples.folder)
        with suppress(StoreError):  # a full or busy disk: the next start tries again, and `doctor` says so
            sweep(home, database, samples)
        finish_moves(database, samples)
        sweep_imports(database, samples)
    except BaseException:
        database.close()
        raise
    store = Store(home, database)
    store.steps_taken = steps
    return store
