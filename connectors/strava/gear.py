"""A pair of shoes as the API gives it, to one row of SHOE."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl

from connectors.source import stable_id
from connectors.strava.shoes import name_key, rounded_number
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


def known_pair(names: set[str], stored: pl.DataFrame, number: int | None = None) -> str | None:
    """Find the pair that an export brought in before.

    Parameters
    ----------
    names : set of str
        From `names_of`.
    stored : DataFrame
        Contract SHOE.
    number : int or None
        Strava's number of the pair: tells two pairs of one name apart.

    Returns
    -------
    str or None
        Its `shoe_id`, so that what the runner said of the pair stays with it; None when there is none, or more
        than one that may be meant.
    """
    exported = stored.filter(pl.col("source") == "strava_export").select("source_id", "shoe_id")
    found = {
        key: shoe for key, shoe in exported.iter_rows() if key.rpartition(" #")[0] in names or key in names
    }
    numbered = {
        int(n): s
        for key, s in found.items()
        if (n := key.rpartition(" #")[2]).isdecimal() and key not in names
    }
    if numbered and number is not None:
        if rounded_number(number) in numbered:
            return numbered[rounded_number(number)]
        if number > min(numbered):
            return None
    plain = {shoe for shoe in found.values() if shoe not in numbered.values()}
    if numbered and number is None:
        return None
    return plain.pop() if len(plain) == 1 else None


def _text(value: Any) -> str | None:
    return " ".join(value.split())[:_LONGEST_TEXT] or None if isinstance(value, str) else None
