"""Every act is told in words, the latest first, with who, when and why, also when it was taken back."""

from __future__ import annotations

from datetime import date

import pytest

from connectors.edits import EDITABLE, Edit
from connectors.frames import ACTIVITY
from dashboard.shared.edit_history import edit_batches
from dashboard.shared.text import EDITED
from dashboard.shared.units import Units


def ids(store, athlete_id) -> list[str]:
    return store.read(ACTIVITY, athlete_id)["activity_id"].to_list()


def test_every_field_a_person_may_speak_of_has_words():
    assert {field for fields in EDITABLE.values() for field in fields} == set(EDITED)


def test_acts_are_told_the_latest_first_with_who_and_why(store, athlete_id):
    runs = ids(store, athlete_id)
    many = store.edit(
        athlete_id, [Edit("activity", one, "shoe_id", "pair") for one in runs[:3]], "therapist", "left on"
    )
    store.edit(
        athlete_id, [Edit("activity", runs[0], "distance_m", 5000.0), Edit("shoe", "pair", "drop_mm", 6.5)]
    )
    store.undo_edits(athlete_id, many)
    second, first = edit_batches(store, athlete_id, Units())
    assert first.sentences == ("3 runs: shoe Plain Pacer 3.",)
    assert (first.decided_by, first.reason, first.is_undone) == ("therapist", "left on", True)
    assert second.sentences == ("Run of 1 Jan 2026: distance 5.0 km.", "Plain Pacer 3: drop 6.5 mm.")
    assert not second.is_undone
    assert edit_batches(store, athlete_id, Units(), many) == [first]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("shoe_id", None, "shoe not known."),
        ("shoe_id", "gone", "shoe unnamed pair."),
        ("distance_m", 8046.72, "distance 5.0 mi."),
        ("ascent_m", 30.48, "climb 100 ft."),
        ("moving_s", 3900.0, "moving time 1:05:00."),
        ("is_excluded", True, "excluded from every sum, yes."),
        ("local_date", date(2026, 2, 3), "A run moved to 3 Feb 2026."),
        ("surface", "treadmill", "surface Treadmill."),
        ("sport", "TrailRun", "sport Trail run."),
        ("incline_pct", 2.5, "incline 2.5 %."),
        ("kept_flags", "odd_time", "looked at, and left as it is."),
    ],
)
def test_values_are_written_as_a_reader_reads_them(store, athlete_id, field, value, said):
    store.edit(athlete_id, [Edit("activity", ids(store, athlete_id)[0], field, value)])
    assert edit_batches(store, athlete_id, Units("mi", "ft"))[0].sentences[0].endswith(said)


def test_flags_kept_on_many_runs_are_told_once(store, athlete_id):
    runs = ids(store, athlete_id)
    store.edit(
        athlete_id, [Edit("activity", one, "kept_flags", f"flag {n}") for n, one in enumerate(runs[:4])]
    )
    assert edit_batches(store, athlete_id, Units())[0].sentences == (
        "4 runs: looked at, and left as they are.",
    )


def test_what_is_gone_still_has_a_sentence(store, athlete_id):
    store.edit(
        athlete_id, [Edit("activity", "gone", "surface", "road"), Edit("shoe", "gone", "insert", None)]
    )
    assert edit_batches(store, athlete_id, Units())[0].sentences == (
        "Run of a day no longer on record: surface Road.",
        "unnamed pair: insert not known.",
    )
    assert edit_batches(store, athlete_id + 1, Units()) == []
