"""Typing into the fields of a page in a browser, and waiting until what was typed is stored."""

from __future__ import annotations

import time
from datetime import date, datetime
from zoneinfo import ZoneInfo

READY = '[data-testid="stApp"][data-test-script-state="notRunning"]'
ZONE = "Europe/Amsterdam"
"""Where the browser of the tests is: for an hour or two of each evening it is a day ahead of a server in UTC."""
SLOW = 90_000
"""Longest wait for a page on a machine that does much else, ms."""


def today() -> date:
    """Return the day it is for whoever sits at the browser."""
    return datetime.now(ZoneInfo(ZONE)).date()


def shown(page, address: str):
    """Open a page and wait until it is drawn."""
    page.goto(address)
    page.locator(READY).wait_for(timeout=SLOW)
    page.get_by_role("heading", level=1).first.wait_for(timeout=SLOW)
    return page


def stored(read, expected):
    """Wait until what is stored is what was typed."""
    until = time.monotonic() + 20
    while time.monotonic() < until and read() != expected:
        time.sleep(0.2)
    told = read()
    assert told == expected, f"stored is {told}"


def first_opinion(page):
    """Return the first card that asks for an opinion, by its name: fields come into cards in no order."""
    card = page.locator('[class*="st-key-first_"]').filter(has=page.locator('[class*="st-key-note_"]')).first
    names = card.get_attribute("class").split()
    return page.locator(f".{next(one for one in names if one.startswith('st-key-first_'))}")


def typed_test(page, number: str) -> None:
    """Type a number of heel rises on the page of tests; by its name, as fields come into a page in no order."""
    page.locator('[class*="st-key-heel_rise_reps_left"] input').click()
    page.keyboard.type(number, delay=15)


def typed(page, label: str, text: str) -> None:
    """Type over a field letter by letter, and leave the cursor in it."""
    field = page.get_by_label(label, exact=True).first
    field.click()
    field.press("ControlOrMeta+a")
    page.keyboard.type(text, delay=15)


def typed_date(page, label: str, day: date) -> None:
    """Type a date into its three parts; the cursor goes on by itself, and stays in the last."""
    page.get_by_role("group", name=label, exact=True).first.get_by_role("spinbutton").first.click()
    page.keyboard.type(f"{day:%Y%m%d}", delay=30)
