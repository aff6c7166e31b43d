"""What is typed is what is saved: each form is typed into and its button pressed at once, without leaving the field."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect
from typed_fields import READY, shown, stored, today, typed, typed_date, typed_test

from connectors.frames import ACTIVITY, EVENT, GUARDRAIL, ONSET, STRENGTH, TEST_RESULT
from connectors.store import open_store

pytestmark = pytest.mark.browser


@pytest.fixture
def opened(two_patients, only_here):
    """Open a page of a server that has the made-up runner and somebody else; each test writes into its own table."""

    def show(path: str, runner: int = 1):
        return shown(only_here, f"{two_patients.url}/{path}?runner={runner}")

    return show, open_store(two_patients.home)


def pressed(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def test_an_onset_added(opened):
    show, store = opened
    page = show("flares")
    page.get_by_text("Tell us about a flare").click()
    page.get_by_label("Onset", exact=True).first.wait_for()
    page.locator(READY).wait_for()
    typed_date(page, "Onset", date(2026, 1, 10))
    pressed(page, "Add")
    stored(lambda: list(store.read(ONSET, 1)["onset_person_date"]), [date(2026, 1, 10)])
    expect(page.get_by_test_id("stToast").first).to_contain_text("10 Jan 2026")


def test_a_runner_renamed(opened):
    show, store = opened
    page = show("settings", runner=2)
    typed(page, "Another name for Quentin Otherperson", "Robin Typed")
    pressed(page, "Rename")
    stored(lambda: [one.name for one in store.runners() if not one.is_demo], ["Robin Typed"])
    expect(page.get_by_test_id("stToast").first).to_be_visible()


def test_a_run_by_hand(opened):
    show, store = opened
    before = store.read(ACTIVITY, 1).height
    page = show("runs")
    typed(page, "Distance, km", "7.35")
    typed(page, "Duration", "41:30")
    pressed(page, "Add run")
    stored(lambda: store.read(ACTIVITY, 1).height, before + 1)
    row = store.read(ACTIVITY, 1).filter(source="manual").to_dicts()[-1]
    assert (row["distance_m"], row["moving_s"]) == (7350.0, 2490.0)


def test_an_event(opened):
    show, store = opened
    page = show("events")
    before = store.read(EVENT, 1).height
    page.get_by_text("Illness").first.click()
    page.locator(READY).wait_for()
    typed(page, "Note", "three days in bed")
    pressed(page, "Save")
    stored(lambda: store.read(EVENT, 1).height, before + 1)
    assert "three days in bed" in store.read(EVENT, 1)["note"].to_list()


def test_sets_of_an_exercise(opened):
    show, store = opened
    page = show("strength")
    day = today() - timedelta(days=3)
    typed(page, "Repetitions", "17")
    pressed(page, "Save sets")
    stored(lambda: 17 in store.read(STRENGTH, 1).filter(date=today())["repetitions"].to_list(), True)
    typed_date(page, "Date", day)
    pressed(page, "Same as last time")
    stored(lambda: store.read(STRENGTH, 1).filter(date=day).height > 0, True)


def test_a_test_result(opened):
    show, store = opened
    page = show("checks")
    before = store.read(TEST_RESULT, 1).height
    typed_test(page, "23")
    pressed(page, "Save tests")
    stored(lambda: store.read(TEST_RESULT, 1).height, before + 1)
    assert 23.0 in store.read(TEST_RESULT, 1)["value"].to_list()


def test_a_limit_of_the_plan(opened):
    show, store = opened
    page = show("plan")
    page.get_by_role("button", name="Change", exact=True).first.click()
    field = page.locator('[class*="st-key-form_"] input[type="number"]').first
    field.wait_for()
    page.locator(READY).wait_for()
    field.click()
    field.press("ControlOrMeta+a")
    page.keyboard.type("7", delay=15)
    page.locator('[class*="st-key-form_"]').get_by_role("button", name="Save", exact=True).click()
    stored(lambda: 7.0 in store.read(GUARDRAIL, 1)["value"].to_list(), True)
