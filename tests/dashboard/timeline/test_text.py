"""One day in words."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from dashboard.model.schemas import RUN_SCHEMA
from dashboard.shared import text
from dashboard.shared.units import Units
from dashboard.timeline.text import day_runs_in_words, is_day_known, no_run_in_words

DAY = date(2024, 5, 1)


def one(make_run, **more):
    return pl.DataFrame([make_run(1, DAY, 10_000.0, **({"multiplier": 1.16} | more))], schema=RUN_SCHEMA)


def test_a_run_has_its_figures_and_what_made_them(make_run, shoe_names):
    run = day_runs_in_words(one(make_run), DAY, Units(), shoe_names)[0]
    facts = dict(run.facts)
    assert facts["Distance"] == "10.0 km"
    assert facts["Load"] == "11.6 easy kilometres"
    assert facts["Multiplier"] == "×1.16"
    assert facts["Shoe"] == "Ghost 15"
    assert "steps ×1.16, speed ×1.00, hills ×1.00, cadence ×1.00, shoe ×1.00" in run.sentences[0]
    assert run.title == "Run 1 · 1 May 2024"


def test_miles_keep_the_multiplier(make_run, shoe_names):
    facts = dict(day_runs_in_words(one(make_run), DAY, Units("mi", "ft"), shoe_names)[0].facts)
    assert facts["Distance"] == "6.2 mi"
    assert facts["Load"] == "7.2 easy miles"
    assert facts["Multiplier"] == "×1.16"


def test_an_estimated_run_says_so_with_its_band(make_run, shoe_names):
    run = day_runs_in_words(
        one(make_run, estimated=True, flags="no_samples no_shoe"), DAY, Units(), shoe_names
    )[0]
    assert "Estimated from the summary" in run.sentences[1]
    assert text.FLAGS["no_samples"] in run.sentences
    assert text.FLAGS["no_shoe"] in run.sentences


def test_a_flag_without_words_is_still_shown(make_run, shoe_names):
    run = day_runs_in_words(one(make_run, flags="brand_new"), DAY, Units(), shoe_names)[0]
    assert run.sentences[-1] == "Marked: brand_new."


@pytest.mark.parametrize(
    "column", ["load_tkm", "distance_m", "moving_s", "multiplier", "name", "shoe_id", "ascent_m"]
)
def test_unknown_is_said_and_never_breaks(make_run, shoe_names, column):
    run = day_runs_in_words(one(make_run, **{column: None}), DAY, Units(), shoe_names)[0]
    assert run.title
    assert "None" not in " ".join([*(value for _, value in run.facts), *run.sentences])


def test_a_week_lists_all_its_runs(make_run, shoe_names):
    rows = [make_run(i, date(2024, 5, i), 5000.0) for i in range(1, 11)]
    frame = pl.DataFrame(rows, schema=RUN_SCHEMA)
    assert len(day_runs_in_words(frame, date(2024, 5, 10), Units(), shoe_names, days=7)) == 7
    assert len(day_runs_in_words(frame, date(2024, 5, 10), Units(), shoe_names)) == 1


def test_rest_and_no_record_are_told_apart(jumping):
    assert is_day_known(jumping.days, date(2024, 1, 5))
    assert not is_day_known(jumping.days, date(2020, 1, 1))
    assert no_run_in_words(True, DAY) == "No run on 1 May 2024."
    assert "not known" in no_run_in_words(False, DAY)
