"""The checks of the record, gravest first: when each is raised, what is odd, and what would set the record right."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from dashboard.model.load.run_inputs import was_edited
from dashboard.model.settings import ModelSettings
from dashboard.runs.quality.facts import DAY_S, JUMP_MPS, quality_facts
from dashboard.runs.quality.quality_check import FlagNumbers, QualityCheck, QualityFlag, exact_distance
from dashboard.runs.quality.ride_ends import FAST_MPS

MARGIN = 1.05
"""A watch's distance errs by a few per cent, so a record has to be beaten by more. Design choice."""
SHORTEST_M = 400.0
RIDE_OVER_USUAL = 1.6
"""Speed over the runner's own median: a race over 5 km is about 1.4 times easy speed. Design choice."""
RIDE_M = 3_000.0
RUNNING_SPM = ModelSettings().walk_below_spm
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
"""Seconds beyond `facts.JUMP_MPS`: speed is smoothed over 5 s, so one odd second makes five. Design
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
    & (_SPEED > FAST_MPS)
    & _RODE_END.not_()
)
_IS_RIDE = (_RIDE & (_SPEED < 20) & _no_runner()).fill_null(False)
_TOO_FAST = _RUN & (_METRES >= SHORTEST_M) & (_SPEED > _FASTEST)
_SLOW = (_STEPS < HIKE_SPM) & (_col("effort_mps") < HIKE_MPS[0])
_UNSTEPPED = _STEPS.is_null() & (_col("effort_mps") < HIKE_MPS[1])
_HIKE = _RUN & _OUTDOORS & (_MOVING >= HIKE_S) & (_SPEED >= SLOWEST_MPS)
_WALKED = pl.when(_STEPS.is_null()).then(_UNSTEPPED).otherwise(_SLOW)
_RUN_ELSEWHERE = (
    (_col("sport").is_in(MAYBE_RUNS) | _col("strange_sport").fill_null(False))
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
_SCALED, _TRUSTED = ("cadence_scale",), ("uses_recording",)


def _steps_in_words(one: FlagNumbers) -> str:
    if one.flag.limit is None:
        return " and no step rate was recorded"
    return f" at {one.limit:.0f} steps/min"


QUALITY_CHECKS = (
    QualityCheck(
        "future", "Dates still to come",
        lambda one: f"It bears the date {one.date}, which is still to come, so it is in no sum.",
        _col("local_date") > _col("today") + pl.duration(days=1), pl.lit(None, pl.Float64),
        settled_by=("local_date",), leaves_out=True,
    ),
    QualityCheck(
        "rollover", "A date 1024 weeks back",
        lambda one: (
            f"It bears the date {one.date}, years before all others, and would lie among them 1024 weeks later: some "
            "GPS receivers lose count of weeks so. It is in no sum until you move or keep it."
        ),
        _col("meant_date").is_not_null(), pl.lit(None, pl.Float64),
        correction={"local_date": _col("meant_date")}, settled_by=("local_date",),
    ),
    QualityCheck(
        "ride_end", "Perhaps a ride at an end",
        lambda one: (
            f"At an end it goes on without steps for {one.value_time} at {one.limit * 3.6:.0f} km/h, as in a car or "
            "on a bike; the watch may have run on. It is counted until you cut it."
        ),
        _RODE_END, _col("end_rode_s"), _col("end_rode_mps"),
        {"cut_from_s": _col("end_cut_from_s"), "cut_to_s": _col("end_cut_to_s"),
         "distance_m": pl.when(_METRES > MARGIN * _RUN_M).then(_RUN_M),
         "moving_s": pl.when(_MOVING > MARGIN * _RUN_S).then(_RUN_S)},
        _CUTS,
    ),
    QualityCheck(
        "pace", "Impossible pace",
        lambda one: (
            f"Its mean pace is {one.units.pace(one.value)}; the fastest man over such a distance ran "
            f"{one.units.pace(one.limit)}."
        ),
        _TOO_FAST & _IS_RIDE.not_() & _RODE_END.not_(), _SPEED, _col("record_mps"),
        {"distance_m": pl.when(_DISTANCE_FITS).then("recorded_m"),
         "moving_s": pl.when(_DISTANCE_FITS.fill_null(False).not_() & _TIME_FITS).then("feet_s")},
        leaves_out=True,
    ),
    QualityCheck(
        "distance", "Impossible distance",
        lambda one: (
            f"It is {one.units.distance_words(one.value)} long; the most ever run in a day is "
            f"{one.units.distance_words(one.limit)}."
        ),
        _RUN & (_METRES > DAY_M), _METRES, pl.lit(DAY_M),
        {"distance_m": pl.when(_col("recorded_m").is_between(1, DAY_M)).then("recorded_m")}, leaves_out=True,
    ),
    QualityCheck(
        "duration", "Time and distance do not fit",
        lambda one: f"Its moving time is {one.value_time}, which does not fit its distance.",
        _RUN & ((_MOVING > DAY_S) | ((_SPEED < SLOWEST_MPS) & (_MOVING > HIKE_S))), _MOVING, _col("feet_s"),
        {"moving_s": pl.when(_TIME_FITS & (_col("feet_s") < _MOVING)).then("feet_s")},
    ),
    QualityCheck(
        "ride", "Perhaps a ride",
        lambda one: (
            f"Its mean pace is {one.units.pace(one.value)}, your usual one {one.units.pace(one.limit)}, and no "
            "running step rate was recorded."
        ),
        _IS_RIDE, _SPEED, _col("usual_mps"), _as_sport("Ride"), _CALLED,
    ),
    QualityCheck(
        "overlap", "Two runs at the same time",
        lambda one: f"It overlaps with another run for {one.value_time}, and both are counted.",
        _RUN & _col("other_id").is_not_null(), _col("overlap_s"), leaves_out=True, other="other_id",
    ),
    QualityCheck(
        "twice", "May be one run",
        lambda one: (
            f"Another run has its length and time and began {one.value_time} apart, as when one recording has the "
            "wrong time zone: it may be one run, and both are counted."
        ),
        _RUN & _col("twin_id").is_not_null(), _col("apart_s"), leaves_out=True, other="twin_id",
    ),
    QualityCheck(
        "hike", "Perhaps a walk or a hike",
        lambda one: f"Its mean pace is {one.units.pace(one.value)}{_steps_in_words(one)}.",
        _HIKE & _WALKED, _SPEED, _STEPS, _as_sport("Hike"), _CALLED,
    ),
    QualityCheck(
        "run_elsewhere", "Perhaps a run",
        lambda one: (
            f"It is logged as {one.flag.sport}, yet its mean pace is {one.units.pace(one.value)}"
            f"{_steps_in_words(one)}."
        ),
        _RUN_ELSEWHERE & (_STEPS >= RUNNING_SPM).fill_null(_STEPLESS_RUN), _SPEED, _STEPS, _as_sport("Run"), _CALLED,
    ),
    QualityCheck(
        "cadence_double", "Doubled cadence",
        lambda one: f"Its mean cadence is {one.value:.0f} steps/min; nobody keeps more than {one.limit:.0f}.",
        _RUN & (_STEPS > DOUBLE_SPM), _STEPS, pl.lit(DOUBLE_SPM), {"cadence_scale": pl.lit(0.5)}, _SCALED,
    ),
    QualityCheck(
        "cadence_half", "Halved cadence",
        lambda one: (
            f"Its mean cadence is {one.value:.0f} steps/min at running speed, perhaps the steps of one foot."
        ),
        _RUN & (_STEPS < HALF_SPM) & (_SPEED >= 2.2), _STEPS, pl.lit(HALF_SPM), {"cadence_scale": pl.lit(2.0)},
        _SCALED,
    ),
    QualityCheck(
        "gps_jump", "GPS jumps",
        lambda one: (
            f"For {one.value:.0f} s the recording moves faster than {JUMP_MPS:g} m/s, at most {one.limit:.0f} m/s."
        ),
        _RUN & _UNCUT & (_col("jump_s") >= JUMPED_S), _col("jump_s"), _col("top_mps"), _SUMMARY, _TRUSTED,
    ),
    QualityCheck(
        "altitude_step", "Altitude in steps",
        lambda one: (
            f"Altitude jumps by up to {one.units.height_words(one.value)} from one second to the next; seconds with "
            f"such a jump: {one.limit:.0f}."
        ),
        _RUN & _OUTDOORS & ((_col("steps") >= STEPS) | (_col("step_m") >= STEP_M)), _col("step_m"), _col("steps"),
        _SUMMARY, _TRUSTED,
    ),
    QualityCheck(
        "ascent_steep", "Impossible climb",
        lambda one: (
            f"It climbs {one.units.height_words(one.value)}, that is {one.limit:,.0f} m in each km, more than the "
            "steepest races."
        ),
        _RUN & _OUTDOORS & (_METRES >= 1_000) & (_col("climb_per_km") > _STEEP), _col("climb_m"), _col("climb_per_km"),
        {"ascent_m": pl.when(_OWN / _METRES * 1000 < _STEEP).then(_OWN)}, ("ascent_m", "incline_pct"),
    ),
    QualityCheck(
        "ascent_differs", "Two figures for the climb",
        lambda one: (
            f"The device says {one.units.height_words(one.value)} of climb, its own altitudes add up to "
            f"{one.units.height_words(one.limit)}."
        ),
        _RUN & _OUTDOORS & _BOTH & (_HIGH > ASCENT_TIMES * _LOW) & (_HIGH - _LOW > ASCENT_APART_M), _DEVICE, _OWN,
        {"ascent_m": _OWN, "descent_m": _col("descent_m")}, ("ascent_m",),
    ),
    QualityCheck(
        "moving", "Pauses counted as moving",
        lambda one: (
            f"Its moving time is {one.value_time}; on the move it was recorded for {one.limit_time}."
        ),
        _RUN & _OUTDOORS & _COMPLETE & (_col("speed_s") >= 0.9 * _col("rows_s"))
        & (PAUSED * _col("feet_s") < _MOVING) & (_MOVING - _col("feet_s") > PAUSED_S)
        & (_MOVING <= DAY_S) & (_SPEED >= SLOWEST_MPS) & _UNCUT & _RODE_END.not_(),
        _MOVING, _col("feet_s"), {"moving_s": pl.when(_TIME_FITS).then("feet_s")}, ("moving_s",),
    ),
    QualityCheck(
        "no_distance", "No distance",
        lambda one: f"It lasted {one.value_time} and has no distance, so its load rests on your easy speed.",
        _RUN & (_METRES.fill_null(0.0) <= 0) & (_MOVING >= 60), _MOVING,
        correction=_TO_RECORDED, settled_by=("distance_m",),
    ),
    QualityCheck(
        "wrong_day", "Perhaps another day",
        lambda one: "By the time zone it was recorded in, it started on another date.",
        _col("zone_date") != _col("local_date"), pl.lit(None, pl.Float64),
        correction={"local_date": _col("zone_date")}, settled_by=("local_date",),
    ),
    QualityCheck(
        "night_start", "A start in the night",
        lambda one: (
            f"Started at {int(one.value):d}:{one.value % 1 * 60:02.0f} in the night? Perhaps you were in another time "
            f"zone. If many do, set your time zone in the settings."
        ),
        _RUN & _col("unzoned_h").is_between(0.01, NIGHT_H), _col("unzoned_h"), pl.lit(NIGHT_H),
        {"local_date": _col("local_date") - pl.duration(days=1)}, ("local_date",),
    ),
    QualityCheck(
        "watch", "Watch and service differ",
        lambda one: (
            f"The recording is {exact_distance(one.units, one.value)} long, the service says "
            f"{exact_distance(one.units, one.limit)}, which is the one counted."
        ),
        _RUN & _UNCUT & _RODE_END.not_() & (_APART > WATCH) & (_col("rows_s") >= 300), _col("recorded_m"), _METRES,
        {"distance_m": pl.when((_APART <= WATCH_CORRECTS) & _OUTDOORS).then("recorded_m")}, ("distance_m",),
    ),
    QualityCheck(
        "elapsed", "The clock was left running",
        lambda one: (
            f"From start to end {one.value_time} went by, of which {one.limit_time} count as moving."
        ),
        _RUN & (_col("elapsed_s") > ELAPSED_S) & (_MOVING <= DAY_S), _col("elapsed_s"), _MOVING,
    ),
    QualityCheck(
        "frozen_heart", "Frozen heart rate",
        lambda one: (
            f"For {one.value_time} heart rate did not move by a single beat. Load does not rest on it."
        ),
        _RUN & (_col("frozen_s") >= FROZEN_S), _col("frozen_s"), pl.lit(FROZEN_S),
    ),
)  # fmt: skip
"""Every kind, gravest first; the order is that of the list a reader sees."""


def find_check(kind: str) -> QualityCheck:
    """Return the check that raises one kind of flag."""
    return next(check for check in QUALITY_CHECKS if check.id == kind)


def quality_flags(
    activities: pl.DataFrame,
    samples: pl.DataFrame,
    today: date,
    outside: pl.DataFrame | None = None,
) -> list[QualityFlag]:
    """Raise every flag that no person has settled."""
    facts = quality_facts(activities, samples, outside).with_columns(today=pl.lit(today))
    raised = facts.select((check.when & _unsettled(check)).alias(check.id) for check in QUALITY_CHECKS)
    flags: list[QualityFlag] = []
    for severity, check in enumerate(QUALITY_CHECKS):
        if raised[check.id].any():  # most raise nothing
            flags += [_flag(row, check, severity) for row in _rows(facts.filter(raised[check.id]), check)]
    return flags


def _unsettled(check: QualityCheck) -> pl.Expr:
    confirmed = pl.col("kept_flags").fill_null("").str.split(" ").list.contains(check.id)
    edited = [was_edited(field) for field in check.settled_by]
    return pl.all_horizontal(confirmed.not_(), *(one.not_() for one in edited))


def _rows(raised: pl.DataFrame, check: QualityCheck) -> list[dict[str, Any]]:
    known = ("activity_id", "local_date", "name", "sport")
    other = pl.lit(None, pl.String) if check.other is None else pl.col(check.other)
    numbers = [check.value.cast(pl.Float64).alias("value"), check.limit.cast(pl.Float64).alias("limit")]
    proposed = [value.alias(f"|{field}") for field, value in check.correction.items()]
    newest_first = raised.sort(["local_date", "activity_id"], descending=[True, False])
    return newest_first.select(*known, other.alias("other"), *numbers, *proposed).rows(named=True)


def _flag(row: dict[str, Any], check: QualityCheck, severity: int) -> QualityFlag:
    values = [(field, row[f"|{field}"]) for field in check.correction]
    return QualityFlag(
        activity_id=row["activity_id"],
        kind=check.id,
        severity=severity,
        local_date=row["local_date"],
        name=row["name"],
        sport=row["sport"],
        value=row["value"],
        limit=row["limit"],
        correction=tuple((field, value) for field, value in values if value is not None),
        leaves_out=check.leaves_out,
        other_id=row["other"],
    )
