"""The whole way from activities to windows, in the two parts that change at different times."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from dashboard.model.adaptation import Adapted, adapt_lenses
from dashboard.model.day_table import dense_days
from dashboard.model.load.runner_profile import RunnerProfile
from dashboard.model.other_sessions import no_others, no_runs, split_excluded
from dashboard.model.outpaced_windows import NO_COMPARATOR, distance_spikes, outpaced_windows, session_spikes
from dashboard.model.running_state import BREAK_SCHEMA, build_breaks
from dashboard.model.schemas import DAY_SCHEMA
from dashboard.model.settings import ModelSettings


@dataclass(frozen=True)
class Analysis:
    """Everything computed for one runner.

    Parameters
    ----------
    runs, days
        RUN_SCHEMA and DAY_SCHEMA.
    windows, spikes
        As from `outpaced_windows.outpaced_windows` and `outpaced_windows.session_spikes`.
    settings
        Numbers it was computed with.
    personal
        What is usual for the runner; None where only runs were given.
    excluded
        RUN_SCHEMA of the runs a person left out: in nothing above, drawn hatched.
    others
        Time in other sports, as from `other_sessions.other_sports`: in no sum of running.
    breaks
        `running_state.BREAK_SCHEMA`: breaks in running and the way back after each.
    ladder_days
        Local dates on which a step of a return ladder was done.
    is_withheld
        Whether loads of days, ratios, windows and spikes were taken out by `without_ratios`.
    """

    runs: pl.DataFrame
    days: pl.DataFrame
    windows: pl.DataFrame
    spikes: pl.DataFrame
    settings: ModelSettings
    personal: RunnerProfile | None = None
    excluded: pl.DataFrame = field(default_factory=no_runs)
    others: pl.DataFrame = field(default_factory=no_others)
    breaks: pl.DataFrame = field(default_factory=BREAK_SCHEMA.to_frame)
    ladder_days: tuple[date, ...] = ()
    is_withheld: bool = False

    @property
    def distance_spikes(self) -> pl.DataFrame:
        """Runs longer than the longest of the 30 days before: spikes that have a run to be compared with."""
        return distance_spikes(self.spikes)

    @property
    def first_runs(self) -> pl.DataFrame:
        """First runs after 30 days without one, with `days_since`."""
        return self.spikes.filter(pl.col("band") == NO_COMPARATOR)

    @property
    def every_run(self) -> pl.DataFrame:
        """All runs, those left out as well, for lists in which nothing may vanish."""
        return pl.concat([self.runs, self.excluded], how="diagonal")


@dataclass(frozen=True)
class Coverage:
    """How much is known, in counts of runs and days.

    Parameters
    ----------
    runs
        All running sessions that count.
    with_samples, with_cadence, with_altitude, with_shoe, with_heart_rate
        Those with a recording, with step rate, with altitude in the recording, with a pair, with heart rate.
    symptom_days
        Dates with an entry that says something of pain or stiffness.
    left_out
        Running sessions a person left out; not among `runs`.
    """

    runs: int
    with_samples: int
    with_cadence: int
    with_altitude: int
    with_shoe: int
    symptom_days: int
    with_heart_rate: int = 0
    left_out: int = 0


def adapt(
    runs: pl.DataFrame,
    symptoms: pl.DataFrame,
    settings: ModelSettings,
    known_until: date | None = None,
    personal: RunnerProfile | None = None,
    others: pl.DataFrame | None = None,
    ladder_days: Collection[date] = (),
) -> Analysis:
    """Compute days, windows and spikes from runs: the fast part, which a symptom entry needs again.

    Split where a symptom entry changes nothing.

    Parameters
    ----------
    runs : DataFrame
        RUN_SCHEMA; without `is_excluded` nothing is left out.
    symptoms : DataFrame
        SYMPTOM.
    settings : ModelSettings
        Numbers of the model.
    known_until : date or None
        Last date the training record reaches; None is the last activity of any sport.
        None is the last run.
    personal : RunnerProfile or None
        Passed on.
    others : DataFrame or None
        Time in other sports, passed on; None is none.
    ladder_days : collection of date
        Local dates on which a step of a return ladder was done: the line back begins with the first after a break.

    Returns
    -------
    Analysis
        With the same runs; those left out apart.
    """
    counted, excluded = split_excluded(runs)
    days, lenses = adapt_lenses(dense_days(counted, symptoms, known_until), settings, ladder_days)
    windows = outpaced_windows(days, settings, lenses["B"])
    spikes = session_spikes(counted, days)
    beside = no_others() if others is None else others
    breaks = _breaks(lenses["B"], days)
    return Analysis(
        counted, days, windows, spikes, settings, personal, excluded, beside, breaks, tuple(ladder_days)
    )


def without_ratios(analysis: Analysis) -> Analysis:
    """Take out what a record with missing runs would say wrongly.

    A day on which a run may be missing has no known load, because a part of a day is not the day; so nothing that is
    held against the runner's habit is known either.

    Parameters
    ----------
    analysis : Analysis
        Of a part of the runs.

    Returns
    -------
    Analysis
        The same runs; loads of days, habit, ratios and states null, no day high, no windows, spikes and breaks.
    """
    unknown = [
        pl.lit(None, dtype).alias(name)
        for name, dtype in DAY_SCHEMA.items()
        if name.endswith(("_tkm", "threshold", "state")) or name.startswith("ratio")
    ]
    no = [pl.lit(False).alias(name) for name in ("is_high", "is_high_a", "is_high_c")]
    return replace(
        analysis,
        days=analysis.days.with_columns(*unknown, *no),
        windows=analysis.windows.clear(),
        spikes=analysis.spikes.clear(),
        breaks=analysis.breaks.clear(),
        is_withheld=True,
    )


def _breaks(own: Adapted, days: pl.DataFrame) -> pl.DataFrame:
    if own.course is None:
        return BREAK_SCHEMA.to_frame()
    return build_breaks(own.course, days["local_date"].slice(own.start))


def coverage(runs: pl.DataFrame, days: pl.DataFrame, left_out: int = 0) -> Coverage:
    """Count what is known.

    What a figure rests on is said beside it.

    Parameters
    ----------
    runs, days : DataFrame
        RUN_SCHEMA and DAY_SCHEMA, of the whole history or of a window.
    left_out : int
        Running sessions of the same dates that a person left out.

    Returns
    -------
    Coverage
        Counts.
    """
    counts = runs.select(
        pl.len(),
        pl.col("has_samples", "has_cadence", "has_altitude").sum(),
        pl.col("shoe_id").is_not_null().sum(),
    ).row(0)
    is_logged = pl.any_horizontal(pl.col("pain_0_10", "stiffness_min", "stiffness_0_10").is_not_null())
    heart = int(runs["has_heart_rate"].sum()) if "has_heart_rate" in runs.columns else 0
    felt = int(days.select(is_logged.sum()).item())
    return Coverage(*(int(n) for n in counts), symptom_days=felt, with_heart_rate=heart, left_out=left_out)
