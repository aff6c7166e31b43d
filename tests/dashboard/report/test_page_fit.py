"""The picture makes room for the words, down to a least height."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from dashboard.report.blocks import ReportItem, ReportSection
from dashboard.report.page import ReportPage
from dashboard.report.page_fit import LEAST_HEIGHT, MOST_HEIGHT, column_lines, picture_height

EMPTY = ReportPage("t", "", "", [], [], None, [ReportSection(name, []) for name in "SOAP"])


def page(*lengths: int) -> ReportPage:
    items = [ReportItem(("x" * length,)) for length in lengths]
    return replace(EMPTY, sections=[ReportSection("S", items), *EMPTY.sections[1:]])


@given(st.lists(st.integers(1, 400), max_size=30), st.integers(1, 400))
def test_more_words_never_make_the_picture_taller(lengths, one):
    fewer, more = picture_height(page(*lengths)), picture_height(page(*lengths, one))
    assert LEAST_HEIGHT <= more <= fewer <= MOST_HEIGHT


def test_a_short_page_has_the_tallest_picture():
    assert picture_height(EMPTY) == MOST_HEIGHT
    assert picture_height(page(*[200] * 40)) == LEAST_HEIGHT
    assert column_lines([ReportSection("S", [ReportItem(("x" * 200,))])]) == 2 + 4


def test_words_flow_through_both_columns_wherever_they_stand():
    words = [ReportItem(("x" * 50,)) for _ in range(56)]
    empty = EMPTY.sections
    in_first = replace(EMPTY, sections=[ReportSection("S", words), *empty[1:]])
    in_last = replace(EMPTY, sections=[*empty[:3], ReportSection("P", words)])
    spread = replace(EMPTY, sections=[ReportSection(one.title, words[:14]) for one in empty])
    heights = {picture_height(one) for one in (in_first, in_last, spread)}
    assert len(heights) == 1
    assert LEAST_HEIGHT < heights.pop() < MOST_HEIGHT
