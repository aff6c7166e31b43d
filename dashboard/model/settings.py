"""What can be set in the model: default, range, evidence and source of each number."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from connectors.errors import HeelwiseError

MODEL_VERSION = "3"
"""Goes up when the same input gives other numbers."""

MEASURED = "measured or modelled in a study"
EXTRAPOLATED = "extrapolated or derived"
DESIGN = "design choice, no direct evidence"
EVIDENCE = (MEASURED, EXTRAPOLATED, DESIGN)


@dataclass(frozen=True)
class Setting:
    """One number of the model that may be changed.

    Parameters
    ----------
    name
        Field of `ModelSettings`, and the key in the store.
    title
        What a reader calls it.
    unit
        Unit, or "no unit".
    low, high
        Range it may be set to, inclusive.
    evidence
        One of `LADDER_EVIDENCE`.
    source
        Where the default and range come from.
    """

    name: str
    title: str
    unit: str
    low: float
    high: float
    evidence: str
    source: str


SETTINGS = (
    Setting("exponent", "Weight of hard steps over easy ones (b)", "no unit", 1, 9, DESIGN,
            "the middle of the range with support, 2 to 4: outcome slopes of other tendons; 1 and 9 are lenses"),
    Setting("vitro_exponent", "The same exponent in lens C", "no unit", 4.7, 9.3, EXTRAPOLATED,
            "Schechtman and Bader 1997 (pubmed 9239568), tendon samples in the laboratory at 30-60 % of strength"),
    Setting("tau_days", "Days in which what you are used to follows load", "d", 28, 60, DESIGN,
            "between the 30 days of Frandsen 2025 and the 12 weeks of Bohm 2015"),
    Setting("outpaced_ratio", "Least ratio from which load counts as above that", "no unit", 1.05, 3, DESIGN,
            "no threshold is validated; the runner's own year may ask for more"),
    Setting("outpaced_quantile", "Share of the runner's own year below the threshold", "no unit", 0.8, 0.95, DESIGN,
            "tried out on nine real exports and planted rises: 0.80 marks up to a fifth of days, 0.90 misses more"),
    Setting("outpaced_days", "Days of seven at that ratio", "d", 1, 7, DESIGN, 
            "one day is not a window"),
    Setting("regular_share", "Share of the last 12 weeks with a run from which running is regular", "no unit", 0.5, 0.9,
            DESIGN, "below it, what a runner is used to has no meaning: tried out on nine real exports"),
    Setting("break_share", "Share of what you are used to below which a break begins", "no unit", 0.1, 0.5, DESIGN,
            "a week of a third is still running"),
    Setting("break_days", "Days from which little running is a break", "d", 7, 28, DESIGN,
            "a week of holiday is none"),
    Setting("line_least_days", "Days in which the way back rises, at least", "d", 14, 42, DESIGN,
            "no study says how fast a tendon comes back"),
    Setting("line_most_days", "Days in which the way back rises, at most", "d", 42, 112, DESIGN,
            "no study says how fast a tendon comes back"),
    Setting("way_back_share", "Share of the old level at which the way back ends", "no unit", 0.6, 1, DESIGN,
            "what you are used to has then caught up with what was usual"),
    Setting("way_back_tail_days", "Days after the line has risen in which the way back ends", "d", 28, 84, DESIGN,
            "an old level is not waited for without end"),
    Setting("fast_over_easy", "Fast, over easy speed", "no unit", 1.02, 2, DESIGN, "design choice"),
    Setting("speed_exponent", "Force per step with speed", "no unit", 0.2, 0.45, EXTRAPOLATED,
            "between Reiter 2024 (PMC11096059), 0.40, and Starbuck 2021, 0.34; others give 0.21 to 0.25"),
    Setting("hill_strength", "Share of the published effect of slope", "no unit", 0, 1.25, EXTRAPOLATED,
            "Van Hooren 2024 (doi:10.1111/sms.14570) is 1; Lichtwark and Wilson 2006 saw nearly none"),
    Setting("cadence_strength", "Share of the published effect of cadence", "no unit", 0, 2, EXTRAPOLATED,
            "Van Hooren 2024 (doi:10.1111/sms.14570); sign as Lyght 2016 (doi:10.1123/jab.2015-0183)"),
    Setting("walking_force_bw", "Peak force of a walking step", "body weights", 4.2, 6.7, MEASURED,
            "Reiter 2024 (PMC11096059), 1.34 m/s; as a share of running, 0.49 to 0.78"),
    Setting("walk_below_spm", "Walking below this step rate", "steps/min", 110, 150, DESIGN,
            "design choice"),
    Setting("walk_below_mps", "Walking below this speed where cadence is unknown", "m/s", 1, 2.5, DESIGN,
            "design choice"),
    Setting("unknown_cadence_spm", "Step rate where none was ever recorded", "steps/min", 140, 200, DESIGN,
            "design choice"),
    Setting("treadmill_force", "Force on a treadmill over outdoors", "no unit", 1, 1.15, MEASURED,
            "Willy 2016 (umimpact.umt.edu), n = 18"),
    Setting("minimalist_force", "Force in minimalist shoes", "no unit", 1.0, 1.2, EXTRAPOLATED,
            "Sinclair 2015, n = 12: peak force and force of a mile"),
    Setting("maximalist_force", "Force in maximalist shoes", "no unit", 0.9, 1.0, EXTRAPOLATED,
            "Sinclair 2015, n = 12: peak force and force of a mile"),
    Setting("plated_force", "Force in shoes with a stiff plate", "no unit", 0.95, 1.05, DESIGN,
            "the studies disagree (Cigoja 2021, doi:10.1038/s41598-020-80791-3)"),
    Setting("drop_force_per_mm", "Force for each mm of drop below 10", "1/mm", 0, 0.01, DESIGN,
            "no study gives tendon force for a mm of drop"),
    Setting("added_mass_kg", "Weight carried, or gained", "kg", -40, 40, MEASURED,
            "added mass study in 23 women: +4.5 kg gives +4.3 %, +9 kg gives +8.8 %"),
    Setting("forefoot", "Runs on the forefoot (1) or not (0)", "no unit", 0, 1, MEASURED,
            "Almonroeder 2013 (pubmed 23640524): impulse of a step +11 %"),
    Setting("flare_pain_rise", "Pain above the own usual that begins a flare", "0-10", 1, 5, DESIGN,
            "a change of 2 on such scales is commonly taken as noticeable"),
    Setting("flare_pain_high", "Pain above which one day is a flare", "0-10", 3, 9, DESIGN,
            "5 is the limit of the pain rules in Silbernagel 2007 (read.qxmd.com/read/17307888)"),
    Setting("flare_stiffness_rise_min", "Morning stiffness above the own usual that begins a flare", "min",
            3, 60, DESIGN, "design choice"),
    Setting("flare_stiffness_share", "The same as a share of the own usual", "no unit", 0.1, 2, DESIGN,
            "design choice"),
    Setting("before_days", "Days before a flare that are looked at", "d", 7, 42, DESIGN,
            "Winter 2020 (PMC7222667) looked at 4 weeks"),
    Setting("lag_days", "Days before a flare in which load is asked to come first", "d", 7, 28, DESIGN,
            "7 days find a link of 0 to 3 days more often than 14; 14, 21 and 28 are shown beside it"),
    Setting("step_up_z", "Own spreads beyond the eight weeks before at which training stepped up", "no unit", 1, 4,
            DESIGN, "tried out on nine real exports: 4 to 16 step-ups a runner-year"),
    Setting("step_up_share", "Share of the year's weeks below which training stepped up", "no unit", 0.5, 0.99, DESIGN,
            "0.95 gives a quarter fewer"),
    Setting("step_up_days", "Days of seven on which training stepped up", "d", 1, 7, DESIGN,
            "as for windows: one day is none"),
    Setting("step_up_join_days", "Days between two stretches of one step-up, at most", "d", 0, 14, DESIGN,
            "a week between two hard weeks is no end"),
    Setting("step_up_distance", "Distance and longest run over usual, at least", "no unit", 1, 2, DESIGN,
            "enough to matter for a tendon is not known; a fifth"),
    Setting("step_up_speed", "Mean speed over usual, at least", "no unit", 1, 1.3, DESIGN,
            "enough to matter for a tendon is not known; 3 %"),
    Setting("step_up_fast_min", "Fast minutes a week above usual, at least", "min", 0, 60, DESIGN,
            "enough to matter for a tendon is not known; about half a track session"),
    Setting("step_up_fast_usual_min", "Usual fast minutes from which half again and half as many will do", "min", 0, 60,
            DESIGN, "for runners who run fast every week"),
    Setting("step_up_climb_m", "Climb or descent a week above usual, at least", "m", 0, 1000, DESIGN,
            "enough to matter for a tendon is not known"),
    Setting("step_up_climb_much_m", "Climb or descent above usual that needs not be half again", "m", 0, 3000, DESIGN,
            "for runners who live in hills"),
    Setting("step_up_half_again", "Fast minutes, climb and descent over usual, at least", "no unit", 1, 3, DESIGN,
            "enough to matter for a tendon is not known; half again"),
    Setting("step_up_drop_mm", "Mean drop of the shoes below usual, at least", "mm", 1, 10, DESIGN,
            "no study gives tendon load for a mm of drop"),
    Setting("step_up_cadence_pct", "Cadence below your own at the same speed, at least", "%", 0.5, 10, DESIGN,
            "a watch's step rate is about one step a minute sure"),
    Setting("step_up_run_days", "Days with a run a week above usual, at least", "d", 0.5, 5, DESIGN,
            "one and a half: the median of eight weeks may lie between two numbers"),
    Setting("step_up_gap_days", "Spacing of hard days below usual, at least", "d", 1, 10, DESIGN,
            "one day is chance"),
)  # fmt: skip
"""Every setting, in the order a reader meets them."""


@dataclass(frozen=True)
class ModelSettings:
    """Every number of the model that may be set; hashable, so that a cache can be keyed on it.

    See `SETTINGS` for unit, range, evidence and source of each field.
    """

    exponent: float = 3.0
    vitro_exponent: float = 9.0
    tau_days: float = 42.0
    outpaced_ratio: float = 1.3
    outpaced_quantile: float = 0.85
    outpaced_days: float = 3.0
    regular_share: float = 0.66
    break_share: float = 0.3
    break_days: float = 14.0
    line_least_days: float = 28.0
    line_most_days: float = 70.0
    way_back_share: float = 0.8
    way_back_tail_days: float = 56.0
    fast_over_easy: float = 1.15
    speed_exponent: float = 0.37
    hill_strength: float = 1.0
    cadence_strength: float = 1.0
    walking_force_bw: float = 4.49
    walk_below_spm: float = 140.0
    walk_below_mps: float = 1.9
    unknown_cadence_spm: float = 165.0
    treadmill_force: float = 1.125
    minimalist_force: float = 1.12
    maximalist_force: float = 0.95
    plated_force: float = 1.0
    drop_force_per_mm: float = 0.005
    added_mass_kg: float = 0.0
    forefoot: float = 0.0
    flare_pain_rise: float = 2.0
    flare_pain_high: float = 5.0
    flare_stiffness_rise_min: float = 10.0
    flare_stiffness_share: float = 0.5
    before_days: float = 28.0
    lag_days: float = 7.0
    step_up_z: float = 2.0
    step_up_share: float = 0.9
    step_up_days: float = 3.0
    step_up_join_days: float = 7.0
    step_up_distance: float = 1.2
    step_up_speed: float = 1.03
    step_up_fast_min: float = 10.0
    step_up_fast_usual_min: float = 5.0
    step_up_climb_m: float = 100.0
    step_up_climb_much_m: float = 300.0
    step_up_half_again: float = 1.5
    step_up_drop_mm: float = 3.0
    step_up_cadence_pct: float = 2.0
    step_up_run_days: float = 1.5
    step_up_gap_days: float = 2.0


_LATER_GROUPS = ("outpaced_", "break_", "line_", "way_back_", "flare_", "step_up_")
LATER = (
    *("tau_days", "regular_share", "before_days", "lag_days"),
    *(one.name for one in SETTINGS if one.name.startswith(_LATER_GROUPS)),
)
"""Settings that leave the load of a run as it is."""


def for_loads(settings: ModelSettings) -> ModelSettings:
    """Return the settings that the load of a run depends on.

    The slow part need not be done again for a setting it does not know.

    Parameters
    ----------
    settings : ModelSettings
        Numbers of the model.

    Returns
    -------
    ModelSettings
        The same with every setting of `LATER` at its default: a key under which run loads may be kept.
    """
    default = ModelSettings()
    return replace(settings, **{name: getattr(default, name) for name in LATER})


def for_recordings(settings: ModelSettings) -> ModelSettings:
    """Return the settings that reading the recordings depends on.

    As `for_loads`, for the part that no force and no exponent touches.

    Parameters
    ----------
    settings : ModelSettings
        Numbers of the model.

    Returns
    -------
    ModelSettings
        All at their defaults but the walking limits: a key under which what recordings say may be kept.
    """
    return ModelSettings(walk_below_spm=settings.walk_below_spm, walk_below_mps=settings.walk_below_mps)


def from_mapping(texts: Mapping[str, str]) -> ModelSettings:
    """Read the model's settings from texts, as the store keeps them.

    A wrong setting is said, never quietly replaced.

    Parameters
    ----------
    texts : mapping of str to str
        Names and values; names that are no setting of the model are left to others, an empty text is the
        default.

    Returns
    -------
    ModelSettings
        Defaults where nothing is said.

    Raises
    ------
    HeelwiseError
        When a value is not a number or outside its range; the sentence names the setting and the range.
    """
    known = {field.name for field in fields(ModelSettings)}
    given = {s.name: _number(s, texts[s.name]) for s in SETTINGS if texts.get(s.name, "").strip()}
    return ModelSettings(**{name: value for name, value in given.items() if name in known})


def _number(setting: Setting, text: str) -> float:
    words = f"The setting “{setting.title}” must be a number from {setting.low:g} to {setting.high:g}"
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError as error:
        raise HeelwiseError(f"{words}; it is “{text}”. Nothing was changed; please correct it.") from error
    if not math.isfinite(value) or not setting.low <= value <= setting.high:
        raise HeelwiseError(f"{words}; it is {text.strip()}. Nothing was changed; please correct it.")
    return value
