"""What a GPX or TCX file calls its sport, in our names."""

from __future__ import annotations

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
        A word we do not know, and TCX's "Other", is kept as it is, so that it never counts as a run unseen.

    Source
    ------
    ours: words seen in files; `9` is undocumented.
    """
    plain = " ".join((word or "").replace("_", " ").replace("-", " ").lower().split())
    if word is None or plain in _SILENT:
        return Kind()
    if plain.isdecimal() and plain not in _WORDS:
        return Kind(f"Type {plain}")
    is_indoor = True if "treadmill" in plain or "indoor" in plain else None
    sport = _WORDS.get(plain) or sport_name(plain) or word.strip()
    return Kind(sport, is_indoor, "virtual" in plain)
