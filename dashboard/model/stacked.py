"""Several changes at once: each small for this runner, and together not."""

from __future__ import annotations

import numpy as np
import polars as pl

from dashboard.model.channels import CHANNELS
from dashboard.model.daily import day_numbers
from dashboard.model.driver_words import listed
from dashboard.model.novelty import Novelty
from dashboard.model.shelf import DRIVERS

SMALL = (0.5, 1.5)
NEEDED_SMALL = 3
NEEDED_INDEX = 1.5
NEEDED_KNOWN = 4
LEAST_SHARE = 0.1
MOST_SHARE = 0.5
"""Several drivers made up a rise when at least three have a tenth of it and none has half. Design choice."""
NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven")
SENTENCE = "{count} small changes in the same week: {names}."
SEVERAL = "{count} changes together made up the rise, none of them half of it alone: {names}."

STACKED_SCHEMA = pl.Schema(
    {
        "from_date": pl.Date,
        "to_date": pl.Date,
        "date": pl.Date,
        "index": pl.Float64,
        "small": pl.List(pl.String),
        "badge": pl.Boolean,
        "words": pl.String,
    }
)


def stacked_index(found: Novelty) -> np.ndarray:
    """Put the changes of a week together.

    Parameters
    ----------
    found : Novelty
        Every channel on every date.

    Returns
    -------
    ndarray, shape (days,)
        Root of the sum of squared z of the channels that rose; NaN where fewer than four are known.

    Source
    ------
    ours, design choice: no study tests whether changes add up. The reason is arithmetic: five changes of 2 to 8 %
    multiply to a third more load.
    """
    z = _stack(found)
    rose = np.maximum(np.nan_to_num(z), 0.0)
    known = np.isfinite(z).sum(axis=0) >= NEEDED_KNOWN
    return np.where(known, np.sqrt((rose**2).sum(axis=0)), np.nan)


def _stack(found: Novelty) -> np.ndarray:
    return np.array([found.z[channel.id] for channel in CHANNELS if channel.in_index])


def _is_small(z: np.ndarray) -> np.ndarray:
    return (z >= SMALL[0]) & (z < SMALL[1])


def stacked(found: Novelty, spans: pl.DataFrame) -> pl.DataFrame:
    """Find in each span of days the week in which most came together.

    Parameters
    ----------
    found : Novelty
        Every channel on every date.
    spans : DataFrame
        `from_date`, `to_date`.

    Returns
    -------
    DataFrame, one row for each span
        STACKED_SCHEMA. The day with the largest index, of the days with the badge where there is one: at least
        three channels with z from 0.5 to 1.5 and an index of 1.5. `small`: those channels. `words`: one sentence
        with the badge, else null.

    Source
    ------
    ours, as `stacked_index`.
    """
    index, small = stacked_index(found), _is_small(_stack(found))
    badge = (small.sum(axis=0) >= NEEDED_SMALL) & (np.nan_to_num(index) >= NEEDED_INDEX)
    named = [channel for channel in CHANNELS if channel.in_index]
    rows = []
    for start, end in spans.select("from_date", "to_date").rows():
        first, last = (int(n) - found.first for n in day_numbers(pl.Series([start, end])))
        days = np.arange(max(first, 0), min(last + 1, len(index)))
        chosen = days[badge[days]] if badge[days].any() else days[np.isfinite(index[days])]
        row: dict[str, object] = {"from_date": start, "to_date": end}
        if len(chosen):
            at = int(chosen[np.argmax(index[chosen])])
            which = [c for c, on in zip(named, small[:, at], strict=True) if on]
            words = _sentence(SENTENCE, [c.title.lower() for c in which]) if badge[at] else None
            day = pl.Series([found.first + at], dtype=pl.Int32).cast(pl.Date).item()
            row |= {"date": day, "index": float(index[at]), "small": [c.id for c in which]}
            row |= {"badge": bool(badge[at]), "words": words}
        rows.append(row)
    return pl.DataFrame(rows, schema=STACKED_SCHEMA)


def several(driven: pl.DataFrame) -> list[str | None]:
    """Say of each rise whether several drivers made it up together.

    Parameters
    ----------
    driven : DataFrame
        DRIVER_SCHEMA.

    Returns
    -------
    list of str or None
        One sentence, where at least three drivers have a tenth of the rise and none has half; else None.

    Source
    ------
    ours, design choice.
    """
    said: list[str | None] = []
    for row in driven.iter_rows(named=True):
        shares = {name: row[f"share_{name}"] or 0.0 for name in DRIVERS}
        part = sorted((n for n, s in shares.items() if s >= LEAST_SHARE), key=lambda n: -shares[n])
        together = len(part) >= NEEDED_SMALL and max(shares.values()) < MOST_SHARE
        said.append(_sentence(SEVERAL, part) if together else None)
    return said


def _sentence(text: str, names: list[str]) -> str:
    return text.format(count=NUMBERS[len(names)], names=listed(names))
