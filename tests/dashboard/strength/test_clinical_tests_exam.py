"""Exam findings: measures like the tests, judged only where the error of a repeat is known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from connectors.frames import MEASURES
from connectors.ingest.diary_csv import parse_diary
from connectors.manual_rows import result_rows
from dashboard.strength import clinical_tests, figure, text
from dashboard.strength.clinical_tests import (
    BY_ID,
    CLINICAL_MEASURES,
    is_beyond,
    result_changes,
    save_results,
)

FIRST = date(2026, 1, 5)
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def changed(measure: str, *values: float) -> list[dict]:
    given = [
        {"date": FIRST + timedelta(weeks=n), "measure": measure, "side": "left", "value": value}
        for n, value in enumerate(values)
    ]
    return result_changes(result_rows(given, 1, NOW)).to_dicts()


def test_every_kept_measure_has_a_record_and_words():
    assert set(BY_ID) == set(MEASURES) == set(text.HOW)
    assert all(one.source for one in CLINICAL_MEASURES)
    judged = {one.id for one in CLINICAL_MEASURES if one.least_change is not None}
    assert judged == set(text.MEANINGS) == set(text.BANDS)


def test_the_exam_is_per_side_and_dated(store, athlete_id):
    entered: dict[tuple[str, str | None], float] = {
        ("palpation_pain_0_10", "left"): 6,
        ("arc_sign", "left"): 1,
        ("arc_sign", "right"): 0,
        ("knee_to_wall_cm", "left"): 9.5,
        ("heel_rise_height_cm", "right"): 11.0,
        ("hop_count", "left"): 14,
    }
    save_results(store, athlete_id, FIRST, entered, "therapist")
    rows = clinical_tests.test_results(store, athlete_id)
    assert {(r["measure"], r["side"]): r["value"] for r in rows.to_dicts()} == entered
    assert set(rows["decided_by"]) == {"therapist"}


@pytest.mark.parametrize(
    ("measure", "change", "beyond"),
    [
        ("knee_to_wall_cm", 1.9, False),
        ("knee_to_wall_cm", -2.0, True),
        ("palpation_pain_0_10", 2.0, True),
        ("palpation_pain_0_10", 1.0, False),
        ("hop_count", 10.0, None),
        ("heel_rise_height_cm", 5.0, None),
        ("arc_sign", 1.0, None),
    ],
)
def test_a_change_is_judged_only_where_its_error_is_known(measure, change, beyond):
    assert is_beyond(measure, change) is beyond


def test_a_longer_reach_to_the_wall_is_neither_better_nor_worse():
    last = changed("knee_to_wall_cm", 8.0, 11.5)[-1]
    assert (last["is_beyond"], last["is_worse"]) == (True, None)
    (sentence,) = text.change_in_words(last)
    assert sentence == (
        "Knee to wall, left leg: 11.5 cm on 12 Jan 2026, 8 on 5 Jan 2026: a change by more than the error of one "
        "examiner (1.9)."
    )


def test_more_pain_on_palpation_is_worse():
    last = changed("palpation_pain_0_10", 2.0, 6.0)[-1]
    assert last["is_worse"] is True
    assert "worse by at least" in text.change_in_words(last)[0]


def test_without_a_known_error_a_change_is_told_and_not_judged():
    first, last = changed("heel_rise_height_cm", 9.0, 12.5)
    assert text.change_in_words(first) == [
        "Heel-rise height, left leg: 9 cm on 5 Jan 2026. It is the first one."
    ]
    assert text.change_in_words(last) == [
        "Heel-rise height, left leg: 12.5 cm on 12 Jan 2026, 9 on 5 Jan 2026. How far repeats differ is not known "
        "here."
    ]


def test_a_sign_is_there_or_not():
    first, last = changed("arc_sign", 1.0, 0.0)
    assert text.change_in_words(first) == ["Arc sign, left leg: there on 5 Jan 2026."]
    assert text.change_in_words(last) == [
        "Arc sign, left leg: not there on 12 Jan 2026, there on 5 Jan 2026."
    ]


@pytest.mark.parametrize("measure", sorted(BY_ID))
def test_each_measure_can_be_drawn(measure):
    rows = pl.DataFrame(changed(measure, 1.0, 0.0))
    assert figure.clinical_tests_figure(rows, measure, "light")["data"]


@pytest.mark.parametrize(("measure", "has_bars"), [("hop_count", False), ("knee_to_wall_cm", True)])
def test_no_bar_of_error_is_drawn_where_none_is_known(measure, has_bars):
    drawn = figure.clinical_tests_figure(pl.DataFrame(changed(measure, 10.0, 14.0)), measure, "light")
    assert ("error_y" in str(drawn.to_dict()["data"])) == has_bars


@pytest.mark.parametrize(
    ("measure", "value", "word"),
    [("arc_sign", "0.5", "neither 0"), ("palpation_pain_0_10", "11", "outside 0 to 10")],
)
def test_a_finding_off_its_scale_is_refused_on_the_way_in(measure, value, word):
    diary = parse_diary(f"date,measure,side,value\n2026-03-01,{measure},left,{value}\n".encode(), 7, NOW)
    assert diary.beside["test_result"].is_empty()
    assert word in diary.skipped[0].reason
