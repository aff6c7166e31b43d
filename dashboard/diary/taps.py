"""What was tapped on a phone, played again in the order of the taps: the same diary however they were delivered."""

# A delivery may come late, twice or in any order. So nothing is worked out from the order of deliveries: the days they
# touch are built anew from all their taps, by time of tap. What a page stored in between is one more event among them,
# at the time it was stored.

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from connectors.frames import SYMPTOM
from connectors.store.phone_entries import PhoneEntry
from dashboard.diary import entries
from dashboard.diary.entries import SymptomEntry

DAY_KINDS = ("morning", "none", "same", "answer")
PAGE, UNDO = "page", "undo"
_PROVENANCE = ("athlete_id", "source", "source_id", "fetched_utc")
FACTS = tuple(name for name in SYMPTOM.columns if name not in (*_PROVENANCE, "date"))
DAY = timedelta(days=1)
Row = dict[str, Any]
Rows = dict[str, Row]
"""Entries of one date, by their `source_id`."""


@dataclass(frozen=True)
class TapResult:
    """What one tap did: the entries of its date before and after it."""

    entry: PhoneEntry
    before: tuple[Row, ...]
    after: tuple[Row, ...]


@dataclass
class Replay:
    """The entries of each date after all taps, and what each tap did."""

    days: dict[date, Rows] = field(default_factory=dict)
    results: list[TapResult] = field(default_factory=list)


def undone_ids(taps: Iterable[PhoneEntry]) -> set[str]:
    """Return the taps that a later one takes back."""
    return {str(one.value.get("of")) for one in taps if one.kind == UNDO}


def days_touched(taps: Sequence[PhoneEntry], new: Iterable[PhoneEntry]) -> set[date]:
    """Return the dates whose entries new taps may change, with those that these are taken over from or to."""
    undone = {str(one.value.get("of")) for one in new if one.kind == UNDO}
    changing = [*new, *(one for one in taps if one.entry_id in undone)]
    days = {one.date for one in changing if one.kind in DAY_KINDS}
    taken_over = {one.date for one in taps if one.kind == "same"}
    reached = set(days)
    while days:  # a morning taken over from the one before follows it, and may be followed itself
        days = {day + DAY for day in days if day + DAY in taken_over} - reached
        reached |= days
    days = set(reached)
    while days:
        days = {day - DAY for day in days if day in taken_over} - reached
        reached |= days
    return reached


def replay(athlete_id: int, taps: Iterable[PhoneEntry], days: set[date]) -> Replay:
    """Build the entries of some dates from their taps, and from what pages stored of them, by time of tap."""
    events = list(taps)
    undone = undone_ids(events)
    counted = sorted(
        (one for one in events if one.date in days and one.entry_id not in undone),
        key=lambda one: (one.tapped_utc, one.entry_id),
    )
    first = _played(athlete_id, counted, {})
    # A morning may be taken over from one that arrived later than it was tapped.
    return _played(athlete_id, counted, first.days)


def _played(athlete_id: int, counted: Sequence[PhoneEntry], later: Mapping[date, Rows]) -> Replay:
    built, sides = Replay(), _sides_on_pages(counted)
    for one in counted:
        before = built.days.get(one.date, {})
        if one.kind == PAGE:
            after = _seen_on_page(athlete_id, one, before)
        elif one.kind in DAY_KINDS:
            eve = one.date - DAY
            earlier = entries.with_morning_entry(list(built.days.get(eve, {}).values()))
            earlier = earlier or list(later.get(eve, {}).values())
            after = _answered(athlete_id, one, before, earlier, sides.get(one.date))
        else:
            continue
        built.days[one.date] = after
        built.results.append(TapResult(one, tuple(before.values()), tuple(after.values())))
    return built


def _sides_on_pages(events: Sequence[PhoneEntry]) -> dict[date, str | None]:
    """Return the side of the one entry that pages made of a date: a tap from before it is of the same entry."""
    made: dict[date, dict[str, str | None]] = {}
    for one in events:
        if one.kind == PAGE:
            for source_id, facts in one.value.get("facts", {}).items():
                made.setdefault(one.date, {}).setdefault(source_id, facts.get("side"))
    return {day: next(iter(sides.values())) for day, sides in made.items() if len(sides) == 1}


def _answered(athlete_id: int, tap: PhoneEntry, rows: Rows, earlier: Sequence[Row], side: str | None) -> Rows:
    if tap.kind == "answer" and len(rows) == 1:
        [row] = rows.values()
        changed = entries.amended_row(row, None, tap.value)
        return {changed["source_id"]: {**changed, "fetched_utc": _later(row, tap.tapped_utc)}}
    if rows:
        side = next(iter(rows.values()))["side"] if len(rows) == 1 else None
    answers = _entries_of(tap, side, earlier)
    built = entries.answered_rows(athlete_id, answers, rows, tap.tapped_utc)
    return rows | {row["source_id"]: row for row in built}


def _entries_of(tap: PhoneEntry, side: str | None, earlier: Sequence[Row]) -> list[SymptomEntry]:
    if tap.kind == "same":
        return entries.same_as_before(earlier)
    if tap.kind == "none":
        return [entries.nothing_felt_on(tap.date, side)]
    if tap.kind == "morning":
        return [SymptomEntry(tap.date, side, **tap.value, is_same_as_before=False)]
    answers: dict[str, Any] = {name: value for name, value in tap.value.items() if value is not None}
    return [SymptomEntry(tap.date, **{"side": side, **answers})] if answers else []


def _later(row: Row, when: datetime) -> datetime:
    return max(row["fetched_utc"], when)


def _seen_on_page(athlete_id: int, seen: PhoneEntry, rows: Rows) -> Rows:
    """Apply what a page stored: facts of one entry, or entries that it removed."""
    left = {name: row for name, row in rows.items() if name not in seen.value.get("gone", ())}
    for source_id, facts in seen.value.get("facts", {}).items():
        empty = {
            "athlete_id": athlete_id,
            "source_id": source_id,
            "date": seen.date,
            **dict.fromkeys(FACTS),
        }
        row = {**empty, **left.get(source_id, {}), **facts}
        left[source_id] = {**row, "fetched_utc": seen.tapped_utc}
    return left


def seen_on_pages(
    expected: Mapping[date, Rows], stored: Mapping[date, Rows], taps: Sequence[PhoneEntry], now: datetime
) -> list[PhoneEntry]:
    """Return what pages and imports stored since the last delivery: where the record differs from what taps made of it.

    An entry that is gone was removed after the last delivery about its date; when exactly is not known.
    """
    events: list[PhoneEntry] = []
    for day in sorted(set(expected) | set(stored)):
        made, there = expected.get(day, {}), stored.get(day, {})
        for source_id, row in there.items():
            before = made.get(source_id)
            changed = {
                name: row[name]
                for name in ("source", *FACTS)
                if (before[name] != row[name] if before else row[name] is not None)
            }
            if changed:
                value = {"facts": {source_id: changed}}
                events.append(_page_event(day, row["fetched_utc"], value, source_id, now))
        gone = sorted(set(made) - set(there))
        if gone:
            last = max(one.received_utc for one in taps if one.date == day)
            events.append(_page_event(day, last, {"gone": gone}, "gone", now))
    return events


def _page_event(day: date, when: datetime, value: Mapping[str, Any], name: str, now: datetime) -> PhoneEntry:
    return PhoneEntry(f"{PAGE}:{now:%Y%m%dT%H%M%S%f}:{day}:{name}", PAGE, day, when, now, value)
