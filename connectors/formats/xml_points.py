"""From the texts of a file to the columns of POINT: numbers, times, and the frame they make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import polars as pl

from connectors.formats.timestamps import read_time
from connectors.frames import POINT
from connectors.plural import count
from connectors.source import Session
from connectors.sports import SportKind

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
        Whether some times state no zone; here they are taken as UTC.
    unreadable
        How many times are there and cannot be read.
    example
        One of those, at most 40 characters.
    """

    utc_offset_s: int | None = None
    without_zone: bool = False
    unreadable: int = 0
    example: str | None = None


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
    written = pl.DataFrame({"time_s": pl.Series(texts, dtype=pl.String)})
    frame, clock = _completed(written, written.select(*_time_parts()))
    return frame["time_s"].to_list(), clock


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
    read = frame.select(*_time_parts(), "segment", *(_number(n) for n in columns if n not in _NO_NUMBER))
    read, clock = _completed(frame, read)
    timed = _oldest_first(read.filter(pl.col("time_s").is_not_null()))
    return timed.select(_sound(name, timed.columns) for name in POINT.columns), clock


def build_session(
    points: pl.DataFrame,
    kind: SportKind,
    start_s: float | None,
    utc_offset_s: int | None,
    name: str | None,
    device: str | None,
    notes: tuple[str, ...],
    is_local_time: bool,
    stated_s: tuple[float, ...],
) -> Session:
    """Build the session of one file of points, before any totals.

    Parameters
    ----------
    points : DataFrame
        Contract POINT.
    kind : SportKind
        The sport as the file names it.
    start_s : float or None
        Seconds since 1970-01-01 UTC; None where there is no time at all.
    utc_offset_s : int or None
        Seconds east of UTC; None unknown.
    name, device : str or None
        As the file has them; None where it has none.
    notes : tuple of str
        One sentence for each thing that was left out or converted.
    is_local_time : bool
        Whether some times state no zone.
    stated_s : tuple of float
        Times that the file states of itself, seconds since 1970-01-01 UTC.

    Returns
    -------
    Session
        Without totals.
    """
    return Session(
        points=points,
        sport=kind.sport,
        is_indoor=kind.is_indoor,
        is_virtual=kind.is_virtual,
        start_utc=None if start_s is None else datetime.fromtimestamp(start_s, UTC),
        utc_offset_s=utc_offset_s,
        name=name,
        device=device,
        notes=notes,
        is_local_time=is_local_time,
        stated_s=stated_s,
    )


def cut_off_note(points: int) -> str:
    """Describe that a file breaks off.

    Parameters
    ----------
    points : int
        How many were kept.

    Returns
    -------
    str
        One sentence.
    """
    return f"The file is cut off; {count(points, 'point')} kept."


def without_time_note(points: int) -> list[str]:
    """Describe how many points had no time.

    Parameters
    ----------
    points : int
        How many were left out.

    Returns
    -------
    list of str
        One sentence; none for no point.
    """
    return [f"{count(points, 'point')} without a time left out."] * (points > 0)


def unreadable_times(clock: XmlClock) -> list[str]:
    """Describe how many points had a time that cannot be read.

    Parameters
    ----------
    clock : Clock
        That read the times of one file.

    Returns
    -------
    list of str
        One sentence; empty where every time was read.
    """
    if not clock.unreadable:
        return []
    return [
        f"{count(clock.unreadable, 'point')} with a time that cannot be read (such as “{clock.example}”) left out."
    ]


def only_unreadable_times(kind: str, clock: XmlClock) -> str:
    """Describe why a file of which no time can be read is refused.

    Parameters
    ----------
    kind : str
        Of the file, such as "GPX".
    clock : Clock
        That read its times.

    Returns
    -------
    str
        What is wrong, what was done and what helps.
    """
    return (
        f"The times in this {kind} file cannot be read (such as “{clock.example}”): they have no single meaning "
        "here. Nothing was taken from it. Export it again as FIT, or with times like 2026-05-04T16:00:00Z."
    )


def is_made_up(points: pl.DataFrame) -> bool:
    """Distinguish the points of a route planner from a recording.

    Seen in routes of GPSies, which all start at 2010-01-01T00:00:00Z.

    Parameters
    ----------
    points : DataFrame
        Contract POINT.

    Returns
    -------
    bool
        True when there are points and all share one time, or when they start on the first second of a year
        without any sensor: planners count a made-up pace from there.
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


def _time_parts() -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Seconds since 1970, the offset in seconds, and whether a zone is stated."""
    text = pl.col("time_s").str.strip_chars()
    tail = text.str.slice(19)
    wall = text.str.slice(0, 19).str.replace(" ", "T", literal=True)
    seconds = wall.str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="ms", strict=False).dt.epoch("s")
    fraction = ("0." + tail.str.extract(r"^[.,](\d{1,9})").fill_null("0")).cast(pl.Float64)
    hours, minutes = (tail.str.extract(r"[+-](\d{2}):?(\d{2})?$", i).cast(pl.Int32) for i in (1, 2))
    sign = pl.when(tail.str.contains(r"-\d{2}(:?\d{2})?$")).then(-60).otherwise(60)
    offset = (sign * (hours * 60 + minutes.fill_null(0))).fill_null(0)
    epoch = seconds + fraction - offset
    # What follows the seconds and is neither a fraction nor a zone (an afternoon, say) is not passed over.
    is_plain = tail.str.contains(r"(?i)^([.,]\d*)?\s*(z|[+-]\d{2}(:?\d{2})?)?$")
    return (
        pl.when(is_plain & epoch.is_between(0, _LATEST_S)).then(epoch).alias("time_s"),
        offset.alias("offset_s"),
        tail.str.contains(r"(?i)z$|[+-]\d{2}(:?\d{2})?$").alias("has_zone"),
    )


def _completed(written: pl.DataFrame, read: pl.DataFrame) -> tuple[pl.DataFrame, XmlClock]:
    """Read what the quick way could not, text by text, and count what stays unread."""
    texts = written["time_s"]
    left = texts.is_not_null() & (texts.str.strip_chars() != "") & read["time_s"].is_null()
    if not left.any():
        return read, _clock(read)
    times = {place: read_time(texts[place]) for place in left.arg_true().to_list()}
    sound = {place: one for place, one in times.items() if one and 0 <= one.epoch_s <= _LATEST_S}
    if sound:
        over = pl.DataFrame(
            [(place, *one) for place, one in sound.items()],
            schema={"place": pl.UInt32, "|s": pl.Float64, "|offset": pl.Int32, "|zone": pl.Boolean},
            orient="row",
        )
        full = read.with_row_index("place").join(over, on="place", how="left", maintain_order="left")
        read = full.with_columns(
            pl.coalesce("|s", "time_s").alias("time_s"),
            pl.coalesce("|offset", "offset_s").alias("offset_s"),
            pl.coalesce("|zone", "has_zone").alias("has_zone"),
        ).drop("place", "|s", "|offset", "|zone")
    unread = [place for place in times if place not in sound]
    example = _printable(texts[unread[0]]) if unread else None
    return read, replace(_clock(read), unreadable=len(unread), example=example)


def _printable(text: str) -> str:
    return "".join(c for c in " ".join(text.split())[:40] if c.isprintable())


def _oldest_first(points: pl.DataFrame) -> pl.DataFrame:
    """Turn a list that stands newest first, point by point or segment by segment; other disorder stays."""
    steps = points["time_s"].diff()
    if not (steps < 0).any():
        return points
    inner = points.select(pl.col("time_s").diff().over("segment")).to_series()
    if int((inner < 0).sum()) > 9 * int((inner > 0).sum()):
        points = points.reverse()
    spans = points.group_by("segment", maintain_order=True).agg(
        pl.min("time_s").alias("first"), pl.max("time_s").alias("last")
    )
    ahead = spans["last"].shift(-1) < spans["first"]
    if spans.height > 1 and bool(ahead.head(spans.height - 1).all()):
        places = spans.select("segment", place=-pl.int_range(pl.len()))
        points = points.join(places, on="segment", maintain_order="left").sort("place", maintain_order=True)
        points = points.drop("place")
    return points.with_columns((pl.col("segment").rle_id()).cast(pl.Int32).alias("segment"))


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
