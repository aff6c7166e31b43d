"""Runs whose pair is missing or looks wrong, each with the one reason that weighs most."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

import polars as pl

from dashboard.model.shoe_rules import described

DOUBTS = ("missing", "retired", "unused", "alone", "other_kind")
"""Reasons, the strongest first: no pair; after its last day; before its first; left on for months; another kind."""
KEPT = "shoe_{doubt}"
"""Word in `kept_flags` of a run that a person looked at and leaves as it is."""

ALONE_RUNS, ALONE_DAYS = 12, 42
"""A pair worn alone for so many runs over so many days may be a default left on. Design choice."""
ROTATED_DAYS, ROTATED_RUNS, ROTATED_SWITCHES, ROTATED_TOP = 90, 8, 4, 0.8
"""Before it: within so many days so many runs, so many changes of pair, and no pair above this share."""
BACK_DAYS, BACK_RUNS = 28, 5
"""A retired pair that comes back after so many days, and so many runs in newer pairs, was likely not worn."""
KIND_RUNS, KIND_SHARE = 5, 0.1
"""A pair of which at most this share of its (at least so many) other runs, or one, are of a kind is not worn for it,
where other pairs are. Design choice."""

DOUBT_SCHEMA = pl.Schema(
    {
        "activity_id": pl.String,
        "doubt": pl.String,
        "shoe_id": pl.String,
        "since": pl.Date,
        "kind": pl.String,
        "is_other_kind": pl.Boolean,
    }
)


def doubts(runs: pl.DataFrame, pairs: pl.DataFrame, race_dates: Iterable[date] = ()) -> pl.DataFrame:
    """Find the runs whose pair is missing or looks wrong.

    Parameters
    ----------
    runs : DataFrame
        Sessions of one runner, as the store gives them. A pair that a person gave a run is never doubted, nor is
        a run kept as it is (`kept_flags`).
    pairs : DataFrame
        SHOE and PAIR_EXTRA of the same runner.
    race_dates : iterable of date
        Local dates of races.

    Returns
    -------
    DataFrame, DOUBT_SCHEMA, by start
        One row for each doubted run. `since` is the first date the pair was worn alone; null for other doubts.
        `kind` is race, treadmill, trail or track; null for any other run. `is_other_kind` marks runs of a kind
        that this pair is else not worn for, while others are.

    Source
    ------
    ours: the default pair a service fills in is left on for months, which no device can tell from a choice.
    """
    known = _facts(runs, pairs, race_dates)
    told = known.with_columns(
        pl.when(pl.col("shoe_id").is_null())
        .then(pl.lit("missing"))
        .when(pl.col("local_date") > pl.col("retired_on"))
        .then(pl.lit("retired"))
        .when(pl.col("local_date") < pl.col("first_use"))
        .then(pl.lit("unused"))
        .alias("doubt")
    )
    told = _with(told, "retired", _came_back(told), pl.lit(None, pl.Date))
    told = _with(told, "alone", _worn_alone(told, pairs), pl.col("first_alone"))
    told = _with_kinds(told)
    word = pl.concat_str(pl.lit(KEPT.format(doubt="")), "doubt")
    kept = pl.col("kept_flags").fill_null("").str.split(" ").list.contains(word)
    by_person = pl.col("edited").fill_null("").str.split(" ").list.contains("shoe_id")
    open_still = pl.col("doubt").is_not_null() & ~kept & (~by_person | pl.col("shoe_id").is_null())
    return told.filter(open_still.fill_null(False)).select(*DOUBT_SCHEMA)


def _facts(runs: pl.DataFrame, pairs: pl.DataFrame, race_dates: Iterable[date]) -> pl.DataFrame:
    of_pair = pairs.select("shoe_id", "first_use", "retired_on", "is_retired")
    kind = (
        pl.when(pl.col("local_date").is_in(sorted(set(race_dates))))
        .then(pl.lit("race"))
        .when("on_treadmill")
        .then(pl.lit("treadmill"))
        .when("on_trail")
        .then(pl.lit("trail"))
        .when(pl.col("surface") == "track")
        .then(pl.lit("track"))
    )
    counted = described(runs).filter(~pl.col("is_excluded").fill_null(False))
    return counted.join(of_pair, on="shoe_id", how="left", maintain_order="left").with_columns(
        kind=kind, since=pl.lit(None, pl.Date)
    )


def _with(told: pl.DataFrame, doubt: str, found: pl.DataFrame, since: pl.Expr) -> pl.DataFrame:
    """Note a doubt on runs that have none yet."""
    joined = told.join(found, on="activity_id", how="left", maintain_order="left")
    new = pl.col("doubt").is_null() & pl.col("|found").fill_null(False)
    return joined.with_columns(
        doubt=pl.when(new).then(pl.lit(doubt)).otherwise("doubt"),
        since=pl.when(new).then(since).otherwise("since"),
    ).select(told.columns)


def _came_back(told: pl.DataFrame) -> pl.DataFrame:
    """Find runs in a pair said to be retired, on no date, after newer pairs had taken its place."""
    worn = told.filter(pl.col("shoe_id").is_not_null())
    first_seen = worn.group_by("shoe_id").agg(pl.col("local_date").min().alias("seen"))
    began = dict(first_seen.iter_rows())
    gone = worn.filter(pl.col("is_retired").fill_null(False), pl.col("retired_on").is_null())
    found: list[str] = []
    for shoe_id in gone["shoe_id"].unique().sort():
        newer = [other for other, day in began.items() if day > began[shoe_id]]
        mine = worn.filter(pl.col("shoe_id") == shoe_id).select("activity_id", "local_date").rows()
        between = worn.filter(pl.col("shoe_id").is_in(newer))["local_date"]
        for (_, before), (_, after) in pairwise(mine):
            others = ((between > before) & (between < after)).sum()
            if (after - before).days >= BACK_DAYS and others >= BACK_RUNS:
                found += [activity_id for activity_id, day in mine if day >= after]
                break
    return pl.DataFrame({"activity_id": found, "|found": True}, schema_overrides={"activity_id": pl.String})


def _worn_alone(told: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Find long unbroken stretches on one pair right after a time of changing between pairs still in use."""
    schema = pl.Schema({"activity_id": pl.String, "first_alone": pl.Date, "|found": pl.Boolean})
    worn = told.filter(pl.col("shoe_id").is_not_null()).with_columns(stretch=pl.col("shoe_id").rle_id())
    parts = [pl.DataFrame(schema=schema)]
    for _, one in worn.group_by("stretch", maintain_order=True):
        first, last = one["local_date"][0], one["local_date"][-1]
        if one.height < ALONE_RUNS or (last - first).days < ALONE_DAYS:
            continue
        before = worn.filter(
            pl.col("local_date") < first, pl.col("local_date") >= first - timedelta(ROTATED_DAYS)
        )
        if _rotated(before) and _others_in_use(before, one["shoe_id"][0], first, worn, pairs):
            parts.append(
                one.select("activity_id", first_alone=pl.lit(first), **{"|found": pl.lit(True)}).cast(schema)
            )
    return pl.concat(parts)


def _rotated(before: pl.DataFrame) -> bool:
    if before.height < ROTATED_RUNS:
        return False
    top = before["shoe_id"].value_counts()["count"].max()
    switches = before["stretch"].n_unique() - 1
    return switches >= ROTATED_SWITCHES and int(str(top)) <= ROTATED_TOP * before.height


def _others_in_use(
    before: pl.DataFrame, mine: str, first: date, worn: pl.DataFrame, pairs: pl.DataFrame
) -> bool:
    """Tell whether another pair of the rotation could still have been worn."""
    others = pairs.filter(
        pl.col("shoe_id").is_in(before["shoe_id"].implode()), pl.col("shoe_id") != mine
    ).select("shoe_id", "is_retired", "retired_on")
    later = worn.filter(pl.col("local_date") > first)["shoe_id"]
    still = pl.col("shoe_id").is_in(later.implode()) | (
        ~pl.col("is_retired").fill_null(False) & pl.col("retired_on").is_null()
    )
    return not others.filter(still | (pl.col("retired_on") > first).fill_null(False)).is_empty()


def _with_kinds(told: pl.DataFrame) -> pl.DataFrame:
    """Mark runs of a kind that their pair is not worn for, counted over the runs not in doubt."""
    trusted = pl.col("doubt").is_null() & pl.col("shoe_id").is_not_null()
    of_kind = trusted & pl.col("kind").is_not_null()
    own, own_of_kind = trusted.cast(pl.Int64), of_kind.cast(pl.Int64)
    in_pair = trusted.sum().over("shoe_id").cast(pl.Int64) - own
    kind_in_pair = of_kind.sum().over("shoe_id", "kind").cast(pl.Int64) - own_of_kind
    kind_elsewhere = of_kind.sum().over("kind").cast(pl.Int64) - own_of_kind - kind_in_pair
    is_other = (
        (pl.col("kind").is_not_null() & pl.col("shoe_id").is_not_null())
        & (in_pair >= KIND_RUNS)
        & (kind_elsewhere >= KIND_RUNS)
        & (kind_in_pair <= pl.max_horizontal(KIND_SHARE * in_pair, pl.lit(1)))
        & (kind_in_pair <= pl.max_horizontal(KIND_SHARE * kind_elsewhere, pl.lit(1)))
    )
    marked = told.with_columns(is_other_kind=is_other.fill_null(False))
    only_kind = pl.col("doubt").is_null() & pl.col("is_other_kind")
    return marked.with_columns(doubt=pl.when(only_kind).then(pl.lit("other_kind")).otherwise("doubt"))
