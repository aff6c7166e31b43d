"""Our sport names, and what a sport is called in the languages a source may speak."""

# The names are those of Strava's `sport_type`, because every source here can be told in them. The words stand
# in `sport_names.csv`: one row a sport, one column a language, `|` between words for one sport; the most
# usual sports in fourteen more languages, some of them as a dictionary has them, stand in
# `sport_names_more.csv`.

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
    """Return our name of a sport from what a source calls it."""
    # Display names seen in real exports (English, Dutch, German, Portuguese) and the dictionary words of the
    # other languages; see `sport_names.csv`.
    return _known().get(_plain(text)) if text else None


@cache
def sport_names() -> tuple[str, ...]:
    """Our sport names, in the order of the table.

    The sports of Strava's published API description, and the few added since.
    """
    return tuple(sport for sport, *_ in _table("sport_names.csv"))


def _table(name: str) -> list[list[str]]:
    """Read the rows of a table beside this module, without its header."""
    text = files("connectors").joinpath(name).read_text(encoding="utf-8")
    return list(csv.reader(text.splitlines()))[1:]


@cache
def _known() -> dict[str, str]:
    names: dict[str, str] = {}
    rows = _table("sport_names.csv")
    for sport, *_ in rows:
        names[_plain(sport)] = sport
    for sport, *cells in [*rows, *_table("sport_names_more.csv")]:
        for word in "|".join(cells).split("|"):
            if _plain(word):
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
_RUN_WORDS = (  # "|" between; what phones and watches call a run, beside the names in `sport_names.csv`
    "run|runs|running|runner|jog|jogging|joggen|joggning|rennen|lauf|laufen|løb|løbe|løbetur|løping|løpetur|jogg|"
    "løp|löpning|löpa|löprunda|springa|juoksu|juokseminen|juoksulenkki|lenkki|jooks|jooksmine|futás|kocogás|běh|"
    "běhání|beh|behanie|tek|trčanje|koşu|koşma|alergare|alergat|cursa|córrer|correr|corrida|carrera|corsa|course|"
    "footing|bieg|bieganie|skriešana|bėgimas|hlaup|vrap|lari|berlari|larian|chạy|chạy bộ|takbo|бег|пробежка|біг|"
    "бягане|трчање|τρέξιμο|ランニング|ラン|ジョギング|ジョグ|跑步|跑|慢跑|晨跑|夜跑|户外跑步|戶外跑步|户外跑|"
    "달리기|러닝|조깅|วิ่ง|ריצה|جري|ركض|الجري|दौड़|दौड़ना"
)
_TRAIL_WORDS = (
    "trail",
    "trails",
    "terräng",
    "terräng löpning",
    "terreng",
    "polku",
    "越野跑",
    "トレイルランニング",
)
_BESIDE = (  # words before or after a sport that leave it the same
    "outdoor outdoors indoor road street track city park free easy long short slow fast fun base recovery tempo "
    "interval intervals speed race racing ultra marathon half full obstacle morning lunch afternoon evening night "
    "daily distance endurance steady hill hills beach sand cross country treadmill virtual workout session training "
    "activity exercise sport my gps auto mixed open goal general standard basic pace timed the a in im of"
)


@dataclass(frozen=True)
class SportKind:
    """What a file says of the sport."""

    sport: str | None = None
    is_indoor: bool | None = None
    is_virtual: bool = False


def sport_kind(word: str | None) -> SportKind:
    """Read the sport word of a file.

    Words seen in files and the dictionary words of further languages; `9` is undocumented.
    """
    plain = " ".join((word or "").replace("_", " ").replace("-", " ").lower().split())
    if word is None or plain in _SILENT:
        return SportKind()
    if plain.isdecimal() and plain not in _WORDS:
        return SportKind(f"Type {plain}")
    is_indoor = True if "treadmill" in plain or "indoor" in plain else None
    sport = _WORDS.get(plain) or sport_name(plain) or _run_in(plain) or word.strip()
    return SportKind(sport, is_indoor, "virtual" in plain)


def _run_in(plain: str) -> str | None:
    """Whether one word for it names a run, with nothing beside it that says more than where, when or how hard."""
    words = re.sub(r"[^\w\s]+", " ", unicodedata.normalize("NFC", plain)).casefold().split()
    left = [one for one in words if one not in _LEAVE]
    trail = [one for one in left if one in _TRAIL_WORDS]
    rest = " ".join(one for one in left if one not in _TRAIL_WORDS)
    if not left or (rest and rest not in _RUNS) or not (rest or "run" in plain):
        return None
    return "TrailRun" if trail else "VirtualRun" if "virtual" in words else "Run"


_RUNS = frozenset(unicodedata.normalize("NFC", word).casefold() for word in _RUN_WORDS.split("|"))
_LEAVE = frozenset(_BESIDE.split())
