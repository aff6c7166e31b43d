"""The page as fixed bytes: the questions of the Log page, and no runner's fact."""

from __future__ import annotations

import json
import re

from dashboard.diary.questions import QUESTIONS
from dashboard.phone import log_document


def test_the_page_asks_what_the_log_page_asks_in_the_same_words():
    block = re.search(r'id="schema">(.*?)</script>', log_document.page().decode(), re.DOTALL)
    assert block is not None
    asked = json.loads(block.group(1))["questions"]
    assert [(one["field"], one["label"]) for one in asked] == [(one.field, one.label) for one in QUESTIONS]
    for one, question in zip(asked, QUESTIONS, strict=True):
        assert [tuple(option) for option in one["options"]] == [
            (option, question.name_of(option)) for option in question.options
        ]


def test_the_first_question_stands_in_the_page_before_any_script():
    before = log_document.page().decode().split('id="schema"')[0]
    assert "How stiff is your heel this morning?" in before
    assert before.count('aria-pressed="false"') == 11


def test_the_script_uses_every_word_by_a_name_that_there_is():
    names = set(re.findall(r"\btext\.([A-Z_]+)", log_document.script().decode()))
    assert names
    assert names <= set(log_document.schema()["text"])
