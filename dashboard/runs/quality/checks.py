"""The kinds of doubt, gravest first: when each is raised, why there, and what would set the record right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from dashboard.model.load.run_inputs import was_edited
from dashboard.runs.quality.facts import DAY_S, quality_facts

MARGIN = 1.05
"""A watch's distance errs by a few per cent, so a record has to be beaten by more. Design choice."""
SHORTEST_M = 400.0
RIDE_OVER_USUAL = 1.6
"""Speed over the runner's own median: a race over 5 km is about 1.4 times easy speed. Design choice."""
RIDE_M = 3_000.0
RUNNING_SPM = 140.0
"""Below this step rate is walking (the model's own limit)."""
HIKE_MPS = (1.9, 1.6)
"""Effort, climb counted as flat metres, below which a session with a walker's step rate, and one without a step
rate, is a hike. The first is the model's walking limit; the second leaves slow runs alone. Design choice."""
HIKE_SPM = 125.0
HIKE_S = 1_200.0
RUN_MPS = (2.3, 6.0)
"""Speeds at which a walk or a session of no known sport may be a run: nobody walks so fast, few run faster."""
MAYBE_RUNS = ("Walk", "Hike", "Unknown", "Other", "Workout")
UNSTEPPED_OVER_USUAL, UNSTEPPED_M = 1.25, 30_000.0
"""Without a step rate only what is near the runner's own speed, and no longer than most runs, may be a run: a slow
ride looks the same. Design choice."""
DAY_M = 320_000.0
"""The most ever run in a day is 319,614 m (Sorokin 2022)."""
SLOWEST_MPS = 0.5
DOUBLE_SPM, HALF_SPM = 230.0, 110.0
"""Mean step rates no runner keeps: sprinters peak near 280, and 110 is a walk. Design choice."""
JUMPED_S = 10.0
"""Seconds beyond `quality_samples.JUMP_MPS`: speed is smoothed over 5 s, so one odd second makes five. Design
choice."""
STEPS, STEP_M = 3.0, 50.0
"""Several steps of 10 m, or one of 50 m, are the sensor; one small step is a watch that calibrates. Design
choice."""
STEEPEST_PER_KM, STEEP_PER_KM, VERTICAL_M = 521.0, 260.0, 5_000.0
"""m of climb in a km. The steepest race climbs 1,000 m in 1,920 m (Fully); a vertical kilometre is at most 5 km
long, and who runs farther comes down again. Design choice after those two."""
ASCENT_TIMES, ASCENT_APART_M = 2.0, 100.0
"""Two ways to sum one profile differ by a third; not by a factor of two and 100 m. Design choice."""
PAUSED, PAUSED_S = 1.15, 300.0
"""Moving time beyond the time on the feet: a seventh of it and five minutes, more than waits at lights are.
Design choice."""
WATCH = 0.03
"""Share by which watch and service may differ: a GPS watch is that good on an open course."""
WATCH_CORRECTS = 0.2
"""Farther apart the recording is cut, or the runner added a part: then neither is a correction of the other."""
ELAPSED_S = 2 * DAY_S
FROZEN_S = 600.0
"""Two whole stretches of five minutes without a single beat of change. Design choice."""
NIGHT_H = 4.0
"""Few start a run between midnight and four; a record without a zone that does may stand in the wrong one."""


@dataclass(frozen=True)
class QualityCheck:
    """One kind of doubt."""

    id: str
    when: pl.Expr
    value: pl.Expr
    limit: pl.Expr = field(default_factory=lambda: pl.lit(None, pl.Float64))
    correction: Mapping[str, pl.Expr] = field(default_factory=dict)
    settled_by: tuple[str, ...] = ()
    leaves_out: bool = False


def _col(name: str) -> pl.Expr:
    return pl.col(name)


_RUN, _SPEED, _METRES = _col("is_run"), _col("speed_mps"), _col("distance_m")
_MOVING, _STEPS = _col("moving_s"), _col("steps_spm")
_FASTEST = _col("record_mps") * MARGIN
_COMPLETE = _col("recorded_m") >= 0.9 * _METRES
_OUTDOORS = _col("indoor").not_()
_CALLED = ("sport",)


def _plausible(speed: pl.Expr) -> pl.Expr:
    return speed.is_between(SLOWEST_MPS, 7.0)


def _as_sport(name: str) -> dict[str, pl.Expr]:
    return {"sport": pl.lit(name)}


def _no_runner() -> pl.Expr:
    return (_STEPS < RUNNING_SPM).fill_null(True)


_RIDE = _RUN & (_METRES >= RIDE_M) & (RIDE_OVER_USUAL * _col("usual_mps") < _SPEED) & (_SPEED > 4.5)
_IS_RIDE = (_RIDE & (_SPEED < 20) & _no_runner()).fill_null(False)
_TOO_FAST = _RUN & (_METRES >= SHORTEST_M) & (_SPEED > _FASTEST)
_SLOW = (_STEPS < HIKE_SPM) & (_col("effort_mps") < HIKE_MPS[0])
_UNSTEPPED = _STEPS.is_null() & (_col("effort_mps") < HIKE_MPS[1])
_HIKE = _RUN & _OUTDOORS & (_MOVING >= HIKE_S) & (_SPEED >= SLOWEST_MPS)
_WALKED = pl.when(_STEPS.is_null()).then(_UNSTEPPED).otherwise(_SLOW)
_RUN_ELSEWHERE = _col("sport").is_in(MAYBE_RUNS) & _SPEED.is_between(*RUN_MPS) & (_METRES >= 1_000)
_STEPLESS_RUN = (UNSTEPPED_OVER_USUAL * _col("usual_mps") > _SPEED) & (_METRES <= UNSTEPPED_M)
_DISTANCE_FITS = _plausible(_col("recorded_m") / _MOVING) & ((_col("recorded_m") / _MOVING) <= _FASTEST)
_TIME_FITS = _plausible(_METRES / _col("feet_s"))
_SUMMARY_FITS = _plausible(_SPEED)
_STEEP = pl.when(_METRES <= VERTICAL_M).then(STEEPEST_PER_KM).otherwise(STEEP_PER_KM)
_DEVICE, _OWN = _col("ascent_device_m"), _col("ascent_m")
_HIGH, _LOW = pl.max_horizontal(_DEVICE, _OWN), pl.min_horizontal(_DEVICE, _OWN)
_BOTH = _DEVICE.is_not_null() & _OWN.is_not_null()
_APART = (_col("recorded_m") / _METRES - 1).abs()
_SUMMARY = {"uses_recording": pl.when(_SUMMARY_FITS).then(pl.lit(False))}
_TO_RECORDED = {"distance_m": pl.when(_col("recorded_m") > 0).then("recorded_m")}
_SCALED = ("cadence_scale",)

QUALITY_CHECKS = (
    QualityCheck("future", _col("local_date") > _col("today") + pl.duration(days=1), pl.lit(None, pl.Float64),
         settled_by=("local_date",), leaves_out=True),
    QualityCheck("pace", _TOO_FAST & _IS_RIDE.not_(), _SPEED, _col("record_mps"),
         {"distance_m": pl.when(_DISTANCE_FITS).then("recorded_m"),
          "moving_s": pl.when(_DISTANCE_FITS.fill_null(False).not_() & _TIME_FITS).then("feet_s")},
         leaves_out=True),
    QualityCheck("distance", _RUN & (_METRES > DAY_M), _METRES, pl.lit(DAY_M),
         {"distance_m": pl.when(_col("recorded_m").is_between(1, DAY_M)).then("recorded_m")}, leaves_out=True),
    QualityCheck("duration", _RUN & ((_MOVING > DAY_S) | ((_SPEED < SLOWEST_MPS) & (_MOVING > HIKE_S))), _MOVING,
         _col("feet_s"), {"moving_s": pl.when(_TIME_FITS & (_col("feet_s") < _MOVING)).then("feet_s")}),
    QualityCheck("ride", _IS_RIDE, _SPEED, _col("usual_mps"), _as_sport("Ride"), _CALLED),
    QualityCheck("overlap", _RUN & _col("other_id").is_not_null(), _col("overlap_s"), leaves_out=True),
    QualityCheck("hike", _HIKE & _WALKED, _SPEED, _STEPS, _as_sport("Hike"), _CALLED),
    QualityCheck("run_elsewhere", _RUN_ELSEWHERE & (_STEPS >= RUNNING_SPM).fill_null(_STEPLESS_RUN), _SPEED, _STEPS,
         _as_sport("Run"), _CALLED),
    QualityCheck("cadence_double", _RUN & (_STEPS > DOUBLE_SPM), _STEPS, pl.lit(DOUBLE_SPM),
         {"cadence_scale": pl.lit(0.5)}, _SCALED),
    QualityCheck("cadence_half", _RUN & (_STEPS < HALF_SPM) & (_SPEED >= 2.2), _STEPS, pl.lit(HALF_SPM),
         {"cadence_scale": pl.lit(2.0)}, _SCALED),
    QualityCheck("gps_jump", _RUN & (_col("jump_s") >= JUMPED_S), _col("jump_s"), _col("top_mps"), _SUMMARY,
         ("uses_recording",)),
    QualityCheck("altitude_step", _RUN & _OUTDOORS & ((_col("steps") >= STEPS) | (_col("step_m") >= STEP_M)),
         _col("step_m"), _col("steps"), _SUMMARY, ("uses_recording",)),
    QualityCheck("ascent_steep", _RUN & _OUTDOORS & (_METRES >= 1_000) & (_col("climb_per_km") > _STEEP),
         _col("climb_m"), _col("climb_per_km"),
         {"ascent_m": pl.when(_OWN / _METRES * 1000 < _STEEP).then(_OWN)}, ("ascent_m", "incline_pct")),
    QualityCheck("ascent_differs", _RUN & _OUTDOORS & _BOTH & (_HIGH > ASCENT_TIMES * _LOW)
         & (_HIGH - _LOW > ASCENT_APART_M), _DEVICE, _OWN,
         {"ascent_m": _OWN, "descent_m": _col("descent_m")}, ("ascent_m",)),
    QualityCheck("moving", _RUN & _OUTDOORS & _COMPLETE & (_col("speed_s") >= 0.9 * _col("rows_s"))
         & (PAUSED * _col("feet_s") < _MOVING) & (_MOVING - _col("feet_s") > PAUSED_S)
         & (_MOVING <= DAY_S) & (_SPEED >= SLOWEST_MPS),
         _MOVING, _col("feet_s"), {"moving_s": pl.when(_TIME_FITS).then("feet_s")}, ("moving_s",)),
    QualityCheck("no_distance", _RUN & (_METRES.fill_null(0.0) <= 0) & (_MOVING >= 60), _MOVING,
         correction=_TO_RECORDED, settled_by=("distance_m",)),
    QualityCheck("wrong_day", _col("zone_date") != _col("local_date"), pl.lit(None, pl.Float64),
         correction={"local_date": _col("zone_date")}, settled_by=("local_date",)),
    QualityCheck("night_start", _RUN & _col("unzoned_h").is_between(0.01, NIGHT_H), _col("unzoned_h"), pl.lit(NIGHT_H),
         {"local_date": _col("local_date") - pl.duration(days=1)}, ("local_date",)),
    QualityCheck("watch", _RUN & (_APART > WATCH) & (_col("rows_s") >= 300), _col("recorded_m"), _METRES,
         {"distance_m": pl.when((_APART <= WATCH_CORRECTS) & _OUTDOORS).then("recorded_m")}, ("distance_m",)),
    QualityCheck("elapsed", _RUN & (_col("elapsed_s") > ELAPSED_S) & (_MOVING <= DAY_S), _col("elapsed_s"), _MOVING),
    QualityCheck("frozen_heart", _RUN & (_col("frozen_s") >= FROZEN_S), _col("frozen_s"), pl.lit(FROZEN_S)),
)  # fmt: skip
"""Every kind, gravest first; the order is that of the list a reader sees."""


LEAVE_OUT = (("is_excluded", True),)


@dataclass(frozen=True)
class QualityFlag:
    """One doubt about one session."""

    activity_id: str
    kind: str
    severity: int
    local_date: date
    name: str | None
    sport: str
    value: float | None
    limit: float | None
    correction: tuple[tuple[str, Any], ...] = ()
    leaves_out: bool = False
    other_id: str | None = None

    @property
    def id(self) -> str:
        """Name of the flag: one kind is raised once for a session."""
        return f"{self.activity_id}:{self.kind}"

    @property
    def remedy(self) -> tuple[tuple[str, Any], ...]:
        """Fields and values that end the doubt: the correction, else leaving out; empty where load is untouched."""
        return self.correction or (LEAVE_OUT if self.leaves_out else ())


def quality_flags(
    activities: pl.DataFrame,
    samples: pl.DataFrame,
    today: date,
    outside: pl.DataFrame | None = None,
) -> list[QualityFlag]:
    """Raise every flag that no person has settled.

    Each threshold has its reason beside it, in `quality_kinds`.
    """
    facts = quality_facts(activities, samples, outside).with_columns(today=pl.lit(today))
    found: list[QualityFlag] = []
    for severity, kind in enumerate(QUALITY_CHECKS):
        raised = facts.filter(kind.when & _unsettled(kind)).sort(
            ["local_date", "activity_id"], descending=[True, False]
        )
        found += [_flag(row, kind, severity) for row in _rows(raised, kind)]
    return found


def _unsettled(kind: QualityCheck) -> pl.Expr:
    kept = pl.col("kept_flags").fill_null("").str.split(" ").list.contains(kind.id)
    spoken = [was_edited(field) for field in kind.settled_by]
    return pl.all_horizontal(kept.not_(), *(one.not_() for one in spoken))


def _rows(raised: pl.DataFrame, kind: QualityCheck) -> list[dict[str, Any]]:
    known = ("activity_id", "local_date", "name", "sport", "other_id")
    proposed = [value.alias(f"|{field}") for field, value in kind.correction.items()]
    numbers = [kind.value.cast(pl.Float64).alias("value"), kind.limit.cast(pl.Float64).alias("limit")]
    return raised.select(*known, *numbers, *proposed).rows(named=True)


def _flag(row: dict[str, Any], kind: QualityCheck, severity: int) -> QualityFlag:
    values = [(field, row[f"|{field}"]) for field in kind.correction]
    return QualityFlag(
        activity_id=row["activity_id"],
        kind=kind.id,
        severity=severity,
        local_date=row["local_date"],
        name=row["name"],
        sport=row["sport"],
        value=row["value"],
        limit=row["limit"],
        correction=tuple((field, value) for field, value in values if value is not None),
        leaves_out=kind.leaves_out,
        other_id=row["other_id"] if kind.id == "overlap" else None,
    )
