"""Limits looked back on: kept or not, on which days, and what is not known stays unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.frames import GUARDRAIL, SYMPTOM
from dashboard.diary import entries
from dashboard.plan import service
from dashboard.plan.limit_review import limit_reviews, review_limits
from dashboard.plan.limit_text import reviews_in_words, set_limits_in_words
from dashboard.plan.limits import GuardrailLimit, limits_from
from dashboard.plan.planned_runs import monday
from dashboard.shared.pipeline import analysis_of
from dashboard.shared.units import Units

VISIT = date(2026, 4, 1)  # from here on 20 km every other day until 13 April, then 8 km until 29 April
LAST = date(2026, 4, 29)
PT = "therapist"


def amount(value: float, until: date | None = None, set_on: date = VISIT) -> GuardrailLimit:
    return GuardrailLimit(value, True, PT, "amount", set_on, until)


@pytest.fixture
def analysis(store, athlete_id):
    return analysis_of(store, athlete_id)


def test_a_week_beyond_its_limit_is_named_with_the_days(store, athlete_id, analysis) -> None:
    service.save_limit(store, athlete_id, "distance", amount(45_000, date(2026, 4, 19)))
    (one,) = limit_reviews(store, athlete_id, analysis, VISIT, LAST)
    assert (one.first, one.last, one.verdict) == (VISIT + timedelta(days=1), date(2026, 4, 19), "crossed")
    # Week of 6 April: 7, 9, 11 April with 20 km each; that of 13 April: 20 and twice 8 km.
    assert [(over.date, over.total) for over in one.over] == [(date(2026, 4, 11), 60_000)]
    assert reviews_in_words([one], Units()) == [
        "Distance a week: at most 45.0 km until 19 Apr 2026 (PT), 2 to 19 Apr: not kept, 60.0 km in the week of "
        "6 Apr (beyond it on 11 Apr)."
    ]


def test_none_of_it_names_each_day_and_what_it_had(store, athlete_id, analysis) -> None:
    service.save_limit(store, athlete_id, "runs", amount(0, set_on=date(2026, 4, 22)))
    (one,) = limit_reviews(store, athlete_id, analysis, VISIT, LAST)
    assert reviews_in_words([one], Units()) == [
        "Runs a week: none (PT), 23 to 29 Apr: not kept, 1 run on 23 Apr, 1 run on 25 Apr, 1 run on 27 Apr, "
        "1 run on 29 Apr."
    ]


def test_a_limit_that_was_kept_says_so_and_the_day_it_was_set_does_not_count(
    store, athlete_id, analysis
) -> None:
    # 1 April itself had 20 km.
    service.save_limit(store, athlete_id, "distance", amount(45_000, date(2026, 4, 5)))
    (one,) = limit_reviews(store, athlete_id, analysis, VISIT, LAST)
    assert one.verdict == "kept"
    assert reviews_in_words([one], Units()) == [
        "Distance a week: at most 45.0 km until 5 Apr 2026 (PT), 2 to 5 Apr: kept."
    ]


def test_days_after_the_record_are_unknown_and_today_is_not_asked_for(store, athlete_id, analysis) -> None:
    service.save_limit(store, athlete_id, "distance", amount(45_000, set_on=date(2026, 4, 20)))
    (one,) = limit_reviews(store, athlete_id, analysis, VISIT, LAST + timedelta(days=4))
    assert one.last == LAST + timedelta(days=3)
    assert one.unknown == tuple(LAST + timedelta(days=n) for n in (1, 2, 3))
    assert one.verdict == "kept"
    assert reviews_in_words([one], Units())[0].endswith(
        "21 Apr to 2 May: kept on the days that are known; not known: 30 Apr to 2 May."
    )


def test_a_trace_in_a_recording_is_none(store, athlete_id, analysis) -> None:
    seconds = {date(2026, 4, 23): 20.0, date(2026, 4, 25): 300.0}
    days = analysis.days.with_columns(
        fast_s=pl.Series([seconds.get(day, 0.0) for day in analysis.days["local_date"]], dtype=pl.Float64)
    )
    service.save_limit(store, athlete_id, "fast", amount(0, set_on=date(2026, 4, 20)))
    (one,) = limit_reviews(store, athlete_id, replace(analysis, days=days), VISIT, LAST)
    assert [(over.date, over.amount) for over in one.over] == [(date(2026, 4, 25), 300.0)]


def test_what_no_recording_says_cannot_be_told(store, athlete_id, analysis) -> None:
    assert analysis.days.filter("known")["fast_s"].drop_nulls().sum() == 0
    service.save_limit(store, athlete_id, "fast", GuardrailLimit(-50, True, PT, "usual", VISIT))
    (one,) = limit_reviews(store, athlete_id, analysis, VISIT, LAST)
    assert one.verdict == "unknown"
    assert "cannot be told, the usual week was not known" in reviews_in_words([one], Units())[0]


def test_a_share_is_of_the_week_that_was_usual_when_it_was_set(store, athlete_id, analysis) -> None:
    service.save_limit(store, athlete_id, "distance", GuardrailLimit(0, True, PT, "usual", VISIT))
    (one,) = limit_reviews(store, athlete_id, analysis, VISIT, LAST)
    assert one.value == pytest.approx(28_000, rel=0.2)  # 8 km every other day, not the fortnight after
    assert one.verdict == "crossed"


def test_a_limit_changed_between_two_visits_is_two_and_defaults_are_none(store, athlete_id, analysis) -> None:
    service.save_limit(store, athlete_id, "distance", amount(30_000))
    later = replace(amount(90_000, set_on=date(2026, 4, 10)), decided_by="runner")
    service.save_limit(store, athlete_id, "distance", later)
    first, second = limit_reviews(store, athlete_id, analysis, VISIT, LAST)
    assert (first.last, first.verdict) == (date(2026, 4, 9), "crossed")
    assert (second.first, second.verdict) == (date(2026, 4, 11), "kept")
    assert [one.limit.decided_by for one in (first, second)] == [PT, "runner"]


def test_other_guardrails_are_held_against_what_was_run(store, athlete_id, analysis) -> None:
    service.save_limit(
        store, athlete_id, "long_run", GuardrailLimit(110, True, PT, from_date=date(2026, 3, 30))
    )
    service.save_limit(store, athlete_id, "hard_days", GuardrailLimit(3, True, PT, from_date=VISIT))
    long_run, hard = limit_reviews(store, athlete_id, analysis, date(2026, 3, 30), LAST)
    assert [one.date for one in long_run.over] == [VISIT]  # 20 km after 8 km
    assert [one.date for one in hard.over][:2] == [date(2026, 4, 3), date(2026, 4, 5)]  # every other day
    assert "not kept, on 1 Apr." in reviews_in_words([long_run], Units())[0]


def test_pain_beyond_its_limit_is_a_day_and_a_run_without_an_entry_is_unknown(
    store, athlete_id, analysis
) -> None:
    entries.save_entry(
        store, athlete_id, entries.SymptomEntry(date(2026, 4, 23), "left", pain_during_0_10=4.0)
    )
    service.save_limit(store, athlete_id, "pain", GuardrailLimit(3, True, PT, from_date=date(2026, 4, 20)))
    (one,) = limit_reviews(store, athlete_id, analysis_of(store, athlete_id), VISIT, LAST)
    assert [over.date for over in one.over] == [date(2026, 4, 23)]
    assert one.unknown == tuple(date(2026, 4, day) for day in (21, 25, 27, 29))


def test_lines_for_the_page_name_what_persons_set_alone(store, athlete_id) -> None:
    service.save_limit(store, athlete_id, "climb", amount(150, date(2026, 5, 20)))
    service.save_limit(store, athlete_id, "fast", replace(amount(0), is_on=False))
    limits = limits_from(store.read(GUARDRAIL, athlete_id), LAST)
    assert set_limits_in_words(limits, Units()) == ["Climb a week: at most 150 m until 20 May 2026 (PT)."]
    assert set_limits_in_words(limits_from(GUARDRAIL.empty(), LAST), Units()) == []


AMOUNTS = st.lists(st.none() | st.sampled_from([0.0, 5_000.0, 12_000.0]), min_size=21, max_size=21)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(AMOUNTS, st.sampled_from([0.0, 10_000.0, 20_000.0, 40_000.0]))
def test_kept_and_unknown_agree_with_the_days(analysis, amounts, cap) -> None:
    dates = [LAST - timedelta(days=20 - n) for n in range(21)]
    told = dict(zip(dates, amounts, strict=True))
    days = analysis.days.with_columns(
        distance_m=pl.Series([told.get(day, 0.0) for day in analysis.days["local_date"]], dtype=pl.Float64),
        runs=pl.Series(
            [0 if told.get(day, 0.0) == 0.0 else 1 for day in analysis.days["local_date"]], dtype=pl.Int64
        ),
    )
    set_on = dates[0] - timedelta(days=1)
    row = {
        "name": "distance", "value": cap, "is_on": True, "decided_by": PT, "measure": "amount", "from_date": set_on,
    }  # fmt: skip
    rows = pl.concat([GUARDRAIL.empty(), pl.DataFrame([row])], how="diagonal")
    (one,) = review_limits(
        rows, replace(analysis, days=days), SYMPTOM.empty(), pl.DataFrame(), set_on, LAST + timedelta(days=1)
    )
    sums: dict[date, float] = {}
    for day in dates:
        sums[monday(day)] = sums.get(monday(day), 0.0) + (told[day] or 0.0)
    beyond = {week for week, total in sums.items() if total > cap * 1.05}
    assert {monday(over.date) for over in one.over} == beyond
    assert set(one.unknown) == {day for day in dates if told[day] is None}
    assert (one.verdict == "crossed") == bool(beyond)
