"""The steps of the consult that are its own pages."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("step", "term"),
    [
        ("consult_first", "Step-up"),
        ("consult_timeline", "What you are used to"),
        ("consult_symptoms", "Flare"),
    ],
)
def test_a_step_explains_its_words_on_a_tap(demo, open_step, step: str, term: str) -> None:
    shown = "".join(one.value for one in open_step(step).get("html"))
    assert shown.count("<details class='hw-words'>") == 1
    assert f"<dt>{term}</dt>" in shown
