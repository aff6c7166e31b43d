"""One import on its way: its number, what it writes, whether it is held, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Protocol

import polars as pl

from connectors.frames import ACTIVITY, STORED, Contract
from connectors.ingest import export_account, import_holds
from connectors.ingest.file_digests import GivenFiles, given_files
from connectors.ingest.import_holds import ExportListing
from connectors.source import ImportResult
from connectors.store import Counts, SampleFolder, Store


class ImportTables(Protocol):
    """What an import needs to know of the tables it was given: see `connectors.ingest.discover.ImportPlan`."""

    activities: pl.DataFrame
    listings: list[ExportListing]


class ImportSession:
    """One import of one runner, begun in the store with its first row."""

    def __init__(
        self, store: Store, athlete_id: int, paths: Sequence[Path], again: bool, same_runner: bool
    ) -> None:
        self.store = store
        self.athlete_id = athlete_id
        self.same_runner = same_runner
        taken_back = {} if again else store.taken_back_digests(athlete_id)
        self.given: GivenFiles = given_files(paths, taken_back)
        self.taken_out = False
        self._listings: Sequence[ExportListing] = ()
        self._record = ACTIVITY.empty()

    @cached_property
    def import_id(self) -> int:
        """The number of this import; asked for when the first row is written."""
        return self.store.begin_import(self.athlete_id, self.given.files)

    @cached_property
    def name(self) -> str:
        """Name of the runner."""
        return next((o.name for o in self.store.runners() if o.athlete_id == self.athlete_id), "this runner")

    @property
    def samples(self) -> SampleFolder:
        """Where recordings go; what they replace is set aside."""
        return self.store.import_samples(self.import_id)

    @property
    def record(self) -> pl.DataFrame:
        """The sessions on record before this import, as `holds` was given them."""
        return self._record

    def write(self, contract: Contract, frame: pl.DataFrame) -> Counts:
        """Write rows as brought by this import."""
        return self.store.write_import(self.import_id, contract, frame)

    def record_before(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the record as it was before what this import itself had brought until it was stopped."""
        stopped = self.store.stopped_import(self.athlete_id, self.given.files)
        if stopped is None:
            return rows
        own = set(self.store.changed_ids(stopped, ACTIVITY, ("new",)))
        earlier = self.store.earlier_rows(stopped, ACTIVITY)
        keys = zip(rows["source"].to_list(), rows["source_id"].to_list(), strict=True)
        others = rows.filter(pl.Series([key not in own for key in keys], dtype=pl.Boolean))
        return others.join(earlier, on=["source", "source_id"], how="anti").vstack(
            earlier.select(others.columns)
        )

    def holds(self, plan: ImportTables, rows: pl.DataFrame, result: ImportResult) -> bool:
        """Whether the tables alone say that this is another person's; nothing has been written then."""
        self._listings = tuple(plan.listings)
        before = self._record = self.record_before(rows)
        result.runner = self.name
        if self.same_runner:
            return False
        known = self._accounts()
        result.held = import_holds.check_accounts(plan.listings, before, known, self.name)
        if result.held is None:
            result.held = import_holds.check_entries(plan.listings, plan.activities, before, known, self.name)
        if result.held is None and not import_holds.is_same_account(plan.listings, before, known):
            incoming = plan.activities.join(before, on="activity_id", how="anti", maintain_order="left")
            result.held = import_holds.check_overlaps(incoming, before, self.name)
        return result.held is not None

    def holds_sessions(self, incoming: pl.DataFrame, result: ImportResult) -> bool:
        """Whether sessions about to come in overlap with the record; nothing has been written then."""
        before = self._record
        if self.same_runner or before.is_empty() or incoming.is_empty():
            return False
        result.held = import_holds.check_overlaps(incoming, before, self.name)
        return result.held is not None

    def holds_recordings(self, after: pl.DataFrame, result: ImportResult) -> bool:
        """Whether recordings that came in overlap with the record; they are to be taken out again then."""
        before = self._record
        if self.same_runner or before.is_empty():
            return False
        incoming = self._new(before, after).filter(pl.col("source") == "file")
        result.held = import_holds.check_overlaps(incoming, before, self.name)
        self.taken_out = result.held is not None
        if self.taken_out:
            result.sample_files = result.sample_rows = result.shoes = 0
            result.symptoms = dict.fromkeys(result.symptoms, 0)
            result.beside.clear()
        return self.taken_out

    def take_out(self) -> None:
        """Undo an import that is held, as if it had never begun."""
        self.store.revert_import(self.import_id)
        self.store.drop_import(self.import_id)

    def finish(self, after: pl.DataFrame, seen: set[str], result: ImportResult) -> None:
        """Record from when to when it reaches, what was merged and asked, and end it in the store."""
        before = self._record
        result.merged = self._merged(seen, set(after["activity_id"].to_list()))
        brought = after.filter(pl.col("activity_id").is_in(list(seen)))["local_date"]
        days = [day for day in brought.to_list() + self._days() if day is not None]
        result.first, result.last = min(days, default=None), max(days, default=None)
        if not self.same_runner and not import_holds.is_same_account(
            self._listings, before, self._accounts()
        ):
            new = self._new(before, after)
            result.question = import_holds.question(new, before, bool(self._listings), self.name)
        if not (seen or result.shoes or days):
            self.store.drop_import(self.import_id)
            return
        result.import_id = self.import_id
        account = import_holds.accounts_of(self._listings)
        self.store.finish_import(self.import_id, _summary(result), account)

    def _accounts(self) -> set[str]:
        known = self.store.import_accounts(self.athlete_id)
        if self.store.is_for_others:
            return known  # whose account a link is of is its runner's to know
        linked = self.store.settings(self.athlete_id).get(import_holds.LINKED_ACCOUNT)
        return known | ({f"{export_account.SERVICE} {linked}"} if linked else set())

    def _new(self, before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
        return after.join(before, on="activity_id", how="anti", maintain_order="left")

    def _merged(self, seen: set[str], there: set[str]) -> int:
        pairs = self.store.matches(self.athlete_id).filter("is_same").select("activity_id", "same_as")
        return len({one for pair in pairs.iter_rows() if there.issuperset(pair) for one in pair} & seen)

    def _days(self) -> list[date]:
        """Dates of the rows beside sessions that this import brought."""
        days: list[date] = []
        for contract in STORED:
            if "date" in contract.columns and (ids := self.store.imported_ids(self.import_id, contract)):
                rows = self.store.read(contract, self.athlete_id).select("source", "source_id", "date")
                brought = set(ids)
                days += [day for source, one, day in rows.iter_rows() if (source, one) in brought]
        return days


def _summary(result: ImportResult) -> str:
    """What the list of imports shows of one, as JSON text."""
    summary = {
        "activities": result.activities,
        "symptoms": result.symptoms,
        "beside": result.beside,
        "shoes": result.shoes,
        "first": result.first and result.first.isoformat(),
        "last": result.last and result.last.isoformat(),
    }
    return json.dumps(summary)
