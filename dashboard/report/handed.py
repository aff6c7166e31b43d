"""What may go into a report: data from Strava's API only on the machine that holds the runner's live link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from connectors.errors import VaultUnreadable
from connectors.frames import ACTIVITY, RUN_SPORTS
from connectors.store import Runner, Store
from connectors.store.vault import open_vault
from dashboard.report_words import (
    LEFT_OUT_ASKED,
    LEFT_OUT_UNLINKED,
    ONE_LEFT_OUT_ASKED,
    ONE_LEFT_OUT_UNLINKED,
)

BOUND = ("strava_api",)
"""Sources whose data stays on the machine that is linked to them."""


@dataclass(frozen=True)
class Handed:
    """What a report is made from.

    Parameters
    ----------
    store
        Read without what must stay here; or all of it.
    is_whole
        Whether it is all of it, so that what is computed already can be used.
    missing
        Local dates of the runs that are left out whole, because no file or export holds them too.
    is_asked
        Whether they are left out because somebody wants it so; else because this machine is not linked.
    """

    store: Store
    is_whole: bool = True
    missing: tuple[date, ...] = ()
    is_asked: bool = False

    def count(self, since: date | None, until: date | None) -> int:
        """Count the runs that a period lacks.

        Parameters
        ----------
        since, until : date or None
            First and last local date; None is the first or last there is.

        Returns
        -------
        int
            0 where nothing is left out.

        Source
        ------
        ours: a sum that lacks something says how much.
        """
        return sum((since is None or since <= d) and (until is None or d <= until) for d in self.missing)

    def in_words(self, since: date | None, until: date | None) -> str | None:
        """Say what was left out of a period, and why.

        Parameters
        ----------
        since, until
            As for `count`.

        Returns
        -------
        str or None
            One sentence; None where nothing is missing.

        Source
        ------
        ours.
        """
        count = self.count(since, until)
        if not count:
            return None
        if count == 1:
            return ONE_LEFT_OUT_ASKED if self.is_asked else ONE_LEFT_OUT_UNLINKED
        return (LEFT_OUT_ASKED if self.is_asked else LEFT_OUT_UNLINKED).format(count=count)


def handed(store: Store, runner: Runner, without_link: bool = False) -> Handed:
    """Settle what a report of one runner may hold.

    Parameters
    ----------
    store : Store
        All that is kept.
    runner : Runner
        Whose report it is.
    without_link : bool
        Leave out what came through the Strava link even where this machine holds that link.

    Returns
    -------
    Handed
        Everything, where nothing came through the link or this folder holds the runner's live link to Strava and
        nobody wants it left out. Else all but those records; a run that a file or an export holds too is read
        from there.

    Raises
    ------
    StoreError
        When the store cannot be read.

    Source
    ------
    Strava's API terms, as developers quote them: the data is for the athlete it belongs to, who alone can link. A
    link moves with no backup, so the folder that holds it is the runner's own. A link that cannot be read is none.
    """
    rows = store.read(ACTIVITY, runner.athlete_id)
    has_any = bool(rows["source"].is_in(BOUND).any())
    if not has_any or (not without_link and _is_linked(store, runner)):
        return Handed(store)
    part = store.without(*BOUND)
    had, has = (_runs(one, runner) for one in (store, part))
    beside = had.join(has, on="local_date", how="left", suffix="_left").fill_null(0).sort("local_date")
    gone = [[day] * max(all_runs - left, 0) for day, all_runs, left in beside.iter_rows()]
    return Handed(part, False, tuple(day for days in gone for day in days), without_link)


def _runs(store: Store, runner: Runner) -> pl.DataFrame:
    """Runs of each date."""
    rows = store.activities(runner.athlete_id).filter(pl.col("sport").is_in(RUN_SPORTS))
    return rows.group_by("local_date").agg(pl.len().cast(pl.Int64).alias("runs"))


def _is_linked(store: Store, runner: Runner) -> bool:
    try:
        return open_vault(store.home).read(runner.athlete_id) is not None
    except VaultUnreadable:
        return False
