"""What the pages say of flares: every sentence from the data, nothing that is not known, no day hidden."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import log

import polars as pl
import pytest

from connectors.frames import EVENT, SYMPTOM
from dashboard.charts import axes
from dashboard.flares import cards, change_text, figures, tables
from dashboard.flares import text as flares_text
from dashboard.model.analysis import Analysis, adapt
from dashboard.model.attribution import DRIVER_SCHEMA, NO_RISE
from dashboard.model.channels import CHANNELS
from dashboard.model.explain import FlareExplanation, explain_flares
from dashboard.model.flares import RULES
from dashboard.model.linkage import Linkage
from dashboard.model.referral import CareReason
from dashboard.model.settings import ModelSettings
from dashboard.shared import text as shared_text
from dashboard.shared.units import Units
from dashboard.timeline import text as timeline_text
from dashboard.timeline.data import TimelineOptions, timeline_data
from dashboard.timeline.figure import timeline_figure
from dashboard.timeline.lanes.symptoms import BRACKET_LEG, FLARE_LINE, HEAD_ROOM
from dashboard.timeline.text import timeline_in_words
from dashboard.timeline.usual_marks import WIDE_PX
from dashboard.today import answers
from dashboard.today import text as today_text
from dashboard.today.status import current_load

UNITS = Units()
ROW = {
    "rise": 1.5, "leading": "volume", "why": None, "x_volume": 1.4, "x_speed": 1.0, "x_hills": 1.5 / 1.4 / 1.02,
    "x_cadence": 1.0, "x_shoe": 1.02, "x_climb": 1.1, "x_descent": 1.5 / 1.4 / 1.02 / 1.1,
    **{f"share_{name}": log(x) / log(1.5) for name, x in
       (("volume", 1.4), ("speed", 1.0), ("hills", 1.5 / 1.4 / 1.02), ("cadence", 1.0), ("shoe", 1.02))},
}  # fmt: skip
CHANGE = {
    "channel": "volume", "date": date(2024, 7, 20), "value": 80_000.0, "usual": 40_000.0, "usual_low": 38_000.0,
    "usual_high": 42_000.0, "z": 4.0, "unusual": True, "rank": 1, "of_weeks": 70, "since": date(2024, 7, 15),
    "with_flare": 2, "without_flare": 1, "not_told": 0,
}  # fmt: skip


def diary(analysis) -> pl.DataFrame:
    felt = analysis.days.filter(pl.col("pain_0_10").is_not_null())
    frame = felt.select(
        athlete_id=pl.lit(1, pl.Int64),
        source=pl.lit("demo"),
        source_id=pl.col("local_date").cast(pl.String),
        date="local_date",
        morning_pain_0_10="pain_0_10",
        morning_stiffness_min="stiffness_min",
        note=pl.lit("<b>sore</b> after the hills"),
    )
    return pl.concat([SYMPTOM.empty(), frame], how="diagonal_relaxed").select(list(SYMPTOM.columns))


def weighed(analysis: Analysis) -> Analysis:
    """The same runner with weighted steps: every step as heavy as the next."""
    flat = [f"w_{bits}" for bits in ("100", "010", "001", "110", "101", "011", "111")]
    runs = analysis.runs.with_columns(*(pl.col("steps").alias(name) for name in flat))
    runs = runs.with_columns(
        w_climb=pl.lit(0.0), w_descent=pl.lit(0.0), x_hills_a=pl.lit(1.0), x_hills_c=pl.lit(1.0)
    )
    return replace(analysis, runs=runs)


@pytest.fixture(scope="module")
def jumped(jumping) -> tuple:
    analysis, symptoms = weighed(jumping), diary(jumping)
    return analysis, explain_flares(analysis, symptoms), symptoms


def test_a_card_says_when_how_high_how_long_and_what_came_before(jumped):
    analysis, why, symptoms = jumped
    assert why.flares.height == 2
    card = cards.flare_card(why, analysis, symptoms, 1, UNITS)
    facts = dict(card.facts)
    onset = why.flares["onset"][1]
    assert card.onset == onset
    assert facts["Peak"].startswith("4 of 10")
    assert facts["Length"].endswith("days")
    assert card.before[0].startswith("The longest run changed most: ")
    assert "rose above what you were used to" in card.before[card.first]
    assert card.badge == "both estimates agree"
    assert any("more running" in sentence for sentence in card.before)
    assert any("Distance: " in sentences[0] for sentences in card.changed)
    assert "with a flare begun within 28 days" in card.changed[0][-1]
    assert "morning 4" in " ".join(card.observed)


def test_notes_of_the_days_before_and_of_the_flare_are_shown_escaped(jumped):
    from dashboard.shared import ui as looks

    analysis, why, symptoms = jumped
    card = cards.flare_card(why, analysis, symptoms, 0, UNITS)
    assert card.notes
    written = looks.bullets([[day, note] for day, note in card.notes])
    assert "<b>sore" not in written
    assert "&lt;b&gt;sore" in written


def test_an_onset_moved_by_a_person_stands_beside_the_rule(jumped):
    analysis, why, symptoms = jumped
    rule = why.flares["onset"][0]
    edits = pl.DataFrame({"onset_rule_date": [rule], "onset_person_date": [rule - timedelta(3)]})
    moved = explain_flares(analysis, symptoms, edits)
    facts = dict(cards.flare_card(moved, analysis, symptoms, 0, UNITS).facts)
    assert facts["Onset (rule)"] != facts["Onset (by hand)"]


def test_the_waterfall_ends_where_the_rise_is():
    drawn = figures.drivers_figure(ROW, "light")
    assert drawn is not None
    steps, total = drawn.to_dict()["data"]
    assert list(total["x"]) == [pytest.approx(log(1.5))]
    signs = [1 if label.split(" · ")[0] >= "×1.0" else -1 for label in steps["text"]]
    assert sum(s * x for s, x in zip(signs, steps["x"], strict=True)) == pytest.approx(log(1.5))
    assert len(steps["y"]) == 6  # climb and descent stand apart
    assert "93 %" not in "".join(steps["text"])
    assert "83 %" in "".join(steps["text"])


def test_without_a_rise_there_is_no_waterfall_and_the_reason_is_said():
    row = {**dict.fromkeys(DRIVER_SCHEMA), "why": NO_RISE}
    assert figures.drivers_figure(row, "dark") is None
    assert figures.drivers_in_words(row) == NO_RISE
    assert timeline_text.went_with(row) is None


def test_hills_stand_as_one_where_climb_and_descent_are_not_known():
    drawn = figures.drivers_figure(ROW | {"x_climb": None, "x_descent": None}, "light", True)
    assert drawn is not None
    assert "Hills" in drawn.to_dict()["data"][0]["y"]


def test_changes_count_how_often_the_same_came_without_a_flare():
    told = " ".join(change_text.change_in_words(CHANGE, UNITS, 28))
    assert "80.0 km" in told
    assert "usually 40.0 km (38.0 to 42.0 km)" in told
    assert (
        "Happened 3 times on record, this time included: 2 with a flare begun within 28 days, 1 without."
        in told
    )
    untold = " ".join(change_text.change_in_words(CHANGE | {"not_told": 2, "rank": 4}, UNITS, 28))
    assert "2 with too little logged to tell" in untold
    assert "4th most unusual of 70 weeks" in untold


@pytest.mark.parametrize("channel", [c.id for c in CHANNELS])
def test_every_channel_has_a_unit(channel):
    assert any(ch.isdigit() for ch in change_text.amount(channel, 2.5, Units("mi", "ft")))
    assert change_text.amount(channel, None, UNITS) == "not known"


def test_a_channel_beyond_the_scale_is_an_arrow_at_its_end():
    drawn = figures.changes_figure([CHANGE, CHANGE | {"channel": "climb", "z": 40.0}], UNITS, "light")
    assert drawn is not None
    [dots] = drawn.to_dict()["data"]
    assert max(dots["x"]) == figures.REACH_Z[1]
    assert dots["marker"]["symbol"] == ["circle", "triangle-right"]
    assert figures.changes_figure([CHANGE | {"z": None}], UNITS, "light") is None
    assert figures.changes_in_words([CHANGE | {"unusual": False}], UNITS, 28) == [
        [change_text.NOTHING_CHANGED]
    ]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_words(rule):
    assert flares_text.rules_in_words(rule, ModelSettings()).startswith("Why this counts as a flare: ")


@pytest.mark.parametrize(
    ("holds", "robust", "part"),
    [
        (True, True, "Both ways to estimate it agree"),
        (True, False, "the two ways to estimate it disagree"),
        (False, True, "stayed below your own threshold"),
        (False, False, "the other way to estimate it"),
        (None, None, "not known"),
    ],
)
def test_whether_load_came_before_is_said_with_its_certainty(holds, robust, part):
    assert part in flares_text.before_in_words(holds, robust, 1.4, 28)


def test_assumptions_show_three_lenses_and_three_time_constants(jumped):
    _, why, _ = jumped
    held = tables.assumption_part(why.before_flares.held, why.before_flares.spans.row(0))
    written = tables.assumptions_in_html(held)
    assert written.count("<tr>") == 4
    assert written.count("<td>") == 9
    assert "42 days (yours)" in written
    large = tables.assumptions_in_html(held.with_columns(value=pl.lit(4.2), holds=pl.lit(True)))
    assert large.count("above, more than ×3") == 9
    assert "4.2" not in large
    assert "mostly from volume" in str(
        tables.leading_in_words(tables.assumption_part(why.windows.led, why.windows.spans.row(0)))
    )


def test_linkage_says_what_is_missing_and_shows_no_table(jumped):
    _, why, _ = jumped
    assert "3 flares" in tables.linkage_in_words(why.linkage)[0]
    assert tables.linkage_tests_in_html(why.linkage) == ""
    assert tables.sensitivity_in_html(why.linkage) == ""


def test_linkage_shows_the_reverse_beside_it(fifteen_years):
    explanation = explain_flares(fifteen_years, diary(fifteen_years))
    found: Linkage = explanation.linkage
    assert found.enough_data
    written = tables.linkage_tests_in_html(found)
    assert "(the reverse)" in written
    assert f"{found.exposed} of {found.flares}" in written
    assert tables.sensitivity_in_html(found).count("<tr>") == found.sensitivity.height + 1
    sentences = tables.linkage_in_words(found)
    assert sentences[0].startswith("Running volume stepped up in the 7 days before 30 of 30 flares")
    assert sentences[-2] == found.why
    assert "your own weeks around" in sentences[-1]


def test_mornings_without_an_entry_are_not_known(jumped):
    _, why, _ = jumped
    assert tables.mornings_in_words(why.responses.clear()) == [tables.NO_MORNINGS]
    assert tables.mornings_in_html(why.responses.clear()) == ""
    assert "not known" in tables.mornings_in_html(why.responses.with_columns(change=None))
    up = pl.DataFrame({"kind": ["fast"], "told": [9], "low": [0.4], "high": [1.0]})
    assert "after fast sessions" in tables.mornings_in_words(up)[0]


def test_a_table_escapes_every_text():
    written = axes.html_table(["<i>"], [["<script>", "&"]], 'a "caption"')
    assert "<script>" not in written
    assert "&lt;script&gt;" in written
    assert "aria-label='a &quot;caption&quot;'" in written


def test_flares_are_brackets_with_a_word_on_the_timeline(jumped, shoe_names):
    analysis, why, _ = jumped
    first, last = analysis.days["local_date"][0], analysis.days["local_date"][-1]
    bare = timeline_figure(
        timeline_data(analysis, shoe_names, first, last, TimelineOptions(UNITS))
    ).to_dict()["layout"]
    whole = timeline_figure(
        timeline_data(analysis, shoe_names, first, last, TimelineOptions(UNITS), why)
    ).to_dict()
    drawn = whole["layout"]
    step_ups = [shape for shape in drawn["shapes"] if shape.get("line", {}).get("width") == WIDE_PX]
    assert len(drawn["shapes"]) - len(step_ups) - len(bare["shapes"]) == 2
    top = drawn["yaxis"]["tickvals"][-1]
    ends = [BRACKET_LEG * top, FLARE_LINE * top]
    [bracket] = [trace for trace in whole["data"] if list(trace["y"])[:2] == ends]
    assert next(iter(bracket["x"])).startswith(str(why.flares["onset"][0] - timedelta(1))[:7])
    assert [note["text"] for note in drawn["annotations"]].count("flare") == 2
    assert drawn["yaxis"]["range"][1] == HEAD_ROOM * top > FLARE_LINE * top
    assert any(note["text"].startswith("<b>×") for note in drawn["annotations"])


def test_the_timeline_says_what_the_largest_window_went_with(jumped):
    analysis, why, _ = jumped
    first, last = analysis.days["local_date"][0], analysis.days["local_date"][-1]
    story = " ".join(timeline_in_words(analysis, first, last, UNITS, why))
    assert "the rise came mostly from more running (×" in story
    assert "2 flares lasted from" in story
    assert "flare" not in " ".join(timeline_in_words(analysis, first, last, UNITS))


def test_a_day_says_in_which_window_and_flare_it_lies(jumped):
    analysis, why, _ = jumped
    start = analysis.windows["from_date"][0]
    said = timeline_text.day_in_words(why, analysis.windows, start)
    assert "was above what you were used to" in said[0]
    assert "came mostly from" in said[0]
    onset = why.flares["onset"][0]
    assert any("lies in a flare" in one for one in timeline_text.day_in_words(why, analysis.windows, onset))
    assert timeline_text.day_in_words(why, analysis.windows, analysis.days["local_date"][100]) == []


def test_today_is_one_calm_line_when_nothing_is_unusual(steady):
    explanation: FlareExplanation = explain_flares(steady, SYMPTOM.empty())
    now = current_load(steady, steady.days["local_date"][-1])
    assert today_text.unusual_in_words(explanation, now, UNITS, 28) == [
        today_text.CALM.format(ratio=now.ratio)
    ]
    assert "close to what you are used to" in today_text.load_in_words(now)[0]


def test_today_says_a_rise_and_since_when(jumping):
    end = jumping.days["local_date"][0] + timedelta(days=411)
    runs = weighed(jumping).runs.filter(pl.col("local_date") <= end)
    now_analysis: Analysis = adapt(runs, SYMPTOM.empty(), ModelSettings(), end)
    now = current_load(now_analysis, end)
    assert now.window_from is not None
    assert "more than you are used to; both ways" in today_text.load_in_words(now)[1]
    said = " ".join(
        today_text.unusual_in_words(explain_flares(now_analysis, SYMPTOM.empty()), now, UNITS, 28)
    )
    assert "more running" in said
    assert "Distance: " in said
    assert today_text.CALM.split(":")[0] not in said


def test_the_next_long_run_stays_within_ten_percent_of_the_longest_and_names_its_source(steady):
    today = steady.days["local_date"][-1]
    now = current_load(steady, today)
    longest = steady.runs.filter(pl.col("local_date") >= today - timedelta(days=30))["distance_m"].max()
    assert now.limit_m == pytest.approx(longest * 1.1)
    said = answers.long_run_answer(now, UNITS)
    assert UNITS.distance_words(now.limit_m) in said.sentences[0]
    assert "Frandsen 2025" in said.source
    later = current_load(steady, today + timedelta(days=90))
    assert later.limit_m is None
    assert answers.long_run_answer(later, UNITS).sentences == (today_text.NO_LIMIT,)
    assert any("90 days old" in one for one in today_text.load_in_words(later))


def test_no_sentence_of_a_card_holds_a_number_that_is_not_one(jumped):
    analysis, why, symptoms = jumped
    card = cards.flare_card(why, analysis, symptoms, 0, UNITS)
    every = " ".join([*card.observed, *card.before, card.assumed, *(" ".join(one) for one in card.changed)])
    assert not re.search(r"\bnan\b|\bNone\b|\binf\b", every)


def test_what_happened_near_a_flare_stands_among_its_notes_by_date(jumped):
    analysis, why, symptoms = jumped
    onset = why.flares["onset"][0]
    common = {
        "athlete_id": 1,
        "source": "manual",
        "fetched_utc": datetime(2025, 1, 1, tzinfo=UTC),
        "kind": "travel",
    }
    rows = [
        {**common, "source_id": str(back), "date": onset - timedelta(back), "note": f"{back} days"}
        for back in (3, 90)
    ]
    events = pl.DataFrame(rows, schema=EVENT.schema)
    notes = cards.flare_card(why, analysis, symptoms, 0, UNITS, events).notes
    assert (shared_text.day_in_words(onset - timedelta(3)), "Travel: 3 days") in notes
    assert not any("90 days" in text for _, text in notes)


@pytest.mark.parametrize("reason", list(CareReason))
def test_every_reason_to_see_someone_is_one_sentence(reason):
    said = today_text.CARE[reason]
    assert said.count(".") == 1
    assert "physical therapist" in said


def test_the_highest_stiffness_of_a_flare_is_said_as_the_band_that_was_tapped(jumped):
    analysis, why, symptoms = jumped
    tapped = symptoms.with_columns(morning_stiffness_band=pl.lit("15-30"))
    assert "stiffness for 15 to 30 min" in " ".join(
        cards.flare_card(why, analysis, tapped, 0, UNITS).observed
    )
    assert "stiffness for 20 min" in " ".join(cards.flare_card(why, analysis, symptoms, 0, UNITS).observed)
