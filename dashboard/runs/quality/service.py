"""Doubts about a runner's record: what is flagged, from the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from connectors.deduplication import hours_apart, overlaps
from connectors.edits import Edit
from connectors.frames import ACTIVITY, RUN_SPORTS
from connectors.local_date import machine_zone, usual_zone, with_local_date, zone_name
from connectors.source import Progress, silent
from connectors.sports import sport_names
from connectors.store import Store
from dashboard.model.doubted_dates import doubted_dates
from dashboard.runs.quality.checks import find_check, quality_flags
from dashboard.runs.quality.facts import DAY_S, no_facts, sample_facts
from dashboard.runs.quality.quality_check import LEAVE_OUT, QualityFlag
from dashboard.runs.quality.ride_ends import END_SCHEMA, RIDE_S, ride_ends
from dashboard.shared.undo import Change, record_edits

AT_ONCE = 32
LONG_S = 2 * DAY_S
"""A clock that ran longer was forgotten, and overlaps with everything."""


def recorded_facts(store: Store, athlete_id: int, progress: Progress = silent) -> pl.DataFrame:
    """Compute the facts of all recordings of a runner: the slow part, which no edit touches.

    Pages cache it for as long as no session comes in.
    """
    rows = store.read(ACTIVITY, athlete_id)
    ids = rows.filter(pl.col("sample_rows") > 0)["activity_id"].sort().to_list()
    parts = [ids[at : at + AT_ONCE] for at in range(0, len(ids), AT_ONCE)]
    read = [no_facts()]
    for done, part in enumerate(parts, start=1):
        progress(min(done * AT_ONCE, len(ids)), len(ids), "checking recordings")
        read.append(sample_facts(store.samples.scan(athlete_id, part)))
    facts = pl.concat(read)
    runs = rows.filter(pl.col("sport").is_in(RUN_SPORTS))["activity_id"].to_list()
    odd = facts.filter(pl.col("samples_id").is_in(runs), pl.col("unstepped_s") >= RIDE_S)[
        "samples_id"
    ].to_list()
    parts = [odd[at : at + AT_ONCE] for at in range(0, len(odd), AT_ONCE)]
    ends = [END_SCHEMA.to_frame(), *(ride_ends(store.samples.scan(athlete_id, part)) for part in parts)]
    ends_table = pl.concat(ends).rename({name: f"end_{name}" for name in END_SCHEMA if name != "samples_id"})
    return facts.join(ends_table, on="samples_id", how="left", maintain_order="left")


def list_flags(store: Store, athlete_id: int, samples: pl.DataFrame, today: date) -> list[QualityFlag]:
    """Return every doubt that nobody has settled: one list for pages and reports."""
    sessions = store.activities(athlete_id)
    return quality_flags(sessions, samples, today, _outside(store, athlete_id, sessions, today))


def _outside(store: Store, athlete_id: int, sessions: pl.DataFrame, today: date) -> pl.DataFrame:
    """What the model cannot know: the calendar of each record's zone, and which runs overlap."""
    zone = store.settings(athlete_id).get("timezone") or usual_zone(sessions) or machine_zone()
    is_zone = {name: zone_name(name) is not None for name in sessions["timezone"].drop_nulls().unique()}
    zoned = pl.col("timezone").replace_strict(is_zone, default=False, return_dtype=pl.Boolean) | pl.col(
        "utc_offset_s"
    ).is_not_null().fill_null(False)
    clock = pl.col("start_utc").dt.convert_time_zone(zone_name(zone) or "UTC")
    hour = clock.dt.hour().cast(pl.Float64) + clock.dt.minute().cast(pl.Float64) / 60
    hidden = pl.col("flags").fill_null("").str.contains("hidden_start", literal=True)
    dated = with_local_date(sessions, zone)["local_date"]
    days = sessions.with_columns(zone_date=dated).select(
        "activity_id",
        pl.when(zoned).then("zone_date").alias("zone_date"),
        pl.when(~zoned & ~hidden).then(hour).alias("unzoned_h"),
        pl.col("sport").is_in(sport_names()).not_().alias("strange_sport"),
    )
    rolled = doubted_dates(sessions, today).filter(pl.col("kind") == "rollover")
    return (
        days.join(_overlapping(store, athlete_id, sessions), on="activity_id", how="left")
        .join(_twins(store, athlete_id, sessions), on="activity_id", how="left")
        .join(rolled.select("activity_id", "meant_date"), on="activity_id", how="left")
    )


def _twins(store: Store, athlete_id: int, sessions: pl.DataFrame) -> pl.DataFrame:
    """Of two runs that may be one with a wrong clock, name the later one."""
    spoken = {frozenset(p) for p in store.matches(athlete_id).select("activity_id", "same_as").iter_rows()}
    counted = sessions.filter(
        pl.col("sport").is_in(RUN_SPORTS), pl.col("is_excluded").fill_null(False).not_()
    )
    rows: dict[str, tuple[str, float]] = {}
    for one, other, seconds in hours_apart(counted).rows():
        if frozenset((one, other)) not in spoken:
            rows.setdefault(other, (one, seconds))
    return pl.DataFrame(
        [(late, early, seconds) for late, (early, seconds) in rows.items()],
        schema={"activity_id": pl.String, "twin_id": pl.String, "apart_s": pl.Float64},
        orient="row",
    )


def _overlapping(store: Store, athlete_id: int, sessions: pl.DataFrame) -> pl.DataFrame:
    """Of two runs that overlap, name the one that says less."""
    spoken = {frozenset(p) for p in store.matches(athlete_id).select("activity_id", "same_as").iter_rows()}
    forgotten = (pl.col("elapsed_s") > LONG_S).fill_null(False)
    runs = sessions.filter(
        pl.col("sport").is_in(RUN_SPORTS), pl.col("is_excluded").fill_null(False).not_(), ~forgotten
    )
    other_titles = {
        row["activity_id"]: (row["samples_id"] is not None, row["distance_m"] or 0.0)
        for row in runs.select("activity_id", "samples_id", "distance_m").iter_rows(named=True)
    }
    rows: dict[str, tuple[str, float]] = {}
    for one, other, seconds in overlaps(runs).rows():
        if frozenset((one, other)) not in spoken:
            less, more = sorted((one, other), key=other_titles.__getitem__)
            rows.setdefault(less, (more, seconds))
    return pl.DataFrame(
        [(less, more, seconds) for less, (more, seconds) in rows.items()],
        schema={"activity_id": pl.String, "other_id": pl.String, "overlap_s": pl.Float64},
        orient="row",
    )


def keep_as_is(
    store: Store, athlete_id: int, flags: Sequence[QualityFlag], decided_by: str, reason: str | None = None
) -> Change:
    """Record that sessions are right as they are; the flags are not raised again.

    One batch of edits for all of them, so that one undo reverts it.
    """
    known = store.activities(athlete_id).select("activity_id", "kept_flags").rows()
    words: dict[str, set[str]] = {session: set((confirmed or "").split()) for session, confirmed in known}
    for flag in flags:
        words.setdefault(flag.activity_id, set()).add(flag.kind)
    activity_ids = dict.fromkeys(flag.activity_id for flag in flags)
    edits = [Edit("activity", one, "kept_flags", " ".join(sorted(words[one]))) for one in activity_ids]
    return record_edits(store, athlete_id, edits, decided_by, reason or _title(flags))


def exclude_run(
    store: Store, athlete_id: int, flags: Sequence[QualityFlag], decided_by: str, reason: str | None = None
) -> Change:
    """Exclude sessions from every sum; they stay in the store and are drawn hatched."""
    return _set(store, athlete_id, [(flag, LEAVE_OUT) for flag in flags], decided_by, reason or _title(flags))


def correct_run(
    store: Store, athlete_id: int, flags: Sequence[QualityFlag], decided_by: str, reason: str | None = None
) -> Change:
    """Write the proposed corrections as edits; what came in stays beneath them."""
    corrections = [(flag, flag.correction) for flag in flags]
    return _set(store, athlete_id, corrections, decided_by, reason or _title(flags))


def include_run(store: Store, athlete_id: int, activity_id: str, decided_by: str) -> Change:
    """Count a session again that was left out, however long ago."""
    return record_edits(store, athlete_id, [Edit("activity", activity_id, "is_excluded", False)], decided_by)


def excluded_runs(store: Store, athlete_id: int) -> list[dict[str, Any]]:
    """Return the sessions a person left out, newest first."""
    rows = store.activities(athlete_id).filter(pl.col("is_excluded"))
    return rows.sort("start_utc", descending=True).rows(named=True)


def _set(
    store: Store,
    athlete_id: int,
    corrections: Sequence[tuple[QualityFlag, Sequence[tuple[str, Any]]]],
    decided_by: str,
    reason: str | None,
) -> Change:
    edits = [
        Edit("activity", flag.activity_id, field, value)
        for flag, values in corrections
        for field, value in values
    ]
    return record_edits(store, athlete_id, edits, decided_by, reason)


def _title(flags: Sequence[QualityFlag]) -> str | None:
    return find_check(flags[0].kind).title if flags else None
