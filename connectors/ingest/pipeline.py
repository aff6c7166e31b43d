"""From paths to the store: any mix of exports, recordings and diaries, safe to stop and to repeat."""

# Order of work: the tables first (so that every run is in by its totals, with what was written of it, at once),
# then every recording on all cores, each stored as it arrives, then the local days and the matches, which need
# the whole account. What an interrupted import left is completed by the next one: every id is derived from the
# facts, and a recording counts as read only when its digest stands in the committed row.

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import polars as pl

from connectors.frames import ACTIVITY, SHOE, STATEMENT, SYMPTOM, split
from connectors.ingest.decode import KNOWN, UNKNOWN_SPORT, DecodedFile, DecodeTask, Known, decode_all
from connectors.ingest.decode_order import DecodeOrder, stated_dates
from connectors.ingest.diary_columns import SUBJECTS
from connectors.ingest.discover import ImportPlan, discover
from connectors.ingest.garmin import Attached, attach, descriptions, summed_sessions
from connectors.ingest.import_session import ImportSession
from connectors.ingest.logged_sets import (
    Sets,
    note_double_days,
    rows_of_log,
    store_sets,
    store_watch_sets,
    weights_of,
)
from connectors.ingest.summed_sessions import SummedSession, is_begin, share_out
from connectors.ingest.takeouts import collapse_repeats
from connectors.local_date import machine_zone, usual_zone, with_local_date
from connectors.plural import count
from connectors.source import (
    LOOSE_RECORDINGS,
    RECORDINGS,
    SOME_LOOSE_RECORDINGS,
    ImportResult,
    Progress,
    Skipped,
    silent,
    stable_id,
)
from connectors.statements.rows import statement_rows
from connectors.store import Store
from connectors.store.after_import import assign_local_dates, record_duplicates
from connectors.written_dates import DayFirst

ROWS_PER_COMMIT = 100
FIRST_LOOSE = 10
"""Recordings that no table lists are first committed in so few, so that there is something to look at."""
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
    "feel_0_100",
    "contact_left_pct",
)


def import_paths(
    store: Store,
    athlete_id: int,
    paths: Sequence[Path],
    progress: Progress | None = None,
    *,
    again: bool = False,
    same_runner: bool = False,
    day_first: DayFirst = None,
    processes: int | None = None,
) -> ImportResult:
    """Bring everything under some paths into the store, as one import that can be taken back.

    Facts first, derived days and matches last, every step repeatable. `processes` decode; None is one a core.
    """
    began = time.monotonic()
    report_progress = progress or silent
    report_progress(0, 0, "reading")
    with store.importing(athlete_id):
        batch = ImportSession(store, athlete_id, paths, again, same_runner)
        result = _bring_in(batch, report_progress, day_first, processes)
    if batch.taken_out:
        batch.take_out()
        assign_local_dates(store, athlete_id)
        record_duplicates(store, athlete_id)
    result.seconds = time.monotonic() - began
    return result


def _bring_in(
    batch: ImportSession, report_progress: Progress, day_first: DayFirst, processes: int | None
) -> ImportResult:
    store, athlete_id = batch.store, batch.athlete_id
    result = ImportResult(backups=batch.given.backups)
    plan = discover(
        batch.given.paths, athlete_id, datetime.now(UTC), day_first, weights_of(store, athlete_id)
    )
    result.skipped += batch.given.skipped + plan.skipped
    result.date_questions = plan.questions
    result.notes += plan.notes
    result.unknown_sports = plan.unknown_sports
    before = store.read(ACTIVITY, athlete_id)
    if batch.holds(plan, before, result) or batch.holds_sessions(
        _summed_alone(plan, before, athlete_id), result
    ):
        return result
    result.notes += _gone(before, plan.activities)
    activities = _ActivityBatch(batch, before)
    statements = store.read(STATEMENT, athlete_id)
    _store_tables(batch, plan, activities, before, result)
    _read_recordings(batch, plan, activities, before, report_progress, result, processes)
    superseded = _attach_summaries(batch, plan, activities, result)
    report_progress(len(plan.tasks), len(plan.tasks), "days")
    after = store.read(ACTIVITY, athlete_id)
    if batch.holds_recordings(after, result):
        return result
    assign_local_dates(store, athlete_id)
    _store_sets(batch, plan, activities, result)
    record_duplicates(store, athlete_id)
    result.skipped = collapse_repeats(result.skipped)
    after = store.read(ACTIVITY, athlete_id)
    _store_statements(batch, plan, activities.seen, superseded, after, statements, result)
    result.activities = _counts(before, after, activities.seen)
    batch.finish(after, activities.seen, result)
    return result


def _store_tables(
    batch: ImportSession,
    plan: ImportPlan,
    activities: _ActivityBatch,
    before: pl.DataFrame,
    result: ImportResult,
) -> None:
    """Write all that tables and summaries say, so that every page can draw before the first recording is read."""
    store, athlete_id = batch.store, batch.athlete_id
    _store_diary_and_shoes(batch, plan, result)
    activities.add(plan.activities, result)
    there = store.read(ACTIVITY, athlete_id) if plan.activities.height else before
    activities.put(attach(plan.garmin, there, athlete_id), result)
    if not activities.seen:
        return
    record_duplicates(store, athlete_id, are_totals_final=False)
    listed = store.read(ACTIVITY, athlete_id).filter(
        pl.col("activity_id").is_in(list(activities.seen)), pl.col("sport") != UNKNOWN_SPORT
    )
    texts = {**plan.texts, **descriptions(plan.garmin, listed)}
    statements = statement_rows(listed, texts, datetime.now(UTC))
    if statements.height:
        batch.write(STATEMENT, statements)


def _attach_summaries(
    batch: ImportSession, plan: ImportPlan, activities: _ActivityBatch, result: ImportResult
) -> set[str]:
    """Fill up from the summaries what recordings do not say.

    Returns the activities that stood for a summary until a recording turned out to be its; they are deleted.
    """
    attached = attach(plan.garmin, batch.store.read(ACTIVITY, batch.athlete_id), batch.athlete_id)
    activities.put(attached, result)
    if not attached.superseded:
        return set()
    new = {source_id for _, source_id in batch.store.changed_ids(batch.import_id, ACTIVITY, ("new",))}
    gone = [one for one in attached.superseded if one in new]
    batch.store.delete(ACTIVITY, batch.athlete_id, "file", gone)
    return {stable_id(batch.athlete_id, "file", one) for one in gone}


def _summed_alone(plan: ImportPlan, before: pl.DataFrame, athlete_id: int) -> pl.DataFrame:
    """The sessions that a takeout's summaries add to a record; none are looked for where there is none yet."""
    if before.is_empty():
        return before
    there = set(before["activity_id"])
    rows = [row for row in attach(plan.garmin, before, athlete_id).changed if row["activity_id"] not in there]
    return pl.DataFrame(
        [{name: row.get(name) for name in ACTIVITY.schema} for row in rows], schema=ACTIVITY.schema
    )


def _read_recordings(
    batch: ImportSession,
    plan: ImportPlan,
    activities: _ActivityBatch,
    before: pl.DataFrame,
    report_progress: Progress,
    result: ImportResult,
    processes: int | None,
) -> None:
    """Read the recordings, each into its row, in whole commits."""
    tasks = _with_sessions(plan.tasks, activities)
    step = _step(tasks, activities.begins)
    if tasks:
        report_progress(0, len(tasks), step)
    order = DecodeOrder(partial(stated_dates, batch.store, batch.athlete_id))
    # Closed however it ends: left open, its processes would go on writing recordings after a failure here.
    with closing(decode_all(tasks, _known(before), batch.samples, order, processes)) as decoding:
        for done, decoded in enumerate(decoding, start=1):
            activities.take(decoded, result)
            report_progress(done, len(tasks), step)
    activities.commit(result)


def _step(tasks: Sequence[DecodeTask], begins: Sequence[datetime]) -> str:
    """Which step of reading it is, by how many of the recordings have their run on record already."""
    listed = sum(
        task.activity_id is not None or bool(task.summed) or is_begin(begins, task.start_utc)
        for task in tasks
    )
    if listed == len(tasks):
        return RECORDINGS
    return SOME_LOOSE_RECORDINGS if listed else LOOSE_RECORDINGS


def _with_sessions(tasks: Sequence[DecodeTask], activities: _ActivityBatch) -> list[DecodeTask]:
    """The recordings with the zone of the account, and the sessions of the summaries that each may be of."""
    loose = [task for task in tasks if task.activity_id is None]
    summed = activities.summed() if loose else []
    shares = dict(zip(loose, share_out(summed, [task.start_utc for task in loose]), strict=True))
    return [replace(task, zone=activities.zone, summed=shares.get(task, ())) for task in tasks]


class _ActivityBatch:
    """The activities of one import on their way into the store."""

    def __init__(self, batch: ImportSession, before: pl.DataFrame) -> None:
        self.batch = batch
        self.athlete_id = batch.athlete_id
        self.stored = {row["activity_id"]: row for row in before.iter_rows(named=True)}
        self.rows: dict[str, dict[str, object]] = {}
        self.waiting: list[str] = []
        self.seen: set[str] = set()
        self.read: set[str] = set()
        self.alone: dict[str, dict[str, object]] = {}
        self.loose = 0
        self.begins: list[datetime] = []
        self.sets: Sets = []
        self.zone = (
            batch.store.settings(self.athlete_id).get("timezone")
            or usual_zone(batch.record)
            or machine_zone()
        )

    def add(self, activities: pl.DataFrame, result: ImportResult) -> None:
        """Add the rows of a table; what an earlier import read from their recordings stays."""
        for row in activities.iter_rows(named=True):
            activity_id = row["activity_id"]
            stored = self.stored.get(activity_id)
            self.rows[activity_id] = _with_file(row, stored) if stored and stored["file_hash"] else row
            self.waiting.append(activity_id)
        self.commit(result)

    def take(self, decoded: DecodedFile, result: ImportResult) -> None:
        """Add one recording: into its table row, or as an activity of its own."""
        result.notes += decoded.notes
        result.skipped += decoded.skipped
        for word, rows in decoded.unknown_sports.items():
            result.unknown_sports[word] = result.unknown_sports.get(word, 0) + rows
        self.seen.update(decoded.unchanged)
        self.sets += decoded.sets
        for activity_id, activity, rows in decoded.activities:
            listed = self.rows.get(activity_id) or self.alone.get(activity_id)
            row = _with_file(listed, activity) if listed else self._alone(activity_id, activity)
            self.loose += listed is None
            self.rows[activity_id] = row
            self.waiting.append(activity_id)
            if activity_id not in self.read:  # one recording may lie in several places of one import
                self.read.add(activity_id)
                result.sample_files += rows > 0
                result.sample_rows += rows
        few = max(FIRST_LOOSE, self.loose - len(self.waiting)) if self.loose else ROWS_PER_COMMIT
        if len(self.waiting) >= min(few, ROWS_PER_COMMIT):
            self.commit(result)

    def summed(self) -> list[SummedSession]:
        """Return the sessions on record that a takeout's summary alone stands for."""
        rows = self.batch.store.read(ACTIVITY, self.athlete_id)
        self.begins = rows["start_utc"].sort().to_list()
        sessions = summed_sessions(rows)
        ids = {one.activity_id for one in sessions}
        self.alone = {
            row["activity_id"]: row for row in rows.iter_rows(named=True) if row["activity_id"] in ids
        }
        return sessions

    def put(self, attached: Attached, result: ImportResult) -> None:
        """Write what became of summaries, and count activities that were seen without a change."""
        self.seen |= attached.seen
        for row in attached.changed:
            activity_id = str(row["activity_id"])
            self.rows[activity_id] = row
            self.waiting.append(activity_id)
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
        self.batch.write(ACTIVITY, good)
        self.seen.update(good["activity_id"])
        self.waiting.clear()

    def _alone(self, activity_id: str, activity: dict[str, object]) -> dict[str, object]:
        stored = self.stored.get(activity_id, {})
        return {
            "activity_id": activity_id,
            "athlete_id": self.athlete_id,
            "source": "file",
            "fetched_utc": stored.get("fetched_utc") or datetime.now(UTC),
            **activity,
        }


def _store_sets(batch: ImportSession, plan: ImportPlan, ledger: _ActivityBatch, result: ImportResult) -> None:
    """Sets of lifting apps and watches; a watch's stand on the local date of their session, so after the days."""
    rows = [row for log in plan.logs for row in rows_of_log(log)]
    store_sets(batch, rows, result)
    store_watch_sets(batch, ledger.sets, result)
    if rows or ledger.sets:
        note_double_days(batch.store, batch.athlete_id, result)


def _store_diary_and_shoes(batch: ImportSession, plan: ImportPlan, result: ImportResult) -> None:
    if plan.symptoms.height:
        entries = plan.symptoms.unique("source_id", keep="last", maintain_order=True)
        result.symptoms = asdict(batch.write(SYMPTOM, entries))
    for contract in (subject.contract for subject in SUBJECTS if subject.contract.name in plan.beside):
        rows = plan.beside[contract.name].unique("source_id", keep="last", maintain_order=True)
        result.beside[contract.name] = asdict(batch.write(contract, rows))
    if plan.shoes.height:
        pairs = plan.shoes.unique("source_id", keep="last", maintain_order=True)
        batch.write(SHOE, pairs)
        result.shoes = pairs.height


def _store_statements(
    batch: ImportSession,
    plan: ImportPlan,
    seen: set[str],
    superseded: set[str],
    after: pl.DataFrame,
    before: pl.DataFrame,
    result: ImportResult,
) -> None:
    """Clauses about a leg in titles, descriptions and notes; one that a later export no longer has is deleted."""
    texts = {**plan.texts, **descriptions(plan.garmin, after)}
    rows = after.filter(pl.col("activity_id").is_in(list(seen)))
    statements = statement_rows(rows, texts, datetime.now(UTC))
    if statements.height:
        batch.write(STATEMENT, statements)
        there = batch.store.read(STATEMENT, batch.athlete_id)
        result.beside[STATEMENT.name] = _counts(before, there, set(statements["source_id"]), "source_id")
    listed = pl.col("activity_id").is_in([*plan.texts, *superseded])
    stored = batch.store.read(STATEMENT, batch.athlete_id).filter(listed)
    gone = stored.join(statements, on=["source", "source_id"], how="anti")
    for (source,), some in gone.group_by("source"):
        batch.store.delete(STATEMENT, batch.athlete_id, str(source), some["source_id"].to_list())


def _gone(before: pl.DataFrame, activities: pl.DataFrame) -> list[Skipped]:
    """Report activities that an earlier export had and this one, which reaches as far, has not."""
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
    many = count(gone, "activity of an earlier export is", "activities of earlier exports are")
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


def _counts(
    before: pl.DataFrame, after: pl.DataFrame, seen: set[str], name: str = "activity_id"
) -> dict[str, int]:
    """What became of the rows this import saw, by the column that names them; when one was fetched is no change."""
    old = {(row["source"], row[name]): row for row in before.drop("fetched_utc").iter_rows(named=True)}
    counts = {"new": 0, "updated": 0, "unchanged": 0}
    for row in after.drop("fetched_utc").iter_rows(named=True):
        if row[name] in seen:
            was = old.get((row["source"], row[name]))
            counts["new" if was is None else "unchanged" if was == row else "updated"] += 1
    return counts


def _with_file(row: dict[str, object], activity: dict[str, object]) -> dict[str, object]:
    """The table wins for name, totals and a sport it can name; the recording for all that only it knows.

    Over a summary of a takeout, which is worked out from the recording, the recording wins in all that it says.
    """
    if row.get("source") == "file":
        known = {name: value for name, value in activity.items() if value is not None and name != "source_id"}
        if known.get("sport") == UNKNOWN_SPORT:
            known.pop("sport")
        return {**row, **known}
    merged = {**row, **{name: activity.get(name) for name in FROM_FILE}}
    is_silent = row.get("sport") not in KNOWN or row.get("sport") == UNKNOWN_SPORT
    if is_silent and activity.get("sport") in KNOWN:
        merged["sport"] = activity["sport"]
    for name in FROM_FILE_IF_UNKNOWN:
        if merged.get(name) is None:
            merged[name] = activity.get(name)
    return merged
