"""From the texts of a file to the columns of POINT: numbers, times, and the frame they make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from connectors.frames import POINT

_LATEST_S = 4_102_444_800.0  # the year 2100: a later time is a broken clock
_WIDEST_S = 50_400
_NO_NUMBER = ("time_s", "segment")


@dataclass(frozen=True)
class XmlClock:
    """What the times of a session say beside the moments themselves.

    Parameters
    ----------
    utc_offset_s
        Seconds east of UTC, when every time states the same one and it is not zero; else None. An offset of
        zero tells no place, because many writers put +00:00 for UTC.
    without_zone
        Whether some times state no zone; they are taken as UTC.
    """

    utc_offset_s: int | None = None
    without_zone: bool = False


def read_times(texts: Iterable[str | None]) -> tuple[list[float | None], XmlClock]:
    """Read a few ISO 8601 times.

    Parameters
    ----------
    texts : iterable of str or None
        Such as 2016-09-20T04:16:00.000Z or 2016-04-10T18:40:58+01:00.

    Returns
    -------
    list of float or None, and Clock
        Seconds since 1970-01-01 UTC, None where there is no time or none between 1970 and 2100.
    """
    frame = pl.DataFrame({"time_s": pl.Series(texts, dtype=pl.String)}).select(*_moments())
    return frame["time_s"].to_list(), _clock(frame)


def points_frame(rows: Sequence[list], columns: Sequence[str]) -> tuple[pl.DataFrame, XmlClock]:
    """Build the points of one session from the texts of its file.

    Read column by column, because a parser called for each point is most of the cost.

    Parameters
    ----------
    rows : sequence of list, each of len(columns)
        One point each, in file order.
    columns : sequence of str
        Names from POINT; `time_s` holds the text of the time, `segment` a number.

    Returns
    -------
    DataFrame, shape (n, columns of POINT), and Clock
        Points without a time are left out. A heart rate of zero, and a place at 0° 0°, stand for "no signal"
        and become null.
    """
    if not rows:
        return pl.DataFrame(schema={n: c.dtype for n, c in POINT.columns.items()}), XmlClock()
    texts = dict(zip(columns, zip(*rows, strict=True), strict=True))
    frame = pl.DataFrame(
        [pl.Series(n, t, dtype=pl.Int32 if n == "segment" else pl.String) for n, t in texts.items()]
    )
    read = frame.select(*_moments(), "segment", *(_number(n) for n in columns if n not in _NO_NUMBER))
    timed = read.filter(pl.col("time_s").is_not_null())
    return timed.select(_sound(name, timed.columns) for name in POINT.columns), _clock(timed)


def cut_off_note(points: int) -> str:
    """Say that a file breaks off.

    Parameters
    ----------
    points : int
        How many were kept.

    Returns
    -------
    str
        One sentence.
    """
    return f"The file is cut off; {_counted(points)} kept."


def without_time_note(points: int) -> list[str]:
    """Say how many points had no time.

    Parameters
    ----------
    points : int
        How many were left out.

    Returns
    -------
    list of str
        One sentence; none for no point.
    """
    return [f"{_counted(points)} without a time left out."] * (points > 0)


def _counted(points: int) -> str:
    return f"{points:,} point{'' if points == 1 else 's'}"


def is_made_up(points: pl.DataFrame) -> bool:
    """Tell the points of a route planner from a recording.

    Parameters
    ----------
    points : DataFrame
        Contract POINT.

    Returns
    -------
    bool
        True when there are points and all share one time, or when they start on the first second of a year
        without any sensor: planners count a made-up pace from there.

    References
    ----------
    Seen in routes of GPSies, which all start at 2010-01-01T00:00:00Z.
    """
    if points.is_empty():
        return False
    first, last, sensed = points.select(
        pl.min("time_s").alias("first"),
        pl.max("time_s").alias("last"),
        (pl.col("heart_rate_bpm").count() + pl.col("cadence_raw").count() + pl.col("power_w").count()).alias(
            "n"
        ),
    ).row(0)
    start = datetime.fromtimestamp(first, UTC)
    is_new_year = start == datetime(start.year, 1, 1, tzinfo=UTC)
    return (points.height > 1 and first == last) or (is_new_year and not sensed)


def _number(name: str) -> pl.Expr:
    plain = pl.col(name).str.strip_chars().str.replace(",", ".", literal=True)
    value = plain.cast(pl.Float64, strict=False)
    return pl.when(value.is_finite()).then(value).alias(name)


def _moments() -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Seconds since 1970, the offset in seconds, and whether a zone is stated."""
    text = pl.col("time_s").str.strip_chars()
    tail = text.str.slice(19)
    wall = text.str.slice(0, 19).str.replace(" ", "T", literal=True)
    whole = wall.str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="ms", strict=False).dt.epoch("s")
    fraction = ("0." + tail.str.extract(r"^[.,](\d{1,9})").fill_null("0")).cast(pl.Float64)
    hours, minutes = (tail.str.extract(r"[+-](\d{2}):?(\d{2})?$", i).cast(pl.Int32) for i in (1, 2))
    sign = pl.when(tail.str.contains(r"-\d{2}(:?\d{2})?$")).then(-60).otherwise(60)
    offset = (sign * (hours * 60 + minutes.fill_null(0))).fill_null(0)
    epoch = whole + fraction - offset
    return (
        pl.when(epoch.is_between(0, _LATEST_S)).then(epoch).alias("time_s"),
        offset.alias("offset_s"),
        tail.str.contains(r"(?i)z$|[+-]\d{2}(:?\d{2})?$").alias("has_zone"),
    )


def _clock(frame: pl.DataFrame) -> XmlClock:
    timed = frame.filter(pl.col("time_s").is_not_null())
    low, high, has_zone = timed.select(
        pl.min("offset_s").alias("low"), pl.max("offset_s").alias("high"), pl.col("has_zone").all()
    ).row(0)
    is_one_place = low == high and 0 < abs(low or 0) <= _WIDEST_S
    return XmlClock(low if is_one_place else None, not has_zone)


def _sound(name: str, known: Sequence[str]) -> pl.Expr:
    value = pl.col(name)
    if name not in known:
        return pl.lit(None, POINT.columns[name].dtype).alias(name)
    if name == "heart_rate_bpm":
        return pl.when(value != 0).then(value)
    if name in ("latitude_deg", "longitude_deg"):
        latitude, longitude = pl.col("latitude_deg"), pl.col("longitude_deg")
        is_place = (latitude.abs() <= 90) & (longitude.abs() <= 180) & ((latitude != 0) | (longitude != 0))
        return pl.when(is_place).then(value).alias(name)
    return value
