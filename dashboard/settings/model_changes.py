"""What model 3 does otherwise than model 2, why, and how sure that is: for the Method page."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.model.settings import DESIGN, EXTRAPOLATED, MEASURED
from dashboard.settings.later_formulas import CERTAINTY

TITLE = "Model 3: what is different"


@dataclass(frozen=True)
class ModelChange:
    """One thing that changed."""

    title: str
    was: str
    now: str
    why: str
    certainty: str
    source: str


CHANGES = (
    ModelChange(
        "Habit",
        "C ← C + (1 − e^(−1/τ)) · (min(A, 1.5 · C) − C): a rise counted for at most half as much again, a fall in "
        "full.",
        "C ← C + (1 − e^(−1/τ)) · (A − C): rises and falls alike.",
        "Habit sat too low. Two 10-km runs in every second week are 1.45 km a day; model 2 made 1.07 of it, model 3 "
        "makes 1.43.",
        CERTAINTY[DESIGN],
        "a first-order response, no time constant is fitted to one runner",
    ),
    ModelChange(
        "Threshold of a window",
        "R ≥ 1.3 on 3 of 7 days, for everybody.",
        "R ≥ T on 3 of 7 days. T is the larger of 1.3 and the level that 85 % of your last year stayed below, from 90 "
        "days that count.",
        "1.3 is no one's own threshold. On five real records model 2 marked 15 to 51 % of days; the threshold of the "
        "runner's own year marks 10 to 19 %, and keeps 43 of 48 planted rises that a flare followed.",
        CERTAINTY[DESIGN],
        "no threshold on such a ratio is validated (Impellizzeri 2020)",
    ),
    ModelChange(
        "States of the record",
        "None: every day was held against habit.",
        "New in the first 12 weeks; irregular below a run in two thirds of the known weeks of twelve, and then no "
        "window; "
        "on a break from 14 days below 0.3 of habit; afterwards on the way back.",
        "Habit means something only where running was regular.",
        CERTAINTY[DESIGN],
        "tried out on nine real records",
    ),
    ModelChange(
        "Way back from a break",
        "Load was held against a habit that the break had emptied: up to ×9.7.",
        "Load is held against the larger of habit and a line that rises straight from 0.3 of the old level to all "
        "of it, "
        "in as many days as the break lasted, 28 at least and 70 at most.",
        "What was usual before is not forgotten at once; how fast a tendon loses and regains it has not been measured "
        "in runners.",
        CERTAINTY[DESIGN],
        "design choice",
    ),
    ModelChange(
        "Step-ups, channel by channel",
        "The load as a whole was said first; a change of shoes or of track work could stay inside its range.",
        "Each channel is held against your own eight weeks before: at least 2 spreads out, above 90 % of the last "
        "year, "
        "enough to matter, on 3 of 7 days. The channels furthest out are said first, then the load as a whole.",
        "The load says how much, rarely; the channels say what changed. A step-up describes; a guardrail is a limit "
        "that a person sets. Their numbers differ, on purpose.",
        CERTAINTY[DESIGN],
        "tried out on nine real records: 4 to 16 step-ups a year of running",
    ),
    ModelChange(
        "Whether load comes first",
        "Asked of the 14 days before a flare, from 3 flares on.",
        "Asked of the 7 days before; 14, 21 and 28 stand beside it. From max(3, ⌈ln 0.05 ÷ ln p₀⌉) flares on, p₀ being "
        "the share of days on which such a window lies in the 7 days before anyway; the same for each channel.",
        "The more often windows come, the more flares follow one by chance. Below 40 flares a null result says that "
        "no link can be shown or ruled out.",
        CERTAINTY[DESIGN],
        "dates of flares moved round the record, the largest of all channels under the same shift",
    ),
    ModelChange(
        "Hills",
        "Lens B read the plain impulse as peak: ×0.738, ×0.836, ×1.175, ×1.392 at −6°, −3°, +3°, +6°.",
        "It reads the weighted impulse: ×0.653, ×0.809, ×1.229, ×1.462; the plain one is the low variant.",
        "An impulse is a mean over the step; in the weighted one a step counts by its size, so it stands nearer to "
        "a peak.",
        CERTAINTY[EXTRAPOLATED],
        "Van Hooren 2024 (doi:10.1111/sms.14570), seen in a transcription",
    ),
    ModelChange(
        "Speed",
        "Force rose with speed to the power 0.40, from 0.25 to 0.50.",
        "To the power 0.37, from 0.20 to 0.45. A kilometre loads the same at any speed at b* = (1 − κ) ÷ a, with "
        "your own "
        "change of step rate κ; that faster kilometres count more is said only where b lies above b* at both ends.",
        "Newer readings of the studies. The reason for b = 3 is now that 2 to 4 is the range with support.",
        CERTAINTY[EXTRAPOLATED],
        "Reiter 2024 (PMC11096059) 0.40; Starbuck 2021 0.34; others 0.21 to 0.25",
    ),
    ModelChange(
        "Walking",
        "4.49 body weights, from 3.1 to 5.9.",
        "4.49 body weights, from 4.2 to 6.7: 0.49 to 0.78 of a running step. There is no factor for tiring within a "
        "run, "
        "plates, sand or stairs: none is measured.",
        "The range is that of the ratio in the studies.",
        CERTAINTY[MEASURED],
        "Reiter 2024 (PMC11096059), 1.34 m/s",
    ),
    ModelChange(
        "First run after a break",
        "Left out: there was no run to compare it with.",
        "A run with none in the 30 days before has a mark of its own, with the days since; it is never an exposure "
        "of a "
        "test.",
        "A first run is worth seeing. Runs within 10 % of the longest of 30 days are the reference group of the study, "
        "not an all-clear.",
        CERTAINTY[MEASURED],
        "Frandsen 2025 (PMID 40623829), injuries of all kinds",
    ),
    ModelChange(
        "Scales, tests and programmes",
        "TENDINS-A 12 counted as beyond measurement error.",
        "TENDINS-A: 12 is important on average, 18 is beyond measurement error. Heel rises: beyond error from 7. "
        "Short heavy "
        "holds stand beside long ones. That isometric, slow heavy and plyometric work follow in this order is "
        "consensus, "
        "untested.",
        "The standard error of TENDINS-A is 6.54. Grades of the guideline: A loading, B no complete rest, E three "
        "times "
        "a week or more.",
        CERTAINTY[MEASURED],
        "Murphy 2024 (TENDINS-A); Hébert-Losier 2017 (heel rises); JOSPT 2024 (doi:10.2519/jospt.2024.0302)",
    ),
)

NOT_DONE = (
    "No index that fuses what is found, no number of the model fitted to one runner, and no forecast. Hours of tiring, "
    "sleep and work on your feet are not in it."
)
