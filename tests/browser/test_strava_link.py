"""Clicking through the link with Strava: yes, no, half a yes, taken back elsewhere, and goodbye."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect
from strava_stand_in import StandIn

from connectors.frames import ACTIVITY
from connectors.store import Store, open_store
from connectors.store.token_vault import open_vault
from connectors.strava import retention

pytestmark = pytest.mark.browser
SLOW = 60_000


@pytest.fixture
def strava():
    with StandIn() as server:
        server.add_runs(12, seconds=300)
        yield server


@pytest.fixture
def dashboard(serve, shared_demo, strava):
    return serve(
        home=shared_demo,
        HEELWISE_STRAVA_URL=strava.url,
        PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring",
        STREAMLIT_LOGGER_LEVEL="debug",
    )


@pytest.fixture
def data(page: Page, dashboard) -> Page:
    """The Data page with an API app typed in."""
    page.set_default_timeout(SLOW)
    page.goto(f"{dashboard.url}/data")
    page.get_by_text("Set up the Strava connection").click()
    expect(page.get_by_text("Authorization Callback Domain")).to_be_visible(timeout=SLOW)
    page.get_by_label("Client ID").fill("12345")
    page.get_by_label("Client Secret").fill("stand-in-secret")
    page.get_by_role("button", name="Save the app").click()
    expect(page.get_by_text("How long shall what comes through the link")).to_be_visible(timeout=SLOW)
    return page


def choose(page: Page) -> None:
    page.get_by_text("Keep it on this machine until you disconnect").click()


def press(page: Page) -> None:
    page.get_by_role("link", name="Connect with Strava").click()


def link(page: Page) -> None:
    choose(page)
    press(page)
    expect(page.get_by_text("Your runs are on their way")).to_be_visible(timeout=SLOW)


def own(dashboard) -> tuple[Store, int]:
    store = open_store(dashboard.home)
    return store, next(one.athlete_id for one in store.runners() if not one.is_demo)


def all_in(page: Page) -> None:
    expect(page.get_by_text("Every recording is in.")).to_be_visible(timeout=SLOW)


def test_nothing_is_chosen_beforehand_and_the_button_waits_for_it(data):
    expect(data.get_by_role("link", name="Connect with Strava")).to_have_count(0)
    expect(data.get_by_role("radio", checked=True)).to_have_count(0)
    choose(data)
    button = data.get_by_role("link", name="Connect with Strava")
    expect(button).to_have_css("background-color", "rgb(252, 82, 0)")
    assert button.bounding_box()["height"] >= 44


def test_a_yes_brings_the_runs_in_and_leaves_no_secret_anywhere(data, dashboard, strava):
    addresses: list[str] = []
    data.on("framenavigated", lambda frame: addresses.append(frame.url))
    link(data)
    all_in(data)
    store, athlete_id = own(dashboard)
    assert store.read(ACTIVITY, athlete_id).height == 12
    assert store.settings(athlete_id)[retention.RETENTION] == "while_linked"
    expect(data.get_by_text("Powered by Strava")).to_be_visible()
    call = next(call for call in strava.calls if call.path == "/oauth/authorize")
    grant = strava.grants[0]
    secrets = (call.query["state"], grant.access_token, grant.refresh_token, "stand-in-secret")
    said = dashboard.said.read_text()
    kept = b"".join(p.read_bytes() for p in dashboard.home.rglob("*") if p.is_file()).decode("latin-1")
    shown = data.content() + data.url + str(data.context.cookies()) + "".join(addresses)
    shown += data.evaluate("JSON.stringify([localStorage, sessionStorage])")
    for secret in secrets:
        assert secret not in said, "the server's log"
        assert secret not in kept, "the folder"
        assert secret not in shown, "the browser"
    assert "code-" not in said + shown
    assert set(parse_qs(urlsplit(data.url).query)) <= {"runner"}
    assert "/connect" not in str(data.context.cookies())


def test_a_run_from_the_link_says_where_it_came_from(data, dashboard):
    link(data)
    all_in(data)
    data.goto(f"{dashboard.url}/timeline?day={date.max}")  # the last day on record
    seen = data.get_by_role("link", name="View on Strava").first
    expect(seen).to_be_visible(timeout=SLOW)
    assert seen.get_attribute("href").startswith("https://www.strava.com/activities/9")
    expect(data.get_by_text("Powered by Strava")).to_be_visible()


def test_no_changes_nothing_and_can_be_taken_back(data, dashboard, strava):
    strava.refuses = True
    choose(data)
    press(data)
    expect(data.get_by_text("You said no on Strava")).to_be_visible(timeout=SLOW)
    assert strava.grants == []
    strava.refuses = False
    link(data)


def test_a_box_left_unticked_is_explained_and_ticked_in_place(data, dashboard, strava):
    strava.unticked = {"activity:read_all"}
    choose(data)
    press(data)
    expect(data.get_by_text("not every box was ticked")).to_be_visible(timeout=SLOW)
    expect(data.get_by_text("nothing can come in")).to_be_visible()
    assert strava.count("/activities") == 0
    strava.unticked = set()
    press(data)
    expect(data.get_by_text("Your runs are on their way")).to_be_visible(timeout=SLOW)
    all_in(data)


def test_access_taken_back_on_strava_is_told_and_linked_again_in_place(data, dashboard, strava):
    link(data)
    all_in(data)
    strava.revoke_all()
    data.get_by_role("button", name="Sync now").click()
    expect(data.get_by_text("Strava has ended this link")).to_be_visible(timeout=SLOW)
    press(data)
    expect(data.get_by_text("Your runs are on their way")).to_be_visible(timeout=SLOW)
    store, athlete_id = own(dashboard)
    assert store.read(ACTIVITY, athlete_id).height == 12, "what was in stayed"


@pytest.mark.parametrize(("choice", "left"), [("Delete it", 0), ("Keep it on this machine", 12)])
def test_goodbye_ends_it_on_both_sides_with_a_receipt(data, dashboard, strava, choice, left):
    link(data)
    all_in(data)
    store, athlete_id = own(dashboard)
    data.get_by_text("Disconnect Strava").click()
    goodbye = data.get_by_role("button", name="Disconnect", exact=True)
    expect(goodbye).to_be_disabled()
    data.get_by_text(choice, exact=True).click()
    expect(goodbye).to_be_enabled(timeout=SLOW)
    goodbye.click()
    expect(data.get_by_text("Strava confirmed that the access has ended.")).to_be_visible(timeout=SLOW)
    assert not strava.grants[0].alive
    assert open_vault(dashboard.home, {}).read(athlete_id) is None
    assert store.read(ACTIVITY, athlete_id).height == left
    expect(data.get_by_text("How long shall what comes through the link").first).to_be_visible()
    expect(data.get_by_role("radio", checked=True)).to_have_count(1 if left else 0)


def test_a_forged_state_gets_a_plain_page(data, dashboard, strava):
    strava.forged_state = "forged"
    choose(data)
    press(data)
    expect(data.get_by_role("heading", name="Strava was not linked")).to_be_visible(timeout=SLOW)
    assert "code" not in data.url
    assert "forged" not in data.url
    data.get_by_role("link", name="Back to Heelwise").click()
    expect(data.get_by_text("How long shall what comes through the link")).to_be_visible(timeout=SLOW)


def test_a_wrong_secret_is_told_apart(data, dashboard, strava):
    strava.client_secret = "another"
    choose(data)
    press(data)
    expect(data.get_by_text("the secret does not belong to it")).to_be_visible(timeout=SLOW)


def test_a_sync_can_be_stopped_and_goes_on_at_will(data, dashboard, strava):
    strava.delay_s = 1.0
    link(data)
    data.get_by_role("button", name="Stop").click()
    expect(data.get_by_text("It was stopped, and what is in stays.")).to_be_visible(timeout=SLOW)
    strava.delay_s = 0.0
    data.get_by_role("button", name="Go on").click()
    all_in(data)
