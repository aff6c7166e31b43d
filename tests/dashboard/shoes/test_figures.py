"""The picture of the rotation: colours as on the Timeline, plates hatched, the unknown white, at most eight names."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from worn_runs import MONDAY, runs

from dashboard.charts.palette import palette_of, shoe_styles
from dashboard.shared import text
from dashboard.shared.units import Units
from dashboard.shoes import figures
from dashboard.shoes import text as shoes_text
from dashboard.shoes.figures import RotationColumns, rotation_key
from dashboard.shoes.rotation import weekly_exposure, weekly_shares
from dashboard.shoes.transitions import TRANSITION_SCHEMA


def shown(
    rows, drops: dict[str, float | None], plated: frozenset[str] = frozenset(), marks=()
) -> RotationColumns:
    pairs = pl.DataFrame(
        [{"shoe_id": s, "drop_mm": d, "drop_low_mm": d, "drop_high_mm": d, "is_plated": s in plated}
         for s, d in drops.items()],
        schema_overrides={"drop_mm": pl.Float64, "drop_low_mm": pl.Float64, "drop_high_mm": pl.Float64},
    )  # fmt: skip
    shares = weekly_shares(runs(rows))
    names = {shoe: f"Pair {shoe}" for shoe in drops}
    return RotationColumns(shares, weekly_exposure(shares, pairs), names, plated, marks)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_are_those_of_the_timeline_and_the_unknown_is_white(theme):
    picture = shown([(0, "a", 5e3), (1, "b", 5e3), (2, None, 1e3)], {"a": 10.0, "b": 8.0}, frozenset("b"))
    looks, drawn = shoe_styles(["a", "b"], theme), rotation_key(picture, theme)
    assert [one.name for one in drawn.values()] == ["Pair a", "Pair b", text.SHOE_UNKNOWN]
    for shoe in ("a", "b"):
        assert (drawn[shoe].colour, drawn[shoe].fill) == (looks[shoe].colour, looks[shoe].fill)
    assert (drawn["a"].pattern, drawn["b"].pattern) == ("", "|")
    assert list(drawn.values())[-1].fill == palette_of(theme).background


def test_beyond_eight_pairs_the_least_worn_are_others():
    drops = {f"p{n}": 8.0 for n in range(11)}
    picture = shown([(n, f"p{n}", 1e3 * (n + 1)) for n in range(11)], drops)
    names = [one.name for one in rotation_key(picture, "light").values()]
    assert len(names) == 9
    assert names[-1] == text.SHOE_OTHER
    drawn = figures.rotation_figure(picture, "light")
    assert drawn is not None
    stack = [trace for trace in drawn.data if trace.type == "bar" and trace.yaxis == "y"]
    sums: dict[str, float] = {}
    for trace in stack:
        for week, share in zip(trace.x, trace.y, strict=True):
            sums[week] = sums.get(week, 0.0) + share
    assert all(total == pytest.approx(100, abs=0.5) for total in sums.values())


def test_marks_near_each_other_share_a_number():
    marks = [MONDAY + timedelta(days=n) for n in (0, 1, 200)]
    rows = [(n, "a", 5e3) for n in range(0, 210, 7)]
    drawn = figures.rotation_figure(shown(rows, {"a": 10.0}, marks=marks), "light")
    assert drawn is not None
    texts = [note.text for note in drawn.layout.annotations]
    assert {"1–2", "3"} <= set(texts)
    assert len({line.x0 for line in drawn.layout.shapes}) == 3
    assert {line.yref for line in drawn.layout.shapes} == {"y domain", "y2 domain"}, "not through the titles"


def test_panels_without_anything_to_show_are_not_drawn():
    def titles(picture: RotationColumns) -> list[str]:
        drawn = figures.rotation_figure(picture, "light")
        assert drawn is not None
        assert {trace.yaxis for trace in drawn.data} == {
            f"y{axis[5:]}" for axis in drawn.layout.to_plotly_json() if axis.startswith("yaxis")
        }
        return [note.text for note in drawn.layout.annotations if note.text in figures.TITLES.values()]

    share, drop, plated, unknown = figures.TITLES.values()
    assert titles(shown([(0, "a", 5e3)], {"a": 10.0})) == [share, drop]
    assert titles(shown([(0, "a", 5e3)], {"a": 10.0}, frozenset("a"))) == [share, drop, plated]
    assert titles(shown([(0, "b", 5e3)], {"b": None})) == [share, unknown]


def test_sentences_never_leave_out_what_is_not_known():
    picture = shown([(0, "a", 6e3), (1, "b", 2e3), (2, None, 2e3)], {"a": 10.0, "b": None})
    said = " ".join(shoes_text.rotation_in_words(picture.shares, picture.exposure, dict(picture.names)))
    assert "Average drop 10.0 mm" in said
    assert "40 % of the distance in shoes with unknown drop" in said
    assert "Most worn was Pair a, with 60 %" in said
    unknown = shown([(0, "b", 2e3)], {"b": None})
    words = shoes_text.rotation_in_words(unknown.shares, unknown.exposure, {})
    assert shoes_text.MEAN_DROP_UNKNOWN in words
    no_plates = unknown.exposure.with_columns(plate_unknown=pl.lit(1.0))
    assert shoes_text.PLATE_UNKNOWN in shoes_text.rotation_in_words(unknown.shares, no_plates, {})
    assert shoes_text.PLATE_UNKNOWN not in [said, *words]
    assert figures.rotation_figure(shown([], {"a": 10.0}), "light") is None


def test_a_mark_without_symptoms_says_that_none_were_logged():
    mark = dict.fromkeys(TRANSITION_SCHEMA) | {
        "date": MONDAY, "shoe_id": "a", "is_new_model": True, "is_model_known": False, "first_14d_m": 4_000.0,
        "pain_0_10_before_n": 0, "pain_0_10_after_n": 0, "stiffness_min_before_n": 0, "stiffness_min_after_n": 0,
        "stiffness_0_10_before_n": 0, "stiffness_0_10_after_n": 0,
    }  # fmt: skip
    sentences = shoes_text.transition_in_words(mark, MONDAY + timedelta(days=4), Units())
    assert sentences == [
        shoes_text.NEW_PAIR,
        shoes_text.DROP_CHANGE_UNKNOWN,
        "4.0 km in this pair in its first 5 days.",
        shoes_text.LOAD_UNKNOWN,
        shoes_text.UNLOGGED,
    ]
    felt = mark | {"pain_0_10_after": 3.0, "pain_0_10_after_n": 4}
    assert "Median pain 3 of 10 after (4 logged); not logged before." in shoes_text.transition_in_words(
        felt, MONDAY, Units()
    )
