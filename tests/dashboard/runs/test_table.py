"""The table of runs: what was typed is checked, stored as one act, survives an import, and is taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.edits import edit_rows
from connectors.errors import HeelwiseError
from connectors.frames import ACTIVITY, EDIT
from dashboard.runs import table
from dashboard.shared.units import Units

NOW = datetime(2026, 6, 1, tzinfo=UTC)
KM, MILES = Units(), Units("mi", "ft")
SPAN = (date(2026, 1, 1), date(2026, 4, 30))


@pytest.fixture
def rows(store, athlete_id):
    return table.list_runs(store, athlete_id, *SPAN).rows


def now(store, athlete_id, row) -> dict:
    (found,) = [
        one for one in store.activities(athlete_id).to_dicts() if one["activity_id"] == row["activity_id"]
    ]
    return found


def test_runs_of_a_period_are_listed_newest_first(store, athlete_id):
    assert table.date_range(store, athlete_id) == (date(2026, 1, 1), date(2026, 4, 29))
    found = table.list_runs(store, athlete_id, date(2026, 4, 1), date(2026, 4, 5))
    assert [one["local_date"].day for one in found.rows] == [5, 3, 1]
    assert table.list_runs(store, athlete_id, *SPAN, "without a pair").rows == ()
    assert table.date_range(store, athlete_id + 1) is None


def test_a_long_list_says_how_many_are_not_in_it(store, athlete_id):
    found = table.list_runs(store, athlete_id, *SPAN, most=50)
    assert (len(found.rows), found.more) == (50, 10)


def test_what_was_typed_is_one_act_and_is_taken_back(store, athlete_id, rows):
    changes = {
        0: {"perceived_exertion_0_10": 7, "is_excluded": True},
        1: {"distance_m": 6.0, "shoe_id": None},
        2: {"surface": "trail", "sport": "TrailRun"},
    }
    change = table.save_edits(store, athlete_id, rows, changes, MILES, "therapist")
    first, second, third = (now(store, athlete_id, rows[n]) for n in range(3))
    assert (first["perceived_exertion_0_10"], first["is_excluded"]) == (7.0, True)
    assert second["distance_m"] == pytest.approx(6 * 1609.344)
    assert (second["shoe_id"], second["edited"]) == (None, "distance_m shoe_id")
    assert (third["surface"], third["sport"]) == ("trail", "TrailRun")
    assert store.read(EDIT, athlete_id)["decided_by"].unique().to_list() == ["therapist"]
    store.write(ACTIVITY, store.read(ACTIVITY, athlete_id))
    assert now(store, athlete_id, rows[0])["perceived_exertion_0_10"] == 7.0
    change.undo(store)
    assert [now(store, athlete_id, row) for row in rows[:3]] == list(rows[:3])
    store.undo_edits(athlete_id, change.batch_id, is_undone=False)
    assert now(store, athlete_id, rows[2])["surface"] == "trail"


def test_what_does_not_differ_is_no_edit(store, athlete_id, rows):
    change = table.save_edits(store, athlete_id, rows, {0: {"shoe_id": "pair", "sport": "Run"}}, KM, "runner")
    assert (change.outcome, change.batch_id) == ("unchanged", None)
    assert store.read(EDIT, athlete_id).is_empty()


def test_an_incline_says_treadmill(store, athlete_id, rows):
    table.save_edits(
        store, athlete_id, rows, {0: {"incline_pct": 2.5}, 1: {"surface": "treadmill"}}, KM, "runner"
    )
    first, second = (now(store, athlete_id, rows[n]) for n in range(2))
    assert (first["incline_pct"], first["surface"], first["is_indoor"]) == (2.5, "treadmill", True)
    assert (second["incline_pct"], second["is_indoor"]) == (None, True)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"perceived_exertion_0_10": 11}, "Effort, 0–10 must be a number from 0 to 10; it is “11”"),
        ({"perceived_exertion_0_10": "hard"}, "Effort"),
        ({"incline_pct": float("nan")}, "Incline"),
        ({"distance_m": -1.0}, "Distance"),
        ({"surface": "lava"}, "Surface must be one of road"),
        ({"sport": None}, "Sport must be one of"),
        ({"sport": "Quidditch"}, "Sport"),
        ({"is_excluded": 3}, "Leave out must be ticked or not; it is “3”"),
        ({"is_excluded": 0}, "Leave out must be ticked or not; it is “0”"),
        ({"surface": "road", "incline_pct": 2.0}, "an incline belongs to a treadmill"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence_that_names_the_run(store, athlete_id, rows, typed, said):
    with pytest.raises(HeelwiseError, match="Wed 29 Apr 2026") as told:
        table.save_edits(store, athlete_id, rows, {5: {"surface": "grass"}, 0: typed}, KM, "runner")
    assert said in str(told.value)
    assert str(told.value).endswith("Nothing was changed.")
    assert store.read(EDIT, athlete_id).is_empty()


ROW = {
    "activity_id": "a",
    "local_date": date(2026, 1, 1),
    "moving_s": None,
    **dict.fromkeys([*table.COLUMN_TITLES, "is_indoor"]),
    "sport": "Run",
}
ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)


@settings(deadline=None, max_examples=100)
@given(st.dictionaries(st.sampled_from([*table.COLUMN_TITLES, "activity_id"]), ANYTHING))
def test_whatever_is_pasted_is_an_edit_within_the_contract_or_a_sentence(typed):
    try:
        edits = table.typed_edits([ROW], {0: typed}, KM)
    except HeelwiseError as error:
        edits, sentence = [], str(error)
    else:
        sentence = "Thu 1 Jan 2026"
    assert sentence.startswith("Thu 1 Jan 2026")
    assert edit_rows(edits, 1, "b", NOW, "runner", None).height == len(edits)
