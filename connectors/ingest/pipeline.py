"""From paths to the store: any mix of exports, recordings and diaries, safe to stop and to repeat.

Order of work: the tables first (so that mileage shows at once), then every recording on all cores, each
stored as it arrives, then the local days and the matches, which need the whole account. What an interrupted
import left is completed by the next one: every id is derived from the facts, and a recording counts as read
only when its digest stands in the committed row.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from connectors.frames import ACTIVITY, SHOE, SYMPTOM, split
from connectors.ingest.decode import DecodedFile, Known, decode_all
from connectors.ingest.diary_csv import DIARY_SUBJECTS
from connectors.ingest.discover import ImportPlan, discover
from connectors.local_date import machine_zone, usual_zone, with_local_date
from connectors.source import ImportResult, Progress, Skipped
from connectors.store import Store
from connectors.store.after_import import assign_local_dates, record_duplicates

ROWS_PER_COMMIT = 40
FROM_FILE = (
    "timezone",
    "utc_offset_s",
    "is_indoor",
    "ascent_m",
    "descent_m",
    "device",
    "file_hash",
    "sample_rows",
)
FROM_FILE_IF_UNKNOWN = (
    "distance_m",
    "moving_s",
    "elapsed_s",
    "ascent_device_m",
    "descent_device_m",
    "cadence_spm",
    "heart_rate_bpm",
    "max_heart_rate_bpm",
    "max_speed_mps",
    "perceived_exertion_0_10",
)


def import_paths(
    store: Store, athlete_id: int, paths: Sequence[Path], progress: Progress | None = None
) -> ImportResult:
    """Bring everything under some paths into the store.

    Facts first, derived days and matches last, every step repeatable. Evidence: design choice.
    """
    began = time.monotonic()
    say = progress or _silent
    result = ImportResult()
    say(0, 0, "reading")
    plan = discover(paths, athlete_id, datetime.now(UTC))
    result.skipped += plan.skipped
    result.notes += plan.notes
    result.unknown_sports = plan.unknown_sports
    before = store.read(ACTIVITY, athlete_id)
    result.notes += _gone(before, plan.activities)
    _store_diary_and_shoes(store, athlete_id, plan, result)
    ledger = _ActivityBatch(store, athlete_id, before)
    ledger.add(plan.activities, result)
    for done, decoded in enumerate(decode_all(plan.tasks, _known(before), store.samples), start=1):
        ledger.take(decoded, result)
        say(done, len(plan.tasks), "recordings")
    ledger.commit(result)
    say(len(plan.tasks), len(plan.tasks), "days")
    assign_local_dates(store, athlete_id)
    record_duplicates(store, athlete_id)
    result.activities = _counts(before, store.read(ACTIVITY, athlete_id), ledger.seen)
    result.seconds = time.monotonic() - began
    return result


class _ActivityBatch:
    """The activities of one import on their way into the store."""

    def __init__(self, store: Store, athlete_id: int, before: pl.DataFrame) -> None:
        self.store = store
        self.athlete_id = athlete_id
        self.kept = {row["activity_id"]: row for row in before.iter_rows(named=True)}
        self.rows: dict[str, dict[str, object]] = {}
        self.waiting: list[str] = []
        self.seen: set[str] = set()
        self.read: set[str] = set()
        self.zone = store.settings(athlete_id).get("timezone") or usual_zone(before) or machine_zone()

    def add(self, activities: pl.DataFrame, result: ImportResult) -> None:
        """Take the rows a table gives; what an earlier import read from their recordings stays."""
        for row in activities.iter_rows(named=True):
            activity_id = row["activity_id"]
            kept = self.kept.get(activity_id)
            self.rows[activity_id] = _with_file(row, kept) if kept and kept["file_hash"] else row
            self.waiting.append(activity_id)
        self.commit(result)

    def take(self, decoded: DecodedFile, result: ImportResult) -> None:
        """Take one recording: into its table row, or as an activity of its own."""
        result.notes += decoded.notes
        result.skipped += decoded.skipped
        self.seen.update(decoded.unchanged)
        for activity_id, activity, rows in decoded.activities:
            listed = self.rows.get(activity_id)
            row = _with_file(listed, activity) if listed else self._alone(activity_id, activity)
            self.rows[activity_id] = row
            self.waiting.append(activity_id)
            if activity_id not in self.read:  # one recording may lie in several places of one import
                self.read.add(activity_id)
                result.sample_files += rows > 0
                result.sample_rows += rows
        if len(self.waiting) >= ROWS_PER_COMMIT:
            self.commit(result)

    def commit(self, result: ImportResult) -> None:
        """Write what waits, in one transaction; rows that break the contract are told, not stored."""
        if not self.waiting:
            return
        schema = {n: c.dtype for n, c in ACTIVITY.columns.items()}
        rows = [{n: self.rows[i].get(n) for n in schema} for i in dict.fromkeys(self.waiting)]
        dated = with_local_date(pl.DataFrame(rows, schema=schema), self.zone)
        good, rejected = split(dated, ACTIVITY)
        for rule in rejected:
            names = dated["source_id"][list(rule.rows)]
            result.skipped += [Skipped(f"activity {name}", f"{rule.rule}.") for name in names]
        self.store.write(ACTIVITY, good)
        self.seen.update(good["activity_id"])
        self.waiting.clear()

    def _alone(self, activity_id: str, activity: dict[str, object]) -> dict[str, object]:
        kept = self.kept.get(activity_id, {})
        return {
            "activity_id": activity_id,
            "athlete_id": self.athlete_id,
            "source": "file",
            "fetched_utc": kept.get("fetched_utc") or datetime.now(UTC),
            **activity,
        }


def _store_diary_and_shoes(store: Store, athlete_id: int, plan: ImportPlan, result: ImportResult) -> None:
    if plan.symptoms.height:
        entries = plan.symptoms.unique("source_id", keep="last", maintain_order=True)
        result.symptoms = asdict(store.write(SYMPTOM, entries))
    for contract in (subject.contract for subject in DIARY_SUBJECTS if subject.contract.name in plan.beside):
        rows = plan.beside[contract.name].unique("source_id", keep="last", maintain_order=True)
        result.beside[contract.name] = asdict(store.write(contract, rows))
    if plan.shoes.height:
        pairs = plan.shoes.unique("source_id", keep="last", maintain_order=True)
        store.write(SHOE, pairs)
        result.shoes = pairs.height


def _gone(before: pl.DataFrame, activities: pl.DataFrame) -> list[Skipped]:
    """Tell of activities that an earlier export had and this one, which reaches as far, has not."""
    first, last = activities["start_utc"].min(), activities["start_utc"].max()
    if first is None or last is None:
        return []
    gone = before.filter(
        pl.col("source") == "strava_export",
        pl.col("start_utc").is_between(pl.lit(first), pl.lit(last)),
        ~pl.col("source_id").is_in(activities["source_id"].implode()),
    ).height
    if not gone:
        return []
    many = "1 activity of an earlier export is" if gone == 1 else f"{gone} activities of earlier exports are"
    reason = (
        f"{many} not in this one (deleted on Strava since, or of another account); nothing was taken away."
    )
    return [Skipped("activities.csv", reason)]


def _known(activities: pl.DataFrame) -> Known:
    """Digest of every recording already stored, with the activities that hold it."""
    held = activities.filter(pl.col("file_hash").is_not_null(), pl.col("sample_rows") > 0)
    known: dict[str, tuple[str, ...]] = {}
    for file_hash, activity_id in held.select("file_hash", "activity_id").iter_rows():
        known[file_hash] = (*known.get(file_hash, ()), activity_id)
    return known


def _counts(before: pl.DataFrame, after: pl.DataFrame, seen: set[str]) -> dict[str, int]:
    """What became of the activities this import saw; when a row was fetched is no change."""
    old = {row["activity_id"]: row for row in before.drop("fetched_utc").iter_rows(named=True)}
    counts = {"new": 0, "updated": 0, "unchanged": 0}
    for row in after.drop("fetched_utc").iter_rows(named=True):
        if row["activity_id"] in seen:
            was = old.get(row["activity_id"])
            counts["new" if was is None else "unchanged" if was == row else "updated"] += 1
    return counts


def _silent(done: int, total: int, step: str) -> None:
    """Nobody is watching."""


def _with_file(row: dict[str, object], activity: dict[str, object]) -> dict[str, object]:
    """The table wins for sport, name and totals; the recording for all that only it knows."""
    merged = {**row, **{name: activity.get(name) for name in FROM_FILE}}
    for name in FROM_FILE_IF_UNKNOWN:
        if merged.get(name) is None:
            merged[name] = activity.get(name)
    return merged
