"""The same run arriving twice, and runs that overlap without being the same."""

# Only recordings of different origin are taken for one run by rule; two entries of one Strava account are two
# entries, and a hand-entered race beside a watch file is shown to the runner, never merged. An entry that
# came both ways, through the API and in an export, has one id and is one.

from __future__ import annotations

import polars as pl

from connectors import source
from connectors.frames import RUN_SPORTS

MOST_START_APART_S = 90.0
MOST_LENGTH_APART = 0.05
LEAST_OVERLAP = 0.5
QUARTER_S, MOST_ZONE_S = 900.0, 93_600.0
ZONE_OFF_S, TWIN_APART = 5.0, 0.02

_MEASURES = [
    "activity_id",
    "source",
    "start_utc",
    "sport",
    "distance_m",
    "moving_s",
    "elapsed_s",
    "file_name",
    "source_id",
    "flags",
]
HIDDEN_START = "hidden_start"
_MANUAL = "manual"


def same_sessions(activities: pl.DataFrame) -> list[tuple[str, str]]:
    """Find recordings of different origin that are one session."""
    # No watch and no service starts two runs within a minute and a half, and an export's files are never
    # matched with each other, so that Strava's own totals stay as they are. Evidence: design choice.
    by_id = _same_entries(activities)
    both_ways = {activity_id for pair in by_id for activity_id in pair}
    near = _pairs(activities, MOST_START_APART_S).filter(_hides("").not_(), _hides("_b").not_())
    pairs = pl.concat([near, _same_day(activities, both_ways)]).filter(*_alike_records(both_ways))
    ranked = pairs.with_columns(swap=(pl.col("source") == "file") & (pl.col("source_b") != "file"))
    by_rule = [
        (b, a) if not swap else (a, b)
        for a, b, swap in ranked.select("activity_id", "activity_id_b", "swap").rows()
    ]
    return by_id + by_rule


def _same_entries(activities: pl.DataFrame) -> list[tuple[str, str]]:
    """Pairs of two sources of one account that have one id there; the lower rank comes second."""
    ranks = {one.id: one.rank for one in source.SOURCES}
    entries = activities.select(
        "source_id",
        "activity_id",
        account=_account("source"),
        rank=pl.col("source").replace_strict(ranks, default=None, return_dtype=pl.Int64),
    ).filter(pl.col("account").is_not_null())
    both = entries.join(entries, on=["account", "source_id"], suffix="_b").sort("activity_id", "rank_b")
    return both.filter(pl.col("rank") > pl.col("rank_b")).select("activity_id", "activity_id_b").rows()


def _account(column: str) -> pl.Expr:
    """Service whose account a record belongs to; null where it belongs to none."""
    accounts = {one.id: one.account for one in source.SOURCES}
    return pl.col(column).replace_strict(accounts, default=None, return_dtype=pl.String)


def _alike_records(both_ways: set[str]) -> list[pl.Expr]:
    """What holds of two records of one session; `both_ways` are entries whose other form is known."""
    of_account = (_account("source") == _account("source_b")).fill_null(False)
    settled = pl.col("activity_id").is_in(both_ways) | pl.col("activity_id_b").is_in(both_ways)
    return [
        (pl.col("source") != pl.col("source_b")) | (pl.col("source") == "file"),
        ~(of_account & settled),
        _is_recorded(""),
        _is_recorded("_b"),
        _same_kind(),
        _alike("distance_m") | _either_unknown("distance_m"),
        _alike("moving_s")
        | _alike("elapsed_s")
        | (_either_unknown("moving_s") & _either_unknown("elapsed_s")),
        _both_known("distance_m") | _both_known("moving_s") | _both_known("elapsed_s"),
    ]


def _same_day(activities: pl.DataFrame, both_ways: set[str]) -> pl.DataFrame:
    """Pairs of one local date, one start of which is hidden, where each has only the other to go with."""
    rows = activities.select(*_MEASURES, "local_date")
    later = rows.rename({name: f"{name}_b" for name in rows.columns})
    hidden = rows.filter(_hides(""))
    pairs = hidden.join(later, left_on="local_date", right_on="local_date_b", how="inner").filter(
        _hides("_b").not_(), *_alike_records(both_ways)
    )
    one, other = (pl.len().over(name) == 1 for name in ("activity_id", "activity_id_b"))
    alone = pairs.filter(one, other)
    return alone.select(*_MEASURES, *(f"{name}_b" for name in _MEASURES)).pipe(_numbered)


def _numbered(pairs: pl.DataFrame) -> pl.DataFrame:
    """The columns of `_pairs`, which has row numbers too."""
    empty = _pairs(pairs.select(_MEASURES).clear(), 0)
    return pairs.with_columns(
        pl.lit(0).cast(empty.schema[name]).alias(name) for name in ("row", "row_b")
    ).select(empty.columns)


def _hides(side: str) -> pl.Expr:
    return pl.col(f"flags{side}").fill_null("").str.contains(HIDDEN_START, literal=True)


def overlaps(activities: pl.DataFrame) -> pl.DataFrame:
    """List sessions that overlap in time and are not taken for one."""
    # Most overlapping pairs seen in real exports are a hand-entered race beside the watch's files, so the
    # runner decides.
    longest = activities.select(_length("").max()).item() or 0.0
    pairs = _pairs(activities, min(float(longest), 200_000.0))
    overlap = pl.min_horizontal(_end(""), _end("_b")) - pl.max_horizontal(_start(""), _start("_b"))
    return (
        pairs.with_columns(overlap_s=overlap)
        .filter(
            pl.col("overlap_s") > LEAST_OVERLAP * pl.min_horizontal(_length(""), _length("_b")),
            pl.col("sport").is_in(RUN_SPORTS) | pl.col("sport_b").is_in(RUN_SPORTS),
        )
        .sort("start_utc", "activity_id", descending=[True, False])
        .select("activity_id", pl.col("activity_id_b").alias("other_id"), "overlap_s")
    )


def hours_apart(activities: pl.DataFrame) -> pl.DataFrame:
    """List runs of different origin that have one length and begin whole quarters of an hour apart.

    Zones differ by whole quarters of an hour, at most 26 h. Distance within 2 %, time within 2 %.
    """
    pairs = _pairs(activities, MOST_ZONE_S + ZONE_OFF_S).with_columns(apart_s=_start("_b") - _start(""))
    quarter = pl.col("apart_s") - (pl.col("apart_s") / QUARTER_S).round() * QUARTER_S
    kinds = [
        pl.col(f"file_name{side}").fill_null("").str.to_lowercase().str.extract(r"\.(fit|gpx|tcx)(\.gz)?$")
        for side in ("", "_b")
    ]
    differs = (pl.col("source") != pl.col("source_b")) | kinds[0].ne_missing(kinds[1])
    return (
        pairs.filter(
            pl.col("apart_s") >= QUARTER_S - ZONE_OFF_S,
            quarter.abs() <= ZONE_OFF_S,
            differs,
            _is_recorded(""),
            _is_recorded("_b"),
            _hides("").not_() & _hides("_b").not_(),
            pl.col("sport").is_in(RUN_SPORTS) & pl.col("sport_b").is_in(RUN_SPORTS),
            _within("distance_m"),
            _within("moving_s") | _within("elapsed_s"),
        )
        .sort("start_utc", "activity_id", descending=[True, False])
        .select("activity_id", pl.col("activity_id_b").alias("other_id"), "apart_s")
    )


def _within(name: str) -> pl.Expr:
    apart = (pl.col(name) - pl.col(f"{name}_b")).abs()
    return _both_known(name) & (apart <= TWIN_APART * pl.max_horizontal(name, f"{name}_b")).fill_null(False)


def _pairs(activities: pl.DataFrame, reach_s: float) -> pl.DataFrame:
    """Every pair (earlier, later) whose starts are at most `reach_s` apart, each once."""
    rows = activities.select(_MEASURES).sort("start_utc", "activity_id").with_row_index("row")
    later = rows.rename({name: f"{name}_b" for name in rows.columns})
    steps = []
    for step in range(1, rows.height):
        shifted = later.slice(step)
        near = pl.concat([rows.head(shifted.height), shifted], how="horizontal").filter(
            _start("_b") - _start("") <= reach_s
        )
        if near.is_empty():
            break
        steps.append(near)
    both = pl.concat([rows.clear(), later.clear()], how="horizontal")
    return pl.concat([both, *steps])


def _start(side: str) -> pl.Expr:
    return pl.col(f"start_utc{side}").dt.epoch("us") / 1e6


def _length(side: str) -> pl.Expr:
    return pl.coalesce(f"elapsed_s{side}", f"moving_s{side}", pl.lit(0.0))


def _end(side: str) -> pl.Expr:
    return _start(side) + _length(side)


def _is_recorded(side: str) -> pl.Expr:
    by_hand = pl.col(f"flags{side}").fill_null("").str.split(" ").list.contains(_MANUAL)
    return ~by_hand & (
        (pl.col(f"source{side}") != "strava_export") | pl.col(f"file_name{side}").is_not_null()
    )


def _same_kind() -> pl.Expr:
    runs = pl.col("sport").is_in(RUN_SPORTS) & pl.col("sport_b").is_in(RUN_SPORTS)
    return (
        runs
        | (pl.col("sport") == pl.col("sport_b"))
        | (pl.col("sport") == "Unknown")
        | (pl.col("sport_b") == "Unknown")
    )


def _both_known(name: str) -> pl.Expr:
    return (pl.col(name) > 0).fill_null(False) & (pl.col(f"{name}_b") > 0).fill_null(False)


def _either_unknown(name: str) -> pl.Expr:
    return ~_both_known(name)


def _alike(name: str) -> pl.Expr:
    apart = (pl.col(name) - pl.col(f"{name}_b")).abs()
    return _both_known(name) & (apart <= MOST_LENGTH_APART * pl.max_horizontal(name, f"{name}_b")).fill_null(
        False
    )
