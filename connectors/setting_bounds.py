"""Bounds of the settings that are dates, numbers or words of a fixed set; those of the model stand with the model."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from connectors.contract import Column, DateKind

EXPERIMENT_START, EXPERIMENT_TARGET, EXPERIMENT_END = (
    "cadence_experiment_start",
    "cadence_experiment_target_pct",
    "cadence_experiment_end",
)
SETTING_BOUNDS: Mapping[str, Column] = {
    EXPERIMENT_START: Column(pl.Date, "local date the experiment began", dated=DateKind.MEANT),
    EXPERIMENT_TARGET: Column(pl.Float64, "% above the runner's own step rate", 1, 10),
    EXPERIMENT_END: Column(pl.Date, "last local date of the experiment", dated=DateKind.MEANT),
    "drop_change_mm": Column(pl.Float64, "mm", 1, 15),
    "lifting_weights": Column(pl.String, "unit of weights", one_of=("kg", "lb")),
}


def bounded_problems(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the names of settings that are not possible, each with the reason."""
    problems = {
        name: _problem(name, text) for name, text in settings.items() if name in SETTING_BOUNDS and text
    }
    wrong = {name: problem for name, problem in problems.items() if problem}
    start, end = settings.get(EXPERIMENT_START), settings.get(EXPERIMENT_END)
    if start and end and not wrong and end < start:
        wrong[EXPERIMENT_END] = f"{EXPERIMENT_END} must not lie before {EXPERIMENT_START}"
    return wrong


def _problem(name: str, text: str) -> str | None:
    column = SETTING_BOUNDS[name]
    try:
        value = _read(column, text.strip())
    except ValueError:
        return f"{name} cannot be read"
    problem = column.problem(value)
    return problem and f"{name} {problem}"


def _read(column: Column, text: str) -> object:
    if column.dtype == pl.Date:
        return date.fromisoformat(text)
    return text if column.dtype == pl.String else float(text)
