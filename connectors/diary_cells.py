"""The columns of the diary CSV, and how one cell of each is read and written."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from connectors.cell_words import is_unknown, yes_or_no
from connectors.cells import bare, read_value
from connectors.frames import STIFFNESS_BANDS, SYMPTOM
from connectors.symptoms import BAND_MIDDLES_MIN

CONTRACT = (
    "date",
    "side",
    "site",
    "morning_stiffness_min",
    "morning_pain",
    "pain_during",
    "pain_after",
    "note",
)
"""The header that every diary may rely on; the others are our own additions."""
COLUMNS = {
    "date": "date",
    "side": "side",
    "site": "site",
    "morning_stiffness": "morning_stiffness_0_10",
    "morning_stiffness_min": "morning_stiffness_min",
    "stiffness_band": "morning_stiffness_band",
    "morning_pain": "morning_pain_0_10",
    "pain_start": "pain_start_0_10",
    "warmed_up": "warmed_up",
    "pain_during": "pain_during_0_10",
    "pain_after": "pain_after_0_10",
    "same_as_before": "is_same_as_before",
    "note": "note",
}
"""Names in the CSV to names in SYMPTOM, in the order they are written."""


def read_cell(name: str, text: str) -> str | float | bool | None:
    """Read a cell of any other column.

    Parameters
    ----------
    name : str
        A name of `COLUMNS`.
    text : str
        The cell without blanks around it; empty is unknown.

    Returns
    -------
    str, float, bool or None
        As in SYMPTOM.

    Raises
    ------
    ValueError
        Says in words why it cannot be kept.

    Source
    ------
    ours.
    """
    if name in _READ:
        return None if is_unknown(bare(text)) else _READ[name](name, bare(text))
    return read_value(name, text, SYMPTOM.columns[COLUMNS[name]])


def write_cell(name: str, value: object) -> str:
    """Write a cell so that `read_cell` and `cells.read_date` give the same back.

    Parameters
    ----------
    name : str
        A name of `COLUMNS`.
    value : object
        As in SYMPTOM; None is unknown.

    Returns
    -------
    str
        Empty for unknown.

    Source
    ------
    ours: a band is written "5 to 15", since a spreadsheet would make a date of "5-15".
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{Decimal(repr(value)):f}"
    return str(value).replace("-", " to ") if name == "stiffness_band" else str(value)


def needs_minutes(minutes: float | None, band: str | None) -> bool:
    """Tell whether minutes say more than their band does.

    Parameters
    ----------
    minutes : float or None
        min.
    band : str or None
        One of `frames.STIFFNESS_BANDS`.

    Returns
    -------
    bool
        False for the middle of the band, which is nobody's word.

    Source
    ------
    ours: a number that was never said is not handed on.
    """
    return band is None or minutes != BAND_MIDDLES_MIN[band]


def _yes_no(name: str, text: str) -> bool:
    said = yes_or_no(text)
    if said is None:
        raise ValueError(f'Its {name} "{text}" is neither yes nor no.')
    return said


def _band(name: str, text: str) -> str:
    plain = re.sub(r"\s|min", "", text.lower()).replace("to", "-").replace("–", "-")
    if plain not in STIFFNESS_BANDS:
        written = ", ".join(write_cell(name, band) for band in STIFFNESS_BANDS)
        raise ValueError(f'Its {name} "{text}" is none of {written}.')
    return plain


_READ: dict[str, Callable[[str, str], str | bool]] = {
    "stiffness_band": _band,
    "warmed_up": _yes_no,
    "same_as_before": _yes_no,
}
