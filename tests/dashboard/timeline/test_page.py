"""The Timeline page: two sentences in the open, the others on a tap, so that the picture begins high."""

from __future__ import annotations

import re
from html import unescape

from dashboard.timeline.page import MORE_IN_WORDS, OPEN_SENTENCES


def sentences(block) -> list[str]:
    html = "".join(str(getattr(one.proto, "body", "")) for one in block.get("html"))
    return [unescape(one) for one in re.findall(r"<p class='hw-story'>(.*?)</p>", html)]


def test_two_sentences_stand_above_the_picture_and_the_others_behind_one_expander(demo, open_page):
    app = open_page("timeline")
    (more,) = [one for one in app.expander if one.label == MORE_IN_WORDS]
    story, behind = sentences(app), sentences(more)
    assert not more.proto.expanded
    assert len(story) > OPEN_SENTENCES
    assert story[OPEN_SENTENCES:] == behind
    (chart,) = app.get("plotly_chart")
    assert all(sentence in chart.proto.alt for sentence in story)
