"""An empty diary to fill in with any spreadsheet, and what its columns take."""

from __future__ import annotations

COLUMNS = (
    "date",
    "side",
    "site",
    "morning_stiffness_min",
    "morning_pain",
    "pain_during",
    "pain_after",
    "note",
)
"""The columns that most people log; the import knows more, and their names in eight languages."""

FILE_NAME = "heelwise_diary_template.csv"
EXPLAINED = (
    "One row for a date and side. date: 2026-03-01, the only column that must be there. side: left, right or both. "
    "site: midportion, insertion or other. morning_stiffness_min: minutes. Pain: 0 to 10. An empty cell is unknown, "
    "0 is none. Other columns are named and left out."
)


def diary_template() -> bytes:
    """Return the header of a diary as CSV, which spreadsheets of all languages read as UTF-8."""
    return ("\ufeff" + ",".join(COLUMNS) + "\r\n").encode()
