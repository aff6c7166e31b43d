"""Sets of lifting apps on their way into the ledger; names nobody knows are asked once and remembered."""

from __future__ import annotations

import polars as pl
import pytest
from takeout_writer import fit_strength

from connectors.exercise_names import answers_of, resolve
from connectors.frames import STRENGTH
from connectors.ingest.logged_sets import WEIGHTS_SETTING, answer, unanswered
from connectors.ingest.pipeline import import_paths
from connectors.store import Store

HEAD = "Date,Exercise,Category,Weight (kgs),Reps,Distance,Distance Unit,Time,Comment"


def bring(store: Store, path, text: str):
    path.write_text(text)
    return import_paths(store, store.runner(create=True).athlete_id, [path])


def ledger(store: Store) -> pl.DataFrame:
    return store.read(STRENGTH, 1).sort("date", "source_id")


def test_a_log_comes_in_under_our_names_and_again_changes_nothing(store, tmp_path):
    text = f"{HEAD}\n2026-05-04,Standing Calf Raise,Legs,40,12,,,,\n2026-05-04,Bench Press,Chest,60,8,,,,\n"
    result = bring(store, tmp_path / "f.csv", text)
    assert result.beside["strength"] == {"new": 2, "updated": 0, "unchanged": 0}
    assert result.unknown_exercises == {}
    rows = ledger(store)
    assert set(rows["exercise"]) == {"Two-leg heel raise", "Bench Press"}
    assert rows["kind"].to_list() == ["other", "slow_heavy"]
    assert rows["side"].null_count() == 2
    assert result.symptoms["new"] == 0
    assert bring(store, tmp_path / "f.csv", text).beside["strength"] == {
        "new": 0,
        "updated": 0,
        "unchanged": 2,
    }


def test_an_unknown_name_is_asked_once_and_remembered(store, tmp_path):
    text = f"{HEAD}\n2026-05-04,Heel thing,Legs,40,12,,,,\n2026-05-04,Heel thing,Legs,40,10,,,,\n"
    assert bring(store, tmp_path / "f.csv", text).unknown_exercises == {"Heel thing": 2}
    assert unanswered(store, 1) == {"Heel thing": 2}
    assert answer(store, 1, "Heel thing", "Seated calf raise, weighted") == 2
    assert unanswered(store, 1) == {}
    assert ledger(store)["exercise"].unique().to_list() == ["Seated calf raise, weighted"]
    assert ledger(store)["kind"].unique().to_list() == ["slow_heavy"]
    again = bring(store, tmp_path / "f.csv", text + "2026-05-06,Heel thing,Legs,40,12,,,,\n")
    assert again.unknown_exercises == {}
    assert again.beside["strength"] == {"new": 1, "updated": 0, "unchanged": 2}
    assert ledger(store)["exercise"].unique().to_list() == ["Seated calf raise, weighted"]


def test_an_exercise_of_ones_own_is_not_asked_again(store, tmp_path):
    text = f"{HEAD}\n2026-05-04,Heel thing,Legs,40,12,,,,\n"
    bring(store, tmp_path / "f.csv", text)
    answer(store, 1, "Heel thing", "")
    assert unanswered(store, 1) == {}
    assert bring(store, tmp_path / "f.csv", text).unknown_exercises == {}
    answer(store, 1, "Heel thing", None)
    assert unanswered(store, 1) == {"Heel thing": 1}


def test_answers_are_of_one_runner(store, tmp_path):
    bring(store, tmp_path / "f.csv", f"{HEAD}\n2026-05-04,Heel thing,Legs,40,12,,,,\n")
    answer(store, 1, "Heel thing", "Squat")
    assert answers_of(store.settings(1)) == {"Heel thing": "Squat"}
    assert answers_of({}) == answers_of({"exercise_names": "x"}) == answers_of({"exercise_names": "[]"}) == {}


def test_what_a_person_added_to_a_set_stays(store, tmp_path):
    text = f"{HEAD}\n2026-05-04,Single Leg Calf Raise,Legs,40,12,,,,\n"
    bring(store, tmp_path / "f.csv", text)
    store.write(STRENGTH, ledger(store).with_columns(side=pl.lit("left"), pain_0_10=pl.lit(2.0)))
    bring(store, tmp_path / "f.csv", text.replace(",12,", ",15,"))
    row = ledger(store).row(0, named=True)
    assert (row["side"], row["pain_0_10"], row["repetitions"]) == ("left", 2.0, 15)


def test_the_unit_of_weights_is_remembered(store, tmp_path):
    text = "Date,Workout Name,Exercise Name,Set Order,Weight,Reps\n2026-05-04 10:00:00,Legs,Squat,1,100,5\n"
    assert any("kg or lb" in note.reason for note in bring(store, tmp_path / "s.csv", text).notes)
    assert ledger(store)["load_kg"].to_list() == [None]
    store.set_settings(1, {WEIGHTS_SETTING: "lb"})
    assert not bring(store, tmp_path / "s.csv", text).notes
    assert ledger(store)["load_kg"].to_list() == [45.36]


def test_a_day_logged_by_watch_and_app_is_doubted(store, tmp_path):
    (tmp_path / "w.fit").write_bytes(fit_strength([(1, 18, 12, 20.0)]))
    import_paths(store, store.runner(create=True).athlete_id, [tmp_path / "w.fit"])
    result = bring(store, tmp_path / "f.csv", f"{HEAD}\n2026-05-04,Standing Calf Raise,Legs,20,12,,,,\n")
    assert any("both a watch and an app" in note.reason for note in result.notes)


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("Standing Calf Raise (Machine)", "Two-leg heel raise"),
        ("CALF RAISES, STANDING", "Two-leg heel raise"),
        ("Standing Calf Raise (Barbell)", "Standing calf raise with barbell"),
        ("Seated Calf Raise", "Seated calf raise, weighted"),
        ("Wadenheben sitzend", "Seated calf raise, weighted"),
        ("Single Leg Standing Calf Raise (Dumbbell)", "Single-leg heel raise"),
        ("Calf Press (Machine)", "Leg-press calf raise"),
        ("Jump Rope", "Skipping rope"),
        ("Tibialis Raise", "Toe raise (shin)"),
        ("Bulgarian Split Squat (Dumbbell)", "Split squat"),
        ("Romanian Deadlift (Barbell)", "Deadlift"),
        ("Bench Press (Barbell)", "Bench Press (Barbell)"),
        ("Bicep Curl (Dumbbell)", "Bicep Curl (Dumbbell)"),
        ("Seated calf raise, weighted", "Seated calf raise, weighted"),
    ],
)
def test_names_of_apps(name, ours):
    known = resolve(name)
    assert known is not None
    assert known.exercise == ours


@pytest.mark.parametrize("name", ["Heel thing", "Exercise 7", "Soleus Raise"])
def test_names_nobody_knows(name):
    assert resolve(name) is None
