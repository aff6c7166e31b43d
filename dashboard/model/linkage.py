"""Whether load usually ran high before this runner's flares, against the same runner's other days."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil, log

import numpy as np
import polars as pl

from connectors.plural import percent
from dashboard.model.adaptation import adapt_load, days_run
from dashboard.model.calendar_shifts import (
    ShiftSpan,
    ShiftTest,
    channel_test,
    control_share,
    exposed_days,
    shift_span,
    shift_test,
)
from dashboard.model.day_table import by_day, day_numbers
from dashboard.model.outpaced_windows import distance_spikes
from dashboard.model.robustness import TAUS, LensRatios, in_windows
from dashboard.model.settings import ModelSettings
from dashboard.model.step_ups import StepUps, is_leading

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
    "In the {lag} days before {exposed} of {flares} flares, the estimated total load rose above what you were used to; "
    "by chance about {expected:.1f} would be expected."
)
MORE_FLARES = " That is more often than shifted dates give ({p})."
NO_MORE_FLARES = " Shifted dates give as much often enough, so no link is shown ({p})."
NEITHER = " Shifted dates give as much often enough: no link can be shown or ruled out ({p})."
FEW_FLARES = "With your record, {needed} flares would be needed; you have {flares}."
ALWAYS_HIGH = (
    "Total load rose above what you were used to before {share} of your days, so no number of flares could show a "
    "link."
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
        As in `calendar_shifts.ShiftTest`, for outpaced windows in the days before.
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
    ratios: LensRatios,
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
    ratios : LensRatios
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
    lag, own = int(settings.lag_days), ("B", ratios.own_tau)
    onsets = day_numbers(flares["onset"]) - ratios.first
    high, known = ratios.high[own], np.isfinite(ratios.ratio[own])
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
    exposed_controls, controls = control_share(before, flares, ratios.first, lag)
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
        spikes=shift_test(_with_spikes(days, spikes, ratios.first, lag), onsets, seen.first, seen.last),
        sensitivity=_sensitivity(onsets, days, runs, ratios, settings, seen),
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
    needs = []
    share = base_rate or 0.0
    needed = needed_flares(share)
    if needed is None:
        needs.append(ALWAYS_HIGH.format(share=percent(share)))
    elif flares < needed:
        needs.append(FEW_FLARES.format(needed=needed, flares=flares or "none"))
    if seen.days < NEEDED_DAYS:
        needs.append(
            f"{NEEDED_DAYS} days with both load and diary are needed; "
            f"there {'is' if seen.days == 1 else 'are'} {seen.days or 'none'}."
        )
    if seen.logged < NEEDED_LOGGED:
        needs.append(f"An entry on at least half of the days is needed; {percent(seen.logged)} have one.")
    return needs


def _sensitivity(
    onsets: np.ndarray,
    days: pl.DataFrame,
    runs: pl.DataFrame,
    ratios: LensRatios,
    settings: ModelSettings,
    seen: ShiftSpan,
) -> pl.DataFrame:
    """Ask again with one assumption changed at a time."""
    lag, tau, own = int(settings.lag_days), ratios.own_tau, settings.exponent

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
        return ratios.high[lens, days_tau], np.isfinite(ratios.ratio[lens, days_tau])

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
