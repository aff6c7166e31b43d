"""Everything said of why: flares, what came before them, and how sure one can be. Computed from runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, cached_property

import polars as pl

from dashboard.model.analysis import Analysis
from dashboard.model.attribution import (
    DRIVER_SCHEMA,
    WeightedSteps,
    before_flares,
    before_windows,
    drivers,
    weighted_steps_by_day,
)
from dashboard.model.changes import CHANGE_SCHEMA, STACKED_SCHEMA, changes, stacked_changes
from dashboard.model.channels import Novelty, novelty
from dashboard.model.flares import FLARE_SCHEMA, find_flares
from dashboard.model.linkage import Linkage, link_test
from dashboard.model.next_morning import RESPONSE_SCHEMA, morning_responses
from dashboard.model.robustness import (
    LEADING_SCHEMA,
    LENS_COLUMNS,
    ROBUST_SCHEMA,
    LensRatios,
    leading_drivers,
    lens_ratios,
    robust_windows,
)
from dashboard.model.step_ups import NO_STEP_UPS, StepUps, find_step_ups

RECENT_DAYS = 14
NO_DAYS = "Too little to say whether load usually comes first. Nothing is on record yet."


class CurrentChanges:
    """What is known of the days around windows or flares; rows of all frames go by `from_date` and `to_date`.

    Each frame is worked out when it is first asked for: most pages show one or two of them.

    Parameters
    ----------
    spans
        `from_date`, `to_date`: the days looked at, one row for each window or flare, in the same order.
    frames
        For each property below, by its name, what works its frame out.
    """

    def __init__(self, spans: pl.DataFrame, frames: Mapping[str, Callable[[], pl.DataFrame]]) -> None:
        self.spans = spans
        self._frames = frames

    @cached_property
    def drivers(self) -> pl.DataFrame:
        """DRIVER_SCHEMA, in the order of spans: what made up the rise of these days."""
        return self._frames["drivers"]()

    @cached_property
    def changes(self) -> pl.DataFrame:
        """CHANGE_SCHEMA: every channel."""
        return self._frames["changes"]()

    @cached_property
    def stacked(self) -> pl.DataFrame:
        """STACKED_SCHEMA, in the order of spans."""
        return self._frames["stacked"]()

    @cached_property
    def held(self) -> pl.DataFrame:
        """HELD_SCHEMA: whether load outpaced habit on some of these days, under each lens and time constant.

        See `robustness.robust_flares`.
        """
        return self._frames["held"]()

    @cached_property
    def led(self) -> pl.DataFrame:
        """LED_SCHEMA: the leading driver under each lens; see `robustness.same_leading`."""
        return self._frames["led"]()

    def without_comparisons(self) -> CurrentChanges:
        """Return the same days with nothing compared with the runner's own weeks."""

        def unknown(name: str) -> Callable[[], pl.DataFrame]:
            return lambda: _unknown(getattr(self, name))

        compared = {name: unknown(name) for name in ("drivers", "stacked", "led")}
        return CurrentChanges(self.spans, {**self._frames, **compared, "changes": CHANGE_SCHEMA.to_frame})


class FlareExplanation:
    """The answer to "what came before". Each part is worked out when it is first asked for.

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
        What works out whether load usually came first.
    responses
        What works out RESPONSE_SCHEMA.
    step_ups
        What works out the stretches in which one channel went far beyond the runner's own weeks.
    """

    def __init__(
        self,
        flares: pl.DataFrame,
        before_flares: CurrentChanges,
        windows: CurrentChanges,
        recent: CurrentChanges,
        linkage: Callable[[], Linkage],
        responses: Callable[[], pl.DataFrame],
        step_ups: Callable[[], StepUps] = lambda: NO_STEP_UPS,
    ) -> None:
        self.flares = flares
        self.before_flares = before_flares
        self.windows = windows
        self.recent = recent
        self._linkage = linkage
        self._responses = responses
        self._step_ups = step_ups

    @cached_property
    def linkage(self) -> Linkage:
        """Whether load usually came first."""
        return self._linkage()

    @cached_property
    def responses(self) -> pl.DataFrame:
        """RESPONSE_SCHEMA: how the mornings after runs were."""
        return self._responses()

    @cached_property
    def step_ups(self) -> StepUps:
        """Stretches in which one channel went far beyond the runner's own weeks."""
        return self._step_ups()


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
    return FlareExplanation(
        explanation.flares,
        explanation.before_flares.without_comparisons(),
        explanation.windows.without_comparisons(),
        explanation.recent.without_comparisons(),
        linkage=lambda: replace(explanation.linkage, enough_data=False, why=reason),
        responses=RESPONSE_SCHEMA.to_frame,
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
    days, settings = analysis.days, analysis.settings
    rows = find_flares(days, settings, edits)
    if days.is_empty():
        return _nothing()
    weeks = _Weeks(analysis, rows)
    before, windows = before_flares(rows, settings, analysis.windows), before_windows(analysis.windows)
    recent = _recent(days)
    return FlareExplanation(
        flares=rows,
        before_flares=weeks.around(before, before),
        windows=weeks.around(windows, analysis.windows.select("from_date", "to_date")),
        recent=weeks.around(recent, recent),
        linkage=weeks.linkage,
        responses=lambda: morning_responses(analysis.runs, days, symptoms, strength),
        step_ups=lambda: weeks.step_ups,
    )


class _Weeks:
    """What several parts of an explanation are worked out from, each once."""

    def __init__(self, analysis: Analysis, flares: pl.DataFrame) -> None:
        self._runs, self._days = analysis.runs, analysis.days
        self._settings = analysis.settings
        self._spikes, self._ladder_days = analysis.spikes, analysis.ladder_days
        self._flares = flares
        self._steps = cache(self._weighted_steps)

    @cached_property
    def step_ups(self) -> StepUps:
        return find_step_ups(self._novelty, self._runs, self._days, self._settings)

    def linkage(self) -> Linkage:
        return link_test(
            self._flares, self._days, self._runs, self._spikes, self._ratios, self._settings, self.step_ups
        )

    def around(self, stretches: pl.DataFrame, asked: pl.DataFrame) -> CurrentChanges:
        """Describe stretches of days; whether load outpaced habit is asked of their own part alone."""
        spans = stretches.select("from_date", "to_date")

        @cache
        def driven(lens: str) -> pl.DataFrame:
            return drivers(self._steps(lens), stretches)

        def changed() -> pl.DataFrame:
            return changes(self._novelty, spans, self._flares, self._days, self._settings, self.step_ups)

        return CurrentChanges(
            spans,
            {
                "drivers": lambda: driven("B"),
                "changes": changed,
                "stacked": lambda: stacked_changes(self._novelty, spans),
                "held": lambda: robust_windows(self._ratios, asked.select("from_date", "to_date")),
                "led": lambda: leading_drivers({lens: driven(lens) for lens in LENS_COLUMNS}),
            },
        )

    @cached_property
    def _novelty(self) -> Novelty:
        return novelty(self._runs, self._days, self._settings)

    @cached_property
    def _ratios(self) -> LensRatios:
        return lens_ratios(self._days, self._settings, self._ladder_days)

    def _weighted_steps(self, lens: str) -> WeightedSteps:
        return weighted_steps_by_day(self._runs, self._days, self._settings, lens)


def _recent(days: pl.DataFrame) -> pl.DataFrame:
    last = pl.col("local_date").filter(pl.col("load_tkm").is_not_null()).max()
    return (
        days.select(to_date=last)
        .drop_nulls()
        .select(from_date=pl.col("to_date").dt.offset_by(f"-{RECENT_DAYS - 1}d"), to_date="to_date")
    )


def _nothing() -> FlareExplanation:
    spans = pl.DataFrame(schema={"from_date": pl.Date, "to_date": pl.Date})
    schemas = {
        "drivers": DRIVER_SCHEMA,
        "changes": CHANGE_SCHEMA,
        "stacked": STACKED_SCHEMA,
        "held": ROBUST_SCHEMA,
        "led": LEADING_SCHEMA,
    }
    empty = CurrentChanges(spans, {name: schema.to_frame for name, schema in schemas.items()})
    return FlareExplanation(
        FLARE_SCHEMA.to_frame(),
        empty,
        empty,
        empty,
        linkage=lambda: Linkage(False, NO_DAYS, 0, 14),
        responses=RESPONSE_SCHEMA.to_frame,
    )
