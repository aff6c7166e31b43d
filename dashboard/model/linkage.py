"""Whether load usually ran high before this runner's flares, against the same runner's other days."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from dashboard.model.adaptation import adapt_days, by_day, day_numbers
from dashboard.model.robustness import TAUS, LensRatios, in_windows
from dashboard.model.settings import ModelSettings

NEEDED_KNOWN = 0.8
LEAST_SHIFT = 28
CONTROLS = (28, 84)
WASHOUT = 14


@dataclass(frozen=True)
class ShiftTest:
    """One question put to the calendar: how often it stood before a flare, and before any other day.

    Parameters
    ----------
    flares
        Flares whose days can be looked at.
    exposed
        Of these, with it in the days looked at.
    expected
        How many there would be by chance: the mean over all shifts of the flare dates.
    p
        Share of shifts with at least as many, the observed one counted in; None without a shift.
    """

    flares: int
    exposed: int
    expected: float | None
    p: float | None


@dataclass(frozen=True)
class ShiftSpan:
    """The stretch of days in which both load and diary are known.

    Parameters
    ----------
    first, last
        Positions of the first and last day with an entry.
    days
        Days between them whose load before is known.
    logged
        Share of the days between them with an entry.
    """

    first: int
    last: int
    days: int
    logged: float


def exposed_days(high: np.ndarray, known: np.ndarray, lag_days: int, after: bool = False) -> np.ndarray:
    """Ask of each day whether one of the days before it was high.

    14 days before, 7, 21 and 28 beside it.

    Parameters
    ----------
    high, known : ndarray of bool, shape (days,)
        Whether a day was high, and whether that is known.
    lag_days : int
        How many days before; the day itself is not one of them.
    after : bool
        True asks the days after it instead.

    Returns
    -------
    ndarray, shape (days,)
        1 or 0; NaN where fewer than four fifths of those days are known.
    """
    if after:
        return exposed_days(high[::-1], known[::-1], lag_days)[::-1]
    hits = np.concatenate([[0], np.cumsum(high & known)])
    seen = np.concatenate([[0], np.cumsum(known)])
    day = np.arange(len(high))
    start = np.maximum(day - lag_days, 0)
    told = seen[day] - seen[start] >= NEEDED_KNOWN * lag_days
    return np.where(told, (hits[day] - hits[start] > 0).astype(float), np.nan)


def shift_test(exposed: np.ndarray, onsets: np.ndarray, first: int, last: int) -> ShiftTest:
    """Compare flares with themselves on other dates.

    A circular shift keeps what a free shuffle would break. Every shift is taken, so that no draw of random numbers
    is part of the answer.

    Parameters
    ----------
    exposed : ndarray, shape (days,)
        As from `exposed_days`.
    onsets : ndarray of int
        Positions of the flares' onsets.
    first, last : int
        Positions between which a flare could have been seen, inclusive.

    Returns
    -------
    ShiftTest
        All flare dates are moved together, around the end to the beginning, by every number of days from 28 on:
        their spacing and the course of the load stay as they were.
    """
    days = np.arange(first, last + 1)
    days = days[np.isfinite(exposed[first : last + 1])]
    values = exposed[days].astype(int)
    at = np.nonzero(np.isin(days, onsets))[0]
    observed = int(values[at].sum())
    shifts = np.arange(LEAST_SHIFT, len(days) - LEAST_SHIFT + 1)
    if not len(at) or not len(shifts):
        return ShiftTest(len(at), observed, None, None)
    counts = values[(at[None, :] + shifts[:, None]) % len(days)].sum(axis=1)
    p = (1 + int((counts >= observed).sum())) / (1 + len(shifts))
    return ShiftTest(len(at), observed, float(counts.mean()), p)


def shift_span(days: pl.DataFrame, exposed: np.ndarray) -> ShiftSpan:
    """Find the days in which a flare could have been seen and the load before it is known.

    Before the first entry no flare could be found, however many there were.

    Parameters
    ----------
    days : DataFrame
        DAY_SCHEMA.
    exposed : ndarray, shape (days,)
        As from `exposed_days`.

    Returns
    -------
    ShiftSpan
        Nothing logged gives a span without days.
    """
    told = days.select(
        pl.any_horizontal(pl.col("pain_0_10", "stiffness_min", "stiffness_0_10").is_not_null())
    )
    logged = told.to_series().to_numpy()
    at = np.nonzero(logged)[0]
    if not len(at):
        return ShiftSpan(0, -1, 0, 0.0)
    first, last = int(at[0]), int(at[-1])
    known = int(np.isfinite(exposed[first : last + 1]).sum())
    return ShiftSpan(first, last, known, float(logged[first : last + 1].mean()))


def control_share(
    exposed: np.ndarray, flares: pl.DataFrame, first_day: int, lag_days: int
) -> tuple[int, int]:
    """Count how often it stood in the same runner's own weeks around each flare.

    Case windows against control windows of the same person, as in a case-crossover study.

    Parameters
    ----------
    exposed : ndarray, shape (days,)
        As from `exposed_days`.
    flares : DataFrame
        `onset`, `last_high`.
    first_day : int
        Day number of the first date.
    lag_days : int
        Length of a block.

    Returns
    -------
    tuple of int and int
        Blocks with it, and blocks in all: whole blocks from 28 to 84 days before and after each onset that do
        not touch a flare or the 14 days after one.
    """
    onsets, lasts = (day_numbers(flares[name]) - first_day for name in ("onset", "last_high"))
    blocked = np.zeros(len(exposed), dtype=bool)
    for onset, last in zip(onsets.tolist(), lasts.tolist(), strict=True):
        blocked[max(onset, 0) : max(last + WASHOUT + 1, 0)] = True
    near, far = CONTROLS
    offsets = [side * off for off in range(near, far + 1, lag_days) for side in (-1, 1)]
    ends = np.unique(np.array([onset + off for onset in onsets.tolist() for off in offsets], dtype=int))
    usable = [
        end
        for end in ends.tolist()
        if 0 < end < len(exposed)
        and np.isfinite(exposed[end])
        and not blocked[max(end - lag_days, 0) : end].any()
    ]
    return int(exposed[usable].sum()) if usable else 0, len(usable)


NEEDED_FLARES = 3
NEEDED_DAYS = 180
NEEDED_LOGGED = 0.5
ALPHA = 0.05
LAGS = (7, 14, 21, 28)
EXPONENTS = (1.0, 3.0, 9.0)

ABOVE_CHANCE = (
    "In the {lag} days before {exposed} of {flares} flares, the estimated load ran above your usual; "
    "by chance about {expected:.1f} would be expected."
)
MORE_FLARES = " That is more often than shifted dates give ({p})."
NO_MORE_FLARES = " Shifted dates give as much often enough, so no link is shown ({p})."

SENSITIVITY_SCHEMA = pl.Schema(
    {
        "what": pl.String,  # lag_days, tau_days, exponent or lens
        "value": pl.String,
        "is_own": pl.Boolean,
        "flares": pl.Int64,
        "exposed": pl.Int64,
        "expected": pl.Float64,
        "p": pl.Float64,
    }
)


@dataclass(frozen=True)
class Linkage:
    """Whether load came first, in counts.

    Parameters
    ----------
    enough_data
        Whether every gate is met; without, the rest is None or empty.
    why
        The finding, or what is missing, in words.
    flares
        Flares with known load before them; all flares where a gate is not met.
    lag_days
        Days before a flare that were looked at.
    exposed, expected, p
        As in `linkage.ShiftTest`, for outpaced windows in the days before.
    linked
        Whether p is at most 0.05.
    controls_exposed, controls
        Blocks of the same length around the flares, with outpaced days and in all.
    after
        The same for the days after the onset: what pain does to training, not the other way round.
    spikes
        The same for runs beyond the longest of 30 days.
    sensitivity
        SENSITIVITY_SCHEMA: the same question under other assumptions, each changed alone.
    """

    enough_data: bool
    why: str
    flares: int
    lag_days: int
    exposed: int | None = None
    expected: float | None = None
    p: float | None = None
    linked: bool | None = None
    controls_exposed: int | None = None
    controls: int | None = None
    after: ShiftTest | None = None
    spikes: ShiftTest | None = None
    sensitivity: pl.DataFrame = field(default_factory=SENSITIVITY_SCHEMA.to_frame)


def test_linkage(
    flares: pl.DataFrame,
    days: pl.DataFrame,
    runs: pl.DataFrame,
    spikes: pl.DataFrame,
    found: LensRatios,
    settings: ModelSettings,
) -> Linkage:
    """Ask whether load usually ran high before this runner's flares.

    No such study of running load and Achilles pain was found. What comes first need not be the reason: pain not yet
    logged may change training too, so the days after are shown beside it.

    Parameters
    ----------
    flares : DataFrame
        FLARE_SCHEMA.
    days, runs, spikes : DataFrame
        Of the analysis.
    found : LensRatios
        Under every lens and time constant.
    settings : ModelSettings
        `lag_days`; the rule of windows.

    Returns
    -------
    Linkage
        Numbers where there is enough, else what is missing.
    """
    lag = int(settings.lag_days)
    onsets = day_numbers(flares["onset"]) - found.first
    own = "B", found.own_tau
    high, known = found.high[own], np.isfinite(found.ratio[own])
    before = exposed_days(high, known, lag)
    seen = shift_span(days, before)
    main = shift_test(before, onsets, seen.first, seen.last)
    missing = unmet_needs(seen, main.flares)
    if missing or main.p is None or main.expected is None:
        why = " ".join(["Too little to say whether load usually comes first.", *missing])
        return Linkage(False, why, flares.height, lag)
    spiked = np.isin(np.arange(days.height), day_numbers(spikes["local_date"]) - found.first)
    with_spikes = exposed_days(spiked, days["load_tkm"].is_not_null().to_numpy(), lag)
    linked = main.p <= ALPHA
    words = ABOVE_CHANCE.format(lag=lag, exposed=main.exposed, flares=main.flares, expected=main.expected)
    exposed_controls, controls = control_share(before, flares, found.first, lag)
    return Linkage(
        enough_data=True,
        why=words + (MORE_FLARES if linked else NO_MORE_FLARES).format(p=p_in_words(main.p)),
        flares=main.flares,
        lag_days=lag,
        exposed=main.exposed,
        expected=main.expected,
        p=main.p,
        linked=linked,
        controls_exposed=exposed_controls,
        controls=controls,
        after=shift_test(exposed_days(high, known, lag, after=True), onsets, seen.first, seen.last),
        spikes=shift_test(with_spikes, onsets, seen.first, seen.last),
        sensitivity=_sensitivity(onsets, days, runs, found, settings, seen),
    )


def p_in_words(p: float) -> str:
    """Write a p.

    A p of 0.00 would read as certainty.

    Parameters
    ----------
    p : float
        0 to 1.

    Returns
    -------
    str
        Two decimals; below the least of them only that.
    """
    return "p below 0.01" if p < 0.01 else f"p = {p:.2f}"


def unmet_needs(seen: ShiftSpan, flares: int) -> list[str]:
    """Say what is missing before the question can be asked.

    At least 3 flares, 180 days, and an entry on half of them.

    Parameters
    ----------
    seen : ShiftSpan
        Days with load and diary.
    flares : int
        Flares whose days before are known.

    Returns
    -------
    list of str
        One sentence for each gate that is not met; empty where all are.
    """
    said = []
    if flares < NEEDED_FLARES:
        are = "is" if flares == 1 else "are"
        said.append(
            f"{NEEDED_FLARES} flares with known load before them are needed; there {are} {flares or 'none'}."
        )
    if seen.days < NEEDED_DAYS:
        said.append(
            f"{NEEDED_DAYS} days with both load and diary are needed; there are {seen.days or 'none'}."
        )
    if seen.logged < NEEDED_LOGGED:
        said.append(f"An entry on at least half of the days is needed; there is one on {seen.logged:.0%}.")
    return said


def _sensitivity(
    onsets: np.ndarray,
    days: pl.DataFrame,
    runs: pl.DataFrame,
    found: LensRatios,
    settings: ModelSettings,
    seen: ShiftSpan,
) -> pl.DataFrame:
    """Ask again with one assumption changed at a time."""
    lag, tau, own = int(settings.lag_days), found.own_tau, settings.exponent

    def row(
        what: str, value: float | str, is_own: bool, ratio: np.ndarray, lag_days: int = lag
    ) -> tuple[object, ...]:
        high = in_windows(ratio, settings)
        asked = exposed_days(high, np.isfinite(ratio), lag_days)
        got = shift_test(asked, onsets, seen.first, seen.last)
        text = value if isinstance(value, str) else f"{value:g}"
        return what, text, is_own, got.flares, got.exposed, got.expected, got.p

    main = found.ratio["B", tau]
    rows = [row("lag_days", n, n == lag, main, n) for n in sorted({*LAGS, lag})]
    rows += [row("tau_days", n, n == tau, found.ratio["B", n]) for n in sorted({*TAUS, tau})]
    rows += [
        row("exponent", n, n == own, main if n == own else _other_exponent(days, runs, settings, n))
        for n in sorted({*EXPONENTS, own})
    ]
    rows += [row("lens", lens, lens == "B", found.ratio[lens, tau]) for lens in ("A", "B", "C")]
    return pl.DataFrame(rows, schema=SENSITIVITY_SCHEMA, orient="row")


def _other_exponent(
    days: pl.DataFrame, runs: pl.DataFrame, settings: ModelSettings, exponent: float
) -> np.ndarray:
    """Ratio at another exponent, from the mean step of each run: close, and without the seconds."""
    step = pl.col("w_111") * pl.col("x_shoe") / pl.col("steps")
    load = by_day(runs, days, [pl.col("steps") * step.pow(exponent / settings.exponent)])[0]
    other = days.with_columns(load_tkm=pl.Series(load, nan_to_null=True))
    return adapt_days(other, settings)["ratio"].fill_null(float("nan")).to_numpy()
