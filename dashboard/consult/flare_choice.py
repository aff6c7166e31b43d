"""Which flare a consult talks about: one on record, one that is typed, or now."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from dashboard.model.analysis import Analysis
from dashboard.model.date_window import full_range
from dashboard.shared import onset_edits, text

NOW = "Now"
MOST_FLARES = 5
BY_RULE, BY_RUNNER, BY_THERAPIST = "Onset by the rule", "Onset (runner)", "Onset (PT)"
TYPED = "Onset, typed"
NOT_A_DATE = (
    'A date such as 2026-09-08 or 8 Sep 2026 is needed; "{typed}" is none. The onset stayed as it was.'
)
IN_FUTURE = "{day} has not come yet. The onset stayed as it was."
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_BY_NAME = re.compile(r"(\d{1,2})\.?\s+([a-z]{3})[a-z]*\.?(?:\s+(\d{4}))?")


@dataclass(frozen=True)
class FlareChoice:
    """The flare that is talked about."""

    onset: date | None
    """None: no flare, but the last four weeks."""
    day: date
    """The day looked back from: the onset, or the day after the record's last."""
    flare: dict[str, Any] | None = None
    """The row of the flare the onset speaks of; None where there is none near."""
    decided_by: str | None = None
    """Who dated it; None where nobody did."""

    @property
    def label(self) -> str | None:
        """What stands above the line through every lane."""
        if self.onset is None:
            return None
        is_ruled = self.flare is not None and self.flare["onset_rule"] == self.onset
        name = {"runner": BY_RUNNER, "therapist": BY_THERAPIST}.get(self.decided_by or "")
        return f"{name or (BY_RULE if is_ruled else TYPED)}: {text.day_in_words(self.onset)}"


def flare_choice(
    analysis: Analysis, flares: pl.DataFrame, decisions: list[dict[str, Any]], onset: date | None
) -> FlareChoice:
    """Return the flare of an onset, with who dated it."""
    if onset is None:
        return FlareChoice(None, full_range(analysis)[1] + timedelta(days=1))
    dated = [row["decided_by"] for row in decisions if row["onset_person_date"] == onset]
    near = onset_edits.flare_near(flares, onset)
    return FlareChoice(onset, onset, near, dated[0] if dated else None)


def onsets_offered(flares: pl.DataFrame, chosen: date | None) -> list[date]:
    """Return the onsets that have a button, newest first; the one talked about is always among them."""
    first = sorted(flares["onset"].to_list(), reverse=True)[:MOST_FLARES]
    return [*first, chosen] if chosen is not None and chosen not in first else first


def other_onsets(choice: FlareChoice) -> list[str]:
    """Describe the dates of the same onset by the rule and by a person, where they differ from the one shown."""
    if choice.flare is None or choice.onset is None:
        return []
    dates = [(BY_RULE, choice.flare["onset_rule"]), ("Onset on record", choice.flare["onset"])]
    return [
        f"{name}: {text.day_in_words(day)}."
        for name, day in dict(dates).items()
        if day is not None and day != choice.onset
    ]


def parse_day(typed: str, today: date) -> date | None:
    """Parse a day as people write it: 2026-09-08, 8 Sep 2026, 8 sep (the last one there was); None where it is none."""
    typed = typed.strip().lower()
    try:
        return date.fromisoformat(typed)
    except ValueError:
        match = _BY_NAME.fullmatch(typed)
    if match is None or match[2] not in _MONTHS:
        return None
    years = [int(match[3])] if match[3] else [today.year, today.year - 1]
    days = [_day(year, _MONTHS.index(match[2]) + 1, int(match[1])) for year in years]
    return next((day for day in days if day is not None and (match[3] or day <= today)), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
