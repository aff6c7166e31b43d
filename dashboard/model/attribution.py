"""What made up a rise in load: exact shares of volume, speed, hills, cadence and shoe for any stretch of days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import polars as pl

from dashboard.model.day_table import by_day, day_numbers, stretch_sums
from dashboard.model.load.factor import DRIVERS
from dashboard.model.load.run_load import log_shares
from dashboard.model.schemas import NEEDED_OF_WEEK, WEEK
from dashboard.model.settings import ModelSettings

RISE_NAMES = {
    "volume": "more running",
    "speed": "faster running",
    "hills": "more climbing",
    "cadence": "slower steps at the same speed",
    "shoe": "other shoes or a treadmill",
}
LESS = {
    "volume": "less running",
    "speed": "slower running",
    "hills": "flatter or more downhill ground",
    "cadence": "quicker steps at the same speed",
    "shoe": "other shoes or less treadmill",
}
ROSE_TO = 0.10
"""Shares below a tenth are left out of the sentence; the table has them all."""
ROSE = (
    "The estimated load of a week was ×{rise:.2f} of that of the eight weeks before, associated with {parts}."
)
TOOK = " {parts} softened it a little."


def rise_in_words(row: Mapping[str, Any]) -> str:
    """Return what made up the rise of one stretch of days.

    Multipliers, because shares above one read oddly where another driver took load away.

    Parameters
    ----------
    row : mapping
        One row of DRIVER_SCHEMA.

    Returns
    -------
    str
        The drivers with at least a tenth of the rise, largest first, each with what it multiplied the load by; then
        those that lowered it by as much. Where there are no shares, the reason.
    """
    if row["why"] == NO_RISE and row["rise"] is not None:
        by = f"{row['rise'] - 1:+.0%}".replace("%", " %").replace("-", "−")
        return (FELL_BY if row["rise"] < 1 / LEAST_RISE else ROSE_BY).format(by=by)
    if row["why"] is not None:
        return str(row["why"])
    shares = {name: float(row[f"share_{name}"]) for name in DRIVERS}
    ordered = sorted(DRIVERS, key=lambda name: -abs(shares[name]))
    up = [f"{RISE_NAMES[n]} (×{row[f'x_{n}']:.2f})" for n in ordered if shares[n] >= ROSE_TO]
    down = [f"{LESS[n]} (×{row[f'x_{n}']:.2f})" for n in ordered if shares[n] <= -ROSE_TO]
    took = list_drivers(down)
    return ROSE.format(rise=row["rise"], parts=list_drivers(up)) + (
        TOOK.format(parts=took[0].upper() + took[1:]) if took else ""
    )


def list_drivers(parts: list[str]) -> str:
    """Join words as a reader lists them.

    Parameters
    ----------
    parts : list of str
        Any number.

    Returns
    -------
    str
        "a, b and c"; empty for none.
    """
    return ", ".join(parts[:-1]) + f" and {parts[-1]}" if len(parts) > 1 else "".join(parts)


@dataclass(frozen=True)
class WeightedSteps:
    """Weighted steps of every date, from which any stretch can be taken apart.

    Parameters
    ----------
    first
        Day number of the first date.
    sums
        Shape (16, days): one row for each choice of speed, hills, cadence and shoe, plain steps first.
    slopes
        Shape (2, days): weighted steps that slopes up add and slopes down take away; None in lenses A and C.
    """

    first: int
    sums: np.ndarray
    slopes: np.ndarray | None


def weighted_steps_by_day(
    runs: pl.DataFrame, days: pl.DataFrame, settings: ModelSettings, lens: str = "B"
) -> WeightedSteps:
    """Return the weighted steps of every run by its date.

    What is done once for all stretches.

    Parameters
    ----------
    runs, days : DataFrame
        RUN_SCHEMA and DAY_SCHEMA; at least one day.
    settings : ModelSettings
        The exponents.
    lens : str
        "B" from every second; "A" and "C" from the multipliers of whole runs.

    Returns
    -------
    WeightedSteps
        NaN on days whose load is not known.
    """
    rows = _weighted() if lens == "B" else _by_run(settings, lens)
    first = int(day_numbers(days["local_date"])[0])
    slopes = None
    if lens == "B":
        slopes = by_day(runs, days, [pl.col("w_climb"), pl.col("w_descent")])
    return WeightedSteps(first, by_day(runs, days, rows), slopes)


def _weighted() -> list[pl.Expr]:
    rows = []
    for speed, hills, cadence, shoe in product((0, 1), repeat=4):
        name = f"w_{speed}{hills}{cadence}"
        steps = pl.col("steps" if name == "w_000" else name)
        rows.append(steps * pl.col("x_shoe") if shoe else steps)
    return rows


def _by_run(settings: ModelSettings, lens: str) -> list[pl.Expr]:
    """Lens A counts km, lens C steps; what neither hills, cadence nor shoe explain of a run is its speed."""
    power = (1.0 if lens == "A" else settings.vitro_exponent) / settings.exponent
    count = pl.col("load_tkm") / pl.col("multiplier") if lens == "A" else pl.col("steps")
    hills, load = pl.col(f"x_hills_{lens.lower()}"), pl.col(f"load_{lens.lower()}_tkm")
    cadence, shoe = pl.col("x_cadence").pow(power), pl.col("x_shoe").pow(power)
    speed = load / (count * hills * cadence * shoe)
    rows = []
    for choice in product((0, 1), repeat=4):
        worth = count
        for part, on in zip((speed, hills, cadence, shoe), choice, strict=True):
            worth = worth * part if on else worth
        rows.append(worth)
    return rows


BASELINE_DAYS = (63, 8)
"""Days before a stretch with which it is compared: from 63 to 8 days before its first, eight weeks. Design
choice."""
WEEKS = (BASELINE_DAYS[0] - BASELINE_DAYS[1] + 1) // WEEK
NEEDED_WEEKS = 4
NEEDED_OF_STRETCH = 0.8
"""Share of a stretch whose load must be known before it is taken apart. Design choice."""
LEAST_RISE = 1.05
"""Below this there is no rise to share out: shares of next to nothing mean nothing. Design choice."""

NOT_KNOWN = "The load of too many of these days is not known."
NO_BASELINE = "Too little is known of the eight weeks before to compare with."
NO_RUNNING = "There was hardly any running in the eight weeks before to compare with."
NO_RISE = "Total load hardly rose over the eight weeks before."
ROSE_BY = "Total load hardly rose ({by})."
FELL_BY = "Total load was lower than in the eight weeks before ({by})."

DRIVER_SCHEMA = pl.Schema(
    {
        "from_date": pl.Date,
        "to_date": pl.Date,
        "rise": pl.Float64,
        **{f"x_{name}": pl.Float64 for name in DRIVERS},
        "x_climb": pl.Float64,
        "x_descent": pl.Float64,
        **{f"share_{name}": pl.Float64 for name in DRIVERS},
        "leading": pl.String,
        "why": pl.String,
    }
)


def drivers(steps: WeightedSteps, stretches: pl.DataFrame) -> pl.DataFrame:
    """Share the rise of each stretch of days over the weeks before it out among the five drivers.

    Parameters
    ----------
    steps : WeightedSteps
        Of the whole history.
    stretches : DataFrame
        `from_date` and `to_date`, inclusive; any number, may overlap. Where `week_from` and `week_to` stand beside
        them and are not null, the mean of the weeks that end on these days is taken apart; the weeks before are still
        those before `from_date`.

    Returns
    -------
    DataFrame, one row for each stretch
        DRIVER_SCHEMA. `rise`: load of a week over that of the weeks before (steps: the median week).
        `x_...`: what each driver multiplied it by; the five multiply to `rise`, `x_climb` and `x_descent` to
        `x_hills`. `share_...`: ln of these over ln(rise); they sum to 1, and one that lowered the load is
        negative. `leading`: the largest. Shares are null where load did not rise by 5 %, everything is null
        where too little is known; `why` says it in words, null otherwise.

    References
    ----------
    Shapley 1953 (doi:10.1515/9781400881970-018) on ln(load). Each choice of drivers is compared with the same
    choice in the eight weeks before, so what always goes together (slower where it is steep) is no change.
    """
    if stretches.is_empty():
        return DRIVER_SCHEMA.to_frame()
    start = day_numbers(stretches["from_date"]) - steps.first
    sums, known, count = _stretches(steps, steps.sums, stretches)
    usual, usual_known = stretch_sums(steps.sums, start - BASELINE_DAYS[0], start - BASELINE_DAYS[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        volume = sums[0] / known / _median_day(steps.sums, start)
        worth = np.vstack([_worth(sums, usual), _worth(sums, usual) * volume])
        logs = log_shares(worth)[[4, 3, 2, 1, 0]]
        total = logs.sum(axis=0)
        shares = np.where(total >= np.log(LEAST_RISE), logs / total, np.nan)
        slopes = np.exp(_slopes(steps, stretches, start, logs[2]))
        multipliers = np.exp(logs)
    enough = known >= NEEDED_OF_STRETCH * count
    compared = usual_known >= NEEDED_WEEKS * WEEK
    why = _why(enough, compared, np.isfinite(total), np.isfinite(shares[0]))
    is_known = enough & compared & np.isfinite(total)
    return _table(stretches, is_known, total, multipliers, slopes, shares, why)


def _stretches(
    steps: WeightedSteps, rows: np.ndarray, stretches: pl.DataFrame
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sum rows over each stretch, or over the weeks that end in part of it; days known and days asked."""
    first, last = (day_numbers(stretches[name]) - steps.first for name in ("from_date", "to_date"))
    sums, known = stretch_sums(rows, first, last)
    if "week_from" not in stretches.columns:
        return sums, known, last - first + 1
    has = stretches["week_from"].is_not_null().to_numpy()
    first, last = (
        day_numbers(stretches.select(pl.coalesce(*names)).to_series()) - steps.first
        for names in (("week_from", "from_date"), ("week_to", "to_date"))
    )
    weeks, is_known = stretch_sums(_rolled(rows), first, last)
    return np.where(has, weeks, sums), np.where(has, is_known, known), last - first + 1


def _rolled(rows: np.ndarray) -> np.ndarray:
    """Mean of the known days of the last seven; NaN where fewer than five are known."""
    day = np.arange(rows.shape[1])
    total, count = stretch_sums(rows, day - WEEK + 1, day)
    return np.where(count >= NEEDED_OF_WEEK, total / np.maximum(count, 1), np.nan)


def _worth(sums: np.ndarray, usual: np.ndarray) -> np.ndarray:
    """Weight of a mean step over that of the weeks before, for each choice."""
    return sums / sums[0] / (usual / usual[0])


def _median_day(sums: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Steps of a day in the median week before each stretch; NaN where fewer than four weeks are known."""
    weeks = []
    for week in range(WEEKS):
        start = first - BASELINE_DAYS[0] + week * WEEK
        total, known = stretch_sums(sums, start, start + WEEK - 1)
        weeks.append(np.where(known >= NEEDED_OF_WEEK, total[0] / np.maximum(known, 1), np.nan))
    stacked = np.sort(np.array(weeks), axis=0)  # NaN last
    counted = np.isfinite(stacked).sum(axis=0)
    column = np.arange(stacked.shape[1])
    low, high = stacked[np.maximum(counted - 1, 0) // 2, column], stacked[counted // 2 % WEEKS, column]
    middle = np.where(counted % 2 == 1, low, (low + high) / 2)
    return np.where((counted >= NEEDED_WEEKS) & (middle > 0), middle, np.nan)


def _slopes(
    steps: WeightedSteps, stretches: pl.DataFrame, start: np.ndarray, hills: np.ndarray
) -> np.ndarray:
    """Ln of climb and descent: two shares of the hills, and half each of what hills share with the others."""
    if steps.slopes is None:
        return np.full((2, len(start)), np.nan)
    rows = np.vstack([steps.sums[:1], steps.slopes])
    now, _, _ = _stretches(steps, rows, stretches)
    before, _ = stretch_sums(rows, start - BASELINE_DAYS[0], start - BASELINE_DAYS[1])
    (up, down), (up_0, down_0) = now[1:] / now[0], before[1:] / before[0]
    logs = log_shares(np.array([1 + up_0 - down_0, 1 + up - down_0, 1 + up_0 - down, 1 + up - down]))
    return logs + (hills - logs.sum(axis=0)) / 2


def _why(enough: np.ndarray, compared: np.ndarray, finite: np.ndarray, rose: np.ndarray) -> list[str | None]:
    reasons: list[str | None] = []
    for known, usual, is_known, up in zip(enough, compared, finite, rose, strict=True):
        missing = NOT_KNOWN if not known else NO_BASELINE if not usual else NO_RUNNING
        reasons.append(missing if not (known and usual and is_known) else None if up else NO_RISE)
    return reasons


def _table(
    stretches: pl.DataFrame,
    is_known: np.ndarray,
    total: np.ndarray,
    multipliers: np.ndarray,
    slopes: np.ndarray,
    shares: np.ndarray,
    why: list[str | None],
) -> pl.DataFrame:
    shares = np.where(is_known, shares, np.nan)
    largest = np.argmax(np.nan_to_num(shares, nan=-np.inf), axis=0)
    columns: dict[str, np.ndarray] = {"rise": np.exp(total)}
    columns |= {f"x_{name}": row for name, row in zip(DRIVERS, multipliers, strict=True)}
    columns |= {"x_climb": slopes[0], "x_descent": slopes[1]}
    columns |= {f"share_{name}": row for name, row in zip(DRIVERS, shares, strict=True)}
    clean = {
        k: pl.Series(np.where(is_known & np.isfinite(v), v, np.nan), nan_to_null=True)
        for k, v in columns.items()
    }
    leading = [
        DRIVERS[i] if np.isfinite(s) else None
        for i, s in zip(largest.tolist(), shares[0].tolist(), strict=True)
    ]
    return stretches.select("from_date", "to_date").with_columns(
        **clean,
        leading=pl.Series(leading, dtype=pl.String),
        why=pl.Series(why, dtype=pl.String),
    )


def before_windows(windows: pl.DataFrame) -> pl.DataFrame:
    """Return the days whose load made each outpaced window, and the days on which these weeks end.

    Parameters
    ----------
    windows : DataFrame
        As from `outpaced_windows.outpaced_windows`.

    Returns
    -------
    DataFrame
        `from_date`, six days earlier, because the first ratio of the window is that of seven days; `to_date`.
        `week_from`, `week_to`: the window itself. One long run makes a window a week long; as a mean of all these
        days it would be no rise at all.
    """
    return windows.select(
        pl.col("from_date").dt.offset_by("-6d"), "to_date", week_from="from_date", week_to="to_date"
    )


def before_flares(
    flares: pl.DataFrame, settings: ModelSettings, windows: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return the days before each flare that are looked at.

    Winter 2020 (PMC7222667) looked at 4 weeks; design choice.

    Parameters
    ----------
    flares : DataFrame
        With `onset`.
    settings : ModelSettings
        `before_days`.
    windows : DataFrame or None
        As from `outpaced_windows.outpaced_windows`; None is none.

    Returns
    -------
    DataFrame
        `from_date`, `to_date`: up to the day before the onset. `week_from`, `week_to`: the days in them on which the
        load outpaced habit, of the window with the highest peak; null where it did not, so that no week is picked
        for being the largest.
    """
    spans = flares.select(
        from_date=pl.col("onset").dt.offset_by(f"-{int(settings.before_days)}d"),
        to_date=pl.col("onset").dt.offset_by("-1d"),
    )
    rows = [] if windows is None else windows.sort("peak_ratio").select("from_date", "to_date").rows()
    inside = []
    for start, end in spans.rows():
        cut = [(max(start, a), min(end, b)) for a, b in rows if a <= end and b >= start]
        inside.append(cut[-1] if cut else (None, None))
    parts = pl.DataFrame(inside, schema={"week_from": pl.Date, "week_to": pl.Date}, orient="row")
    return pl.concat([spans, parts], how="horizontal")
