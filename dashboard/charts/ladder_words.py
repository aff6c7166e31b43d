"""The return-to-running ladder in words: one step, and which one is next."""

from __future__ import annotations

from datetime import date

from dashboard import words
from dashboard.model.ladder import Standing, Step

AHEAD = (
    "Planned, the steps take the place of what is planned from {span} and of steps planned before, as if each went "
    "well; the log still says which step is next. Their distance is that of the running alone, at your usual easy "
    "speed: an estimate."
)


def step_in_words(step: Step) -> str:
    """Say one step of the ladder.

    Parameters
    ----------
    step : Step
        Of the ladder.

    Returns
    -------
    str
        Such as "6 × 4 min walk and 1 min run".

    Source
    ------
    ours.
    """
    run, walk, rounds = (step.run_s or 0) / 60, (step.walk_s or 0) / 60, step.rounds or 1
    if not walk:
        return f"{run:g} min run" if rounds == 1 else f"{rounds} × {run:g} min run"
    return f"{rounds} × {walk:g} min walk and {run:g} min run"


def ahead_in_words(first: date, last: date) -> str:
    """Say what planning the next steps does.

    Parameters
    ----------
    first, last : date
        Local dates of the first and last step that would be planned.

    Returns
    -------
    str
        Whole sentences.

    Source
    ------
    ours.
    """
    return AHEAD.format(span=words.span(first, last))


def standing_in_words(found: Standing, today: date) -> str:
    """Say which step of the ladder is next, and why.

    Parameters
    ----------
    found : Standing
        As from `ladder.standing`.
    today : date
        Local date.

    Returns
    -------
    str
        Whole sentences.

    Source
    ------
    ours.
    """
    step = "" if found.step is None else f"step {found.step.step} ({step_in_words(found.step)})"
    when = found.not_before or today
    free = f", from {words.day(when, False)}" if when > today else ""
    return {
        "start": f"Nothing is marked as done: the ladder begins with {step}.",
        "go_on": f"The last step stayed within the pain rule and settled by the next morning: next is {step}{free}.",
        "wait": f"Days of rest or the next morning are still to come: next is {step}{free}.",
        "stay": f"It had not settled, or mornings rose: {step} again{free}.",
        "unknown": f"The log does not say how the last step went, so it stays at {step}{free}. "
        "Not logged is not the same as no pain.",
        "step_back": f"The log has pain above the limit since the last step: next is {step}{free}.",
        "finished": "Every step is done and stayed within the pain rule.",
    }[found.verdict]
