"""Navigation: the made-up runner on every page, an empty store, a store that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from page_list import WITH_DATA
from streamlit.testing.v1 import AppTest

from connectors.store import open_store
from dashboard.shared import text as shared_text

MAIN = Path(__file__).resolve().parents[2] / "dashboard" / "main.py"


def said(app) -> str:
    return "\n".join(str(one.value) for kind in (app.title, app.markdown, app.caption) for one in kind)


def test_the_made_up_runner_is_named_on_every_page_and_one_click_leaves_it(demo_copy, home, open_page):
    for view in WITH_DATA:
        app = open_page("" if view == "timeline" else view)
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


def test_the_runner_in_the_address_is_shown_until_another_is_chosen(store, home):
    other = store.add_runner("Kim")
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app.query_params["runner"] = str(other.athlete_id)
    app.run()
    assert app.selectbox(key="runner_choice").value == other.athlete_id
    first = next(one for one in store.runners() if one != other)
    app.selectbox(key="runner_choice").set_value(first.athlete_id).run()
    assert app.selectbox(key="runner_choice").value == first.athlete_id


def test_a_runner_chosen_by_a_button_stays_chosen_over_the_switcher(open_page, demo_copy) -> None:
    app = open_page("log")
    other = open_store(demo_copy).add_runner("Kim")
    app.run()
    demo = next(one.athlete_id for one in open_store(demo_copy).runners() if one.is_demo)
    app.selectbox(key="runner_choice").set_value(demo).run()
    assert app.selectbox(key="runner_choice").value == demo
    app.button(key="start_own_log").click().run()
    assert not app.exception
    assert app.selectbox(key="runner_choice").value == other.athlete_id
    assert not [one for one in app.button if one.key == "start_own_log"]
