"""The pages as a person meets them: first start, leaving the demo, an import, an entry, phone and dark."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from chromium import OWN_ARGUMENTS
from export_writer import Session, write_export
from playwright.sync_api import expect
from settled_page import settle, visit

from connectors.frames import ACTIVITY, SYMPTOM
from connectors.store import open_store
from dashboard.today.start_page import TITLE

pytestmark = pytest.mark.browser
SLOW = 60_000


def test_a_first_start_shows_the_made_up_runner_and_one_click_leaves_it(fresh, only_here):
    page = only_here
    visit(page, fresh.url)
    expect(page.get_by_text("This runner is made up.")).to_be_visible()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(page.locator(".st-key-start_picture .main-svg").first).to_be_visible(timeout=SLOW)
    page.locator(".st-key-leave_demo button").click()
    expect(page.locator(".st-key-start_picture")).to_have_count(0, timeout=SLOW)
    expect(page.get_by_text("This runner is made up.")).to_have_count(0)
    visit(page, fresh.url)
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    assert open_store(fresh.home).runners() == []


def test_an_export_dropped_on_the_page_comes_in_and_says_what_it_left_out(begun, only_here, tmp_path):
    page = only_here
    sessions = [Session(n, datetime(2026, 3, n, 6, 30, tzinfo=UTC)) for n in range(1, 9)]
    export = write_export(tmp_path / "export_1.zip", sessions)
    broken = tmp_path / "broken.fit"
    broken.write_bytes(b"not a recording")
    visit(page, f"{begun.url}/data")
    page.locator('input[type="file"]').set_input_files([export, broken])
    page.get_by_role("button", name="Import into").click()
    expect(page.get_by_text("8 sessions: 8 new.")).to_be_visible(timeout=2 * SLOW)
    expect(page.get_by_text("Left out: broken.fit:")).to_be_visible()
    expect(page.get_by_text("This runner is made up.")).to_have_count(0)
    store = open_store(begun.home)
    assert store.read(ACTIVITY, store.runner().athlete_id).height == 8
    assert not list(begun.home.glob("upload-*"))


def test_an_entry_is_saved_shown_and_undone_and_stays_out_of_the_address(begun, only_here):
    page = only_here
    visit(page, f"{begun.url}/log")
    page.get_by_role("button", name="Start my own log").click()
    expect(page.get_by_text("What you write here belongs to the made-up runner")).to_have_count(
        0, timeout=SLOW
    )
    page.locator('[class*="st-key-stiffness"] button').nth(4).click()
    page.locator('[class*="st-key-minutes"] button').nth(1).click()
    expect(page.get_by_text("Saved, today: ")).to_be_visible(timeout=SLOW)
    page.get_by_label("Note").fill("stairs")
    page.get_by_label("Note").press("Enter")
    store = open_store(begun.home)
    for _ in range(100):  # the answer is kept a moment after the key
        (row,) = store.read(SYMPTOM, store.runner().athlete_id).to_dicts()
        if row["note"]:
            break
        page.wait_for_timeout(100)
    assert (row["morning_stiffness_0_10"], row["note"], row["morning_pain_0_10"]) == (4, "stairs", None)
    assert "stairs" not in page.url
    assert page.url.partition("?")[2] == f"runner={store.runner().athlete_id}"
    settle(page)
    page.get_by_role("button", name="Undo").click()
    page.wait_for_timeout(500)
    settle(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("How stiff is your heel this morning?")).to_be_visible(timeout=SLOW)
    assert store.read(SYMPTOM, store.runner().athlete_id).is_empty()


def test_buttons_of_the_log_are_large_enough_for_a_thumb(demo, page):
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, f"{demo.url}/log")
    # The sign in a date field is 16 px high and takes a tap within 44 px around it (page_style.py).
    taps = '[class*="st-key-large_taps"] button:not([data-testid="stDateInputCalendarButton"])'
    boxes = page.locator(f"{taps}, .st-key-fortnight button, .st-key-when button")
    expect(boxes.nth(26)).to_be_visible(timeout=SLOW)
    page.wait_for_timeout(1_000)  # the size eases in
    sizes = boxes.evaluate_all(
        "all => all.filter(one => one.offsetParent).map(one => [one.offsetWidth, one.offsetHeight])"
    )
    assert len(sizes) >= 26
    assert min(min(size) for size in sizes) >= 44
    cut = page.locator(".st-key-fortnight button").evaluate_all(
        "all => all.filter(one => one.scrollHeight > one.clientHeight || one.offsetHeight < 60).length"
    )
    assert cut == 0, "a day has three lines, and what a page asks for above 44 px holds"
    pills = page.locator('[class*="st-key-large_taps_morning"] button[data-variant="pills"]')
    assert (
        min(pills.evaluate_all("all => all.filter(one => one.offsetParent).map(one => one.offsetHeight)"))
        >= 52
    )


def test_answers_carry_the_safe_headers(demo, page):
    headers = page.goto(demo.url).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"


def test_another_host_name_gets_no_data(demo, playwright, browser_type_launch_args):
    """What a page elsewhere could do by pointing its own name at this machine."""
    launch = browser_type_launch_args
    browser = playwright.chromium.launch(
        executable_path=launch["executable_path"],
        args=[*OWN_ARGUMENTS, "--host-resolver-rules=MAP evil.example 127.0.0.1"],
    )
    page = browser.new_page()
    page.goto(f"http://evil.example:{demo.port}/")
    page.wait_for_timeout(3_000)
    assert page.get_by_text("made up").count() == 0
    browser.close()


TOO_SMALL = """() => [...document.querySelectorAll(".stMain :is(button, summary, input, [role=combobox], a[href])")]
    .filter(one => {
        const box = one.getBoundingClientRect(), style = getComputedStyle(one);
        const isSeen = box.width && box.height && style.visibility !== "hidden" && style.opacity !== "0";
        const isText = one.matches("a") && style.display === "inline";
        return isSeen && !isText && !one.matches("[type=file]") && !one.closest("[inert]");
    })
    .filter(one => {
        const around = one.closest("label, [data-testid=stNumberInputContainer], [data-testid=stTextInputRootElement], "
            + "[data-testid=stDateInputField], .react-aria-ComboBox > div") ?? one;
        const press = getComputedStyle(one, "::after"), box = around.getBoundingClientRect();
        const width = Math.max(box.width, parseFloat(press.width) || 0);
        const height = Math.max(box.height, parseFloat(press.height) || 0);
        return Math.min(width, height) < 43.5;
    })
    .map(one => `${one.tagName} ${one.ariaLabel ?? one.innerText}`)"""
"""What can be pressed and is smaller than a thumb; a link in a sentence is text, and a field is all of its frame."""


def test_a_finger_hits_what_a_page_has_and_nothing_is_cut(demo, browser):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    for path in ("plan", "checks", "settings", "data", "events"):
        visit(page, f"{demo.url}/{path}")
        page.wait_for_timeout(1_000)  # sizes ease in
        assert page.evaluate(TOO_SMALL) == [], path
    # Beside what it acts on, however long that is.
    words, remove = page.locator("[class*='st-key-act_row_']").nth(2).locator("p").all()
    assert remove.bounding_box()["y"] < words.bounding_box()["y"] + words.bounding_box()["height"]

    visit(page, f"{demo.url}/timeline")
    presets = page.locator(".st-key-window_row [role=radiogroup]")
    expect(presets).to_be_visible(timeout=SLOW)
    assert presets.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
    page.set_viewport_size({"width": 820, "height": 1180})
    settle(page)
    doors = page.locator(".st-key-menu_doors a:visible")
    expect(doors).to_have_count(8)
    assert len({round(one.bounding_box()["y"]) for one in doors.all()}) == 1, "one row of doors on a tablet"
    context.close()
