"""What a person makes of a doubt: kept as it is, left out or corrected; with who and why, and undone at will."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from connectors.edits import Edit
from connectors.store import Store
from dashboard.model.quality import LEAVE_OUT, Flag
from dashboard.quality_sentences import KINDS


def keep(
    store: Store, athlete_id: int, found: Sequence[Flag], decided_by: str, reason: str | None = None
) -> str:
    """Keep that a record is right as it is; the flags are not raised again.

    Parameters
    ----------
    store : Store
        Where it is kept.
    athlete_id : int
        Whose.
    found : sequence of Flag
        What was looked at.
    decided_by : str
        "runner" or "therapist".
    reason : str or None
        Why; None is the title of the first flag.

    Returns
    -------
    str
        Name of the act, for `Store.undo_edits`.

    Raises
    ------
    StoreError
        When it cannot be written; nothing is kept then.

    Source
    ------
    ours: one act for all of them, so that one undo takes it back.
    """
    known = store.activities(athlete_id).select("activity_id", "kept_flags").rows()
    words: dict[str, set[str]] = {session: set((kept or "").split()) for session, kept in known}
    for flag in found:
        words.setdefault(flag.activity_id, set()).add(flag.kind)
    told = dict.fromkeys(flag.activity_id for flag in found)
    edits = [Edit("activity", one, "kept_flags", " ".join(sorted(words[one]))) for one in told]
    return store.edit(athlete_id, edits, decided_by, reason or _title(found))


def leave_out(
    store: Store, athlete_id: int, found: Sequence[Flag], decided_by: str, reason: str | None = None
) -> str:
    """Leave sessions out of every sum; they stay in the store and are drawn hatched.

    Parameters
    ----------
    store, athlete_id, found, decided_by, reason
        As for `keep`.

    Returns
    -------
    str
        Name of the act, for `Store.undo_edits`.

    Raises
    ------
    StoreError
        When it cannot be written.

    Source
    ------
    ours: left out is not deleted.
    """
    return _set(store, athlete_id, [(flag, LEAVE_OUT) for flag in found], decided_by, reason or _title(found))


def correct(
    store: Store, athlete_id: int, found: Sequence[Flag], decided_by: str, reason: str | None = None
) -> str:
    """Take the proposed corrections over; what came in stays beneath them.

    Parameters
    ----------
    store, athlete_id, found, decided_by, reason
        As for `keep`; flags without a correction are passed over.

    Returns
    -------
    str
        Name of the act, for `Store.undo_edits`.

    Raises
    ------
    StoreError
        When it cannot be written.

    Source
    ------
    ours.
    """
    told = [(flag, flag.correction) for flag in found]
    return _set(store, athlete_id, told, decided_by, reason or _title(found))


def count_again(store: Store, athlete_id: int, activity_id: str, decided_by: str) -> str:
    """Count a session again that was left out.

    Parameters
    ----------
    store, athlete_id
        As for `keep`.
    activity_id : str
        Which.
    decided_by : str
        "runner" or "therapist".

    Returns
    -------
    str
        Name of the act, for `Store.undo_edits`.

    Raises
    ------
    StoreError
        When it cannot be written.

    Source
    ------
    ours: works however long ago it was left out.
    """
    return store.edit(athlete_id, [Edit("activity", activity_id, "is_excluded", False)], decided_by)


def left_out(store: Store, athlete_id: int) -> list[dict[str, Any]]:
    """List the sessions a person left out.

    Parameters
    ----------
    store, athlete_id
        As for `keep`.

    Returns
    -------
    list of dict
        Rows of ACTIVITY, newest first.

    Source
    ------
    ours: what is left out never vanishes.
    """
    rows = store.activities(athlete_id).filter(pl.col("is_excluded"))
    return rows.sort("start_utc", descending=True).rows(named=True)


def _set(
    store: Store,
    athlete_id: int,
    told: Sequence[tuple[Flag, Sequence[tuple[str, Any]]]],
    decided_by: str,
    reason: str | None,
) -> str:
    edits = [
        Edit("activity", flag.activity_id, field, value) for flag, values in told for field, value in values
    ]
    return store.edit(athlete_id, edits, decided_by, reason)


def _title(found: Sequence[Flag]) -> str | None:
    return KINDS[found[0].kind] if found else None
