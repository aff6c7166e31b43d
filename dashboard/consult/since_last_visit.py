"""What changed before the onset, one entry for each channel, with what is not known as an entry too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from dashboard.flares import lead_text
from dashboard.flares.change_text import CHANNEL_NAMES, amount, change_in_words
from dashboard.model.analysis import Analysis
from dashboard.model.changes import CHANGE_DAYS, changes_before
from dashboard.model.explain import FlareExplanation
from dashboard.model.leading_changes import before_flare, composite
from dashboard.shared import state_text, text
from dashboard.shared.units import Units

MOST_CHANGES = 6
UNKNOWN_CHANGE = "Not enough data: {names}."
USUAL_CHANGE = "Within your usual: {value}, usually {usual}."
NO_ONSET = "No onset is chosen and no flare is on record, so there is no day to look back from."
NO_CHANGE = "In the {days} days before {day} no channel is known well enough to compare."
SUMMARY_OF_CHANGES = (
    "The {days} days before {day}, against the eight weeks before each: what stepped up first, the furthest from usual "
    "first."
)


@dataclass(frozen=True)
class FirstChange:
    """One channel."""

    channel: str
    title: str
    sentences: list[str]


def first_change_rows(
    analysis: Analysis,
    explanation: FlareExplanation,
    onset: date | None,
    units: Units,
    changed: pl.DataFrame | None = None,
) -> list[FirstChange]:
    """List what changed before an onset.

    A list to accept or strike out, not a verdict.
    """
    if onset is None:
        return []
    table = _table(analysis, explanation, onset, changed)
    known = [row for row in table if row["z"] is not None]
    missing = [CHANNEL_NAMES[row["channel"]] for row in table if row["z"] is None]
    listed = [_entry(row, units, int(analysis.settings.before_days)) for row in known]
    shown = listed[: MOST_CHANGES - bool(missing)]
    if missing:
        sentence = UNKNOWN_CHANGE.format(names=", ".join(missing))
        shown.append(FirstChange("unknown", "Not known", [sentence]))
    return shown


def _table(
    analysis: Analysis, explanation: FlareExplanation, onset: date, changed: pl.DataFrame | None
) -> list[dict[str, Any]]:
    frame = changed if changed is not None else changes_before(analysis, explanation.flares, onset)
    return frame.to_dicts()


def leading(
    analysis: Analysis,
    explanation: FlareExplanation,
    onset: date | None,
    reader: lead_text.Reader,
    changed: pl.DataFrame | None = None,
) -> list[str]:
    """Describe which channels changed most before an onset, and then how the load as a whole stood."""
    if onset is None:
        return []
    table = _table(analysis, explanation, onset, changed)
    load = lead_text.load_in_words(composite(analysis, *before_flare(onset)))
    return [*lead_text.before_day(analysis, explanation, onset, table, reader), *([load] if load else [])]


def first_changes_in_words(onset: date | None, shown: list[FirstChange]) -> str:
    """Describe what the list is."""
    if onset is None:
        return NO_ONSET
    sentence = SUMMARY_OF_CHANGES if any(one.channel != "unknown" for one in shown) else NO_CHANGE
    return sentence.format(days=CHANGE_DAYS, day=text.day_in_words(onset))


def _entry(row: dict, units: Units, before_days: int) -> FirstChange:
    channel = row["channel"]
    if row["unusual"]:
        sentences = change_in_words(row, units, before_days)
    else:
        sentences = [
            USUAL_CHANGE.format(
                value=amount(channel, row["value"], units), usual=amount(channel, row["usual"], units)
            )
        ]
    return FirstChange(channel, CHANNEL_NAMES[channel], sentences)


LOOK_BACK_DAYS = 14
"""Days on either side that are compared. Design choice: the window of a flare's onset."""


@dataclass(frozen=True)
class MiddleValues:
    """One measure before a visit and in the last days."""

    before: float | None
    now: float | None
    logged_before: int
    logged_now: int


@dataclass(frozen=True)
class SinceLastVisit:
    """What changed since a visit."""

    visit: date
    until: date
    pain: MiddleValues
    stiffness_min: MiddleValues
    week_before_m: float | None
    week_now_m: float | None
    ratio: float | None
    windows: int
    flares: int


def since_last_visit(analysis: Analysis, flares: pl.DataFrame, visit: date, today: date) -> SinceLastVisit:
    """Set the time since a visit against the time before it.

    Medians, so that one bad morning is not a trend; the count of days behind each is said with it.
    """
    days = analysis.days
    last = days.filter(pl.col("local_date") <= today)["ratio"].drop_nulls()
    began = (
        analysis.windows.filter(pl.col("from_date") > visit).height if not analysis.windows.is_empty() else 0
    )
    return SinceLastVisit(
        visit,
        today,
        _middle_values(days, "pain_0_10", visit, today),
        _middle_values(days, "stiffness_min", visit, today),
        _week_m(days, visit - timedelta(days=28), visit - timedelta(days=1)),
        _week_m(days, visit, today),
        float(last[-1]) if last.len() else None,
        began,
        flares.filter(pl.col("onset") > visit).height,
    )


def _middle_values(days: pl.DataFrame, name: str, visit: date, today: date) -> MiddleValues:
    before = _between(days, visit - timedelta(days=LOOK_BACK_DAYS), visit - timedelta(days=1))[
        name
    ].drop_nulls()
    now = _between(days, max(visit, today - timedelta(days=LOOK_BACK_DAYS - 1)), today)[name].drop_nulls()

    def median(values: pl.Series) -> float | None:
        middle = values.median()
        return float(middle) if isinstance(middle, int | float) else None

    return MiddleValues(median(before), median(now), before.len(), now.len())


def _week_m(days: pl.DataFrame, first: date, last: date) -> float | None:
    part = _between(days, first, last)
    if part.is_empty() or part["distance_m"].null_count() or not part["known"].all():
        return None
    return float(part["distance_m"].sum()) * 7 / part.height


def _between(days: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    return days.filter(pl.col("local_date").is_between(first, last))


PAIN = "Pain: {before} before that visit, {now} now (middle of {n_before} and {n_now} logged days, 0 to 10)."
STIFF = (
    "Stiffness: {before} min before that visit, {now} min now (middle of {n_before} and {n_now} logged days)."
)
NOT_LOGGED = "{what}: not logged on both sides, so nothing can be compared."
WEEKS = "Running: {before} a week in the four weeks before, {now} a week since."
NO_WEEKS = "Running: not every day is known, so weeks cannot be compared."
RATIO = "Load now stands at {ratio} of habit."
NO_FLARES = "No new flare and no window of load above habit since."
FLARES = "Flares since: {flares}. Windows of load above habit since: {windows}."
AGREED = "Agreed then: {note}"
REVIEW = "Review was set for {day}."


def since_in_words(
    since: SinceLastVisit,
    noted: Mapping[tuple[str, str | None], Mapping[str, Any]],
    units: Units,
    led: Sequence[str] = (),
) -> list[str]:
    """Describe what changed since a visit."""
    agreed, review = noted.get(("agreed", None)), noted.get(("review", None))
    sentences = [AGREED.format(note=agreed["note"])] if agreed and agreed["note"] else []
    sentences += (
        [REVIEW.format(day=text.day_in_words(review["on_date"]))] if review and review["on_date"] else []
    )
    sentences += led
    sentences += [
        _middle_in_words("Pain", PAIN, since.pain),
        _middle_in_words("Morning stiffness", STIFF, since.stiffness_min),
    ]
    if since.week_before_m is None or since.week_now_m is None:
        sentences.append(NO_WEEKS)
    else:
        before, now = (units.distance_words(m) for m in (since.week_before_m, since.week_now_m))
        sentences.append(WEEKS.format(before=before, now=now))
    sentences += [RATIO.format(ratio=state_text.ratio(since.ratio))] if since.ratio is not None else []
    nothing = not since.flares and not since.windows
    return [*sentences, NO_FLARES if nothing else FLARES.format(flares=since.flares, windows=since.windows)]


def _middle_in_words(what: str, sentence: str, middle: MiddleValues) -> str:
    if middle.before is None or middle.now is None:
        return NOT_LOGGED.format(what=what)
    return sentence.format(
        before=f"{middle.before:g}",
        now=f"{middle.now:g}",
        n_before=middle.logged_before,
        n_now=middle.logged_now,
    )
