"""The weeks of the made-up runner: how much, of what, and how fast."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Phase:
    """Some weeks of one kind of training.

    Parameters
    ----------
    weeks
        How many.
    volume
        Distance of a week over `plan.BASE_KM`.
    shape
        Which week of `WEEKS` is run.
    faster, cadence
        Speed and step rate over the usual.
    hillier
        Added to the root-mean-square grade, %.
    """

    weeks: int
    volume: float
    shape: str = "plain"
    faster: float = 1.0
    cadence: float = 1.0
    hillier: float = 0.0


PHASES = (
    Phase(10, 1.0),
    Phase(2, 1.5, "busy"),
    Phase(1, 0.6, "gentle"),
    Phase(1, 0.7, "gentle"),
    Phase(1, 0.8, "gentle"),
    Phase(1, 0.9),
    Phase(5, 1.0),
    Phase(3, 1.34, "track", faster=1.03),
    Phase(1, 0.75, "gentle"),
    Phase(1, 0.9),
    Phase(2, 1.0),
    Phase(1, 0.0, "holiday"),
    Phase(1, 0.18, "back"),
    Phase(1, 0.65, "gentle"),
    Phase(1, 0.75, "gentle"),
    Phase(1, 0.8),
    Phase(1, 0.84),
    Phase(1, 0.88),
    Phase(2, 0.9),
    Phase(2, 1.2, "trip", hillier=4.5),
    Phase(1, 0.55, "gentle"),
    Phase(1, 0.7, "gentle"),
    Phase(1, 0.85, "gentle"),
    Phase(1, 0.95),
    Phase(3, 1.0),
    Phase(12, 1.0),
    Phase(3, 1.08, "stacked", faster=1.045, cadence=0.97, hillier=2.8),
    Phase(1, 0.6, "gentle"),
    Phase(1, 0.75, "gentle"),
    Phase(1, 0.85, "gentle"),
    Phase(3, 0.95),
    Phase(3, 1.42, "build"),
    Phase(1, 1.05, "race"),
    Phase(1, 0.6, "gentle"),
    Phase(1, 0.8, "gentle"),
    Phase(1, 0.9),
    Phase(9, 1.0),
)

WEEKS: dict[str, tuple[tuple[int, str, float], ...]] = {  # weekday from Monday, kind, share of the distance
    "plain": ((1, "easy", 0.22), (3, "quality", 0.25), (5, "easy", 0.18), (6, "long", 0.35)),
    "five": (
        (1, "easy", 0.19),
        (2, "easy", 0.14),
        (3, "quality", 0.22),
        (5, "easy", 0.14),
        (6, "long", 0.31),
    ),
    "busy": (
        (0, "easy", 0.12),
        (1, "easy", 0.16),
        (2, "quality", 0.18),
        (4, "easy", 0.15),
        (5, "easy", 0.12),
        (6, "long", 0.27),
    ),
    "gentle": ((1, "easy", 0.33), (3, "easy", 0.27), (6, "easy", 0.40)),
    "back": ((6, "easy", 1.0),),
    "holiday": (),
    "track": (
        (1, "track", 0.22),
        (2, "easy", 0.14),
        (3, "track", 0.2),
        (5, "easy", 0.14),
        (6, "long", 0.3),
    ),
    "trip": ((1, "trail", 0.22), (2, "trail", 0.17), (4, "trail", 0.25), (6, "trail", 0.36)),
    "stacked": (
        (1, "easy", 0.21),
        (2, "easy", 0.12),
        (3, "hills", 0.21),
        (5, "tempo", 0.16),
        (6, "long", 0.3),
    ),
    "build": ((1, "easy", 0.17), (2, "easy", 0.12), (3, "tempo", 0.2), (5, "easy", 0.13), (6, "long", 0.38)),
    "race": ((1, "easy", 0.18), (3, "easy", 0.16), (6, "race", 0.0)),
}
