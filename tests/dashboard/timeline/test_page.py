"""The Timeline page: one sentence in the open, four lanes and what stepped up, a way there where there is nothing."""

from __future__ import annotations

import json
import re
from html import unescape

from dashboard.timeline import arrangement, lanes
from dashboard.timeline.page import MORE_IN_WORDS, OPEN_SENTENCES


def sentences(block) -> list[str]:
    html = "".join(str(getattr(one.proto, "body", "")) for one in block.get("html"))
    return [unescape(one) for one in re.findall(r"<p class='hw-story'>(.*?)</p>", html)]


def lanes_named(app) -> str:
    (chart,) = app.get("plotly_chart")
    return chart.proto.alt.split(": ")[1].split(".")[0]


def drawn_names(app) -> list[str]:
    """Titles of the lanes from top to bottom; the figure names them from the last up."""
    notes = json.loads(app.get("plotly_chart")[0].proto.spec)["layout"]["annotations"]
    heads = [re.match(r"<b>(.*?)</b><br>", note["text"]) for note in notes]
    return [head[1] for head in heads if head][::-1]


def test_one_sentence_stands_above_the_picture_and_the_others_behind_one_expander(demo, open_page):
    app = open_page("timeline")
    (more,) = [one for one in app.expander if one.label == MORE_IN_WORDS]
    story, behind = sentences(app), sentences(more)
    assert not more.proto.expanded
    assert len(story) > OPEN_SENTENCES
    assert story[OPEN_SENTENCES:] == behind
    (chart,) = app.get("plotly_chart")
    assert all(sentence in chart.proto.alt for sentence in story)


def test_what_the_picture_rests_on_is_one_line_below_it(demo, open_page):
    (line,) = [one.value for one in open_page("timeline").get("html") if "hw-coverage" in one.value]
    summary = line.partition("<summary>")[2].partition("</summary>")[0]
    assert summary.startswith("Based on ")
    assert "<ul" in line.partition("</summary>")[2]


def test_four_lanes_and_what_stepped_up_are_drawn_and_the_rest_is_one_press_away(store, open_page):
    app = open_page("timeline")
    shown = lanes_named(app)
    titles = lanes.lane_titles()
    assert all(titles[lane] in shown for lane in lanes.USUAL_LANES)
    hidden = [one for one in app.button if one.key.startswith("draw_")]
    assert hidden
    assert all(one.label not in shown for one in hidden)
    pressed = hidden[0].label
    hidden[0].click().run()
    assert not app.exception
    assert pressed in lanes_named(app)
    assert app.query_params["lanes"].split(",")


def test_the_lanes_of_the_address_are_drawn_and_an_unknown_one_is_passed_over(store, athlete_id):
    from page_runner import MAIN, address
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_file(str(MAIN), default_timeout=60)
    address(app, "timeline")
    app.query_params["lanes"] = "load,nothing"
    app.run()
    assert lanes_named(app) == "Tendon load"


def test_order_and_height_are_kept_for_the_runner(store, athlete_id, open_page):
    before = drawn_names(open_page("timeline"))
    wanted = arrangement.Arrangement(("volume",), {"load": "high"})
    store.set_settings(athlete_id, {arrangement.SETTING: wanted.written()})
    after = drawn_names(open_page("timeline"))
    assert before.index("Volume") > before.index("Tendon load")
    assert after.index("Volume") < after.index("Tendon load")


def test_the_steps_go_back_by_the_length_shown_and_back_to_all(store, open_page):
    app = open_page("timeline")
    app.segmented_control(key="window").set_value("4 weeks").run()
    start = app.query_params["from"]
    assert app.button(key="window_later").disabled
    app.button(key="window_earlier").click().run()
    assert app.query_params["to"] == start
    assert app.segmented_control(key="window").value == "Dates"
    app.button(key="window_all").click().run()
    assert not app.exception
    assert app.segmented_control(key="window").value == "All"


def test_an_empty_timeline_names_what_will_stand_there_and_the_way(home, open_page):
    home.mkdir(mode=0o700)
    (home / "demo_left").touch()
    app = open_page("timeline")
    assert "on one clock" in "".join(one.value for one in app.info)
    links = [(one.proto.label, one.proto.page) for one in app.get("page_link")]
    assert ("Import my runs", "data") in links
    assert ("Log this morning", "log") in links
