"""The formulas of states, thresholds, step-ups, the link and single runs, as the Method page shows them."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.plural import percent
from dashboard.model import adaptation, day_pattern, outpaced_windows, pain_rule, running_state
from dashboard.model.load.factors import speed
from dashboard.model.settings import DESIGN, EXTRAPOLATED, MEASURED, ModelSettings
from dashboard.strength import criteria

CERTAINTY = {
    MEASURED: "measured",
    EXTRAPOLATED: "extrapolated",
    DESIGN: "design choice",
}
"""The model's grades as a reader sees them."""


@dataclass(frozen=True)
class Formula:
    """One step of the model."""

    title: str
    formula: str
    certainty: str
    source: str


FASTER_MORE = "; at your own step rate a faster kilometre counts more wherever a lies in its range"
FASTER_OPEN = (
    "; whether a faster kilometre counts more than a slow one is open: it would where b is above b* = (1 − κ) ÷ a, "
    "which "
    "at your own step rate is {low:.1f} to {high:.1f}"
)


def of_pace(settings: ModelSettings, cadence_elasticity: float | None) -> str:
    """Describe whether faster kilometres count more, only where the whole range of a says so."""
    if cadence_elasticity is None:
        return ""
    if speed.faster_counts_more(settings, cadence_elasticity):
        return FASTER_MORE
    high, low = (speed.pace_neutral_exponent(a, cadence_elasticity) for a in speed.EXPONENT_RANGE)
    return FASTER_OPEN.format(low=low, high=high)


def of_states(settings: ModelSettings) -> list[Formula]:
    """List threshold, states and the line back."""
    design, s = CERTAINTY[DESIGN], settings
    return [
        Formula(
            "Your own threshold, T",
            f"T = max({s.outpaced_ratio:g}, {percent(s.outpaced_quantile)} quantile of the ratios of the "
            f"{adaptation.YEAR_DAYS} days "
            f"before), from {adaptation.NEEDED_OF_YEAR} days that count on; irregular days and those on the way "
            f"back do "
            "not count",
            design,
            "tried out on nine real records; the band of the Timeline is habit ÷ T to habit × T",
        ),
        Formula(
            "State of the record",
            f"new: the first {running_state.WEEKS} weeks. Irregular: runs in fewer than {percent(s.regular_share)} of "
            f"the known "
            f"weeks of the last {running_state.WEEKS} (at least {running_state.NEEDED_WEEKS} known): no window. On "
            f"a break: "
            f"from {s.break_days:g} known days on with acute load below {s.break_share:g} of habit. Else ordinary",
            design,
            "habit means something only where running was regular",
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
            "no study says how fast a tendon comes back",
        ),
    ]


def of_channels(settings: ModelSettings) -> list[Formula]:
    """List step-ups and the link."""
    s = settings
    return [
        Formula(
            "Step-up of a channel",
            f"the week at least {s.step_up_z:g} of your own spreads beyond your eight weeks before, above "
            f"{percent(s.step_up_share)} of the last year, and enough to matter, on {s.step_up_days:g} of 7 days, "
            f"joined across gaps of up to {s.step_up_join_days:g} days; your own spread is that of the eight weeks, "
            "and, in equal parts, what such a spread usually was in the year before",
            CERTAINTY[DESIGN],
            "the moderated spread after Smyth 2004; it describes, a guardrail is a limit that a person sets, and their "
            "numbers differ",
        ),
        Formula(
            "Whether load comes first",
            f"share of flares with an outpaced day in the {s.lag_days:g} days before, against the same with the "
            f"dates of "
            "flares moved round the record; asked from max(3, ⌈ln 0.05 ÷ ln p₀⌉) flares on, p₀ the share of all "
            "days with "
            "such a day before them; below 40 flares a null result shows and rules out nothing",
            CERTAINTY[DESIGN],
            "the same for each channel, p from the largest under the same shift",
        ),
    ]


def of_runs() -> list[Formula]:
    """List what is told of single runs."""
    design = CERTAINTY[DESIGN]
    bands = ", ".join(f"{name} above ×{least:g}" for name, least in reversed(outpaced_windows.SPIKE_BANDS))
    return [
        Formula(
            "Session spike",
            f"distance of a run over the longest of the {outpaced_windows.LOOK_BACK_DAYS} days before: {bands}",
            CERTAINTY[MEASURED],
            "Frandsen 2025 (PMID 40623829, PMC12421110), 5,205 runners: all overuse injuries, not the Achilles alone; "
            "within 10 % is the reference group of the study, not an all-clear",
        ),
        Formula(
            "First run after a break",
            f"a run with none in the {outpaced_windows.LOOK_BACK_DAYS} days before, all of which are "
            "known: a mark with the "
            f"days "
            "since, never an exposure of a test",
            design,
            "there is no run to compare it with",
        ),
    ]


def of_care() -> list[Formula]:
    """List what is read from the log for a physical therapist."""
    design = CERTAINTY[DESIGN]
    return [
        Formula(
            "24-hour pattern",
            f"now: the median of what was logged in the last {day_pattern.NOW_DAYS} days, for each moment of the day; "
            f"most: the largest since the onset; settled: on run days of the last {day_pattern.SETTLING_DAYS} days, "
            f"the next morning no higher than the morning of the run, or at most {pain_rule.SETTLED:g} of 10; what was "
            "not logged counts as neither",
            design,
            "the rule of the next morning: Silbernagel 2007, Am J Sports Med 35:897; days and limits: custom",
        ),
        Formula(
            "To move on in a programme",
            f"pain during sets at most {criteria.MOST_PAIN:g} of 10, settled by the next morning, no rise on the week "
            f"before, {percent(criteria.DONE_SHARE)} of the planned sets; before hops also {criteria.HEEL_RISES} heel "
            "rises, "
            f"{percent(criteria.SYMMETRY)} of the other leg, pain on hopping at most {criteria.HOP_PAIN:g} of 10",
            design,
            f"{criteria.SILBERNAGEL_2007}; {criteria.SILBERNAGEL_2020}; shares and pain on hopping: custom",
        ),
    ]
