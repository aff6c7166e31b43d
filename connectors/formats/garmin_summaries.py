"""JSON of Garmin's account takeout: summaries of activities, and which gear was used in them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from connectors.errors import UnreadableFile
from connectors.plain_text import read_json

_CENTI, _MILLI = 100.0, 1000.0
_BOTH_FEET_ABOVE = 120.0
_LEFT_PCT = (30.0, 70.0)
_LONGEST_TEXT = 5_000
_VAGUE = ("", "other", "uncategorized")


@dataclass(frozen=True)
class GarminSummary:
    """One activity as the takeout sums it up.

    Parameters
    ----------
    garmin_id
        Number of the activity at Garmin.
    start_utc
        Aware, UTC.
    utc_offset_s
        Seconds east of UTC; null unknown.
    name, sport_word
        Title, and Garmin's word for the sport ("running", "treadmill_running"); null unknown.
    distance_m, moving_s, elapsed_s, ascent_m, descent_m
        SI; null unknown.
    heart_rate_bpm, max_heart_rate_bpm, cadence_spm
        Means and maximum; steps of both feet.
    perceived_exertion_0_10, feel_0_100
        As the runner answered the watch; null not answered.
    contact_left_pct
        Mean share of contact time on the left foot; null unknown.
    description
        What the runner wrote below the title; null nothing.
    """

    garmin_id: str
    start_utc: datetime
    utc_offset_s: int | None = None
    name: str | None = None
    sport_word: str | None = None
    distance_m: float | None = None
    moving_s: float | None = None
    elapsed_s: float | None = None
    ascent_m: float | None = None
    descent_m: float | None = None
    heart_rate_bpm: float | None = None
    max_heart_rate_bpm: float | None = None
    cadence_spm: float | None = None
    perceived_exertion_0_10: float | None = None
    feel_0_100: float | None = None
    contact_left_pct: float | None = None
    description: str | None = None


@dataclass
class GarminGear:
    """Shoes of a takeout.

    Parameters
    ----------
    names, retired
        Name of each pair by its number at Garmin, and the numbers of those retired.
    worn
        Number of an activity to that of the pair worn.
    """

    names: dict[str, str] = field(default_factory=dict)
    retired: set[str] = field(default_factory=set)
    worn: dict[str, str] = field(default_factory=dict)


def parse_summaries(data: bytes) -> list[GarminSummary]:
    """Read one `*_summarizedActivities.json`.

    Parameters
    ----------
    data : bytes
        The whole file: `[{"summarizedActivitiesExport": [...]}]`, or the list alone.

    Returns
    -------
    list of GarminSummary
        In the order of the file; entries without a number or a start, and the wholes of multisport sessions, are
        left out. Lengths in the file are cm, times ms, exertion ten times the 0-10 scale.

    Raises
    ------
    UnreadableFile
        Damaged, or no JSON.

    References
    ----------
    Garmin account data export, DI_CONNECT/DI-Connect-Fitness (no public description; as Garmin writes it).
    """
    return [one for entry in _entries(_load(data)) if (one := _summary(entry)) is not None]


def parse_gear(data: bytes) -> GarminGear:
    """Parse one `*_gear.json`: `[{"gearDTOS": [...], "gearActivityDTOs": {"<gear>": [{"activityId": n}]}}]`.

    Parameters
    ----------
    data : bytes
        The file, unpacked.

    Returns
    -------
    GarminGear
        Pairs, and which activity wore which; empty where the file holds none.
    """
    gear = GarminGear()
    document = _load(data)
    for part in document if isinstance(document, list) else [document]:
        if not isinstance(part, dict):
            continue
        for one in part.get("gearDTOS") or ():
            _take_pair(gear, one)
        links = part.get("gearActivityDTOs")
        for number, used in (links if isinstance(links, dict) else {}).items():
            for link in used or ():
                if (
                    str(number) in gear.names
                    and isinstance(link, dict)
                    and link.get("activityId") is not None
                ):
                    gear.worn[_id(link["activityId"])] = str(number)
    return gear


def _take_pair(gear: GarminGear, one: object) -> None:
    if not isinstance(one, dict) or "shoe" not in str(one.get("gearTypeName", "")).lower():
        return
    made = f"{one.get('gearMakeName') or ''} {one.get('gearModelName') or ''}".strip()
    made = "" if made.lower().startswith("other") or "unknown" in made.lower() else made
    name = next(
        (str(text).strip() for text in (one.get("displayName"), one.get("customMakeModel"), made) if text), ""
    )
    if name and one.get("gearPk") is not None:
        number = _id(one["gearPk"])
        gear.names[number] = name
        if str(one.get("gearStatusName", "")).lower() == "retired" or one.get("dateEnd"):
            gear.retired.add(number)


def _load(data: bytes) -> Any:
    try:
        return read_json(data)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(
            "This JSON is damaged or cut off; the recordings beside it are read without it."
        ) from error


def _entries(document: Any) -> Iterator[Mapping[str, Any]]:
    for part in document if isinstance(document, list) else [document]:
        if isinstance(part, dict):
            listed = part.get("summarizedActivitiesExport")
            yield from (
                one for one in (listed if isinstance(listed, list) else [part]) if isinstance(one, dict)
            )


def _summary(entry: Mapping[str, Any]) -> GarminSummary | None:
    begin = _number(entry, "beginTimestamp") or _number(entry, "startTimeGmt")
    if entry.get("activityId") is None or begin is None or entry.get("parent") is True:
        return None
    try:
        start = datetime.fromtimestamp(begin / _MILLI, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    local = _number(entry, "startTimeLocal")
    offset = None if local is None else round((local - begin) / _MILLI / 900) * 900
    word = str(entry.get("activityType") or entry.get("sportType") or "").strip()
    cadence = _number(entry, "avgDoubleCadence") or _number(entry, "avgRunCadence")
    effort, feel = _number(entry, "workoutRpe"), _number(entry, "workoutFeel")
    left = _number(entry, "avgGroundContactBalance")
    return GarminSummary(
        _id(entry["activityId"]),
        start,
        offset if offset is not None and -43_200 <= offset <= 50_400 else None,
        name=str(entry.get("name") or "").strip() or None,
        sport_word=None if word.lower() in _VAGUE else word.lower(),
        distance_m=_scaled(entry, _CENTI, "distance"),
        moving_s=_scaled(entry, _MILLI, "movingDuration", "duration"),
        elapsed_s=_scaled(entry, _MILLI, "elapsedDuration", "duration"),
        ascent_m=_scaled(entry, _CENTI, "elevationGain"),
        descent_m=_scaled(entry, _CENTI, "elevationLoss"),
        heart_rate_bpm=_number(entry, "avgHr") or None,
        max_heart_rate_bpm=_number(entry, "maxHr") or None,
        cadence_spm=cadence * (1 if cadence > _BOTH_FEET_ABOVE else 2) if cadence else None,
        perceived_exertion_0_10=effort / 10 if effort is not None and 0 < effort <= 100 else None,
        feel_0_100=feel if feel is not None and 0 <= feel <= 100 else None,
        contact_left_pct=left if left is not None and _LEFT_PCT[0] <= left <= _LEFT_PCT[1] else None,
        description=str(entry.get("description") or "").strip()[:_LONGEST_TEXT] or None,
    )


def _id(number: object) -> str:
    return str(int(number)) if isinstance(number, float) and number.is_integer() else str(number)


def _number(entry: Mapping[str, Any], name: str) -> float | None:
    value = entry.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def _scaled(entry: Mapping[str, Any], scale: float, *names: str) -> float | None:
    value = next((v for name in names if (v := _number(entry, name)) is not None), None)
    return value / scale if value is not None and value >= 0 else None
