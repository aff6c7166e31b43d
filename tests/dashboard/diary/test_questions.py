"""One list of questions and one validator, for page and phone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import ContractError
from connectors.frames import ACTIVITY, SYMPTOM
from dashboard.diary.questions import QUESTIONS, checked_answer


@pytest.mark.parametrize("one", QUESTIONS, ids=lambda one: one.field)
def test_every_answer_of_a_question_fits_its_column(one):
    column = (ACTIVITY if one.group == "run" else SYMPTOM).columns[one.field]
    for option in one.options:
        assert column.problem(checked_answer(one.field, option)) is None
    assert checked_answer(one.field, None) is None


@given(
    st.sampled_from([one.field for one in QUESTIONS]),
    st.one_of(st.integers(), st.floats(), st.booleans(), st.text(), st.lists(st.integers())),
)
def test_anything_else_is_refused_with_a_sentence(field, value):
    question = next(one for one in QUESTIONS if one.field == field)
    try:
        answer = checked_answer(field, value)
    except ContractError as error:
        sentence = str(error)
    else:
        sentence = "Stored as the others were."
        column = (ACTIVITY if question.group == "run" else SYMPTOM).columns[field]
        assert answer is None or column.problem(answer) is None
    assert sentence.endswith("were.")


def test_true_is_no_score_and_one_is_no_yes():
    for field, value in (("morning_pain_0_10", True), ("warmed_up", 1), ("morning_pain_0_10", 3.0)):
        with pytest.raises(ContractError):
            checked_answer(field, value)
