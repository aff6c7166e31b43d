"""The phone's own log in Chromium: two taps, offline, delivered once, removed, dark, by keyboard and by ear."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from axe_playwright_python.sync_playwright import Axe
from phone_app import COOKIE
from playwright.sync_api import BrowserContext, Page, expect
from store_builders import activity_row

from connectors.frames import ACTIVITY, STRENGTH, SYMPTOM
from connectors.store import open_store
from dashboard.access import devices, pairing
from dashboard.diary import entries
from dashboard.diary.entries import SymptomEntry

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
ZONE = ZoneInfo("Europe/Amsterdam")
TODAY = datetime.now(ZONE).date()
WAIT = 20_000


class PhoneServer:
    """`tests/phone_app.py` on a free port, with one runner whose yesterday is logged."""

    def __init__(self, folder: Path, host: str = "127.0.0.1") -> None:
        with socket.socket() as probe:
            probe.bind((host, 0))
            self.port = probe.getsockname()[1]
        self.host, self.folder, self.home = host, folder, folder / "home"
        self.url = f"http://{host}:{self.port}"
        with open_store(self.home) as store:
            runner = store.add_runner("Robin Placeholder")
            self.athlete_id = runner.athlete_id
            entries.save_entry(
                store,
                self.athlete_id,
                SymptomEntry(TODAY - timedelta(1), "left", None, 6.0, morning_stiffness_band=">30"),
            )
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "tests" / "phone_app.py"), str(self.port), self.host],
            cwd=ROOT,
            env={**os.environ, "HEELWISE_HOME": str(self.home), "TZ": "Europe/Amsterdam"},
        )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"{self.url}/manifest.webmanifest", timeout=1).read()
            except OSError:
                time.sleep(0.1)
            else:
                return
        pytest.fail("the phone's server did not answer within a minute")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)

    def remove_device(self) -> None:
        (self.folder / "removed").touch()

    def rows(self) -> list[dict]:
        with open_store(self.home) as store:
            return store.read(SYMPTOM, self.athlete_id).filter(pl.col("date") == TODAY).to_dicts()

    def taken(self) -> list[str]:
        with open_store(self.home) as store:
            _, taken = store.phone_entries(self.athlete_id)
        return [one.kind for one in taken if one.kind != "page"]


@pytest.fixture
def server(tmp_path):
    one = PhoneServer(tmp_path)
    yield one
    one.stop()


@pytest.fixture
def phone(browser, server):
    """A page of a paired phone; every request must go to the server."""
    context = paired(browser, server)
    yield opened(context, server)
    context.close()


def paired(browser, server, **more) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        is_mobile=True,
        has_touch=True,
        timezone_id="Europe/Amsterdam",
        **more,
    )
    context.add_cookies([{"name": COOKIE, "value": f"7.{server.athlete_id}", "url": server.url}])
    context.set_default_timeout(WAIT)
    return context


def opened(context: BrowserContext, server) -> Page:
    page = context.new_page()
    away: list[str] = []
    page.on("pageerror", lambda error: away.append(str(error)))
    page.on("request", lambda one: away.append(one.url) if not one.url.startswith(server.url) else None)
    page.on("websocket", lambda one: away.append(one.url) if server.url[4:] not in one.url else None)
    page.goto(f"{server.url}/log")
    page.locator("html[data-reached]").wait_for()
    assert away == []
    return page


def stiffness(page: Page, score: str):
    group = page.get_by_role("group", name="How stiff is your heel this morning")
    return group.get_by_role("button", name=score, exact=True)


def minutes(page: Page, words: str):
    return page.get_by_role("group", name="How many minutes").get_by_role("button", name=words)


def until(check, wanted) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if check() == wanted:
            return
        time.sleep(0.1)
    assert check() == wanted


def test_two_taps_are_saved_and_can_be_undone(phone, server):
    stiffness(phone, "3").tap()
    assert server.rows() == []
    minutes(phone, "5 to 15 min").tap()
    expect(phone.get_by_text("Saved, today: stiffness 3 of 10, stiff for 5 to 15 min.")).to_be_visible()
    [row] = server.rows()
    assert (row["morning_stiffness_0_10"], row["morning_stiffness_band"]) == (3, "5-15")
    phone.get_by_role("group", name="Which heel").get_by_role("button", name="Left").tap()
    until(lambda: [one["side"] for one in server.rows()], ["left"])
    for _ in range(2):
        phone.get_by_role("button", name="Undo").tap()
        phone.wait_for_timeout(300)
    until(server.rows, [])
    expect(stiffness(phone, "3")).to_be_visible()


def test_none_and_same_are_one_tap(phone, server):
    phone.get_by_role("button", name="None today").tap()
    until(lambda: [one["morning_pain_0_10"] for one in server.rows()], [0])
    phone.get_by_role("button", name="Change").tap()
    phone.get_by_role("button", name="Same as yesterday").tap()
    until(lambda: any(one["is_same_as_before"] for one in server.rows()), True)
    assert "6 of 10" in phone.locator("#log").inner_text() or len(server.rows()) > 1


def test_taps_without_a_connection_are_held_and_delivered_once(phone, server):
    phone.context.set_offline(True)
    stiffness(phone, "4").tap()
    minutes(phone, "15 to 30 min").tap()
    expect(phone.get_by_text("1 answer is on this phone and not sent yet.").first).to_be_visible()
    phone.get_by_role("group", name="Pain on the first steps").get_by_role("button", name="2").tap()
    expect(phone.get_by_role("status").filter(has_text="cannot be reached")).to_be_visible()
    assert server.rows() == []
    phone.context.set_offline(False)
    until(lambda: [one["morning_pain_0_10"] for one in server.rows()], [2])
    assert sorted(server.taken()) == ["answer", "morning"]


def test_an_acknowledgement_that_is_lost_delivers_nothing_twice(phone, server):
    lost = []

    def lose(route):
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    phone.route("**/phone/entries*", lose)
    phone.get_by_role("button", name="None today").tap()
    expect(phone.get_by_text("Saved, today")).to_be_visible()
    assert lost == [200]
    assert server.taken() == ["none"]


def test_a_page_that_is_closed_before_it_could_send_delivers_at_the_next_opening(browser, server):
    context = paired(browser, server)
    page = opened(context, server)
    server.stop()
    page.get_by_role("button", name="None today").tap()
    expect(page.get_by_role("status").filter(has_text="cannot be reached")).to_be_visible()
    page.close()
    server.start()
    again = opened(context, server)
    expect(again.get_by_text("Saved, today")).to_be_visible()
    assert server.taken() == ["none"]
    context.close()


def test_a_first_tap_is_there_after_a_reload(phone, server):
    stiffness(phone, "6").tap()
    expect(minutes(phone, "over 30 min")).to_be_visible()
    phone.reload()
    expect(stiffness(phone, "6")).to_have_attribute("aria-pressed", "true")
    minutes(phone, "over 30 min").tap()
    until(lambda: [one["morning_stiffness_0_10"] for one in server.rows()], [6])


def test_over_a_safe_connection_it_opens_without_the_machine(browser, server):
    context = paired(browser, server)
    page = opened(context, server)
    assert page.evaluate("window.isSecureContext")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    server.stop()
    page.goto(f"{server.url}/log")
    page.get_by_role("button", name="None today").tap()
    expect(page.get_by_text("1 answer is on this phone").first).to_be_visible()
    server.start()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    until(server.taken, ["none"])
    context.close()


def own_address() -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # nothing is sent: only the way is looked up
        except OSError:
            return None
        address = probe.getsockname()[0]
    return None if address.startswith("127.") else address


def test_over_plain_http_there_is_no_worker_and_the_page_says_so(browser, tmp_path):
    address = own_address()
    if address is None:
        pytest.skip("this machine has no address beside loopback")
    server = PhoneServer(tmp_path, address)
    context = paired(browser, server)
    page = opened(context, server)
    assert page.evaluate("window.isSecureContext") is False
    assert page.evaluate("'serviceWorker' in navigator") is False
    expect(page.get_by_text("Over plain HTTP this page opens only while")).to_be_visible()
    page.get_by_role("button", name="None today").tap()
    until(server.taken, ["none"])
    context.close()
    server.stop()


def test_a_removed_phone_is_told_so_shows_nothing_and_gives_its_answers_back(phone, server):
    stiffness(phone, "3").tap()
    minutes(phone, "5 to 15 min").tap()
    expect(phone.get_by_text("Saved, today")).to_be_visible()
    phone.context.set_offline(True)  # else the page is blank before the answer that it shall give back
    phone.get_by_role("group", name="Where").get_by_role("button", name="At the heel").tap()
    server.remove_device()
    phone.context.set_offline(False)
    expect(phone.get_by_role("alert").filter(has_text="no longer paired")).to_be_visible()
    assert "stiffness 3" not in phone.locator("body").inner_text()
    held = phone.get_by_role("textbox", name="These answers were not stored")
    assert held.input_value() == f"{TODAY}: Where At the heel"
    phone.get_by_role("button", name="Remove from this phone").tap()
    expect(held).to_have_count(0)


def test_an_open_page_goes_blank_within_a_second_of_the_removal(phone, server):
    phone.get_by_role("button", name="None today").tap()
    expect(phone.get_by_text("Saved, today")).to_be_visible()
    phone.wait_for_timeout(500)
    server.remove_device()
    expect(phone.get_by_role("alert").filter(has_text="no longer paired")).to_be_visible(timeout=1500)
    assert "Saved, today" not in phone.locator("body").inner_text()


def test_a_run_that_arrives_while_the_page_is_open_is_asked_about(phone, server):
    expect(phone.get_by_role("heading", name="Your run of")).to_have_count(0)
    with open_store(server.home) as store:
        row = activity_row(server.athlete_id, TODAY, 8200.0) | {"perceived_exertion_0_10": None}
        store.write(ACTIVITY, pl.DataFrame([row], schema_overrides=ACTIVITY.schema, infer_schema_length=None))
    expect(phone.get_by_role("heading", name="Your run of")).to_be_visible(timeout=6000)


def test_what_comes_from_the_machine_takes_no_field_away_under_somebody_who_types(phone, server):
    phone.get_by_role("button", name="None today").tap()
    expect(phone.get_by_text("Saved, today")).to_be_visible()
    note = phone.get_by_label("Note")
    note.tap()
    phone.keyboard.type("stiff on ")
    with open_store(server.home) as store:
        entries.save_entry(store, server.athlete_id, entries.nothing_felt_on(TODAY - timedelta(4)))
    phone.wait_for_timeout(3500)
    phone.keyboard.type("the stairs")
    phone.get_by_role("button", name="Change").tap()  # the press that ends the typing is not lost
    expect(phone.get_by_role("button", name="Leave it as it was")).to_be_visible()
    until(lambda: [one["note"] for one in server.rows()], ["stiff on the stairs"])


def test_a_run_that_arrived_is_asked_about_first(browser, server):
    with open_store(server.home) as store:
        row = activity_row(server.athlete_id, TODAY, 8200.0)
        row |= {"perceived_exertion_0_10": None}
        store.write(ACTIVITY, pl.DataFrame([row], schema_overrides=ACTIVITY.schema, infer_schema_length=None))
    context = paired(browser, server)
    page = opened(context, server)
    expect(page.get_by_role("heading", name="Your run of")).to_be_visible()
    page.get_by_role("group", name="How hard was it").get_by_role("button", name="7").tap()
    page.get_by_role("group", name="Pain in the first minutes").get_by_role("button", name="2").tap()
    page.get_by_role("group", name="Did it ease").get_by_role("button", name="Yes").tap()
    page.get_by_role("button", name="Not now").tap()
    expect(page.get_by_role("heading", name="Your run of")).to_have_count(0)
    until(lambda: [(one["pain_start_0_10"], one["warmed_up"]) for one in server.rows()], [(2, True)])
    with open_store(server.home) as store:
        assert store.activities(server.athlete_id)["perceived_exertion_0_10"].to_list() == [7]
    context.close()


def test_sets_are_logged_and_a_day_is_filled_in_from_the_strip(phone, server):
    phone.get_by_text("Log sets").tap()
    phone.get_by_label("Exercise").fill("Heel raise")
    phone.get_by_label("Sets", exact=True).fill("3")
    phone.get_by_label("Repetitions").fill("15")
    phone.get_by_role("button", name="Save sets").tap()
    until(lambda: sorted(server.taken()), ["sets"])
    with open_store(server.home) as store:
        assert store.read(STRENGTH, server.athlete_id)["repetitions"].to_list() == [15] * 3
    missed = TODAY - timedelta(5)
    phone.get_by_role("button", name=f"{missed:%A} {missed.day}").tap()
    phone.get_by_role("button", name="None that day").tap()
    expect(phone.get_by_text("Logged, ").first).to_be_visible()
    until(lambda: sorted(server.taken()), ["none", "sets"])
    assert server.rows() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390])
def test_light_and_dark_wide_enough_for_a_thumb_and_without_a_finding(browser, server, scheme, width):
    context = paired(browser, server, color_scheme=scheme)
    page = opened(context, server)
    page.set_viewport_size({"width": width, "height": 844})
    page.get_by_role("button", name="None today").tap()
    expect(page.get_by_text("Saved, today")).to_be_visible()
    for name in ("After a run", "Log sets", "Signs for a doctor"):
        page.get_by_text(name, exact=True).tap()
    back = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (back == "rgb(17, 22, 28)") is (scheme == "dark")
    small = page.evaluate(
        "[...document.querySelectorAll('button, summary, input')].map(one => [one.textContent,"
        " one.getBoundingClientRect()]).filter(([, box]) => box.height < 44 || box.width < 40).map(([one]) => one)"
    )
    assert small == []
    for size in ("100%", "200%"):
        page.evaluate(f"document.documentElement.style.fontSize = '{size}'")
        assert (
            page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        )
    page.evaluate("document.documentElement.style.fontSize = ''")
    serious = [one["id"] for one in Axe().run(page).response["violations"]]
    assert serious == []
    context.close()


def test_by_keyboard_and_as_a_screen_reader_walks_it(phone, server):
    expect(phone.locator("main")).to_match_aria_snapshot(
        """
        - heading "Log for RP" [level=1]
        - status
        - group /How stiff is your heel this morning/:
          - button "0"
          - button "1"
        - button "None today"
        - button "Same as yesterday"
        - 'group "The last 14 days: tap an open one to fill it in"'
        - heading "Planned for today" [level=2]
        """
    )
    stiffness(phone, "2").focus()
    phone.keyboard.press("Enter")
    expect(stiffness(phone, "2")).to_be_focused()
    expect(stiffness(phone, "2")).to_have_attribute("aria-pressed", "true")
    for _ in range(40):
        phone.keyboard.press("Tab")
        if phone.evaluate("document.activeElement.textContent") == "under 5 min":
            break
    phone.keyboard.press("Space")
    until(lambda: [one["morning_stiffness_band"] for one in server.rows()], ["<5"])
    expect(phone.get_by_role("status")).to_have_text("Sent and saved.")


@pytest.fixture
def behind_door(serve, tmp_path, phone_place):
    """The whole dashboard with its phone's listener, and a runner."""
    address, port = phone_place
    (tmp_path / "whole").mkdir()
    with open_store(tmp_path / "whole" / "home") as store:
        store.add_runner("Robin Placeholder")
    return serve("whole", HEELWISE_PHONE=f"{address}:{port}"), f"http://{address}:{port}"


def test_from_the_scan_to_the_first_saved_entry_behind_the_real_door(browser, behind_door):
    server, address = behind_door
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True, timezone_id="Europe/Amsterdam"
    )
    page = context.new_page()
    assert page.goto(f"{address}/phone/state").status == 403
    with open_store(server.home) as store:
        offered = pairing.offer(store, 1, "log_only", datetime.now(UTC))
        began = time.monotonic()
        page.goto(f"{address}/pair#{offered.secret}")
        page.get_by_role("button", name="Pair this phone").tap()
        expect(page.locator("#number")).to_have_text(re.compile(r"^\d{4}$"))
        number = page.locator("#number").inner_text()
        assert pairing.answer(store, offered.pairing_id, number, True, datetime.now(UTC))
        page.wait_for_url("**/log")
        page.get_by_role("button", name="None today").tap()
        expect(page.get_by_text("Saved, today: no stiffness and no pain.")).to_be_visible(timeout=WAIT)
        print(
            f"\nfrom the scan to the first saved entry: {time.monotonic() - began:.1f} s, 2 taps on the phone"
        )
        assert store.read(SYMPTOM, 1)["date"].to_list() == [TODAY]
        # Nothing but the log of its runner: no other runner, by no address.
        other = store.add_runner("Somebody Else").athlete_id
        whose = page.evaluate(
            f"fetch('/phone/state?runner={other}').then(one => one.json()).then(one => one.whose)"
        )
        assert whose.endswith("-1")
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        page.wait_for_timeout(1500)
        expect(
            page.get_by_text("Saved, today")
        ).to_be_visible()  # coming back to the page leaves it as it was
        [device] = store.devices.devices()
        devices.remove(store, device.device_id)
        expect(page.get_by_role("alert").filter(has_text="no longer paired")).to_be_visible(timeout=2500)
        assert "Saved, today" not in page.locator("body").inner_text()
    context.close()


def test_what_is_not_known_yet_is_not_called_open_or_unplanned(browser, server):
    context = paired(browser, server)
    context.route("**/phone/state*", lambda route: route.abort())
    page = context.new_page()
    page.goto(f"{server.url}/phone/log")
    expect(page.get_by_text("Shown once Heelwise answers.")).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("Nothing is planned for today.")).to_have_count(0)
    expect(page.locator(".strip")).to_contain_text("not known")
    expect(page.locator(".strip")).not_to_contain_text("open")
    context.unroute("**/phone/state*")
    page.reload()
    expect(page.get_by_text("Nothing is planned for today.")).to_be_visible(timeout=WAIT)
    context.close()
