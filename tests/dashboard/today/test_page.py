"""The Today page: one answer first, a card for each question, and a way there where there is nothing."""

from __future__ import annotations

import re


def html(app) -> str:
    return "".join(one.value for one in app.get("html"))


def test_one_answer_stands_first_and_five_cards_below_it(demo, open_page):
    page = html(open_page("today"))
    assert page.index("hw-answer'>") < page.index("hw-gauge'") < page.index("hw-card'>")
    titles = re.findall(r"<section class='hw-card'><h2>(.*?)</h2>", page)
    assert titles == ["Your week", "What stepped up", "This morning", "Tomorrow", "Next long run"]
    assert re.search(r"<b style='left:\d+\.\d%'></b>", page)


def test_what_a_page_rests_on_comes_last_and_closed(demo, open_page):
    page = html(open_page("today"))
    assert page.index("hw-coverage") > page.index("hw-card'>")
    assert "<details class='hw-coverage'>" in page


def test_an_empty_page_names_what_will_stand_there_and_the_way(home, open_page):
    home.mkdir(mode=0o700)
    (home / "demo_left").touch()
    app = open_page("today")
    assert "will stand here" in "".join(one.value for one in app.info)
    assert {"Import my runs", "Log this morning"} <= {one.proto.label for one in app.get("page_link")}
