"""Our sport names, and what a sport is called in the languages a source may speak.

The names are those of Strava's `sport_type`, because every source here can be told in them. The words
stand in `sport_names.csv`: one row a sport, one column a language, `|` between words for one sport.
"""

from __future__ import annotations

import csv
import html
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

FOOT_SPORTS = ("Run", "TrailRun", "VirtualRun", "Walk", "Hike", "Snowshoe")
"""Sports in which shoes are worn and every second step is one count of a device's cadence."""

UNKNOWN_SPORT = "Unknown"
"""Our name for a session whose source says nothing of the sport."""

_UNSPLIT = str.maketrans("łŁøØđĐ", "lLoOdD")


def sport_name(text: str | None) -> str | None:
    """Return our name of a sport from what a source calls it.

    Display names seen in real exports (English, Dutch, German, Portuguese) and the dictionary words of the other
    languages; see `sport_names.csv`.
    """
    return _known().get(_plain(text)) if text else None


def sport_names() -> tuple[str, ...]:
    """Our sport names, in the order of the table.

    The sports of Strava's published API description, and the few added since.
    """
    return tuple(dict.fromkeys(_known().values()))


@cache
def _known() -> dict[str, str]:
    names: dict[str, str] = {}
    table = files("connectors").joinpath("sport_names.csv").read_text(encoding="utf-8")
    rows = list(csv.reader(table.splitlines()))[1:]
    for sport, *_ in rows:
        names[_plain(sport)] = sport
    for sport, *cells in rows:
        for word in "|".join(cells).split("|"):
            if word:
                names.setdefault(_plain(word), sport)
    return names


def _plain(text: str) -> str:
    """Letters and digits alone, small and without accents, so that "Stair-Stepper" meets "stairstepper"."""
    letters = unicodedata.normalize("NFKD", html.unescape(text).translate(_UNSPLIT).casefold())
    return re.sub(r"[\W_]+", "", "".join(c for c in letters if not unicodedata.combining(c)))


_WORDS = {  # machine words of file writers that no display name covers
    "9": "Run",  # Strava's own number; undocumented, and the only one seen in files
    "street running": "Run",
    "track running": "Run",
    "treadmill running": "Run",
    "indoor running": "Run",
    "ultra run": "Run",
    "indoor cycling": "Ride",
    "cross country skiing ws": "NordicSki",
    "skate skiing ws": "NordicSki",
}
_SILENT = ("", "unknown", "default", "none")


@dataclass(frozen=True)
class SportKind:
    """What a file says of the sport."""

    sport: str | None = None
    is_indoor: bool | None = None
    is_virtual: bool = False


def sport_kind(word: str | None) -> SportKind:
    """Read the sport word of a file.

    Words seen in files; `9` is undocumented.
    """
    plain = " ".join((word or "").replace("_", " ").replace("-", " ").lower().split())
    if word is None or plain in _SILENT:
        return SportKind()
    if plain.isdecimal() and plain not in _WORDS:
        return SportKind(f"Type {plain}")
    is_indoor = True if "treadmill" in plain or "indoor" in plain else None
    sport = _WORDS.get(plain) or sport_name(plain) or word.strip()
    return SportKind(sport, is_indoor, "virtual" in plain)
