"""The frames the model gives: RUN (one running session) and DAY (one local date, no gaps)."""

from __future__ import annotations

import polars as pl

from connectors.frames import UTC_TIME

WEEK = 7
"""Days."""
NEEDED_OF_WEEK = 5
"""Days of seven that must be known for their mean to stand for the week. Design choice."""
RUN_SCHEMA = pl.Schema(
    {
        "activity_id": pl.String,
        "source": pl.String,
        "source_id": pl.String,
        "local_date": pl.Date,
        "start_utc": UTC_TIME,
        "sport": pl.String,
        "is_indoor": pl.Boolean,
        "name": pl.String,
        "shoe_id": pl.String,
        "distance_m": pl.Float64,
        "moving_s": pl.Float64,
        "ascent_m": pl.Float64,
        "descent_m": pl.Float64,
        "fast_s": pl.Float64,  # s above the runner's fast speed; null without samples
        "cadence_spm": pl.Float64,
        "cadence_deviation_pct": pl.Float64,  # against the runner's own cadence-speed line; null unknown
        "has_samples": pl.Boolean,
        "has_cadence": pl.Boolean,
        "has_altitude": pl.Boolean,
        "has_heart_rate": pl.Boolean,
        "steps": pl.Float64,  # steps of one leg
        "load_tkm": pl.Float64,  # lens B, the engine
        "load_low_tkm": pl.Float64,
        "load_high_tkm": pl.Float64,
        "load_a_tkm": pl.Float64,
        "load_c_tkm": pl.Float64,
        "multiplier": pl.Float64,  # load_tkm per km
        "x_steps": pl.Float64,  # x_steps, x_speed, x_hills, x_cadence, x_shoe: `multiplier`
        "x_speed": pl.Float64,
        "x_hills": pl.Float64,
        "x_cadence": pl.Float64,
        "x_shoe": pl.Float64,
        "x_shoe_low": pl.Float64,  # how far what the shoe does is known
        "x_shoe_high": pl.Float64,
        "w_100": pl.Float64,  # steps of one leg, each weighted with its speed, hills and cadence (digits: 1
        "w_010": pl.Float64,  # weighted, 0 left out); w_111 * x_shoe over the steps of an easy km is load_tkm
        "w_001": pl.Float64,
        "w_110": pl.Float64,
        "w_101": pl.Float64,
        "w_011": pl.Float64,
        "w_111": pl.Float64,
        "w_climb": pl.Float64,  # weighted steps that slopes up add; w_010 is steps + w_climb - w_descent
        "w_descent": pl.Float64,  # and that slopes down take away
        "x_hills_a": pl.Float64,  # hills alone in lenses A and C
        "x_hills_c": pl.Float64,
        "drop_mm": pl.Float64,  # of the pair worn, a heel lift included; null unknown
        "estimated": pl.Boolean,  # from the summary, not from samples
        "is_excluded": pl.Boolean,  # left out by a person: in no sum, drawn apart
        "flags": pl.String,  # words, one space between, sorted
    }
)

DAY_SCHEMA = pl.Schema(
    {
        "local_date": pl.Date,
        "known": pl.Boolean,  # False: no record reaches this day, its load is null and not 0
        "runs": pl.Int64,
        "distance_m": pl.Float64,
        "moving_s": pl.Float64,
        "ascent_m": pl.Float64,
        "descent_m": pl.Float64,
        "fast_s": pl.Float64,
        "cadence_deviation_pct": pl.Float64,  # time-weighted over the day's runs
        "load_tkm": pl.Float64,
        "load_low_tkm": pl.Float64,
        "load_high_tkm": pl.Float64,
        "load_a_tkm": pl.Float64,
        "load_c_tkm": pl.Float64,
        "acute_tkm": pl.Float64,  # mean of the last 7 days, per day
        "habitual_tkm": pl.Float64,  # what the runner was used to before those 7 days, per day
        "ratio": pl.Float64,  # acute / habitual; null in the first 42 days
        "ratio_a": pl.Float64,
        "ratio_c": pl.Float64,
        "held_against_tkm": pl.Float64,  # habit, or on the way back the line where it is higher, per day
        "line_tkm": pl.Float64,  # the line back, per day; null when not on the way back
        "threshold": pl.Float64,  # the runner's own: from here acute over held_against is high
        "state": pl.String,  # new, ordinary, irregular, break or way_back; null not known
        "is_high": pl.Boolean,  # by lens B; never when irregular, on a break or without a ratio
        "is_high_a": pl.Boolean,
        "is_high_c": pl.Boolean,
        "pain_0_10": pl.Float64,  # largest pain logged that day; null not logged
        "stiffness_min": pl.Float64,  # of a band, its middle
        "stiffness_low_min": pl.Float64,  # least and most it can have been; the same as stiffness_min where exact
        "stiffness_high_min": pl.Float64,
        "stiffness_0_10": pl.Float64,
    }
)
