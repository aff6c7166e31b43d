"""Many records of one run become one row."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

RANK = {"strava_api": 0, "strava_export": 1, "file": 2, "manual": 3, "demo": 4}
# A recording's own file holds every second; the API's streams may be thinned. It wins unless clearly shorter.
FILE_LEAD = 1.1
_RECORDED = ("strava_export", "file")
_FILLED = (
    "ascent_m",
    "descent_m",
    "cadence_spm",
    "heart_rate_bpm",
    "max_heart_rate_bpm",
    "timezone",
    "utc_offset_s",
)


def real_sessions(
    activities: pl.DataFrame, matches: pl.DataFrame, left_out: Sequence[str] = ()
) -> pl.DataFrame:
    """Put the records of one run together.

    Parameters
    ----------
    activities : DataFrame, shape (n, ACTIVITY)
        All records of one runner.
    matches : DataFrame, shape (pairs, 5)
        As `read_matches` gives them. Pairs of which one side is not among the activities are passed over.
    left_out : sequence of str
        Sources whose records count for nothing but for saying which of the others are one run.

    Returns
    -------
    DataFrame, shape (sessions, ACTIVITY + 1)
        One row for each real session, in the activities' order. It is the record of the first source in the
        order Strava API, Strava export, file, by hand, demo; what it does not know of climb, cadence, heart rate
        and zone comes from the record whose samples are used. `samples_id` names that record; null where none
        has samples. `sample_rows` counts those samples.

    Source
    ------
    ours: the service knows best what the runner edited, the recording knows best what was measured.
    """
    groups = one_run(matches, set(activities["activity_id"].to_list()))
    if left_out:
        activities = activities.filter(~pl.col("source").is_in(left_out))
    if not groups:
        return activities.with_columns(_own_samples().alias("samples_id"))
    mine = pl.col("activity_id")
    marked = activities.with_row_index("place").with_columns(
        mine.replace_strict(list(groups), list(groups.values()), default=mine).alias("group"),
        _own_samples().alias("samples_id"),
        pl.col("source").replace_strict(RANK, return_dtype=pl.Int64).alias("rank"),
        pl.col("sample_rows")
        .mul(pl.when(pl.col("source").is_in(_RECORDED)).then(FILE_LEAD).otherwise(1.0))
        .alias("weight"),
    )
    primary = marked.sort("rank", "place").unique("group", keep="first", maintain_order=True)
    recorded = (
        marked.filter(pl.col("samples_id").is_not_null())
        .sort(pl.col("weight"), "rank", "place", descending=[True, False, False])
        .unique("group", keep="first", maintain_order=True)
        .select("group", "sample_rows", "samples_id", *_FILLED)
    )
    beside = primary.drop("samples_id").join(recorded, on="group", how="left", suffix="|recorded")
    filled = [pl.coalesce(name, f"{name}|recorded") for name in _FILLED]
    rows = pl.coalesce("sample_rows|recorded", "sample_rows").alias("sample_rows")
    return beside.with_columns(*filled, rows).sort("place").select(*activities.columns, "samples_id")


def _own_samples() -> pl.Expr:
    return pl.when(pl.col("sample_rows") > 0).then(pl.col("activity_id"))


def one_run(matches: pl.DataFrame, known: set[str]) -> dict[str, str]:
    """Tell which records are one run.

    Parameters
    ----------
    matches : DataFrame
        As for `real_sessions`.
    known : set of str
        Activity ids that are there.

    Returns
    -------
    dict of str to str
        Activity id to the least id of its group, for those in a group of several.

    Source
    ------
    ours: a person's word comes before the rule's.
    """
    pairs = matches.filter(pl.col("activity_id").is_in(known) & pl.col("same_as").is_in(known))
    by_person = pl.col("decided_by") == "person"
    apart = set(pairs.filter(by_person & ~pl.col("is_same")).select("activity_id", "same_as").iter_rows())
    joined = pairs.filter("is_same").sort(~by_person, "activity_id", "same_as")
    members: dict[str, frozenset[str]] = {}
    for one, other in joined.select("activity_id", "same_as").iter_rows():
        left, right = members.get(one, frozenset({one})), members.get(other, frozenset({other}))
        # A third record that fits both must not bring together what the runner set apart.
        if any((min(a, b), max(a, b)) in apart for a in left for b in right):
            continue
        both = left | right
        members.update(dict.fromkeys(both, both))
    return {activity_id: min(group) for activity_id, group in members.items()}
