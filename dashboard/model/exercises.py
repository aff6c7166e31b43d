"""Exercises of foot, calf, hip and trunk as data: what each is, and what is known of its tendon load."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Part = Literal["calf", "foot", "ankle", "hip", "core"]

PARTS: dict[Part, str] = {
    "calf": "Calf",
    "foot": "Foot",
    "ankle": "Ankle",
    "hip": "Hip and thigh",
    "core": "Core",
}
PEAK_SOURCE = (
    "Baxter 2021, Med Sci Sports Exerc 53:124 (doi:10.1249/MSS.0000000000002459), abstract: eight healthy adults, "
    "thirty exercises, force estimated with a 5 cm lever"
)


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Parameters
    ----------
    name
        What the ledger calls it.
    part
        Part of the body it is meant for.
    kind
        One of `connectors.frames.EXERCISE_KINDS`; None where it may be done in several ways.
    knee
        "straight" or "bent" while the calf is loaded; None where that does not matter or is not fixed.
    peak_bw
        Highest Achilles force of one repetition without added weight, in body weights, as a study estimated it;
        None: not known to us.
    """

    name: str
    part: Part
    kind: str | None = None
    knee: str | None = None
    peak_bw: float | None = None


CATALOGUE = (
    Exercise("Two-leg heel raise", "calf", "slow_heavy", "straight"),
    Exercise("Single-leg heel raise", "calf", "slow_heavy", "straight"),
    Exercise("Single-leg heel raise, bent knee", "calf", "slow_heavy", "bent"),
    Exercise("Standing calf raise with barbell", "calf", "slow_heavy", "straight"),
    Exercise("Leg-press calf raise", "calf", "slow_heavy", "straight"),
    Exercise("Seated calf raise, weighted", "calf", "slow_heavy", "bent"),
    Exercise("Seated heel raise", "calf", "slow_heavy", "bent", 0.5),
    Exercise("Calf hold, straight knee", "calf", "isometric", "straight"),
    Exercise("Seated calf hold", "calf", "isometric", "bent"),
    Exercise("Heel drop, straight knee", "calf", "eccentric", "straight"),
    Exercise("Heel drop, bent knee", "calf", "eccentric", "bent"),
    Exercise("Quick-rebounding heel raise", "calf", "plyometric", "straight"),
    Exercise("Two-leg hop", "calf", "plyometric"),
    Exercise("Single-leg hop", "calf", "plyometric"),
    Exercise("Single-leg forward hop", "calf", "plyometric", None, 7.3),
    Exercise("Skipping rope", "calf", "plyometric"),
    Exercise("Short foot", "foot", "other"),
    Exercise("Toe curl", "foot", "other"),
    Exercise("Big-toe press", "foot", "isometric"),
    Exercise("Toe spread", "foot", "other"),
    Exercise("Ankle eversion with band", "ankle", "other"),
    Exercise("Ankle inversion with band", "ankle", "other"),
    Exercise("Toe raise (shin)", "ankle", "other"),
    Exercise("Single-leg balance", "ankle", "other"),
    Exercise("Squat", "hip", "slow_heavy"),
    Exercise("Split squat", "hip", "slow_heavy"),
    Exercise("Step-up", "hip", "slow_heavy"),
    Exercise("Step-down", "hip", "slow_heavy"),
    Exercise("Deadlift", "hip", "slow_heavy"),
    Exercise("Single-leg deadlift", "hip", "slow_heavy"),
    Exercise("Hip thrust", "hip", "slow_heavy"),
    Exercise("Bridge", "hip", "other"),
    Exercise("Side-lying leg raise", "hip", "other"),
    Exercise("Band walk", "hip", "other"),
    Exercise("Plank", "core", "isometric"),
    Exercise("Side plank", "core", "isometric"),
    Exercise("Dead bug", "core", "other"),
    Exercise("Bird dog", "core", "other"),
)
_BY_NAME = {one.name.casefold(): one for one in CATALOGUE}


def exercise(name: str) -> Exercise | None:
    """Look an exercise up.

    Parameters
    ----------
    name : str
        As the runner wrote it; capitals and spaces around do not matter.

    Returns
    -------
    Exercise or None
        None: one of the runner's own, of which nothing more is known.

    Source
    ------
    ours: names as physical therapists use them; peak loads from `PEAK_SOURCE`.
    """
    return _BY_NAME.get(name.strip().casefold())
