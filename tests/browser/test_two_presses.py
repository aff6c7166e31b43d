"""What was typed or pressed is carried out also where the next press comes before the server took up the first."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing, contextmanager

import pytest
from playwright.sync_api import expect
from typed_fields import READY, SLOW, first_opinion, shown, stored, today, typed_test

from connectors.frames import EVENT, STRENGTH, TEST_RESULT
from connectors.store import open_store
from dashboard.shared import visits
from dashboard.strength.text import NOTHING_ENTERED

pytestmark = pytest.mark.browser


@pytest.fixture
def opened(two_patients, page):
    """Open a page of a server that has the made-up runner and a second one; each test writes into its own table."""

    return lambda path: shown(page, f"{two_patients.url}/{path}"), open_store(two_patients.home)


@contextmanager
def busy(server):
    """Let a server take up nothing for a moment: what is pressed meanwhile comes to it at once."""
    server.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        server.process.send_signal(signal.SIGCONT)


def leave_for(page, door: str) -> None:
    page.get_by_role("link", name=door, exact=True).first.click()


def test_a_note_on_a_day_and_then_a_door(opened, two_patients) -> None:
    show, store = opened
    page = show("timeline?runner=1&day=2026-01-10")
    field = page.get_by_label("Add a note")
    field.click()
    with busy(two_patients):
        page.keyboard.type("long drive", delay=15)
        leave_for(page, "Log")
        page.wait_for_timeout(500)
    notes = lambda: store.read(EVENT, 1).filter(note="long drive").height  # noqa: E731
    stored(notes, 1)


def test_a_save_that_waits_is_told_although_more_is_pressed_meanwhile(opened, two_patients) -> None:
    show, store = opened
    page = show("timeline?runner=1&day=2026-01-11")
    page.get_by_label("Add a note").click()
    page.keyboard.type("cold", delay=15)
    with closing(sqlite3.connect(store.home / "heelwise.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        page.keyboard.press("Tab")
        page.wait_for_timeout(700)
        page.get_by_role("button", name="More lanes").click()
        page.wait_for_timeout(700)
        writer.execute("ROLLBACK")
    stored(lambda: store.read(EVENT, 1).filter(note="cold").height, 1)
    expect(page.get_by_text("Note of 11 Jan 2026 saved.").first).to_be_visible()
    page.get_by_role("button", name="Undo", exact=True).first.click()
    stored(lambda: store.read(EVENT, 1).filter(note="cold").height, 0)


def test_tests_saved_and_then_a_door(opened, two_patients) -> None:
    show, store = opened
    page = show("checks?runner=1")
    before = store.read(TEST_RESULT, 1).height
    typed_test(page, "23")
    with busy(two_patients):
        page.get_by_role("button", name="Save tests", exact=True).first.click()
        leave_for(page, "Log")
        page.wait_for_timeout(500)
    stored(lambda: store.read(TEST_RESULT, 1).height, before + 1)


def test_a_set_with_one_press_and_then_a_door(opened, two_patients) -> None:
    show, store = opened
    page = show("strength?runner=1")
    before = store.read(STRENGTH, 1).height
    again = page.get_by_role("button", name="Same as last time", exact=True).first
    again.wait_for()
    with busy(two_patients):
        again.click()
        leave_for(page, "Log")
        page.wait_for_timeout(500)
    stored(lambda: store.read(STRENGTH, 1).height > before, True)


def test_the_note_of_an_opinion_and_the_opinion(opened, two_patients) -> None:
    show, store = opened
    page = show("consult_first?embed=true&embed_options=light_theme&runner=1")
    card = first_opinion(page)
    card.get_by_label("Note").click()
    with busy(two_patients):
        page.keyboard.type("two track sessions a week", delay=15)
        card.get_by_text("Likely", exact=True).click()
        page.wait_for_timeout(500)
    notes = lambda: [  # noqa: E731
        (row["opinion"], row["note"])
        for (kind, _), row in visits.visit_notes(store, 1, today()).items()
        if kind == "driver"
    ]
    stored(notes, [("likely", "two track sessions a week")])


def test_tests_saved_with_two_taps(opened, two_patients) -> None:
    show, store = opened
    page = show("checks?runner=1")
    typed_test(page, "37")
    with busy(two_patients):
        page.get_by_role("button", name="Save tests", exact=True).first.dblclick()
        page.wait_for_timeout(500)
    entered = lambda: store.read(TEST_RESULT, 1).filter(value=37.0).height  # noqa: E731
    stored(entered, 1)
    page.locator(READY).wait_for(timeout=SLOW)
    page.wait_for_timeout(1_500)
    assert entered() == 1
    expect(page.get_by_text(NOTHING_ENTERED)).to_have_count(0)
