"""The marks of a change of shoes as sentences: what changed, how far at first, and what load and symptoms did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from dashboard import words
from dashboard.model.leading_changes import BEFORE_DAYS
from dashboard.model.transitions import AROUND_DAYS
from dashboard.units import Units

NO_MARKS = "No change of shoes is marked in these weeks."
HEAD = "{day}: {name}"
NEW_MODEL = "A model not worn before on record."
NEW_PAIR = "A pair not worn before on record; its model is not known."
FIRST_PLATED = "The first pair with a plate on record."
LONG_UNUSED = "Not worn in the {days} days before."
DROP_CHANGE = "Drop {after:.1f} mm; in the eight weeks before it was {before:.1f} mm on average."
DROP_SAME = "Drop {after:.1f} mm, much as before ({before:.1f} mm on average over eight weeks)."
DROP_AFTER = "Drop {after:.1f} mm; that of the weeks before is not known."
DROP_UNKNOWN = "Its drop is not known."
FIRST_KM = "{distance} in this pair in its first {days} days."
LOAD = (
    "Load was ×{before:.2f} of habit the day before and at most ×{after:.2f} in the {days} days from then on."
)
LOAD_AFTER = "Load was at most ×{after:.2f} of habit in the {days} days from then on."
LOAD_UNKNOWN = "Load against habit is not known here."
FELT = {
    "pain_0_10": (
        "Median pain {before:g} of 10 before ({before_n} logged) and {after:g} after ({after_n} logged).",
        "Median pain {before:g} of 10 before ({before_n} logged); not logged after.",
        "Median pain {after:g} of 10 after ({after_n} logged); not logged before.",
    ),
    "stiffness_min": (
        "Median morning stiffness {before:g} min before ({before_n} logged), {after:g} min after ({after_n} logged).",
        "Median morning stiffness {before:g} min before ({before_n} logged); not logged after.",
        "Median morning stiffness {after:g} min after ({after_n} logged); not logged before.",
    ),
    "stiffness_0_10": (
        "Median morning stiffness {before:g} of 10 before ({before_n} logged) and {after:g} after ({after_n} logged).",
        "Median morning stiffness {before:g} of 10 before ({before_n} logged); not logged after.",
        "Median morning stiffness {after:g} of 10 after ({after_n} logged); not logged before.",
    ),
}
FLARE_AFTER = "A flare began {days} later."
NO_FLARE_AFTER = "No flare is on record in the 28 days after."
ELSEWHERE = "Of {count} other changes of shoes on record, {came} came with a flare in the 28 days after."
ONE_ELSEWHERE = {
    True: "The one other change of shoes on record came with a flare in the 28 days after.",
    False: "The one other change of shoes on record came without a flare in the 28 days after.",
}
UNLOGGED = "No symptoms were logged in the 14 days before or after, which is not the same as none."


def head(mark: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Name a mark.

    Parameters
    ----------
    mark : mapping
        A row of MARK_SCHEMA.
    names : mapping of str to str
        Name of each pair by its id.

    Returns
    -------
    str
        Date and pair.

    Source
    ------
    ours.
    """
    return HEAD.format(day=words.day(mark["date"]), name=names.get(mark["shoe_id"], words.SHOE_NAMELESS))


def in_words(mark: Mapping[str, Any], until: date, units: Units, after: Sequence[str] = ()) -> list[str]:
    """Say what changed and what stood around it.

    Parameters
    ----------
    mark : mapping
        A row of MARK_SCHEMA.
    until : date
        Last local date on record.
    units : Units
        What the runner reads in.
    after : sequence of str
        From `followed`: told right after what changed, before load.

    Returns
    -------
    list of str
        Whole sentences. What was not logged is said to be so.

    Source
    ------
    ours: what came together in time.
    """
    days = max(1, min(AROUND_DAYS, (until - mark["date"]).days + 1))
    said = [NEW_MODEL if mark["is_model_known"] else NEW_PAIR] if mark["is_new_model"] else []
    said += [FIRST_PLATED] if mark["is_first_plated"] else []
    said += [LONG_UNUSED.format(days=mark["unused_days"] - 1)] if mark["is_long_unused"] else []
    said += [_drop(mark), FIRST_KM.format(distance=units.distance_words(mark["first_14d_m"]), days=days)]
    said += after
    before, most = mark["ratio_before"], mark["ratio_after"]
    if most is None:
        said.append(LOAD_UNKNOWN)
    else:
        said.append((LOAD_AFTER if before is None else LOAD).format(before=before, after=most, days=days))
    felt = [text for name in FELT if (text := _felt(mark, name)) is not None]
    return [*said, *(felt or [UNLOGGED])]


def followed(marks: pl.DataFrame, flares: pl.DataFrame, mark: Mapping[str, Any], until: date) -> list[str]:
    """Say whether a flare began in the 28 days after a change of shoes, and how it was after the others.

    Parameters
    ----------
    marks : DataFrame
        MARK_SCHEMA: all there are.
    flares : DataFrame
        FLARE_SCHEMA.
    mark : mapping
        The change that is told.
    until : date
        Last local date on record.

    Returns
    -------
    list of str
        One or two sentences; none while the 28 days are not over and no flare began, or where no flare is on record at
        all, as nothing may have been logged.
    """
    onsets = flares["onset"].sort().to_list()
    if not onsets:
        return []

    def days_to(day: date) -> int | None:
        return next(((one - day).days for one in onsets if 0 < (one - day).days <= BEFORE_DAYS), None)

    days = days_to(mark["date"])
    if days is None and (until - mark["date"]).days < BEFORE_DAYS:
        return []
    said = [
        NO_FLARE_AFTER if days is None else FLARE_AFTER.format(days="1 day" if days == 1 else f"{days} days")
    ]
    others = [day for day in marks["date"].unique() if abs((day - mark["date"]).days) > BEFORE_DAYS]
    came = sum(days_to(day) is not None for day in others)
    if len(others) == 1:
        return [*said, ONE_ELSEWHERE[came == 1]]
    return [*said, *([ELSEWHERE.format(count=len(others), came=came)] if others else [])]


def _drop(mark: Mapping[str, Any]) -> str:
    before, after = mark["drop_before_mm"], mark["drop_after_mm"]
    if after is None:
        return DROP_UNKNOWN
    if before is None:
        return DROP_AFTER.format(after=after)
    return (DROP_CHANGE if mark["is_drop_change"] else DROP_SAME).format(before=before, after=after)


def _felt(mark: Mapping[str, Any], name: str) -> str | None:
    before, after = mark[f"{name}_before_n"], mark[f"{name}_after_n"]
    if not before and not after:
        return None
    both, only_before, only_after = FELT[name]
    text = both if before and after else only_before if before else only_after
    return text.format(
        before=mark[f"{name}_before"], after=mark[f"{name}_after"], before_n=before, after_n=after
    )


def shown(marks: pl.DataFrame, first: date, last: date) -> list[dict[str, Any]]:
    """Keep the marks of some dates.

    Parameters
    ----------
    marks : DataFrame
        MARK_SCHEMA.
    first, last : date
        Both included.

    Returns
    -------
    list of dict
        By date.

    Source
    ------
    ours.
    """
    return marks.filter(pl.col("date").is_between(first, last)).to_dicts()
