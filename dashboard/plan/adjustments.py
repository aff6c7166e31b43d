"""Changes to planned runs as a person would make them: few runs, in half kilometres, five minutes, ten metres."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import floor

from dashboard.plan.planned_runs import Plan, PlannedRun
from dashboard.shared.units import METRES_PER_FOOT, METRES_PER_MILE, Units

FAST_STEP_S = 300.0
FINE = 5
"""An amount below four steps is rounded to a fifth of one, so that a short run is not rounded away."""
COARSE_FROM = 4
ONE_RUN = 0.3
"""Share of the longest run that may be taken off it alone; beyond it every run is shortened. Design choice."""
FIX_TOLERANCE = 1e-6
HILLS = ("ascent_m", "descent_m")


@dataclass(frozen=True)
class RoundingSteps:
    """What changes are rounded to, in SI units."""

    distance_m: float = 500.0
    height_m: float = 10.0

    def of(self, channel: str) -> float:
        """Return the step of one channel."""
        return {"distance_m": self.distance_m, "fast_s": FAST_STEP_S}.get(channel, self.height_m)


METRIC = RoundingSteps()


def rounding_steps(units: Units) -> RoundingSteps:
    """Return the steps of a reader: half a mile and fifty feet where miles and feet are read."""
    return RoundingSteps(
        METRES_PER_MILE / 2 if units.distance_unit == "mi" else METRIC.distance_m,
        50 * METRES_PER_FOOT if units.height_unit == "ft" else METRIC.height_m,
    )


def round_down(channel: str, value: float, steps: RoundingSteps = METRIC) -> float:
    """Round an amount of a channel down to its step."""
    step = steps.of(channel)
    if channel == "distance_m" and value < COARSE_FROM * step:
        step /= FINE
    return max(0.0, floor(value / step + FIX_TOLERANCE) * step)


def scale_runs(
    plan: Plan,
    inside: Callable[[PlannedRun], bool],
    share: float,
    steps: RoundingSteps,
) -> Plan:
    """Shorten every run chosen to the same share."""
    return tuple(
        shorten_run(run, round_down("distance_m", run.distance_m * share, steps))
        if inside(run) and run.distance_m
        else run
        for run in plan
    )


def with_amount(run: PlannedRun, channel: str, amount: float) -> PlannedRun:
    """Set one channel of a run; climb and descent go with its distance, descent with its climb."""
    if channel == "runs":
        return replace(run, distance_m=0.0, fast_s=0.0, ascent_m=0.0, descent_m=0.0)
    own = getattr(run, channel)
    if channel == "falls_m":
        return replace(run, **{"ascent_m" if run.descent_m is None else "descent_m": amount})
    if channel == "distance_m":
        return shorten_run(run, amount)
    if channel == "ascent_m" and own and run.descent_m is not None:
        return replace(run, ascent_m=amount, descent_m=run.descent_m * amount / own)
    return replace(run, **{channel: amount})


def shorten_run(run: PlannedRun, metres: float) -> PlannedRun:
    """Set the distance of a run; climb and descent go with it."""
    if not run.distance_m:
        return run
    share = metres / run.distance_m
    hills = {name: None if (own := getattr(run, name)) is None else own * share for name in HILLS}
    return replace(run, distance_m=metres, **hills)


def reduced_amounts(
    amounts: Sequence[float], room: float, channel: str, steps: RoundingSteps = METRIC
) -> list[float]:
    """Bring amounts down to a sum by changing as few of them as a person would."""
    excess = sum(amounts) - room
    if excess <= 0:
        return list(amounts)
    largest = max(amounts)
    if channel == "distance_m" and excess > ONE_RUN * largest:
        return _all_shorter(amounts, max(0.0, room), steps)
    return _largest_first(amounts, excess, channel, steps)


def _largest_first(
    amounts: Sequence[float], excess: float, channel: str, steps: RoundingSteps
) -> list[float]:
    reduced = list(amounts)
    for place in sorted(range(len(amounts)), key=lambda n: -amounts[n]):
        if excess <= FIX_TOLERANCE:
            break
        reduced[place] = round_down(channel, max(0.0, amounts[place] - excess), steps)
        excess -= amounts[place] - reduced[place]
    return reduced


def _all_shorter(amounts: Sequence[float], room: float, steps: RoundingSteps) -> list[float]:
    """Shorten all by the same share; what rounding leaves over goes back to the longest."""
    share = room / sum(amounts)
    reduced = [round_down("distance_m", own * share, steps) for own in amounts]
    place = max(range(len(amounts)), key=lambda n: amounts[n])
    over = round_down("distance_m", reduced[place] + room - sum(reduced), steps)
    reduced[place] = max(reduced[place], min(amounts[place], over))
    return reduced


def replace_run(plan: Plan, place: int, run: PlannedRun) -> Plan:
    """Return the plan with another run in one place."""
    return (*plan[:place], run, *plan[place + 1 :])


def plan_differences(plan: Plan, changed: Plan) -> list[tuple[PlannedRun, PlannedRun]]:
    """Return the runs that a change touches."""
    return [(one, other) for one, other in zip(plan, changed, strict=True) if one != other]
