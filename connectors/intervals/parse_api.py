"""Activities as the list of intervals.icu gives them, one value at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from connectors.local_date import zone_name
from connectors.sports import FOOT_SPORTS
from connectors.sync.activity_rows import (
    STRAVA_TOTALS,
    add_activities,
    is_on_trainer,
    read_numbers,
    read_sport,
    steps_per_minute,
    without_date,
    without_id,
)
from connectors.sync.json_values import (
    api_description,
    api_number,
    api_text,
    api_time,
    blank_activity,
    clock_offset_s,
)
from connectors.sync.key_service import Gear, KeyPage

SOURCE_NAME = "intervals_api"
TITLE = "intervals.icu"
BEST_FEEL, WORST_FEEL = 1, 5
_ID = re.compile(r"[A-Za-z]?\d{1,24}")
_NUMBERS = {**STRAVA_TOTALS, "perceived_exertion_0_10": ("icu_rpe",)}
_ZERO_IS_UNKNOWN = ("moving_s", "heart_rate_bpm", "max_heart_rate_bpm", "perceived_exertion_0_10")


def parse_page(items: Sequence[Any], athlete_id: int, fetched_utc: datetime) -> KeyPage:
    """Read a page of the list; what came from Strava is only counted."""
    page = KeyPage()

    def parse(item: Mapping[str, Any]) -> dict[str, Any] | None:
        if not is_stub(item):
            return parse_summary(item, athlete_id, fetched_utc)
        if (source_id := _identity(item.get("id"))) not in page.stubs:
            page.stubs.append(source_id)
        return None

    for item, row in add_activities(page, items, TITLE, "id", parse):
        source_id = row["source_id"]
        if description := api_description(item.get("description")):
            page.descriptions[source_id] = description
        if (gear := _gear(item)) is not None and row["sport"] in FOOT_SPORTS:
            page.gear[source_id] = gear
    return page


def is_stub(item: Mapping[str, Any]) -> bool:
    """Return whether an entry is only the sign that Strava holds one: neither length nor kind are passed on."""
    is_from_strava = str(item.get("source") or "").upper() == "STRAVA"
    return is_from_strava and all(item.get(name) is None for name in ("type", "distance", "moving_time"))


def parse_summary(item: Mapping[str, Any], athlete_id: int, fetched_utc: datetime) -> dict[str, Any]:
    """Read one activity. `start_date` is UTC, `start_date_local` the clock where it began; feel runs from 1 to 5."""
    source_id = _identity(item.get("id"))
    zone = zone_name(api_text(item.get("timezone")))
    start, local = api_time(item.get("start_date")), api_time(item.get("start_date_local"))
    if start is None:
        raise without_date(TITLE)
    offset = clock_offset_s(start, local)
    sport = read_sport(api_text(item.get("type")))
    row = blank_activity(athlete_id, SOURCE_NAME, source_id, fetched_utc)
    return row | {
        "start_utc": start,
        "timezone": zone,
        "utc_offset_s": offset,
        "local_date": (local if offset is not None and local is not None else start).date(),
        "sport": sport,
        "is_indoor": is_on_trainer(item),
        "name": api_text(item.get("name")),
        "device": api_text(item.get("device_name")),
        "cadence_spm": steps_per_minute(item, sport),
        "feel_0_100": _feel(item),
        **read_numbers(item, _NUMBERS, _ZERO_IS_UNKNOWN),
    }


def _identity(given: Any) -> str:
    text = str(given) if isinstance(given, int) and not isinstance(given, bool) else api_text(given)
    if text is None or not _ID.fullmatch(text):
        raise without_id(TITLE)
    return text


def _feel(item: Mapping[str, Any]) -> float | None:
    """1 strong to 5 weak, to 100 very strong and 0 very weak."""
    feel = api_number(item.get("feel"))
    if feel is None or not BEST_FEEL <= feel <= WORST_FEEL:
        return None
    return (WORST_FEEL - feel) / (WORST_FEEL - BEST_FEEL) * 100


def _gear(item: Mapping[str, Any]) -> Gear | None:
    given = item.get("gear")
    if not isinstance(given, Mapping):
        return None
    gear_id, name = given.get("id"), api_text(given.get("name"))
    text = str(gear_id) if isinstance(gear_id, int) else api_text(gear_id)
    # intervals.icu marks bikes with "b".
    return Gear(text, name) if text and name and not text.startswith("b") else None
