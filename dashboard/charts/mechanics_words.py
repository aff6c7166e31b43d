"""One measure of the step over time in words."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from dashboard import words
from dashboard.charts.mechanics_measures import Measure, band_name
from dashboard.model.mechanics import DYNAMICS
from dashboard.model.personal import Personal
from dashboard.units import Units

SAID = (
    "{title} at {band}: {last} in the {step} from {day}; from {low} to {high} over the {count} {step}s known."
)
NOTHING = "{title} is not known in any {step} shown: it takes five minutes of level running in a band."
EXPLAINED = "Panels share one scale; a gap is a stretch with less than five minutes in that band."
STEP_LENGTH = (
    "Step length is the device's own where it recorded one, else speed over cadence; it grows with speed."
)
DEVICES = (
    "These numbers are the device's own: another device, or a pod on the other shoe, may read differently."
)
NO_DYNAMICS = (
    "Contact time and its share of each foot, vertical oscillation and form power appear here once a file holds them; "
    "none does yet."
)


def in_words(
    series: pl.DataFrame,
    measure: Measure,
    bands: Sequence[int],
    personal: Personal,
    units: Units,
    step: str,
) -> str:
    """Say the last value of the band run in most, and how far it has ranged.

    Parameters
    ----------
    series, measure, bands, personal, units
        As for `mechanics_time.figure`.
    step : str
        "week" or "month".

    Returns
    -------
    str
        One sentence.

    Source
    ------
    ours: one band in words, all in the table.
    """
    wanted = series.filter(pl.col("band").is_in(list(bands))).drop_nulls(measure.column)
    if wanted.is_empty():
        return NOTHING.format(title=measure.title, step=step)
    most = wanted.group_by("band").agg(pl.col("seconds").sum()).sort("seconds", "band")["band"][-1]
    line = wanted.filter(pl.col("band") == most).sort("from_date")
    known = line[measure.column]
    rising = known.sort()
    low, high = (measure.amount(rising[at], units) for at in (0, -1))
    return SAID.format(
        title=measure.title,
        band=band_name(personal, most, units).split(" · ")[0],
        last=measure.amount(known[-1], units),
        step=step,
        day=words.day(line["from_date"][-1]),
        low=low,
        high=high,
        count=line.height,
    )


def caption(column: str, known: Sequence[str]) -> str:
    """Say what a reader needs to know of the picture.

    Parameters
    ----------
    column : str
        Measure that is drawn.
    known : sequence of str
        Measures of which something is known.

    Returns
    -------
    str
        Whole sentences.

    Source
    ------
    ours.
    """
    said = [EXPLAINED]
    said += [STEP_LENGTH] if column == "step_length_mm" else []
    said += [DEVICES] if column in DYNAMICS else []
    said += [] if set(known) & set(DYNAMICS) else [NO_DYNAMICS]
    return " ".join(said)
