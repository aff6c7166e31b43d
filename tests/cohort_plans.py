"""How the cohort's runners live: habits, seasons, holidays and illness, races, and what one day's plan becomes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cohort_tissue as tissue
import numpy as np
from cohort_sessions import Session

YEARS = 3
DAYS = 365 * YEARS


@dataclass
class Habits:
    """How a runner lives and trains."""

    careful: bool
    tendon: tissue.Tendon
    weekdays: list[tuple[int, str, float]]  # weekday, kind, share of the week
    week_minutes: float
    roughness: float
    belt_share: float
    scatter: float
    miss: float
    pairs: list[tuple[str, float]]  # kind, pull; the first is for every day, the last two for planting
    race_pair: int


def habits(number: int, rng: np.random.Generator) -> Habits:
    runs = int(rng.integers(3, 7))
    days = [*sorted(rng.choice(6, runs - 1, replace=False).tolist()), 6]
    weekdays = [(d, "easy", (0.72 if runs > 1 else 1.0) / (runs - 1)) for d in days[:-1]] + [
        (6, "long", 0.28)
    ]
    if runs >= 4:
        weekdays[1] = (weekdays[1][0], str(rng.choice(["tempo", "intervals"])), weekdays[1][2])
    pairs = [("conventional", float(rng.normal(1, 0.012)))]
    pairs.append((str(rng.choice(["conventional", "maximalist", "trail"])), float(rng.normal(0.985, 0.015))))
    pairs += [("conventional", 1.035), ("minimalist", 1.2)]  # the third has less drop; both for planting
    return Habits(
        careful=number % 2 == 0,
        tendon=tissue.born(rng, rng.uniform(2.5, 3.5)),
        weekdays=weekdays,
        week_minutes=rng.uniform(40, 62) * runs,
        roughness=rng.uniform(0.5, 3.0),
        belt_share=float(rng.choice([0.0, 0.0, 0.1, 0.3])),
        scatter=rng.uniform(0.05, 0.14) if number % 2 == 0 else rng.uniform(0.12, 0.25),
        miss=rng.uniform(0.02, 0.06) if number % 2 == 0 else rng.uniform(0.05, 0.16),
        pairs=pairs,
        race_pair=1,
    )


def seasons(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Plan factor of each day, and by how much a week it grows where it builds up slowly."""
    factor, building = np.ones(DAYS), np.zeros(DAYS)
    for year in range(YEARS):
        start = year * 365 + int(rng.integers(50, 110))
        weeks, rate = int(rng.integers(8, 13)), rng.uniform(0.03, 0.05)
        for week in range(weeks):
            at = slice(start + 7 * week, start + 7 * week + 7)
            factor[at] = (1 + rate) ** (week + 1)
            building[at] = rate
        top = (1 + rate) ** weeks
        factor[start + 7 * weeks : start + 7 * weeks + 42] = top
        back = start + 7 * weeks + 42
        factor[back : back + 42] = np.linspace(top, 1, len(factor[back : back + 42]))
    for week in range(DAYS // 7 + 1):  # every fourth week a little less
        factor[7 * week : 7 * week + 7] *= 0.85 if week % 4 == 3 else 1.0
    return factor, building


def absences(rng: np.random.Generator, plants: list[tuple[int, int]]) -> np.ndarray:
    """Share of the plan that holiday and illness leave, away from the planted weeks."""
    left = np.ones(DAYS)
    for year in range(YEARS):
        for longest, kept in ((17, 0.0), (9, 0.0), (12, 0.5), (6, 0.0)):
            for _ in range(40):  # until it fits between the plants
                start, length = year * 365 + int(rng.integers(0, 340)), int(rng.integers(4, longest))
                if all(start > last + 14 or start + length < first - 42 for first, last in plants):
                    left[start : start + length] = kept
                    break
    return left


def planned(who: Habits, day: int, factor: float, rng: np.random.Generator) -> Session | None:
    """What the plan, the weather and the mood make of one day."""
    todays = [entry for entry in who.weekdays if entry[0] == day % 7]
    missed, scatter, indoors, seed, pair = (
        rng.random() < who.miss, rng.normal(0, who.scatter), rng.random() < who.belt_share,
        int(rng.integers(2**31)), rng.random(),
    )  # fmt: skip
    if not todays or missed or factor <= 0:
        return None
    _, kind, share = todays[0]
    minutes = who.week_minutes * share * factor * float(np.exp(scatter))
    shoe = who.race_pair if kind in ("intervals", "tempo") or pair < 0.15 else 0
    belt = indoors and kind in ("easy", "intervals")
    habit = 1 + 0.006 * float(np.sin(seed))
    return Session(
        day, kind, minutes, seed, who.roughness, shoe, who.pairs[shoe][1], belt, stride_habit=habit
    )


def raised(races: np.ndarray, day: int, session: Session | None, who: Habits) -> Session | None:
    """Put races in, and easier days before them."""
    if races[day] and session is not None:
        return replace(
            session, kind="race", on_belt=False, shoe=who.race_pair, pair_pull=who.pairs[who.race_pair][1]
        )
    if races[day + 1 : day + 6].any() and session is not None:
        return replace(session, kind="recovery", minutes=0.75 * session.minutes)
    return session
