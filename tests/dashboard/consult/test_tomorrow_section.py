"""The last step shows tomorrow's log in the log's own words, and a code once something is agreed."""

from __future__ import annotations

from html import unescape

from dashboard.consult import tomorrow_section
from dashboard.shared import visits
from dashboard.shared.session import today


def html_of(app) -> str:
    return unescape("\n".join(str(one.value) for one in app.get("html")))


def test_the_picture_asks_what_the_log_asks(store, open_step, open_page):
    shown = html_of(open_step("consult_report"))
    asked = next(one for one in open_page("log").pills if one.label.startswith("How stiff"))
    assert asked.label in shown
    assert all(f"<span>{score}</span>" in shown for score in asked.options)
    for button in ("None today", "Same as yesterday"):
        assert button in shown


def test_the_code_stands_there_once_something_is_agreed(store, athlete_id, open_step):
    before = open_step("consult_report")
    assert "hw-code" not in html_of(before).partition("</style>")[2]
    visits.save_note(store, athlete_id, today(), "agreed", note="No <b>track</b> & hills")
    after = open_step("consult_report")
    assert "QR code of what was agreed" in html_of(after)
    assert "No <b>track</b> & hills" in html_of(after)


def pairing_links(app) -> list[tuple[str, str]]:
    links = [one.proto for one in app.get("page_link") if one.proto.label == tomorrow_section.PAIR]
    return [(one.page, one.query_string) for one in links]


def test_pairing_is_offered_for_a_runner_whose_record_is_here(store, athlete_id, open_step):
    assert pairing_links(open_step("consult_report")) == [("settings", f"runner={athlete_id}")]


def test_the_made_up_runner_is_offered_no_phone(demo, open_step):
    assert pairing_links(open_step("consult_report")) == []
