"""The same run arriving twice, and runs that overlap without being the same.

Only recordings of different origin are taken for one run by rule; two entries of one Strava account are two
entries, and a hand-entered race beside a watch file is shown to the runner, never merged.
"""

from __future__ import annotations

import polars as pl

from connectors.frames import RUN_SPORTS

MOST_START_APART_S = 90.0
MOST_LENGTH_APART = 0.05
LEAST_OVERLAP = 0.5

_MEASURES = [
    "activity_id",
    "source",
    "start_utc",
    "sport",
    "distance_m",
    "moving_s",
    "elapsed_s",
    "file_name",
]


def same_sessions(activities: pl.DataFrame) -> list[tuple[str, str]]:
    """Find recordings of different origin that are one session.

    Parameters
    ----------
    activities : DataFrame
        Contract ACTIVITY, one runner, before any match is applied.

    Returns
    -------
    list of (activity_id, same_as)
        Two starts at most 90 s apart, distances within 5 % where both are known, times within 5 % (moving or
        elapsed) where both are known, at least one of the two known, both recorded (not entered by hand), and
        sports that do not contradict each other. Each pair once; `same_as` is the earlier on the shelf of sources.

    Source
    ------
    ours: no watch and no service starts two runs within a minute and a half, and an export's files are never
    matched with each other, so that Strava's own totals stay as they are. Evidence: design choice.
    """
    pairs = _pairs(activities, MOST_START_APART_S).filter(
        (pl.col("source") != pl.col("source_b")) | (pl.col("source") == "file"),
        _is_recorded(""),
        _is_recorded("_b"),
        _same_kind(),
        _alike("distance_m") | _either_unknown("distance_m"),
        _alike("moving_s")
        | _alike("elapsed_s")
        | (_either_unknown("moving_s") & _either_unknown("elapsed_s")),
        _both_known("distance_m") | _both_known("moving_s") | _both_known("elapsed_s"),
    )
    ranked = pairs.with_columns(
        swap=(pl.col("source") == "file") & (pl.col("source_b") != "file"),
    )
    return [
        (b, a) if not swap else (a, b)
        for a, b, swap in ranked.select("activity_id", "activity_id_b", "swap").rows()
    ]


def overlaps(activities: pl.DataFrame) -> pl.DataFrame:
    """List sessions that overlap in time and are not taken for one.

    Parameters
    ----------
    activities : DataFrame
        Contract ACTIVITY or the store's resolved sessions, one runner.

    Returns
    -------
    DataFrame
        `activity_id`, `other_id`, `overlap_s` (s, more than half of the shorter one), at least one of the two a
        run; newest first.

    Source
    ------
    ours: most overlapping pairs seen in real exports are a hand-entered race beside the watch's files, so the
    runner decides.
    """
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
    return (pl.col(f"source{side}") != "strava_export") | pl.col(f"file_name{side}").is_not_null()


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
