"""From the analysis of one athlete to the rows of the cohort tables, under their contracts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from connectors.contract import Contract, validate
from dashboard.cohort.columns import (
    ATHLETES,
    COHORT_TABLES,
    DAYS,
    FLARES,
    REFUSALS,
    RUNS,
    SPIKES,
    STEP_UPS,
    WINDOWS,
    WORD_SETS,
)
from dashboard.cohort.reasons import REASONS
from dashboard.model.analysis import Analysis, coverage
from dashboard.model.calendar_shifts import exposed_days
from dashboard.model.explain import FlareExplanation
from dashboard.model.load.factor import DRIVERS
from dashboard.model.robustness import in_windows

Tables = dict[str, pl.DataFrame]
"""Every cohort table by its name."""
DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class AboutAthlete:
    """What stands in the tables beside the analysis."""

    athlete: str
    sex: str | None = None
    birth_year: int | None = None
    parts_not_read: int = 0


def refusal_tables(athlete: str, reason: str, same_as: str | None = None) -> Tables:
    """Build the tables of an athlete who was not analysed: all empty but one row of refusals."""
    row = pl.DataFrame(
        [{"athlete": athlete, "reason": reason, "sentence": REASONS[reason], "same_as": same_as}]
    )
    return {table.name: table.empty() for table in COHORT_TABLES} | {
        REFUSALS.name: validate(row.cast({"same_as": pl.String}), REFUSALS)
    }


def athlete_tables(analysis: Analysis, explanation: FlareExplanation, about: AboutAthlete) -> Tables:
    """Build the tables of one athlete; dates are still as they were."""
    runs = _numbered(analysis.runs)
    run_numbers = dict(zip(runs["activity_id"], runs["run_number"], strict=True))
    pairs = {
        pair: n for pair, n in zip(runs["shoe_id"], runs["shoe_number"], strict=True) if pair is not None
    }
    days = _with_exposure(analysis)
    windows = pl.concat([analysis.windows, _driver_columns(explanation.windows.drivers)], how="horizontal")
    step_ups = explanation.step_ups.rows.with_columns(_looked_up("shoe_id", pairs).alias("shoe_number"))
    spikes = analysis.spikes.with_columns(_looked_up("activity_id", run_numbers).alias("run_number"))
    frames = (
        (DAYS, days),
        (RUNS, runs),
        (WINDOWS, windows),
        (STEP_UPS, step_ups),
        (FLARES, _flares(explanation, days)),
        (SPIKES, spikes.sort("run_number")),
    )
    tables = {table.name: _checked(frame, table, about.athlete) for table, frame in frames}
    summary = _summary(analysis, explanation, tables, about)
    return tables | {
        ATHLETES.name: _checked(pl.DataFrame([summary], schema=ATHLETES.schema), ATHLETES, about.athlete),
        REFUSALS.name: REFUSALS.empty(),
    }


def moved_back(tables: Tables, weeks: int) -> Tables:
    """Return tables with every date moved back by whole weeks, so that weekdays stay."""
    earlier = pl.selectors.date().dt.offset_by(f"-{weeks}w")
    return {name: frame.with_columns(earlier) if weeks else frame for name, frame in tables.items()}


def _checked(frame: pl.DataFrame, contract: Contract, athlete: str) -> pl.DataFrame:
    """Hold a frame against its contract; words of a set that are not in it are left out, whoever wrote them."""
    words = [_only_known(name) for name in WORD_SETS if name in contract.columns]
    rows = frame.with_columns(pl.lit(athlete).alias("athlete"), *words)
    return validate(rows.select(list(contract.columns)), contract)


def _only_known(column: str) -> pl.Expr:
    parts = pl.col(column).fill_null("").str.split(" ")
    known = parts.list.eval(pl.element().filter(pl.element().is_in(WORD_SETS[column]))).list.join(" ")
    return pl.when(pl.col(column).is_not_null()).then(known).alias(column)


def _numbered(runs: pl.DataFrame) -> pl.DataFrame:
    """Runs in order of start, and pairs in order of their first run: no id of a service leaves."""
    ordered = runs.sort("start_utc", "activity_id", nulls_last=True)
    worn = ordered["shoe_id"].drop_nulls().unique(maintain_order=True).to_list()
    pairs = {pair: number for number, pair in enumerate(worn, start=1)}
    return ordered.with_columns(
        run_number=pl.int_range(1, pl.len() + 1, dtype=pl.Int64), shoe_number=_looked_up("shoe_id", pairs)
    )


def _looked_up(column: str, numbers: dict[str, int]) -> pl.Expr:
    if not numbers:
        return pl.lit(None, pl.Int64)
    return pl.col(column).replace_strict(numbers, default=None, return_dtype=pl.Int64)


def _with_exposure(analysis: Analysis) -> pl.DataFrame:
    days, settings = analysis.days.sort("local_date"), analysis.settings
    week, against = days["acute_tkm"].to_numpy(), days["held_against_tkm"].to_numpy()
    known = np.isfinite(week) & np.isfinite(against) & (np.nan_to_num(against) > 0)
    inside = in_windows(days["is_high"].fill_null(False).to_numpy(), settings)
    before = exposed_days(inside, known, int(settings.lag_days))
    return days.with_columns(
        in_window=pl.when(pl.Series(known)).then(pl.Series(inside)),
        outpaced_before=pl.Series(before, nan_to_null=True).cast(pl.Boolean),
    )


def _driver_columns(driven: pl.DataFrame) -> pl.DataFrame:
    """Shares are given where there is a rise to share out, as in the report."""
    shares = [f"share_{name}" for name in DRIVERS]
    shared = [pl.when(pl.col("leading").is_not_null()).then(pl.col(name)).alias(name) for name in shares]
    return driven.select("rise", "leading", *shared).with_columns(pl.selectors.float().fill_nan(None))


def _flares(explanation: FlareExplanation, days: pl.DataFrame) -> pl.DataFrame:
    rows = explanation.flares.rename({"n_logged": "days_logged", "n_logged_before": "days_logged_before"})
    driven = pl.concat([rows, _driver_columns(explanation.before_flares.drivers)], how="horizontal")
    asked = days.select(pl.col("local_date").alias("onset"), "outpaced_before")
    return driven.join(asked, on="onset", how="left", maintain_order="left")


def _summary(
    analysis: Analysis, explanation: FlareExplanation, tables: Tables, about: AboutAthlete
) -> dict[str, object]:
    days, runs, linkage = tables[DAYS.name], tables[RUNS.name], explanation.linkage
    counts, first = coverage(analysis.runs, analysis.days), days["local_date"].min()
    climbed = runs["ascent_m"].drop_nulls()
    return {
        "athlete": about.athlete,
        "sex": about.sex,
        "age_years": float(first.year - about.birth_year)
        if isinstance(first, date) and about.birth_year
        else None,
        "sources": " ".join(sorted(runs["source"].unique())),
        "first_date": first,
        "last_date": days["local_date"].max(),
        "days": days.height,
        "days_known": int(days["known"].sum()),
        "days_logged": counts.symptom_days,
        "runs": counts.runs,
        "runs_with_samples": counts.with_samples,
        "runs_with_cadence": counts.with_cadence,
        "runs_with_altitude": counts.with_altitude,
        "runs_with_shoe": counts.with_shoe,
        "runs_with_heart_rate": counts.with_heart_rate,
        **{name: float(runs[name].sum()) for name in ("distance_m", "moving_s", "load_tkm")},
        "ascent_m": float(climbed.sum()) if climbed.len() else None,
        **{table.name: tables[table.name].height for table in (WINDOWS, STEP_UPS, FLARES, SPIKES)},
        "parts_not_read": about.parts_not_read,
        "linkage_asked": linkage.enough_data,
        "linkage_flares": linkage.flares,
        "linkage_exposed": linkage.exposed,
        "linkage_expected": linkage.expected,
        "linkage_p": linkage.p,
        "base_rate": linkage.base_rate,
    }
