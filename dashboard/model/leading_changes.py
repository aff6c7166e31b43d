"""What is said first of a span of dates: the channels that went furthest, then the load as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from dashboard.model.analysis import Analysis
from dashboard.model.flares import FLARE_SCHEMA
from dashboard.model.step_ups import DOSE, SHOE_CHANNELS, StepUps, channel_rank, is_leading, touching

MOST_LEADING = 2
BEFORE_DAYS = 28
NEEDED_LOGGED = 0.5
"""Share of the 28 days after a change that must be logged to say that no flare began. Design choice."""
NEEDED_PARTS = 3


@dataclass(frozen=True)
class LeadingChange:
    """One channel that stepped up.

    Parameters
    ----------
    channel
        `channels.Channel.id`.
    usual, usual_low, usual_high
        Median, 10th and 90th percentile of the eight weeks before, in the unit of the channel; None not known.
    reached
        Value of the week that stood out most.
    since, until
        First and last day of the step-up.
    z
        Own spreads beyond the eight weeks before.
    above_share_of_year
        Share of the last year's weeks it lies beyond, 0 to 1.
    shoe_id, shoe_name
        The pair where it is one of shoes; None otherwise, and where it has no name.
    flare_onset, flare_after_days
        The first flare that began in the 28 days from `since` on, and how many days later; None without one.
    """

    channel: str
    usual: float | None
    usual_low: float | None
    usual_high: float | None
    reached: float
    since: date
    until: date
    z: float
    above_share_of_year: float
    shoe_id: str | None = None
    shoe_name: str | None = None
    flare_onset: date | None = None
    flare_after_days: int | None = None


@dataclass(frozen=True)
class Composite:
    """The load as a whole in a span of dates.

    Parameters
    ----------
    peak_ratio, peak_date
        Largest load over what it is held against, and its day; None where no day has a ratio.
    threshold
        The runner's own on that day.
    is_window
        Whether an outpaced window touches the span.
    states
        States of the days, in order, each once; without unknown ones.
    """

    peak_ratio: float | None
    peak_date: date | None
    threshold: float | None
    is_window: bool
    states: tuple[str, ...]


@dataclass(frozen=True)
class Lead:
    """What is said first of a span of dates.

    Parameters
    ----------
    changes
        One or two channels furthest out; empty where none stepped up.
    parts
        Where at least three dose channels stepped up: all of them, in order of date, to be told as one event.
    others
        Every other step-up that touches the span, hard_gap last.
    composite
        Told after the channels.
    """

    changes: tuple[LeadingChange, ...]
    parts: tuple[LeadingChange, ...]
    others: tuple[LeadingChange, ...]
    composite: Composite


def lead(
    analysis: Analysis,
    step_ups: StepUps,
    start: date,
    end: date,
    shoe_names: Mapping[str, str] | None = None,
    flares: pl.DataFrame | None = None,
) -> Lead:
    """Return what is said first of a span of dates.

    Parameters
    ----------
    analysis : Analysis
        Of the whole history.
    step_ups : StepUps
        Of the same.
    start, end : date
        First and last local date: those shown, the 28 days before a flare, or a window's own.
    shoe_names : mapping of str to str or None
        shoe_id to name.
    flares : DataFrame or None
        FLARE_SCHEMA, to say what followed.

    Returns
    -------
    Lead
        Among the step-ups that touch the span the one or two channels furthest out in it (by z of its own days),
        each channel once. hard_gap, which is made of the load, never leads; run_days only where no dose channel
        stepped up.
    """
    onsets = (FLARE_SCHEMA.to_frame() if flares is None else flares)["onset"].sort().to_list()
    leading = [
        _change(row, shoe_names or {}, onsets) for row in touching(step_ups.rows, start, end).to_dicts()
    ]
    reach = {id(one): _reach(one, step_ups, analysis, start, end) for one in leading}
    ordered = sorted(leading, key=lambda one: (channel_rank(one.channel), -reach[id(one)], one.since))
    able = [one for one in ordered if is_leading(one.channel)]
    if any(one.channel in DOSE for one in able):
        able = [one for one in able if one.channel in DOSE]
    once = list({one.channel: one for one in reversed(able)}.values())[::-1]
    changes = tuple(once[:MOST_LEADING])
    doses = sorted((one for one in leading if one.channel in DOSE), key=lambda one: (one.since, -one.z))
    many = len({one.channel for one in doses}) >= NEEDED_PARTS
    others = tuple(one for one in ordered if one not in changes)
    return Lead(changes, tuple(doses) if many else (), others, composite(analysis, start, end))


_SAME = ("channel", "usual", "usual_low", "usual_high", "reached", "z", "above_share_of_year", "shoe_id")


def before_flare(onset: date) -> tuple[date, date]:
    """Return the days before a flare that are looked at.

    Parameters
    ----------
    onset : date
        First day of the flare.

    Returns
    -------
    tuple of date
        First and last day; the onset itself is not one of them.
    """
    return onset - timedelta(days=BEFORE_DAYS), onset - timedelta(days=1)


def is_logged_after(days: pl.DataFrame, since: date) -> bool:
    """Return whether enough is logged after a change to say that no flare began.

    Parameters
    ----------
    days : DataFrame
        DAY_SCHEMA.
    since : date
        First day of the change.

    Returns
    -------
    bool
        True where all 28 days after are on record and a symptom is logged on at least half of them.
    """
    after = days.filter(pl.col("local_date").is_between(since, since + timedelta(days=BEFORE_DAYS)))
    logged = pl.any_horizontal(pl.col("pain_0_10", "stiffness_min", "stiffness_0_10").is_not_null())
    return after.height > BEFORE_DAYS and after.select(logged.sum()).item() >= NEEDED_LOGGED * BEFORE_DAYS


def _change(row: Mapping[str, Any], names: Mapping[str, str], onsets: list[date]) -> LeadingChange:
    since, shoe = row["from_date"], row["shoe_id"]
    after = [onset for onset in onsets if 0 < (onset - since).days <= BEFORE_DAYS]
    return LeadingChange(
        **{name: row[name] for name in _SAME},
        since=since,
        until=row["to_date"],
        shoe_name=names.get(shoe) if row["channel"] in SHOE_CHANNELS else None,
        flare_onset=after[0] if after else None,
        flare_after_days=(after[0] - since).days if after else None,
    )


def _reach(one: LeadingChange, step_ups: StepUps, analysis: Analysis, start: date, end: date) -> float:
    """Largest z of the step-up's own days inside the span; that of the whole step-up where it is not kept by day."""
    z = step_ups.z.get(one.channel)
    if z is None or analysis.days.is_empty():
        return one.z
    first = analysis.days["local_date"][0]
    from_day, to_day = (max((day - first).days, 0) for day in (max(start, one.since), min(end, one.until)))
    part = z[from_day : to_day + 1]
    return float(np.nanmax(part)) if np.isfinite(part).any() else one.z


def composite(analysis: Analysis, start: date, end: date) -> Composite:
    """Return how the load as a whole stood in a span of dates.

    Parameters
    ----------
    analysis : Analysis
        Of the whole history.
    start, end : date
        First and last local date.

    Returns
    -------
    Composite
        Of the days with a ratio.
    """
    days = analysis.days.filter(pl.col("local_date").is_between(start, end))
    windows = analysis.windows.filter((pl.col("from_date") <= end) & (pl.col("to_date") >= start))
    states = tuple(days["state"].drop_nulls().unique(maintain_order=True).to_list())
    held = days.filter(pl.col("held_against_tkm") > 0).with_columns(
        held_ratio=pl.col("acute_tkm") / pl.col("held_against_tkm")
    )
    known = held.drop_nulls("held_ratio")
    if known.is_empty():
        return Composite(None, None, None, windows.height > 0, states)
    row = known.sort("held_ratio", descending=True, maintain_order=True).row(0, named=True)
    return Composite(row["held_ratio"], row["local_date"], row["threshold"], windows.height > 0, states)
