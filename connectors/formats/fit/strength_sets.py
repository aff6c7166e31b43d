"""Sets of exercises in a FIT file: message 225, one for each set and each rest."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from connectors.formats.fit.decoder import FilePart
from connectors.formats.fit.message_table import Row, decode_table
from connectors.source import LoggedSet

SET = 225
MOST_SETS = 2_000
UNNAMED = "Unnamed exercise"
_TIMESTAMP, _DURATION, _REPETITIONS, _WEIGHT, _TYPE, _START, _CATEGORY, _SUBTYPE = 254, 0, 3, 4, 5, 6, 7, 8
_FIELDS = (_TIMESTAMP, _DURATION, _REPETITIONS, _WEIGHT, _TYPE, _START, _CATEGORY, _SUBTYPE)
_REST = 0
_UNKNOWN_CATEGORY = 65534
_WEIGHT_SCALE = 16
_MILLISECONDS = 1000


def strength_sets(part: FilePart) -> list[tuple[float, LoggedSet]]:
    """Read the sets of one FIT file.

    Parameters
    ----------
    part : FilePart
        One FIT file.

    Returns
    -------
    list of (float, LoggedSet)
        FIT seconds at which the set began (0 unknown) and the set, in file order; rests are left out.
        Repetitions, weight (kg) and duration (s) are null where the watch does not say; the watch counts
        both legs as one, so the side is unknown.

    References
    ----------
    Garmin FIT SDK, message `set` and types `exercise_category`, `*_exercise_name`; the names in
    `exercise_names.csv` are those of fitdecode 0.11 (MIT).
    """
    sets: list[tuple[float, LoggedSet]] = []
    for row in decode_table(part, SET).rows(_FIELDS)[:MOST_SETS]:
        repetitions = _integer(row, _REPETITIONS)
        if row.get(_TYPE) == _REST or (_TYPE not in row and not repetitions):
            continue
        weight, duration = row.get(_WEIGHT), row.get(_DURATION)
        begin = float(row.get(_START, row.get(_TIMESTAMP, 0)))
        one = LoggedSet(
            exercise_name(_integer(row, _CATEGORY), _integer(row, _SUBTYPE)) or UNNAMED,
            repetitions=repetitions,
            load_kg=None if weight is None else float(weight) / _WEIGHT_SCALE,
            duration_s=None if duration is None else float(duration) / _MILLISECONDS,
        )
        sets.append((begin, one))
    return sets


def exercise_name(category: int | None, subtype: int | None) -> str | None:
    """Name an exercise by its two numbers.

    Parameters
    ----------
    category : int or None
        `exercise_category` of the FIT profile; None unknown.
    subtype : int or None
        Its number inside the category; None, or one that is not known, leaves the category alone.

    Returns
    -------
    str or None
        Name with a capital; None without a category.
    """
    if category is None or category == _UNKNOWN_CATEGORY:
        return None
    names = _names()
    name = names.get((category, subtype)) or names.get((category, None)) or f"FIT exercise {category}"
    return name[0].upper() + name[1:]


@cache
def _names() -> dict[tuple[int, int | None], str]:
    text = files("connectors.formats.fit").joinpath("exercise_names.csv").read_text(encoding="utf-8")
    rows = list(csv.reader(text.splitlines()))[1:]
    return {(int(category), int(subtype) if subtype else None): name for category, subtype, name in rows}


def _integer(row: Row, number: int) -> int | None:
    return int(float(row[number])) if number in row else None
