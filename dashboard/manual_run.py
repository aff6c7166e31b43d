"""What a person says of a run that nothing recorded, and the row it becomes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from connectors.errors import HeelwiseError
from connectors.source import stable_id

SOURCE = "manual"
NOON = time(12)
TOLD = (
    "local_date",
    "distance_m",
    "moving_s",
    "sport",
    "is_indoor",
    "ascent_m",
    "perceived_exertion_0_10",
    "shoe_id",
)
"""Columns of ACTIVITY that a person says of such a run, and may say again in the table of runs."""


@dataclass(frozen=True)
class ManualRun:
    """What a person says of a run that nothing recorded; None is not known.

    Parameters
    ----------
    day
        Local date.
    start
        Local time; None is not remembered.
    distance_m, moving_s, ascent_m
        m, s, m.
    sport
        One of our sport names.
    is_indoor
        Treadmill or indoor.
    perceived_exertion_0_10
        0 to 10.
    shoe_id
        The pair.
    name
        The person's own words.
    """

    day: date
    start: time | None = None
    distance_m: float | None = None
    moving_s: float | None = None
    sport: str = "Run"
    is_indoor: bool | None = None
    ascent_m: float | None = None
    perceived_exertion_0_10: float | None = None
    shoe_id: str | None = None
    name: str | None = None

    def start_utc(self, zone: str) -> datetime:
        """Give the start.

        Parameters
        ----------
        zone : str
            IANA zone.

        Returns
        -------
        datetime
            Aware, UTC; noon stands in for a time that is not remembered.
        """
        return datetime.combine(self.day, self.start or NOON, ZoneInfo(zone)).astimezone(UTC)

    def row(self, athlete_id: int, source_id: str, zone: str) -> dict[str, Any]:
        """Give the row of ACTIVITY.

        Parameters
        ----------
        athlete_id : int
            Runner on this machine, from 1.
        source_id : str
            Id of the run.
        zone : str
            IANA zone.

        Returns
        -------
        dict
            Values by column; what is absent is not known.
        """
        told = {name: getattr(self, name) for name in TOLD if name != "local_date"}
        return {
            "activity_id": stable_id(athlete_id, SOURCE, source_id),
            "athlete_id": athlete_id,
            "source": SOURCE,
            "source_id": source_id,
            "fetched_utc": datetime.now(UTC),
            "start_utc": self.start_utc(zone),
            "timezone": zone,
            "local_date": self.day,
            "name": self.name,
            "elapsed_s": self.moving_s,
            "flags": SOURCE,
            **told,
        }


def duration_s(text: str) -> float | None:
    """Read a duration as runners write it.

    Parameters
    ----------
    text : str
        "1:05:00", "44:10", or minutes: "44".

    Returns
    -------
    float or None
        s; None for an empty text.

    Raises
    ------
    HeelwiseError
        When it is none of these.

    Source
    ------
    ours.
    """
    parts = text.strip().split(":")
    if parts == [""]:
        return None
    if len(parts) > 3 or not all(part.isdecimal() for part in parts) or any(int(p) > 59 for p in parts[1:]):
        raise HeelwiseError(f"“{text}” is not a duration such as 44:10, 1:05:00 or 44. Nothing was changed.")
    if len(parts) == 1:
        return int(parts[0]) * 60.0
    seconds = 0.0
    for part in parts:
        seconds = seconds * 60 + int(part)
    return seconds
