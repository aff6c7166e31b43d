"""What a physical therapist sees and presses in a consult: the 24-hour pattern, the programme, the intake card."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from settled_page import settle

from connectors.frames import INTAKE
from connectors.store import open_store
from dashboard.strength import programmes
from dashboard.strength.templates import STAGED

pytestmark = pytest.mark.browser
SLOW = 60_000
ASKED = "embed=true&embed_options=light_theme"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()
    page.wait_for_timeout(500)
    settle(page)


def test_the_day_of_the_heel_the_programme_and_the_card(begun, only_here):
    page = only_here
    page.goto(f"{begun.url}/consult_symptoms?{ASKED}")
    settle(page)
    expect(page.get_by_role("heading", name="24-hour pattern")).to_be_visible()
    main = page.locator('[data-testid="stMain"]')
    expect(main).to_contain_text("Settles by the next morning on")
    expect(main).to_contain_text("Stiff 38 min on")
    expect(main).to_contain_text("The morning after each kind of session")

    page.locator(".st-key-consult_steps").get_by_text("Strength", exact=True).click()
    page.wait_for_timeout(500)
    settle(page)
    expect(main).to_contain_text("at 6RM")
    expect(main).to_contain_text("Silbernagel 2007")
    press(page, "Hold this week")
    expect(main).to_contain_text("this week once more")
    press(page, "Undo")
    page.get_by_text("Start another, or change to another").click()
    page.wait_for_timeout(500)
    settle(page)
    page.get_by_text("Isometric, then slow heavy, then plyometric (by criteria)").click()
    page.wait_for_timeout(500)
    settle(page)
    press(page, "Start in place of Heavy slow resistance (Beyer 2015)")
    expect(main).to_contain_text("5 × 45 s, 4 times a week")
    with open_store(begun.home) as store:
        rows = programmes.programme_rows(store, store.runner().athlete_id)
        assert STAGED in {row["programme"] for row in rows}

    page.locator(".st-key-consult_steps").get_by_text("Cover", exact=True).click()
    page.wait_for_timeout(500)
    settle(page)
    page.get_by_text("Fill in or edit the card").click()
    settle(page)
    page.get_by_label("Reason for the visit").fill("left heel since August")
    press(page, "Save the card")
    expect(main).to_contain_text("Reason: left heel since August.")
    with open_store(begun.home) as store:
        rows = store.read(INTAKE, store.runner().athlete_id).to_dicts()
        assert [row["answer"] for row in rows if row["topic"] == "reason"] == ["left heel since August"]


@pytest.mark.parametrize("step", ["consult", "consult_symptoms", "strength", "checks"])
def test_no_step_scrolls_sideways_on_a_phone(demo, page, step):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{demo.url}/{step}?{ASKED}")
    settle(page)
    wide = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert wide <= 390, step


def test_every_choice_of_dates_can_be_seen_on_a_phone(demo, page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{demo.url}/consult_symptoms?{ASKED}")
    settle(page)
    ends = page.evaluate(
        "[...document.querySelectorAll('.st-key-window_row [role=radio], .st-key-consult_flare [role=radio]')]"
        ".map((one) => one.getBoundingClientRect().right)"
    )
    assert len(ends) >= 8
    assert max(ends) <= 390
