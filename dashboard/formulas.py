"""What the Method page says of each formula: built from the numbers the model itself uses."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.model import adaptation, running_state, windows
from dashboard.model.factors import speed
from dashboard.model.settings import DESIGN, EXTRAPOLATED, MEASURED, SETTINGS, ModelSettings
from dashboard.model.shelf import factors

CERTAINTY = {
    MEASURED: "measured",
    EXTRAPOLATED: "extrapolated",
    DESIGN: "design choice",
}
"""The model's grades as a reader sees them."""

NOT_KNOWN = (
    (
        "How much force your own tendon carries.",
        "Studies differ two-fold in absolute force, so only relative load is shown.",
    ),
    (
        "How fast a tendon adapts, and whether running changes it at all.",
        "Habit is bookkeeping, not biology.",
    ),
    (
        "Whether hills matter as much as assumed.",
        "One laboratory saw nearly no effect on the calf at +10 %, another a third more load at 6°. Downhill "
        "unloads the tendon in the model, while many clinicians name it as a trigger; the picture shows "
        "climb and descent apart.",
    ),
    (
        "What a drop, a plate or a soft sole does to you.",
        "The numbers for shoes rest on very few people.",
    ),
    (
        "How the factors act together.",
        "They are multiplied because nobody measured them at once.",
    ),
    (
        "What else was going on: sleep, stress, work on your feet, strength, the season.",
        "Symptoms have many causes, and none of these is in the data.",
    ),
)
"""What no data here can say: in short, as the report has it, and the rest, as the Method page adds it."""


@dataclass(frozen=True)
class Formula:
    """One step of the model.

    Parameters
    ----------
    title
        What it gives.
    formula
        How, with the numbers in use.
    certainty
        A value of `CERTAINTY`.
    source
        Where it comes from.
    """

    title: str
    formula: str
    certainty: str
    source: str


def formulas(settings: ModelSettings, cadence_elasticity: float | None = None) -> list[Formula]:
    """List the steps from a second of running to an outpaced window.

    Parameters
    ----------
    settings : ModelSettings
        The numbers in use for this runner.
    cadence_elasticity : float or None
        By which share the runner's own step rate rises with speed; None not known: nothing is then said of pace.

    Returns
    -------
    list of Formula
        In the order they are computed.

    Source
    ------
    ours: numbers are read from the model, so that this page cannot say anything else than what is computed.
    """
    b = settings.exponent
    design = CERTAINTY[DESIGN]
    return [
        Formula(
            "Relative force of a step, F/F₀",
            "speed × slope × cadence × shoe × surface, each 1 for your own easy flat running; see the factors below",
            CERTAINTY[EXTRAPOLATED],
            "each factor is measured alone in its study; that they multiply is our assumption",
        ),
        Formula(
            "Tendon load of a run (lens B, the one in use)",
            f"Σ steps of one leg × (F/F₀)^{b:g}, over the same sum for 1 km of your easy flat running: tkm",
            design,
            f"b = {b:g}; the range with support is 2 to 4, from how outcomes of other tendons rise with load"
            f"{_pace(settings, cadence_elasticity)}",
        ),
        Formula(
            "Lens A, a second opinion",
            "Σ km × weighted impulse of speed and slope × cadence × shoe × surface; no exponent",
            CERTAINTY[EXTRAPOLATED],
            "Van Hooren 2024 (doi:10.1111/sms.14570), values seen in a transcription",
        ),
        Formula(
            "Lens C, how dead tendon tires",
            f"as lens B with b = {settings.vitro_exponent:g}; shown for comparison only",
            CERTAINTY[EXTRAPOLATED],
            "Schechtman and Bader 1997 (pubmed 9239568); living tendon repairs itself",
        ),
        Formula(
            "A run without second-by-second data",
            "from its distance, time and climb, with a low and a high estimate; drawn as estimated",
            design,
            "ours: fitted to your own runs that have both, where there are at least ten",
        ),
        *_window_formulas(settings),
    ]


def _window_formulas(settings: ModelSettings) -> list[Formula]:
    """From the load of days to an outpaced window."""
    design = CERTAINTY[DESIGN]
    bands = ", ".join(f"{name} above ×{least:g}" for name, least in reversed(windows.SPIKE_BANDS))
    return [
        Formula(
            "Acute load",
            f"mean of the last {adaptation.WEEK} days, where at least {adaptation.NEEDED_OF_WEEK} are known",
            design,
            "ours: a rolling week holds one of each weekday",
        ),
        Formula(
            "Habitual load",
            f"each day 1 − e^(−1/{settings.tau_days:g}) of the way towards the acute load; starts from the first "
            f"{adaptation.SEED_DAYS} days; never below "
            f"{adaptation.FLOOR:.0%} of your median week",
            design,
            "ours: stands in for what the tendon has adapted to, which no watch measures; "
            f"{settings.tau_days:g} days lie between 30 (Frandsen 2025) and 12 weeks (Bohm 2015, PMC4532714)",
        ),
        Formula(
            "Ratio",
            f"acute load over the habitual load of {adaptation.WEEK} days before; not shown in the first "
            f"{adaptation.HIDDEN_DAYS} days",
            design,
            "ours: not a validated risk score; ratios of this kind did not point the expected way in Frandsen 2025 "
            "(PMID 40623829)",
        ),
        *_states(settings),
        Formula(
            "Outpaced window",
            f"load over what it is held against at or above T on {settings.outpaced_days:g} of 7 days, joined across "
            f"gaps of up to {windows.JOIN_GAP} days; robust when lens A says so too",
            design,
            "ours: no threshold is validated",
        ),
        *_channels(settings),
        Formula(
            "Session spike",
            f"distance of a run over the longest of the {windows.LOOK_BACK_DAYS} days before: {bands}",
            CERTAINTY[MEASURED],
            "Frandsen 2025 (PMID 40623829, PMC12421110), 5,205 runners: all overuse injuries, not the Achilles alone; "
            "within 10 % is the reference group of the study, not a safe side",
        ),
        Formula(
            "First run after a break",
            f"a run with none in the {windows.LOOK_BACK_DAYS} days before, all of which are known: a mark with the "
            f"days "
            "since, never an exposure of a test",
            design,
            "ours: there is no run to compare it with",
        ),
    ]


FASTER_MORE = "; at your own step rate a faster kilometre counts more wherever a lies in its range"
FASTER_OPEN = (
    "; whether a faster kilometre counts more than a slow one is open: it would where b is above b* = (1 − κ) ÷ a, "
    "which "
    "at your own step rate is {low:.1f} to {high:.1f}"
)


def _pace(settings: ModelSettings, cadence_elasticity: float | None) -> str:
    """Say whether faster kilometres count more, only where the whole range of a says so."""
    if cadence_elasticity is None:
        return ""
    if speed.faster_counts_more(settings, cadence_elasticity):
        return FASTER_MORE
    high, low = (speed.pace_neutral_exponent(a, cadence_elasticity) for a in speed.EXPONENT_RANGE)
    return FASTER_OPEN.format(low=low, high=high)


def _states(settings: ModelSettings) -> list[Formula]:
    """Threshold, states and the line back."""
    design, s = CERTAINTY[DESIGN], settings
    return [
        Formula(
            "Your own threshold, T",
            f"T = max({s.outpaced_ratio:g}, {s.outpaced_quantile:.0%} quantile of the ratios of the "
            f"{adaptation.YEAR} days "
            f"before), from {adaptation.NEEDED_OF_YEAR} days that count on; irregular days and those on the way "
            f"back do "
            "not count",
            design,
            "ours: tried out on nine real records; the band of the Timeline is habit ÷ T to habit × T",
        ),
        Formula(
            "State of the record",
            f"new: the first {running_state.WEEKS} weeks. Irregular: runs in fewer than {s.regular_share:.0%} of "
            f"the known "
            f"weeks of the last {running_state.WEEKS} (at least {running_state.NEEDED_WEEKS} known): no window. On "
            f"a break: "
            f"from {s.break_days:g} known days on with acute load below {s.break_share:g} of habit. Else ordinary",
            design,
            "ours: habit means something only where running was regular",
        ),
        Formula(
            "On the way back: the line back",
            f"rises straight from {s.break_share:g} of the old level (mean of the 12 weeks that end a week before "
            f"the break) "
            f"to all of it, in as many days as the break lasted, {s.line_least_days:g} to {s.line_most_days:g}; "
            f"load is held "
            f"against the larger of habit and line; ends when habit reaches {s.way_back_share:g} of the level, or "
            f"{s.way_back_tail_days:g} days after the line has risen",
            design,
            "ours: no study says how fast a tendon comes back",
        ),
    ]


def _channels(settings: ModelSettings) -> list[Formula]:
    """Step-ups and the link."""
    s = settings
    return [
        Formula(
            "Step-up of a channel",
            f"the week at least {s.step_up_z:g} of your own spreads beyond your eight weeks before, above "
            f"{s.step_up_share:.0%} of the last year, and enough to matter, on {s.step_up_days:g} of 7 days, joined "
            f"across "
            f"gaps of up to {s.step_up_join_days:g} days",
            CERTAINTY[DESIGN],
            "ours: it describes; a guardrail is a limit that a person sets, and their numbers differ",
        ),
        Formula(
            "Whether load comes first",
            f"share of flares with an outpaced day in the {s.lag_days:g} days before, against the same with the "
            f"dates of "
            "flares moved round the record; asked from max(3, ⌈ln 0.05 ÷ ln p₀⌉) flares on, p₀ the share of all "
            "days with "
            "such a day before them; below 40 flares a null result shows and rules out nothing",
            CERTAINTY[DESIGN],
            "ours: the same for each channel, p from the largest under the same shift",
        ),
    ]


def factor_rows() -> list[dict[str, str]]:
    """List the load factors as the model holds them.

    Returns
    -------
    list of dict
        Factor, what the value is, its formula, its main number with range, certainty, source.

    Source
    ------
    ours: read from the folder of factors.
    """
    return [
        {
            "Factor": one.title,
            "What it is": one.unit,
            "Formula": one.formula,
            "Range": f"{one.default:g}, sources leave {one.low:g} to {one.high:g}"
            if one.low != one.high
            else "",
            "Certainty": CERTAINTY[one.evidence],
            "Source": one.source,
        }
        for one in factors()
    ]


def setting_rows(settings: ModelSettings) -> list[dict[str, str]]:
    """List every number of the model that could be set otherwise.

    Parameters
    ----------
    settings : ModelSettings
        The numbers in use for this runner.

    Returns
    -------
    list of dict
        Number, value in use, range, certainty, source.

    Source
    ------
    ours: read from the model's own list.
    """
    return [
        {
            "Number": one.title,
            "In use": f"{getattr(settings, one.name):g}",
            "Range": f"{one.low:g} to {one.high:g}",
            "Unit": one.unit,
            "Certainty": CERTAINTY[one.evidence],
            "Source": one.source,
        }
        for one in SETTINGS
    ]
