"""A resumable pull by a runner's own key: the list first, then the original files, whichever service it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from connectors.errors import KeyMissing, OtherAccount, RequestsSpent, ServiceTroubled
from connectors.frames import ACTIVITY
from connectors.plural import count
from connectors.recordings.recording import build_recording
from connectors.source import Skipped
from connectors.store import Store
from connectors.store.rows import Counts
from connectors.store.token_vault import LinkKey, Vault
from connectors.sync.activities import WINDOW, ActivityList
from connectors.sync.context import SyncContext
from connectors.sync.key_service import Account, KeyApi, KeyPage, KeyService, MemoryTokens, OriginalFile
from connectors.sync.key_shoes import PairList
from connectors.sync.original_file import read_original
from connectors.sync.recording_state import FILE_READER, originals_due, recording_mark
from connectors.sync.recordings import Fetched, RecordingFetcher
from connectors.sync.request_pace import RequestPace
from connectors.sync.run import (
    KIND,
    NO_HOOKS,
    STARTING_S,
    SyncHooks,
    match_runs,
    repeat_until_done,
    run_steps,
)
from connectors.sync.status import BUDGET, SyncResult, SyncStatus, bookmark, drop_stop, read_status
from connectors.sync.streams import parse_streams
from connectors.sync.written_clauses import propose_clauses

PAUSE_S = 0.1
"""s between two files; neither service publishes a limit."""
STUBS = "stubs"
"""Bookmark: ids of entries that the service may not pass on."""
STUBS_COUNTED = "stubs_counted"
SAME_START_S = 2.0
SAME_LENGTH = 0.01
"""How close an entry of a new id is to one that is gone for it to be the same, recorded once more."""
ANSWERS = ("perceived_exertion_0_10", "feel_0_100")


def account_setting(service: KeyService) -> str:
    """Return the name of the setting that holds whose account is on record."""
    return f"{service.id}_account"


def sync_key(
    store: Store, vault: Vault, service: KeyService, athlete_id: int, hooks: SyncHooks = NO_HOOKS
) -> SyncResult:
    """Bring in what is new, changed or gone at one service."""

    def steps(context: SyncContext[KeyApi]) -> None:
        try:
            _steps(context, service, vault)
        finally:
            context.api.close()

    return run_steps(
        service.id, store, athlete_id, lambda: _begin(store, vault, service, athlete_id, hooks), steps
    )


def sync_key_until_done(
    store: Store, vault: Vault, service: KeyService, athlete_id: int, hooks: SyncHooks = NO_HOOKS
) -> SyncResult:
    """Go on until everything is in; see `repeat_until_done`."""

    def once() -> SyncResult:
        return sync_key(store, vault, service, athlete_id, hooks)

    return repeat_until_done(service.id, store, athlete_id, once, hooks)


@contextmanager
def opened_with_key(service: KeyService, key: str) -> Iterator[KeyApi]:
    """Open a service with a key that is only being checked: nothing of it is stored."""
    api = service.connect(service.address(), key, MemoryTokens(), RequestPace(service.title))
    try:
        yield api
    finally:
        api.close()


class VaultTokens:
    """Keeps the token that a key was exchanged for in the vault."""

    def __init__(self, vault: Vault, athlete_id: int, service_id: str) -> None:
        self._vault, self._athlete_id, self._service_id = vault, athlete_id, service_id

    def load(self) -> dict[str, Any] | None:
        """Return the token."""
        return self._vault.read_key_token(self._athlete_id, self._service_id)

    def save(self, token: dict[str, Any] | None) -> None:
        """Store the token; None forgets it."""
        # A link ended meanwhile must not come back to life by its token.
        if token is None or self._vault.read_key(self._athlete_id, self._service_id) is not None:
            self._vault.write_key_token(self._athlete_id, self._service_id, token)


def _begin(
    store: Store, vault: Vault, service: KeyService, athlete_id: int, hooks: SyncHooks
) -> SyncContext[KeyApi]:
    key = _linked_key(vault, service, athlete_id)
    state = store.bookmarks(athlete_id).get(bookmark(service.id, BUDGET))
    pace = RequestPace(service.title, state, hooks.clock, hooks.wait, PAUSE_S)
    api = service.connect(service.address(), key.key, VaultTokens(vault, athlete_id, service.id), pace)
    drop_stop(store, athlete_id, STARTING_S, service.id)
    context = SyncContext(
        service.id,
        store,
        athlete_id,
        api,
        pace,
        hooks.clock,
        hooks.progress,
        hooks.should_stop,
        store.jobs.start(athlete_id, KIND),
        replace(read_status(store, athlete_id, service.id) or SyncStatus(), finish_s=None),
    )
    pace.raise_if_stopped = context.raise_if_stopped
    return context


def _linked_key(vault: Vault, service: KeyService, athlete_id: int) -> LinkKey:
    key = vault.read_key(athlete_id, service.id)
    if key is None:
        raise KeyMissing(
            f"{service.title} is not linked for this runner. Link it on the Data page, or with "
            f"`heelwise connect {service.id}`."
        )
    return key


def _steps(context: SyncContext[KeyApi], service: KeyService, vault: Vault) -> None:
    context.report_progress(
        "activities", 0, None, at_once=True, state="listing", left=None, until_s=None, problem=None
    )
    _check_account(context, service, vault)
    fetcher = KeyRecordings(context, service)
    lister = KeyActivities(context, service)
    try:
        if lister.is_begun():
            lister.read_window()
        if lister.is_all_due():
            lister.read_all()
            fetcher.forgive()
    finally:
        match_runs(context)
    lister.note_stubs()
    if service.beside is not None:
        service.beside(context)
    fetcher.count_left()
    fetcher.fetch()
    match_runs(context)


def _check_account(context: SyncContext[KeyApi], service: KeyService, vault: Vault) -> None:
    """Stop before anything is written where the key opens another account than it did when it was linked."""
    key = _linked_key(vault, service, context.athlete_id)
    account = context.api.account()
    if account.number is None or account.number == key.account:
        return
    if key.account is not None:
        raise OtherAccount(
            f"This key opens the account of {account.in_words()} at {service.title}, and the runs on record came from "
            f"another account there. Nothing was changed. Make a key in the right account and link again."
        )
    if not key.is_confirmed:
        raise OtherAccount(
            f"{service.title} now tells whose account this key opens: that of {account.in_words()}. Nothing was "
            f"brought in yet. Confirm it on the Data page, or run `heelwise connect {service.id} --key-stdin "
            "--same-runner`."
        )
    remember_account(context.store, vault, service, context.athlete_id, account)


def remember_account(
    store: Store, vault: Vault, service: KeyService, athlete_id: int, account: Account
) -> None:
    """Write down whose account a key opens, once that is known and confirmed."""
    key = _linked_key(vault, service, athlete_id)
    token = vault.read_key_token(athlete_id, service.id)
    known = replace(key, account=account.number, name=account.name, is_confirmed=True)
    vault.write_key(athlete_id, service.id, known)
    vault.write_key_token(athlete_id, service.id, token)
    store.set_settings(athlete_id, {account_setting(service): account.number})


class KeyActivities(ActivityList[KeyApi]):
    """The list of one service in the store."""

    def __init__(self, context: SyncContext[KeyApi], service: KeyService) -> None:
        super().__init__(context, service.source, context.name("listing"), context.name("listed"))
        self.service = service
        self._pairs = PairList(context, service)
        stubs = context.read(context.name(STUBS))
        self._stubs: set[str] = set(stubs) if isinstance(stubs, list) else set()
        self._activity_ids: dict[str, str] = dict(self._stored.select("source_id", "activity_id").iter_rows())
        # What was written of each entry of the page that was parsed last.
        self._descriptions: dict[str, str | None] = {}
        # Id that is new to the row of the id that it takes the place of.
        self._in_place_of: dict[str, dict[str, Any]] = {}

    def parse(self, items: Sequence[Any], now: datetime) -> KeyPage:
        """Read a page, and lead entries to the pairs and the rows that are theirs already."""
        page = self.context.api.parse(items, self.context.athlete_id, now)
        if set(page.stubs) - self._stubs:
            self._stubs |= set(page.stubs)
            self.context.write(self.context.name(STUBS), sorted(self._stubs))
        worn = self._pairs.store(page.gear, now)
        listed = {row["source_id"] for row in page.rows}
        for row in page.rows:
            source_id = row["source_id"]
            row["shoe_id"] = worn.get(source_id)
            if source_id not in self._activity_ids and (old := self._replaced(row, listed)) is not None:
                self._in_place_of[source_id] = old
                self._activity_ids[source_id] = old["activity_id"]
            row["activity_id"] = self._activity_ids.setdefault(source_id, row["activity_id"])
        self._descriptions = {source_id: page.descriptions.get(source_id) for source_id in listed}
        return page

    def store_page(self, items: Sequence[Any]) -> None:
        """Store one page, and the clauses about a leg in what the runner wrote there."""
        super().store_page(items)
        context = self.context
        propose_clauses(
            context.store, context.athlete_id, self.source_name, self._descriptions, context.now()
        )

    def ask_one(self, source_id: str) -> Any:
        """Ask for one activity; None where it is gone."""
        return self.context.api.one(source_id)

    def read_window(self) -> None:
        """Read the last 30 days again."""
        began = self.context.now()
        since = began - WINDOW
        for page in self.context.api.since(since.date()):
            self.context.raise_if_stopped()
            self.store_page(page.items)
        # A day less: the service counts days in the runner's own zone.
        self.follow_gone(began, since + timedelta(days=2))

    def read_all(self) -> None:
        """Read the whole list, going on where the last sync stopped."""
        context = self.context
        place = context.read(self.listing)
        if not isinstance(place, dict) or not {"began", "at"} <= place.keys():
            place = {"began": context.clock(), "at": None}
        for page in context.api.history(place["at"]):
            context.raise_if_stopped()
            self.store_page(page.items)
            place = {**place, "at": page.place}
            context.write(self.listing, place)
        self.follow_gone(datetime.fromtimestamp(place["began"], context.now().tzinfo), None)
        context.write(self.listed, place["began"])
        context.write(self.listing, None)

    def stored_row(self, source_id: str, by_id: Mapping[str, dict[str, Any]]) -> dict[str, Any] | None:
        """Return the row on record of an entry, under its id or the one it had before."""
        return by_id.get(source_id) or self._in_place_of.get(source_id)

    def write_rows(self, rows: pl.DataFrame) -> Counts:
        """Write rows; one that takes the place of another is never there beside it."""
        ids = set(rows["source_id"].to_list())
        gone = [(self.source_name, old["source_id"]) for new, old in self._in_place_of.items() if new in ids]
        if not gone:
            return self.context.store.write(ACTIVITY, rows)
        self._in_place_of = {new: old for new, old in self._in_place_of.items() if new not in ids}
        self._ids -= {source_id for _, source_id in gone}
        return self.context.store.replace(ACTIVITY, self.context.athlete_id, rows, gone)

    def note_stubs(self) -> None:
        """Count what the service may not pass on, and explain it once."""
        context = self.context
        number = len(self._stubs)
        if not number or context.read(context.name(STUBS_COUNTED)) == number:
            return
        entries = count(number, "activity", "activities")
        context.result.notes.append(Skipped("the list", self.service.stub_text.format(count=entries)))
        context.write(context.name(STUBS_COUNTED), number)

    def _replaced(self, row: Mapping[str, Any], listed: set[str]) -> dict[str, Any] | None:
        """Return the row of an id that is gone and whose entry this one is; what was said of it then stays."""
        seconds = (pl.col("start_utc") - pl.lit(row["start_utc"])).dt.total_seconds().abs()
        near = self._stored.filter(
            seconds <= SAME_START_S, pl.col("sport") == row["sport"], ~pl.col("source_id").is_in(listed)
        )
        for old in near.iter_rows(named=True):
            lengths = (old["distance_m"], row["distance_m"])
            differ = None not in lengths and abs(lengths[0] - lengths[1]) > SAME_LENGTH * max(lengths)
            if not differ and old["source_id"] in self._ids and self.ask_one(old["source_id"]) is None:
                return old
        return None


class KeyRecordings(RecordingFetcher[KeyApi]):
    """The original files of one service."""

    def __init__(self, context: SyncContext[KeyApi], service: KeyService) -> None:
        super().__init__(context, service.source)

    def list_due(self, rows: pl.DataFrame) -> pl.DataFrame:
        """List the runs whose original is not here yet, newest first."""
        context = self.context
        return originals_due(rows, context.store.matches(context.athlete_id), self.source_name)

    def ask(self, row: Mapping[str, Any]) -> OriginalFile | None:
        """Ask for one original file."""
        if isinstance(self.context.budget, RequestPace):
            self.context.budget.pause_between()
        return self.context.api.original(row["source_id"])

    def read(self, given: OriginalFile | None, row: Mapping[str, Any]) -> Fetched:
        """Build the recording of a file, or of channels where there is none."""
        if given is None:
            return Fetched(recording_mark(row, FILE_READER), recorded=self._answers(row, {}))
        if given.data is None:
            return _from_channels(given.channels, row)
        recording = read_original(given.data, row)
        recorded = {**recording.activity, "file_name": given.name}
        recorded |= self._answers(row, recorded)
        return Fetched(recording_mark(row, FILE_READER), recording.samples, recorded)

    def _answers(self, row: Mapping[str, Any], recorded: Mapping[str, Any]) -> dict[str, Any]:
        """Effort and feel as answered on the watch, asked for only where neither list nor file holds them."""
        if any(row[name] is not None or recorded.get(name) is not None for name in ANSWERS):
            return {}
        try:
            answers = self.context.api.answers(row["source_id"])
        except RequestsSpent:
            raise
        except ServiceTroubled as error:
            # The recording itself is here, and is worth more than an answer that few give.
            self.context.result.notes.append(Skipped(f"effort of activity {row['source_id']}", str(error)))
            return {}
        return {name: value for name, value in answers.items() if value is not None}


def _from_channels(channels: Any, row: Mapping[str, Any]) -> Fetched:
    from_row = recording_mark(row)
    session = parse_streams(channels, row)
    if session is None or session.points.is_empty():
        return Fetched(from_row)
    recording = build_recording(session)
    if recording.samples.is_empty():
        return Fetched(from_row)
    return Fetched(from_row, recording.samples, recording.activity)
