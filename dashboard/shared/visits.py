"""What is noted at a consult: opinions on drivers, the agreed next step, the day of review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from connectors.frames import VISIT
from connectors.store import Store

VISIT_SOURCE = "manual"
LONGEST_STEP = 400
"""Characters of an agreed step at most: the page to take home stays one page with it. Design choice."""


@dataclass(frozen=True)
class AgreedStep:
    """What a visit ended on."""

    visit: date
    step: str | None
    review: date | None


def save_note(
    store: Store,
    athlete_id: int,
    visit: date,
    topic: str,
    subject: str | None = None,
    *,
    opinion: str | None = None,
    on_date: date | None = None,
    note: str | None = None,
    onset_id: str | None = None,
) -> None:
    """Note one thing; what was noted of it at the same visit is replaced, and emptied where nothing is left.

    One row for each thing, so that the next visit can open on it; `onset_id` names the flare it is about.
    """
    source_id = f"{visit}:{topic}:{subject or ''}" + (f"@{onset_id}" if onset_id else "")
    if opinion is None and on_date is None and not (note or "").strip():
        store.delete(VISIT, athlete_id, VISIT_SOURCE, [source_id])
        return
    row = {
        "athlete_id": athlete_id,
        "source": VISIT_SOURCE,
        "source_id": source_id,
        "fetched_utc": datetime.now(UTC),
        "date": visit,
        "topic": topic,
        "subject": subject,
        "opinion": opinion,
        "on_date": on_date,
        "note": (note or "").strip() or None,
        "onset_id": onset_id,
    }
    store.write(VISIT, pl.DataFrame([row], schema=VISIT.schema))


def drop_undated_opinion(store: Store, athlete_id: int, visit: date, channel: str) -> None:
    """Delete an opinion of before opinions belonged to a flare, once it is given anew at the same visit."""
    store.delete(VISIT, athlete_id, VISIT_SOURCE, [f"{visit}:driver:{channel}"])


def visit_notes(store: Store, athlete_id: int, visit: date) -> dict[tuple[str, str | None], dict[str, Any]]:
    """Return what was noted at one visit."""
    rows = store.read(VISIT, athlete_id).filter(pl.col("date") == visit)
    return {(row["topic"], row["subject"]): row for row in rows.iter_rows(named=True)}


def visit_before(store: Store, athlete_id: int, today: date) -> date | None:
    """Return the date of the last visit before a day."""
    last = store.read(VISIT, athlete_id).filter(pl.col("date") < today)["date"].max()
    return last if isinstance(last, date) else None


def agreed_at(store: Store, athlete_id: int, until: date | None = None) -> AgreedStep | None:
    """Return what the newest visit that ended on something ended on."""
    rows = store.read(VISIT, athlete_id).filter(pl.col("topic").is_in(["agreed", "review"]))
    last = rows.filter(pl.col("date") <= until if until else pl.lit(True))["date"].max()
    if not isinstance(last, date):
        return None
    notes = visit_notes(store, athlete_id, last)
    step, review = notes.get(("agreed", None), {}), notes.get(("review", None), {})
    return AgreedStep(last, step.get("note"), review.get("on_date"))
