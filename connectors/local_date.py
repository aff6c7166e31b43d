"""The local date a session belongs to, from the zone it was recorded in."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import polars as pl

from connectors.frames import UTC_TIME

WELL_KNOWN = [
    "Europe/London",
    "Europe/Berlin",
    "Europe/Athens",
    "Europe/Moscow",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Phoenix",
    "America/Halifax",
    "America/St_Johns",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires",
    "America/Bogota",
    "America/Mexico_City",
    "Africa/Lagos",
    "Africa/Johannesburg",
    "Africa/Nairobi",
    "Europe/Istanbul",
    "Asia/Dubai",
    "Asia/Tehran",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Dhaka",
    "Asia/Bangkok",
    "Asia/Singapore",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Perth",
    "Australia/Adelaide",
    "Australia/Brisbane",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Atlantic/Azores",
    "UTC",
]
LAST_ZONE = "UTC"
LINKS = ("/etc/localtime", "/var/db/timezone/localtime")
ZONE_FILE = Path("/etc/timezone")


def zone_name(text: str | None) -> str | None:
    """Read a zone's name as services write it.

    Strava's API puts the winter offset in brackets before the name.
    """
    name = (text or "").rpartition(")")[2].strip()
    return name if name and _is_zone(name) else None


def with_local_date(frame: pl.DataFrame, fallback: str = LAST_ZONE) -> pl.DataFrame:
    """Return every row the date on the runner's own calendar at the start.

    The recording's own zone first, for a trip has its own days; then its offset; then the usual zone.
    """
    known = _read_names(frame)
    start = pl.col("start_utc").cast(UTC_TIME)
    offset = pl.col("utc_offset_s").cast(pl.Int64)
    day = pl.when(pl.lit(False)).then(pl.lit(None, pl.Date))
    for zone in sorted(set(known.values())):
        day = day.when(pl.col("timezone") == zone).then(start.dt.convert_time_zone(zone).dt.date())
    moved = (start + pl.duration(seconds=offset)).dt.replace_time_zone(None).dt.date()
    usual = start.dt.convert_time_zone(zone_name(fallback) or LAST_ZONE).dt.date()
    day = day.when(offset.is_not_null()).then(moved).otherwise(usual)
    zoned = frame.with_columns(pl.col("timezone").replace_strict(known, default=None, return_dtype=pl.String))
    return zoned.with_columns(day.alias("local_date"))


def usual_zone(frame: pl.DataFrame) -> str | None:
    """Find the zone a runner is in most of the time.

    An offset alone cannot tell Oslo from Madrid, but both give the same days.
    """
    zoned = frame.select(
        pl.col("timezone")
        .replace_strict(_read_names(frame), default=None, return_dtype=pl.String)
        .alias("zone"),
        "start_utc",
    ).drop_nulls("zone")
    if zoned.height:
        counted = zoned.group_by("zone").agg(pl.len().alias("runs"), pl.col("start_utc").max().alias("last"))
        order = counted.sort("runs", "last", "zone", descending=[True, True, False], nulls_last=True)
        return str(order["zone"][0])
    pairs = frame.select("start_utc", "utc_offset_s").drop_nulls()
    return _agreeing(pairs["start_utc"].to_list(), pairs["utc_offset_s"].to_list())


def machine_zone() -> str:
    """Find the zone this machine is set to.

    TZ, then the system's own link or file, then the zone whose offsets of the past year are this machine's.
    """
    zones = [os.environ.get("TZ", "").lstrip(":")]
    zones += [_linked(Path(link)) for link in LINKS]
    if ZONE_FILE.is_file():
        zones.append(ZONE_FILE.read_text(encoding="utf-8", errors="replace").strip())
    for name in zones:
        if zone := zone_name(name):
            return zone
    now = time.time()
    starts = [datetime.fromtimestamp(now - month * 30 * 86_400, UTC) for month in range(13)]
    offsets = [int((start.astimezone().utcoffset() or timedelta()).total_seconds()) for start in starts]
    return _agreeing(starts, offsets) or LAST_ZONE


def _read_names(frame: pl.DataFrame) -> dict[str, str]:
    """Map each zone as written to its name, where this machine knows it."""
    names = frame["timezone"].unique().drop_nulls().to_list()
    return {name: zone for name in names if (zone := zone_name(name))}


def _linked(link: Path) -> str:
    """Read the name of a zone from where a link points to."""
    if not link.is_symlink():
        return ""
    return str(link.resolve()).rpartition("zoneinfo/")[2]


@cache
def _load_zones() -> frozenset[str]:
    """Names that both the standard library and Polars know."""
    return frozenset(name for name in available_timezones() if _in_polars(name))


@lru_cache(maxsize=1024)
def _is_zone(name: str) -> bool:
    """Whether both the standard library and Polars know a zone, without reading all zones of the machine."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return False
    return _in_polars(name)


def _in_polars(name: str) -> bool:
    try:
        pl.Series([datetime(2024, 1, 1, tzinfo=UTC)]).dt.convert_time_zone(name)
    except pl.exceptions.PolarsError:
        return False
    return True


def _agreeing(starts: Sequence[datetime], offsets: Sequence[int]) -> str | None:
    """Find the zone that had these offsets at these times, well-known places first."""
    if not starts:
        return None
    start = pl.Series("start", starts, dtype=UTC_TIME)
    wanted = pl.Series("offset", offsets, dtype=pl.Int64)
    best, most = None, 0
    for zone in [*WELL_KNOWN, *sorted(_load_zones() - set(WELL_KNOWN))]:
        if zone not in _load_zones():
            continue
        local = start.dt.convert_time_zone(zone)
        seconds = (local.dt.base_utc_offset() + local.dt.dst_offset()).dt.total_seconds()
        agree = int((seconds == wanted).sum())
        if agree > most:
            best, most = zone, agree
        if most == len(starts):
            break
    return best
