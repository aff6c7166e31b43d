"""One glossary, behind a question mark where its words stand, and as lines where nothing can be tapped."""

from __future__ import annotations

import re

import pytest

from dashboard.shared import glossary, text
from dashboard.shared.units import Units


def test_a_question_mark_holds_the_terms_asked_for_and_names_them_to_a_screen_reader() -> None:
    html = glossary.glossary_html(Units(), glossary.STEP_UP, glossary.FLARE)
    assert re.findall(r"<dt>(.*?)</dt>", html) == ["Step-up", "Flare"]
    assert "aria-label='What these words mean: Step-up, Flare'" in html
    assert html.count("<details") == html.count("</details>") == 1


def test_without_names_it_holds_all_and_speaks_in_the_runner_s_unit() -> None:
    metric, miles = glossary.glossary_lines(Units()), glossary.glossary_lines(Units(distance="mi"))
    assert len(metric) == len(text.GLOSSARY)
    assert metric[0].startswith("Easy kilometre: ")
    assert miles[0].startswith("Easy mile: ")
    assert ("(easy km on axes" in metric[0], "(easy mi on axes" in miles[0]) == (True, True)
    assert not any("{" in line for line in (*metric, *miles))


@pytest.mark.parametrize("page", ["today", "timeline", "flares"])
def test_the_words_are_explained_where_they_stand(demo, open_page, page) -> None:
    shown = "".join(one.value for one in open_page(page).get("html"))
    assert shown.count("<details class='hw-words'>") == 1
    assert "<dt>What you are used to</dt>" in shown


def test_a_plan_explains_the_words_of_its_sentences(demo, open_page) -> None:
    app = open_page("plan")
    assert "hw-words'>" not in "".join(one.value for one in app.get("html")), "an empty plan has none of them"
    app.button(key="copy_usual").click().run()
    assert not app.exception
    assert "<details class='hw-words'>" in "".join(one.value for one in app.get("html"))
