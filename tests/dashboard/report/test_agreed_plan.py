"""P: what was agreed, limits and who set them, the programme's week, the ladder, the review."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from consult_builders import put

from connectors.frames import GUARDRAIL, LADDER
from dashboard.report.agreed_plan import ladder_in_words, maximum, plan_section, programmes_in_words
from dashboard.report.consult_record import ConsultRecord
from dashboard.report.material import collect
from dashboard.shared.units import Units


def lines(report_input) -> list[str]:
    return [line for item in plan_section(report_input).items for line in item.lines]


def test_a_planted_consult_has_all_its_parts_in_order(consult_input):
    told = lines(consult_input)
    assert told[0] == "Agreed: No track for three weeks. · Heel raises each other day. (28 Apr 2026)"
    assert told[1] == "Limit: Longest run: up to 105 % of the longest in 30 days (PT)."
    assert told[2:] == [
        "Programme: Heavy slow, week 3 of 12: 3 × 15 at 15RM, 3 s up, 3 s down, 3 times a week (Leg-press calf raise)",
        "Ladder: step 2 of 8 done on 27 Apr 2026 (6 × 3 min walk and 2 min run)",
        "Review: 12 May 2026",
    ]


def test_nothing_agreed_is_said(consult_input):
    assert lines(replace(consult_input, consult=ConsultRecord(), agreed=None)) == [
        "Nothing agreed or set on record."
    ]


def test_a_programme_that_is_over_is_not_a_plan(consult_input):
    record = replace(consult_input.consult, as_of=date(2026, 7, 8))
    assert programmes_in_words(record, Units()) == []
    assert "week 12 of 12" in programmes_in_words(replace(record, as_of=date(2026, 7, 6)), Units())[0]


def test_a_limit_that_is_off_is_not_a_limit(consult_store, athlete_id):
    rows = consult_store.read(GUARDRAIL, athlete_id)
    consult_store.write(GUARDRAIL, rows.with_columns(is_on=False))
    assert not [
        line for line in lines(collect(consult_store, consult_store.runner())) if line.startswith("Limit")
    ]


@pytest.mark.parametrize(
    ("note", "left"),
    [
        ("Heaviest weight that allows 15; at Elmwood gym", "Heaviest weight that allows 15"),
        ("Elmwood", None),
        (None, None),
    ],
)
def test_of_a_note_only_how_heavy_leaves(note, left):
    assert maximum(note) == left


def test_a_limit_that_goes_down_has_its_last_date_and_one_that_ended_is_gone(consult_store, athlete_id):
    set_by = {"source_id": "fast", "name": "fast", "value": 0.0, "measure": "amount", "is_on": True}
    put(
        consult_store,
        GUARDRAIL,
        athlete_id,
        {**set_by, "decided_by": "therapist", "until_date": date(2026, 5, 19)},
    )

    def limits(day: date) -> list[str]:
        told = lines(collect(consult_store, consult_store.runner(), until=day))
        return [line for line in told if "Fast running" in line]

    assert limits(date(2026, 4, 30)) == ["Limit: Fast running a week: none until 19 May 2026 (PT)."]
    assert limits(date(2026, 5, 20)) == []


def test_a_ladder_nobody_uses_is_not_told():
    assert ladder_in_words(LADDER.empty()) == []
