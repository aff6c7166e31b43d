"""Navigation: the made-up runner on every page, an empty store, a store that cannot be read."""

from __future__ import annotations

from datetime import date

import pytest
from page_list import NAME_NOBODY, WITH_DATA
from page_runner import MAIN, as_reloaded, opened_for
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from connectors.store import open_store
from dashboard.diary import entries
from dashboard.shared import doors, session
from dashboard.shared import text as shared_text
from dashboard.shared.doors import DOORS
from dashboard.today import start_page


def said(app) -> str:
    return "\n".join(str(one.value) for kind in (app.title, app.markdown, app.caption) for one in kind)


def test_the_made_up_runner_is_named_on_every_page_and_one_click_leaves_it(demo_copy, home, open_page):
    for view in set(WITH_DATA) - set(NAME_NOBODY):
        app = open_page(view)
        assert shared_text.MADE_UP in said(app), view
    app.button(key="leave_demo").click().run()
    assert not app.exception
    assert shared_text.MADE_UP not in said(app)
    assert open_store(home).runners() == []


def test_an_empty_store_says_what_to_do(home, open_page):
    home.mkdir(mode=0o700)
    (home / "demo_left").touch()
    text = said(open_page())
    assert "Request Your" in text
    assert "Data page" in text
    assert shared_text.MADE_UP not in text


def test_a_real_runner_sees_no_made_up_one(store, open_page):
    app = open_page()
    assert shared_text.MADE_UP not in said(app)
    assert len(store.runners()) == 1


@pytest.mark.parametrize("content", [b"this is no database" * 500, b""])
def test_a_store_that_cannot_be_read_is_told_calmly_and_left_alone(home, open_page, content):
    home.mkdir(mode=0o700)
    (home / "heelwise.db").write_bytes(content)
    if not content:
        (home / "demo_left").touch()
        open_page()  # an empty file is an empty store
        return
    app = open_page()
    assert len(app.error) == 1
    assert (home / "heelwise.db").read_bytes() == content


def shown(app) -> int:
    return app.session_state[session.SHOWN]


def test_the_address_names_the_runner_and_another_is_opened_anew(store, home):
    other = store.add_runner("Kim")
    first = next(one for one in store.runners() if one != other)
    app = opened_for(other.athlete_id)
    assert shown(app) == app.selectbox(key="runner_choice").value == other.athlete_id
    app.selectbox(key="runner_choice").set_value(first.athlete_id).run()
    assert app.query_params["runner"] == str(first.athlete_id)
    assert not app.title, "nothing of the one may stand in the session of the other"
    app = as_reloaded(app)
    assert shown(app) == app.selectbox(key="runner_choice").value == first.athlete_id


def test_the_only_runner_is_written_into_an_empty_address(store, open_page, athlete_id):
    app = open_page("plan")
    assert app.query_params["runner"] == str(athlete_id)
    assert "Robin Placeholder" in said(app)


def test_with_several_runners_an_address_without_one_asks_whose(store, open_page):
    store.add_runner("Kim")
    for page in ("", "settings", "data"):
        app = open_page(page)
        assert [one.value for one in app.title] == ["Whose?"]
        assert "runner" not in app.query_params
        assert not app.button
        links = "".join(one.value for one in app.get("html"))
        assert "?runner=1" in links
        assert "?runner=2" in links


@pytest.mark.parametrize("number", ["7", "x", "-1", "01", ""])
def test_a_runner_who_is_not_here_is_nobody_even_where_one_runner_is(store, number):
    app = opened_for(number, "log")
    assert [one.value for one in app.title] == ["Whose?"]
    assert "not on this machine" in said(app)
    assert not app.button


def test_the_variable_counts_where_the_address_is_empty_alone(store, open_page, monkeypatch, athlete_id):
    other = store.add_runner("Kim")
    monkeypatch.setenv("HEELWISE_ATHLETE", "Kim")
    assert shown(open_page("settings")) == other.athlete_id
    assert shown(opened_for(athlete_id, "settings")) == athlete_id
    assert [one.value for one in opened_for("9", "settings").title] == ["Whose?"]


def test_every_link_of_the_menu_carries_the_runner_and_the_window(store, athlete_id):
    app = opened_for(athlete_id, "today")
    app.query_params["from"], app.query_params["to"] = "2026-02-01", "2026-03-01"
    app.run()
    links = [one.proto for one in app.get("page_link")]
    assert {link.page for link in links} >= {door.address for door in DOORS}
    for link in links:
        assert link.query_string == f"runner={athlete_id}&from=2026-02-01&to=2026-03-01", link.label


def test_the_menu_has_eight_doors_and_a_phone_has_four_of_them_in_its_bar(store, athlete_id):
    links = [one.proto.page for one in opened_for(athlete_id, "today").get("page_link")]
    assert links[:8] == ["today", "timeline", "log", "flares", "shoes", "plan", "body", "data"]
    assert [door.title for door in DOORS if door.is_on_phone] == ["Today", "Timeline", "Log", "Flares"]


@pytest.mark.parametrize("old", ["strength", "events", "checks", "mechanics", "runs", "settings", "method"])
def test_an_old_address_opens_its_page_among_its_neighbours_with_all_it_carried(store, athlete_id, old):
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app._page_hash = calc_hash(old)
    app.query_params["runner"], app.query_params["from"] = str(athlete_id), "2026-02-01"
    app.run()
    tab = doors.find(old)[1]
    assert app._finished_page_script_hash == calc_hash(old), "sent on, Back would be sent on again"
    assert app.query_params["runner"] == str(athlete_id)
    assert app.query_params["from"] == "2026-02-01"
    here = next(one.value for one in app.get("html") if "hw-tab" in one.value and "aria-current" in one.value)
    assert tab.title in here


def test_a_link_to_a_page_behind_a_door_opens_its_door_on_it(open_page, store):
    app = open_page("log")
    link = next(one.proto for one in app.get("page_link") if one.proto.label.startswith("Something happened"))
    assert (link.page, link.query_string.partition("&")[2]) == ("log", "tab=events")


def test_the_first_page_is_start_without_runs_of_ones_own_and_today_with_them(home, open_page, demo_copy):
    assert [one.value for one in open_page().title] == [start_page.TITLE]
    kept = open_store(demo_copy)
    own = kept.add_runner("Kim").athlete_id
    assert [one.value for one in opened_for(own).title] == [start_page.TITLE]
    entries.save_entry(kept, own, entries.nothing_felt_on(date(2026, 3, 1)))
    assert [one.value for one in opened_for(own).title] == ["Today"]


def opened_on_a_phone(athlete_id: int) -> AppTest:
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app.session_state["width"] = {"narrow": True}
    app.query_params["runner"] = str(athlete_id)
    return app.run()


def test_a_phone_opens_the_log_until_this_morning_is_in_it(store, athlete_id):
    assert opened_on_a_phone(athlete_id)._finished_page_script_hash == calc_hash("log")
    entries.save_entry(store, athlete_id, entries.nothing_felt_on(date.today()))
    assert [one.value for one in opened_on_a_phone(athlete_id).title] == ["Today"]


def test_an_own_log_takes_the_place_of_the_made_up_runner_where_nobody_else_is(open_page, demo_copy):
    app = open_page("log")
    app.button(key="start_own_log").click().run()
    assert not app.exception
    (own,) = [one for one in open_store(demo_copy).runners() if not one.is_demo]
    assert shown(app) == own.athlete_id
    assert app.query_params["runner"] == str(own.athlete_id)


def test_beside_real_runners_the_made_up_one_starts_no_record_and_takes_no_import(open_page, demo_copy):
    kept = open_store(demo_copy)
    kept.add_runner("Kim")
    demo = next(one.athlete_id for one in kept.runners() if one.is_demo)
    for page in ("log", "data"):
        app = opened_for(demo, page)
        assert not [one for one in app.button if one.key in ("start_own_log", "import_uploads")]
    assert len(kept.runners()) == 2
