"""The 24-hour pattern where people look: flares, today, the consult."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from dashboard.diary import entries
from dashboard.diary.entries import SymptomEntry


def html(app) -> str:
    return "".join(str(one.proto.body) for one in app.get("html"))


@pytest.fixture
def logged(store, athlete_id):
    today = datetime.now().astimezone().date()
    for back, pain in ((20, 7.0), (1, 2.0), (0, 1.0)):
        day = today - timedelta(days=back)
        one = SymptomEntry(day, "left", morning_pain_0_10=pain, pain_start_0_10=pain, warmed_up=True)
        entries.save_entry(store, athlete_id, one)
    return store


def test_the_flares_page_has_the_pattern_and_today_the_short_form(logged, open_page):
    page = html(open_page("flares"))
    assert "24-hour pattern" in page
    assert page.index("Start of run") < page.index("During the run") < page.index("Morning after a run")
    assert "warms up on 3 of 3 run days" in page
    today = html(open_page("today"))
    assert "Settles by the next morning on 1 of 1 run day in the last 4 weeks." in today


def test_without_an_entry_it_is_told_as_not_logged(store, open_page):
    assert "Nothing of the 24 hours was logged" in html(open_page("flares"))
    assert "Settles by" not in html(open_page("today"))
