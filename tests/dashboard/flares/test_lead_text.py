"""What changed is said first: on made-up runners with one planted cause for each flare, and decoys without one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import planted_causes as planted
import polars as pl
import pytest

from connectors.store import Runner
from dashboard.consult import since_last_visit
from dashboard.flares import cards, lead_text
from dashboard.flares.lead_text import Reader
from dashboard.model.analysis import Analysis, adapt
from dashboard.model.changes import STACKED_SCHEMA
from dashboard.model.explain import CurrentChanges, FlareExplanation, explain_flares
from dashboard.model.leading_changes import Composite
from dashboard.model.settings import ModelSettings
from dashboard.report import document, first_sentences, sections
from dashboard.report.material import ReportInput
from dashboard.shared.units import Units
from dashboard.timeline import text
from dashboard.today import text as today_text
from dashboard.today.status import current_load

SETTINGS = ModelSettings()
NAMED = {
    "shoe": ("shoes", "drop of the shoes"),
    "speed": ("fast running", "running speed"),
    "hills": ("climb", "descent"),
    "volume": ("running volume", "the longest run"),
    "long run": ("the longest run", "running volume"),
    "cadence": ("cadence",),
    "several": tuple(lead_text.NAMES.values()),
}
USUAL_RANGE = "within your usual range"


def told(runner: planted.Runner) -> tuple[Analysis, FlareExplanation]:
    analysis = adapt(runner.runs, runner.symptoms, SETTINGS, planted.day(runner.days - 1))
    return analysis, explain_flares(analysis, runner.symptoms)


@pytest.fixture(scope="module", params=(0, 1, 2, 3))
def grown(request) -> tuple[planted.Runner, Analysis, FlareExplanation, Reader]:
    runner = planted.grow(request.param)
    return runner, *told(runner), Reader(Units(), runner.names)


def names_the_cause(sentence: str, cause: str) -> bool:
    return any(name.lower() in sentence.lower().split(" changed most")[0] for name in NAMED[cause]) or (
        "short of a step-up" in sentence and any(name in sentence.lower() for name in NAMED[cause])
    )


def material(runner: planted.Runner, analysis: Analysis, why: FlareExplanation, start, end) -> ReportInput:
    return ReportInput(
        Runner(1, "A B", False, False), analysis, why, {"days": []}, runner.symptoms, runner.names, {}, Units(),
        start, end, None, None,
    )  # fmt: skip


def test_cards_begin_with_the_channel_that_changed(grown) -> None:
    runner, analysis, why, reader = grown
    for place, one in enumerate(runner.plants):
        card = cards.flare_card(why, analysis, runner.symptoms, place, Units(), shoe_names=runner.names)
        assert names_the_cause(card.before[0], one.cause), (one, card.before[0])
        assert "usually" in card.before[0]
        assert "total load" in card.before[card.first].lower()
        assert not [said for said in card.before[: card.first] if "total load" in said.lower()]
        led = since_last_visit.leading(analysis, why, planted.day(one.onset), reader)
        assert names_the_cause(led[0], one.cause)
        assert led[-1].startswith("Total load")


def test_reports_and_the_timeline_begin_with_it(grown) -> None:
    runner, analysis, why, _ = grown
    for one in runner.plants:
        onset = planted.day(one.onset)
        start, end = onset - timedelta(days=84), onset + timedelta(days=27)
        sentences = text.timeline_in_words(analysis, start, end, Units(), why, runner.names)
        assert names_the_cause(sentences[0], one.cause), (one, sentences[0])
        of = material(runner, analysis, why, start, end)
        assert names_the_cause(sections.stands_out_section(of)[0].lines[0], one.cause)
        flare = [item for item in sections.flares_section(of) if item.lead][-1]
        assert names_the_cause(flare.sentences[0], one.cause)
        assert USUAL_RANGE not in " ".join(sentences)
        load = [place for place, sentence in enumerate(sentences) if "total load" in sentence.lower()]
        assert load
        assert load[0] > 0


def test_the_report_for_programs_begins_with_it(grown) -> None:
    runner, analysis, why, reader = grown
    found = first_sentences.flares(document.flares_json(why), analysis, why, reader)
    for one, flare in zip(runner.plants, found, strict=True):
        assert names_the_cause(flare["said"][0], one.cause)
        assert names_the_cause(flare["story"], one.cause)
        assert flare["said"][-1].startswith("Total load")
        assert flare["changes"][0]["channel"] in planted.CHANNELS[one.cause]


def test_a_change_of_shoes_is_told_with_the_pair_and_the_flare_after_it(grown) -> None:
    runner, analysis, why, reader = grown
    place = next(place for place, one in enumerate(runner.plants) if one.cause == "shoe")
    sentences = lead_text.before(analysis, why, place, reader)
    assert "(Flat One)" in sentences[0]
    assert "mean drop 0.0 mm, usually " in sentences[0]
    assert sentences[1].startswith("This flare began ")
    assert "on record" in sentences[2]


def test_a_decoy_is_told_with_no_flare_after_it() -> None:
    runner = planted.grow(5, ("hills", "shoe"), with_flare=False)
    analysis, why = told(runner)
    for one in runner.plants:
        span = planted.day(one.first - 7), planted.day(one.last)
        sentences = lead_text.of_span(analysis, why, *span, Reader(Units(), runner.names))
        assert names_the_cause(sentences[0], one.cause)
        assert sentences[1] == "No flare is on record in the 28 days after."


@pytest.mark.parametrize("seed", [20, 21, 22])
def test_calm_years_are_told_as_calm(seed: int) -> None:
    runner = planted.grow(seed, causes=(), calm_days=730)
    analysis, why = told(runner)
    quiet = 0
    for first in range(180, 700, 28):
        start, end = planted.day(first), planted.day(first + 27)
        sentences = text.timeline_in_words(analysis, start, end, Units(), why, runner.names)
        stepped = why.step_ups.rows.filter((pl.col("from_date") <= end) & (pl.col("to_date") >= start))
        if stepped.is_empty() and "rose above" not in sentences[0]:
            quiet += 1
            assert sentences[0].startswith(("Nothing unusual", "Nothing in training stepped up")), sentences[
                0
            ]
    assert quiet >= 9


def _but(why: FlareExplanation, **other: Any) -> FlareExplanation:
    """Return an explanation with other parts in place of some."""
    parts = {
        "flares": why.flares,
        "before_flares": why.before_flares,
        "windows": why.windows,
        "recent": why.recent,
        "linkage": lambda: why.linkage,
        "responses": lambda: why.responses,
        "step_ups": lambda: why.step_ups,
    }
    return FlareExplanation(**{**parts, **other})


def test_where_only_the_spacing_stepped_up_it_is_told_before_the_load() -> None:
    runner = planted.grow(20, causes=(), calm_days=400)
    analysis, why = told(runner)
    start, end = planted.day(300), planted.day(313)
    row = {
        "from_date": start, "to_date": end, "channel": "hard_gap", "usual": 4.0, "usual_low": 3.0, "usual_high": 5.0,
        "reached": 1.0, "z": 3.0, "above_share_of_year": 1.0, "peak_date": start, "shoe_id": None,
    }  # fmt: skip
    rows = pl.DataFrame([row], schema=why.step_ups.rows.schema)
    stepped = replace(why.step_ups, rows=rows)
    why = _but(why, step_ups=lambda: stepped)
    reader = Reader(Units(), runner.names)
    said = "Nothing in training stepped up from 30 Oct to 12 Nov 2022 but what is worked out from load: hard days"
    assert lead_text.of_span(analysis, why, start, end, reader)[0].startswith(said)
    sentences = text.timeline_in_words(analysis, start, end, Units(), why, runner.names)
    assert sentences[0].startswith(said)
    assert "hard days closer together (1 day, usually 4 days), since" in sentences[0]
    before = lead_text.before_day(analysis, why, end, [], reader)
    assert before[0].startswith("Nothing in training stepped up")


def test_what_matters_for_a_tendon_is_told_before_what_is_only_rare() -> None:
    runner = planted.grow(20, causes=(), calm_days=200)
    analysis, why = told(runner)
    rows = [
        {"channel": "shoe_new", "unusual": True, "value": 1.0, "usual": 1.0, "z": 4.0},
        {"channel": "drop", "unusual": True, "value": 4.0, "usual": None, "z": 3.0},
        {"channel": "cadence", "unusual": True, "value": -1.7, "usual": 0.0, "z": 2.5},
        {"channel": "volume", "unusual": True, "value": 30_000.0, "usual": 20_000.0, "z": 1.6},
    ]
    asked = [dict.fromkeys(("with_flare", "without_flare", "not_told"), 0) | row for row in rows]
    reader, onset = Reader(Units(), runner.names), planted.day(190)
    (first,) = lead_text.before_day(analysis, why, onset, asked, reader)
    assert (
        first
        == "Running volume was furthest from usual, short of a step-up: 30.0 km a week, usually 20.0 km."
    )
    assert lead_text.before_day(analysis, why, onset, asked[:2], reader) == []
    small = "Three small changes in the same week: a, b and c."
    assert lead_text.before_day(analysis, why, onset, asked[:3], reader, small)[0] == small


def test_the_fortnight_never_begins_with_the_spacing_of_hard_days() -> None:
    runner = planted.grow(20, causes=(), calm_days=400)
    analysis, why = told(runner)
    now = current_load(analysis, planted.day(399))
    rows = why.recent.changes.with_columns(
        z=pl.when(pl.col("channel") == "hard_gap").then(3.0).otherwise(0.0),
        rank=pl.lit(1), with_flare=pl.lit(0), without_flare=pl.lit(1), not_told=pl.lit(0),
        unusual=pl.col("channel") == "hard_gap",
    )  # fmt: skip
    driven = why.recent.drivers
    frames = {"changes": lambda: rows, "stacked": STACKED_SCHEMA.to_frame, "drivers": lambda: driven}
    why = _but(why, recent=CurrentChanges(why.recent.spans, frames))
    for known, other in (((), ""), (("shoe_new",), " else")):
        sentences = today_text.unusual_in_words(why, replace(now, window_from=None), Units(), 28, known)
        assert sentences[0] == today_text.ONLY_MADE_OF_LOAD.format(other=other)
        assert sentences[1].startswith(today_text.CHANNEL_NAMES["hard_gap"])


@pytest.mark.parametrize(
    ("ratio", "is_window", "said"),
    [
        (0.9, False, "Total load did not rise: at most ×0.90 of what you were used to."),
        (1.26, False, "Total load hardly changed: at most ×1.26 of what you were used to."),
        (1.5, False, "Total load rose: at most ×1.50 of what you were used to, below your own threshold."),
        (
            1.5,
            True,
            "Total load rose above your own threshold: at its most ×1.50 of what you were used to.",
        ),
        (
            4.5,
            True,
            "Total load rose above your own threshold: more than ×3 of what you were used to.",
        ),
        (None, False, None),
    ],
)
def test_the_load_as_a_whole(ratio, is_window, said) -> None:
    assert lead_text.load_in_words(Composite(ratio, None, 1.3, is_window, ())) == said
