"""What is usual for this runner: easy speed, and step rate at a given speed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import polars as pl

from dashboard.model.load import factor
from dashboard.model.settings import ModelSettings

EASY_RANGE_MPS = (2.0, 4.5)
LINE_RANGE_MPS = (2.0, 6.0)
LINE_NEEDS_S = 30 * 60.0
LINE_NEEDS_RUNS = 10
SLOPE_RANGE = (0.0, 30.0)
"""Steps/min for each m/s that a line may have; runners who know one speed only give wilder ones. Design
choice."""
BIN_MPS = 0.02
DEFAULT_EASY_MPS = 3.0


@dataclass(frozen=True)
class RunnerProfile:
    """What is usual for one runner; every load is relative to it.

    Parameters
    ----------
    easy_mps
        Median speed of all running, m/s, held within 2 to 4.5.
    fast_mps
        Speed from which running counts as fast, m/s.
    cadence_intercept_spm, cadence_slope
        The runner's own step rate is intercept + slope * speed; steps/min, and steps/min for each m/s.
    easy_from
        What easy speed was read from.
    cadence_from
        What the line was read from; "default" is one flat number that was never measured on this runner.
    cadence_s
        Seconds of level running with cadence behind the line.
    """

    FLAT_PCT: ClassVar[float] = 3.0

    easy_mps: float
    fast_mps: float
    cadence_intercept_spm: float
    cadence_slope: float
    easy_from: Literal["samples", "summaries", "default"]
    cadence_from: Literal["samples", "summaries", "default"]
    cadence_s: float = 0.0

    def cadence_at(self, speed_mps: float) -> float:
        """Return the runner's own step rate at one speed.

        The straight line of `fit_profile`.

        Parameters
        ----------
        speed_mps : float
            m/s; held within 2 to 6, where the line was fitted.

        Returns
        -------
        float
            Steps/min of both feet.
        """
        return self.cadence_intercept_spm + self.cadence_slope * float(np.clip(speed_mps, *LINE_RANGE_MPS))

    def own_cadence(self, speed_mps: pl.Expr) -> pl.Expr:
        """Return the runner's own step rate for a column of speeds.

        As `cadence_at`.

        Parameters
        ----------
        speed_mps : Expr, Float64
            m/s; held within 2 to 6.

        Returns
        -------
        Expr, Float64
            Steps/min of both feet; null stays null.
        """
        return speed_mps.clip(*LINE_RANGE_MPS) * self.cadence_slope + self.cadence_intercept_spm

    @property
    def cadence_elasticity(self) -> float:
        """Share by which the own step rate rises per share of speed, at easy speed; 0 where none was measured."""
        if self.cadence_from == "default":
            return 0.0
        return self.cadence_slope * self.easy_mps / self.cadence_at(self.easy_mps)

    @property
    def easy_steps_per_km(self) -> float:
        """Count the steps of one leg in a km of easy running.

        The volume of one tendon km.

        Returns
        -------
        float
            Steps of one leg.
        """
        return 1000 / self.easy_mps * self.cadence_at(self.easy_mps) / 120


def fit_profile(speeds: pl.DataFrame, activities: pl.DataFrame, settings: ModelSettings) -> RunnerProfile:
    """Read what is usual from all of a runner's running.

    A runner is compared with nobody but himself or herself.

    Parameters
    ----------
    speeds : DataFrame
        `recordings.RecordingData.speeds` of all recordings; no rows where there are none.
    activities : DataFrame
        ACTIVITY rows of the runs, for a runner without recordings.
    settings : ModelSettings
        `fast_over_easy`, `unknown_cadence_spm`.

    Returns
    -------
    RunnerProfile
        Easy speed: time-weighted median of running speed. Line: least squares over level seconds from 2 to 6
        m/s, at least 30 minutes of them (without known grade where that is not enough); else the median of
        ten or more summaries; else one flat number.
    """
    easy, easy_from = _easy(speeds, activities)
    intercept, slope, cadence_from, used = _line(speeds, activities, settings)
    return RunnerProfile(
        easy_mps=easy,
        fast_mps=easy * settings.fast_over_easy,
        cadence_intercept_spm=intercept,
        cadence_slope=slope,
        easy_from=easy_from,
        cadence_from=cadence_from,
        cadence_s=used,
    )


def _easy(
    bins: pl.DataFrame, activities: pl.DataFrame
) -> tuple[float, Literal["samples", "summaries", "default"]]:
    if not bins.is_empty():
        by_speed = bins.group_by("bin").agg(pl.col("seconds").sum()).sort("bin")
        middle = (by_speed["bin"].to_numpy() + 0.5) * BIN_MPS
        return _held(_weighted_median(middle, by_speed["seconds"].to_numpy())), "samples"
    known = activities.filter((pl.col("distance_m") > 0) & (pl.col("moving_s") > 0)).select(
        speed=pl.col("distance_m") / pl.col("moving_s"), seconds="moving_s"
    )
    plausible = known.filter(pl.col("speed").is_between(1.5, 7)).sort("speed")
    if plausible.is_empty():
        return DEFAULT_EASY_MPS, "default"
    return _held(
        _weighted_median(plausible["speed"].to_numpy(), plausible["seconds"].to_numpy())
    ), "summaries"


def _weighted_median(values: np.ndarray, weights: np.ndarray) -> float:
    """Value at which half of the weight is reached; `values` rise."""
    reached = np.cumsum(weights)
    return float(values[int(np.searchsorted(reached, reached[-1] / 2))])


def _held(speed_mps: float) -> float:
    return float(np.clip(speed_mps, *EASY_RANGE_MPS))


def _line(
    bins: pl.DataFrame, activities: pl.DataFrame, settings: ModelSettings
) -> tuple[float, float, Literal["samples", "summaries", "default"], float]:
    for level_only in (True, False):
        fitted = _fitted(bins, level_only)
        if fitted is not None:
            return fitted[0], fitted[1], "samples", fitted[2]
    own = activities.filter(pl.col("cadence_spm") >= settings.walk_below_spm)["cadence_spm"]
    middle = own.median()
    if len(own) >= LINE_NEEDS_RUNS and isinstance(middle, float):
        return middle, 0.0, "summaries", 0.0
    return settings.unknown_cadence_spm, 0.0, "default", 0.0


def _fitted(bins: pl.DataFrame, level_only: bool) -> tuple[float, float, float] | None:
    """Least squares from the sums; None below half an hour."""
    used = bins.filter(pl.col("level")) if level_only else bins.filter(pl.col("level").fill_null(True))
    n, v, vv, c, vc = (float(used[name].sum()) for name in ("n", "v", "vv", "c", "vc"))
    if n < LINE_NEEDS_S:
        return None
    spread = vv - v * v / n
    slope = (vc - v * c / n) / spread if spread > 1e-9 * vv else 0.0
    slope = float(np.clip(slope, *SLOPE_RANGE))
    return c / n - slope * v / n, slope, n


@dataclass(frozen=True)
class ReferenceKm:
    """What one tendon km is made of.

    Parameters
    ----------
    steps_per_km
        Steps of one leg.
    force
        Relative peak force of each.
    weight
        Relative load of that km in lens A, before it is set to 1.
    uphill_3_force
        Relative peak force at +3 %, the most taken for a treadmill whose slope is unknown (design choice).
    """

    steps_per_km: float
    force: float
    weight: float
    uphill_3_force: float


def reference_km(personal: RunnerProfile, settings: ModelSettings) -> ReferenceKm:
    """Compute the unit of load for one runner.

    Absolute force differs two-fold between studies, so a runner's own easy km is the measure.

    Parameters
    ----------
    personal : RunnerProfile
        Easy speed and own step rate.
    settings : ModelSettings
        Numbers of the factors.

    Returns
    -------
    ReferenceKm
        Steps, force and weight of the easy km.
    """
    easy = pl.DataFrame(
        {"speed_mps": [personal.easy_mps], "walking": [False], "grade_pct": [3.0]},
        schema_overrides={"speed_mps": pl.Float64, "grade_pct": pl.Float64},
    )
    row = easy.select(
        force=factor.force_product("speed", "second", settings),
        weight=factor.weight_product("speed", "second", settings),
        uphill=factor.force_product("hills", "second", settings),
    ).row(0)
    return ReferenceKm(personal.easy_steps_per_km, *row)
