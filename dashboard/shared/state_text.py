"""The state of a runner's record in words: new, irregular, on a break or on the way back; and load against habit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from connectors.plural import count
from dashboard.model.adaptation import NEEDED_OF_YEAR, WEEK, days_run, plain_mean
from dashboard.model.analysis import Analysis
from dashboard.model.running_state import (
    BREAK,
    IRREGULAR,
    NEEDED_WEEKS,
    NEW,
    WAY_BACK,
    WEEKS,
    build_regularity,
)
from dashboard.shared import text
from dashboard.shared.units import Units

NAMES = {
    NEW: "new record",
    IRREGULAR: "irregular running",
    BREAK: "on a break",
    WAY_BACK: "on the way back",
}
"""The states that are drawn; of the ordinary one nothing is said."""
MOST_RATIO = 3.0
"""Above this a ratio is told as more than it: habit is then too low to divide by. Design choice."""
MOST_STRETCHES = 3

NEW_RECORD = "The record is new: the first 12 weeks tell little of what you are used to."
REGULARITY_UNKNOWN = "Too little of the last 12 weeks is on record to say whether you run regularly."
IRREGULAR_WEEKS = (
    "You ran in {ran} of the last {known} weeks; it takes {needed} to know what you are used to."
)
IRREGULAR_PARTLY = (
    "You ran in {ran} of the {known} weeks on record among the last 12; "
    "it takes {needed} to know what you are used to."
)
LITTLE_RUNNING = "Little or no running since {since}."
WAY_BACK_SHARE = "{off} off. On the way back: {share:.0f} % of the 12 weeks before the break."
WAY_BACK_OPEN = "{off} off. On the way back to the 12 weeks before the break."
USED_TO_AND_MEAN = "What you are used to is {used_to} a week; the plain mean of the last 12 weeks is {mean}."
WHY_LAG = (
    "It follows your running over about six weeks, so it lags: "
    "after a rise it is still low, after a fall still high."
)
WINDOW_STOOD = "At its highest it stood {above}; your own threshold that day was ×{threshold:.2f}."
WINDOW_THRESHOLD = "Your own threshold that day was ×{threshold:.2f}."
STRETCH = "{name} from {span}"
STRETCHES = "How you ran: {parts}."
EARLIER = "{count} earlier"


def ratio(value: float, digits: int = 2) -> str:
    """Write load over what it is held against."""
    return f"more than ×{MOST_RATIO:g}" if value > MOST_RATIO else f"×{value:.{digits}f}"


def at_most(value: float, digits: int = 2, words: str = "at most") -> str:
    """Write the largest ratio of some dates: "at most ×1.47", or "more than ×3"."""
    return ratio(value) if value > MOST_RATIO else f"{words} {ratio(value, digits)}"


def share_of_year(share: float | None) -> str | None:
    """Describe how far above the runner's own year a load stood."""
    if share is None:
        return None
    return (
        "above all of your last year"
        if share >= 1
        else f"above {np.floor(share * 100):.0f} % of your last year"
    )


def window(row: Mapping[str, Any]) -> str:
    """Describe how far above the runner's own year a window stood."""
    above = share_of_year(row["above_share_of_year"])
    template = WINDOW_STOOD if above else WINDOW_THRESHOLD
    return template.format(above=above, threshold=row["threshold"])


def threshold(value: float, least: float, share: float) -> str:
    """Describe what a threshold is."""
    of = f"above {share * 100:.0f} % of your year" if value > least + 1e-9 else "the least"
    return f"×{value:.2f}, {of}"


def on_day(analysis: Analysis, day: date) -> list[str]:
    """Describe in which state the record is on a day."""
    row = analysis.days.filter(pl.col("local_date") == day)
    if row.is_empty() or not row["known"].item():
        return []
    state = row["state"].item()
    if state is None:
        return [REGULARITY_UNKNOWN] if _is_past_start(analysis, day) else []
    describe = {NEW: _new, IRREGULAR: _irregular, BREAK: _break, WAY_BACK: _way_back}.get(state)
    return [describe(analysis, day)] if describe else []


def beside_habit(analysis: Analysis, day: date, units: Units) -> list[str]:
    """Describe what habit and the plain mean of twelve weeks are on a day, and why habit lags."""
    days = analysis.days
    at = days["local_date"].index_of(day)
    habit = None if at is None else days["habitual_tkm"][at]
    mean = float("nan") if at is None else float(plain_mean(days)[at])
    if habit is None or not np.isfinite(mean):
        return []
    sentence = USED_TO_AND_MEAN.format(
        used_to=units.load_words(habit * WEEK), mean=units.load_words(mean * WEEK)
    )
    return [f"{sentence} {WHY_LAG}"]


def in_span(analysis: Analysis, start: date, end: date) -> str | None:
    """List the states in some dates other than the ordinary one."""
    spans = stretches(analysis.days, start, end)
    if not spans:
        return None
    in_words = text.dates_in_words(start, end)
    parts = [STRETCH.format(name=NAMES[name], span=in_words(first, last)) for name, first, last in spans]
    left = len(parts) - MOST_STRETCHES
    parts = [*([EARLIER.format(count=left)] if left > 0 else []), *parts[-MOST_STRETCHES:]]
    return STRETCHES.format(parts="; ".join(parts))


def stretches(days: pl.DataFrame, start: date, end: date) -> list[tuple[str, date, date]]:
    """Find the stretches of days in one state, cut to some dates."""
    seen = days.filter(pl.col("local_date").is_between(start, end)).select("local_date", "state")
    runs = seen.with_columns(run=pl.col("state").rle_id()).group_by("run", maintain_order=True)
    rows = runs.agg(pl.col("state").first(), pl.col("local_date").min(), last=pl.col("local_date").max())
    return [
        (row["state"], row["local_date"], row["last"]) for row in rows.to_dicts() if row["state"] in NAMES
    ]


def _is_past_start(analysis: Analysis, day: date) -> bool:
    first = analysis.days.filter(pl.col("load_tkm").is_not_null())["local_date"].min()
    return isinstance(first, date) and (day - first).days >= NEEDED_OF_YEAR


def _new(analysis: Analysis, day: date) -> str:
    return NEW_RECORD


def _irregular(analysis: Analysis, day: date) -> str:
    days = analysis.days
    at = int(days.select((pl.col("local_date") == day).arg_max()).item())
    seen = build_regularity(days["load_tkm"].to_numpy(), days_run(days), analysis.settings)
    ran, known = int(seen.run_weeks[at]), int(seen.known_weeks[at])
    if known < NEEDED_WEEKS:  # the state of the day before goes on
        return REGULARITY_UNKNOWN
    needed = int(np.ceil(analysis.settings.regular_share * known - 1e-9))
    template = IRREGULAR_WEEKS if known == WEEKS else IRREGULAR_PARTLY
    return template.format(ran=ran, known=known, needed=needed)


def _break(analysis: Analysis, day: date) -> str:
    inside = analysis.breaks.filter(
        (pl.col("from_date") <= day) & (pl.col("to_date") >= day) & pl.col("counts")
    )
    since = inside["from_date"].max()
    return LITTLE_RUNNING.format(
        since=text.day_in_words(_without_runs(analysis, since if isinstance(since, date) else day))
    )


def _way_back(analysis: Analysis, day: date) -> str:
    back = analysis.breaks.filter(pl.col("way_back_from") <= day).sort("way_back_from")
    if back.is_empty():
        return NAMES[WAY_BACK].capitalize() + "."
    row = back.row(-1, named=True)
    since, until = _without_runs(analysis, row["from_date"]), _before_runs(analysis, row["way_back_from"])
    off = _off((until - since).days + 1)
    acute = analysis.days.filter(pl.col("local_date") == day)["acute_tkm"].item()
    if acute is None or not row["level_tkm"]:
        return WAY_BACK_OPEN.format(off=off)
    return WAY_BACK_SHARE.format(off=off, share=100 * acute / row["level_tkm"])


def _without_runs(analysis: Analysis, first: date) -> date:
    """The day after the last run before a break: its first day is told by the mean of seven days."""
    week = pl.col("local_date").is_between(first - timedelta(days=WEEK), first - timedelta(days=1))
    last = analysis.runs.filter(week)["local_date"].max()
    return last + timedelta(days=1) if isinstance(last, date) else first


def _before_runs(analysis: Analysis, back: date) -> date:
    """The day before the first run of the week that ended a break."""
    week = pl.col("local_date").is_between(back - timedelta(days=WEEK - 1), back)
    first = analysis.runs.filter(week)["local_date"].min()
    return (first if isinstance(first, date) else back) - timedelta(days=1)


def _off(days: int) -> str:
    """A length in whole weeks, such as "4 weeks"."""
    return count(max(1, round(days / 7)), "week")
