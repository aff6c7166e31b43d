"""The contracts: every column of every frame that is kept, with its unit, dtype and bounds.

A connector ends in `checked(frame, CONTRACT)`; the store makes its tables from the same contracts.
Null means unknown everywhere; zero means known and none.
"""

from __future__ import annotations

import polars as pl

from connectors.contract import Column, Contract, DateKind, Rejected
from connectors.contract import split_valid as split
from connectors.contract import validate as checked
from connectors.source import SOURCES

__all__ = ["Column", "Contract", "DateKind", "Rejected", "checked", "split"]

UTC_TIME = pl.Datetime("us", "UTC")
RUN_SPORTS = ("Run", "TrailRun", "VirtualRun")
SIDES = ("left", "right", "both")
SITES = ("midportion", "insertion", "other")
DECIDERS = ("runner", "therapist")
SURFACES = ("road", "trail", "track", "grass", "treadmill", "sand", "mixed")
PLATES = ("none", "nylon", "carbon", "other")
INSERTS = ("insole", "orthosis", "other")
LONGEST_S = 10_000_000
"""s of one session, pauses and a forgotten watch included: 115 days."""
FARTHEST_M = 10_000_000
MOST_SAMPLE_ROWS = 2_000_000
"""Rows of one recording: 23 days with the timer running."""
STIFFNESS_BOUNDS_MIN = {"0": (0, 0), "<5": (0, 5), "5-15": (5, 15), "15-30": (15, 30), ">30": (30, 1_440)}
STIFFNESS_BANDS = tuple(STIFFNESS_BOUNDS_MIN)
EXERCISE_KINDS = ("isometric", "slow_heavy", "eccentric", "plyometric", "other")
KNEES = ("straight", "bent")
MEASURES = (
    "heel_rise_reps",
    "pain_on_loading_0_10",
    "hop_pain_0_10",
    "visa_a",
    "tendins_a",
    "hop_count",
    "palpation_pain_0_10",
    "arc_sign",
    "knee_to_wall_cm",
    "heel_rise_height_cm",
)
EPISODE_PARTS = (
    "achilles",
    "heel",
    "calf",
    "ankle",
    "foot",
    "shin",
    "knee",
    "hamstring",
    "hip",
    "other",
)
KNOWN_BY = ("wrote", "remembers", "inferred", "logged")
STATEMENT_KINDS = ("complaint", "eased", "none")
QUESTIONS = ("statement", "break")
ANSWERS = ("heel", "other", "no", "not_me", "ill", "away", "skip")
INTAKE_TOPICS = (
    "reason",
    "goal",
    "training_age",
    "fluoroquinolone",
    "steroid",
    "medication",
    "work",
    "footwear",
)
OPINIONS = ("likely", "possible", "no")
VISIT_TOPICS = ("onset", "side", "site", "driver", "agreed", "review", "note")
LIMIT_MEASURES = ("usual", "amount")
SHOE_KINDS = ("conventional", "minimalist", "maximalist", "racing", "trail", "barefoot")


def _provenance() -> dict[str, Column]:
    """Columns every stored row carries."""
    return {
        "athlete_id": Column(pl.Int64, "runner on this machine", low=1, null=False),
        "source": Column(
            pl.String, "where the row came from", null=False, one_of=tuple(one.id for one in SOURCES)
        ),
        "source_id": Column(pl.String, "id at the source", null=False),
        "fetched_utc": Column(UTC_TIME, "when the row was brought in", null=False, dated=DateKind.HAPPENED),
    }


_KEY = ("athlete_id", "source", "source_id")

ACTIVITY = Contract(
    "activity",
    "one recorded session",
    _KEY,
    {
        "activity_id": Column(pl.String, "our id: hash of athlete, source and source_id", null=False),
        **_provenance(),
        "start_utc": Column(UTC_TIME, "UTC", null=False, dated=DateKind.HAPPENED),
        "timezone": Column(pl.String, "IANA zone of the recording itself"),
        "utc_offset_s": Column(pl.Int32, "s east of UTC at the start, from the recording", -50_400, 50_400),
        "local_date": Column(pl.Date, "local date where it started", null=False, dated=DateKind.HAPPENED),
        "sport": Column(pl.String, "our sport name, or the source's own where unknown", null=False),
        "is_indoor": Column(pl.Boolean, "treadmill or indoor"),
        "name": Column(pl.String, "title at the source"),
        "distance_m": Column(pl.Float64, "m", 0, FARTHEST_M),
        "moving_s": Column(pl.Float64, "s", 0, LONGEST_S),
        "elapsed_s": Column(pl.Float64, "s", 0, LONGEST_S),
        "ascent_m": Column(pl.Float64, "m, by our own method from samples", 0, 100_000),
        "descent_m": Column(pl.Float64, "m, by our own method from samples", 0, 100_000),
        "ascent_device_m": Column(pl.Float64, "m, as the device or service says", 0, 100_000),
        "descent_device_m": Column(pl.Float64, "m, as the device or service says", 0, 100_000),
        "cadence_spm": Column(pl.Float64, "steps/min, both feet, mean while moving", 0, 400),
        "heart_rate_bpm": Column(pl.Float64, "bpm, mean", 20, 260),
        "max_heart_rate_bpm": Column(pl.Float64, "bpm", 20, 260),
        "max_speed_mps": Column(pl.Float64, "m/s", 0, 400),
        "perceived_exertion_0_10": Column(pl.Float64, "0-10", 0, 10),
        "feel_0_100": Column(
            pl.Float64, "0 very weak to 100 very strong, as the runner answered the watch", 0, 100
        ),
        "contact_left_pct": Column(
            pl.Float64, "% of contact time on the left foot, mean; 50 is even", 0, 100
        ),
        "impact_m": Column(
            pl.Float64,
            "m, Garmin's own estimate of impact as equivalent metres (closed formula)",
            0,
            1_000_000,
        ),
        "shoe_id": Column(pl.String, "the pair worn: shoe.shoe_id"),
        "device": Column(pl.String, "what recorded it"),
        "file_name": Column(pl.String, "name of the recording at the source"),
        "file_hash": Column(pl.String, "digest of the recording's bytes and the reader's version"),
        "sample_rows": Column(
            pl.Int64, "rows of samples kept; 0 none in the file, null no file", 0, LONGEST_S
        ),
        "flags": Column(pl.String, "words from a fixed set, one space between, sorted"),
        "name_changed_utc": Column(
            UTC_TIME,
            "when its source was last seen to have changed the title; null never",
            dated=DateKind.HAPPENED,
        ),
        "shoe_changed_utc": Column(
            UTC_TIME,
            "when its source was last seen to have changed the pair; null never",
            dated=DateKind.HAPPENED,
        ),
    },
)

SAMPLE = Contract(
    "sample",
    "one second of one session while its timer ran; a pause is a gap",
    ("second",),
    {
        "second": Column(pl.Int32, "s since the start", 0, LONGEST_S, null=False),
        "distance_m": Column(pl.Float32, "m covered since the start", 0, FARTHEST_M),
        "speed_mps": Column(pl.Float32, "m/s, smoothed over 5 s", 0, 60),
        "altitude_m": Column(pl.Float32, "m, as recorded", -500, 9_000),
        "grade_pct": Column(pl.Float32, "%, over 50 m; null where altitude or movement is unknown", -45, 45),
        "cadence_spm": Column(pl.Float32, "steps/min, both feet", 0, 300),
        "heart_rate_bpm": Column(pl.Float32, "bpm", 20, 260),
        "power_w": Column(pl.Float32, "W", 0, 3_000),
        "step_length_mm": Column(pl.Float32, "mm", 0, 4_000),
        "contact_ms": Column(pl.Float32, "ms", 0, 2_000),
        "contact_left_pct": Column(pl.Float32, "% of contact time on the left foot; 50 is even", 0, 100),
        "vertical_oscillation_mm": Column(pl.Float32, "mm", 0, 400),
        "form_power_w": Column(pl.Float32, "W", 0, 1_000),
        "temperature_c": Column(pl.Float32, "°C at the device", -60, 70),
    },
)

POINT = Contract(
    "point",
    "one point as a device wrote it; in memory only, never stored (it holds the place)",
    (),
    {
        "time_s": Column(pl.Float64, "s since 1970-01-01 UTC", null=False),
        "segment": Column(pl.Int32, "stretch with the timer running; a new number is a pause", 0, null=False),
        "latitude_deg": Column(pl.Float64, "degrees", -90, 90),
        "longitude_deg": Column(pl.Float64, "degrees", -180, 180),
        "distance_m": Column(pl.Float64, "m since the start, as written"),
        "speed_mps": Column(pl.Float64, "m/s, as written"),
        "altitude_m": Column(pl.Float64, "m, as written"),
        "cadence_raw": Column(pl.Float64, "per minute, one leg or both: not yet decided"),
        "heart_rate_bpm": Column(pl.Float64, "bpm"),
        "power_w": Column(pl.Float64, "W"),
        "step_length_mm": Column(pl.Float64, "mm"),
        "contact_ms": Column(pl.Float64, "ms"),
        "contact_left_pct": Column(pl.Float64, "% of contact time on the left foot"),
        "vertical_oscillation_mm": Column(pl.Float64, "mm"),
        "form_power_w": Column(pl.Float64, "W"),
        "temperature_c": Column(pl.Float64, "°C"),
    },
)

SHOE = Contract(
    "shoe",
    "one pair",
    _KEY,
    {
        "shoe_id": Column(pl.String, "our id: hash of athlete, source and source_id", null=False),
        **_provenance(),
        "name": Column(pl.String, "what the runner calls it, or brand and model", null=False),
        "brand": Column(pl.String, "maker"),
        "model": Column(pl.String, "model and version"),
        "is_retired": Column(pl.Boolean, "no longer worn"),
    },
)

SHOE_FACT = Contract(
    "shoe_fact",
    "what a source states of one pair beside its name; what a person says of it is an EDIT",
    _KEY,
    {
        "shoe_id": Column(pl.String, "shoe.shoe_id", null=False),
        **_provenance(),
        "kind": Column(pl.String, "kind of shoe", one_of=SHOE_KINDS),
        "drop_mm": Column(pl.Float64, "mm, heel over forefoot", -10, 30),
        "is_plated": Column(pl.Boolean, "stiff plate in the sole"),
    },
)

SYMPTOM = Contract(
    "symptom",
    "one entry: one date and side",
    _KEY,
    {
        **_provenance(),
        "date": Column(pl.Date, "local date of the entry", null=False, dated=DateKind.HAPPENED),
        "side": Column(pl.String, "which heel", one_of=SIDES),
        "site": Column(pl.String, "where on the tendon", one_of=SITES),
        "morning_stiffness_0_10": Column(pl.Float64, "0-10", 0, 10),
        "morning_stiffness_min": Column(pl.Float64, "min", 0, 1_440),
        "morning_stiffness_band": Column(
            pl.String,
            "min, where a band was tapped; morning_stiffness_min is then inside it",
            one_of=STIFFNESS_BANDS,
        ),
        "morning_pain_0_10": Column(pl.Float64, "0-10", 0, 10),
        "pain_start_0_10": Column(pl.Float64, "0-10, in the first minutes of the run", 0, 10),
        "warmed_up": Column(pl.Boolean, "whether the pain of the start eased during the run"),
        "pain_during_0_10": Column(pl.Float64, "0-10", 0, 10),
        "pain_after_0_10": Column(pl.Float64, "0-10", 0, 10),
        "is_same_as_before": Column(pl.Boolean, "taken over whole from the entry before"),
        "note": Column(pl.String, "the runner's own words"),
    },
)

STRENGTH = Contract(
    "strength",
    "one set of one exercise",
    _KEY,
    {
        **_provenance(),
        "date": Column(pl.Date, "local date", null=False, dated=DateKind.HAPPENED),
        "exercise": Column(pl.String, "name of the exercise", null=False),
        "side": Column(pl.String, "which leg", one_of=SIDES),
        "set_number": Column(pl.Int32, "from 1 within the day and exercise", 1, 10_000, null=False),
        "repetitions": Column(pl.Int32, "count", 0, 1_000),
        "load_kg": Column(pl.Float64, "kg beside body weight", 0, 1_000),
        "hold_s": Column(pl.Float64, "s of one hold", 0, 3_600),
        "tempo": Column(pl.String, "s up, hold and down, such as 3-0-3"),
        "kind": Column(pl.String, "kind of exercise", one_of=EXERCISE_KINDS),
        "knee": Column(pl.String, "knee while loading the calf", one_of=KNEES),
        "pain_0_10": Column(pl.Float64, "0-10, during the set", 0, 10),
        "note": Column(pl.String, "the runner's own words"),
    },
)

EVENT = Contract(
    "event",
    "one dated fact of life beside the training",
    _KEY,
    {
        **_provenance(),
        "date": Column(pl.Date, "local date", null=False, dated=DateKind.MEANT),
        "kind": Column(
            pl.String,
            "what happened",
            null=False,
            one_of=("race", "illness", "travel", "job", "injection", "physio", "new_shoe", "other"),
        ),
        "end_date": Column(pl.Date, "last local date where it lasted; null one day", dated=DateKind.MEANT),
        "note": Column(pl.String, "the runner's own words"),
    },
)

ONSET = Contract(
    "onset",
    "what one person said of the beginning of one flare; the rule's own date stays beside it",
    _KEY,
    {
        **_provenance(),
        "onset_rule_date": Column(
            pl.Date, "local date by the rule; null: a flare the rule did not find", dated=DateKind.HAPPENED
        ),
        "onset_person_date": Column(
            pl.Date, "local date by the person; null: not a flare", dated=DateKind.HAPPENED
        ),
        "decided_by": Column(pl.String, "who said it", null=False, one_of=DECIDERS),
    },
)

EDIT = Contract(
    "edit",
    "one thing a person said of one field of one record; never changed, only undone",
    _KEY,
    {
        **_provenance(),
        "batch_id": Column(pl.String, "one act of the person, undone as a whole", null=False),
        "record": Column(pl.String, "what the field belongs to", null=False, one_of=("activity", "shoe")),
        "record_id": Column(pl.String, "activity_id or shoe_id", null=False),
        "field": Column(pl.String, "one of connectors.edits.EDITABLE", null=False),
        "value": Column(pl.String, "the value as text; null: the person says it is unknown"),
        "decided_by": Column(pl.String, "who said it", null=False, one_of=DECIDERS),
        "reason": Column(pl.String, "why, in the person's own words or a flag's name"),
        "is_undone": Column(pl.Boolean, "taken back; kept as history", null=False),
    },
)

SESSION_EXTRA = {
    "incline_pct": Column(pl.Float64, "%, set on the treadmill by a person", -10, 40),
    "surface": Column(pl.String, "what was run on", one_of=SURFACES),
    "is_excluded": Column(pl.Boolean, "left out of every sum, by a person"),
    "uses_recording": Column(pl.Boolean, "False: a person trusts the summary more than the recording"),
    "cadence_scale": Column(pl.Float64, "by which recorded cadence is multiplied: 0.5 or 2", 0.5, 2),
    "cut_from_s": Column(pl.Float64, "s since the start: what was recorded before is left out", 0, LONGEST_S),
    "cut_to_s": Column(
        pl.Float64, "s since the start: what was recorded from here on is left out", 0, LONGEST_S
    ),
    "kept_flags": Column(pl.String, "flags a person looked at and keeps, one space between"),
}
"""What only a person says of a session; beside ACTIVITY in what `Store.activities` gives."""

PAIR_EXTRA = {
    "plate": Column(pl.String, "plate in the sole", one_of=PLATES),
    "first_use": Column(pl.Date, "local date first worn", dated=DateKind.HAPPENED),
    "retired_on": Column(pl.Date, "local date last worn", dated=DateKind.HAPPENED),
    "distance_before_m": Column(pl.Float64, "m worn before the first run known here", 0, FARTHEST_M),
    "insert": Column(pl.String, "what lies in the shoe", one_of=INSERTS),
    "heel_lift_mm": Column(pl.Float64, "mm under the heel, beside the drop", 0, 40),
    "catalogue_id": Column(pl.String, "the model in the catalogue, as a person chose; empty: none of them"),
    "same_as": Column(pl.String, "shoe_id of the pair this one really is"),
}
"""What only a person says of a pair; beside SHOE and SHOE_FACT in what `Store.shoes` gives."""

TEST_RESULT = Contract(
    "test_result",
    "one number of one test or questionnaire",
    _KEY,
    {
        **_provenance(),
        "date": Column(pl.Date, "local date", null=False, dated=DateKind.HAPPENED),
        "measure": Column(pl.String, "what was measured", null=False, one_of=MEASURES),
        "side": Column(pl.String, "which leg; null for a questionnaire", one_of=SIDES),
        "value": Column(pl.Float64, "in the measure's own unit", 0, 1_000, null=False),
        "decided_by": Column(pl.String, "who took it down", null=False, one_of=DECIDERS),
        "note": Column(pl.String, "the person's own words"),
    },
)

PLAN = Contract(
    "plan",
    "one planned run, or one planned week",
    _KEY,
    {
        **_provenance(),
        "date": Column(
            pl.Date, "local date of the run, or first date of the week", null=False, dated=DateKind.MEANT
        ),
        "span": Column(pl.String, "what the row plans", null=False, one_of=("run", "week")),
        "distance_m": Column(pl.Float64, "m", 0, 1_000_000),
        "fast_s": Column(pl.Float64, "s above the runner's fast speed", 0, 1_000_000),
        "ascent_m": Column(pl.Float64, "m", 0, 100_000),
        "descent_m": Column(pl.Float64, "m", 0, 100_000),
        "runs": Column(pl.Int32, "runs in the week; null for one run", 0, 50),
        "longest_m": Column(pl.Float64, "m, longest run of the week; null for one run", 0, 1_000_000),
        "shoe_id": Column(pl.String, "the pair to wear"),
        "ladder_step": Column(pl.Int32, "step of the return-to-running ladder", 1, 1_000),
        "note": Column(pl.String, "the person's own words"),
    },
)

GUARDRAIL = Contract(
    "guardrail",
    "one limit set by runner or therapist; a limit not here has its default",
    _KEY,
    {
        **_provenance(),
        "name": Column(pl.String, "one of the planner's guardrails", null=False),
        "value": Column(
            pl.Float64, "in the guardrail's own unit, or as `measure`; null: its default", -100, 1_000_000
        ),
        "is_on": Column(pl.Boolean, "whether plans are held against it", null=False),
        "decided_by": Column(pl.String, "who set it", null=False, one_of=DECIDERS),
        "note": Column(pl.String, "the person's own words"),
        "measure": Column(
            pl.String,
            "usual or null: % above the usual week; amount: s, m or runs a week",
            one_of=LIMIT_MEASURES,
        ),
        "from_date": Column(pl.Date, "local date it was set; null: counts from ever", dated=DateKind.MEANT),
        "until_date": Column(pl.Date, "last local date it counts; null: no end", dated=DateKind.MEANT),
    },
)

PROGRAMME = Contract(
    "programme",
    "one exercise in one stretch of weeks of the runner's strength programme",
    _KEY,
    {
        **_provenance(),
        "programme": Column(pl.String, "name", null=False),
        "start_date": Column(pl.Date, "local date of its first day", null=False, dated=DateKind.MEANT),
        "week_from": Column(pl.Int32, "first week, from 1", 1, 520, null=False),
        "week_to": Column(pl.Int32, "last week, inclusive", 1, 520, null=False),
        "exercise": Column(pl.String, "name of the exercise", null=False),
        "kind": Column(pl.String, "kind of exercise", one_of=EXERCISE_KINDS),
        "knee": Column(pl.String, "knee while loading the calf", one_of=KNEES),
        "sets": Column(pl.Int32, "count", 0, 100),
        "repetitions": Column(pl.Int32, "count", 0, 1_000),
        "load_kg": Column(pl.Float64, "kg beside body weight", 0, 1_000),
        "hold_s": Column(pl.Float64, "s of one hold", 0, 3_600),
        "tempo": Column(pl.String, "s up, hold and down, such as 3-0-3"),
        "times_per_week": Column(pl.Float64, "days with this exercise", 0, 21),
        "decided_by": Column(pl.String, "who set it", null=False, one_of=DECIDERS),
        "note": Column(pl.String, "the person's own words"),
    },
)

LADDER = Contract(
    "ladder",
    "one step of the runner's own return-to-running ladder",
    _KEY,
    {
        **_provenance(),
        "step": Column(pl.Int32, "from 1", 1, 1_000, null=False),
        "walk_s": Column(pl.Float64, "s of walking in one round", 0, 36_000),
        "run_s": Column(pl.Float64, "s of running in one round", 0, 36_000),
        "rounds": Column(pl.Int32, "count", 1, 100),
        "rest_days": Column(pl.Int32, "days before the next", 0, 30),
        "done_on": Column(pl.Date, "local date it was finished", dated=DateKind.HAPPENED),
        "decided_by": Column(pl.String, "who set it", null=False, one_of=DECIDERS),
        "note": Column(pl.String, "the person's own words"),
    },
)

VISIT = Contract(
    "visit",
    "one thing noted at one consult",
    _KEY,
    {
        **_provenance(),
        "date": Column(pl.Date, "local date of the consult", null=False, dated=DateKind.HAPPENED),
        "topic": Column(pl.String, "what it is about", null=False, one_of=VISIT_TOPICS),
        "subject": Column(pl.String, "channel of a driver, or the flare's date; null otherwise"),
        "opinion": Column(pl.String, "of a driver", one_of=OPINIONS),
        "on_date": Column(pl.Date, "local date meant: of an onset or a review", dated=DateKind.MEANT),
        "note": Column(pl.String, "the person's own words"),
        "onset_id": Column(pl.String, "source_id of the ONSET row of the flare meant; null: of none"),
    },
)

EPISODE = Contract(
    "episode",
    "one earlier spell of complaints that the daily log does not hold; never counted as logged days",
    _KEY,
    {
        **_provenance(),
        "from_date": Column(
            pl.Date, "local date by which it had begun; null unknown", dated=DateKind.HAPPENED
        ),
        "from_earliest_date": Column(
            pl.Date,
            "earliest local date it may have begun; null: not earlier than from_date",
            dated=DateKind.HAPPENED,
        ),
        "to_date": Column(pl.Date, "last local date; null unknown, or still there", dated=DateKind.HAPPENED),
        "body_part": Column(pl.String, "where it was", null=False, one_of=EPISODE_PARTS),
        "side": Column(pl.String, "which leg", one_of=SIDES),
        "known_by": Column(pl.String, "how it is known", null=False, one_of=KNOWN_BY),
        "note": Column(pl.String, "the person's own words"),
    },
)

INTAKE = Contract(
    "intake",
    "one answer of the intake card; a topic without a row was not asked or not answered",
    _KEY,
    {
        **_provenance(),
        "date": Column(pl.Date, "local date of the answer", null=False, dated=DateKind.HAPPENED),
        "topic": Column(pl.String, "what was asked", null=False, one_of=INTAKE_TOPICS),
        "answer": Column(pl.String, "the person's own words; yes or no for fluoroquinolone and steroid"),
        "on_date": Column(pl.Date, "local date of the race aimed at, for the goal", dated=DateKind.MEANT),
        "years": Column(pl.Float64, "years of regular running, for the training age", 0, 100),
        "decided_by": Column(pl.String, "who took it down", null=False, one_of=DECIDERS),
    },
)

STATEMENT = Contract(
    "statement",
    "one clause about a leg that the runner wrote in a title, description or note; proposed, never a logged day",
    _KEY,
    {
        **_provenance(),
        "date": Column(pl.Date, "local date of the session", null=False, dated=DateKind.HAPPENED),
        "activity_id": Column(pl.String, "activity.activity_id of the session it hangs on; null: on none"),
        "text": Column(pl.String, "the matched clause alone, in the runner's own words", null=False),
        "body_part": Column(pl.String, "where, as guessed from the words", null=False, one_of=EPISODE_PARTS),
        "side": Column(pl.String, "which leg, as guessed; null: not named", one_of=SIDES),
        "kind": Column(
            pl.String,
            "complaint; eased: slight or getting better; none: said to be absent",
            null=False,
            one_of=STATEMENT_KINDS,
        ),
    },
)

ANSWER = Contract(
    "answer",
    "what the runner answered to one question that the record itself raised; without a row it is open",
    _KEY,
    {
        **_provenance(),
        "question": Column(pl.String, "what was asked about", null=False, one_of=QUESTIONS),
        "question_id": Column(
            pl.String, "statement: its source and source_id; break: its first date", null=False
        ),
        "answer": Column(
            pl.String,
            "heel: yes, the Achilles or heel; other: yes, something else; no; not_me; for a break ill, away, skip too",
            null=False,
            one_of=ANSWERS,
        ),
        "from_date": Column(
            pl.Date, "first local date of a break; null for a statement", dated=DateKind.HAPPENED
        ),
        "to_date": Column(
            pl.Date, "last local date of a break; null for a statement", dated=DateKind.HAPPENED
        ),
    },
)

STORED = (
    ACTIVITY,
    SHOE,
    SHOE_FACT,
    SYMPTOM,
    STRENGTH,
    EVENT,
    ONSET,
    EDIT,
    TEST_RESULT,
    PLAN,
    GUARDRAIL,
    PROGRAMME,
    LADDER,
    VISIT,
    EPISODE,
    INTAKE,
    STATEMENT,
    ANSWER,
)
