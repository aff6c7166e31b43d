"""A morning entry of which one answer is given: kept in the store, so that no lost connection costs it."""

from __future__ import annotations

from datetime import date

from connectors.store import Store

SETTING = "half_made_entry"


def keep(store: Store, athlete_id: int, day: date, stiffness: int) -> None:
    """Keep the first answer until the second is given.

    Parameters
    ----------
    store : Store
        Where it goes.
    athlete_id : int
        Whose it is.
    day : date
        Local date of the entry.
    stiffness : int
        0 to 10.

    Raises
    ------
    StoreError
        When it cannot be written.

    Source
    ------
    ours: a phone drops a page it does not show, and the address may not hold a symptom.
    """
    store.set_settings(athlete_id, {SETTING: f"{day.isoformat()} {stiffness}"})


def of(store: Store, athlete_id: int, day: date) -> int | None:
    """Give the first answer of an entry not finished.

    Parameters
    ----------
    store : Store
        Where it is.
    athlete_id : int
        Whose it is.
    day : date
        Local date of the entry.

    Returns
    -------
    int or None
        Stiffness, 0 to 10; None where nothing is half made for that day.

    Source
    ------
    ours: see `keep`.
    """
    written, _, stiffness = store.settings(athlete_id).get(SETTING, "").partition(" ")
    return int(stiffness) if written == day.isoformat() and stiffness.isdigit() else None


def drop(store: Store, athlete_id: int) -> None:
    """Forget the entry that was not finished, or was finished just now.

    Parameters
    ----------
    store, athlete_id
        As for `keep`.

    Raises
    ------
    StoreError
        When it cannot be written.

    Source
    ------
    ours.
    """
    store.set_settings(athlete_id, {SETTING: None})
