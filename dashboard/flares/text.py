"""Names and sentences on flares: how one was found, whether load came before it, and how sure that is."""

from __future__ import annotations

from connectors.plural import percent
from dashboard.flares.lead_text import HARDLY
from dashboard.model.settings import ModelSettings
from dashboard.shared import state_text

DRIVER_NAMES = {
    "volume": "Volume",
    "speed": "Speed",
    "hills": "Hills",
    "climb": "Climb",
    "descent": "Descent",
    "cadence": "Cadence",
    "shoe": "Shoe or treadmill",
}
LENSES = {"A": "Lens A", "B": "Lens B", "C": "Lens C"}
CHANGES_EXPLAINED = (
    "Grey: your usual in the eight weeks before. The further a dot lies from it, the more unusual; 3 × is three times "
    "the usual spread of your own weeks."
)
LENSES_EXPLAINED = (
    "A lens is one way to estimate load: lens A counts km and bounds each multiplier; lens B counts steps weighted by "
    "force, and is the one shown everywhere; lens C takes the exponent of the laboratory. Both ways agree where lens A "
    "and lens B do at your own setting."
)
FLARE_KINDS = {
    "easy": "Easy",
    "long": "Long",
    "fast": "Fast",
    "hilly": "Hilly",
    "new_shoe": "New shoe",
    "rehab": "Exercises, no run",
    "rest": "No run",
}


RULE_NAMES = {
    "score_up": "a score at least {flare_pain_rise:g} above your usual on two of three days",
    "score_high": "a score above {flare_pain_high:g} of 10",
    "stiffness_up": (
        "morning stiffness at least {flare_stiffness_rise_min:g} min and {share} above your usual on two of "
        "three days"
    ),
    "by_person": "dated by hand; the rule did not find it",
}
ONSET_BY = "Why this counts as a flare: {rules}."
ONGOING = "No log entries up to {day} show when it ended."
HIGHEST = "At its worst: {parts}."
FELT = {
    "morning_stiffness_0_10": "stiffness {value:g} of 10",
    "morning_stiffness_min": "stiffness for {value}",
    "morning_pain_0_10": "pain in the morning {value:g}",
    "pain_start_0_10": "pain at the start of a run {value:g}",
    "pain_during_0_10": "pain during a run {value:g}",
    "pain_after_0_10": "pain after a run {value:g}",
}

CAME_ROBUST = (
    "In the {days} days before, the estimated total load rose above what you were used to, {most} of it. "
    "Both ways to estimate it agree."
)
CAME_ASSUMED = (
    "In the {days} days before, the estimated total load rose above what you were used to, {most} of it; "
    "the two ways to estimate it disagree on that."
)
CALM_ROBUST = (
    "Estimated total load {how} in the {days} days before: {most} of what you were used to. Both ways to estimate it "
    "agree."
)
CALM_ASSUMED = (
    "Estimated total load {how} in the {days} days before: {most} of what you were used to, "
    "but the other way to estimate it says it rose above that."
)
HOW_CALM = ("did not rise", "hardly changed", "rose, but stayed below your own threshold,")
BEFORE_UNKNOWN = (
    "Whether load rose above what you were used to in the {days} days before is not known: too few of them have a "
    "known load."
)
LEADING = "The rise came mostly from {name}; both ways to estimate it agree."
LEADING_ASSUMED = "What the rise mostly came from depends on the way to estimate it: {parts}."
LEADING_NONE = "none"

DESCENT = (
    "Descent stands apart because views differ: clinicians name downhill running as a trigger, while laboratory models "
    "see less load on the Achilles downhill. The load here follows the laboratory."
)
SPIKE_BEFORE = "A run of {distance} on {day} was ×{ratio:.2f} the longest of the 30 days before it."


def rules_in_words(rule: str, settings: ModelSettings) -> str:
    """Describe by which parts of the rule a flare was found."""
    numbers = vars(settings) | {"share": percent(settings.flare_stiffness_share)}
    return ONSET_BY.format(rules="; ".join(RULE_NAMES[part].format(**numbers) for part in rule.split()))


def before_in_words(holds: bool | None, robust: bool | None, value: float | None, days: int) -> str:
    """Describe whether load outpaced habit in the days before, and how sure that is.

    Robust only where lens A and lens B agree.
    """
    if holds is None or value is None:
        return BEFORE_UNKNOWN.format(days=days)
    sure, unsure = (CAME_ROBUST, CAME_ASSUMED) if holds else (CALM_ROBUST, CALM_ASSUMED)
    how = HOW_CALM[(value >= 1) + (value > HARDLY)]
    return (sure if robust else unsure).format(days=days, most=state_text.at_most(value), how=how)
