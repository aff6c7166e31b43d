"""The unit of load: one km of the runner's own easy, flat running in a conventional shoe."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from dashboard.model import shelf
from dashboard.model.personal import Personal
from dashboard.model.settings import ModelSettings


@dataclass(frozen=True)
class Baseline:
    """What one tendon km is made of.

    Parameters
    ----------
    steps_per_km
        Steps of one leg.
    force
        Relative peak force of each.
    weight
        Relative load of that km in lens A, before it is set to 1.
    uphill_3_force
        Relative peak force at +3 %, the most taken for a treadmill whose slope is unknown (design choice).
    """

    steps_per_km: float
    force: float
    weight: float
    uphill_3_force: float


def baseline(personal: Personal, settings: ModelSettings) -> Baseline:
    """Work out the unit of load for one runner.

    Parameters
    ----------
    personal : Personal
        Easy speed and own step rate.
    settings : ModelSettings
        Numbers of the factors.

    Returns
    -------
    Baseline
        Steps, force and weight of the easy km.

    Source
    ------
    ours: absolute force differs two-fold between studies, so a runner's own easy km is the measure.
    """
    easy = pl.DataFrame(
        {"speed_mps": [personal.easy_mps], "walking": [False], "grade_pct": [3.0]},
        schema_overrides={"speed_mps": pl.Float64, "grade_pct": pl.Float64},
    )
    row = easy.select(
        force=shelf.force("speed", "second", settings),
        weight=shelf.weight("speed", "second", settings),
        uphill=shelf.force("hills", "second", settings),
    ).row(0)
    return Baseline(personal.easy_steps_per_km, *row)
