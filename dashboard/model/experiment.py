"""The cadence experiment as the runner sets it: a start, a target, perhaps an end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from connectors.errors import HeelwiseError

START, TARGET, END = "cadence_experiment_start", "cadence_experiment_target_pct", "cadence_experiment_end"
TARGET_RANGE = (1.0, 10.0)
DEFAULT_TARGET_PCT = 5.0
"""Lyght 2016 and Heiderscheit 2011 changed step rate by 5 and 10 %; beyond 10 % nobody was measured."""


@dataclass(frozen=True)
class Experiment:
    """A change of step rate that the runner tries out.

    Parameters
    ----------
    start
        First local date.
    target_pct
        Step rate above the own at the same speed, %.
    end
        Last local date; None is still running.
    """

    start: date
    target_pct: float = DEFAULT_TARGET_PCT
    end: date | None = None


def from_settings(texts: Mapping[str, str]) -> Experiment | None:
    """Read the experiment from texts, as the store keeps them.

    Parameters
    ----------
    texts : mapping of str to str
        Names and values; others are passed over.

    Returns
    -------
    Experiment or None
        None where none was set.

    Raises
    ------
    HeelwiseError
        When a date or the target cannot be read, or is out of range.

    Source
    ------
    ours: as the settings of the model.
    """
    start = texts.get(START, "").strip()
    if not start:
        return None
    end = texts.get(END, "").strip()
    target = texts.get(TARGET, "").strip() or str(DEFAULT_TARGET_PCT)
    try:
        last = date.fromisoformat(end) if end else None
        return checked(Experiment(date.fromisoformat(start), float(target), last))
    except ValueError as error:
        raise HeelwiseError(
            f"The cadence experiment cannot be read: “{start}”, “{target}”, “{end}”. Nothing was changed; please "
            "set it again on the Cadence page."
        ) from error


def checked(experiment: Experiment) -> Experiment:
    """Hold an experiment against its limits.

    Parameters
    ----------
    experiment : Experiment
        As the runner wants it.

    Returns
    -------
    Experiment
        The same.

    Raises
    ------
    HeelwiseError
        When the target is not from 1 to 10 %, or the end is before the start.

    Source
    ------
    Limits: step rate was measured at +5 and +10 % (Heiderscheit 2011, MSSE 43:296).
    """
    low, high = TARGET_RANGE
    if not low <= experiment.target_pct <= high:
        raise HeelwiseError(
            f"The target must be from {low:g} to {high:g} % above your own step rate; it is "
            f"{experiment.target_pct:g} %. Nothing was changed."
        )
    if experiment.end is not None and experiment.end < experiment.start:
        raise HeelwiseError("The experiment cannot end before it starts. Nothing was changed.")
    return experiment


def as_settings(experiment: Experiment | None) -> dict[str, str | None]:
    """Write an experiment as texts for the store.

    Parameters
    ----------
    experiment : Experiment or None
        None takes it away.

    Returns
    -------
    dict of str to str or None
        None takes the setting away.

    Source
    ------
    ours: what `from_settings` reads.
    """
    if experiment is None:
        return {START: None, TARGET: None, END: None}
    end = experiment.end.isoformat() if experiment.end else None
    return {START: experiment.start.isoformat(), TARGET: f"{experiment.target_pct:g}", END: end}
