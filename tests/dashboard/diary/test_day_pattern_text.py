"""The 24-hour pattern in short sentences, as a physical therapist would write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl

from connectors.frames import SYMPTOM
from connectors.manual_rows import symptom_rows
from dashboard.diary import day_pattern_text as text
from dashboard.model.day_pattern import day_pattern

TODAY = date(2026, 11, 28)
ONSET = date(2026, 9, 12)


def entry(day: date, **values) -> dict:
    return {"date": day, **values}


def diary(*entries: dict) -> pl.DataFrame:
    return symptom_rows(entries, 1, datetime(2026, 12, 1, tzinfo=UTC))


WORST = entry(
    date(2026, 9, 20),
    morning_stiffness_min=45.0,
    morning_pain_0_10=6.0,
    pain_start_0_10=5.0,
    warmed_up=False,
    pain_during_0_10=4.0,
    pain_after_0_10=5.0,
)
LATELY = [
    entry(
        TODAY - timedelta(days=n),
        morning_stiffness_min=5.0,
        morning_pain_0_10=1.0,
        pain_start_0_10=2.0,
        warmed_up=True,
        pain_during_0_10=0.0,
        pain_after_0_10=1.0,
    )
    for n in range(6)
]


def test_the_lines_of_the_page():
    assert text.pattern_lines(diary(WORST, *LATELY), (), ONSET, TODAY, TODAY) == [
        "24-hour pattern of 10, now (most since 12 Sep): first steps 1 (6), start of run 2 (5), warms up on 6 of 7 run "
        "days, during the run 0 (4), after the run 1 (5), morning after a run 1 (1).",
        "Stiff 45 min on 20 Sep → 5 min now.",
        "During the run 4 of 10 on 20 Sep → none now.",
        "Settles by the next morning on 5 of 5 run days in the last 4 weeks.",
    ]


def test_an_empty_diary_is_one_sentence_and_no_zero():
    (line,) = text.pattern_lines(SYMPTOM.empty(), (), ONSET, TODAY, TODAY)
    assert line == "Nothing of the 24 hours was logged from 12 Sep 2026 to 28 Nov 2026."


def test_what_was_not_logged_lately_is_not_told_as_none():
    lines = text.pattern_lines(diary(WORST), (), ONSET, TODAY, TODAY)
    assert "first steps not logged (6)" in lines[0]
    assert lines[1] == "Stiff 45 min on 20 Sep; not logged in the 14 days to 28 Nov."
    assert lines[-1] == (
        "Whether it settles by the next morning is not known: no morning after a run was logged in the last 4 weeks."
    )


def test_a_period_that_ended_is_not_told_as_now():
    lines = text.pattern_lines(diary(WORST), (), ONSET, date(2026, 9, 25), TODAY)
    assert "by 25 Sep 2026 (most since 12 Sep)" in lines[0]
    assert lines[1] == "Stiff 45 min on 20 Sep → 45 min by 25 Sep 2026."
    assert lines[-1].endswith("to 25 Sep 2026.")


def test_without_minutes_stiffness_is_told_from_0_to_10():
    entries = [
        entry(date(2026, 9, 20), morning_stiffness_0_10=7.0),
        entry(TODAY, morning_stiffness_0_10=2.0),
    ]
    pattern = day_pattern(diary(*entries), (), ONSET, TODAY)
    assert text.trend_sentences(pattern, TODAY) == ["Stiffness 7 of 10 on 20 Sep → 2 of 10 now."]


def test_a_band_is_told_as_a_band():
    entries = [
        entry(date(2026, 9, 20), morning_stiffness_band=">30"),
        entry(TODAY, morning_stiffness_band="<5"),
    ]
    pattern = day_pattern(diary(*entries), (), ONSET, TODAY)
    assert text.trend_sentences(pattern, TODAY) == ["Stiff over 30 min on 20 Sep → under 5 min now."]


def test_each_moment_of_the_day_has_its_cell_in_order():
    pattern = day_pattern(diary(WORST, *LATELY), (), ONSET, TODAY)
    cells = text.pattern_cells(pattern, TODAY)
    assert [one.title for one in cells] == [
        "First steps",
        "Start of run",
        "During the run",
        "After the run",
        "Morning after a run",
        "Stiffness",
    ]
    assert (cells[0].now, cells[0].most) == ("1 of 10 now", "most 6 of 10 on 20 Sep")
    assert cells[1].more == "warms up on 6 of 7 run days"
    unsaid = day_pattern(diary(entry(TODAY, pain_start_0_10=3.0)), (), ONSET, TODAY)
    assert text.pattern_cells(unsaid, TODAY)[1].more == "whether it warms up was not logged"


def test_an_entry_too_old_to_be_now_is_named():
    pattern = day_pattern(diary(WORST), (), ONSET, TODAY)
    assert text.last_entry(pattern, TODAY) == "The last entry is of 20 Sep 2026."
    assert text.last_entry(day_pattern(diary(*LATELY), (), ONSET, TODAY), TODAY) is None
