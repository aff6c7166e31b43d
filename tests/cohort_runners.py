"""The benchmark cohort: simulated runners with a life, and overloads planted in it by a stated amount.

Made without the model: no code and no number is shared, only the frames that a connector would give. Each
runner has weekly plans, terrain, pairs of shoes, holidays, illness, races and seasons of slow build-up. Half of
them are careful: their plan is trimmed wherever a week would rise more than 18 % above their own past, so
that nothing but the planted overloads is there to be found. The others live as it comes, and their weeks
sometimes rise by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cohort_sessions as sessions
import cohort_tissue as tissue
import numpy as np
from cohort_plans import DAYS, YEARS, Habits, absences, habits, planned, raised, seasons
from cohort_sessions import Session

CAUSES = ("volume", "speed", "hills", "shoe", "long run", "several")
TRIM = 1.18
"""Most that a careful week is over the past; held for weeks it is a growth of some 5.5 % a week."""
CALM = 1.04
"""Before a cause is planted in them, the weeks are brought to at most this over the past."""
SEED = 20_261
FIRST_PLANT, BETWEEN_PLANTS = 120, (100, 135)
AMOUNTS = (1.45, 2.0)
EASY_AMOUNTS = (1.6, 2.1)
SMALL_AMOUNTS = (1.40, 1.60)  # several changes, each of them small
LEAST_PLANTED = 1.38
"""An overload that cannot be brought to this much (a long run within a big week, say) is not planted."""


@dataclass(frozen=True)
class Plant:
    """One planted overload."""

    cause: str
    first: int
    last: int
    amount: float  # largest week over the past that it reached, by the generator's own tendon


@dataclass
class Runner:
    """One simulated runner and everything that happened."""

    number: int
    habits: Habits
    is_easy: bool = False
    seed: int = SEED
    sessions: list[Session] = field(default_factory=list)
    load: np.ndarray = field(default_factory=lambda: np.zeros(DAYS))
    plants: list[Plant] = field(default_factory=list)
    not_planted: list[str] = field(default_factory=list)  # causes that could not be brought to the amount
    building: np.ndarray = field(default_factory=lambda: np.zeros(DAYS))  # growth a week, 0 none
    away: np.ndarray = field(default_factory=lambda: np.zeros(DAYS, dtype=bool))

    @property
    def jump(self) -> np.ndarray:
        """Week over past of each day, in the truth of the generator."""
        return tissue.jumps(self.load)


def grown(number: int, seed: int = SEED, is_easy: bool = False) -> Runner:
    """Let one runner live for three years.

    Parameters
    ----------
    number : int
        From 0; even numbers are careful. The same number and seed always give the same life.
    seed : int
        Another seed is another cohort.
    is_easy : bool
        A life without seasons, holidays and illness, all runners careful, overloads of 1.6 to 2.1, and records that
        lack nothing: what is missed here is missed by the rule or by the forces, and not by how people live.

    Returns
    -------
    Runner
        Sessions, true daily load and planted overloads.
    """
    rng = np.random.default_rng([seed, number])
    who = habits(2 * number if is_easy else number, rng)
    runner = Runner(number, who, is_easy, seed)
    wanted = _plant_days(number, rng, EASY_AMOUNTS if is_easy else AMOUNTS)
    factor, runner.building = (np.ones(DAYS), np.zeros(DAYS)) if is_easy else seasons(rng)
    spans = [(first, last) for _, first, last, _ in wanted]
    left = np.ones(DAYS) if is_easy else absences(rng, spans)
    factor, runner.away = factor * left, left < 1
    races = np.zeros(DAYS + 8, dtype=bool)
    for day in rng.choice(np.arange(60, DAYS - 7), 4 * YEARS, replace=False).tolist():
        sunday = day - day % 7 + 6
        near = any(first - 14 <= sunday <= last + 14 for _, first, last, _ in wanted)
        races[sunday] = not near
    days = [raised(races, d, planned(who, d, float(factor[d]), rng), who) for d in range(DAYS)]
    starts = {first: (cause, last, amount) for cause, first, last, amount in wanted}
    day = 0
    while day < DAYS:
        if day in starts:
            cause, last, amount = starts[day]
            _plant(runner, cause, days[day : last + 1], day, last, amount)
            day = last + 1
            continue
        _live(runner, days[day], day)
        day += 1
    return runner


def _plant_days(
    number: int, rng: np.random.Generator, amounts: tuple[float, float]
) -> list[tuple[str, int, int, float]]:
    found, day, turn = [], FIRST_PLANT + int(rng.integers(0, 30)), number
    while day < DAYS - 40:
        cause = CAUSES[turn % len(CAUSES)]
        monday = day - day % 7
        length = 7 if cause == "long run" else int(rng.choice([14, 21]))
        amount = rng.uniform(*(SMALL_AMOUNTS if cause == "several" else amounts))
        found.append((cause, monday, monday + length - 1, amount))
        day, turn = day + int(rng.integers(*BETWEEN_PLANTS)), turn + 1
    return found


def _live(runner: Runner, session: Session | None, day: int) -> None:
    if session is None:
        return
    worn = tissue.wear(runner.habits.tendon, sessions.blocks(runner.habits.tendon, session))
    if runner.habits.careful and day >= 42:
        room = _room(runner, day)
        if worn > room:
            if room < 0.35 * worn:
                return
            session = replace(session, minutes=session.minutes * room / worn)
            worn = tissue.wear(runner.habits.tendon, sessions.blocks(runner.habits.tendon, session))
    runner.sessions.append(session)
    runner.load[day] += worn


def _room(runner: Runner, day: int) -> float:
    """How much a careful runner's day may hold."""
    load, week, past = runner.load, tissue.WEEK_DAYS, tissue.PAST_DAYS
    before = load[day - week + 1 - past : day - week + 1].sum() / past
    whole_weeks = load[: day - day % week].reshape(-1, week).sum(axis=1) / week
    usual = max(before, tissue.FLOOR_OF_USUAL * float(np.median(whole_weeks)))
    return TRIM * week * usual - load[day - week + 1 : day].sum()


def _plant(
    runner: Runner, cause: str, days: list[Session | None], first: int, last: int, amount: float
) -> None:
    """Find the strength at which the week rises over the past by the stated amount, and plant that."""
    tendon, who = runner.habits.tendon, runner.habits
    new_pair = len(who.pairs) - (1 if cause == "shoe" else 2)
    base = [s for s in days if s is not None]
    if not base:
        return
    target = max(base, key=lambda s: s.minutes)

    def at(strength: float) -> tuple[list[Session], np.ndarray, float]:
        made, load = [], runner.load.copy()
        for s in base:
            chosen = s is target or cause != "long run"
            made.append(sessions.changed(s, cause, strength, new_pair, who.pairs[0][1]) if chosen else s)
            load[s.day] += tissue.wear(tendon, sessions.blocks(tendon, made[-1]))
        return made, load, float(np.nanmax(tissue.jumps(load[: last + 1])[first:]))

    calm = at(0.0)[2] / CALM
    base = [replace(s, minutes=s.minutes / max(calm, 1.0)) for s in base]
    target = max(base, key=lambda s: s.minutes)
    low, high = 0.0, 1.0
    for _ in range(9):
        middle = (low + high) / 2
        low, high = (middle, high) if at(middle)[2] < amount else (low, middle)
    made, load, reached = at(high)
    if reached < LEAST_PLANTED:
        runner.not_planted.append(cause)
        for s in base:
            _live(runner, s, s.day)
        return
    runner.sessions.extend(made)
    runner.load = load
    changed = [s.day for s in made if s.plant]
    runner.plants.append(Plant(cause, min(changed), max(changed), reached))
