"""What the Method page says of each formula: built from the numbers the model itself uses."""

from __future__ import annotations

from connectors.plural import percent
from dashboard.model import adaptation, outpaced_windows
from dashboard.model.load.factor import load_factors
from dashboard.model.settings import DESIGN, EXTRAPOLATED, SETTINGS, ModelSettings
from dashboard.settings import later_formulas
from dashboard.settings.later_formulas import CERTAINTY, Formula

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


def list_formulas(settings: ModelSettings, cadence_elasticity: float | None = None) -> list[Formula]:
    """List the steps from a second of running to an outpaced window.

    Numbers are read from the model, so that this page cannot say anything else than what is computed.
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
            f"{later_formulas.of_pace(settings, cadence_elasticity)}",
        ),
        Formula(
            "Lens A, a second opinion",
            "Σ km × weighted impulse of speed and slope × cadence × shoe × surface; no exponent",
            CERTAINTY[EXTRAPOLATED],
            "Van Hooren 2024 (doi:10.1111/sms.14570), values seen in a transcription",
        ),
        Formula(
            "Lens C, fatigue of tendon samples in the laboratory",
            f"as lens B with b = {settings.vitro_exponent:g}; shown for comparison only",
            CERTAINTY[EXTRAPOLATED],
            "Schechtman and Bader 1997 (pubmed 9239568); living tendon repairs itself",
        ),
        Formula(
            "A run without second-by-second data",
            "from its distance, time and climb, with a low and a high estimate; drawn as estimated",
            design,
            "fitted to your own runs that have both, where there are at least ten",
        ),
        *_window_formulas(settings),
    ]


def _window_formulas(settings: ModelSettings) -> list[Formula]:
    """From the load of days to an outpaced window."""
    design = CERTAINTY[DESIGN]
    return [
        Formula(
            "Acute load",
            f"mean of the last {adaptation.WEEK} days, where at least {adaptation.NEEDED_OF_WEEK} are known",
            design,
            "a rolling week holds one of each weekday",
        ),
        Formula(
            "Habitual load",
            f"each day 1 − e^(−1/{settings.tau_days:g}) of the way towards the acute load; starts from the first "
            f"{adaptation.SEED_DAYS} days; never below "
            f"{percent(adaptation.FLOOR_SHARE)} of your median week",
            design,
            "stands in for what the tendon has adapted to, which no watch measures; "
            f"{settings.tau_days:g} days lie between 30 (Frandsen 2025) and 12 weeks (Bohm 2015, PMC4532714)",
        ),
        Formula(
            "Ratio",
            f"acute load over the habitual load of {adaptation.WEEK} days before; not shown in the first "
            f"{adaptation.HIDDEN_DAYS} days",
            design,
            "not a validated risk score; ratios of this kind did not point the expected way in Frandsen 2025 "
            "(PMID 40623829)",
        ),
        *later_formulas.of_states(settings),
        Formula(
            "Outpaced window",
            f"load over what it is held against at or above T on {settings.outpaced_days:g} of 7 days, joined across "
            f"gaps of up to {outpaced_windows.JOIN_GAP} days; robust when lens A says so too",
            design,
            "no threshold is validated",
        ),
        *later_formulas.of_channels(settings),
        *later_formulas.of_runs(),
        *later_formulas.of_care(),
    ]


def factor_rows() -> list[dict[str, str]]:
    """List the load factors as the model holds them.

    Read from the folder of factors.
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
        for one in load_factors()
    ]


def setting_rows(settings: ModelSettings) -> list[dict[str, str]]:
    """List every number of the model that could be set otherwise.

    Read from the model's own list.
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
