"""The cadence experiment in words, bars and tables: both sides always, and nothing where too little is known."""

from __future__ import annotations

from datetime import date, timedelta
from math import log

import polars as pl
import pytest

from dashboard.cadence import experiment_figure
from dashboard.cadence import text as cadence_text
from dashboard.cadence.experiment import (
    MORNING_SCHEMA,
    BeforeAfter,
    CadenceChange,
    CadenceEffect,
    CadenceExperiment,
    ExperimentSide,
    LoadPerKm,
)
from dashboard.model.load.runner_profile import RunnerProfile
from dashboard.model.mechanics import MECHANICS_SCHEMA
from dashboard.shared.units import Units

START, TODAY = date(2026, 5, 4), date(2026, 6, 15)
OWN = RunnerProfile(3.0, 3.45, 140.0, 10.0, "samples", "samples", 36_000.0)
NONE = MECHANICS_SCHEMA.to_frame()
FOUND = CadenceEffect(BeforeAfter(1.05, 0.944), BeforeAfter(1.05, 0.972), BeforeAfter(1.05, 0.892), 0.981)


def side(runs: int, hours: float, first: date = START) -> ExperimentSide:
    return ExperimentSide(first, first + timedelta(42), runs, hours * 3600)


def test_a_change_is_said_with_its_interval_and_counts():
    found = CadenceChange(side(30, 30), side(1, 12), OWN, NONE, 4.8, 4.2, 5.4, 0.62)
    text = " ".join(cadence_text.experiment_in_words(CadenceExperiment(START), found, TODAY))
    assert (
        "+4.8 % against the eight weeks before (95 % interval +4.2 to +5.4), over 1 run against 30 runs"
        in text
    )
    assert "In 62 % of" in text


@pytest.mark.parametrize(
    ("found", "start", "said"),
    [
        (CadenceChange(side(30, 30), side(0, 0), OWN, NONE), TODAY + timedelta(3), "begins on 18 Jun 2026"),
        (CadenceChange(side(3, 0.2), side(9, 9), None, NONE), START, "3 runs with cadence and 12 min"),
        (
            CadenceChange(side(30, 30), side(1, 0.5), OWN, NONE),
            START,
            "So far there are 1 run with cadence and 30 min",
        ),
    ],
)
def test_what_is_missing_is_said_in_one_sentence(found, start, said):
    (sentence,) = cadence_text.experiment_in_words(CadenceExperiment(start), found, TODAY)
    assert said in sentence


def test_without_an_interval_none_is_made_up():
    found = CadenceChange(side(30, 30), side(9, 9), OWN, NONE, 5.0, None, None, 1.0)
    assert "interval" not in " ".join(
        cadence_text.experiment_in_words(CadenceExperiment(START), found, TODAY)
    )


def test_an_end_is_part_of_what_was_set():
    assert "4 May 2026, 5 %" in cadence_text.setting_in_words(CadenceExperiment(START))
    assert "From 4 to 30 May 2026, 7.5 %" in cadence_text.setting_in_words(
        CadenceExperiment(START, 7.5, date(2026, 5, 30))
    )


def test_both_sides_and_their_product_are_said_with_bounds():
    sentences = cadence_text.both_sides_in_words(FOUND, "km")
    assert "+5.0 % steps in a km" in sentences[0]
    assert "−5.6 % load for each step (−10.8 to −2.8)" in sentences[0]
    assert "−0.9 % load for the km (−6.3 to +2.1)" in sentences[0]
    assert sentences[1] == cadence_text.BALANCED
    strong = CadenceEffect(BeforeAfter(1.05, 0.9), BeforeAfter(1.05, 0.94), BeforeAfter(1.05, 0.8), 0.98)
    assert len(cadence_text.both_sides_in_words(strong, "mi")) == 1
    assert "−1.9 %" in cadence_text.method_in_words(FOUND, "km")


@pytest.mark.parametrize("narrow", [False, True])
def test_the_third_bar_is_the_first_two_together(narrow):
    (bars,) = experiment_figure.experiment_figure(FOUND, Units(), "dark", narrow).to_dict()["data"]
    steps, force, load = bars["x"]
    assert load == pytest.approx(steps + force)
    assert force == pytest.approx(log(0.944))
    for x, more, less in zip(bars["x"], bars["error_x"]["array"], bars["error_x"]["arrayminus"], strict=True):
        assert more >= 0 <= less
        assert x + more <= 0.2
    assert bars["x"][2] - bars["error_x"]["arrayminus"][2] == pytest.approx(log(1.05 * 0.892))
    assert bars["y"][0] == "Steps of a km"


def test_the_table_shows_both_columns_of_change_in_the_runners_units():
    before, since = LoadPerKm(20, 930.0, 1.06 / 930, 1.06), LoadPerKm(15, 985.0, 1.04 / 985, 1.04)
    text = experiment_figure.effects_in_html(FOUND, before, since, Units())
    for part in ("930", "985", "+5.9 %", "1.14 easy km", "1.06 easy km", "−1.9 %", "+5.0 %", "−0.9 %"):
        assert part in text, part
    miles = experiment_figure.effects_in_html(FOUND, before, since, Units("mi", "ft"))
    for part in ("Steps of a mi", "1497", "1.06 easy mi", "0.71 easy mi"):
        assert part in miles, part
    assert experiment_figure.effects_in_html(FOUND, None, since, Units()).count("not known") == 6


def test_mornings_carry_counts_and_too_few_is_said():
    rows = [
        ("stiffness_0_10", 20, 15, 2.0, 12, 10, 1.0, -1.0, -1.8, -0.2),
        ("stiffness_min", 20, 0, None, 12, 3, 5.0, None, None, None),
        ("pain_0_10", 20, 8, 1.0, 12, 8, 1.0, 0.0, None, None),
    ]
    text = experiment_figure.mornings_in_html(pl.DataFrame(rows, schema=MORNING_SCHEMA, orient="row"))
    for part in ("2.0 (15 of 20 mornings)", "−1.0 (−1.8 to −0.2)", "not known (0 of 20 mornings)", "too few"):
        assert part in text, part
    none = pl.DataFrame([("pain_0_10", 20, 0, None, 12, 0, *[None] * 4)], schema=MORNING_SCHEMA, orient="row")
    assert experiment_figure.mornings_in_html(none) == ""
