"""The weighted steps that attribution adds up."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from connectors.frames import SHOE_FACT
from dashboard.model.load.run_load import WEIGHT_CHOICES
from dashboard.model.load.runner_profile import RunnerProfile
from dashboard.model.settings import ModelSettings


def wavy(made: SimpleNamespace, number: int) -> object:
    at = np.arange(2400)
    return made.recording(
        2400, 2.9 + 0.3 * np.sin(at / 50 + number), 165 + 6 * np.sin(at / 70), 5 * np.sin(at / 40)
    )


def test_all_choices_taken_are_the_load(made: SimpleNamespace) -> None:
    frames = {f"{n:04x}": wavy(made, n) for n in range(12)}
    rows = [made.recorded(n, frames[f"{n:04x}"]) for n in range(12)]
    rows.append(made.activity(20, distance_m=8000.0, moving_s=2500.0, ascent_m=120.0, cadence_spm=160.0))
    facts = SHOE_FACT.empty().select("shoe_id", "kind", "drop_mm", "is_plated")
    facts = facts.vstack(type(facts)([["pair"], ["conventional"], [4.0], [False]], schema=facts.schema))
    runs, personal = made.loads(rows, frames, ModelSettings(), facts)
    assert isinstance(personal, RunnerProfile)
    again = runs["w_111"] * runs["x_shoe"] / personal.easy_steps_per_km
    assert again.to_list() == pytest.approx(runs["load_tkm"].to_list(), rel=1e-9)
    assert runs["drop_mm"].to_list() == [4.0] * 13
    assert runs["estimated"].to_list() == [False] * 12 + [True]


def test_slopes_up_and_down_add_to_the_hills(made: SimpleNamespace) -> None:
    frames = {"0000": wavy(made, 0)}
    rows = [
        made.recorded(0, frames["0000"]),
        made.activity(3, distance_m=9000.0, moving_s=3000.0, ascent_m=200.0),
    ]
    runs, _ = made.loads(rows, frames)
    assert (runs["steps"] + runs["w_climb"] - runs["w_descent"]).to_list() == pytest.approx(
        runs["w_010"].to_list()
    )
    assert (runs["w_climb"] > 0).all()
    assert (runs["w_descent"] > 0).all()


def test_nothing_left_to_weigh_is_the_plain_steps(made: SimpleNamespace) -> None:
    even = made.recording(1800, 3.0, 170.0, 0.0)
    runs, _ = made.loads([made.recorded(0, even)], {"0000": even})
    assert runs["w_011"].item() == pytest.approx(runs["steps"].item(), rel=1e-6)


def test_unknown_load_gives_unknown_weights(made: SimpleNamespace) -> None:
    runs, _ = made.loads([made.activity(0)])
    assert runs["load_tkm"].to_list() == [None]
    assert all(runs[f"w_{choice}"].to_list() == [None] for choice in WEIGHT_CHOICES)
