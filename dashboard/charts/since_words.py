"""What changed since the last visit, in sentences short enough to be said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard import words
from dashboard.model.since import Middle, Since
from dashboard.units import Units

PAIN = "Pain: {before} before that visit, {now} now (middle of {n_before} and {n_now} logged days, 0 to 10)."
STIFF = (
    "Stiffness: {before} min before that visit, {now} min now (middle of {n_before} and {n_now} logged days)."
)
NOT_LOGGED = "{what}: not logged on both sides, so nothing can be compared."
WEEKS = "Running: {before} a week in the four weeks before, {now} a week since."
NO_WEEKS = "Running: not every day is known, so weeks cannot be compared."
RATIO = "Load now stands at ×{ratio:.2f} of habit."
NONE = "No new flare and no window of load above habit since."
FLARES = "Flares since: {flares}. Windows of load above habit since: {windows}."
AGREED = "Agreed then: {note}"
REVIEW = "Review was set for {day}."


def in_words(
    found: Since,
    noted: Mapping[tuple[str, str | None], Mapping[str, Any]],
    units: Units,
    led: Sequence[str] = (),
) -> list[str]:
    """Say what changed since a visit.

    Parameters
    ----------
    found : Since
        From `model.since`.
    noted : mapping
        What was noted at that visit, as from `visits.noted`.
    units : Units
        What the runner reads in.
    led : sequence of str
        Which channels changed most since then.

    Returns
    -------
    list of str
        A sentence each: the agreed step, then the channels that changed, then the rest; the load as a whole last.

    Source
    ------
    ours.
    """
    agreed, review = noted.get(("agreed", None)), noted.get(("review", None))
    said = [AGREED.format(note=agreed["note"])] if agreed and agreed["note"] else []
    said += [REVIEW.format(day=words.day(review["on_date"]))] if review and review["on_date"] else []
    said += led
    said += [_middle("Pain", PAIN, found.pain), _middle("Morning stiffness", STIFF, found.stiffness_min)]
    if found.week_before_m is None or found.week_now_m is None:
        said.append(NO_WEEKS)
    else:
        before, now = (units.distance_words(m) for m in (found.week_before_m, found.week_now_m))
        said.append(WEEKS.format(before=before, now=now))
    said += [RATIO.format(ratio=found.ratio)] if found.ratio is not None else []
    nothing = not found.flares and not found.windows
    return [*said, NONE if nothing else FLARES.format(flares=found.flares, windows=found.windows)]


def _middle(what: str, sentence: str, found: Middle) -> str:
    if found.before is None or found.now is None:
        return NOT_LOGGED.format(what=what)
    return sentence.format(
        before=f"{found.before:g}", now=f"{found.now:g}", n_before=found.logged_before, n_now=found.logged_now
    )
