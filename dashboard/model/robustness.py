"""Whether a statement still holds when the model's assumptions are others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from dashboard.model.adaptation import LENSES as LOADS
from dashboard.model.adaptation import adapt_load, days_run, prepare_week
from dashboard.model.day_table import day_numbers
from dashboard.model.load.factor import DRIVERS
from dashboard.model.outpaced_windows import stretches
from dashboard.model.settings import ModelSettings

LENS_COLUMNS = ("A", "B", "C")
TAUS = (28.0, 42.0, 60.0)
NEEDED = 0.8
"""Share of the days looked at whose ratio must be known. Design choice."""
ROBUST_SCHEMA = pl.Schema(
    {
        "from_date": pl.Date,
        "to_date": pl.Date,
        "lens": pl.String,
        "tau_days": pl.Float64,
        "is_own": pl.Boolean,
        "holds": pl.Boolean,
        "value": pl.Float64,
    }
)
LEADING_SCHEMA = pl.Schema(
    {
        "from_date": pl.Date,
        "to_date": pl.Date,
        "lens": pl.String,
        "leading": pl.String,
        "share": pl.Float64,
        "rise": pl.Float64,
    }
)


@dataclass(frozen=True)
class LensRatios:
    """Load over habit under every lens and time constant.

    Parameters
    ----------
    first
        Day number of the first date.
    own_tau
        The runner's own time constant, d.
    ratio
        Lens and time constant to load of each day over what it is held against; NaN not known.
    high
        Lens and time constant to whether each day lies in an outpaced window.
    """

    first: int
    own_tau: float
    ratio: Mapping[tuple[str, float], np.ndarray]
    high: Mapping[tuple[str, float], np.ndarray]


def lens_ratios(
    days: pl.DataFrame, settings: ModelSettings, ladder_days: Collection[date] = ()
) -> LensRatios:
    """Follow load and habit under every lens and time constant.

    The range in which the sources leave the model.

    Parameters
    ----------
    days : DataFrame
        DAY_SCHEMA with loads; at least one day.
    settings : ModelSettings
        Its time constant is followed beside 28, 42 and 60 days.
    ladder_days : collection of date
        Local dates on which a step of a return ladder was done.

    Returns
    -------
    LensRatios
        Lenses A, B and C at three or four time constants.
    """
    ran = days_run(days)
    ladder = ran & days["local_date"].is_in(list(ladder_days)).to_numpy() if ladder_days else None
    ratios: dict[tuple[str, float], np.ndarray] = {}
    high: dict[tuple[str, float], np.ndarray] = {}
    for lens in LENS_COLUMNS:
        load = days[LOADS[lens]].to_numpy()
        prepared = prepare_week(load)
        for tau in sorted({*TAUS, settings.tau_days}):
            one = adapt_load(load, ran, replace(settings, tau_days=tau), ladder, prepared)
            ratios[lens, tau], high[lens, tau] = one.held_ratio, in_windows(one.high, settings)
    return LensRatios(int(day_numbers(days["local_date"])[0]), settings.tau_days, ratios, high)


def in_windows(high: np.ndarray, settings: ModelSettings) -> np.ndarray:
    """Mark the days of outpaced windows.

    The rule of `outpaced_windows.outpaced_windows`.

    Parameters
    ----------
    high : ndarray of bool, shape (days,)
        As `adaptation.Adapted.high`.
    settings : ModelSettings
        The rule.

    Returns
    -------
    ndarray of bool, shape (days,)
        From the first to the last day of each window.
    """
    marked = np.zeros(len(high), dtype=bool)
    for start, end in stretches(high, settings):
        marked[start : end + 1] = True
    return marked


def robust_windows(ratios: LensRatios, spans: pl.DataFrame) -> pl.DataFrame:
    """Ask of each span of dates, under each lens and time constant, whether load outpaced habit on some of it.

    A statement is only as good as the assumptions it survives.

    Parameters
    ----------
    ratios : LensRatios
        Of the whole history.
    spans : DataFrame
        `from_date`, `to_date`, inclusive: outpaced windows, or the days before flares.

    Returns
    -------
    DataFrame, one row for each span, lens and time constant
        HELD_SCHEMA. `is_own`: the runner's own time constant. `holds`: null where fewer than four fifths of the
        days have a ratio. `value`: the largest ratio of the span.
    """
    rows = []
    for start, end in spans.select("from_date", "to_date").rows():
        first = int(day_numbers(pl.Series([start]))[0]) - ratios.first
        length = (end - start).days + 1
        for (lens, tau), ratio in ratios.ratio.items():
            at = slice(max(first, 0), max(first + length, 0))
            known = int(np.isfinite(ratio[at]).sum())
            is_known = known >= NEEDED * length
            holds = bool(ratios.high[lens, tau][at].any()) if is_known else None
            value = float(np.nanmax(ratio[at])) if known else None
            rows.append((start, end, lens, tau, tau == ratios.own_tau, holds, value))
    return pl.DataFrame(rows, schema=ROBUST_SCHEMA, orient="row")


def robust_flares(answers: pl.DataFrame) -> pl.DataFrame:
    """Return for each span whether the answer is robust.

    A counts no exponent and B does; what both say depends on it least. C is for the laboratory's exponent and
    counts in the table only.

    Parameters
    ----------
    answers : DataFrame
        HELD_SCHEMA.

    Returns
    -------
    DataFrame, one row for each span
        `from_date`, `to_date`; `holds`, the answer of lens B at the own time constant; `robust`, whether lens A
        gives the same (null where either is not known); `robust_windows` of `asked`, over all lenses and time
        constants.
    """
    own = pl.col("is_own")

    def answer(lens: str) -> pl.Expr:
        return pl.col("holds").filter(own & (pl.col("lens") == lens)).first()

    return answers.group_by("from_date", "to_date", maintain_order=True).agg(
        holds=answer("B"),
        robust=answer("A") == answer("B"),
        held=pl.col("holds").sum().cast(pl.Int64),
        asked=pl.col("holds").count().cast(pl.Int64),
    )


def leading_drivers(by_lens: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the leading driver of each stretch under each lens.

    How much hills and speed count is the least certain part of the model.

    Parameters
    ----------
    by_lens : mapping of str to DataFrame
        Lens to DRIVER_SCHEMA, same stretches.

    Returns
    -------
    DataFrame, one row for each stretch and lens
        LED_SCHEMA: `leading` and its `share`, null where load did not rise under that lens; `rise`.
    """
    if not by_lens:
        return LEADING_SCHEMA.to_frame()
    largest = pl.max_horizontal(f"share_{name}" for name in DRIVERS)
    parts = [
        frame.select(
            "from_date", "to_date", pl.lit(lens).alias("lens"), "leading", largest.alias("share"), "rise"
        )
        for lens, frame in by_lens.items()
    ]
    return pl.concat(parts).sort("from_date", "to_date", "lens")


def same_leading(leaders: pl.DataFrame) -> pl.DataFrame:
    """Return for each stretch whether lenses A and B name the same leading driver.

    As `robust_flares`.

    Parameters
    ----------
    leaders : DataFrame
        LED_SCHEMA.

    Returns
    -------
    DataFrame, one row for each stretch
        `from_date`, `to_date`, `leading` of lens B, `robust` (null where lens B names none; False where A names
        another or none).
    """

    def of(lens: str) -> pl.Expr:
        return pl.col("leading").filter(pl.col("lens") == lens).first()

    return leaders.group_by("from_date", "to_date", maintain_order=True).agg(
        leading=of("B"), robust=pl.when(of("B").is_not_null()).then(of("A").eq_missing(of("B")))
    )
