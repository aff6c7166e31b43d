"""Since a visit: symptoms and running, by the days that are known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest

from dashboard.consult.since_last_visit import (
    first_change_rows,
    load_in_words,
    since_last_visit,
    symptoms_in_words,
)
from dashboard.diary import entries
from dashboard.model.changes import changes_before
from dashboard.shared.pipeline import analysis_of, explanation_of
from dashboard.shared.units import Units

VISIT, LAST = date(2026, 4, 1), date(2026, 4, 29)


def since(store, athlete_id, today: date, visit: date = VISIT):
    analysis = analysis_of(store, athlete_id)
    flares = explanation_of(store, athlete_id, analysis).flares
    return since_last_visit(analysis, flares, visit, today)


def test_weeks_are_compared_and_nothing_logged_is_not_none(store, athlete_id) -> None:
    changed = since(store, athlete_id, LAST)
    # The big fortnight of 20 km every other day begins on the day of the visit; before and after it is 8 km.
    assert changed.since.week_m == pytest.approx((7 * 20_000 + 8 * 8_000) * 7 / 29)
    assert changed.before.week_m == pytest.approx(28_000)
    lines = load_in_words(changed, Units())
    assert lines[0] == "Running: 28.0 km a week in the four weeks before → 49.2 km a week since."
    assert not any("record reaches" in line or "are known" in line for line in lines)
    assert symptoms_in_words(changed)[1] == (
        "Morning stiffness, median of two weeks: 20 min now, not logged before that visit."
    )


@pytest.mark.parametrize("late", [1, 3, 40])
def test_an_export_that_is_days_old_is_compared_to_its_last_day(store, athlete_id, late) -> None:
    """The days after the last import are not known: they are neither rest nor a reason to say nothing."""
    today = LAST + timedelta(days=late)
    lines = load_in_words(since(store, athlete_id, today), Units())
    assert lines[0] == "Running: 28.0 km a week in the four weeks before → 49.2 km a week since."
    assert ("The record reaches 29 Apr 2026." in lines) == (late > 1)


def test_a_record_that_ends_before_the_visit_says_so(store, athlete_id) -> None:
    visit = LAST + timedelta(days=10)
    assert load_in_words(since(store, athlete_id, visit + timedelta(days=20), visit), Units()) == [
        "Running since that visit is not known: the record ends on 29 Apr 2026."
    ]


def test_a_few_days_are_not_made_a_week(store, athlete_id) -> None:
    lines = load_in_words(since(store, athlete_id, LAST, LAST - timedelta(days=2)), Units())
    assert lines[0].startswith("Running: 16.0 km in 3 days since; before that ")


def test_days_within_that_no_record_reaches_are_counted_out(store, athlete_id) -> None:
    changed = since(store, athlete_id, LAST)
    gap = replace(changed, since=replace(changed.since, known=20, metres=100_000.0))
    assert "20 of 29 days since that visit are known." in load_in_words(gap, Units())
    assert "35.0 km a week since" in load_in_words(gap, Units())[0]


def test_symptoms_then_and_now(store, athlete_id) -> None:
    for day, pain in ((date(2026, 3, 25), 5.0), (date(2026, 3, 27), 5.0), (date(2026, 4, 25), 2.0)):
        store_entry = entries.SymptomEntry(day, "left", morning_pain_0_10=pain)
        entries.save_entry(store, athlete_id, store_entry)
    pain = symptoms_in_words(since(store, athlete_id, LAST))[0]
    assert pain == "Pain, median of two weeks: 5 → 3 of 10 (2 and 2 days logged)."


@pytest.mark.parametrize(("with_flare", "is_told"), [(0, False), (1, True)])
def test_a_count_of_nothing_that_was_logged_is_not_told(store, athlete_id, with_flare, is_told) -> None:
    analysis = analysis_of(store, athlete_id)
    explanation = explanation_of(store, athlete_id, analysis)
    onset = date(2026, 4, 14)
    counts = {"with_flare": with_flare, "without_flare": 0, "not_told": 5}
    changed = changes_before(analysis, explanation.flares, onset).with_columns(
        **{name: pl.lit(value, pl.Int64) for name, value in counts.items()}
    )
    assert changed["unusual"].any()
    rows = first_change_rows(analysis, explanation, onset, Units(), changed)
    assert any("Happened" in sentence for row in rows for sentence in row.sentences) is is_told
