"""What is noted at a consult is kept, changed, emptied, and found again at the next."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from connectors.errors import ContractError
from connectors.frames import VISIT
from dashboard.shared import visits

FIRST, NEXT = date(2026, 4, 1), date(2026, 4, 29)


def test_a_note_is_kept_changed_and_emptied(store, athlete_id):
    visits.save_note(store, athlete_id, FIRST, "driver", "climb", opinion="likely", note=" the trails ")
    visits.save_note(store, athlete_id, FIRST, "driver", "climb", opinion="no")
    noted = visits.visit_notes(store, athlete_id, FIRST)
    assert (noted["driver", "climb"]["opinion"], noted["driver", "climb"]["note"]) == ("no", None)
    visits.save_note(store, athlete_id, FIRST, "driver", "climb")
    assert store.read(VISIT, athlete_id).is_empty()


def test_the_next_visit_finds_the_last(store, athlete_id):
    assert visits.visit_before(store, athlete_id, NEXT) is None
    visits.save_note(store, athlete_id, FIRST, "agreed", note="calf raises")
    visits.save_note(store, athlete_id, NEXT, "review", on_date=date(2026, 6, 1))
    assert visits.visit_before(store, athlete_id, NEXT) == FIRST
    assert visits.visit_before(store, athlete_id, FIRST) is None
    assert visits.visit_notes(store, athlete_id, NEXT)["review", None]["on_date"] == date(2026, 6, 1)


def test_an_opinion_nobody_can_have_is_refused(store, athlete_id):
    with pytest.raises(ContractError, match="opinion"):
        visits.save_note(store, athlete_id, FIRST, "driver", "climb", opinion="certain")


def test_what_was_agreed_is_of_the_newest_visit_that_agreed_on_anything(store, athlete_id):
    assert visits.agreed_at(store, athlete_id) is None
    visits.save_note(store, athlete_id, FIRST, "agreed", note="calf raises")
    visits.save_note(store, athlete_id, FIRST, "review", on_date=date(2026, 4, 15))
    visits.save_note(store, athlete_id, NEXT, "driver", "climb", opinion="likely")
    assert visits.agreed_at(store, athlete_id) == visits.AgreedStep(FIRST, "calf raises", date(2026, 4, 15))
    visits.save_note(store, athlete_id, NEXT, "review", on_date=date(2026, 6, 1))
    assert visits.agreed_at(store, athlete_id) == visits.AgreedStep(NEXT, None, date(2026, 6, 1))
    assert visits.agreed_at(store, athlete_id, NEXT - timedelta(days=1)) == visits.AgreedStep(
        FIRST, "calf raises", date(2026, 4, 15)
    )
    assert visits.agreed_at(store, athlete_id, FIRST - timedelta(days=1)) is None
