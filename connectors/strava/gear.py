"""A pair of shoes as the API gives it, to one row of SHOE."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl

from connectors.source import stable_id
from connectors.strava.shoes import name_key
from connectors.strava.summaries import SOURCE_NAME

_LONGEST_TEXT = 500


def parse_gear(given: Mapping[str, Any], athlete_id: int, fetched_utc: datetime) -> dict[str, Any] | None:
    """Read one pair.

    Parameters
    ----------
    given : mapping
        As `GET /gear/{id}` or the profile's list of shoes gives it (the list knows no brand and no model).
    athlete_id : int
        Whose it is.
    fetched_utc : datetime
        Aware, UTC.

    Returns
    -------
    dict or None
        Every column of SHOE; None for a bike, or without an id.

    Source
    ------
    Recorded answers: the runner's own name stands in `nickname` or `name`, which holds brand, model and name.
    """
    gear_id = given.get("id")
    if not isinstance(gear_id, str) or not gear_id.startswith("g"):
        return None
    own, full, brand, model = (_text(given.get(n)) for n in ("nickname", "name", "brand_name", "model_name"))
    called = own or full or " ".join(part for part in (brand, model) if part) or f"Unnamed pair {gear_id}"
    retired = given.get("retired")
    return {
        "shoe_id": stable_id(athlete_id, SOURCE_NAME, gear_id),
        "athlete_id": athlete_id,
        "source": SOURCE_NAME,
        "source_id": gear_id,
        "fetched_utc": fetched_utc,
        "name": called,
        "brand": brand,
        "model": model,
        "is_retired": retired if isinstance(retired, bool) else None,
    }


def names_of(given: Mapping[str, Any]) -> set[str]:
    """List the names under which an export may know the same pair.

    Parameters
    ----------
    given : mapping
        As for `parse_gear`.

    Returns
    -------
    set of str
        Keys as `connectors.strava.shoes.name_key` makes them.

    Source
    ------
    An export's Activity Gear is the runner's own name, else brand and model.
    """
    own, full, brand, model = (_text(given.get(n)) for n in ("nickname", "name", "brand_name", "model_name"))
    both = " ".join(part for part in (brand, model) if part)
    return {name_key(name) for name in (own, full, both) if name}


def known_pair(names: set[str], stored: pl.DataFrame) -> str | None:
    """Find the pair that an export brought in before.

    Parameters
    ----------
    names : set of str
        From `names_of`.
    stored : DataFrame
        Contract SHOE.

    Returns
    -------
    str or None
        Its `shoe_id`, so that what the runner said of the pair stays with it; None when there is none, or more
        than one.

    Source
    ------
    ours: an export has no id that the API has too, so the name is all there is to go by.
    """
    exported = stored.filter(pl.col("source") == "strava_export")
    found = {s for s, key in exported.select("shoe_id", "source_id").iter_rows() if key in names}
    return found.pop() if len(found) == 1 else None


def _text(value: Any) -> str | None:
    return " ".join(value.split())[:_LONGEST_TEXT] or None if isinstance(value, str) else None
