"""The contract of every cohort table: its columns, units and closed sets. docs/cohort-columns.md is written from it."""

from __future__ import annotations

import polars as pl

from connectors.contract import Column, Contract
from connectors.frames import RUN_SPORTS
from connectors.source import SOURCES
from dashboard.cohort.participants import SEXES
from dashboard.cohort.reasons import REASONS
from dashboard.model.channels import CHANNELS
from dashboard.model.flares import RULES
from dashboard.model.load.factor import DRIVERS
from dashboard.model.load.run_load import FLAG_WORDS
from dashboard.model.outpaced_windows import NO_COMPARATOR, SPIKE_BANDS

SCHEMA_VERSION = 1
"""Counted up whenever a column changes its meaning or goes; columns may be added."""
STATES = ("new", "ordinary", "irregular", "break", "way_back")
RUN_FLAGS = tuple(sorted(FLAG_WORDS))
WORD_SETS = {"flags": RUN_FLAGS, "rule": RULES, "sources": tuple(one.id for one in SOURCES)}
"""Text columns of several words, one space between: the only words that may stand there."""

_ATHLETE = Column(pl.String, "keyed hash of the athlete, 32 hexadecimal digits", null=False)
_DAY = "local date; moved back by whole weeks with --shift-dates"


def _text(meaning: str, words: tuple[str, ...], null: bool = True) -> Column:
    return Column(pl.String, meaning, null=null, one_of=words)


def _real(meaning: str) -> Column:
    return Column(pl.Float64, meaning)


def _count(meaning: str, null: bool = False) -> Column:
    return Column(pl.Int64, meaning, 0, None, null=null)


def _date(meaning: str, null: bool = True) -> Column:
    return Column(pl.Date, f"{meaning}: {_DAY}", null=null)


def _driven(what: str) -> dict[str, Column]:
    """What made up a rise: the same columns for windows and for the days before a flare."""
    return {
        "rise": _real(f"load of {what} over that of the weeks before, as a ratio; null not known"),
        "leading": _text("driver with the largest share of the rise; null: no rise, or not known", DRIVERS),
        **{
            f"share_{name}": _real(f"share of {name} in the rise, 1 in all; may be negative")
            for name in DRIVERS
        },
    }


ATHLETES = Contract(
    "athletes",
    "one athlete who was analysed",
    ("athlete",),
    {
        "athlete": _ATHLETE,
        "sex": _text("as stated in participants.csv; null not stated", SEXES),
        "age_years": _real(
            "years at the first day: its calendar year less the year of birth; null not stated"
        ),
        "sources": Column(pl.String, "where the runs come from: ids of sources, one space between, sorted"),
        "first_date": _date("first day of the record", null=False),
        "last_date": _date("last day of the record", null=False),
        "days": _count("d from the first to the last day, both counted"),
        "days_known": _count("d of these that the training record reaches"),
        "days_logged": _count("d of these with pain or stiffness logged, 0 included"),
        "runs": _count("count of runs"),
        "runs_with_samples": _count("count of runs with a recording"),
        "runs_with_cadence": _count("count of runs with step rate"),
        "runs_with_altitude": _count("count of runs with altitude in the recording"),
        "runs_with_shoe": _count("count of runs with a pair"),
        "runs_with_heart_rate": _count("count of runs with heart rate"),
        "distance_m": _real("m of all runs"),
        "moving_s": _real("s of all runs"),
        "ascent_m": _real("m climbed in all runs, where known; null nowhere known"),
        "load_tkm": _real("estimated load of all runs, in km of easy running on the flat (tkm)"),
        "windows": _count("count of outpaced windows"),
        "step_ups": _count("count of step-ups"),
        "flares": _count("count of flares"),
        "spikes": _count("count of spikes, first runs after 30 days included"),
        "parts_not_read": _count("count of files and rows of the input that could not be read"),
        "linkage_asked": Column(
            pl.Boolean, "whether the record is enough to ask if load came first", null=False
        ),
        "linkage_flares": _count("count of flares that were asked about; of all where nothing was asked"),
        "linkage_exposed": _count(
            "of these with an outpaced day in the days before; null not asked", null=True
        ),
        "linkage_expected": _real("as many by chance: the mean over all shifts of the flare dates"),
        "linkage_p": _real("share of shifts with at least as many, 0 to 1; null not asked"),
        "base_rate": _real("share of days whose days before were outpaced, 0 to 1; null not known"),
    },
)

DAYS = Contract(
    "days",
    "one local date of one athlete, without gaps",
    ("athlete", "local_date"),
    {
        "athlete": _ATHLETE,
        "local_date": _date("the day", null=False),
        "known": Column(
            pl.Boolean, "false: no record reaches this day, its load is null and not 0", null=False
        ),
        "runs": _count("count of runs; null not known", null=True),
        "distance_m": _real("m; 0 rest, null not known"),
        "moving_s": _real("s; 0 rest, null not known"),
        "ascent_m": _real("m; 0 rest, null not known"),
        "descent_m": _real("m; 0 rest, null not known"),
        "fast_s": _real("s above the athlete's fast speed; null without samples"),
        "cadence_deviation_pct": _real("% of the athlete's own cadence at that speed, weighted by time"),
        "load_tkm": _real("estimated load, km of easy running on the flat (lens B); 0 rest, null not known"),
        "load_low_tkm": _real("the same, lower end"),
        "load_high_tkm": _real("the same, upper end"),
        "load_a_tkm": _real("load by lens A: no exponent"),
        "load_c_tkm": _real("load by lens C: the laboratory's exponent"),
        "acute_tkm": _real("mean of the last 7 days, tkm a day"),
        "habitual_tkm": _real("what the athlete was used to before those 7 days, tkm a day"),
        "ratio": _real("acute over habitual; null in the first 42 days"),
        "ratio_a": _real("the same by lens A"),
        "ratio_c": _real("the same by lens C"),
        "held_against_tkm": _real("habit, or on the way back the line where it is higher, tkm a day"),
        "line_tkm": _real("the line back, tkm a day; null when not on the way back"),
        "threshold": _real("the athlete's own: from here acute over held_against is high"),
        "state": _text("running of these weeks; null not known", STATES),
        "is_high": Column(pl.Boolean, "acute over held_against at or above the threshold, lens B"),
        "is_high_a": Column(pl.Boolean, "the same by lens A"),
        "is_high_c": Column(pl.Boolean, "the same by lens C"),
        "in_window": Column(pl.Boolean, "whether the day lies in an outpaced window; null not known"),
        "outpaced_before": Column(
            pl.Boolean, "whether one of the lag days before lies in an outpaced window; null not known"
        ),
        "pain_0_10": _real("largest pain logged that day, 0 to 10; null not logged"),
        "stiffness_min": _real("min of morning stiffness; of a band, its middle; null not logged"),
        "stiffness_low_min": _real("min, the least it can have been"),
        "stiffness_high_min": _real("min, the most it can have been; null of an open band"),
        "stiffness_0_10": _real("morning stiffness, 0 to 10; null not logged"),
    },
)

RUNS = Contract(
    "runs",
    "one run of one athlete; without title, place and time of day",
    ("athlete", "run_number"),
    {
        "athlete": _ATHLETE,
        "run_number": Column(pl.Int64, "number of the run in order of start, from 1", 1, None, null=False),
        "local_date": _date("day of the start", null=False),
        "source": _text("where the run comes from", WORD_SETS["sources"], null=False),
        "sport": _text("kind of run", RUN_SPORTS, null=False),
        "is_indoor": Column(pl.Boolean, "whether on a treadmill; null not known"),
        "shoe_number": Column(pl.Int64, "number of the pair in order of its first run; null not known", 1),
        "distance_m": _real("m"),
        "moving_s": _real("s"),
        "ascent_m": _real("m"),
        "descent_m": _real("m"),
        "fast_s": _real("s above the athlete's fast speed; null without samples"),
        "cadence_spm": _real("steps a minute, of both legs"),
        "cadence_deviation_pct": _real("% of the athlete's own cadence at that speed"),
        "has_samples": Column(pl.Boolean, "whether a recording was read"),
        "has_cadence": Column(pl.Boolean, "whether step rate is known"),
        "has_altitude": Column(pl.Boolean, "whether the recording holds altitude"),
        "has_heart_rate": Column(pl.Boolean, "whether heart rate is known"),
        "steps": _real("steps of one leg"),
        "load_tkm": _real("estimated load, km of easy running on the flat (lens B)"),
        "load_low_tkm": _real("the same, lower end"),
        "load_high_tkm": _real("the same, upper end"),
        "load_a_tkm": _real("load by lens A: no exponent"),
        "load_c_tkm": _real("load by lens C: the laboratory's exponent"),
        "multiplier": _real("load_tkm for each km"),
        "x_steps": _real("part of the multiplier: steps for each km"),
        "x_speed": _real("part of the multiplier: speed"),
        "x_hills": _real("part of the multiplier: slope"),
        "x_cadence": _real("part of the multiplier: cadence"),
        "x_shoe": _real("part of the multiplier: the pair"),
        "x_shoe_low": _real("the same, lower end of what is known"),
        "x_shoe_high": _real("the same, upper end"),
        "drop_mm": _real("mm of the pair worn, a heel lift included; null not known"),
        "estimated": Column(pl.Boolean, "whether load is from the summary and not from samples"),
        "flags": Column(pl.String, "what widens the band of the load: words, one space between, sorted"),
    },
)

WINDOWS = Contract(
    "windows",
    "one stretch of days in which load outpaced what the athlete was used to",
    ("athlete", "from_date"),
    {
        "athlete": _ATHLETE,
        "from_date": _date("first high day", null=False),
        "to_date": _date("last high day", null=False),
        "peak_date": _date("day of the peak", null=False),
        "peak_ratio": _real("acute over held_against on that day"),
        "threshold": _real("the athlete's own on that day"),
        "above_share_of_year": _real("share of the year before that lies below the peak, 0 to 1"),
        "robust": Column(pl.Boolean, "whether lens A has a window on some of the same days"),
        **_driven("the window"),
    },
)

STEP_UPS = Contract(
    "step_ups",
    "one stretch of days in which one channel of training went far beyond the athlete's own weeks",
    ("athlete", "from_date", "channel"),
    {
        "athlete": _ATHLETE,
        "from_date": _date("first day", null=False),
        "to_date": _date("last day", null=False),
        "channel": _text(
            "what stepped up; usual and reached are in its unit", tuple(c.id for c in CHANNELS), False
        ),
        "usual": _real("median of the eight weeks before; m, s, m/s, %, d, share of the distance, or mm"),
        "usual_low": _real("10th percentile of these weeks"),
        "usual_high": _real("90th percentile"),
        "reached": _real("value of the seven days that end on the peak"),
        "z": _real("spreads of the eight weeks between reached and usual"),
        "above_share_of_year": _real("share of the year's weeks that reached lies beyond, 0 to 1"),
        "peak_date": _date("last of those seven days", null=False),
        "shoe_number": Column(
            pl.Int64, "pair behind shoe_new and drop, as in runs; null of other channels", 1
        ),
    },
)

FLARES = Contract(
    "flares",
    "one stretch of days with symptoms above the athlete's own usual",
    ("athlete", "onset"),
    {
        "athlete": _ATHLETE,
        "onset": _date("first day, by the rule", null=False),
        "end": _date("last day before seven near the usual; null not seen"),
        "last_high": _date("last day above the usual"),
        "peak_date": _date("day of the largest score"),
        "peak_0_10": _real("largest score, 0 to 10"),
        "peak_stiffness_min": _real("min, longest morning stiffness"),
        "usual_0_10": _real("median score of the 28 days before; null with fewer than ten entries"),
        "usual_stiffness_min": _real("min, median of the same days"),
        "rule": Column(pl.String, "which rule began it: words, one space between"),
        "days_logged": _count("d of the flare with an entry", null=True),
        "days_logged_before": _count("d of the 28 before with an entry", null=True),
        "outpaced_before": Column(
            pl.Boolean,
            "whether one of the lag days before the onset lies in an outpaced window; null not known",
        ),
        **_driven("the days before"),
    },
)

SPIKES = Contract(
    "spikes",
    "one run longer than the longest of the 30 days before, or the first run after 30 days without one",
    ("athlete", "run_number"),
    {
        "athlete": _ATHLETE,
        "local_date": _date("day of the run", null=False),
        "run_number": Column(pl.Int64, "number of the run, as in runs", 1, None, null=False),
        "distance_ratio": _real("distance over the longest of the 30 days before; null of a first run"),
        "band": _text("how far", (*(band for band, _ in SPIKE_BANDS), NO_COMPARATOR), null=False),
        "longest_m": _real("m, longest run of the 30 days before; null of a first run"),
        "days_since": _count("d since the last run, of a first run; null of a longer one", null=True),
    },
)

REFUSALS = Contract(
    "refusals",
    "one athlete who was not analysed",
    ("athlete",),
    {
        "athlete": _ATHLETE,
        "reason": _text("code of the reason", tuple(REASONS), null=False),
        "sentence": _text("the same in words", tuple(REASONS.values()), null=False),
        "same_as": Column(
            pl.String, "first of the athletes of the same account or file; null of other reasons"
        ),
    },
)

COHORT_TABLES = (ATHLETES, DAYS, RUNS, WINDOWS, STEP_UPS, FLARES, SPIKES, REFUSALS)
