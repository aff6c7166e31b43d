"""Our sport names, and what a sport is called in the languages a source may speak.

The names are those of Strava's `sport_type`, because every source here can be told in them. The words
stand in `sport_names.csv`: one row a sport, one column a language, `|` between words for one sport; the most usual
sports in fourteen more languages, some of them as a dictionary has them, stand in `sport_names_more.csv`.
"""

from __future__ import annotations

import csv
import html
import re
import unicodedata
from functools import cache
from importlib.resources import files

FOOT_SPORTS = ("Run", "TrailRun", "VirtualRun", "Walk", "Hike", "Snowshoe")
"""Sports in which shoes are worn and every second step is one count of a device's cadence."""

UNKNOWN_SPORT = "Unknown"
"""Our name for a session whose source says nothing of the sport."""

_UNSPLIT = str.maketrans("łŁøØđĐ", "lLoOdD")


def sport_name(text: str | None) -> str | None:
    """Give our name of a sport from what a source calls it.

    Parameters
    ----------
    text : str or None
        Display name in English, Dutch, German, French, Spanish, Portuguese, Italian or Polish, or a
        `sport_type` such as "TrailRun" or "trail_running". Case, accents, blanks and punctuation do not
        matter.

    Returns
    -------
    str or None
        "Run", "TrailRun", "Ride" and so on; None where no table knows the word (the caller keeps it).

    Source
    ------
    ours: display names seen in real exports (English, Dutch, German, Portuguese) and the dictionary words
    of the other languages; see `sport_names.csv`.
    """
    return _known().get(_plain(text)) if text else None


def sport_names() -> tuple[str, ...]:
    """Our sport names, in the order of the table.

    Returns
    -------
    tuple of str
        Each once.

    Source
    ------
    ours: the sports of Strava's published API description, and the few added since.
    """
    return tuple(dict.fromkeys(_known().values()))


@cache
def _known() -> dict[str, str]:
    names: dict[str, str] = {}
    table = files("connectors").joinpath("sport_names.csv").read_text(encoding="utf-8")
    rows = list(csv.reader(table.splitlines()))[1:]
    for sport, *_ in rows:
        names[_plain(sport)] = sport
    more = files("connectors").joinpath("sport_names_more.csv").read_text(encoding="utf-8")
    for sport, *cells in [*rows, *list(csv.reader(more.splitlines()))[1:]]:
        for word in "|".join(cells).split("|"):
            if _plain(word):
                names.setdefault(_plain(word), sport)
    return names


def _plain(text: str) -> str:
    """Letters and digits alone, small and without accents, so that "Stair-Stepper" meets "stairstepper"."""
    letters = unicodedata.normalize("NFKD", html.unescape(text).translate(_UNSPLIT).casefold())
    return re.sub(r"[\W_]+", "", "".join(c for c in letters if not unicodedata.combining(c)))
