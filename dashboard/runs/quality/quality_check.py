"""What a check of the record is, and the flag that it raises on one session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from dashboard.shared import text
from dashboard.shared.units import Units

LEAVE_OUT = (("is_excluded", True),)


@dataclass(frozen=True)
class QualityFlag:
    """One doubt about one session."""

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
        """Identity of the flag: one kind is raised once for a session."""
        return f"{self.activity_id}:{self.kind}"

    @property
    def remedy(self) -> tuple[tuple[str, Any], ...]:
        """Fields and values that end the doubt: the correction, else leaving out; empty where load is untouched."""
        return self.correction or (LEAVE_OUT if self.leaves_out else ())


@dataclass(frozen=True)
class FlagNumbers:
    """The numbers of one flag, ready to be written."""

    flag: QualityFlag
    units: Units

    @property
    def value(self) -> float:
        """The value of the flag; 0 where it has none."""
        return self.flag.value or 0.0

    @property
    def limit(self) -> float:
        """The limit of the flag; 0 where it has none."""
        return self.flag.limit or 0.0

    @property
    def value_time(self) -> str:
        """The value as a length of time."""
        return text.rough_duration_words(self.flag.value)

    @property
    def limit_time(self) -> str:
        """The limit as a length of time."""
        return text.rough_duration_words(self.flag.limit)

    @property
    def date(self) -> str:
        """The date of the session."""
        return text.day_in_words(self.flag.local_date)


@dataclass(frozen=True)
class QualityCheck:
    """One kind of doubt.

    The expressions read the columns of `facts.quality_facts`.
    """

    id: str
    title: str
    sentence: Callable[[FlagNumbers], str]
    """What is odd, with the numbers."""
    when: pl.Expr
    value: pl.Expr
    limit: pl.Expr = field(default_factory=lambda: pl.lit(None, pl.Float64))
    correction: Mapping[str, pl.Expr] = field(default_factory=dict)
    """New value of each field that would set the record right; null where none is known."""
    settled_by: tuple[str, ...] = ()
    """Fields with which a person who edits them settles the doubt."""
    leaves_out: bool = False
    """True where leaving the session out is the remedy, for want of a correction."""
    other: str | None = None
    """Column of the second session, for a doubt about two."""


def exact_distance(units: Units, metres: float) -> str:
    """Write a distance so that a few per cent show."""
    return f"{units.distance(metres):,.2f} {units.distance_unit}"
