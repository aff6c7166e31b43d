"""Channels of training that a plan raises far above the runner's usual week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from dashboard.model.channels import SHARE_PER_UNIT
from dashboard.model.settings import ModelSettings
from dashboard.model.step_ups import is_enough
from dashboard.plan.guardrails.base import PlanContext, plan_total, runs_by_week
from dashboard.plan.planned_runs import Plan, PlannedRun


@dataclass(frozen=True)
class PlannedChange:
    """One channel in the planned week that raises it most."""

    week: date
    channel: str
    planned: float
    usual: float

    @property
    def size(self) -> float:
        """Planned over usual."""
        return self.planned / self.usual if self.usual else float("inf")


def planned_changes(plan: Plan, context: PlanContext, settings: ModelSettings) -> tuple[PlannedChange, ...]:
    """Return the channels that a plan raises, furthest above usual first.

    Far enough is what it is for a step-up: `step_ups.is_enough`, and for pairs the share that its z asks for.
    """
    largest: dict[str, PlannedChange] = {}
    for week, runs in runs_by_week(plan, context).items():
        for one in _of_week(week, runs, context, settings):
            if one.channel not in largest or one.planned > largest[one.channel].planned:
                largest[one.channel] = one
    if "climb" in largest:
        largest.pop("descent", None)  # the same hills are told once
    return tuple(sorted(largest.values(), key=lambda one: -one.size))


def _of_week(
    week: date, runs: Sequence[PlannedRun], context: PlanContext, settings: ModelSettings
) -> list[PlannedChange]:
    own = context.usual
    longest = max((run.distance_m for run in runs if run.distance_m is not None), default=None)
    channels = {
        "volume": (plan_total(runs, "distance_m"), own.distance_m),
        "longest": (longest, own.longest_m),
        "fast": (plan_total(runs, "fast_s"), own.fast_s),
        "climb": (plan_total(runs, "ascent_m"), own.ascent_m),
        "descent": (plan_total(runs, "falls_m"), own.descent_m),
    }
    changes = [
        PlannedChange(week, channel, planned, usual)
        for channel, (planned, usual) in channels.items()
        if planned is not None and usual is not None and planned > usual
        and is_enough(channel, np.array([planned]), np.array([usual]), settings)[0]
    ]  # fmt: skip
    planned, usual = (_share_new(part, context) for part in (runs, context.done))
    if planned is not None and usual is not None and planned - usual >= settings.step_up_z * SHARE_PER_UNIT:
        changes.append(PlannedChange(week, "shoe_new", planned, usual))
    return changes


def _share_new(runs: Sequence[PlannedRun], context: PlanContext) -> float | None:
    """Share of the distance in new or plated pairs; None where no run has a distance."""
    total = plan_total(runs, "distance_m")
    if not total:
        return None
    return (plan_total((run for run in runs if run.shoe_id in context.watched), "distance_m") or 0.0) / total
