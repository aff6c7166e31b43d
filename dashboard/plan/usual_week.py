"""What a usual week and a usual kilometre of this runner are: what a plan is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
from polars.dataframe.group_by import GroupBy

from dashboard.model.load import achilles_force
from dashboard.model.load.factors.shoe import shoe_force
from dashboard.model.load.runner_profile import RunnerProfile
from dashboard.model.settings import ModelSettings

WEEKS = 8
"""Weeks that a usual week is read from: the same eight as for step-ups. Design choice."""
NEEDED_WEEKS = 4
NEEDED_DAYS = 5
"""Days of seven that must be known for a week to count. Design choice."""
LONG_SHARE = 0.35
"""Share of a week in its longest run where the runner's own is not known. Design choice."""
CLIMB_NEEDED_M = 300.0
"""Climb on record below which the runner's own effect of hills is not read. Design choice."""
SPREAD = (0.1, 0.9)


@dataclass(frozen=True)
class UsualWeek:
    """What is usual for one runner; None is not known."""

    until: date | None
    multiplier: float | None
    low: float
    high: float
    fast_share: float | None
    fast_gain: float
    climb_gain: float | None
    descent_gain: float | None
    ascent_per_km: float
    descent_per_km: float
    shoe: float
    distance_m: float | None
    fast_s: float | None
    ascent_m: float | None
    descent_m: float | None
    runs: int
    weekdays: tuple[int, ...]
    long_weekday: int
    fast_weekday: int | None
    long_share: float | None
    run_tkm: float | None
    longest_m: float | None = None


def usual_week(
    runs: pl.DataFrame, days: pl.DataFrame, personal: RunnerProfile | None, settings: ModelSettings
) -> UsualWeek:
    """Compute what is usual from the last 8 weeks of the record."""
    # Usual is the runner's own eight weeks everywhere; medians let one odd week be odd. The gain of fast
    # running is the model's own (force with speed to the power b, and the steps of a km); that of hills is
    # read from the runner's own recordings.
    until = days.filter("known")["local_date"].max()
    until = until if isinstance(until, date) else None
    last = runs["local_date"].max()
    since = (last if isinstance(last, date) else date.min.replace(year=2)) - timedelta(days=7 * WEEKS - 1)
    lately = runs.filter((pl.col("local_date") >= since) & (pl.col("distance_m") > 0))
    climb, descent = _hill_gains(runs)
    return UsualWeek(
        until=until,
        fast_gain=_fast_gain(personal, settings),
        climb_gain=climb,
        descent_gain=descent,
        **_kilometre(lately, personal),
        **_week(days, until),
        longest_m=_longest(runs, days, until),
        **_habits(lately),
    )


def usual_distances(runs: pl.DataFrame, days: pl.DataFrame, until: date) -> tuple[float | None, float | None]:
    """Return the median week and the median longest run of the eight weeks that end with a day, m."""
    known = days.filter("known")["local_date"].max()
    if not isinstance(known, date):
        return None, None
    last = min(until, known)
    return _week(days, last)["distance_m"], _longest(runs, days, last)


def _kilometre(runs: pl.DataFrame, personal: RunnerProfile | None) -> dict[str, Any]:
    """How a usual km loads, and how far single runs lie from it."""
    known = runs.filter(pl.col("load_tkm") > 0)
    timed = known.filter(pl.col("fast_s").is_not_null())
    hilly = known.filter(pl.col("ascent_m").is_not_null() & pl.col("descent_m").is_not_null())
    km, load = float(known["distance_m"].sum()) / 1000, float(known["load_tkm"].sum())
    if not km:
        return dict.fromkeys(("multiplier", "fast_share", "run_tkm")) | {
            "low": 1.0, "high": 1.0, "ascent_per_km": 0.0, "descent_per_km": 0.0, "shoe": 1.0,
        }  # fmt: skip
    each = known["load_tkm"] / (known["distance_m"] / 1000) / (load / km)
    low, high = (float(each.quantile(q, "linear") or 1.0) for q in SPREAD)
    fast_m = float(timed["fast_s"].sum()) * (personal.fast_mps if personal else 0.0)
    hilly_km = float(hilly["distance_m"].sum()) / 1000
    worn = float((known["x_shoe"].fill_null(1.0) * known["distance_m"]).sum()) / km / 1000
    return {
        "multiplier": load / km,
        "low": min(1.0, low) * float(known["load_low_tkm"].sum()) / load,
        "high": max(1.0, high) * float(known["load_high_tkm"].sum()) / load,
        "fast_share": min(1.0, fast_m / float(timed["distance_m"].sum())) if timed.height else None,
        "ascent_per_km": float(hilly["ascent_m"].sum()) / hilly_km if hilly_km else 0.0,
        "descent_per_km": float(hilly["descent_m"].sum()) / hilly_km if hilly_km else 0.0,
        "shoe": worn,
        "run_tkm": float(np.median(known["load_tkm"].to_numpy())),
    }


def _fast_gain(personal: RunnerProfile | None, settings: ModelSettings) -> float:
    """Load of a km at fast over easy speed: force of a step to the power b, and steps of a km."""
    if personal is None:
        return 1.0
    slow, fast = personal.easy_mps, personal.fast_mps
    held = [float(np.clip(v, *achilles_force.SPEED_RANGE_MPS)) for v in (slow, fast)]
    force = (held[1] / held[0]) ** (settings.speed_exponent * settings.exponent)
    return force * (personal.cadence_at(fast) / fast) / (personal.cadence_at(slow) / slow)


def _hill_gains(runs: pl.DataFrame) -> tuple[float | None, float | None]:
    """Weighted steps that a metre up adds and a metre down takes away, over all recordings with altitude."""
    known = runs.filter(pl.col("has_altitude") & (pl.col("distance_m") > 0) & (pl.col("steps") > 0))
    known = known.drop_nulls(["w_climb", "w_descent", "ascent_m", "descent_m"])
    up, down = float(known["ascent_m"].sum()), float(known["descent_m"].sum())
    if min(up, down) < CLIMB_NEEDED_M:
        return None, None
    steps, km = float(known["steps"].sum()), float(known["distance_m"].sum()) / 1000
    climb, descent = (float(known[name].sum()) / steps * km for name in ("w_climb", "w_descent"))
    return climb / up, descent / down


def _week(days: pl.DataFrame, until: date | None) -> dict[str, Any]:
    names = ("distance_m", "fast_s", "ascent_m", "descent_m")
    if until is None:
        return dict.fromkeys(names)
    sums = [pl.when(_is_known_each_day(n)).then(pl.col(n).sum()).alias(n) for n in names]
    weeks = _known_weeks(days, until).agg(pl.len().alias("days"), *sums).filter(pl.col("days") >= NEEDED_DAYS)
    enough = {name: weeks[name].drop_nulls() for name in names}
    return {
        name: float(np.median(values.to_numpy())) if len(values) >= NEEDED_WEEKS else None
        for name, values in enough.items()
    }


def _known_weeks(days: pl.DataFrame, until: date) -> GroupBy:
    """Known days by the eight weeks that end with a day, the last of them 0."""
    return _with_week(days.filter("known"), until).group_by("week")


def _with_week(rows: pl.DataFrame, until: date) -> pl.DataFrame:
    week = (pl.lit(until) - pl.col("local_date")).dt.total_days() // 7
    return rows.with_columns(week=week).filter(pl.col("week").is_between(0, WEEKS - 1))


def _longest(runs: pl.DataFrame, days: pl.DataFrame, until: date | None) -> float | None:
    """Median of the longest run of each known week; a week without a run has one of 0."""
    if until is None:
        return None
    known = _known_weeks(days, until).len("days").filter(pl.col("days") >= NEEDED_DAYS)
    longest = _with_week(runs, until).group_by("week").agg(pl.col("distance_m").max())
    weeks = known.join(longest, on="week", how="left")["distance_m"].fill_null(0.0)
    return float(np.median(weeks.to_numpy())) if len(weeks) >= NEEDED_WEEKS else None


def _is_known_each_day(name: str) -> pl.Expr:
    """Whether every day with a run says it: rest alone would make a false zero of an unknown week."""
    return (pl.col(name).is_not_null() | (pl.col("runs") == 0)).all()


def _habits(runs: pl.DataFrame) -> dict[str, Any]:
    """On which weekdays the runner runs, runs long and runs fast."""
    if runs.is_empty():
        return {
            "runs": 3, "weekdays": (6, 1, 3, 5, 2, 4, 0), "long_weekday": 6, "fast_weekday": None, "long_share": None,
        }  # fmt: skip
    dated = runs.with_columns(weekday=pl.col("local_date").dt.weekday() - 1)
    by_day = (
        dated.group_by("weekday")
        .agg(pl.len().alias("n"), pl.col("distance_m").mean(), pl.col("fast_s").sum())
        .sort("n", "weekday", descending=[True, False])
    )
    seen = [int(day) for day in by_day["weekday"]]
    weeks = dated.group_by(pl.col("local_date").dt.truncate("1w")).agg(
        pl.len().alias("n"), long=pl.col("distance_m").max() / pl.col("distance_m").sum()
    )
    usual = weeks.filter(pl.col("n") > 1)
    long_day = by_day.filter(pl.col("n") >= by_day["n"][0] / 2).sort("distance_m", "weekday")["weekday"][-1]
    fast = by_day.filter((pl.col("weekday") != long_day) & (pl.col("fast_s") > 0)).sort("fast_s", "weekday")
    return {
        "runs": max(1, round(float(np.median(weeks["n"].to_numpy())))),
        "weekdays": (*seen, *(day for day in range(7) if day not in seen)),
        "long_weekday": int(long_day),
        "fast_weekday": int(fast["weekday"][-1]) if fast.height else None,
        "long_share": float(np.median(usual["long"].to_numpy())) if usual.height else None,
    }


def pair_multipliers(runs: pl.DataFrame, shoes: pl.DataFrame, settings: ModelSettings) -> dict[str, float]:
    """Return the load multiplier of each pair, as `factors.shoe` computes it."""
    force = shoe_force(
        pl.col("kind"), pl.col("drop_mm"), pl.col("is_plated"), settings
    ) * achilles_force.carried_force(settings)
    stated = shoes.select("shoe_id", x=force.pow(settings.exponent)).drop_nulls()
    worn = (
        runs.drop_nulls(["shoe_id", "x_shoe"])
        .sort("start_utc")
        .unique("shoe_id", keep="last", maintain_order=True)
    )
    return dict(stated.rows()) | dict(worn.select("shoe_id", "x_shoe").rows())
