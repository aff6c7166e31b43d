"""Sessions of the benchmark cohort: what a runner does on one day, in stretches of ten seconds."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from cohort_tissue import BLOCK_S, Blocks, Tendon, usual_rate

KINDS = {  # speed over easy, share of the time at it
    "easy": (1.0, 0.0),
    "recovery": (0.93, 0.0),
    "long": (0.98, 0.0),
    "tempo": (1.16, 0.45),
    "intervals": (1.30, 0.35),
    "race": (1.22, 0.92),
}
PLANTED_FAST = 1.34
MOST_BLOCKS = 2000
SLOWER_UP, FASTER_DOWN = 0.026, 0.011


@dataclass(frozen=True)
class Session:
    """One session as it is run, and what was planted in it."""

    day: int
    kind: str
    minutes: float
    seed: int
    roughness: float  # % of slope, typical
    shoe: int
    pair_pull: float
    on_belt: bool = False
    extra_fast: float = 0.0  # share of the time moved to fast running
    extra_slope: float = 0.0  # % of slope, height of the planted ups and downs
    stride_habit: float = 1.0  # rate over usual rate
    plant: str | None = None


def blocks(tendon: Tendon, session: Session) -> Blocks:
    """Lay a session out; the same session always gives the same blocks."""
    rng = np.random.default_rng(session.seed)
    count = int(np.clip(round(session.minutes * 60 / BLOCK_S), 6, MOST_BLOCKS))
    base, share = KINDS[session.kind]
    pace = (base if share == 0.0 else 1.0) * (1 + 0.03 * rng.standard_normal(MOST_BLOCKS)[:count])
    pace = _with_fast(_with_fast(pace, base, share), PLANTED_FAST, session.extra_fast)
    slope = np.zeros(count) if session.on_belt else _ground(rng, count, session)
    speed = np.clip(tendon.easy_mps * pace * _ease(slope), 1.5, 6.5)
    wobble = 1 + 0.008 * rng.standard_normal(MOST_BLOCKS)[:count]
    rate = usual_rate(tendon, speed) * session.stride_habit * wobble
    return Blocks(speed, slope, rate, session.pair_pull, session.on_belt)


def _with_fast(pace: np.ndarray, fast: float, share: float) -> np.ndarray:
    """Repetitions of three minutes spread over the session, until their share is reached."""
    count, rep = len(pace), 18
    wanted = round(share * count)
    if not wanted:
        return pace
    reps = max(1, round(wanted / rep))
    ends = np.linspace(0.1 * count, count, reps + 1).astype(int)[1:]
    quick = pace.copy()
    for end in ends:
        length = min(int(np.ceil(wanted / reps)), end)
        quick[end - length : end] = fast
    return quick


def _ground(rng: np.random.Generator, count: int, session: Session) -> np.ndarray:
    """Slope of a loop: rolls at the place's own roughness, and what goes up comes down."""
    knots = rng.standard_normal(420)
    slope = session.roughness * np.interp(np.arange(count) / 9.0, np.arange(420), knots)
    if session.extra_slope > 0:
        height = session.extra_slope
        down_over_up = (1 + FASTER_DOWN * min(height, 10)) / np.exp(-SLOWER_UP * height)
        climbing = np.arange(count) / 48.0 % 1.0 < down_over_up / (1 + down_over_up)
        slope = slope + np.where(climbing, height, -height)
    metres = _ease(slope)
    return np.clip(slope - (slope * metres).sum() / metres.sum(), -16, 16)


def _ease(slope: np.ndarray) -> np.ndarray:
    """Speed on a slope over speed on the flat, at the effort of the day."""
    return np.exp(-SLOWER_UP * np.clip(slope, 0, 20)) * (1 + FASTER_DOWN * np.clip(-slope, 0, 10))


def changed(session: Session, cause: str, strength: float, shoe: int, everyday: float) -> Session:
    """Plant a cause at a strength of 0 (nothing) to 1 (as much as anybody would do)."""
    if cause in ("volume", "long run"):
        most = 1.6 if cause == "volume" else 3.0
        return replace(session, minutes=session.minutes * (1 + most * strength), plant=cause)
    if cause == "speed":
        return replace(session, extra_fast=0.95 * strength, plant=cause)
    if cause == "hills":
        outdoors = replace(session, on_belt=False)
        return replace(outdoors, extra_slope=14.0 * strength, plant=cause)
    if cause == "shoe":
        return replace(session, shoe=shoe, pair_pull=everyday * (1 + 0.30 * strength), plant=cause)
    return replace(
        session,
        minutes=session.minutes * (1 + 0.16 * strength),
        extra_fast=0.22 * strength,
        on_belt=False,
        extra_slope=6.0 * strength,
        stride_habit=session.stride_habit * (1 - 0.05 * strength),
        shoe=shoe,
        pair_pull=everyday * (1 + 0.035 * strength),
        plant=cause,
    )
