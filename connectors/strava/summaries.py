"""One activity as the API's list gives it, to one row of ACTIVITY."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl

from connectors.errors import UnreadableFile
from connectors.frames import ACTIVITY
from connectors.localday import zone_name
from connectors.recordings.steps import both_feet
from connectors.source import Skipped, stable_id
from connectors.sports import FOOT_SPORTS, UNKNOWN_SPORT, sport_name
from connectors.strava.starts import offset_between, read_start

SOURCE_NAME = "strava_api"
HIDDEN_START = "hidden_start"
MANUAL = "manual"

_LONGEST_TEXT = 500
_ID_LIMIT = 2**63
_NUMBERS = {
    "distance_m": "distance",
    "moving_s": "moving_time",
    "elapsed_s": "elapsed_time",
    "ascent_device_m": "total_elevation_gain",
    "heart_rate_bpm": "average_heartrate",
    "max_heart_rate_bpm": "max_heartrate",
    "max_speed_mps": "max_speed",
    "perceived_exertion_0_10": "perceived_exertion",
}
_ZERO_IS_UNKNOWN = ("heart_rate_bpm", "max_heart_rate_bpm", "perceived_exertion_0_10")


@dataclass
class Page:
    """What one page of summaries holds.

    Parameters
    ----------
    rows
        Values for ACTIVITY, one dict an activity; `local_date` included.
    skipped
        Items that cannot be an activity.
    unknown_sports
        Sport names no table knows, kept as they are.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    unknown_sports: dict[str, int] = field(default_factory=dict)


def parse_page(items: Sequence[Any], athlete_id: int, fetched_utc: datetime) -> Page:
    """Read a page of the list; one odd item never stops the others.

    Parameters
    ----------
    items : sequence
        As the API gives them; of one id twice the first stands. What is no object is passed over, and said so.
    athlete_id : int
        Whose they are.
    fetched_utc : datetime
        Aware, UTC.

    Returns
    -------
    Page
        Rows in the list's order.

    Source
    ------
    ours: see `parse_summary`.
    """
    page = Page()
    seen: set[str] = set()
    for item in items:
        if not isinstance(item, Mapping):
            page.skipped.append(
                Skipped("activity", "Strava gave something that is no activity; it was left out.")
            )
            continue
        try:
            row = parse_summary(item, athlete_id, fetched_utc)
        except UnreadableFile as error:
            page.skipped.append(Skipped(f"activity {item.get('id')}", str(error)))
            continue
        if row["source_id"] in seen:
            continue
        seen.add(row["source_id"])
        page.rows.append(row)
        if sport_name(row["sport"]) is None and row["sport"] != UNKNOWN_SPORT:
            page.unknown_sports[row["sport"]] = page.unknown_sports.get(row["sport"], 0) + 1
    return page


def parse_summary(item: Mapping[str, Any], athlete_id: int, fetched_utc: datetime) -> dict[str, Any]:
    """Read one activity.

    Parameters
    ----------
    item : mapping
        A summary, or the detailed form that `GET /activities/{id}` gives.
    athlete_id : int
        Whose it is.
    fetched_utc : datetime
        Aware, UTC.

    Returns
    -------
    dict
        Every column of ACTIVITY. Distances in m, times in s, cadence in steps/min of both feet (the API counts one
        leg), null where the API says nothing or a value cannot be. `sample_rows` is 0 for an activity entered by
        hand, which has no recording, and null for one whose recording was not fetched yet. `flags` may hold
        `hidden_start` (only the day of the start is known) and `manual`.

    Raises
    ------
    UnreadableFile
        When the item has no usable id or start.

    Source
    ------
    Field list of the API and 1,132 recorded summaries. `start_date_local` is local time with a false "Z"; a hidden
    start stands as 00:00:01 (Strava's changelog of 2024-07-03).
    """
    source_id = _identity(item)
    zone, offset = zone_name(_text(item.get("timezone"))), _offset(item)
    texts = (_text(item.get("start_date")), _text(item.get("start_date_local")))
    if zone is None and offset is None:
        offset = offset_between(*texts)
    start, day, is_hidden = read_start(*texts, zone, offset)
    sport = _sport(item)
    is_manual = item.get("manual") is True
    row: dict[str, Any] = dict.fromkeys(ACTIVITY.columns)
    row |= {
        "activity_id": stable_id(athlete_id, SOURCE_NAME, source_id),
        "athlete_id": athlete_id,
        "source": SOURCE_NAME,
        "source_id": source_id,
        "fetched_utc": fetched_utc,
        "start_utc": start,
        "timezone": zone,
        "utc_offset_s": offset,
        "local_date": day,
        "sport": sport,
        "is_indoor": item["trainer"] if isinstance(item.get("trainer"), bool) else None,
        "name": _text(item.get("name")),
        "cadence_spm": _steps(item, sport),
        "shoe_id": _shoe(item, athlete_id),
        "device": _text(item.get("device_name")),
        "sample_rows": 0 if is_manual else None,
        "flags": " ".join(sorted([HIDDEN_START] * is_hidden + [MANUAL] * is_manual)) or None,
    }
    for name, foreign in _NUMBERS.items():
        value = number(item.get(foreign))
        row[name] = _bounded(name, (value or None) if name in _ZERO_IS_UNKNOWN else value)
    return row


def gear_ids(items: Iterable[Any]) -> set[str]:
    """List the pairs of shoes worn.

    Parameters
    ----------
    items : iterable
        Summaries; what is no object is passed over.

    Returns
    -------
    set of str
        Ids such as "g123"; never a bike's.

    Source
    ------
    The API marks shoes with "g" and bikes with "b".
    """
    objects = (item for item in items if isinstance(item, Mapping))
    return {gear for item in objects if (gear := _gear(item)) is not None}


def number(value: Any) -> float | None:
    """Read a number as JSON gives it.

    Parameters
    ----------
    value : any
        A number, a text of one, or anything else.

    Returns
    -------
    float or None
        None for what is no finite number.

    Source
    ------
    ours: the API gives one field as whole number, fraction, text or null.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        read = float(value)
    except (ValueError, OverflowError):
        return None
    return read if math.isfinite(read) else None


def _identity(item: Mapping[str, Any]) -> str:
    given = item.get("id")
    if isinstance(given, str) and given.isdecimal():
        given = int(given)
    # Never by way of a float: ids go beyond 2**53.
    if isinstance(given, bool) or not isinstance(given, int) or not 0 < given < _ID_LIMIT:
        raise UnreadableFile("Strava gave an activity without a usable id; it was left out.")
    return str(given)


def _offset(item: Mapping[str, Any]) -> int | None:
    value = number(item.get("utc_offset"))
    kept = _bounded("utc_offset_s", value)
    return None if kept is None else round(kept)


def _sport(item: Mapping[str, Any]) -> str:
    said = _text(item.get("sport_type")) or _text(item.get("type"))
    return (sport_name(said) or said) if said else UNKNOWN_SPORT


def _steps(item: Mapping[str, Any], sport: str) -> float | None:
    one_leg = number(item.get("average_cadence"))
    if not one_leg or sport not in FOOT_SPORTS:
        return None
    metres, seconds = (number(item.get(name)) for name in ("distance", "moving_time"))
    speed = metres / seconds if metres and seconds else None
    return _bounded("cadence_spm", both_feet(one_leg, speed))


def _gear(item: Mapping[str, Any]) -> str | None:
    inside = item.get("gear")
    given = _text(item.get("gear_id")) or (_text(inside.get("id")) if isinstance(inside, Mapping) else None)
    return given if given and given.startswith("g") else None


def _shoe(item: Mapping[str, Any], athlete_id: int) -> str | None:
    gear = _gear(item)
    return stable_id(athlete_id, SOURCE_NAME, gear) if gear else None


def _text(value: Any) -> str | None:
    return " ".join(value.split())[:_LONGEST_TEXT] or None if isinstance(value, str) else None


def _bounded(name: str, value: float | None) -> float | None:
    """None for a number the contract does not allow."""
    column = ACTIVITY.columns[name]
    low, high = (-math.inf if column.low is None else column.low), column.high
    return value if value is not None and low <= value <= (math.inf if high is None else high) else None


def as_frame(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Put rows into a frame.

    Parameters
    ----------
    rows : sequence of mapping
        From `parse_summary`.

    Returns
    -------
    DataFrame, shape (n, ACTIVITY)
        Contract ACTIVITY.

    Source
    ------
    ours.
    """
    return pl.DataFrame(list(rows), schema=ACTIVITY.schema)
