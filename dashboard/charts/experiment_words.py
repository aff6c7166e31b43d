"""The cadence experiment in sentences: what is known, what is not yet, and what neither shows."""

from __future__ import annotations

from datetime import date

from dashboard import words
from dashboard.change_words import signed
from dashboard.model.experiment import Experiment
from dashboard.model.experiment_effects import Alone, BothSides
from dashboard.model.experiment_steps import NEEDED_RUNS, Side, Stepped

SET = "Since {day}, {target} % above your own cadence at the same speed."
SET_UNTIL = "From {span}, {target} % above your own cadence at the same speed."
NOT_BEGUN = "The experiment begins on {day}."
FEW_BEFORE = (
    "The eight weeks before, {span}, hold {runs} with cadence and {minutes:.0f} min of level running; {needed} runs "
    "and 30 min are needed to know what was your own."
)
FEW_SINCE = (
    "So far there are {runs} with cadence and {minutes:.0f} min of level running since the start; the comparison comes "
    "with {needed} runs and 30 min."
)
CHANGED = (
    "At the same speed your cadence is {change} % against the eight weeks before (95 % interval {low} to {high}), over "
    "{since} against {before}."
)
CHANGED_PLAIN = (
    "At the same speed your cadence is {change} % against the weeks before, over {since} against {before}."
)
REACHED = "In {share:.0f} % of the level running since then it was at the target, counted from 1 % below it."
TWO_SIDES = (
    "Two sides: {steps} % steps in a {distance}, and an estimated {force} % load for each step ({force_low} to "
    "{force_high}). Together that is {km} % load for the {distance} ({km_low} to {km_high}), if speed, hills and shoes "
    "stay the same."
)
BALANCED = "The range holds zero: on these assumptions it is not clear which side is the larger."
METHOD = (
    "The load of a step follows Van Hooren 2024 (19 runners on a treadmill, extrapolated), against your line of the "
    "weeks before; the range halves and doubles that effect. Counted in lens A, which knows no exponent, the load of "
    "the {distance} changes by {lens_a} %. What you ran holds speed, hills and shoes as well, and takes cadence "
    "against your line over the whole record, so it may differ more."
)
MORNINGS = (
    "Mornings drift on their own, and much else changes in the same weeks: a difference here is no proof of an effect, "
    "and none is no proof of its absence."
)
NO_MORNINGS = "No morning after a run was logged on either side, so symptoms cannot be set side by side."
NO_TREATMENT = (
    "In the laboratory 5 % quicker steps lowered the peak stress of a step on the Achilles tendon (Lyght 2016, 19 "
    "women); no study used here shows that it settles symptoms. This is a record of what you try, not a treatment; "
    "talk it over with your physical therapist."
)


def setting(experiment: Experiment) -> str:
    """Say what was set.

    Parameters
    ----------
    experiment : Experiment
        As the runner set it.

    Returns
    -------
    str
        One sentence.

    Source
    ------
    ours.
    """
    target = f"{experiment.target_pct:g}"
    if experiment.end is None:
        return SET.format(day=words.day(experiment.start), target=target)
    return SET_UNTIL.format(span=words.span(experiment.start, experiment.end), target=target)


def in_words(experiment: Experiment, found: Stepped, today: date) -> list[str]:
    """Say how step rate changed at the same speed, or what is missing.

    Parameters
    ----------
    experiment : Experiment
        As the runner set it.
    found : Stepped
        The comparison.
    today : date
        Local date.

    Returns
    -------
    list of str
        Whole sentences.

    Source
    ------
    ours.
    """
    if experiment.start > today:
        return [NOT_BEGUN.format(day=words.day(experiment.start))]
    if found.line is None:
        before = found.before
        return [FEW_BEFORE.format(span=words.span(before.first, before.last), **_amount(before))]
    if found.change_pct is None or found.at_target is None:
        return [FEW_SINCE.format(**_amount(found.since))]
    named = {
        "change": signed(found.change_pct),
        "since": _runs(found.since.runs),
        "before": _runs(found.before.runs),
    }
    reached = REACHED.format(share=found.at_target * 100)
    if found.low_pct is None or found.high_pct is None:
        return [CHANGED_PLAIN.format(**named), reached]
    return [CHANGED.format(low=signed(found.low_pct), high=signed(found.high_pct), **named), reached]


def both_sides(found: Alone, distance: str) -> list[str]:
    """Say what the step rate alone makes of steps and load.

    Parameters
    ----------
    found : Alone
        Of the experiment.
    distance : str
        "km" or "mi".

    Returns
    -------
    list of str
        One or two sentences.

    Source
    ------
    ours: less for each step is not less for a km.
    """
    forces = sorted(percent(one.step_load) for one in _spread(found))
    loads = sorted(percent(one.km_load) for one in _spread(found))
    said = TWO_SIDES.format(
        distance=distance,
        steps=signed(percent(found.published.steps)),
        force=signed(percent(found.published.step_load)),
        force_low=signed(forces[0]),
        force_high=signed(forces[-1]),
        km=signed(percent(found.published.km_load)),
        km_low=signed(loads[0]),
        km_high=signed(loads[-1]),
    )
    return [said, BALANCED] if loads[0] < 0 < loads[-1] else [said]


def method(found: Alone, distance: str) -> str:
    """Say how both sides were worked out.

    Parameters
    ----------
    found : Alone
        Of the experiment.
    distance : str
        "km" or "mi".

    Returns
    -------
    str
        Whole sentences.

    Source
    ------
    ours.
    """
    return METHOD.format(distance=distance, lens_a=signed(percent(found.lens_a)))


def percent(ratio: float) -> float:
    """Turn a ratio into a change.

    Parameters
    ----------
    ratio : float
        1.02 is 2 % more.

    Returns
    -------
    float
        %.

    Source
    ------
    ours.
    """
    return (ratio - 1) * 100


def _spread(found: Alone) -> tuple[BothSides, BothSides, BothSides]:
    return found.halved, found.published, found.doubled


def _runs(count: int) -> str:
    return "1 run" if count == 1 else f"{count} runs"


def _amount(side: Side) -> dict[str, object]:
    return {"runs": _runs(side.runs), "minutes": side.seconds / 60, "needed": NEEDED_RUNS}
