"""A cohort in numbers: table 1, base rates, and whether load came before flares, pooled with athlete as stratum."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from connectors.errors import HeelwiseError
from dashboard.cohort.check import read_manifest
from dashboard.cohort.output import table_path
from dashboard.cohort.reasons import REASONS
from dashboard.cohort.tables import DAYS_A_YEAR
from dashboard.model.linkage import p_in_words
from dashboard.model.pooled_linkage import PooledLinkage, pool_strata, stratum

QUARTILES = (0.25, 0.5, 0.75)
MANY = 500
"""Athletes whose tables are read at once."""
DAY_COLUMNS = (
    *("athlete", "local_date", "known", "in_window", "outpaced_before"),
    *("pain_0_10", "stiffness_min", "stiffness_0_10"),
)
PER_ATHLETE = {
    "years": pl.col("days") / DAYS_A_YEAR,
    "runs_a_week": 7 * pl.col("runs") / pl.col("days_known"),
    "km_a_week": 7 * pl.col("distance_m") / 1000 / pl.col("days_known"),
    "load_tkm_a_week": 7 * pl.col("load_tkm") / pl.col("days_known"),
    "share_of_runs_with_recording": pl.col("runs_with_samples") / pl.col("runs"),
    "share_of_runs_with_cadence": pl.col("runs_with_cadence") / pl.col("runs"),
    "share_of_runs_with_altitude": pl.col("runs_with_altitude") / pl.col("runs"),
    "share_of_runs_with_shoe": pl.col("runs_with_shoe") / pl.col("runs"),
    "share_of_days_logged": pl.col("days_logged") / pl.col("days"),
}
"""What table 1 gives the median and quartiles of, over athletes."""
EVENTS = ("windows", "step_ups", "flares", "spikes")
NO_LAGS = (
    "No pooled distributed-lag model is fitted: no library that Heelwise uses or knows as well kept does it, and one "
    "of its own would be unproven."
)


def describe_cohort(folder: Path) -> dict[str, Any]:
    """Compute what a paper's first table and its base rates need, from the tables alone."""
    manifest = read_manifest(folder)
    try:
        return _description(folder, manifest)
    except (OSError, KeyError, pl.exceptions.PolarsError):
        raise HeelwiseError(
            "A table of this cohort is missing or is not as it was written. Nothing was described; `heelwise cohort "
            "check` names it."
        ) from None


def _description(folder: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    names = sorted(manifest["athletes"])
    athletes = _read(folder, "athletes", names)
    analysed = athletes["athlete"].sort().to_list()
    days, strata = {"known": 0, "in_window": 0}, []
    for part in (analysed[n : n + MANY] for n in range(0, len(analysed), MANY)):
        for rows, flares in _per_athlete(folder, part):
            days["known"] += int(rows["in_window"].is_not_null().sum())
            days["in_window"] += int(rows["in_window"].sum())
            strata.append(stratum(rows, flares))
    return {
        "heelwise": manifest["heelwise"],
        "model": manifest["model"],
        "athletes": athletes.height,
        "refused": {name: manifest["refused"][name] for name in REASONS if name in manifest["refused"]},
        "sex": _sexes(athletes),
        "totals": _totals(athletes),
        "per_athlete": {name: _spread(athletes, value) for name, value in _measures().items()},
        "base_rates": {
            "days_in_windows": _share(days["in_window"], days["known"]),
            **{f"{name}_a_year": _a_year(athletes, name) for name in EVENTS},
        },
        "linkage": _linkage(pool_strata(filter(None, strata)), manifest["settings"]["lag_days"]),
    }


def _measures() -> dict[str, pl.Expr]:
    a_year = {f"{name}_a_year": pl.col(name) * DAYS_A_YEAR / pl.col("days") for name in EVENTS}
    return {"age_years": pl.col("age_years"), **PER_ATHLETE, **a_year}


def _read(folder: Path, table: str, athletes: list[str], columns: tuple[str, ...] = ()) -> pl.DataFrame:
    files = [table_path(folder, table, athlete) for athlete in athletes]
    frame = pl.scan_parquet(files, hive_partitioning=False, glob=False)
    return (frame.select(columns) if columns else frame).collect()


def _per_athlete(folder: Path, athletes: list[str]) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    days = _read(folder, "days", athletes, DAY_COLUMNS).partition_by("athlete", as_dict=True)
    flares = _read(folder, "flares", athletes, ("athlete", "onset"))
    onsets = flares.partition_by("athlete", as_dict=True)
    for key, rows in days.items():
        yield rows.sort("local_date"), onsets.get(key, flares.clear())


def _sexes(athletes: pl.DataFrame) -> dict[str, int]:
    counted = athletes["sex"].fill_null("not stated").value_counts(sort=True)
    return dict(sorted(zip(counted["sex"].to_list(), counted["count"].to_list(), strict=True)))


def _totals(athletes: pl.DataFrame) -> dict[str, float | int]:
    sums = athletes.select(pl.col("runs", "days", "days_known", "days_logged", *EVENTS).sum()).row(
        0, named=True
    )
    return {
        "years": round(sums["days"] / DAYS_A_YEAR, 1),
        **sums,
        "distance_km": round(float(athletes["distance_m"].sum()) / 1000, 1),
        "athletes_with_diary": athletes.filter(pl.col("days_logged") > 0).height,
        "athletes_with_flare": athletes.filter(pl.col("flares") > 0).height,
    }


def _spread(athletes: pl.DataFrame, value: pl.Expr) -> dict[str, float | int | None]:
    """Median and quartiles over the athletes of whom it is known."""
    known = athletes.select(value=value)["value"].drop_nulls()
    known = known.filter(known.is_finite())
    ends = [known.quantile(share, "linear") for share in QUARTILES]
    rounded = [None if one is None else round(float(one), 4) for one in ends]
    return dict(zip(("q1", "median", "q3"), rounded, strict=True)) | {"athletes": known.len()}


def _share(part: int, of_days: int) -> float | None:
    return round(part / of_days, 4) if of_days else None


def _a_year(athletes: pl.DataFrame, name: str) -> float | None:
    """Events over all years together; of flares, over those of athletes who logged at all."""
    asked = athletes.filter(pl.col("days_logged") > 0) if name == "flares" else athletes
    years = int(asked["days"].sum()) / DAYS_A_YEAR
    return round(int(asked[name].sum()) / years, 4) if years else None


def _linkage(pooled: PooledLinkage, lag_days: float) -> dict[str, Any]:
    numbers = {
        name: round(value, 6) if isinstance(value, float) else value for name, value in asdict(pooled).items()
    }
    return {
        "lag_days": int(lag_days),
        **numbers,
        "why": _linkage_in_words(pooled, int(lag_days)),
        "lags": NO_LAGS,
    }


def _linkage_in_words(pooled: PooledLinkage, lag_days: int) -> str:
    if pooled.p is None or pooled.expected is None:
        return (
            "No athlete has enough of load and diary together to ask whether load usually comes first: 180 days, an "
            "entry on half of them, and a flare."
        )
    return (
        f"In the {lag_days} days before {pooled.exposed} of {pooled.flares} flares of {pooled.athletes} athletes the "
        f"estimated load rose above what the athlete was used to; shifted dates of the same athletes give "
        f"{pooled.expected:.1f} ({p_in_words(pooled.p)}). This is an association in time, no cause."
    )


def description_in_words(description: dict[str, Any]) -> list[str]:
    """Write the description as lines of text."""
    totals, rates = description["totals"], description["base_rates"]
    refused = description["refused"]
    lines = [
        f"Athletes      {description['athletes']} analysed, {sum(refused.values())} refused",
        *(f"              {number} × {REASONS[reason]}" for reason, number in refused.items()),
        "Sex           " + ", ".join(f"{name} {number}" for name, number in description["sex"].items()),
        f"Years         {totals['years']:,} athlete-years; {totals['days_logged']:,} days logged",
        f"Runs          {totals['runs']:,}, {totals['distance_km']:,} km",
        f"Flares        {totals['flares']:,} in {totals['athletes_with_flare']} of {totals['athletes_with_diary']} "
        "athletes with a diary",
        "",
        f"{'Per athlete':<32}{'median':>10}{'quartiles':>24}{'known of':>10}",
    ]
    for name, spread in description["per_athlete"].items():
        quartiles = f"{_number(spread['q1'])} to {_number(spread['q3'])}"
        lines.append(
            f"{name.replace('_', ' '):<32}{_number(spread['median']):>10}{quartiles:>24}{spread['athletes']:>10}"
        )
    lines += ["", "Base rates"]
    lines += [f"{name.replace('_', ' '):<32}{_number(value):>10}" for name, value in rates.items()]
    return [*lines, "", description["linkage"]["why"], NO_LAGS]


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.3g}" if abs(value) < 100 else f"{value:,.0f}"
