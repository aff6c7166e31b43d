"""Everything said of why: flares, what came before them, and how sure one can be. Computed from runs in one go."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from dashboard.model.analysis import Analysis
from dashboard.model.attribution import (
    DRIVER_SCHEMA,
    before_flares,
    before_windows,
    drivers,
    weighted_steps_by_day,
)
from dashboard.model.changes import CHANGE_SCHEMA, STACKED_SCHEMA, changes, stacked_changes
from dashboard.model.channels import novelty
from dashboard.model.flares import FLARE_SCHEMA, find_flares
from dashboard.model.linkage import Linkage, link_test
from dashboard.model.next_morning import RESPONSE_SCHEMA, morning_responses
from dashboard.model.robustness import (
    LEADING_SCHEMA,
    LENS_COLUMNS,
    ROBUST_SCHEMA,
    leading_drivers,
    lens_ratios,
    robust_windows,
)
from dashboard.model.step_ups import NO_STEP_UPS, StepUps, find_step_ups

RECENT_DAYS = 14
NO_DAYS = "Too little to say whether load usually comes first. Nothing is on record yet."


@dataclass(frozen=True)
class CurrentChanges:
    """What is known of the days around windows or flares; rows of all frames go by `from_date` and `to_date`.

    Parameters
    ----------
    spans
        `from_date`, `to_date`: the days looked at, one row for each window or flare, in the same order.
    drivers
        DRIVER_SCHEMA, in that order: what made up the rise of these days.
    changes
        CHANGE_SCHEMA: every channel.
    stacked
        STACKED_SCHEMA, in that order.
    held
        HELD_SCHEMA: whether load outpaced habit on some of these days, under each lens and time constant; see
        `robustness.robust_flares`.
    led
        LED_SCHEMA: the leading driver under each lens; see `robustness.same_leading`.
    """

    spans: pl.DataFrame
    drivers: pl.DataFrame
    changes: pl.DataFrame
    stacked: pl.DataFrame
    held: pl.DataFrame
    led: pl.DataFrame


@dataclass(frozen=True)
class FlareExplanation:
    """The answer to "what came before".

    Parameters
    ----------
    flares
        FLARE_SCHEMA.
    before_flares
        The days before each, up to the day before its onset.
    windows
        The days of each outpaced window, from six days earlier on.
    recent
        The last fourteen days with a known load: one row, or none.
    linkage
        Whether load usually came first.
    responses
        RESPONSE_SCHEMA.
    step_ups
        Stretches in which one channel went far beyond the runner's own weeks.
    """

    flares: pl.DataFrame
    before_flares: CurrentChanges
    windows: CurrentChanges
    recent: CurrentChanges
    linkage: Linkage
    responses: pl.DataFrame
    step_ups: StepUps = NO_STEP_UPS


def without_comparisons(explanation: FlareExplanation, reason: str) -> FlareExplanation:
    """Take out what compares load or its channels with the runner's own weeks, where runs of them are missing.

    Parameters
    ----------
    explanation : FlareExplanation
        Of an analysis from `analysis.without_ratios`.
    reason : str
        The sentence that stands where the answer to "did load come first" would.

    Returns
    -------
    FlareExplanation
        The same flares, with no step-ups, changes, drivers or answer; flares are symptoms alone.
    """

    def emptied(around: CurrentChanges) -> CurrentChanges:
        return replace(
            around,
            changes=around.changes.clear(),
            **{name: _unknown(getattr(around, name)) for name in ("drivers", "stacked", "led")},
        )

    return replace(
        explanation,
        before_flares=emptied(explanation.before_flares),
        windows=emptied(explanation.windows),
        recent=emptied(explanation.recent),
        linkage=replace(explanation.linkage, enough_data=False, why=reason),
        responses=explanation.responses.clear(),
        step_ups=NO_STEP_UPS,
    )


def _unknown(frame: pl.DataFrame) -> pl.DataFrame:
    values = [
        pl.lit(None, dtype).alias(name)
        for name, dtype in frame.schema.items()
        if name not in ("from_date", "to_date")
    ]
    return frame.with_columns(values)


def explain_flares(
    analysis: Analysis,
    symptoms: pl.DataFrame,
    edits: pl.DataFrame | None = None,
    strength: pl.DataFrame | None = None,
) -> FlareExplanation:
    """Return what came before flares and windows, and how sure one can be.

    Order in time is shown, with how often the same came without a flare; no cause is named.

    Parameters
    ----------
    analysis : Analysis
        Runs, days, windows and spikes, and the settings they were computed with.
    symptoms : DataFrame
        SYMPTOM.
    edits : DataFrame or None
        `symptoms.ONSET_EDIT_SCHEMA`: what a person said of the rule's flares.
    strength : DataFrame or None
        STRENGTH.

    Returns
    -------
    FlareExplanation
        Frames without rows where there is nothing to say.
    """
    days, runs, settings = analysis.days, analysis.runs, analysis.settings
    rows = find_flares(days, settings, edits)
    if days.is_empty():
        return _nothing()
    books = {lens: weighted_steps_by_day(runs, days, settings, lens) for lens in LENS_COLUMNS}
    weeks, followed = novelty(runs, days, settings), lens_ratios(days, settings, analysis.ladder_days)

    def around(stretches: pl.DataFrame, asked: pl.DataFrame) -> CurrentChanges:
        by_lens = {lens: drivers(book, stretches) for lens, book in books.items()}
        spans = stretches.select("from_date", "to_date")
        return CurrentChanges(
            spans=spans,
            drivers=by_lens["B"],
            changes=changes(weeks, spans, rows, days, settings, stepped),
            stacked=stacked_changes(weeks, spans),
            held=robust_windows(followed, asked.select("from_date", "to_date")),
            led=leading_drivers(by_lens),
        )

    stepped = find_step_ups(weeks, runs, days, settings)
    before, windows = before_flares(rows, settings, analysis.windows), before_windows(analysis.windows)
    recent = _recent(days)
    return FlareExplanation(
        flares=rows,
        before_flares=around(before, before),
        windows=around(windows, analysis.windows.select("from_date", "to_date")),
        recent=around(recent, recent),
        linkage=link_test(rows, days, runs, analysis.spikes, followed, settings, stepped),
        responses=morning_responses(runs, days, symptoms, strength),
        step_ups=stepped,
    )


def _recent(days: pl.DataFrame) -> pl.DataFrame:
    last = pl.col("local_date").filter(pl.col("load_tkm").is_not_null()).max()
    return (
        days.select(to_date=last)
        .drop_nulls()
        .select(from_date=pl.col("to_date").dt.offset_by(f"-{RECENT_DAYS - 1}d"), to_date="to_date")
    )


def _nothing() -> FlareExplanation:
    spans = pl.DataFrame(schema={"from_date": pl.Date, "to_date": pl.Date})
    schemas = (DRIVER_SCHEMA, CHANGE_SCHEMA, STACKED_SCHEMA, ROBUST_SCHEMA, LEADING_SCHEMA)
    empty = CurrentChanges(spans, *(schema.to_frame() for schema in schemas))
    return FlareExplanation(
        FLARE_SCHEMA.to_frame(),
        empty,
        empty,
        empty,
        Linkage(False, NO_DAYS, 0, 14),
        RESPONSE_SCHEMA.to_frame(),
    )
