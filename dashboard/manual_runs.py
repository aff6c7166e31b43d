"""Runs entered by hand: added, corrected and taken away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import polars as pl

from connectors.edits import Edit
from connectors.errors import HeelwiseError
from connectors.frames import ACTIVITY, EDIT, checked
from connectors.localday import machine_zone, usual_zone, zone_name
from connectors.source import stable_id
from connectors.store import Store
from dashboard.manual_run import SOURCE, TOLD, ManualRun


@dataclass(frozen=True)
class Kept:
    """What storing or removing a run did, so that it can be undone.

    Parameters
    ----------
    source_id
        Id of the row.
    what
        "added", "updated", "unchanged" or "removed".
    before
        The row as it was; None where there was none.
    batch_id
        Act that keeps the person's last word over earlier ones; None where none was needed.
    """

    source_id: str
    what: str
    before: dict[str, Any] | None
    batch_id: str | None = None


def listed(store: Store, athlete_id: int, most: int = 20) -> list[dict[str, Any]]:
    """List the runs entered by hand, the newest first, with what was said of them since.

    Parameters
    ----------
    store : Store
        Where they are.
    athlete_id : int
        Runner on this machine, from 1.
    most : int
        How many at most.

    Returns
    -------
    list of dict
        Columns of ACTIVITY and SESSION_EXTRA.

    Source
    ------
    ours.
    """
    mine = store.activities(athlete_id).filter(pl.col("source") == SOURCE)
    return mine.sort("start_utc", "activity_id", descending=[True, False]).head(most).to_dicts()


def beside(store: Store, athlete_id: int, run: ManualRun, zone: str | None = None) -> dict[str, Any] | None:
    """Look for a session that may be the same run.

    Parameters
    ----------
    store, athlete_id
        As for `listed`.
    run : ManualRun
        What was said.
    zone : str or None
        As for `add`.

    Returns
    -------
    dict or None
        A run entered by hand with the same start, else any session of that date whose time overlaps (every one of
        that date where the time is not remembered); None where there is none.

    Source
    ------
    ours: the same run twice would count twice, so the person is asked.
    """
    sessions = store.activities(athlete_id)
    start = run.start_utc(_zone(store, athlete_id, sessions, zone))
    by_hand = sessions.filter(pl.col("source") == SOURCE, pl.col("start_utc") == pl.lit(start))
    if by_hand.height:
        return by_hand.row(0, named=True)
    length = pl.coalesce("elapsed_s", "moving_s", pl.lit(0.0))
    ends = pl.col("start_utc") + pl.duration(microseconds=(length * 1e6).cast(pl.Int64))
    until = start + timedelta(seconds=run.moving_s or 0.0)
    overlaps = (pl.col("start_utc") <= pl.lit(until)) & (ends >= pl.lit(start))
    same = sessions.filter(pl.col("local_date") == run.day, overlaps | pl.lit(run.start is None))
    return same.row(0, named=True) if same.height else None


def add(
    store: Store,
    athlete_id: int,
    run: ManualRun,
    zone: str | None = None,
    replaces: str | None = None,
    decided_by: str = "runner",
) -> Kept:
    """Store a run entered by hand, or a correction of one.

    Parameters
    ----------
    store, athlete_id
        As for `listed`.
    run : ManualRun
        What was said.
    zone : str or None
        Zone of the browser, for a runner with no setting and no recording that names one.
    replaces : str or None
        `source_id` of the run by hand that this one corrects; None adds a new one.
    decided_by : str
        One of `frames.DECIDERS`.

    Returns
    -------
    Kept
        What it did.

    Raises
    ------
    HeelwiseError
        When the run has neither distance nor duration, or a value is out of its bounds; nothing is changed then.

    Source
    ------
    ours: a run without a watch is no rest day. Where the time is not remembered, noon stands in for it.
    """
    if not run.distance_m and not run.moving_s:
        raise HeelwiseError("A run needs a distance or a duration. Nothing was changed.")
    before = _find(store, athlete_id, replaces)
    source_id = replaces if before and replaces else _new_id(store, athlete_id, run)
    row = run.row(athlete_id, source_id, _zone(store, athlete_id, store.activities(athlete_id), zone))
    counts = store.write(
        ACTIVITY, checked(pl.DataFrame([row], schema_overrides=dict(ACTIVITY.schema)), ACTIVITY)
    )
    batch_id = _last_word(store, athlete_id, row, decided_by)
    what = "added" if counts.new else "updated" if counts.updated or batch_id else "unchanged"
    return Kept(row["source_id"], what, before, batch_id)


def remove(store: Store, athlete_id: int, source_id: str) -> Kept:
    """Take a run entered by hand away.

    Parameters
    ----------
    store, athlete_id
        As for `listed`.
    source_id : str
        Its id.

    Returns
    -------
    Kept
        For `undo`.

    Raises
    ------
    StoreError
        When it cannot be written.

    Source
    ------
    ours.
    """
    before = _find(store, athlete_id, source_id)
    store.delete(ACTIVITY, athlete_id, SOURCE, [source_id])
    return Kept(source_id, "removed", before)


def undo(store: Store, athlete_id: int, kept: Kept) -> None:
    """Take back what `add` or `remove` did.

    Parameters
    ----------
    store, athlete_id
        As for `listed`.
    kept : Kept
        What they gave.

    Raises
    ------
    StoreError
        When it cannot be written.

    Source
    ------
    ours: a slip of the thumb must cost one tap.
    """
    if kept.before is None:
        store.delete(ACTIVITY, athlete_id, SOURCE, [kept.source_id])
    else:
        store.write(ACTIVITY, pl.DataFrame([kept.before], schema=ACTIVITY.schema))
    if kept.batch_id:
        store.undo_edits(athlete_id, kept.batch_id)


def _find(store: Store, athlete_id: int, source_id: str | None) -> dict[str, Any] | None:
    if source_id is None:
        return None
    rows = store.read(ACTIVITY, athlete_id)
    same = rows.filter((pl.col("source") == SOURCE) & (pl.col("source_id") == source_id))
    return same.row(0, named=True) if same.height else None


def _new_id(store: Store, athlete_id: int, run: ManualRun) -> str:
    """Name a run by its local start, so that what was said of a run once removed never lands on another."""
    base = f"{run.day}" if run.start is None else f"{run.day}T{run.start:%H:%M}"
    spoken = set(store.read(EDIT, athlete_id)["record_id"])
    taken = set(store.read(ACTIVITY, athlete_id).filter(pl.col("source") == SOURCE)["source_id"])
    number, source_id = 1, base
    while source_id in taken or stable_id(athlete_id, SOURCE, source_id) in spoken:
        number += 1
        source_id = f"{base}-{number}"
    return source_id


def _zone(store: Store, athlete_id: int, sessions: pl.DataFrame, browser: str | None) -> str:
    own = zone_name(store.settings(athlete_id).get("timezone"))
    return own or usual_zone(sessions) or zone_name(browser) or machine_zone()


def _last_word(store: Store, athlete_id: int, row: dict[str, Any], decided_by: str) -> str | None:
    """Say again what an earlier edit of the same run would hide."""
    shown = store.activities(athlete_id).filter(pl.col("activity_id") == row["activity_id"])
    if shown.is_empty():
        return None
    now = shown.row(0, named=True)
    spoken = (now["edited"] or "").split()
    edits = [
        Edit("activity", row["activity_id"], name, row[name])
        for name in TOLD
        if name in spoken and now[name] != row[name]
    ]
    return store.edit(athlete_id, edits, decided_by) if edits else None
