"""How much of a record its readers do not have, where what came by a link is the runner's alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from connectors.frames import RUN_SPORTS

RECENT_DAYS = 84
"""12 weeks, of which so much may be missing before ratios say something else than they seem to."""
MOST_MISSING = 0.2
"""Share of the runs of the last 12 weeks that may be missing. Design choice."""


@dataclass(frozen=True)
class LeftOutRuns:
    """Runs that are on record and left out, and all runs on record."""

    missing: int = 0
    total: int = 0
    recent_missing: int = 0
    recent_total: int = 0
    dates: tuple[date, ...] = ()
    """Date of each run left out, to count those of a period; never shown."""

    @property
    def withholds_ratios(self) -> bool:
        """Whether so much is missing of the last 12 weeks that load against habit would mislead."""
        return self.recent_missing > MOST_MISSING * self.recent_total


def left_out_runs(every: pl.DataFrame, rest: pl.DataFrame, today: date) -> LeftOutRuns:
    """Compare the sessions of a runner with those that are left: runs by date, since records are put together anew."""
    had, has = (
        one.filter(pl.col("sport").is_in(RUN_SPORTS))
        .group_by("local_date")
        .agg(pl.len().cast(pl.Int64).alias("runs"))
        for one in (every, rest)
    )
    beside = had.join(has, on="local_date", how="left", suffix="_left").fill_null(0).sort("local_date")
    gone = [(day, max(runs - left, 0), runs) for day, runs, left in beside.iter_rows()]
    first = today - timedelta(days=RECENT_DAYS - 1)
    recent = [(missing, runs) for day, missing, runs in gone if first <= day <= today]
    return LeftOutRuns(
        sum(missing for _, missing, _ in gone),
        sum(runs for _, _, runs in gone),
        sum(missing for missing, _ in recent),
        sum(runs for _, runs in recent),
        tuple(day for day, missing, _ in gone for _ in range(missing)),
    )
