"""Flags: what of a session's record can hardly be true, with the numbers behind it and what would set it right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from dashboard.model.quality_facts import quality_facts
from dashboard.model.quality_kinds import KINDS, Kind
from dashboard.model.said import spoke_of

OTHER = {"overlap": "other_id", "twice": "twin_id"}
"""Kinds that concern two sessions, with the column of the other one."""
LEAVE_OUT = (("is_excluded", True),)


@dataclass(frozen=True)
class Flag:
    """One doubt about one session.

    Parameters
    ----------
    activity_id
        Which session.
    kind
        One of `quality_kinds.KINDS`, by its id.
    severity
        Place of the kind in order, 0 the gravest.
    local_date, name, sport
        Of the session, as recorded.
    value, limit
        The number that is doubted, and what it is held against, in the kind's own unit; None where there is
        none.
    correction
        Fields and the values that would set it right; empty where nobody can know them.
    leaves_out
        Whether leaving the session out is what to do where there is no correction.
    other_id
        The other session, where two are concerned.
    """

    activity_id: str
    kind: str
    severity: int
    local_date: date
    name: str | None
    sport: str
    value: float | None
    limit: float | None
    correction: tuple[tuple[str, Any], ...] = ()
    leaves_out: bool = False
    other_id: str | None = None

    @property
    def id(self) -> str:
        """Name of the flag: one kind is raised once for a session."""
        return f"{self.activity_id}:{self.kind}"

    @property
    def remedy(self) -> tuple[tuple[str, Any], ...]:
        """Fields and values that end the doubt: the correction, else leaving out; empty where load is untouched."""
        return self.correction or (LEAVE_OUT if self.leaves_out else ())


def flags(
    activities: pl.DataFrame,
    samples: pl.DataFrame,
    today: date,
    outside: pl.DataFrame | None = None,
) -> list[Flag]:
    """Raise every flag that no person has settled.

    Parameters
    ----------
    activities : DataFrame
        ACTIVITY columns and `samples_id`; SESSION_EXTRA and `edited` where there. Sessions left out are
        passed over, flags named in `kept_flags` and fields a person spoke of too.
    samples : DataFrame
        As from `quality_samples.sample_facts`.
    today : date
        Local date.
    outside : DataFrame or None
        As for `quality_facts`.

    Returns
    -------
    list of Flag
        Gravest kind first, then newest first. What is unknown raises none.

    Source
    ------
    ours: each threshold has its reason beside it, in `quality_kinds`.
    """
    facts = quality_facts(activities, samples, outside).with_columns(today=pl.lit(today))
    found: list[Flag] = []
    for severity, kind in enumerate(KINDS):
        raised = facts.filter(kind.when & _unsettled(kind)).sort(
            ["local_date", "activity_id"], descending=[True, False]
        )
        found += [_flag(row, kind, severity) for row in _rows(raised, kind)]
    return found


def _unsettled(kind: Kind) -> pl.Expr:
    kept = pl.col("kept_flags").fill_null("").str.split(" ").list.contains(kind.id)
    spoken = [spoke_of(field) for field in kind.settled_by]
    return pl.all_horizontal(kept.not_(), *(one.not_() for one in spoken))


def _rows(raised: pl.DataFrame, kind: Kind) -> list[dict[str, Any]]:
    known = ("activity_id", "local_date", "name", "sport", "other_id", "twin_id")
    proposed = [value.alias(f"|{field}") for field, value in kind.correction.items()]
    numbers = [kind.value.cast(pl.Float64).alias("value"), kind.limit.cast(pl.Float64).alias("limit")]
    return raised.select(*known, *numbers, *proposed).rows(named=True)


def _flag(row: dict[str, Any], kind: Kind, severity: int) -> Flag:
    values = [(field, row[f"|{field}"]) for field in kind.correction]
    return Flag(
        activity_id=row["activity_id"],
        kind=kind.id,
        severity=severity,
        local_date=row["local_date"],
        name=row["name"],
        sport=row["sport"],
        value=row["value"],
        limit=row["limit"],
        correction=tuple((field, value) for field, value in values if value is not None),
        leaves_out=kind.leaves_out,
        other_id=row[OTHER[kind.id]] if kind.id in OTHER else None,
    )
