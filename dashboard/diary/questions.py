"""The questions of the log, once: page and phone draw the same ones, and every answer is held to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from connectors.errors import ContractError
from connectors.frames import SIDES, SITES, STIFFNESS_BANDS
from dashboard.diary import text
from dashboard.shared import text as shared_text

SCALE = tuple(range(11))
LONGEST_NOTE = 2000
Option = int | bool | str
Group = Literal["morning", "more", "run", "heel"]


@dataclass(frozen=True)
class Question:
    """One question: the column that its answer fills, its words, and the answers there are; none is free text.

    `follows` is a question that must be answered above zero before this one is asked.
    """

    field: str
    label: str
    group: Group
    options: tuple[Option, ...] = ()
    names: Mapping[Any, str] | None = None
    follows: str | None = None

    def name_of(self, option: Option) -> str:
        """Return an answer as it is written on its button."""
        return str(option) if self.names is None else self.names[option]


QUESTIONS = (
    Question("morning_stiffness_0_10", text.HOW_STIFF, "morning", SCALE),
    Question(
        "morning_stiffness_band",
        text.HOW_LONG,
        "morning",
        STIFFNESS_BANDS,
        shared_text.BANDS,
        follows="morning_stiffness_0_10",
    ),
    Question("morning_pain_0_10", "Pain on the first steps, 0–10", "more", SCALE),
    Question("side", "Which heel", "more", SIDES, shared_text.SIDE_NAMES),
    Question("site", "Where", "more", SITES, shared_text.SITE_NAMES),
    Question("note", "Note", "more"),
    Question("perceived_exertion_0_10", "How hard was it? 0 is rest, 10 all you had.", "run", SCALE),
    Question("shoe_id", "Which pair", "run"),
    Question("pain_start_0_10", "Pain in the first minutes, 0–10", "heel", SCALE),
    Question(
        "warmed_up",
        "Did it ease as you warmed up?",
        "heel",
        (True, False),
        {True: "Yes", False: "No"},
        follows="pain_start_0_10",
    ),
    Question("pain_during_0_10", "Pain during the rest of the run, 0–10", "heel", SCALE),
    Question("pain_after_0_10", "Pain within an hour after it, 0–10", "heel", SCALE),
)
"""In the order in which they are asked."""
_BY_FIELD = {one.field: one for one in QUESTIONS}
DAY_FIELDS = tuple(one.field for one in QUESTIONS if one.group != "run")
RUN_FIELDS = tuple(one.field for one in QUESTIONS if one.group == "run")


def question(field: str) -> Question:
    """Return the question whose answer fills a column."""
    return _BY_FIELD[field]


def questions_of(group: Group) -> tuple[Question, ...]:
    """Return the questions of one part of the log, in order."""
    return tuple(one for one in QUESTIONS if one.group == group)


def checked_answer(field: str, value: Any) -> Any:
    """Return an answer as it is stored; None is an answer taken back, and unknown again.

    What is no answer to the question is refused, from a page and from a phone alike.
    """
    one = _BY_FIELD.get(field)
    if one is None:
        raise ContractError(text.NO_QUESTION.format(field=field))
    if value is None:
        return None
    if not one.options:
        return _checked_text(one, value)
    same_kind = [option for option in one.options if option == value and type(option) is type(value)]
    if not same_kind:
        raise ContractError(text.NO_ANSWER.format(question=one.label.format(when=text.THIS_MORNING)))
    return float(value) if one.options == SCALE else value


def _checked_text(one: Question, value: Any) -> str | None:
    if not isinstance(value, str) or len(value) > LONGEST_NOTE:
        raise ContractError(text.NO_ANSWER.format(question=one.label))
    return value.strip() or None
