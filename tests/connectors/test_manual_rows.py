"""Sets of exercises: numbered, named, written out and read back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.errors import ContractError
from connectors.frames import EXERCISE_KINDS, KNEES, SIDES
from connectors.ingest.diary_csv import parse_diary
from connectors.manual_rows import SETS, next_number, strength_id, strength_rows

NOW = datetime(2026, 3, 20, 8, 0, tzinfo=UTC)
DAY = date(2026, 3, 1)


def read(text: str | bytes):
    return parse_diary(text.encode() if isinstance(text, str) else text, 7, NOW)


def test_sets_are_numbered_by_date_exercise_and_side():
    done = [{"date": DAY, "exercise": "Calf raise", "side": side} for side in ("left", "left", "right")]
    rows = strength_rows(done, 7, NOW)
    assert rows["set_number"].to_list() == [1, 2, 1]
    assert rows["source_id"].to_list()[1] == "2026-03-01:Calf raise:left:2"
    assert set(rows["source"]) == {"manual"}


def test_a_number_that_is_taken_is_passed_over():
    one = {"date": DAY, "exercise": "Calf raise", "side": None}
    taken = {strength_id({**one, "set_number": n}) for n in (1, 2, 4)}
    assert next_number(one, taken) == 3


def test_what_is_out_of_bounds_is_refused():
    with pytest.raises(ContractError, match="pain_0_10"):
        strength_rows([{"date": DAY, "exercise": "Calf raise", "pain_0_10": 11.0}], 7, NOW)


def test_a_table_of_sets_is_told_by_its_header_and_read():
    text = (
        "date,exercise,side,repetitions,load_kg,tempo,kind,knee\n"
        "2026-03-01,Seated calf raise,left,15,22.5,3-0-3,slow_heavy,bent\n"
        "2026-03-01,Seated calf raise,left,12,,,,\n"
    )
    diary = read(text)
    assert (diary.skipped, diary.warnings, diary.symptoms.height) == ([], [], 0)
    rows = diary.beside["strength"].to_dicts()
    assert [(one["set_number"], one["repetitions"], one["load_kg"]) for one in rows] == [
        (1, 15, 22.5),
        (2, 12, None),
    ]
    assert (rows[0]["kind"], rows[0]["knee"], rows[0]["tempo"]) == ("slow_heavy", "bent", "3-0-3")
    assert read(text).beside["strength"]["source_id"].to_list() == [one["source_id"] for one in rows]


def test_one_diary_holds_symptoms_sets_tests_and_events():
    diary = read(
        "date,side,morning_pain,note,exercise,repetitions,measure,value,event\n"
        "2026-03-01,left,3,stairs,,,,,\n"
        "2026-03-01,left,,,Hop,20,,,\n"
        "2026-03-02,right,,,,,heel_rise_reps,24,\n"
        "2026-03-03,,,by train,,,,,travel\n"
        "2026-03-04,left,2,,Hop,10,,,\n"
    )
    assert diary.skipped == []
    assert diary.symptoms["date"].to_list() == [date(2026, 3, 1), date(2026, 3, 4)]
    assert diary.beside["strength"]["repetitions"].to_list() == [20, 10]
    assert diary.beside["test_result"].select("measure", "side", "value", "decided_by").rows() == [
        ("heel_rise_reps", "right", 24.0, "runner")
    ]
    assert diary.beside["event"].select("kind", "note").rows() == [("travel", "by train")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",Hop,12,", "no date"),
        ("2026-03-01,,12,", "It does not say which exercise it is of."),
    ],
)
def test_a_bad_row_says_why_and_costs_no_other(line, reason):
    diary = read(f"date,exercise,repetitions,kind\n{line}\n2026-03-02,Hop,9,\n")
    assert [one.path for one in diary.skipped] == ["row 2"]
    assert reason in diary.skipped[0].reason
    assert diary.beside["strength"]["repetitions"].to_list() == [9]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2026-03-01,Hop,twelve,", 'Its repetitions "twelve" is not a number.'),
        ("2026-03-01,Hop,12.5,", "Its repetitions 12.5 is not a whole number."),
        ("2026-03-01,Hop,,jumping", 'Its kind "jumping" is none of'),
    ],
)
def test_a_bad_cell_says_why_and_costs_no_set(line, reason):
    diary = read(f"date,exercise,repetitions,kind\n{line}\n2026-03-02,Hop,9,\n")
    assert [one.path.partition(",")[0] for one in diary.skipped] == ["row 2"]
    assert reason in diary.skipped[0].reason
    assert diary.beside["strength"]["repetitions"].to_list() == [None, 9]


def test_a_slip_beside_a_symptom_costs_the_symptom_nothing():
    diary = read("date,morning_pain,event\n2026-03-01,4,half marathon\n")
    assert diary.symptoms["morning_pain_0_10"].to_list() == [4.0]
    assert "half marathon" in diary.skipped[0].reason


texts = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
sets = st.fixed_dictionaries(
    {
        "date": st.dates(date(2020, 1, 1), date(2026, 3, 20)),
        "exercise": texts,
        "side": st.sampled_from([*SIDES, None]),
        "repetitions": st.none() | st.integers(0, 1_000),
        "load_kg": st.none() | st.floats(0, 1_000).map(lambda kg: round(kg, 2)),
        "hold_s": st.none() | st.floats(0, 3_600).map(lambda s: round(s, 1)),
        "kind": st.sampled_from([*EXERCISE_KINDS, None]),
        "knee": st.sampled_from([*KNEES, None]),
        "pain_0_10": st.none() | st.integers(0, 10).map(float),
        "note": st.none() | texts,
    }
)


@settings(deadline=None)
@given(st.lists(sets, max_size=8))
def test_what_is_written_out_is_read_back(done):
    rows = strength_rows(done, 7, NOW)
    back = read(SETS.csv(rows))
    assert back.skipped == []
    assert back.beside["strength"].sort("source_id").equals(rows.sort("source_id"))
