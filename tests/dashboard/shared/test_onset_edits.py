"""What a person says of a flare is kept beside the rule, and can be taken back."""

from __future__ import annotations

from datetime import date

import pytest

from connectors.errors import ContractError
from connectors.frames import ONSET
from dashboard.shared import onset_edits

RULE = date(2026, 3, 4)


def test_the_word_of_a_person_stands_beside_the_rule(store, athlete_id):
    onset_edits.save_onset(store, athlete_id, RULE, date(2026, 3, 1), "therapist")
    [row] = onset_edits.onset_decisions(store, athlete_id)
    assert (row["onset_rule_date"], row["onset_person_date"]) == (RULE, date(2026, 3, 1))
    assert row["decided_by"] == "therapist"


def test_the_last_word_on_a_flare_counts(store, athlete_id):
    onset_edits.save_onset(store, athlete_id, RULE, date(2026, 3, 1), "runner")
    onset_edits.save_onset(store, athlete_id, date(2026, 3, 7), None, "runner")
    [row] = onset_edits.onset_decisions(store, athlete_id)
    assert row["onset_rule_date"] == date(2026, 3, 7)
    assert row["onset_person_date"] is None


def test_a_flare_far_away_keeps_its_own_word(store, athlete_id):
    onset_edits.save_onset(store, athlete_id, RULE, None, "runner")
    onset_edits.save_onset(store, athlete_id, date(2026, 4, 20), None, "runner")
    onset_edits.save_onset(store, athlete_id, None, date(2026, 3, 5), "runner")
    assert len(onset_edits.onset_decisions(store, athlete_id)) == 3
    assert onset_edits.onset_edits(store, athlete_id).columns == ["onset_rule_date", "onset_person_date"]


def test_it_can_be_taken_back(store, athlete_id):
    before = store.version(athlete_id, ONSET)
    onset_edits.save_onset(store, athlete_id, RULE, None, "runner")
    onset_edits.undo_onsets(
        store, athlete_id, [onset_edits.onset_decisions(store, athlete_id)[0]["source_id"]]
    )
    assert onset_edits.onset_decisions(store, athlete_id) == []
    assert store.version(athlete_id, ONSET) > before


def test_nobody_else_decides(store, athlete_id):
    with pytest.raises(ContractError):
        onset_edits.save_onset(store, athlete_id, RULE, None, "the tracker")
    assert onset_edits.onset_decisions(store, athlete_id) == []
