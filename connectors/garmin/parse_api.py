"""Activities as Garmin's list gives them, one value at a time: everything in it may be null."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from connectors.sports import UNKNOWN_SPORT, sport_kind
from connectors.sync.activity_rows import add_activities, numeric_id, read_numbers, without_date
from connectors.sync.json_values import (
    api_description,
    api_number,
    api_text,
    api_time,
    blank_activity,
    bounded,
    clock_offset_s,
)
from connectors.sync.key_service import KeyPage

SOURCE_NAME = "garmin_api"
TITLE = "Garmin"
_NUMBERS = {
    "distance_m": ("distance",),
    "moving_s": ("movingDuration", "duration"),
    "elapsed_s": ("elapsedDuration", "duration"),
    "ascent_device_m": ("elevationGain",),
    "descent_device_m": ("elevationLoss",),
    "cadence_spm": ("averageRunningCadenceInStepsPerMinute",),
    "heart_rate_bpm": ("averageHR",),
    "max_heart_rate_bpm": ("maxHR",),
    "max_speed_mps": ("maxSpeed",),
    "impact_m": ("impactLoad",),
}
_ZERO_IS_UNKNOWN = ("moving_s", "cadence_spm", "heart_rate_bpm", "max_heart_rate_bpm")


def parse_page(items: Sequence[Any], athlete_id: int, fetched_utc: datetime) -> KeyPage:
    """Read a page of the list."""
    page = KeyPage()
    rows = add_activities(
        page, items, TITLE, "activityId", lambda item: parse_summary(item, athlete_id, fetched_utc)
    )
    for item, row in rows:
        if description := api_description(item.get("description")):
            page.descriptions[row["source_id"]] = description
    return page


def parse_summary(item: Mapping[str, Any], athlete_id: int, fetched_utc: datetime) -> dict[str, Any]:
    """Read one activity; times that are called GMT are UTC and have no suffix."""
    source_id = numeric_id(item.get("activityId"), TITLE)
    start, local = api_time(item.get("startTimeGMT")), api_time(item.get("startTimeLocal"))
    if start is None:
        raise without_date(TITLE)
    offset = clock_offset_s(start, local)
    kind = item.get("activityType")
    sport = sport_kind(api_text(kind.get("typeKey")) if isinstance(kind, Mapping) else None)
    row = blank_activity(athlete_id, SOURCE_NAME, source_id, fetched_utc)
    return row | {
        "start_utc": start,
        "utc_offset_s": offset,
        "local_date": (local if offset is not None and local is not None else start).date(),
        "sport": sport.sport or UNKNOWN_SPORT,
        "is_indoor": sport.is_indoor,
        "name": api_text(item.get("activityName")),
        **read_numbers(item, _NUMBERS, _ZERO_IS_UNKNOWN),
    }


def parse_answers(detail: Mapping[str, Any] | None) -> dict[str, float | None]:
    """Read effort (0 to 100 in tens) and feel (0, 25, 50, 75, 100) as answered on the watch, and the impact."""
    summary = detail.get("summaryDTO") if detail is not None else None
    if not isinstance(summary, Mapping):
        return {}
    effort, feel = api_number(summary.get("directWorkoutRpe")), api_number(summary.get("directWorkoutFeel"))
    return {
        "perceived_exertion_0_10": effort / 10 if effort is not None and 0 < effort <= 100 else None,
        "feel_0_100": bounded("feel_0_100", feel),
        "impact_m": bounded("impact_m", api_number(summary.get("impactLoad"))),
    }
