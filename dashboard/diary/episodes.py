"""Earlier episodes of complaints as a person remembers them: saved, removed, and as the report writes them."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from connectors.errors import ContractError
from connectors.frames import EPISODE
from connectors.manual_rows import manual_rows
from connectors.source import stable_id
from connectors.store import Store
from dashboard.shared.undo import Change, replace_rows


@dataclass(frozen=True)
class Episode:
    """One spell of complaints; an unknown date is None."""

    body_part: str
    from_date: date | None = None
    from_earliest_date: date | None = None
    to_date: date | None = None
    side: str | None = None
    known_by: str = "remembers"
    note: str | None = None


def month_span(year: int, month: int | None) -> tuple[date, date]:
    """Return the first and the last date of a month, or of a year where the month is not known."""
    last = month or 12
    return date(year, month or 1, 1), date(year, last, monthrange(year, last)[1])


def save_episode(store: Store, athlete_id: int, episode: Episode, today: date) -> Change:
    """Store an episode; the same one twice is one."""
    begun = min((d for d in (episode.from_earliest_date, episode.from_date) if d), default=None)
    if begun is not None and begun > today:
        raise ContractError("The episode begins after today. Nothing was stored; choose an earlier start.")
    if begun is not None and episode.to_date is not None and episode.to_date < begun:
        raise ContractError("The episode ends before it begins. Nothing was stored; choose a later end.")
    rows = manual_rows([asdict(episode)], EPISODE, episode_id, athlete_id, datetime.now(UTC))
    return replace_rows(store, EPISODE, athlete_id, rows.to_dicts())


def remembered_episode(
    body_part: str,
    side: str | None,
    begun: tuple[int, int | None] | None,
    ended: tuple[int, int | None] | None,
    today: date,
) -> Episode:
    """Return an episode remembered by year, or year and month; what lies after today is cut off there."""
    earliest, latest = month_span(*begun) if begun else (None, None)
    last = month_span(*ended)[1] if ended else None
    return Episode(
        body_part,
        from_date=None if latest is None else max(min(latest, today), earliest or today),
        from_earliest_date=earliest,
        to_date=None if last is None else min(last, today),
        side=side,
    )


def remove_episode(store: Store, row: Mapping[str, Any]) -> Change:
    """Delete an episode."""
    return replace_rows(store, EPISODE, row["athlete_id"], (), [row])


def load_episodes(store: Store, athlete_id: int) -> pl.DataFrame:
    """Return every episode, oldest first; those without a start last."""
    begun = pl.coalesce("from_earliest_date", "from_date")
    return store.read(EPISODE, athlete_id).sort(begun, "body_part", "source_id", nulls_last=True)


def episode_id(one: Mapping[str, Any]) -> str:
    """Name an episode by its dates, part and side: those of two sides are two."""
    parts = (one.get(name) for name in ("from_date", "from_earliest_date", "to_date", "body_part", "side"))
    return stable_id(0, "episode", "/".join("" if part is None else str(part) for part in parts))
