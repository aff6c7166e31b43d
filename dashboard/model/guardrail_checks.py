"""What each guardrail says of a plan: where it is crossed, by how much, and where it cannot be told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from dashboard.model.guardrails import Crossing, Ground, Kind, Limit
from dashboard.model.planned import Plan, PlannedRun
from dashboard.model.planned_weeks import by_week, longest_before, open_runs, total
from dashboard.model.windows import JOIN_GAP, joined_stretches

WEEK = timedelta(days=7)
HARD_FAST_S = 600.0
HARD_LOAD = 1.5
"""Load of a hard run over the median run. Design choice, as the ten fast minutes."""
RAISED = 1.1
"""From here a channel counts as raised over the usual week. Design choice."""
TOLERANCE = 1e-9
LOAD_DAYS = 3
CHANNELS = ("distance_m", "fast_s", "ascent_m")

Check = Callable[[Plan, float, Ground], list[Crossing]]


def is_hard(run: PlannedRun, ground: Ground) -> bool:
    """Tell whether a run makes its day a hard one.

    Parameters
    ----------
    run : PlannedRun
        Done or planned.
    ground : Ground
        `load_of` and the median run.

    Returns
    -------
    bool
        Ten fast minutes or more, or half as much load again as the median run.

    Source
    ------
    ours, after the light, medium and high days of Silbernagel and Crossley 2015.
    """
    load, middle = ground.load_of(run), ground.usual.run_tkm
    return (run.fast_s or 0.0) >= HARD_FAST_S or (
        load is not None and middle is not None and load >= HARD_LOAD * middle
    )


def _pain(plan: Plan, value: float, ground: Ground) -> list[Crossing]:
    if not ground.pain.crossed:
        return []
    last = (
        total((r for r in ground.done if ground.until - WEEK < r.date <= ground.until), "distance_m") or 0.0
    )
    ahead = [run for run in open_runs(plan, ground) if run.date <= ground.until + WEEK]
    planned = total(ahead, "distance_m") or 0.0
    above = planned > last * (1 + TOLERANCE) + TOLERANCE
    return [Crossing(min(run.date for run in ahead), planned, last, "distance")] if above else []


def _long_run(plan: Plan, value: float, ground: Ground) -> list[Crossing]:
    ahead = sorted(open_runs(plan, ground), key=lambda run: (run.date, run.distance_m or 0.0))
    found = []
    for run in ahead:
        longest = longest_before((*ground.done, *ahead), run.date)
        if longest is not None and (run.distance_m or 0.0) > longest * value / 100 * (1 + TOLERANCE):
            found.append(Crossing(run.date, run.distance_m or 0.0, longest * value / 100, "distance"))
    return found


def _weekly(channel: str, kind: Kind, usual: str) -> Check:
    def check(plan: Plan, value: float, ground: Ground) -> list[Crossing]:
        own = getattr(ground.usual, usual)
        if own is None:
            return []
        limit = own * (1 + value / 100)
        sums = {week: total(runs, channel) for week, runs in by_week(plan, ground).items()}
        return [
            Crossing(week, amount, limit, kind)
            for week, amount in sums.items()
            if amount is not None and amount > limit * (1 + TOLERANCE) + TOLERANCE
        ]

    return check


def _shoe(plan: Plan, value: float, ground: Ground) -> list[Crossing]:
    found = []
    for week, runs in by_week(plan, ground).items():
        whole = total(runs, "distance_m") or 0.0
        watched = total((run for run in runs if run.shoe_id in ground.watched), "distance_m") or 0.0
        if whole and watched / whole > value / 100 + TOLERANCE:
            found.append(Crossing(week, 100 * watched / whole, value, "share"))
    return found


def _hard_days(plan: Plan, value: float, ground: Ground) -> list[Crossing]:
    runs = (*ground.done, *open_runs(plan, ground))
    dates = sorted({run.date for run in runs if is_hard(run, ground)})
    return [
        Crossing(later, (later - earlier).days, value, "days")
        for earlier, later in pairwise(dates)
        if later > ground.until and (later - earlier).days < value
    ]


def raised(runs: Iterable[PlannedRun], ground: Ground) -> dict[str, float]:
    """Tell which channels of a week lie above the usual week.

    Parameters
    ----------
    runs : iterable of PlannedRun
        Of one week.
    ground : Ground
        `usual`.

    Returns
    -------
    dict of str to float
        Channel to its sum over usual; infinity where usual is none. A channel that is not known is left out.

    Source
    ------
    ours: more than 10 % above.
    """
    listed, found = list(runs), {}
    for channel in CHANNELS:
        usual, planned = getattr(ground.usual, channel), total(listed, channel)
        if (
            usual is not None
            and planned is not None
            and planned > RAISED * usual * (1 + TOLERANCE) + TOLERANCE
        ):
            found[channel] = planned / usual if usual else float("inf")
    return found


def _one_channel(plan: Plan, value: float, ground: Ground) -> list[Crossing]:
    counts = {week: len(raised(runs, ground)) for week, runs in by_week(plan, ground).items()}
    return [Crossing(week, count, value, "count") for week, count in counts.items() if count > value]


def load_windows(plan: Plan, ground: Ground) -> list[tuple[date, date, float]]:
    """Return the stretches of planned days at or above the runner's own threshold.

    Parameters
    ----------
    plan : tuple of PlannedRun
        What is planned.
    ground : Ground
        `ratios_of` and `threshold`.

    Returns
    -------
    list of tuple of date, date and float
        First and last such day, and the largest ratio; by the rule of the windows, three days of seven.
    """
    if ground.threshold is None:
        return []
    rows = ground.ratios_of(plan)
    ratio = np.array([value for _, value in rows])
    high = np.nan_to_num(ratio, nan=-1.0) >= ground.threshold - TOLERANCE
    return [
        (rows[first][0], rows[last][0], float(np.nanmax(ratio[first : last + 1])))
        for first, last in joined_stretches(high, LOAD_DAYS, JOIN_GAP)
    ]


def _load(plan: Plan, value: float, ground: Ground) -> list[Crossing]:
    return [
        Crossing(first, peak, ground.threshold or 0.0, "ratio")
        for first, _, peak in load_windows(plan, ground)
    ]


CHECKS: Mapping[str, Check] = {
    "pain": _pain,
    "long_run": _long_run,
    "fast": _weekly("fast_s", "time", "fast_s"),
    "descent": _weekly("falls_m", "height", "descent_m"),
    "shoe": _shoe,
    "hard_days": _hard_days,
    "one_channel": _one_channel,
    "load": _load,
}
"""One check for each guardrail."""


def crossings(plan: Plan, limits: Mapping[str, Limit], ground: Ground) -> dict[str, list[Crossing]]:
    """Hold a plan against every guardrail that is on.

    Parameters
    ----------
    plan : tuple of PlannedRun
        What is planned.
    limits : mapping of str to Limit
        As from `guardrails.limits_of`.
    ground : Ground
        What it is held against.

    Returns
    -------
    dict of str to list of Crossing
        For each guardrail that is on; an empty list is kept.

    Source
    ------
    ours.
    """
    return {name: CHECKS[name](plan, limit.value, ground) for name, limit in limits.items() if limit.is_on}


def untold(name: str, plan: Plan, ground: Ground) -> bool:
    """Tell whether a guardrail cannot be checked for want of records.

    Parameters
    ----------
    name : str
        Of the guardrail.
    plan, ground
        As for `crossings`.

    Returns
    -------
    bool
        True where nothing was logged, nothing is usual yet, or no run came before.

    Source
    ------
    ours: not checked is not the same as kept.
    """
    usual, ahead = ground.usual, open_runs(plan, ground)
    return {
        "pain": not ground.pain.is_known,
        "long_run": any(longest_before((*ground.done, *ahead), run.date) is None for run in ahead),
        "fast": usual.fast_s is None,
        "descent": usual.descent_m is None,
        "shoe": any(run.shoe_id is None for run in ahead),
        "hard_days": usual.run_tkm is None,
        "one_channel": usual.distance_m is None,
        "load": ground.threshold is None or any(ground.load_of(run) is None for run in ahead),
    }[name]
