"""What a GPX or TCX file calls its sport, in our names."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from connectors.sports import sport_name

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
class Kind:
    """What a file says of the sport.

    Parameters
    ----------
    sport
        Our name, or the file's own word where we have none; None where it does not say.
    is_indoor
        True for treadmill and indoor words; None where the file does not say.
    is_virtual
        Whether the word names a virtual session.
    """

    sport: str | None = None
    is_indoor: bool | None = None
    is_virtual: bool = False


def kind_of(word: str | None) -> Kind:
    """Read the sport word of a file.

    Parameters
    ----------
    word : str or None
        GPX `<type>` or TCX `Sport`, in any case, with blanks, hyphens or underscores.

    Returns
    -------
    Kind
        A word we do not know, and TCX's "Other", is kept as it is: how it moves decides, aloud.

    Source
    ------
    ours: words seen in files and the dictionary words of further languages; `9` is undocumented.
    """
    plain = " ".join((word or "").replace("_", " ").replace("-", " ").lower().split())
    if word is None or plain in _SILENT:
        return Kind()
    if plain.isdecimal() and plain not in _WORDS:
        return Kind(f"Type {plain}")
    is_indoor = True if "treadmill" in plain or "indoor" in plain else None
    sport = _WORDS.get(plain) or sport_name(plain) or _run_in(plain) or word.strip()
    return Kind(sport, is_indoor, "virtual" in plain)


def _run_in(plain: str) -> str | None:
    """Tell a run by one word for it, with nothing beside it that says more than where, when or how hard."""
    words = re.sub(r"[^\w\s]+", " ", unicodedata.normalize("NFC", plain)).casefold().split()
    left = [one for one in words if one not in _LEAVE]
    trail = [one for one in left if one in _TRAIL_WORDS]
    rest = " ".join(one for one in left if one not in _TRAIL_WORDS)
    if not left or (rest and rest not in _RUNS) or not (rest or "run" in plain):
        return None
    return "TrailRun" if trail else "VirtualRun" if "virtual" in words else "Run"


_RUNS = frozenset(unicodedata.normalize("NFC", word).casefold() for word in _RUN_WORDS.split("|"))
_LEAVE = frozenset(_BESIDE.split())
