"""P: what was agreed, limits and who set them, the programme's week, the ladder, the review."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from connectors.frames import GUARDRAIL, LADDER
from dashboard.report.agreed_plan import dose_in_words, ladder_in_words, plan_section, programmes_in_words
from dashboard.report.consult_record import ConsultRecord
from dashboard.report.material import collect


def lines(report_input) -> list[str]:
    return [line for item in plan_section(report_input).items for line in item.lines]


def test_a_planted_consult_has_all_its_parts_in_order(consult_input):
    told = lines(consult_input)
    assert told[0] == "Agreed: No track for three weeks. · Heel raises each other day. (28 Apr 2026)"
    assert told[1].startswith("Limit: Longest run")
    assert "105 %" in told[1]
    assert "(PT, set 28 Apr 2026)" in told[1]
    assert told[2:] == [
        "Programme: Heavy slow, week 3 of 12: 3 × 15, 3-0-3 s, 3 times a week (Leg-press calf raise)",
        "Ladder: step 2 of 8 done on 27 Apr 2026 (6 × 3 min walk and 2 min run)",
        "Review: 12 May 2026",
    ]


def test_nothing_agreed_is_said(consult_input):
    assert lines(replace(consult_input, consult=ConsultRecord(), agreed=None)) == [
        "Nothing agreed or set on record."
    ]


def test_a_programme_that_is_over_is_not_a_plan(consult_input):
    record = replace(consult_input.consult, as_of=date(2026, 7, 8))
    assert programmes_in_words(record) == []
    assert "week 12 of 12" in programmes_in_words(replace(record, as_of=date(2026, 7, 6)))[0]


def test_a_limit_that_is_off_is_not_a_limit(consult_store, athlete_id):
    rows = consult_store.read(GUARDRAIL, athlete_id)
    consult_store.write(GUARDRAIL, rows.with_columns(is_on=False))
    assert not [
        line for line in lines(collect(consult_store, consult_store.runner())) if line.startswith("Limit")
    ]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"sets": 3, "repetitions": 15}, "3 × 15"),
        ({"sets": 5, "hold_s": 45.0, "times_per_week": 7.0}, "5 × 45 s, 7 times a week"),
        ({"times_per_week": 2.5}, "2.5 times a week"),
        ({}, ""),
    ],
)
def test_a_dose_leaves_out_what_is_not_prescribed(row, words):
    empty = dict.fromkeys(("sets", "repetitions", "hold_s", "tempo", "times_per_week"))
    assert dose_in_words({**empty, **row}) == words


def test_a_ladder_nobody_uses_is_not_told():
    assert ladder_in_words(LADDER.empty()) == []
