"""A made-up tendon for the benchmark cohort: its own simple physics, none of it taken from the model.

A step pulls the tendon by 1 at the runner's easy speed, on the flat, in the everyday pair. The pull grows in a
straight line with speed, up a slope, and with longer strides at the same speed; each runner has his or her own
sizes of these, drawn from ranges wide enough that the model's own numbers lie somewhere inside or at the edge.
A step wears by its pull to a power that differs between runners too. Load of a session is the sum of wear over
steps, and a jump is the load of a week over the plain mean of the five weeks before it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

WEEK_DAYS = 7
PAST_DAYS = 35
FLOOR_OF_USUAL = 0.45
"""The past counts at least this share of the runner's median week: nobody forgets how to run in a month."""
BLOCK_S = 10.0


@dataclass(frozen=True)
class Tendon:
    """How one tendon answers to a step."""

    easy_mps: float
    rate_at_easy: float
    rate_per_mps: float
    pull_per_mps: float
    pull_per_up: float  # per % of slope
    pull_per_down: float
    pull_per_stride: float  # power of (usual rate / rate)
    wear_power: float
    belt_pull: float


@dataclass(frozen=True)
class Blocks:
    """One session in stretches of ten seconds."""

    speed: np.ndarray
    slope: np.ndarray
    rate: np.ndarray
    pair_pull: float
    on_belt: bool


def born(rng: np.random.Generator, easy_mps: float) -> Tendon:
    return Tendon(
        easy_mps=easy_mps,
        rate_at_easy=rng.uniform(156, 176),
        rate_per_mps=rng.uniform(5, 12),
        pull_per_mps=rng.uniform(0.09, 0.17),
        pull_per_up=rng.uniform(0.015, 0.045),
        pull_per_down=rng.uniform(0.010, 0.040),
        pull_per_stride=rng.uniform(0.5, 1.5),
        wear_power=rng.uniform(2.2, 4.5),
        belt_pull=rng.uniform(1.0, 1.12),
    )


def usual_rate(tendon: Tendon, speed: np.ndarray) -> np.ndarray:
    return tendon.rate_at_easy + tendon.rate_per_mps * (speed - tendon.easy_mps)


def wear(tendon: Tendon, blocks: Blocks) -> float:
    """Wear of one leg over a session, in easy flat steps."""
    pull = 1 + tendon.pull_per_mps * (blocks.speed - tendon.easy_mps)
    up, down = np.clip(blocks.slope, 0, 14), np.clip(-blocks.slope, 0, 14)
    pull = pull * (1 + tendon.pull_per_up * up - tendon.pull_per_down * down)
    pull = pull * (usual_rate(tendon, blocks.speed) / blocks.rate) ** tendon.pull_per_stride
    pull = pull * blocks.pair_pull * (tendon.belt_pull if blocks.on_belt else 1.0)
    return float((blocks.rate / 120 * BLOCK_S * pull**tendon.wear_power).sum())


def jumps(load: np.ndarray) -> np.ndarray:
    """Week over the five weeks before, for each day; NaN in the first six weeks."""
    total = np.concatenate([[0.0], np.cumsum(load)])
    found = np.full(len(load), np.nan)
    day = np.arange(WEEK_DAYS + PAST_DAYS, len(load))
    week = (total[day + 1] - total[day + 1 - WEEK_DAYS]) / WEEK_DAYS
    past = (total[day + 1 - WEEK_DAYS] - total[day + 1 - WEEK_DAYS - PAST_DAYS]) / PAST_DAYS
    found[day] = week / np.maximum(past, FLOOR_OF_USUAL * float(np.median(week)))
    return found
