"""The kinds of doubt, gravest first: when each is raised, why there, and what would set the record right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from connectors.sports import sport_names
from dashboard.model.quality_facts import DAY_S

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
class Kind:
    """One kind of doubt.

    Parameters
    ----------
    id
        Word of it; kept as a person's word in `kept_flags`.
    when
        Whether it is raised, from the columns of `quality_facts` and `today`; null is no.
    value, limit
        The number doubted and what it is held against.
    correction
        Field that may be edited to the value that would set it right; null where it is not known.
    settled_by
        Fields of which a person's word ends the doubt.
    leaves_out
        Whether, without a correction, the session should be left out: False where load stays right as it is.
    """

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
_CUTS = ("cut_from_s", "cut_to_s")
_UNCUT = _col("cut_from_s").is_null() & _col("cut_to_s").is_null()
_RODE_END = _RUN & _UNCUT & _col("end_rode_s").is_not_null()
_RUN_M, _RUN_S = _col("end_run_m"), _col("end_run_s")


def _plausible(speed: pl.Expr) -> pl.Expr:
    return speed.is_between(SLOWEST_MPS, 7.0)


def _as_sport(name: str) -> dict[str, pl.Expr]:
    return {"sport": pl.lit(name)}


def _no_runner() -> pl.Expr:
    return (_STEPS < RUNNING_SPM).fill_null(True)


_RIDE = (
    _RUN
    & (_METRES >= RIDE_M)
    & (RIDE_OVER_USUAL * _col("usual_mps") < _SPEED)
    & (_SPEED > 4.5)
    & _RODE_END.not_()
)
_IS_RIDE = (_RIDE & (_SPEED < 20) & _no_runner()).fill_null(False)
_TOO_FAST = _RUN & (_METRES >= SHORTEST_M) & (_SPEED > _FASTEST)
_SLOW = (_STEPS < HIKE_SPM) & (_col("effort_mps") < HIKE_MPS[0])
_UNSTEPPED = _STEPS.is_null() & (_col("effort_mps") < HIKE_MPS[1])
_HIKE = _RUN & _OUTDOORS & (_MOVING >= HIKE_S) & (_SPEED >= SLOWEST_MPS)
_WALKED = pl.when(_STEPS.is_null()).then(_UNSTEPPED).otherwise(_SLOW)
_RUN_ELSEWHERE = (
    (_col("sport").is_in(MAYBE_RUNS) | ~_col("sport").is_in(sport_names()))
    & _SPEED.is_between(*RUN_MPS)
    & (_METRES >= 1_000)
)
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

KINDS = (
    Kind("future", _col("local_date") > _col("today") + pl.duration(days=1), pl.lit(None, pl.Float64),
         settled_by=("local_date",), leaves_out=True),
    Kind("rollover", _col("meant_date").is_not_null(), pl.lit(None, pl.Float64),
         correction={"local_date": _col("meant_date")}, settled_by=("local_date",)),
    Kind("ride_end", _RODE_END, _col("end_rode_s"), _col("end_rode_mps"),
         {"cut_from_s": _col("end_cut_from_s"), "cut_to_s": _col("end_cut_to_s"),
          "distance_m": pl.when(_METRES > MARGIN * _RUN_M).then(_RUN_M),
          "moving_s": pl.when(_MOVING > MARGIN * _RUN_S).then(_RUN_S)}, _CUTS),
    Kind("pace", _TOO_FAST & _IS_RIDE.not_() & _RODE_END.not_(), _SPEED, _col("record_mps"),
         {"distance_m": pl.when(_DISTANCE_FITS).then("recorded_m"),
          "moving_s": pl.when(_DISTANCE_FITS.fill_null(False).not_() & _TIME_FITS).then("feet_s")},
         leaves_out=True),
    Kind("distance", _RUN & (_METRES > DAY_M), _METRES, pl.lit(DAY_M),
         {"distance_m": pl.when(_col("recorded_m").is_between(1, DAY_M)).then("recorded_m")}, leaves_out=True),
    Kind("duration", _RUN & ((_MOVING > DAY_S) | ((_SPEED < SLOWEST_MPS) & (_MOVING > HIKE_S))), _MOVING,
         _col("feet_s"), {"moving_s": pl.when(_TIME_FITS & (_col("feet_s") < _MOVING)).then("feet_s")}),
    Kind("ride", _IS_RIDE, _SPEED, _col("usual_mps"), _as_sport("Ride"), _CALLED),
    Kind("overlap", _RUN & _col("other_id").is_not_null(), _col("overlap_s"), leaves_out=True),
    Kind("twice", _RUN & _col("twin_id").is_not_null(), _col("apart_s"), leaves_out=True),
    Kind("hike", _HIKE & _WALKED, _SPEED, _STEPS, _as_sport("Hike"), _CALLED),
    Kind("run_elsewhere", _RUN_ELSEWHERE & (_STEPS >= RUNNING_SPM).fill_null(_STEPLESS_RUN), _SPEED, _STEPS,
         _as_sport("Run"), _CALLED),
    Kind("cadence_double", _RUN & (_STEPS > DOUBLE_SPM), _STEPS, pl.lit(DOUBLE_SPM),
         {"cadence_scale": pl.lit(0.5)}, _SCALED),
    Kind("cadence_half", _RUN & (_STEPS < HALF_SPM) & (_SPEED >= 2.2), _STEPS, pl.lit(HALF_SPM),
         {"cadence_scale": pl.lit(2.0)}, _SCALED),
    Kind("gps_jump", _RUN & _UNCUT & (_col("jump_s") >= JUMPED_S), _col("jump_s"), _col("top_mps"), _SUMMARY,
         ("uses_recording",)),
    Kind("altitude_step", _RUN & _OUTDOORS & ((_col("steps") >= STEPS) | (_col("step_m") >= STEP_M)),
         _col("step_m"), _col("steps"), _SUMMARY, ("uses_recording",)),
    Kind("ascent_steep", _RUN & _OUTDOORS & (_METRES >= 1_000) & (_col("climb_per_km") > _STEEP),
         _col("climb_m"), _col("climb_per_km"),
         {"ascent_m": pl.when(_OWN / _METRES * 1000 < _STEEP).then(_OWN)}, ("ascent_m", "incline_pct")),
    Kind("ascent_differs", _RUN & _OUTDOORS & _BOTH & (_HIGH > ASCENT_TIMES * _LOW)
         & (_HIGH - _LOW > ASCENT_APART_M), _DEVICE, _OWN,
         {"ascent_m": _OWN, "descent_m": _col("descent_m")}, ("ascent_m",)),
    Kind("moving", _RUN & _OUTDOORS & _COMPLETE & (_col("speed_s") >= 0.9 * _col("rows_s"))
         & (PAUSED * _col("feet_s") < _MOVING) & (_MOVING - _col("feet_s") > PAUSED_S)
         & (_MOVING <= DAY_S) & (_SPEED >= SLOWEST_MPS) & _UNCUT & _RODE_END.not_(),
         _MOVING, _col("feet_s"), {"moving_s": pl.when(_TIME_FITS).then("feet_s")}, ("moving_s",)),
    Kind("no_distance", _RUN & (_METRES.fill_null(0.0) <= 0) & (_MOVING >= 60), _MOVING,
         correction=_TO_RECORDED, settled_by=("distance_m",)),
    Kind("wrong_day", _col("zone_date") != _col("local_date"), pl.lit(None, pl.Float64),
         correction={"local_date": _col("zone_date")}, settled_by=("local_date",)),
    Kind("night_start", _RUN & _col("unzoned_h").is_between(0.01, NIGHT_H), _col("unzoned_h"), pl.lit(NIGHT_H),
         {"local_date": _col("local_date") - pl.duration(days=1)}, ("local_date",)),
    Kind("watch", _RUN & _UNCUT & _RODE_END.not_() & (_APART > WATCH) & (_col("rows_s") >= 300),
         _col("recorded_m"), _METRES,
         {"distance_m": pl.when((_APART <= WATCH_CORRECTS) & _OUTDOORS).then("recorded_m")}, ("distance_m",)),
    Kind("elapsed", _RUN & (_col("elapsed_s") > ELAPSED_S) & (_MOVING <= DAY_S), _col("elapsed_s"), _MOVING),
    Kind("frozen_heart", _RUN & (_col("frozen_s") >= FROZEN_S), _col("frozen_s"), pl.lit(FROZEN_S)),
)  # fmt: skip
"""Every kind, gravest first; the order is that of the list a reader sees."""
