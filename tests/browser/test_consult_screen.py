"""The consult on screens of 1920, 1440 and 820 px, with a second patient on the machine: one flare, one screen."""

from __future__ import annotations

import re
import time
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from settled_page import settle

from connectors.frames import VISIT
from connectors.store import open_store
from dashboard.shared import onset_edits

pytestmark = pytest.mark.browser
SLOW = 90_000
ASKED = "embed=true&embed_options=light_theme"
STEPS = (
    "Symptoms", "Timeline", "Shoes", "What changed", "Tests", "Strength", "Plan", "Report", "Cover",
)  # fmt: skip
SIZES = [(1920, 1080), (1440, 900), (820, 1180)]
CHART = ".st-key-consult_timeline .js-plotly-plot"
SETTLE_MS = 1_200
"""Longer than a measured screen is waited for before the picture is drawn anew."""


@pytest.fixture
def page(kept_page):
    return kept_page


def open_step(page: Page, server, step: str, more: str = "") -> None:
    page.goto(f"{server.url}/{step}?{ASKED}&runner=1{more}")
    expect(page.get_by_role("heading", level=1)).to_have_count(1, timeout=SLOW)
    settle(page, SETTLE_MS)


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("type_px", [18, 24, 30])
def test_symptoms_and_what_moved_stand_on_one_screen(page, two_patients, width, height, type_px):
    page.set_viewport_size({"width": width, "height": height})
    open_step(page, two_patients, "consult_timeline", f"&type={type_px}")
    for place, most in (
        (CHART, height),
        (".st-key-consult_flat", height + 4),
    ):  # drawn anew once it is measured
        until = time.monotonic() + SLOW / 1000  # the page's policy forbids what `wait_for_function` evaluates
        bottom = f"document.querySelector('{place}')?.getBoundingClientRect().bottom ?? Infinity"
        while not page.evaluate(f"{bottom} <= {most}") and time.monotonic() < until:
            page.wait_for_timeout(100)
        assert page.evaluate(bottom) <= most
    flat = page.inner_text(".st-key-consult_flat")
    has_room_for_all = (
        width == 1920 and type_px == 18
    )  # then only lanes without a usual of their own are lines
    assert has_room_for_all or "→" in flat or "known" in flat
    drawn = page.evaluate(
        f"(() => {{ const c = document.querySelector('{CHART}'); const f = c.layout;"
        "return {plot: c.clientWidth - f.margin.l - f.margin.r, axes: Object.keys(f)"
        ".filter((k) => k.startsWith('yaxis') && f[k].visible !== false).length,"
        "small: Math.min(...[...c.querySelectorAll('svg text')].filter((t) => t.textContent.trim())"
        ".map((t) => parseFloat(getComputedStyle(t).fontSize)))} })()"
    )
    assert drawn["axes"] >= 3  # pain, stiffness, and one lane at least
    assert drawn["small"] >= type_px - 0.1
    assert drawn["plot"] >= width * (0.75 if width == 820 else 0.4)
    labels = page.evaluate(
        f"[...document.querySelectorAll('{CHART} .annotation-text')]"
        ".map((one) => [one.textContent, one.getBoundingClientRect().top])"
    )
    onset = next(top for text, top in labels if text.startswith("Onset"))
    assert onset == min(top for _, top in labels)


def test_a_picture_makes_room_for_what_grows_above_it(page, two_patients):
    page.set_viewport_size({"width": 1440, "height": 900})
    open_step(page, two_patients, "consult_timeline")
    height = f"document.querySelector('{CHART}').clientHeight"
    before = page.evaluate(height)
    above = "document.querySelector('.st-key-screen').previousElementSibling"
    page.evaluate(f"{above}.style.paddingBottom = '90px'")  # as letters that come late, or one more line
    until = time.monotonic() + SLOW / 1000
    while page.evaluate(height) > before - 50 and time.monotonic() < until:
        page.wait_for_timeout(200)
    assert page.evaluate(height) <= before - 50


def test_no_box_hides_the_symptoms_and_values_stand_beside_the_names(page, two_patients):
    open_step(page, two_patients, "consult_timeline")
    box = page.locator(CHART).bounding_box()
    assert box
    at = box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.5
    page.mouse.move(*at)
    page.mouse.move(at[0] + 3, at[1] + 2)
    expect(page.locator(".hw-strip").first).to_be_visible(timeout=10_000)
    texts = page.locator(".hw-strip").all_inner_texts()
    assert re.search(r"\w{3} \d+ \w{3} \d{4}", texts[0])
    assert len(texts) >= 4
    assert (page.locator(f"{CHART} .hoverlayer").first.text_content() or "") == ""
    names = page.evaluate(
        f"(() => {{ const c = document.querySelector('{CHART}');"
        "const left = c.getBoundingClientRect().left + c.layout.margin.l;"
        "return [...c.querySelectorAll('.hw-strip')].slice(1)"
        ".every((one) => one.getBoundingClientRect().right <= left) })()"
    )
    assert names, "a value stands over the plot"
    page.mouse.move(5, 5)
    expect(page.locator(".hw-strip")).to_have_count(0, timeout=10_000)


def test_a_line_of_text_is_swapped_in_by_a_press(page, two_patients):
    open_step(page, two_patients, "consult_timeline")
    line = page.locator(".st-key-consult_flat button", has_text="Volume").first
    expect(line).to_be_visible()
    line.click()
    settle(page, SETTLE_MS)
    assert page.locator(".st-key-consult_flat button", has_text="Volume").count() == 0
    assert "Volume" in page.locator(CHART).inner_text()


def test_the_onset_is_typed_with_enter_and_stays_in_the_picture(page, two_patients):
    open_step(page, two_patients, "consult_symptoms")
    field = page.get_by_role("textbox", name="Onset")
    before = date.fromisoformat(field.input_value())
    typed = before.replace(day=before.day - 1 if before.day > 1 else 2)
    field.fill(f"{typed.day} {typed:%b} {typed.year}")
    field.press("Enter")
    settle(page, SETTLE_MS)
    assert field.input_value() == str(typed)
    shown = page.locator(".st-key-consult_symptoms").inner_text()
    assert f"Onset, typed: {typed.day} {typed:%b} {typed.year}" in shown
    page.get_by_text("4 weeks", exact=True).click()
    settle(page, SETTLE_MS)
    start, end = (re.search(rf"{name}=(\d{{4}}-\d\d-\d\d)", page.url)[1] for name in ("from", "to"))
    assert start <= str(typed) <= end
    assert "Onset" in page.locator(".st-key-consult_symptoms").inner_text()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_whole_consult_is_walked_and_no_step_leaves_it(page, two_patients, width, height):
    page.set_viewport_size({"width": width, "height": height})
    open_step(page, two_patients, "consult")
    for step in STEPS:
        page.locator(".st-key-consult_steps").get_by_text(step, exact=True).click()
        settle(page, SETTLE_MS)
        here = page.locator(".st-key-consult_steps [aria-current=page]")
        expect(here).to_have_text(step)
        here.click()
        settle(page, SETTLE_MS)
        assert "embed=true" in page.url, step
        expect(page.get_by_role("button", name="Hide the screen")).to_be_visible()
        assert "Quentin" not in page.inner_text("body"), step
        assert page.inner_text(".hw-whose") == "DR", step
        wider = page.evaluate(
            "[...document.querySelectorAll('[data-testid=stMain], .js-plotly-plot')]"
            ".filter((one) => one.scrollWidth > innerWidth + 1).length"
        )
        assert wider == 0, step


def test_an_opinion_stands_in_grey_with_its_date_at_the_next_visit(page, begun):
    open_step(page, begun, "consult_first")
    page.get_by_text("Likely", exact=True).first.click()
    settle(page, SETTLE_MS)
    page.get_by_label("Note").first.fill("two track sessions a week")
    page.get_by_label("Note").first.press("Enter")
    settle(page, SETTLE_MS)
    with open_store(begun.home) as store:
        athlete_id = store.runner().athlete_id
        (row,) = store.read(VISIT, athlete_id).to_dicts()
        (onset,) = onset_edits.onset_decisions(store, athlete_id)
        assert (row["opinion"], row["note"]) == ("likely", "two track sessions a week")
        assert row["onset_id"] == onset["source_id"]
        # The visit becomes one of some weeks ago.
        store.delete(VISIT, athlete_id, "manual", [row["source_id"]])
        from dashboard.shared import visits

        visits.save_note(
            store, athlete_id, date(2026, 10, 1), "driver", row["subject"], opinion="likely",
            note=row["note"], on_date=row["on_date"], onset_id=row["onset_id"],
        )  # fmt: skip
    page.reload()
    settle(page, SETTLE_MS)
    grey = page.get_by_text("PT, 1 Oct 2026: likely – two track sessions a week")
    expect(grey).to_be_visible(timeout=SLOW)
    assert page.get_by_label("Note").first.input_value() == ""


def test_the_last_step_has_tomorrows_log_and_the_code(page, two_patients):
    open_step(page, two_patients, "consult_report")
    page.get_by_label("Agreed next step").fill("No track for 3 weeks.")
    page.get_by_role("button", name="Keep", exact=True).first.click()
    settle(page, SETTLE_MS)
    page.reload()
    settle(page, SETTLE_MS)
    expect(page.locator(".hw-phone")).to_contain_text("How stiff is your heel this morning?", timeout=SLOW)
    size = page.locator(".hw-code").bounding_box()
    assert size
    assert size["width"] >= 250
    assert page.evaluate("document.querySelector('.hw-code').naturalWidth") > 0
    assert "Demo" not in page.inner_text(".hw-agreed")
