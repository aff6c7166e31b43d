"""Imports that may be of another person: held before anything stays, or asked about."""

# Held: another account of the same service, or at least three sessions that overlap in time with sessions on
# record without being one run with them. Asked: no date and no pair in common with a long record. One body
# cannot run twice.

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from connectors.deduplication import LEAST_OVERLAP, same_sessions
from connectors.frames import RUN_SPORTS
from connectors.ingest.export_account import SERVICE
from connectors.source import Held, sources_of_account

FEWEST_OVERLAPS = 3
FEWEST_ENTRIES = 3
"""Entries of Strava on both sides from which on having none in common says something."""
LONG_RECORD = 50
"""A record of more runs than this is asked about; screens.md, "Imports held"."""
FEWEST_ASKED = 10
"""Loose recordings that are asked about: fewer are a day's watch files, which never share a date."""
LONGEST_S = 86_400.0
"""A longer clock was forgotten, and overlaps with everything."""
LINKED_ACCOUNT = "strava_account"
"""Setting that the Strava link writes: the number of the account linked last."""


@dataclass(frozen=True)
class ExportListing:
    """One export of an import: its account's number where it says, and the Strava ids it lists."""

    account: str | None
    source_ids: frozenset[str]


def accounts_of(listings: Iterable[ExportListing]) -> str | None:
    """Return the accounts of an import as the store keeps them, a line each."""
    accounts = {f"{SERVICE} {one.account}" for one in listings if one.account}
    return "\n".join(sorted(accounts)) or None


def check_accounts(
    listings: Collection[ExportListing], before: pl.DataFrame, known: Collection[str], name: str
) -> Held | None:
    """Hold an import of which an export belongs to another Strava account than the record, or than another export."""
    on_record = set(before.filter(pl.col("source").is_in(sources_of_account(SERVICE)))["source_id"].to_list())
    numbers = {one.removeprefix(f"{SERVICE} ") for one in known}
    taken: list[ExportListing] = []
    for one in listings:
        if one.source_ids & on_record:
            continue
        if one.account and numbers and one.account not in numbers:
            return Held(
                f"This export belongs to Strava account {one.account}, and the record of {name} holds account "
                f"{', '.join(sorted(numbers))}.",
                one.account,
            )
        other = next((t for t in taken if _differ(t, one)), None)
        if other is not None:
            return Held(
                f"These exports belong to two Strava accounts, {other.account} and {one.account}, and both would go "
                f"into the record of {name}.",
                one.account,
            )
        taken.append(one)
    return None


def check_entries(
    listings: Collection[ExportListing],
    activities: pl.DataFrame,
    before: pl.DataFrame,
    known: Collection[str],
    name: str,
) -> Held | None:
    """Hold an export, where numbers do not settle it, that lists none of the Strava entries of the time it covers."""
    for one in listings:
        listed = activities.filter(pl.col("source_id").is_in(list(one.source_ids)))
        first, last = listed["start_utc"].min(), listed["start_utc"].max()
        if (one.account and known) or first is None or last is None or listed.height < FEWEST_ENTRIES:
            continue
        entries = before.filter(
            pl.col("source").is_in(sources_of_account(SERVICE)),
            pl.col("start_utc").is_between(pl.lit(first), pl.lit(last)),
        )["source_id"].to_list()
        if len(entries) >= FEWEST_ENTRIES and not one.source_ids.intersection(entries):
            return Held(
                f"This export lists none of the {len(entries)} Strava entries that the record of {name} holds of the "
                "same time, so it seems to belong to another account.",
                one.account,
            )
    return None


def is_same_account(
    listings: Collection[ExportListing], before: pl.DataFrame, known: Collection[str]
) -> bool:
    """Whether every export is of the record's own account, by a shared entry or by its number."""
    on_record = set(before.filter(pl.col("source").is_in(sources_of_account(SERVICE)))["source_id"].to_list())
    return bool(listings) and all(
        one.source_ids & on_record or f"{SERVICE} {one.account}" in known for one in listings
    )


def check_overlaps(incoming: pl.DataFrame, before: pl.DataFrame, name: str) -> Held | None:
    """Hold sessions that overlap with sessions on record and are not one run with them."""
    # Sessions that are one run with the record speak for the same runner: where they are at least as many,
    # the others are doubts and no reason to hold the import.
    overlaps = {one for one, _ in overlapping(incoming, before)}
    if len(overlaps) < FEWEST_OVERLAPS:
        return None
    new, old = set(incoming["activity_id"].to_list()), set(before["activity_id"].to_list())
    pairs = same_sessions(pl.concat([before, incoming.select(before.columns)]))
    matched = {a if a in new else b for a, b in pairs if (a in new) != (b in new) and {a, b} & old}
    unmatched = overlaps - matched
    if len(unmatched) < FEWEST_OVERLAPS or len(matched) >= len(unmatched):
        return None
    return Held(
        f"{len(unmatched)} of its sessions overlap in time with sessions on record of {name} and are not the same "
        "runs, and nobody runs twice at once."
    )


def overlapping(incoming: pl.DataFrame, before: pl.DataFrame) -> list[tuple[str, str]]:
    """List pairs (incoming, on record) that overlap for more than half of the shorter, one of the two a run."""
    there = sorted(_spans(before))
    starts = [span[0] for span in there]
    longest = max((end - start for start, end, *_ in there), default=0.0)
    pairs = []
    for start, end, activity_id, is_run in _spans(incoming):
        for at in range(bisect_left(starts, start - longest), bisect_left(starts, end)):
            first, last, other, other_is_run = there[at]
            overlap = min(end, last) - max(start, first)
            if (is_run or other_is_run) and overlap > LEAST_OVERLAP * min(end - start, last - first):
                pairs.append((activity_id, other))
    return pairs


def question(incoming: pl.DataFrame, before: pl.DataFrame, has_export: bool, name: str) -> str | None:
    """Return the question about sessions sharing no date and no pair with a long record; None for none."""
    runs = before.filter(pl.col("sport").is_in(RUN_SPORTS)).height
    if runs <= LONG_RECORD or incoming.height < (FEWEST_ENTRIES if has_export else FEWEST_ASKED):
        return None
    first, last = incoming["start_utc"].min(), before["start_utc"].max()
    goes_on = isinstance(first, datetime) and isinstance(last, datetime) and first > last
    if goes_on and not has_export:
        return None
    if set(incoming["start_utc"].dt.date()) & set(before["start_utc"].dt.date()):
        return None
    pairs = set(before["shoe_id"].drop_nulls())
    if pairs & set(incoming["shoe_id"].drop_nulls()):
        return None
    return (
        f"None of these {incoming.height:,} sessions shares a date or a pair of shoes with the {runs:,} runs on record "
        f"of {name}. Are they {name}'s?"
    )


def _spans(sessions: pl.DataFrame) -> list[tuple[float, float, str, bool]]:
    seconds = pl.coalesce("elapsed_s", "moving_s", pl.lit(0.0))
    hidden = pl.col("flags").fill_null("").str.contains("hidden_start", literal=True)
    rows = sessions.filter(seconds > 0, seconds <= LONGEST_S, ~hidden).select(
        start=pl.col("start_utc").dt.epoch("us") / 1e6,
        end=pl.col("start_utc").dt.epoch("us") / 1e6 + seconds,
        activity_id="activity_id",
        is_run=pl.col("sport").is_in(RUN_SPORTS),
    )
    return list(rows.iter_rows())


def _differ(one: ExportListing, other: ExportListing) -> bool:
    have_accounts = bool(one.account and other.account and one.account != other.account)
    return have_accounts and not one.source_ids & other.source_ids
