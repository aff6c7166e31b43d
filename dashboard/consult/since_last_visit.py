"""What changed before the onset, one entry for each channel, with what is not known as an entry too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from connectors.plural import count
from dashboard.flares import lead_text
from dashboard.flares.change_text import CHANNEL_NAMES, amount, change_in_words, is_counted
from dashboard.model.analysis import Analysis
from dashboard.model.changes import CHANGE_DAYS, changes_before
from dashboard.model.explain import FlareExplanation
from dashboard.model.leading_changes import before_flare, composite
from dashboard.model.schemas import WEEK
from dashboard.shared import state_text, text
from dashboard.shared.units import Units

MOST_CHANGES = 6
UNKNOWN_CHANGE = "Not enough data: {names}."
USUAL_CHANGE = "Within your usual: {value}, usually {usual}."
NO_ONSET = "No onset is chosen and no flare is on record, so there is no day to look back from."
NO_CHANGE = "In the {days} days before {day} nothing in training is known well enough to compare."
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
        if not is_counted(row):  # of nothing that was logged no count is told at a shared screen
            sentences = sentences[:-1]
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
class RunningRate:
    """Distance of the known days of a span; the days that no record reaches are no rest."""

    metres: float
    known: int
    days: int

    @property
    def week_m(self) -> float | None:
        """Distance of seven days at that rate; None where no day is known."""
        return self.metres * 7 / self.known if self.known else None


@dataclass(frozen=True)
class SinceLastVisit:
    """What changed since a visit."""

    visit: date
    until: date
    pain: MiddleValues
    stiffness_min: MiddleValues
    before: RunningRate
    since: RunningRate
    last_known: date | None
    ratio: float | None
    windows: int
    flares: tuple[date, ...]


def since_last_visit(analysis: Analysis, flares: pl.DataFrame, visit: date, today: date) -> SinceLastVisit:
    """Set the time since a visit, up to the last day on record, against the time before it.

    Medians, so that one bad morning is not a trend; the count of days behind each is said with it.
    """
    days = analysis.days.filter(pl.col("local_date") <= today)
    last = days.filter(_is_known())["local_date"].max()
    last = last if isinstance(last, date) else None
    ratio = days["ratio"].drop_nulls()
    windows = analysis.windows
    return SinceLastVisit(
        visit,
        today,
        _middle_values(days, "pain_0_10", visit, today),
        _middle_values(days, "stiffness_min", visit, today),
        _running(days, visit - timedelta(days=28), visit - timedelta(days=1)),
        _running(days, visit, min(last, today) if last else today),
        last,
        float(ratio[-1]) if ratio.len() else None,
        0 if windows.is_empty() else windows.filter(pl.col("from_date") > visit).height,
        tuple(flares.filter(pl.col("onset") > visit)["onset"].sort()),
    )


def _middle_values(days: pl.DataFrame, name: str, visit: date, today: date) -> MiddleValues:
    before = _between(days, visit - timedelta(days=LOOK_BACK_DAYS), visit - timedelta(days=1))[name]
    now = _between(days, max(visit, today - timedelta(days=LOOK_BACK_DAYS - 1)), today)[name]

    def median(values: pl.Series) -> float | None:
        middle = values.drop_nulls().median()
        return float(middle) if isinstance(middle, int | float) else None

    return MiddleValues(median(before), median(now), before.count(), now.count())


def _running(days: pl.DataFrame, first: date, last: date) -> RunningRate:
    known = _between(days, first, last).filter(_is_known())
    return RunningRate(float(known["distance_m"].fill_null(0.0).sum()), known.height, (last - first).days + 1)


def _is_known() -> pl.Expr:
    """Days that the record reaches and whose runs say how far."""
    return pl.col("known") & (pl.col("distance_m").is_not_null() | (pl.col("runs") == 0))


def _between(days: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    return days.filter(pl.col("local_date").is_between(first, last))


SYMPTOM_CHANGE = "{what}, median of two weeks: {before} → {now}{unit} ({n_before} and {n_now} days logged)."
ONE_SIDED = "{what}, median of two weeks: {value}{unit} {when}, not logged {other}."
NOT_LOGGED = "{what}: not logged before that visit or since, so we cannot tell whether it hurt."
WEEKS = "Running: {before} a week in the four weeks before → {now} a week since."
ONLY_SINCE = "Running: {now} a week since; the four weeks before are not known."
FEW_DAYS = "Running: {now} in {days} since; before that {before} a week."
NO_RUN_SINCE = "Running since that visit is not known: the record ends on {last}."
RECORD_TO = "The record reaches {last}."
DAYS_KNOWN = "{known} of {days} since that visit are known."
RATIO = "Tendon load is at {ratio} of what you are used to."
NO_FLARES = "No new flare and no window of high load since."
FLARES = "New flares since: {flares}. Windows of high load since: {windows}."


def symptoms_in_words(since: SinceLastVisit) -> list[str]:
    """Describe pain and stiffness before a visit and now."""
    return [
        _middle_in_words("Pain", " of 10", since.pain),
        _middle_in_words("Morning stiffness", " min", since.stiffness_min),
        NO_FLARES
        if not since.flares and not since.windows
        else FLARES.format(
            flares=", ".join(text.day_in_words(day) for day in since.flares) or "none", windows=since.windows
        ),
    ]


def _middle_in_words(what: str, unit: str, middle: MiddleValues) -> str:
    if middle.before is None and middle.now is None:
        return NOT_LOGGED.format(what=what)
    if middle.before is None or middle.now is None:
        value = middle.now if middle.before is None else middle.before
        when, other = ("now", "before that visit") if middle.before is None else ("before that visit", "now")
        return ONE_SIDED.format(what=what, value=f"{value:g}", unit=unit, when=when, other=other)
    return SYMPTOM_CHANGE.format(
        what=what,
        unit=unit,
        before=f"{middle.before:g}",
        now=f"{middle.now:g}",
        n_before=middle.logged_before,
        n_now=middle.logged_now,
    )


def load_in_words(since: SinceLastVisit, units: Units) -> list[str]:
    """Describe running and load since a visit, by the days that are known."""
    if since.last_known is None or not since.since.known:
        last = "no day" if since.last_known is None else text.day_in_words(since.last_known)
        return [NO_RUN_SINCE.format(last=last)]
    before = units.distance_words(since.before.week_m)
    if since.since.known < WEEK:
        now, days = units.distance_words(since.since.metres), count(since.since.known, "day")
        sentences = [FEW_DAYS.format(now=now, days=days, before=before)]
    else:
        template = ONLY_SINCE if since.before.week_m is None else WEEKS
        sentences = [template.format(before=before, now=units.distance_words(since.since.week_m))]
    if since.since.known < since.since.days:
        days = count(since.since.days, "day")
        sentences.append(DAYS_KNOWN.format(known=since.since.known, days=days))
    if since.last_known < since.until - timedelta(days=1):
        sentences.append(RECORD_TO.format(last=text.day_in_words(since.last_known)))
    if since.ratio is not None:
        sentences.append(RATIO.format(ratio=state_text.ratio(since.ratio)))
    return sentences
