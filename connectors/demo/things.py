"""Shoes and events of the made-up runner."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import polars as pl

from connectors.frames import EVENT, SHOE, SHOE_FACT, checked
from connectors.source import stable_id

SOURCE_NAME = "demo"
_SHOES = {  # makers and models that do not exist: name, kind, drop in mm, plate, retired
    "trainer_old": ("Larkfield Harrier 12", "conventional", 10.0, False, True),
    "trainer_new": ("Larkfield Harrier 13", "conventional", 10.0, False, False),
    "trail": ("Corvane Ridgeline 4", "trail", 6.0, False, False),
    "low": ("Larkfield Plover 4", "conventional", 4.0, False, False),
    "lowest": ("Corvane Pipit 2", "conventional", 0.0, False, False),
    "racer": ("Corvane Swift Plate", "racing", 8.0, True, False),
}
_EVENTS = (
    (168, "new_shoe", "Harrier 13 to take over from the Harrier 12"),
    (196, "travel", "Family holiday, no running shoes packed"),
    (259, "travel", "Two weeks on the island, trails every other day"),
    (322, "new_shoe", "Plover 4, the lower pair, for some of the easy runs"),
    (406, "new_shoe", "Pipit 2, straight into most runs"),
    (496, "race", "Half marathon"),
)


def provenance(athlete_id: int, source_id: str, day: date) -> dict[str, Any]:
    """Give the columns every row of the demo carries.

    Parameters
    ----------
    athlete_id : int
        Runner on this machine, from 1.
    source_id : str
        Id within the demo.
    day : date
        Stands for when the row was brought in, so that the same demo is the same to the letter.

    Returns
    -------
    dict
        Values by column.

    Source
    ------
    ours.
    """
    return {
        "athlete_id": athlete_id,
        "source": SOURCE_NAME,
        "source_id": source_id,
        "fetched_utc": datetime.combine(day, time(0), UTC),
    }


def demo_shoes(athlete_id: int, start: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Make up the pairs and what the runner says of them.

    Parameters
    ----------
    athlete_id : int
        Runner on this machine, from 1.
    start : date
        First day of the demo.

    Returns
    -------
    tuple of DataFrame and DataFrame
        Contracts SHOE and SHOE_FACT.

    Source
    ------
    ours: makers and models that do not exist.
    """
    pairs, facts = [], []
    for key, (name, kind, drop, is_plated, is_retired) in _SHOES.items():
        common = {"shoe_id": stable_id(athlete_id, SOURCE_NAME, key), **provenance(athlete_id, key, start)}
        brand, model = name.split(" ", 1)
        pairs.append({**common, "name": name, "brand": brand, "model": model, "is_retired": is_retired})
        facts.append({**common, "kind": kind, "drop_mm": drop, "is_plated": is_plated})
    return checked(pl.DataFrame(pairs), SHOE), checked(pl.DataFrame(facts), SHOE_FACT)


def demo_events(athlete_id: int, start: date, last: date) -> pl.DataFrame:
    """Make up what happened beside the training.

    Parameters
    ----------
    athlete_id : int
        Runner on this machine, from 1.
    start, last : date
        First and last local date.

    Returns
    -------
    DataFrame
        Contract EVENT.

    Source
    ------
    ours: made up.
    """
    rows = [
        {
            **provenance(athlete_id, f"{kind}-{day}", start),
            "date": start + timedelta(day),
            "kind": kind,
            "note": note,
        }
        for day, kind, note in _EVENTS
        if start + timedelta(day) <= last
    ]
    return checked(pl.DataFrame(rows), EVENT)
