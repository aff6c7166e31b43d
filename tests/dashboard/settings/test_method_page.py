"""The Method page says what the model does, from the model's own records."""

from __future__ import annotations

import dataclasses

from dashboard.model.load.factor import load_factors
from dashboard.model.settings import SETTINGS, ModelSettings
from dashboard.settings import formulas

FORBIDDEN = ("predicts", "prevents", "unsafe", "damage", "danger", "red zone", "injury event")


def said(app) -> str:
    return "\n".join(str(one.value) for kind in (app.markdown, app.caption, app.info) for one in kind)


def test_every_formula_factor_and_number_is_there(store, open_page):
    app = open_page("method")
    text = said(app)
    for step in formulas.list_formulas(ModelSettings()):
        assert step.title in text
        assert f"Source: {step.source}" in text
    for factor in load_factors():
        assert factor.title in text
        assert factor.source in text
    assert len(app.dataframe[0].value) == len(SETTINGS)


def test_it_names_certainty_limits_and_when_to_seek_care(store, open_page):
    text = said(open_page("method"))
    for part in (
        "measured",
        "extrapolated",
        "design choice",
        "not cause",
        "seek medical care",
        "does not diagnose",
    ):
        assert part in text, part
    assert not [word for word in FORBIDDEN if word in text.lower()]


def test_numbers_follow_the_settings():
    other = dataclasses.replace(ModelSettings(), exponent=4.0, tau_days=30.0, outpaced_ratio=1.5)
    text = "\n".join(step.formula for step in formulas.list_formulas(other))
    assert "^4" in text
    assert "1/30" in text
    assert "1.5" in text


def test_each_row_has_a_certainty_and_a_source():
    for row in [*formulas.factor_rows(), *formulas.setting_rows(ModelSettings())]:
        assert row["Certainty"] in formulas.CERTAINTY.values()
        assert row["Source"]
