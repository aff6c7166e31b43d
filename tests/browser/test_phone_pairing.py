"""Two browsers on the phone's address, one paired and one not, and the page at the machine that pairs them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from own_certificate import own_certificate
from playwright.sync_api import Browser, Page, expect

from connectors.store import open_store
from dashboard.access import devices, pairing

pytestmark = pytest.mark.browser
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.fixture
def start(tmp_path: Path, serve, phone_place):
    """Start a server with one runner, and return the phone's address that it answers on, with or without TLS."""
    address, port = phone_place
    (tmp_path / "here").mkdir()
    with open_store(tmp_path / "here" / "home") as store:
        store.add_runner("Robin Placeholder")

    def begin(is_tls: bool = False):
        environment = {"HEELWISE_PHONE": f"{address}:{port}"}
        if is_tls:
            certificate, key = own_certificate(tmp_path, address)
            environment |= {"HEELWISE_PHONE_CERT": str(certificate), "HEELWISE_PHONE_KEY": str(key)}
        return serve("here", **environment), f"http{'s' if is_tls else ''}://{address}:{port}"

    return begin


@pytest.fixture
def machine(start):
    return start()


@pytest.fixture
def phone(browser: Browser):
    """Make phones: each a browser with cookies of its own, narrow, which asks nobody but this machine."""
    made = []

    def make() -> Page:
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, user_agent=IPHONE, ignore_https_errors=True
        )
        made.append(context)
        return context.new_page()

    yield make
    for context in made:
        context.close()


def status(page: Page, address: str) -> int:
    answer = page.goto(address)
    return answer.status if answer else 0


def test_a_phone_is_paired_by_a_code_and_removed_again(page: Page, machine, phone):
    server, address = machine
    paired, other = phone(), phone()
    assert status(other, f"{address}/log") == 403
    expect(other.get_by_role("heading", name="This phone is not paired")).to_be_visible()
    assert not other.evaluate("isSecureContext")

    page.goto(f"{server.url}/data?tab=settings&runner=1")
    page.get_by_role("button", name="Pair a phone").click()
    expect(page.locator("img.hw-code")).to_be_visible()
    code = re.search(r"type (\w{4} \w{4})", page.get_by_text("Or open").inner_text())
    assert code
    assert status(paired, f"{address}/pair") == 200
    expect(paired.get_by_label("Name of this phone")).to_have_value("iPhone")
    paired.get_by_label("Code of 8 characters").fill(code[1].lower())
    paired.get_by_role("button", name="Pair this phone").click()
    expect(paired.locator("#number")).to_have_text(re.compile(r"^\d{4}$"))
    number = paired.locator("#number").inner_text()
    expect(page.get_by_text("iPhone asks to be paired with Robin Placeholder (log only).")).to_be_visible()
    expect(page.locator(".hw-number")).to_have_text(number)
    page.get_by_role("button", name="Yes, pair it").click()
    paired.wait_for_url("**/log")
    expect(page.get_by_text("iPhone is paired with Robin Placeholder.")).to_be_visible()

    assert status(paired, f"{address}/log") == 200
    assert paired.evaluate("document.cookie") == ""
    assert status(other, f"{address}/log") == 403
    for path in ("/", "/today", "/data?tab=settings", "/_stcore/host-config", "/static/x.js"):
        assert status(paired, address + path) == status(other, address + path) == 403, path

    page.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("No phone is paired.")).to_be_visible()
    assert status(paired, f"{address}/log") == 403


def test_the_secret_of_a_scan_is_taken_once_and_leaves_no_trace(machine, phone):
    server, address = machine
    with open_store(server.home) as store:
        offered = pairing.offer(store, 1, "log_only", datetime.now(UTC))
        scanner, first, second = phone(), phone(), phone()
        link = f"{address}/pair#{offered.secret}"
        for _ in range(2):
            scanner.goto(link)
        assert not scanner.context.cookies()

        first.goto(link)
        expect(first.get_by_label("Code of 8 characters")).to_be_hidden()
        assert first.evaluate("location.href") == f"{address}/pair"
        first.get_by_label("Name of this phone").fill("<i>Trail</i> phone")
        first.get_by_role("button", name="Pair this phone").click()
        expect(first.locator("#number")).to_have_text(re.compile(r"^\d{4}$"))
        expect(first.locator("#phone_name")).to_have_text("<i>Trail</i> phone")

        second.goto(link)
        second.get_by_role("button", name="Pair this phone").click()
        expect(second.get_by_role("status")).to_contain_text("used already")

        number = first.locator("#number").inner_text()
        assert pairing.answer(store, offered.pairing_id, number, True, datetime.now(UTC))
        first.wait_for_url("**/log")
        first.go_back()
        assert offered.secret not in first.url
        assert [one.name for one in store.devices.devices()] == ["<i>Trail</i> phone"]


def test_an_app_on_the_home_screen_joins_by_a_code_of_the_paired_browser(machine, phone):
    server, address = machine
    with open_store(server.home) as store:
        offered = pairing.offer(store, 1, "log_only", datetime.now(UTC))
        browser, app = phone(), phone()
        browser.goto(f"{address}/pair#{offered.secret}")
        browser.get_by_role("button", name="Pair this phone").click()
        expect(browser.locator("#number")).to_have_text(re.compile(r"^\d{4}$"))
        pairing.answer(
            store, offered.pairing_id, browser.locator("#number").inner_text(), True, datetime.now(UTC)
        )
        browser.wait_for_url("**/log")
        browser.goto(f"{address}/pair")
        browser.get_by_role("button", name="Show a code for the home screen").click()
        expect(browser.locator("#home_code")).to_have_text(re.compile(r"^\w{4} \w{4}$"))

        assert status(app, f"{address}/log") == 403
        app.get_by_label("Code of 8 characters").fill(browser.locator("#home_code").inner_text())
        app.get_by_role("button", name="Pair this phone").click()
        expect(app.get_by_role("heading", name="This phone is not paired")).to_have_count(0)
        app.wait_for_load_state()
        assert status(app, f"{address}/log") == 200
        assert len(store.devices.devices()) == 1


def test_over_tls_a_phone_opens_every_page_until_it_is_removed(start, phone):
    server, address = start(is_tls=True)
    with open_store(server.home) as store:
        offered = pairing.offer(store, 1, "everything", datetime.now(UTC))
        page = phone()
        page.goto(f"{address}/pair#{offered.secret}")
        expect(page.get_by_text("This address has no encryption")).to_be_hidden()
        page.get_by_role("button", name="Pair this phone").click()
        expect(page.locator("#number")).to_have_text(re.compile(r"^\d{4}$"))
        number = page.locator("#number").inner_text()
        pairing.answer(store, offered.pairing_id, number, True, datetime.now(UTC))
        page.wait_for_url("**/log")
        (cookie,) = [one for one in page.context.cookies() if "heelwise_device" in one["name"]]
        assert (cookie["name"], cookie["secure"], cookie["httpOnly"]) == (
            "__Host-heelwise_device",
            True,
            True,
        )

        page.goto(f"{address}/plan")
        expect(page.get_by_role("heading", name="Plan", exact=True)).to_be_visible(timeout=30_000)
        devices.remove(store, store.devices.devices()[0].device_id)
        expect(page.get_by_role("heading", name="This phone is not paired")).to_be_visible(timeout=3_000)
        expect(page.get_by_role("heading", name="Plan", exact=True)).to_have_count(0)
