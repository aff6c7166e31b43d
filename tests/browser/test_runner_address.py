"""The runner in the address: a reload, Back and Forward, a middle click and a second tab show whom they name."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page, expect
from settled_page import settle

from connectors.frames import SYMPTOM
from connectors.store import Store, open_store
from dashboard.diary import entries

pytestmark = pytest.mark.browser
SLOW = 60_000


def shows(page: Page, name: str, title: str) -> None:
    """The page is there, and the menu and the tab of the browser name the runner."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title, timeout=SLOW)
    expect(page.locator(".st-key-menu").get_by_role("combobox")).to_have_value(name, timeout=SLOW)
    expect(page).to_have_title(f"{title.split(' for ', maxsplit=1)[0]} · {name}", timeout=SLOW)
    settle(page)


@pytest.fixture
def clinic(serve, tmp_path):
    """A server with two runners and no demo."""
    with open_store(tmp_path / "home") as store:
        for name in ("Nora Vance", "Kim Example"):
            one = store.add_runner(name)
            entries.save_entry(store, one.athlete_id, entries.nothing_felt_on(date(2026, 3, 1)))
    return serve()


def number(store: Store, name: str) -> int:
    return next(one.athlete_id for one in store.runners() if one.name == name)


def test_reload_back_forward_middle_click_and_a_second_tab_keep_the_runner(clinic, only_here):
    page, store = only_here, open_store(clinic.home)
    nora, kim = number(store, "Nora Vance"), number(store, "Kim Example")
    page.goto(clinic.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Whose?", timeout=SLOW)
    page.get_by_role("link", name="Kim Example").click()
    settle(page)
    page.locator(".st-key-menu").get_by_role("link", name="Log").click()
    shows(page, "Kim Example", "Log for Kim Example")
    page.reload()
    shows(page, "Kim Example", "Log for Kim Example")
    assert f"runner={kim}" in page.url

    page.goto(f"{clinic.url}/settings?runner={nora}")
    shows(page, "Nora Vance", "Settings")
    page.go_back()
    shows(page, "Kim Example", "Log for Kim Example")
    page.go_forward()
    shows(page, "Nora Vance", "Settings")

    with page.context.expect_page() as opened:
        page.locator(".st-key-menu").get_by_role("link", name="Log").click(button="middle")
    second = opened.value
    shows(second, "Nora Vance", "Log for Nora Vance")
    page.goto(f"{clinic.url}/log?runner={kim}")
    shows(page, "Kim Example", "Log for Kim Example")
    second.get_by_role("button", name="None today").click()
    expect(second.get_by_text("Saved, today")).to_be_visible(timeout=SLOW)
    assert [store.read(SYMPTOM, one).height for one in (nora, kim)] == [2, 1]


def test_choosing_another_runner_leaves_nothing_typed_for_the_first(clinic, only_here):
    page, store = only_here, open_store(clinic.home)
    page.goto(f"{clinic.url}/events?runner={number(store, 'Nora Vance')}")
    shows(page, "Nora Vance", "Events")
    page.get_by_label("Note").fill("only of Nora")
    page.get_by_label("Note").press("Tab")
    settle(page)
    page.locator(".st-key-menu").get_by_role("combobox").click()
    page.get_by_role("option", name="Kim Example").click()
    shows(page, "Kim Example", "Events")
    assert page.get_by_label("Note").input_value() == ""
    page.go_back()
    shows(page, "Nora Vance", "Events")


def test_a_runner_deleted_in_another_tab_is_written_for_no_more(clinic, only_here):
    page, store = only_here, open_store(clinic.home)
    nora = number(store, "Nora Vance")
    page.goto(f"{clinic.url}/log?runner={nora}")
    shows(page, "Nora Vance", "Log for Nora Vance")
    store.delete_runner(nora)
    page.get_by_role("button", name="None today").click()
    expect(page.get_by_text("othing was saved")).to_be_visible(timeout=SLOW)
    page.get_by_role("link", name="Open the page again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Whose?", timeout=SLOW)
    assert store.read(SYMPTOM, number(store, "Kim Example")).height == 1
