"""What a runner noted on intervals.icu beside the runs: races, spans of injury and illness, hard days, comments."""

# Races are events. All else is only ever proposed on "What you already wrote": a colour tapped in a calendar is no
# diary day and no value of pain.

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from connectors.frames import ACTIVITY, EVENT, STATEMENT
from connectors.intervals.parse_api import SOURCE_NAME
from connectors.statements.clauses import find_clauses
from connectors.store import Store
from connectors.sync.context import SyncContext
from connectors.sync.json_values import api_number, api_text
from connectors.sync.key_service import KeyApi

if TYPE_CHECKING:
    from connectors.intervals.client import IntervalsApi

REMARKS = "intervals.remarks"
READ_TO = "intervals.beside_read"
RACES = ("RACE_A", "RACE_B", "RACE_C")
SPANS = {"INJURED": "injured", "SICK": "sick"}
NIGGLE, WORST_INJURY = 2, 4
INJURY_TEXTS = {2: "Injury: niggle", 3: "Injury: poor", 4: "Injury: injured"}
YEAR = timedelta(days=365)
AGAIN = timedelta(days=60)
"""Read again at every sync: entries of the last weeks are still being written."""
ALL_AGAIN = timedelta(days=28)


@dataclass(frozen=True)
class Remark:
    """One remark of a runner about themselves, proposed with its source and never taken for a diary entry."""

    date: str
    # Last local date, where it lasted.
    end_date: str | None
    kind: str
    text: str
    source: str = SOURCE_NAME


def remarks(store: Store, athlete_id: int) -> list[Remark]:
    """Return what a runner noted there, oldest first; the words about a leg in it are for whoever proposes them."""
    stored = store.bookmarks(athlete_id).get(REMARKS)
    return [Remark(**one) for one in json.loads(stored)] if stored else []


def read_beside(context: SyncContext[KeyApi]) -> None:
    """Bring in races and remarks: all of them now and again, the last weeks at every sync."""
    api: IntervalsApi = context.api  # pyright: ignore[reportAssignmentType] - the record names both
    today = context.now().date() + timedelta(days=1)
    first = _first_day(context)
    if first is None:
        return
    read = context.read(READ_TO)
    is_all = not isinstance(read, int | float) or not 0 <= context.clock() - read < ALL_AGAIN.total_seconds()
    oldest = first if is_all else max(first, today - AGAIN)
    notes: list[Remark] = []
    races: list[dict[str, Any]] = []
    for start, end in _years(oldest, today):
        context.raise_if_stopped()
        notes += _of_days(api.wellness(start, end))
        entries = [one for one in api.events(start, end, (*SPANS, *RACES)) if isinstance(one, Mapping)]
        notes += _of_spans(entries)
        races += _races(context, entries, today)
    _store_races(context, races, oldest)
    earlier = [one for one in remarks(context.store, context.athlete_id) if one.date < oldest.isoformat()]
    listed = {(one.date, one.kind, one.text): one for one in [*earlier, *notes]}
    rows = [asdict(listed[key]) for key in sorted(listed)]
    context.write(REMARKS, rows or None)
    _propose(context, [listed[key] for key in sorted(listed)])
    if is_all:
        context.write(READ_TO, context.clock())


def _propose(context: SyncContext[KeyApi], noted: list[Remark]) -> None:
    """Store the clauses about a leg as proposals that hang on no run; those whose remark is gone go too."""
    store, athlete_id = context.store, context.athlete_id
    rows = proposals(noted, athlete_id, context.now())
    before = store.read(STATEMENT, athlete_id).filter(
        pl.col("source") == SOURCE_NAME, pl.col("activity_id").is_null()
    )
    gone = set(before["source_id"].to_list()) - set(rows["source_id"].to_list())
    if rows.height or gone:
        store.replace(STATEMENT, athlete_id, rows, [(SOURCE_NAME, one) for one in sorted(gone)])


def proposals(noted: Iterable[Remark], athlete_id: int, fetched_utc: datetime) -> pl.DataFrame:
    """Return contract STATEMENT of what was noted: of a comment only a place with a complaint, of a span any place."""
    rows: dict[str, dict[str, Any]] = {}
    for one in noted:
        text = f"{one.kind}: {one.text}" if one.kind == "injured" else one.text
        for clause in find_clauses(text):
            if clause.is_alone and one.kind == "comment":
                continue
            digest = hashlib.blake2b(clause.text.encode(), digest_size=6).hexdigest()
            rows[f"{one.date}-{digest}"] = {
                "athlete_id": athlete_id,
                "source": SOURCE_NAME,
                "source_id": f"{one.date}-{digest}",
                "fetched_utc": fetched_utc,
                "date": date.fromisoformat(one.date),
                "activity_id": None,
                "text": clause.text,
                "body_part": clause.place,
                "side": clause.side,
                "kind": clause.kind,
            }
    return pl.DataFrame(list(rows.values()), schema=STATEMENT.schema)


def _first_day(context: SyncContext[KeyApi]) -> date | None:
    rows = context.store.read(ACTIVITY, context.athlete_id).filter(pl.col("source") == SOURCE_NAME)
    first = rows["local_date"].min()
    return first if isinstance(first, date) else None


def _years(first: date, last: date) -> Iterator[tuple[date, date]]:
    while first <= last:
        yield first, min(last, first + YEAR)
        first += YEAR + timedelta(days=1)


def _of_days(rows: Iterable[Any]) -> Iterator[Remark]:
    """Days marked 2 (niggle) to 4 (injured), and comments; zero and 1 say nothing of an injury."""
    for row in rows:
        day = _day(row.get("id")) if isinstance(row, Mapping) else None
        if day is None:
            continue
        level = api_number(row.get("injury"))
        if level is not None and NIGGLE <= level <= WORST_INJURY:
            yield Remark(day.isoformat(), None, "injury", INJURY_TEXTS[int(level)])
        if comment := api_text(row.get("comments")):
            yield Remark(day.isoformat(), None, "comment", comment)


def _of_spans(entries: Iterable[Mapping[str, Any]]) -> Iterator[Remark]:
    for one in entries:
        kind, first = SPANS.get(str(one.get("category"))), _day(one.get("start_date_local"))
        if kind is None or first is None:
            continue
        end = _day(one.get("end_date_local"))
        # The calendar's end is the first day that is free again; an entry of one day may have none.
        last = end - timedelta(days=1) if end is not None and end - timedelta(days=1) > first else None
        words = [api_text(one.get(name)) for name in ("name", "description")]
        text = ": ".join(word for word in words if word) or kind.capitalize()
        yield Remark(first.isoformat(), last.isoformat() if last else None, kind, text)


def _races(
    context: SyncContext[KeyApi], entries: Iterable[Mapping[str, Any]], today: date
) -> Iterator[dict[str, Any]]:
    for one in entries:
        day, number = _day(one.get("start_date_local")), one.get("id")
        if str(one.get("category")) not in RACES or day is None or not isinstance(number, int | str):
            continue
        if day >= today:  # what is still to come belongs to a plan
            continue
        yield {
            "athlete_id": context.athlete_id,
            "source": SOURCE_NAME,
            "source_id": str(number),
            "fetched_utc": context.now(),
            "date": day,
            "kind": "race",
            "note": api_text(one.get("name")),
        }


def _store_races(context: SyncContext[KeyApi], races: list[dict[str, Any]], oldest: date) -> None:
    """Write the races of the dates that were read, and delete those that are gone there."""
    store, athlete_id = context.store, context.athlete_id
    rows = pl.DataFrame(races, schema=EVENT.schema).unique("source_id", keep="last", maintain_order=True)
    before = store.read(EVENT, athlete_id).filter(pl.col("source") == SOURCE_NAME, pl.col("date") >= oldest)
    gone = set(before["source_id"].to_list()) - set(rows["source_id"].to_list())
    if rows.height or gone:
        store.replace(EVENT, athlete_id, rows, [(SOURCE_NAME, one) for one in sorted(gone)])


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat((api_text(value) or "")[:10])
    except ValueError:
        return None
