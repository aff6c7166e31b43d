"""The picture of a plan: a row for each guardrail that is crossed."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from dashboard.plan.figure import plan_figure
from dashboard.plan.guardrails.base import Violation, load_guardrails
from dashboard.plan.projection import PROJECTION_SCHEMA
from dashboard.shared.units import Units

FIRST = date(2026, 3, 2)


def projection(days: int = 14) -> pl.DataFrame:
    """As many days on record as by the plan."""
    rows = {name: [1.0] * 2 * days for name, kind in PROJECTION_SCHEMA.items() if kind == pl.Float64}
    dates = [FIRST + timedelta(days=n) for n in range(2 * days)]
    planned = [n >= days for n in range(2 * days)]
    return pl.DataFrame({"local_date": dates, "is_planned": planned, **rows}, schema=PROJECTION_SCHEMA)


@pytest.mark.parametrize("rule", load_guardrails(), ids=lambda rule: rule.id)
def test_every_guardrail_can_be_drawn(rule) -> None:
    crossed = {rule.id: [Violation(FIRST + timedelta(days=20), 2.0, 1.0, "ratio")]}
    figure = plan_figure(projection(), crossed, FIRST, Units(), "light")
    assert figure is not None
    drawn = figure.to_dict()
    assert f"crosses: {rule.short}" in [one["text"] for one in drawn["layout"]["annotations"]]
    assert rule.symbol in [one.get("marker", {}).get("symbol") for one in drawn["data"]]


def test_without_a_day_there_is_no_picture() -> None:
    assert plan_figure(PROJECTION_SCHEMA.to_frame(), {}, FIRST, Units(), "light") is None


def test_on_the_way_back_the_line_is_drawn_and_the_ratio_is_of_it() -> None:
    plain = plan_figure(projection(), {}, FIRST, Units(), "light")
    returning = projection().with_columns(
        held_against_tkm=pl.when(pl.col("local_date") < FIRST + timedelta(days=20)).then(2.0).otherwise(1.0),
        held_ratio=pl.lit(0.5),
    )
    back = plan_figure(returning, {}, FIRST, Units(), "light")
    assert plain is not None
    assert back is not None
    names = [[one.get("name") for one in figure.to_dict()["data"]] for figure in (plain, back)]
    assert "Way back to your old level" not in names[0]
    line = next(one for one in back.to_dict()["data"] if one.get("name") == "Way back to your old level")
    assert line["y"] == [14.0] * 20 + [None] * 8
    ratios = [
        one["y"] for one in back.to_dict()["data"] if one.get("yaxis") == "y2" and one["line"]["width"] > 0
    ]
    assert {value for values in ratios for value in values} == {0.5}
    titles = [[one["text"] for one in figure.to_dict()["layout"]["annotations"]] for figure in (plain, back)]
    assert "× what you are used to" in titles[0]
    assert "× what you are used to, or × the way back where that is higher" in titles[1]
