"""The Method page says what the model does, from the model's own records."""

from __future__ import annotations

import dataclasses

from dashboard.model.load.factor import load_factors
from dashboard.model.settings import SETTINGS, ModelSettings
from dashboard.settings import formulas, later_formulas, model_changes

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
        assert row["Certainty"] in later_formulas.CERTAINTY.values()
        assert row["Source"]


def test_model_3_says_what_changed_and_why_with_how_sure_it_is(store, open_page):
    text = said(open_page("method"))
    assert model_changes.TITLE in [one.value for one in open_page("method").header]
    for change in model_changes.CHANGES:
        assert change.certainty in later_formulas.CERTAINTY.values()
        for part in (change.was, change.now, change.why, change.source):
            assert part in text, change.title
    assert "C ← C + (1 − e^(−1/τ)) · (A − C)" in text
    assert "their numbers differ" in text.lower()
    assert "not an all-clear" in text


def test_faster_kilometres_are_said_to_count_more_only_where_the_whole_range_says_so():
    def lens_b(settings: ModelSettings, elasticity: float | None) -> str:
        return formulas.list_formulas(settings, elasticity)[1].source

    assert "faster kilometre" not in lens_b(ModelSettings(), None)
    assert "is open" in lens_b(ModelSettings(), 0.165)
    assert "1.9 to 4.2" in lens_b(ModelSettings(), 0.165)
    assert later_formulas.FASTER_MORE in lens_b(ModelSettings(exponent=9), 0.165)
    assert later_formulas.FASTER_MORE not in lens_b(ModelSettings(), 0.0)


def test_the_numbers_of_states_and_step_ups_follow_the_settings():
    other = ModelSettings(outpaced_quantile=0.9, break_days=21, line_most_days=63, step_up_z=2.5, lag_days=14)
    text = "\n".join(step.formula for step in formulas.list_formulas(other))
    for part in ("90 %", "21 known days", "28 to 63", "2.5 of your own", "14 days before"):
        assert part in text, part
