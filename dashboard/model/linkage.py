"""Whether load usually ran high before this runner's flares, against the same runner's other days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil, log

import numpy as np
import polars as pl

from dashboard.model.adaptation import adapt_load, by_day, day_numbers, days_run
from dashboard.model.outpaced_windows import distance_spikes
from dashboard.model.robustness import TAUS, LensRatios, in_windows
from dashboard.model.settings import ModelSettings
from dashboard.model.step_ups import StepUps, is_leading

NEEDED_KNOWN = 0.8
LEAST_SHIFT = 28
CONTROLS = (28, 84)
WASHOUT = 14
TOLERANCE = 1e-9


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
    base_rate
        Share of all days asked that are exposed; None without a day.
    """

    flares: int
    exposed: int
    expected: float | None
    p: float | None
    base_rate: float | None = None


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

    Notes
    -----
    7 days are looked back first: with a link of 0 to 3 days they find it far more often than 14.
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

    All flare dates are moved together, around the end to the beginning, by every number of days from 28 on: their
    spacing and the course of the load stay as they were. Every shift is taken, so that no draw of random numbers is
    part of the answer.

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
        `base_rate` is the mean exposure of the days of the span.
    """
    days = np.arange(first, last + 1)
    days = days[np.isfinite(exposed[first : last + 1])]
    values = exposed[days].astype(int)
    base = float(values.mean()) if len(values) else None
    observed, counts, flares = _counts(values, days, onsets)
    if not flares or not len(counts):
        return ShiftTest(flares, observed, None, None, base)
    p = (1 + int((counts >= observed).sum())) / (1 + len(counts))
    return ShiftTest(flares, observed, float(counts.mean()), p, base)


def _counts(values: np.ndarray, days: np.ndarray, onsets: np.ndarray) -> tuple[int, np.ndarray, int]:
    """Exposed flares as observed and under every shift, and how many flares there are."""
    at = np.nonzero(np.isin(days, onsets))[0]
    shifts = np.arange(LEAST_SHIFT, len(days) - LEAST_SHIFT + 1)
    if not len(at) or not len(shifts):
        return int(values[at].sum()), np.zeros(0), len(at)
    return int(values[at].sum()), values[(at[None, :] + shifts[:, None]) % len(days)].sum(axis=1), len(at)


def channel_test(
    exposed: Mapping[str, np.ndarray], onsets: np.ndarray, first: int, last: int
) -> dict[str, ShiftTest]:
    """Ask the same of several channels at once, without letting many questions make a link by chance.

    Parameters
    ----------
    exposed : mapping of str to ndarray, shape (days,)
        Channel to exposure, as from `exposed_days`.
    onsets : ndarray of int
        Positions of the flares' onsets.
    first : int
        Positions between which a flare could have been seen, inclusive.
    last : int
        Positions between which a flare could have been seen, inclusive.

    Returns
    -------
    dict of str to Shifted
        Each channel is measured as (exposed − its mean over the shifts) / its standard deviation over the shifts; p is
        the share of shifts whose largest such number over all channels is at least the channel's own, so it is
        already that of the whole family. A channel that never varies over the shifts, or that is known on fewer than
        four fifths of the days, is left out.
    """
    span_days = np.arange(first, last + 1)
    known = {name: np.isfinite(values[first : last + 1]) for name, values in exposed.items()}
    asked = [name for name, is_known in known.items() if len(is_known) and is_known.mean() >= NEEDED_KNOWN]
    if not asked:
        return {}
    days = span_days[np.logical_and.reduce([known[name] for name in asked])]
    found = {name: _counts(exposed[name][days].astype(int), days, onsets) for name in asked}
    varying = {name: one for name, one in found.items() if len(one[1]) and one[1].std() > 0}
    if not varying:
        return {}
    shifted = np.array([(counts - counts.mean()) / counts.std() for _, counts, _ in varying.values()])
    largest = shifted.max(axis=0)
    answers = {}
    for name, (observed, counts, flares) in varying.items():
        size = (observed - counts.mean()) / counts.std()
        p = (1 + int((largest >= size - TOLERANCE).sum())) / (1 + len(largest))
        base = float(exposed[name][days].mean())
        answers[name] = ShiftTest(flares, observed, float(counts.mean()), p, base)
    return answers


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
MOST_BASE_RATE = 0.95
"""Where more of the days are exposed than this, the question is never asked."""
RULED_OUT_FROM = 40
"""Flares below which a null result cannot rule a link out: power is low."""
NEEDED_DAYS = 180
NEEDED_LOGGED = 0.5
ALPHA = 0.05
LAGS = (7, 14, 21, 28)
EXPONENTS = (1.0, 3.0, 9.0)

ABOVE_CHANCE = (
    "In the {lag} days before {exposed} of {flares} flares, the estimated total load outpaced habit; "
    "by chance about {expected:.1f} would be expected."
)
MORE_FLARES = " That is more often than shifted dates give ({p})."
NO_MORE_FLARES = " Shifted dates give as much often enough, so no link is shown ({p})."
NEITHER = " Shifted dates give as much often enough: no link can be shown or ruled out ({p})."
FEW_FLARES = "With your record, {needed} flares would be needed; you have {flares}."
ALWAYS_HIGH = (
    "Total load outpaced habit before {share:.0%} of your days, so no number of flares could show a link."
)

CHANNEL_LINK_SCHEMA = pl.Schema(
    {
        "channel": pl.String,
        "flares": pl.Int64,
        "exposed": pl.Int64,  # flares with a day of a step-up in the days before
        "expected": pl.Float64,
        "p": pl.Float64,  # of the largest of all channels under the same shift
        "base_rate": pl.Float64,
        "linked": pl.Boolean,
    }
)

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
    base_rate
        Share of the days whose days before were exposed; None where none can be asked.
    needed_flares
        From how many flares the question is asked at that rate; None: never.
    channels
        CHANNEL_LINK_SCHEMA: the same question of each dose channel and of run_days, the smallest p first; without
        those for which there are too few flares.
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
    base_rate: float | None = None
    needed_flares: int | None = NEEDED_FLARES
    channels: pl.DataFrame = field(default_factory=CHANNEL_LINK_SCHEMA.to_frame)


def link_test(
    flares: pl.DataFrame,
    days: pl.DataFrame,
    runs: pl.DataFrame,
    spikes: pl.DataFrame,
    found: LensRatios,
    settings: ModelSettings,
    step_ups: StepUps | None = None,
) -> Linkage:
    """Ask whether load usually ran high before this runner's flares.

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
    step_ups : StepUps or None
        Of the same days, for the question of each channel.

    Returns
    -------
    Linkage
        Numbers where there is enough, else what is missing. Within one person; no such study of running load and
        Achilles pain was found. What comes first need not be the reason: pain not yet logged may change training too,
        so the days after are shown beside it.
    """
    lag, own = int(settings.lag_days), ("B", found.own_tau)
    onsets = day_numbers(flares["onset"]) - found.first
    high, known = found.high[own], np.isfinite(found.ratio[own])
    before = exposed_days(high, known, lag)
    seen = shift_span(days, before)
    main = shift_test(before, onsets, seen.first, seen.last)
    missing = unmet_needs(seen, main.flares, main.base_rate)
    rate = {"base_rate": main.base_rate, "needed_flares": needed_flares(main.base_rate or 0.0)}
    channels = _channels(step_ups, onsets, seen, lag)
    if missing or main.p is None or main.expected is None:
        why = " ".join(["Too little to say whether load usually comes first.", *missing])
        return Linkage(False, why, flares.height, lag, **rate, channels=channels)
    linked = main.p <= ALPHA
    exposed_controls, controls = control_share(before, flares, found.first, lag)
    return Linkage(
        enough_data=True,
        why=_in_words(main, main.p, lag),
        flares=main.flares,
        lag_days=lag,
        exposed=main.exposed,
        expected=main.expected,
        p=main.p,
        linked=linked,
        controls_exposed=exposed_controls,
        controls=controls,
        after=shift_test(exposed_days(high, known, lag, after=True), onsets, seen.first, seen.last),
        spikes=shift_test(_with_spikes(days, spikes, found.first, lag), onsets, seen.first, seen.last),
        sensitivity=_sensitivity(onsets, days, runs, found, settings, seen),
        **rate,
        channels=channels,
    )


def _in_words(main: ShiftTest, p: float, lag: int) -> str:
    words = ABOVE_CHANCE.format(lag=lag, exposed=main.exposed, flares=main.flares, expected=main.expected)
    null = NO_MORE_FLARES if main.flares >= RULED_OUT_FROM else NEITHER
    return words + (MORE_FLARES if p <= ALPHA else null).format(p=p_in_words(p))


def _with_spikes(days: pl.DataFrame, spikes: pl.DataFrame, first: int, lag: int) -> np.ndarray:
    """Days within reach of a session longer than usual."""
    spiked = np.isin(np.arange(days.height), day_numbers(distance_spikes(spikes)["local_date"]) - first)
    return exposed_days(spiked, days["load_tkm"].is_not_null().to_numpy(), lag)


def needed_flares(base_rate: float) -> int | None:
    """Return from how many flares a link could be shown at all.

    Parameters
    ----------
    base_rate : float
        Share of the days that are exposed, 0 to 1.

    Returns
    -------
    int or None
        So many that all of them exposed would have a chance of at most 5 %, and at least 3; None above 0.95.
    """
    if base_rate > MOST_BASE_RATE:
        return None
    if base_rate <= 0:
        return NEEDED_FLARES
    return max(NEEDED_FLARES, ceil(log(ALPHA) / log(base_rate)))


def _channels(step_ups: StepUps | None, onsets: np.ndarray, seen: ShiftSpan, lag: int) -> pl.DataFrame:
    """Ask the same of each dose channel and of run_days; hard_gap is made of the load itself."""
    if step_ups is None or seen.days < NEEDED_DAYS or seen.logged < NEEDED_LOGGED:
        return CHANNEL_LINK_SCHEMA.to_frame()
    exposed = {
        name: exposed_days(step_ups.within[name], np.isfinite(step_ups.z[name]), lag)
        for name in step_ups.within
        if is_leading(name)
    }
    rows = []
    for name, one in channel_test(exposed, onsets, seen.first, seen.last).items():
        needed = needed_flares(one.base_rate or 0.0)
        if needed is not None and one.flares >= needed and one.p is not None:
            linked = one.p <= ALPHA
            rows.append((name, one.flares, one.exposed, one.expected, one.p, one.base_rate, linked))
    return pl.DataFrame(rows, schema=CHANNEL_LINK_SCHEMA, orient="row").sort("p", maintain_order=True)


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


def unmet_needs(seen: ShiftSpan, flares: int, base_rate: float | None = None) -> list[str]:
    """Return what is missing before the question can be asked.

    Parameters
    ----------
    seen : ShiftSpan
        Days with load and diary.
    flares : int
        Flares whose days before are known.
    base_rate : float or None
        Share of the days that are exposed; None not known.

    Returns
    -------
    list of str
        One sentence for each gate that is not met; empty where all are.

    Notes
    -----
    Design choice: 180 days, an entry on half of them, and as many flares as `needed_flares`.
    """
    said = []
    needed = needed_flares(base_rate or 0.0)
    if needed is None:
        said.append(ALWAYS_HIGH.format(share=base_rate))
    elif flares < needed:
        said.append(FEW_FLARES.format(needed=needed, flares=flares or "none"))
    if seen.days < NEEDED_DAYS:
        said.append(
            f"{NEEDED_DAYS} days with both load and diary are needed; "
            f"there {'is' if seen.days == 1 else 'are'} {seen.days or 'none'}."
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
        what: str,
        value: float | str,
        is_own: bool,
        course: tuple[np.ndarray, np.ndarray],
        lag_days: int = lag,
    ) -> tuple[object, ...]:
        asked = exposed_days(*course, lag_days)
        got = shift_test(asked, onsets, seen.first, seen.last)
        text = value if isinstance(value, str) else f"{value:g}"
        return what, text, is_own, got.flares, got.exposed, got.expected, got.p

    def of(lens: str, days_tau: float) -> tuple[np.ndarray, np.ndarray]:
        return found.high[lens, days_tau], np.isfinite(found.ratio[lens, days_tau])

    main = of("B", tau)
    rows = [row("lag_days", n, n == lag, main, n) for n in sorted({*LAGS, lag})]
    rows += [row("tau_days", n, n == tau, of("B", n)) for n in sorted({*TAUS, tau})]
    rows += [
        row("exponent", n, n == own, main if n == own else _other_exponent(days, runs, settings, n))
        for n in sorted({*EXPONENTS, own})
    ]
    rows += [row("lens", lens, lens == "B", of(lens, tau)) for lens in ("A", "B", "C")]
    return pl.DataFrame(rows, schema=SENSITIVITY_SCHEMA, orient="row")


def _other_exponent(
    days: pl.DataFrame, runs: pl.DataFrame, settings: ModelSettings, exponent: float
) -> tuple[np.ndarray, np.ndarray]:
    """Days in windows, and known days, at another exponent; from the mean step of each run, without the seconds."""
    step = pl.col("w_111") * pl.col("x_shoe") / pl.col("steps")
    load = by_day(runs, days, [pl.col("steps") * step.pow(exponent / settings.exponent)])[0]
    other = adapt_load(load, days_run(days), settings)
    return in_windows(other.high, settings), np.isfinite(other.held_ratio)
