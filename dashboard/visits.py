"""What is noted at a consult: opinions on drivers, the agreed next step, the day of review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from connectors.frames import VISIT
from connectors.store import Store

SOURCE = "manual"
LONGEST_STEP = 400
"""Characters of an agreed step at most: the page to take home stays one page with it. Design choice."""


@dataclass(frozen=True)
class Agreed:
    """What a visit ended on.

    Parameters
    ----------
    visit
        Local date of the consult.
    step
        The agreed next step in the words of whoever wrote it; None where only a day was set.
    review
        Local date of the next look; None where none was set.
    """

    visit: date
    step: str | None
    review: date | None


def keep(
    store: Store,
    athlete_id: int,
    visit: date,
    topic: str,
    subject: str | None = None,
    *,
    opinion: str | None = None,
    on_date: date | None = None,
    note: str | None = None,
) -> None:
    """Note one thing; what was noted of it at the same visit is replaced, and emptied where nothing is left.

    Parameters
    ----------
    store : Store
        Where it goes.
    athlete_id : int
        Runner on this machine, from 1.
    visit : date
        Local date of the consult.
    topic : str
        One of `frames.VISIT_TOPICS`.
    subject : str or None
        Channel of a driver; None otherwise.
    opinion : str or None
        One of `frames.OPINIONS`, on a driver.
    on_date : date or None
        Day meant.
    note : str or None
        Own words.

    Raises
    ------
    ContractError, StoreError
        When it cannot be stored; nothing is changed then.

    Source
    ------
    ours: one row for each thing, so that the next visit can open on it.
    """
    source_id = f"{visit}:{topic}:{subject or ''}"
    if opinion is None and on_date is None and not (note or "").strip():
        store.delete(VISIT, athlete_id, SOURCE, [source_id])
        return
    row = {
        "athlete_id": athlete_id,
        "source": SOURCE,
        "source_id": source_id,
        "fetched_utc": datetime.now(UTC),
        "date": visit,
        "topic": topic,
        "subject": subject,
        "opinion": opinion,
        "on_date": on_date,
        "note": (note or "").strip() or None,
    }
    store.write(VISIT, pl.DataFrame([row], schema=VISIT.schema))


def noted(store: Store, athlete_id: int, visit: date) -> dict[tuple[str, str | None], dict[str, Any]]:
    """Give what was noted at one visit.

    Parameters
    ----------
    store, athlete_id, visit
        As for `keep`.

    Returns
    -------
    dict
        Topic and subject to the row of VISIT.

    Source
    ------
    ours.
    """
    rows = store.read(VISIT, athlete_id).filter(pl.col("date") == visit)
    return {(row["topic"], row["subject"]): row for row in rows.iter_rows(named=True)}


def before(store: Store, athlete_id: int, today: date) -> date | None:
    """Give the date of the last visit before a day.

    Parameters
    ----------
    store, athlete_id
        As for `keep`.
    today : date
        Local date.

    Returns
    -------
    date or None
        None at a first visit.

    Source
    ------
    ours.
    """
    last = store.read(VISIT, athlete_id).filter(pl.col("date") < today)["date"].max()
    return last if isinstance(last, date) else None


def agreed(store: Store, athlete_id: int, until: date | None = None) -> Agreed | None:
    """Give what the newest visit that ended on something ended on.

    Parameters
    ----------
    store, athlete_id
        As for `keep`.
    until : date or None
        Last local date of a visit that is looked at; None is the newest there is.

    Returns
    -------
    Agreed or None
        None where no visit ended on a step or a day.

    Source
    ------
    ours.
    """
    rows = store.read(VISIT, athlete_id).filter(pl.col("topic").is_in(["agreed", "review"]))
    last = rows.filter(pl.col("date") <= until if until else pl.lit(True))["date"].max()
    if not isinstance(last, date):
        return None
    found = noted(store, athlete_id, last)
    step, review = found.get(("agreed", None), {}), found.get(("review", None), {})
    return Agreed(last, step.get("note"), review.get("on_date"))
