"""What is typed in a consult and on the Cadence page is what is saved: the button is pressed with the cursor in it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from typed_fields import READY, SLOW, first_opinion, shown, stored, today, typed, typed_date

from connectors.store import open_store
from dashboard.cadence.experiment import load_experiment
from dashboard.diary.intake import load_intake
from dashboard.shared import visits

pytestmark = pytest.mark.browser
CONSULT = "embed=true&embed_options=light_theme&runner=1"


@pytest.fixture
def opened(two_patients, page):
    """Open a page of a server that has the made-up runner and a second one; each test types something else."""

    return lambda path: shown(page, f"{two_patients.url}/{path}"), open_store(two_patients.home)


def test_the_intake_card(opened) -> None:
    show, store = opened
    page = show(f"consult?{CONSULT}")
    page.get_by_text("Fill in or edit the card").click()
    page.get_by_label("Reason for the visit").wait_for(timeout=SLOW)
    page.locator(READY).wait_for(timeout=SLOW)
    typed(page, "Reason for the visit", "stiff in the morning")
    typed(page, "Work, and hours standing", "nurse, six hours")
    page.get_by_role("button", name="Save the card").click()
    read = lambda: [load_intake(store, 1)[topic].answer for topic in ("reason", "work")]  # noqa: E731
    stored(read, ["stiff in the morning", "nurse, six hours"])
    assert load_intake(store, 2) == {}


def test_the_agreed_step_and_the_day_of_review(opened) -> None:
    show, store = opened
    page = show(f"consult_report?{CONSULT}")
    day = today() + timedelta(days=21)
    typed(page, "Agreed next step", "No track for three weeks")
    typed_date(page, "Review on", day)
    page.get_by_role("button", name="Keep", exact=True).click()
    read = lambda: (one := visits.agreed_at(store, 1)) and (one.step, one.review)  # noqa: E731
    stored(read, ("No track for three weeks", day))
    assert visits.agreed_at(store, 2) is None


def test_the_note_of_an_opinion_with_a_press_on_the_opinion(opened) -> None:
    show, store = opened
    page = show(f"consult_first?{CONSULT}")
    card = first_opinion(page)
    card.get_by_label("Note").click()
    page.keyboard.type("two track sessions a week", delay=15)
    card.get_by_text("Likely", exact=True).click()
    notes = lambda: [  # noqa: E731
        (row["opinion"], row["note"])
        for (kind, _), row in visits.visit_notes(store, 1, today()).items()
        if kind == "driver"
    ]
    stored(notes, [("likely", "two track sessions a week")])
    expect(card.get_by_label("Note")).to_have_value("two track sessions a week")


def test_a_cadence_experiment(opened) -> None:
    show, store = opened
    page = show("mechanics?runner=1")
    page.get_by_text(re.compile("(Start an|Change the) experiment")).first.click()
    page.get_by_role("group", name="First day", exact=True).first.wait_for(timeout=SLOW)
    page.locator(READY).wait_for(timeout=SLOW)
    start = today() - timedelta(days=30)
    typed_date(page, "First day", start)
    typed(page, "Above your own cadence, %", "7")
    page.get_by_role("button", name="Keep", exact=True).click()
    read = lambda: (one := load_experiment(store, 1)) and (one.start, one.target_pct)  # noqa: E731
    stored(read, (start, 7.0))
    assert load_experiment(store, 2) is None
