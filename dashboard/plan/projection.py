"""Arithmetic on a plan: the load of each planned day, and acute, habitual and ratio that follow from it.

A projection says what a plan adds up to; it says nothing of what will be felt.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

import numpy as np
import polars as pl

from dashboard.model.adaptation import adapt_days, adapt_load, days_run
from dashboard.model.schemas import DAY_SCHEMA
from dashboard.model.settings import ModelSettings
from dashboard.plan.planned_runs import Plan, PlannedRun, monday
from dashboard.plan.usual_week import UsualWeek

PROJECTION_SCHEMA = pl.Schema(
    {
        "local_date": pl.Date,
        "is_planned": pl.Boolean,  # True: by the plan; False: on record
        "load_tkm": pl.Float64,
        "load_low_tkm": pl.Float64,
        "load_high_tkm": pl.Float64,
        "acute_tkm": pl.Float64,
        "acute_low_tkm": pl.Float64,
        "acute_high_tkm": pl.Float64,
        "habitual_tkm": pl.Float64,
        "habitual_low_tkm": pl.Float64,
        "habitual_high_tkm": pl.Float64,
        "ratio": pl.Float64,
        "ratio_low": pl.Float64,
        "ratio_high": pl.Float64,
        "held_against_tkm": pl.Float64,  # habit, or on the way back the line where it is higher
        "held_ratio": pl.Float64,
        "held_ratio_low": pl.Float64,
        "held_ratio_high": pl.Float64,
    }
)
ENDS = {"": "load_tkm", "_low": "load_low_tkm", "_high": "load_high_tkm"}
DONE_SCHEMA = pl.Schema(
    {
        "week": pl.Date,
        "planned_m": pl.Float64,
        "done_m": pl.Float64,
        "difference_m": pl.Float64,
        "planned_fast_s": pl.Float64,
        "done_fast_s": pl.Float64,
        "planned_ascent_m": pl.Float64,
        "done_ascent_m": pl.Float64,
    }
)


def run_load(
    run: PlannedRun, usual_week: UsualWeek, pairs: Mapping[str, float], fast_mps: float
) -> float | None:
    """Compute the load of one planned run, in tkm; None where distance or the usual km is not known.

    The usual multiplier, changed only by what differs from the usual km.
    """
    if run.distance_m is None or usual_week.multiplier is None:
        return None
    if run.distance_m == 0:
        return 0.0
    km = run.distance_m / 1000
    load = km * usual_week.multiplier
    if run.fast_s is not None and usual_week.fast_share is not None:
        share = min(1.0, run.fast_s * fast_mps / run.distance_m)
        load *= (1 + share * (usual_week.fast_gain - 1)) / (
            1 + usual_week.fast_share * (usual_week.fast_gain - 1)
        )
    if run.ascent_m is not None and usual_week.climb_gain is not None:
        load *= _hills(run.ascent_m / km, (run.falls_m or 0.0) / km, usual_week) / _hills(
            usual_week.ascent_per_km, usual_week.descent_per_km, usual_week
        )
    if run.shoe_id is not None:
        load *= pairs.get(run.shoe_id, usual_week.shoe) / usual_week.shoe
    return load


def _hills(climb: float, descent: float, usual_week: UsualWeek) -> float:
    """Never below half: the straight line was read from milder hills."""
    return max(0.5, 1 + (usual_week.climb_gain or 0.0) * climb - (usual_week.descent_gain or 0.0) * descent)


def project_days(
    days: pl.DataFrame,
    plan: Plan,
    loads: Sequence[float | None],
    usual_week: UsualWeek,
    until: date,
    settings: ModelSettings,
    ladder_days: Collection[date] = (),
) -> pl.DataFrame:
    """Compute acute, habitual and ratio of the planned days, after those on record."""
    # The same recursion as for what was run (`adaptation.adapt_days`). The band moves all planned days
    # together, so it is wide.
    if usual_week.until is None:
        return PROJECTION_SCHEMA.to_frame()
    known = days.filter(pl.col("local_date") <= usual_week.until)
    later = _later(usual_week.until, plan, loads, max(until, usual_week.until), usual_week)
    before = known.with_columns(is_planned=pl.lit(False)).select(*later.columns, "runs")
    all_days = pl.concat([before, later], how="diagonal")
    projected = all_days.with_columns()
    for end, column in ENDS.items():
        load = pl.when("is_planned").then(column).otherwise("load_tkm")
        same = {name: load.alias(name) for name in ("load_tkm", "load_a_tkm", "load_c_tkm")}
        adapted = adapt_days(_as_days(all_days).with_columns(**same), settings, ladder_days).with_columns(
            held_ratio=pl.col("acute_tkm") / pl.col("held_against_tkm")
        )
        projected = projected.with_columns(
            adapted[name].alias(f"{stem}{end}{unit}")
            for name, stem, unit in (
                ("acute_tkm", "acute", "_tkm"), ("habitual_tkm", "habitual", "_tkm"), ("ratio", "ratio", ""),
                ("held_ratio", "held_ratio", ""), *([] if end else [("held_against_tkm", "held_against", "_tkm")]),
            )
        )  # fmt: skip
    return projected.select(pl.col(name).cast(dtype) for name, dtype in PROJECTION_SCHEMA.items())


def planned_ratios(
    days: pl.DataFrame,
    plan: Plan,
    loads: Sequence[float | None],
    usual_week: UsualWeek,
    settings: ModelSettings,
    ladder_days: Collection[date] = (),
) -> list[tuple[date, float]]:
    """Return the ratio of each planned day, as windows compute it for a day on record."""
    ahead = [run.date for run in plan if usual_week.until is not None and run.date > usual_week.until]
    if usual_week.until is None or not ahead:
        return []
    known = days.filter(pl.col("local_date") <= usual_week.until)
    later = _later(usual_week.until, plan, loads, max(ahead) + timedelta(days=6), usual_week)
    load = np.concatenate([known["load_tkm"].to_numpy(), later["load_tkm"].to_numpy()]).astype(float)
    planned = {run.date for run in plan}
    ran = np.concatenate([days_run(known), later["local_date"].is_in(list(planned)).to_numpy()])
    stepped = set(ladder_days)
    ladder = np.array([day in stepped for day in (*known["local_date"], *later["local_date"])], dtype=bool)
    ratio = adapt_load(load, ran, settings, ladder & ran).held_ratio[known.height :]
    return list(zip(later["local_date"].to_list(), ratio.tolist(), strict=True))


def _as_days(days: pl.DataFrame) -> pl.DataFrame:
    missing = [pl.lit(None, t).alias(n) for n, t in DAY_SCHEMA.items() if n not in days.columns]
    return days.with_columns(missing)


def _later(
    after: date, plan: Plan, loads: Sequence[float | None], until: date, usual_week: UsualWeek
) -> pl.DataFrame:
    """One row for each date after the record."""
    by_date: dict[date, list[float | None]] = defaultdict(list)
    for run, load in zip(plan, loads, strict=True):
        by_date[run.date].append(load)
    rows = []
    for n in range(1, (until - after).days + 1):
        day_loads = by_date.get(after + timedelta(days=n), [])
        known = [load for load in day_loads if load is not None]
        load = sum(known) if len(known) == len(day_loads) else None
        ends = (None, None) if load is None else (load * usual_week.low, load * usual_week.high)
        rows.append((after + timedelta(days=n), True, load, *ends))
    names = ("local_date", "is_planned", *ENDS.values())
    return pl.DataFrame(rows, schema={n: PROJECTION_SCHEMA[n] for n in names}, orient="row")


def compare_done(rows: pl.DataFrame, plan: Plan, days: pl.DataFrame, weeks: Sequence[date]) -> pl.DataFrame:
    """Compare what was planned with what was run, week by week."""
    planned_mondays = {monday(day) for day in rows["date"]}
    weeks_done = []
    for week in weeks:
        runs = [run for run in plan if monday(run.date) == week]
        done = days.filter(pl.col("known") & pl.col("local_date").is_between(week, week + timedelta(days=6)))
        planned = [
            _total([getattr(run, name) for run in runs], week in planned_mondays) for name in _COMPARED
        ]
        ran = [_whole_weeks(done, name) for name in _COMPARED]
        gap = None if planned[0] is None or ran[0] is None else ran[0] - planned[0]
        weeks_done.append((week, planned[0], ran[0], gap, planned[1], ran[1], planned[2], ran[2]))
    return pl.DataFrame(weeks_done, schema=DONE_SCHEMA, orient="row")


_COMPARED = ("distance_m", "fast_s", "ascent_m")


def _whole_weeks(days: pl.DataFrame, name: str) -> float | None:
    """Null where no day is known, or where a day with a run does not say it."""
    known = days.filter((pl.col("runs") == 0) | pl.col(name).is_not_null())
    return float(days[name].sum()) if days.height and known.height == days.height else None


def _total(values: Sequence[float | None], is_told: bool) -> float | None:
    known = [value for value in values if value is not None]
    return None if not is_told or (values and not known) else float(sum(known))
