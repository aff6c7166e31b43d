"""The page for a browser: whole in one file, nothing that runs or loads, readable without seeing it."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hostile import HOSTILE, hostile_page

from dashboard.report import to_html
from dashboard.report.material import collect
from dashboard.report.page import build_page
from dashboard.shared import text as shared_text
from dashboard.timeline.text import BARS_NAME

VOID = {"meta", "br", "hr", "img", "link"}


class Outline(HTMLParser):
    """Tags with their attributes in order, open ones closed in order, and all text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture(scope="module")
def written(demo_page) -> str:
    return to_html.render_html(demo_page)


def test_it_is_small_and_whole(written):
    assert len(written.encode()) < 300_000
    assert not Outline(written).open


def test_the_whole_history_is_small_too(demo_store, demo_runner, demo_ready):
    report_page = build_page(collect(demo_store, demo_runner, ready=demo_ready, usual_days=None))
    assert len(to_html.render_html(report_page).encode()) < 300_000


def test_nothing_runs_and_nothing_is_loaded(written):
    tags = Outline(written).tags
    names = {tag for tag, _ in tags}
    assert not names & {
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "form",
        "base",
        "a",
        "use",
        "image",
    }
    for tag, given in tags:
        assert not [
            name for name in given if name.startswith("on") or name in ("src", "href", "xlink:href")
        ], tag
    assert "default-src 'none'" in dict(tags)["meta"].get("content", "") or "default-src 'none'" in written
    outside = re.findall(r"(?:https?:)?//[^\s'\"<>]+", written)
    assert set(outside) == {"http://www.w3.org/2000/svg"}
    assert not re.findall(r"@import|@font-face|url\((?!#)", written)


def test_it_can_be_read_without_seeing_it(written):
    tags = Outline(written).tags
    assert dict(tags)["html"]["lang"] == "en"
    heads = [tag for tag, _ in tags if re.fullmatch(r"h\d", tag)]
    assert heads[0] == "h1"
    assert heads.count("h1") == 1
    assert set(heads) == {"h1", "h2"}
    for part in ("header", "main", "figure", "footer", "title"):
        assert part in {tag for tag, _ in tags}
    picture = next(given for tag, given in tags if tag == "svg")
    assert picture["role"] == "img"
    named = {given.get("id") for tag, given in tags if tag in ("title", "desc")}
    assert set(picture["aria-labelledby"].split()) <= named


def test_the_picture_has_a_twin_in_numbers(written, demo_page):
    text = Outline(written).text
    assert demo_page.grid is not None
    for row in demo_page.grid.rows:
        assert set(row) <= set(text)
    scopes = [given.get("scope") for tag, given in Outline(written).tags if tag == "th"]
    assert set(scopes) == {"col", "row"}


def test_the_picture_is_well_formed_and_names_every_lane(written):
    svg = ElementTree.fromstring(written[written.index("<svg") : written.index("</svg>") + 6])
    said = [one.text for one in svg.iter("{http://www.w3.org/2000/svg}text")]
    for lane in ("Pain", "Stiffness", "Tendon load", "Volume", "Fast minutes", "Hills", "Shoes", "Cadence"):
        assert lane in said
    assert shared_text.FLARE in said
    assert set(BARS_NAME) <= set(said)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_text(store, name):
    page = hostile_page(store, name)
    written = to_html.render_html(page)
    outline = Outline(written)
    assert not outline.open
    assert not {tag for tag, _ in outline.tags} & {"script", "img", "iframe", "svg:script", "a"}
    said = " ".join("".join(outline.text).split())
    assert " ".join(name.split()) in said
    ElementTree.fromstring(written[written.index("<svg") : written.index("</svg>") + 6])


def test_titles_notes_and_times_of_day_stay_out(store):
    page = to_html.render_html(hostile_page(store, "Plain Pacer 3"))
    for secret in ("Secret street", "a word", "Robin", "Placeholder", "07:00"):
        assert secret not in page


def test_a_page_without_anything_is_whole_too(demo_page):
    empty = replace(
        demo_page, picture=None, grid=None, facts=[], sections=[], details=[], label="", period=""
    )
    assert not Outline(to_html.render_html(empty)).open


def test_what_a_reader_may_leave_is_folded_until_asked_for(demo_page):
    folded, opened = (Outline(to_html.render_html(demo_page, asked)).tags for asked in (False, True))
    more = [next(given for tag, given in tags if given.get("class") == "more") for tags in (folded, opened)]
    assert ["open" in one for one in more] == [False, True]


def test_the_weeks_are_a_table_of_their_own(written, demo_page):
    section = demo_page.sections[1]
    assert section.grid is not None
    assert written.count("<table>") == 2
    told = " ".join(Outline(written).text)
    assert all(row[0] in told for row in section.grid.rows)


def test_no_line_breaks_over_two_sheets():
    assert "section li { margin: 0 0 .25em; break-inside: avoid; }" in to_html.HTML_STYLE
