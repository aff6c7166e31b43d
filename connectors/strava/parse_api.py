"""When an activity began, from two texts of which one lies about its zone and either may hide the hour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from connectors.deduplication import HIDDEN_START
from connectors.frames import ACTIVITY
from connectors.local_date import zone_name
from connectors.source import stable_id
from connectors.sync.activities import ActivityPage
from connectors.sync.activity_rows import (
    STRAVA_TOTALS,
    add_activities,
    is_on_trainer,
    numeric_id,
    read_numbers,
    read_sport,
    steps_per_minute,
    without_date,
)
from connectors.sync.json_values import MOST_OFFSET_S, api_number, api_text, api_time, blank_activity, bounded
from connectors.sync.recording_state import MANUAL

SOURCE_NAME = "strava_api"
TITLE = "Strava"

_NUMBERS = {**STRAVA_TOTALS, "perceived_exertion_0_10": ("perceived_exertion",)}
_ZERO_IS_UNKNOWN = ("heart_rate_bpm", "max_heart_rate_bpm", "perceived_exertion_0_10")
_HIDDEN_CLOCK = "T00:00:01"


def read_start(
    utc_text: str | None, local_text: str | None, zone: str | None, offset_s: int | None
) -> tuple[datetime, date, bool]:
    """Read a start.

    References
    ----------
    Strava's changelog of 2024-07-03: who hides the start shows 00:00:01.
    """
    utc, local = api_time(utc_text), api_time(local_text)
    is_hidden = _hides(local_text) and (_hides(utc_text) or _fits(utc, local, zone, offset_s))
    if local is not None and (is_hidden or utc is None):
        # The day is all that is known then, and it is the runner's own.
        return _from_local(local, zone, offset_s), local.date(), is_hidden
    if utc is None:
        raise without_date(TITLE)
    there = utc.astimezone(ZoneInfo(zone)) if zone else local or utc
    return utc, there.date(), False


def offset_between(utc_text: str | None, local_text: str | None) -> int | None:
    """Work out the offset where neither zone nor offset are told.

    The two texts differ by the offset; zones are at most 14 hours from UTC.
    """
    utc, local = api_time(utc_text), api_time(local_text)
    if local is not None and (utc is None or _hides(local_text)):
        return 0
    if utc is None or local is None:
        return None
    apart = round((local - utc).total_seconds())
    return apart if abs(apart) <= MOST_OFFSET_S else None


def _hides(text: str | None) -> bool:
    return _HIDDEN_CLOCK in (text or "")


def _fits(utc: datetime | None, local: datetime | None, zone: str | None, offset_s: int | None) -> bool:
    return utc is not None and local is not None and _from_local(local, zone, offset_s) == utc


def _from_local(local: datetime, zone: str | None, offset_s: int | None) -> datetime:
    if zone:
        return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return datetime.fromtimestamp(local.timestamp() - (offset_s or 0), UTC)


def parse_page(items: Sequence[Any], athlete_id: int, fetched_utc: datetime) -> ActivityPage:
    """Read a page of the list."""
    page = ActivityPage()
    add_activities(page, items, TITLE, "id", lambda item: parse_summary(item, athlete_id, fetched_utc))
    return page


def parse_summary(item: Mapping[str, Any], athlete_id: int, fetched_utc: datetime) -> dict[str, Any]:
    """Read one activity.

    References
    ----------
    Field list of the API and 1,132 recorded summaries. `start_date_local` is local time with a false "Z"; a hidden
    start stands as 00:00:01 (Strava's changelog of 2024-07-03).
    """
    source_id = numeric_id(item.get("id"), TITLE)
    zone, offset = zone_name(api_text(item.get("timezone"))), _offset(item)
    texts = (api_text(item.get("start_date")), api_text(item.get("start_date_local")))
    if zone is None and offset is None:
        offset = offset_between(*texts)
    start, day, is_hidden = read_start(*texts, zone, offset)
    sport = read_sport(api_text(item.get("sport_type")) or api_text(item.get("type")))
    is_manual = item.get("manual") is True
    row = blank_activity(athlete_id, SOURCE_NAME, source_id, fetched_utc)
    return row | {
        "start_utc": start,
        "timezone": zone,
        "utc_offset_s": offset,
        "local_date": day,
        "sport": sport,
        "is_indoor": is_on_trainer(item),
        "name": api_text(item.get("name")),
        "cadence_spm": steps_per_minute(item, sport),
        "shoe_id": _shoe(item, athlete_id),
        "device": api_text(item.get("device_name")),
        "sample_rows": 0 if is_manual else None,
        "flags": " ".join(sorted([HIDDEN_START] * is_hidden + [MANUAL] * is_manual)) or None,
        **read_numbers(item, _NUMBERS, _ZERO_IS_UNKNOWN),
    }


def gear_ids(items: Iterable[Any]) -> set[str]:
    """List the pairs of shoes worn.

    The API marks shoes with "g" and bikes with "b".
    """
    objects = (item for item in items if isinstance(item, Mapping))
    return {gear for item in objects if (gear := _gear(item)) is not None}


def _offset(item: Mapping[str, Any]) -> int | None:
    value = api_number(item.get("utc_offset"))
    offset = bounded("utc_offset_s", value)
    return None if offset is None else round(offset)


def _gear(item: Mapping[str, Any]) -> str | None:
    inside = item.get("gear")
    given = api_text(item.get("gear_id")) or (
        api_text(inside.get("id")) if isinstance(inside, Mapping) else None
    )
    return given if given and given.startswith("g") else None


def _shoe(item: Mapping[str, Any], athlete_id: int) -> str | None:
    gear = _gear(item)
    return stable_id(athlete_id, SOURCE_NAME, gear) if gear else None


def as_frame(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Build a frame of rows."""
    return pl.DataFrame(list(rows), schema=ACTIVITY.schema)
