"""What was agreed as text and as a code: no name, nothing that nobody agreed on, never too fine to read."""

from __future__ import annotations

import re
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dashboard.consult import agreed
from dashboard.plan import service
from dashboard.plan.limits import GuardrailLimit
from dashboard.shared import visits
from dashboard.strength import programmes
from dashboard.strength.templates import TEMPLATES

TODAY = date(2026, 4, 29)


def test_nothing_agreed_is_no_code(store, athlete_id):
    assert agreed.agreed_lines(store, athlete_id, TODAY) == []


def test_step_limits_programme_and_review_without_the_name(store, athlete_id):
    visits.save_note(store, athlete_id, TODAY, "agreed", note="No track for 3 weeks.\n\nFlat routes.")
    visits.save_note(store, athlete_id, TODAY, "review", on_date=TODAY + timedelta(weeks=3))
    service.save_limit(store, athlete_id, "fast", GuardrailLimit(0.0, True, "therapist", "amount"))
    service.save_limit(store, athlete_id, "descent", GuardrailLimit(10.0, False, "therapist"))
    programmes.start_programme(store, athlete_id, TEMPLATES[0], TODAY, "therapist")
    lines = agreed.agreed_lines(store, athlete_id, TODAY)
    assert lines[:3] == ["Agreed on 29 Apr 2026", "No track for 3 weeks.", "Flat routes."]
    assert lines[-1] == "Review: 20 May 2026"
    limits = [line for line in lines if line.startswith("Limit: ")]
    assert len(limits) == 1  # neither a default nor one that is switched off
    assert limits[0] == "Limit: Fast running a week: none (PT)."
    (exercises,) = [line for line in lines if line.startswith("Exercises: ")]
    assert re.search(r"week 1 of \d+, to \d+ \w+ 2026", exercises)
    assert not {"Robin", "Placeholder"} & set(re.findall(r"\w+", "\n".join(lines)))


def test_a_review_gone_by_and_the_step_of_another_visit_are_left_out(store, athlete_id):
    visits.save_note(store, athlete_id, TODAY, "agreed", note="calf raises")
    visits.save_note(store, athlete_id, TODAY, "review", on_date=TODAY + timedelta(days=7))
    assert agreed.agreed_lines(store, athlete_id, TODAY + timedelta(days=14)) == []


@given(st.lists(st.text(min_size=1, max_size=500), max_size=12))
def test_the_text_never_outgrows_the_code_and_says_where_the_rest_is(lines):
    words = agreed.fitting(lines)
    assert len(words.encode()) <= agreed.MOST_BYTES
    assert words == "\n".join(lines) or words.endswith(agreed.MORE)
