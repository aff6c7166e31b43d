"""Which recordings are in, which are still to come, and what a recording adds to its activity."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import polars as pl

from connectors.frames import RUN_SPORTS
from connectors.source import SOURCES
from connectors.store.corrections import STREAMS, duplicate_groups, is_streamed

MANUAL = "manual"
READER = f"{STREAMS}1"
FILE_READER = "file1"
"""Marks of the two ways a recording comes; the number changes when recordings have to be read anew."""
FROM_RECORDING = ("ascent_m", "descent_m")
FROM_RECORDING_IF_UNKNOWN = (
    "timezone",
    "utc_offset_s",
    "distance_m",
    "moving_s",
    "elapsed_s",
    "cadence_spm",
    "heart_rate_bpm",
    "max_heart_rate_bpm",
    "max_speed_mps",
)
FROM_FILE_IF_UNKNOWN = (
    "perceived_exertion_0_10",
    "feel_0_100",
    "contact_left_pct",
    "file_name",
    "device",
    "impact_m",
)
"""What only a recording's own file tells beside the above."""
_READ_WITH = (
    "sport",
    "is_indoor",
    "timezone",
    "utc_offset_s",
    "distance_m",
    "moving_s",
    "elapsed_s",
    "ascent_device_m",
    "cadence_spm",
    "heart_rate_bpm",
    "max_heart_rate_bpm",
    "max_speed_mps",
)


def recording_mark(summary: Mapping[str, Any], reader: str = READER) -> str:
    """Return a mark that changes whenever a recording has to be fetched anew.

    Who crops or corrects a run on Strava changes its totals; who renames it does not.
    """
    # A start is the same moment whichever library holds it.
    facts = repr([summary["start_utc"].timestamp(), *(summary[name] for name in _READ_WITH)])
    return f"{reader}:{hashlib.blake2b(facts.encode(), digest_size=8).hexdigest()}"


def mark_fetched(mark: str, fetched_utc: datetime) -> str:
    """Write down what a recording was fetched for, and when.

    A recording is as old as its own fetching, not as that of the summary.
    """
    return f"{mark}:{int(fetched_utc.timestamp())}"


def fetched_at(file_hash: str | None) -> datetime | None:
    """Read when a recording was fetched."""
    last = (file_hash or "").rpartition(":")[2]
    return datetime.fromtimestamp(int(last), UTC) if last.isdecimal() else None


def carry_recording(summary: dict[str, Any], stored: Mapping[str, Any] | None) -> dict[str, Any]:
    """Add to a fresh summary what the recording that is already here told.

    Nothing that stands in the store may be older than the summary beside it.
    """
    if stored is None:
        return summary
    readers = [one for one in (READER, FILE_READER) if (stored["file_hash"] or "").startswith(f"{one}:")]
    if not readers or not stored["file_hash"].startswith(f"{recording_mark(summary, readers[0])}:"):
        return summary
    row = {**summary, "file_hash": stored["file_hash"], "sample_rows": stored["sample_rows"]}
    row |= {name: stored[name] for name in FROM_RECORDING}
    names = FROM_RECORDING_IF_UNKNOWN + (FROM_FILE_IF_UNKNOWN if readers[0] == FILE_READER else ())
    return row | {name: stored[name] for name in names if summary[name] is None}


def with_recording(
    row: dict[str, Any], recorded: Mapping[str, Any], mark: str, fetched_utc: datetime
) -> dict[str, Any]:
    """Add what a recording tells to its activity.

    Strava knows best what the runner edited, the recording knows best what was measured.
    """
    added = {
        **row,
        "file_hash": mark_fetched(mark, fetched_utc),
        "sample_rows": recorded.get("sample_rows") or 0,
    }
    added |= {name: recorded.get(name) for name in FROM_RECORDING}
    names = FROM_RECORDING_IF_UNKNOWN + (FROM_FILE_IF_UNKNOWN if mark.startswith(FILE_READER) else ())
    return added | {name: recorded.get(name) for name in names if row[name] is None}


def without_recording(row: Mapping[str, Any]) -> dict[str, Any]:
    """Remove from a row what only its recording told.

    For recordings that are forgotten.
    """
    return {**row, "file_hash": None, "sample_rows": None, **dict.fromkeys(FROM_RECORDING)}


def waiting(
    activities: pl.DataFrame, sessions: pl.DataFrame, source_name: str, refetch_before: datetime | None
) -> pl.DataFrame:
    """List the runs of a source without original files whose recordings are still to be fetched.

    Only running is counted as load, and a recording that is here from a file costs no request.
    """
    own = pl.col("samples_id").is_null() | (pl.col("samples_id") == pl.col("activity_id"))
    shown = sessions.filter(pl.col("source") == source_name, own).select("activity_id")
    due = pl.col("file_hash").is_null() | ~pl.col("file_hash").str.starts_with(f"{READER}:")
    if refetch_before is not None:
        at = pl.col("file_hash").str.extract(r":(\d+)$").cast(pl.Int64)
        due = due | (at < int(refetch_before.timestamp())).fill_null(False)
    by_hand = pl.col("flags").fill_null("").str.split(" ").list.contains(MANUAL)
    return (
        activities.filter(pl.col("source") == source_name, pl.col("sport").is_in(RUN_SPORTS), due, ~by_hand)
        .join(shown, on="activity_id", how="semi", maintain_order="left")
        .sort("start_utc", "source_id", descending=True)
    )


def originals_due(activities: pl.DataFrame, matches: pl.DataFrame, source_name: str) -> pl.DataFrame:
    """List the runs whose original files are still to be fetched, newest first.

    A run whose original is here from another source costs no request.
    """
    groups = duplicate_groups(matches, set(activities["activity_id"].to_list()))
    group = pl.col("activity_id").replace(groups) if groups else pl.col("activity_id")
    recorded = [one.id for one in SOURCES if one.has_recordings and one.id != source_name]
    has_file = pl.col("source").is_in(recorded) & (pl.col("sample_rows") > 0) & ~is_streamed()
    marked = activities.with_columns(group=group)
    there = marked.filter(has_file)["group"].unique().to_list()
    mark = pl.col("file_hash").fill_null("")
    is_read = mark.str.starts_with(f"{READER}:") | mark.str.starts_with(f"{FILE_READER}:")
    by_hand = pl.col("flags").fill_null("").str.split(" ").list.contains(MANUAL)
    due = marked.filter(
        pl.col("source") == source_name,
        pl.col("sport").is_in(RUN_SPORTS),
        ~is_read,
        ~by_hand,
        ~pl.col("group").is_in(there),
    )
    return due.drop("group").sort("start_utc", "source_id", descending=True)
