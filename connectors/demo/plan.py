"""The training of the made-up runner: what was planned week by week, and what was planted in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np

from connectors.demo.weeks import PHASES, WEEKS, Phase

DAYS = 548
BASE_KM = 36.0
HOME = "Europe/Vienna"
AWAY = "Atlantic/Madeira"
PlantedKind = Literal["overload", "stacked", "overload_without_flare", "spell_without_overload", "holiday"]


@dataclass(frozen=True)
class Planted:
    """One thing put into the data on purpose, so that a test can ask whether it is found.

    Parameters
    ----------
    kind
        "overload" and "stacked" are followed by a flare; the other kinds say themselves what they are.
    what
        What was changed, in words.
    from_day, to_day
        First and last day, counted from the first day of the demo.
    flare_day
        Day on which symptoms begin; None where none follow.
    """

    kind: PlantedKind
    what: str
    from_day: int
    to_day: int
    flare_day: int | None = None

    def dates(self, today: date | None = None) -> tuple[date, date]:
        """Give the first and last date.

        Parameters
        ----------
        today : date or None
            The day after the last of the demo; None is the real one.

        Returns
        -------
        tuple of date and date
            Local dates.

        Source
        ------
        ours.
        """
        start = first_date(today)
        return start + timedelta(self.from_day), start + timedelta(self.to_day)


PLANTED = (
    Planted("overload", "half as much again within a week", 70, 83, 84),
    Planted("overload", "two track sessions a week and more of everything", 147, 167, 163),
    Planted("holiday", "thirteen days without a run", 196, 208),
    Planted("overload", "two weeks of steep trails on a trip", 259, 272, 270),
    Planted("spell_without_overload", "a mild spell with nothing before it", 372, 379, 372),
    Planted("stacked", "a little more, faster, hillier, slower steps, a new shoe", 406, 426, 421),
    Planted("overload_without_flare", "three long weeks before the race", 469, 489),
)
"""What a sound analysis finds in the demo, and what it must not read more into."""


RACE_M = 21_150.0
_LOOSE = ("plain", "five")
_UNEVEN = 0.09
_TREADMILL = ((4, 1), (5, 1), (6, 3), (63, 1), (64, 1))
_MANUAL = (17, 3)


@dataclass(frozen=True)
class Outing:
    """One planned session.

    Parameters
    ----------
    day
        From the first day of the demo.
    week
        From 0.
    kind
        easy, long, tempo, hills, track, trail, race, ride or walk.
    distance_m
        To be covered.
    faster, cadence, hillier
        As in `Phase`.
    hour
        Local time of the start, hours.
    is_indoor, is_manual
        Treadmill; entered by hand without a recording.
    has_cadence
        Whether the device counted steps.
    shoe
        Key of the pair; None where the runner did not say.
    zone
        IANA zone.
    """

    day: int
    week: int
    kind: str
    distance_m: float
    faster: float = 1.0
    cadence: float = 1.0
    hillier: float = 0.0
    hour: float = 18.0
    is_indoor: bool = False
    is_manual: bool = False
    has_cadence: bool = True
    shoe: str | None = None
    zone: str = HOME


def first_date(today: date | None = None) -> date:
    """Give the first day of the demo.

    Parameters
    ----------
    today : date or None
        The day after the last of the demo; None is the real one.

    Returns
    -------
    date
        A Monday, 548 to 554 days before the last day.

    Source
    ------
    ours: whole weeks keep long runs on Sundays whatever day it is.
    """
    earliest = (today or date.today()) - timedelta(DAYS + 1)
    return earliest - timedelta(earliest.weekday())


def outings() -> list[Outing]:
    """Plan every session of the demo.

    Returns
    -------
    list of Outing
        By day, for some weeks longer than the demo lasts; always the same.

    Source
    ------
    ours: written by hand, so that the answer is known.
    """
    noise = np.random.default_rng(20_260_501)
    planned: list[Outing] = []
    week = 0
    for phase in PHASES:
        for _ in range(phase.weeks):
            shape = "five" if phase.shape == "plain" and week % 3 == 1 else phase.shape
            volume = phase.volume * (1 + (_UNEVEN * float(noise.uniform(-1, 1)) if shape in _LOOSE else 0))
            for weekday, kind, share in WEEKS[shape]:
                planned.append(_outing(phase, week, weekday, kind, share * volume, noise))
            planned.extend(_beside(week, noise))
            week += 1
    planned.sort(key=lambda outing: (outing.day, outing.hour))
    return [_with_gaps(number, outing) for number, outing in enumerate(planned)]


def _outing(
    phase: Phase, week: int, weekday: int, kind: str, share: float, noise: np.random.Generator
) -> Outing:
    if kind == "quality":
        kind = "hills" if week % 3 == 2 else "tempo"
    metres = share * BASE_KM * 1000 * (1 + 0.05 * noise.standard_normal())
    return Outing(
        day=week * 7 + weekday,
        week=week,
        kind=kind,
        distance_m=RACE_M if kind == "race" else float(metres),
        faster=phase.faster,
        cadence=phase.cadence,
        hillier=phase.hillier if kind != "track" else 0.0,
        hour=(9.0 if weekday >= 5 else 17.8) + float(noise.uniform(-0.7, 0.7)),
        is_indoor=(week, weekday) in _TREADMILL,
        is_manual=(week, weekday) == _MANUAL,
        shoe=_shoe(week, weekday, kind),
        zone=AWAY if phase.shape == "trip" else HOME,
    )


def _shoe(week: int, weekday: int, kind: str) -> str | None:
    """Choose the pair: two trainers one after the other, a lower one from week 46, the lowest from week 58."""
    if kind in ("trail", "hills"):
        return "trail"
    if kind in ("track", "race"):
        return "racer"
    if 58 <= week <= 60 and weekday != 1:
        return "lowest"
    if week >= 46 and weekday in (2, 3, 5):
        return "low"
    return "trainer_old" if week < 24 or (week < 30 and weekday == 1) else "trainer_new"


def _beside(week: int, noise: np.random.Generator) -> list[Outing]:
    """Rides and walks: context that is no running load."""
    shoeless = {"week": week, "has_cadence": False}
    beside = [Outing(day=week * 7 + 4, kind="walk", distance_m=float(noise.uniform(2500, 6000)), **shoeless)]
    if week % 2:
        metres = float(noise.uniform(18_000, 45_000))
        beside.append(Outing(day=week * 7 + 5, kind="ride", distance_m=metres, hour=14.0, **shoeless))
    return beside


def _with_gaps(number: int, outing: Outing) -> Outing:
    """Leave out what a runner forgets and a watch misses."""
    if outing.kind in ("ride", "walk", "race"):
        return outing
    changes = {
        **({"has_cadence": False} if number % 37 == 5 else {}),
        **({"shoe": None} if number % 41 == 7 else {}),
    }
    return Outing(**{**outing.__dict__, **changes})
