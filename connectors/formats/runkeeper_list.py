"""Runkeeper's `cardioActivities.csv`: which sport each GPX beside it is, and which sessions have no GPX."""

from __future__ import annotations

from dataclasses import dataclass, field

from connectors.sports import sport_name
from connectors.tables import read_table


@dataclass
class RunkeeperList:
    """What the list says of the recordings beside it.

    Parameters
    ----------
    sports
        Name of a GPX file in lower case to our name of its sport, or Runkeeper's own where we have none.
    without_gpx
        Date and sport of each session without a GPX file, in Runkeeper's words.
    """

    sports: dict[str, str] = field(default_factory=dict)
    without_gpx: list[str] = field(default_factory=list)


def parse_list(data: bytes, name: str) -> RunkeeperList:
    """Parse the list of activities.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        Of the file, for messages.

    Returns
    -------
    RunkeeperList
        Empty for a file of another kind.
    """
    listed = RunkeeperList()
    table = read_table(data, name, lambda cells: "GPX File" in cells and "Type" in cells)[0]
    if not {"GPX File", "Type", "Date"} <= set(table.header):
        return listed
    at = {heading: place for place, heading in enumerate(table.header)}
    for _, cells in table.rows:
        row = {heading: cells[place].strip() for heading, place in at.items() if place < len(cells)}
        word, file_name = row.get("Type", ""), row.get("GPX File", "").lower()
        if file_name:
            listed.sports[file_name] = sport_name(word) or word
        elif row.get("Date"):
            listed.without_gpx.append(f"{row['Date'][:10]} {word}".strip())
    return listed
