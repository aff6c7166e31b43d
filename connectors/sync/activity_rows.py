"""Rows of ACTIVITY from the list of a service: what is read alike whichever service it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from connectors.errors import UnreadableFile
from connectors.recordings.steps import both_feet
from connectors.source import Skipped
from connectors.sports import FOOT_SPORTS, UNKNOWN_SPORT, sport_name
from connectors.sync.activities import ActivityPage
from connectors.sync.json_values import api_number, bounded

STRAVA_TOTALS: Mapping[str, Sequence[str]] = {
    "distance_m": ("distance",),
    "moving_s": ("moving_time",),
    "elapsed_s": ("elapsed_time",),
    "ascent_device_m": ("total_elevation_gain",),
    "heart_rate_bpm": ("average_heartrate",),
    "max_heart_rate_bpm": ("max_heartrate",),
    "max_speed_mps": ("max_speed",),
}
"""Totals by the names that Strava gave them and intervals.icu took over."""
_ID_LIMIT = 2**63

Row = dict[str, Any]


def add_activities(
    page: ActivityPage,
    items: Iterable[Any],
    title: str,
    id_field: str,
    parse_summary: Callable[[Mapping[str, Any]], Row | None],
) -> list[tuple[Mapping[str, Any], Row]]:
    """Add each activity to a page once and return it with its row; one odd item never stops the others.

    `parse_summary` returns None for an entry that is none.
    """
    added: dict[str, tuple[Mapping[str, Any], Row]] = {}
    for item in items:
        if not isinstance(item, Mapping):
            page.skipped.append(
                Skipped("activity", f"{title} gave something that is no activity; it was left out.")
            )
            continue
        try:
            row = parse_summary(item)
        except UnreadableFile as error:
            page.skipped.append(Skipped(f"activity {item.get(id_field)}", str(error)))
            continue
        if row is None or row["source_id"] in added:
            continue
        added[row["source_id"]] = item, row
        page.rows.append(row)
        if sport_name(row["sport"]) is None and row["sport"] != UNKNOWN_SPORT:
            page.unknown_sports[row["sport"]] = page.unknown_sports.get(row["sport"], 0) + 1
    return list(added.values())


def numeric_id(given: Any, title: str) -> str:
    """Read an id that is a whole number, never by way of a float: ids may go beyond 2**53."""
    if isinstance(given, str) and given.isascii() and given.isdecimal():
        given = int(given)
    if isinstance(given, bool) or not isinstance(given, int) or not 0 < given < _ID_LIMIT:
        raise without_id(title)
    return str(given)


def without_id(title: str) -> UnreadableFile:
    """Build the error of an activity that nothing can be stored under."""
    return UnreadableFile(f"{title} gave an activity without a usable id; it was left out.")


def without_date(title: str) -> UnreadableFile:
    """Build the error of an activity that lies on no day."""
    return UnreadableFile(f"{title} gave an activity without a date that can be read; it was left out.")


def read_numbers(
    item: Mapping[str, Any], fields: Mapping[str, Sequence[str]], zero_is_unknown: Sequence[str]
) -> dict[str, float | None]:
    """Read numbers by their column, each from the first of several fields that has one."""
    row: dict[str, float | None] = {}
    for column, foreign in fields.items():
        values = [value for one in foreign if (value := api_number(item.get(one))) is not None]
        known = [value for value in values if value or column not in zero_is_unknown]
        row[column] = bounded(column, known[0] if known else None)
    return row


def read_sport(word: str | None) -> str:
    """Return our name of a sport, else the service's own."""
    return (sport_name(word) or word) if word else UNKNOWN_SPORT


def is_on_trainer(item: Mapping[str, Any]) -> bool | None:
    """Return whether it was indoors, as Strava and intervals.icu call it."""
    return item["trainer"] if isinstance(item.get("trainer"), bool) else None


def steps_per_minute(item: Mapping[str, Any], sport: str) -> float | None:
    """Read the cadence of a run or a walk, which Strava and intervals.icu may count for one foot."""
    one_leg = api_number(item.get("average_cadence"))
    if not one_leg or sport not in FOOT_SPORTS:
        return None
    metres, seconds = (api_number(item.get(name)) for name in ("distance", "moving_time"))
    speed = metres / seconds if metres and seconds else None
    return bounded("cadence_spm", both_feet(one_leg, speed))
