"""The columns of the diary CSV, and how one cell of each is read and written."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from connectors.cell_words import is_unknown, yes_or_no
from connectors.csv_cells import bare, read_value
from connectors.frames import STIFFNESS_BANDS, SYMPTOM
from connectors.manual_rows import BAND_MIDDLES_MIN

DIARY_COLUMNS = {
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
    """Read a cell of any other column."""
    if name in _READ:
        return None if is_unknown(bare(text)) else _READ[name](name, bare(text))
    return read_value(name, text, SYMPTOM.columns[DIARY_COLUMNS[name]])


def write_cell(name: str, value: object) -> str:
    """Write a cell so that `read_cell` and `csv_cells.read_date` give the same back.

    A band is written "5 to 15", since a spreadsheet would make a date of "5-15".
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{Decimal(repr(value)):f}"
    return str(value).replace("-", " to ") if name == "stiffness_band" else str(value)


def needs_minutes(minutes: float | None, band: str | None) -> bool:
    """Return whether minutes say more than their band does.

    A number that was never said is not handed on.
    """
    return band is None or minutes != BAND_MIDDLES_MIN[band]


def _yes_no(name: str, text: str) -> bool:
    answer = yes_or_no(text)
    if answer is None:
        raise ValueError(f'Its {name} "{text}" is neither yes nor no.')
    return answer


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
