""""""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_builders import CONTEXT

from connectors.frames import PLAN, SHOE, SHOE_FACT
from dashboard.model.analysis import adapt
from dashboard.model.settings import ModelSettings
from dashboard.plan.ladder import line_in_words
from dashboard.plan.planned_runs import (
    PlannedRun,
    copy_week,
    empty_week,
    in_order,
    monday,
    planned_runs,
    spread_week,
    usual_runs,
    week_of_runs,
)
from dashboard.plan.projection import compare_done, planned_ratios, project_days, run_load
from dashboard.plan.service import PlanProjection, line_of_step
from dashboard.plan.text import plan_in_words
from dashboard.plan.usual_week import UsualWeek, pair_multipliers, usual_week
from dashboard.shared.units import Units

SETTINGS = ModelSettings()
WEEK = [0, 8, 0, 10, 0, 6, 16]
PATTERNS = {
    "steady": [1.0] * 8,
    "plus_5_pct_a_week": [1.05**i for i in range(1, 9)],
    "plus_10_pct_a_week": [1.1**i for i in range(1, 9)],
    "step_30_pct": [1.3] * 8,
    "one_double_week": [2.0] + [1.0] * 7,
    "two_weeks_off": [0.0] * 2 + [1.0] * 8,
}
USUAL = UsualWeek(
    until=date(2026, 3, 1), multiplier=1.1, low=0.9, high=1.2, fast_share=0.1, fast_gain=1.05, climb_gain=0.013,
    descent_gain=0.008, ascent_per_km=5.0, descent_per_km=5.0, shoe=1.04, distance_m=40_000.0, fast_s=1_200.0,
    ascent_m=200.0, descent_m=200.0, runs=4, weekdays=(1, 3, 6, 5, 2, 0, 4), long_weekday=6, fast_weekday=3,
    long_share=0.38, run_tkm=9.0,
)  # fmt: skip


def planned(first: date, weeks: list[float]) -> tuple[PlannedRun, ...]:
    return tuple(
        PlannedRun(first + timedelta(days=7 * n + day), km * scale * 1000)
        for n, scale in enumerate(weeks)
        for day, km in enumerate(WEEK)
        if km * scale
    )


def steady(made):
    loads = [float(km) for _ in range(16) for km in WEEK]
    analysis = adapt(made.run_days(loads), made.no_symptoms, SETTINGS)
    usual = usual_week(analysis.runs, analysis.days, None, SETTINGS)
    assert usual.until is not None
    return analysis, usual, usual.until


@pytest.mark.parametrize("name", PATTERNS)
def test_a_planned_pattern_gives_the_printed_ratio(made, name: str) -> None:
    want = made.published("ratio_patterns").filter(pattern=name).row(0, named=True)
    found, usual, last = steady(made)
    assert usual.multiplier == pytest.approx(1.0)
    plan = planned(last + timedelta(days=1), PATTERNS[name])
    until = last + timedelta(days=7 * len(PATTERNS[name]))
    loads = [run_load(run, usual, {}, 0.0) for run in plan]
    ahead = project_days(found.days, plan, loads, usual, until, SETTINGS).filter("is_planned")
    assert ahead["ratio"].max() == pytest.approx(want["peak_ratio"], abs=0.02)
    assert int((ahead["ratio"] >= 1.3 - 1e-9).sum()) == pytest.approx(want["days"], abs=2)


def test_without_a_plan_everything_goes_down(made) -> None:
    found, usual, last = steady(made)
    whole = project_days(found.days, (), (), usual, last + timedelta(days=42), SETTINGS)
    ahead = whole.filter("is_planned")
    assert ahead["load_tkm"].to_list() == [0.0] * 42
    assert (np.diff(ahead["acute_tkm"].to_numpy()) <= 1e-9).all()
    assert (np.diff(ahead["habitual_tkm"].to_numpy())[7:] < 0).all()
    assert whole.filter(~pl.col("is_planned"))["ratio"].equals(found.days["ratio"])


def test_a_run_of_unsaid_distance_makes_its_day_unknown_and_the_band_holds_the_line(made) -> None:
    found, usual, last = steady(made)
    usual = replace(usual, low=0.9, high=1.2)
    first = last + timedelta(days=1)
    plan = (PlannedRun(first), *planned(first + timedelta(days=1), [1.0]))
    loads = [run_load(run, usual, {}, 0.0) for run in plan]
    ahead = project_days(found.days, plan, loads, usual, first + timedelta(days=9), SETTINGS).filter(
        "is_planned"
    )
    assert ahead["load_tkm"][0] is None
    assert ahead["load_tkm"][1:].null_count() == 0
    known = ahead.drop_nulls()
    assert (known["acute_low_tkm"] <= known["acute_tkm"]).all()
    assert (known["acute_high_tkm"] >= known["acute_tkm"]).all()


def test_an_empty_record_projects_nothing(made) -> None:
    analysis = adapt(made.run_days([]), made.no_symptoms, SETTINGS)
    usual = usual_week(analysis.runs, analysis.days, None, SETTINGS)
    assert usual.until is None
    assert usual.multiplier is None
    assert run_load(PlannedRun(date(2026, 1, 1), 5000.0), usual, {}, 0.0) is None
    assert project_days(analysis.days, (), (), usual, date(2026, 2, 1), SETTINGS).is_empty()


def test_load_changes_by_what_differs_from_the_usual_km() -> None:
    def load(**more) -> float:
        found = run_load(PlannedRun(date(2026, 3, 3), 10_000.0, **more), USUAL, {"thin": 1.4}, 3.4)
        assert found is not None
        return found

    as_usual = load()
    assert as_usual == pytest.approx(11.0)
    assert load(fast_s=10_000.0 * 0.1 / 3.4, ascent_m=50.0, descent_m=50.0) == pytest.approx(as_usual)
    assert load(fast_s=1_800.0) > as_usual > load(fast_s=0.0)
    assert load(ascent_m=300.0) > as_usual > load(ascent_m=0.0, descent_m=100.0)
    assert load(shoe_id="thin") == pytest.approx(as_usual * 1.4 / 1.04)
    assert load(shoe_id="never heard of") == pytest.approx(as_usual)


def test_own_hill_effect_and_pairs_come_from_the_record(made) -> None:
    up = made.recorded(0, made.recording(3600, grade=3.0), ascent_m=324.0, descent_m=0.0)
    down = made.recorded(2, made.recording(3600, grade=-3.0), ascent_m=0.0, descent_m=324.0)
    recordings = {"0000": made.recording(3600, grade=3.0), "0002": made.recording(3600, grade=-3.0)}
    facts = pl.DataFrame([{"shoe_id": "pair", "kind": "minimalist"}])
    facts = pl.concat([SHOE_FACT.empty(), facts], how="diagonal")
    runs, personal = made.loads([up, down], recordings, shoe_facts=facts)
    days = adapt(runs, made.no_symptoms, SETTINGS, personal=personal).days
    usual = usual_week(runs, days, personal, SETTINGS)
    # 3 % up costs and 3 % down gives back what the factor says, read per metre of climb in a km
    x_up, x_down = (runs["x_hills"][n] for n in (0, 1))
    assert usual.climb_gain is not None
    assert 1 + usual.climb_gain * 30 * 2 / 2 > 1.1
    assert x_up > 1 > x_down
    assert usual.fast_gain > 1
    shoes = pl.concat([SHOE.empty(), pl.DataFrame([{"shoe_id": "new"}])], how="diagonal").with_columns(
        kind=pl.lit("minimalist"), drop_mm=pl.lit(None, pl.Float64), is_plated=pl.lit(None, pl.Boolean)
    )
    pairs = pair_multipliers(runs, shoes, SETTINGS)
    assert pairs["new"] == pytest.approx(1.12**3)
    assert pairs["pair"] == pytest.approx(runs["x_shoe"][1])


def week_row(**more) -> dict:
    return (
        dict.fromkeys(PLAN.columns) | {"date": date(2026, 3, 2), "span": "week", "source_id": "week"} | more
    )


amounts = st.none() | st.floats(0, 100_000)


@given(st.floats(1, 200_000), amounts, amounts, st.none() | st.integers(1, 9), amounts)
def test_a_spread_week_holds_what_was_planned(metres, fast, climb, count, longest) -> None:
    row = week_row(
        distance_m=metres, fast_s=fast, ascent_m=climb, runs=count, longest_m=longest, shoe_id="pair"
    )
    runs = spread_week(row, USUAL)
    whole = week_of_runs(runs)
    assert whole["distance_m"] == pytest.approx(metres)
    assert whole["fast_s"] == (None if fast is None else pytest.approx(fast))
    assert whole["ascent_m"] == (None if climb is None else pytest.approx(climb, abs=1e-6))
    assert len(runs) == (USUAL.runs if count is None else count)
    assert {monday(run.date) for run in runs} == {date(2026, 3, 2)}
    assert runs[0].distance_m == pytest.approx(max(run.distance_m or 0.0 for run in runs))
    assert runs[0].date.weekday() == USUAL.long_weekday or count in (1, 2)


def test_runs_say_a_week_better_than_its_row_and_order_does_not_matter() -> None:
    rows = [
        week_row(distance_m=50_000.0),
        week_row(span="run", date=date(2026, 3, 4), source_id="a", distance_m=5_000.0),
        week_row(span="run", date=date(2026, 3, 3), source_id="b", distance_m=6_000.0),
        week_row(date=date(2026, 3, 9), source_id="next", distance_m=20_000.0),
    ]
    frames = [pl.DataFrame(some, schema=PLAN.schema) for some in (rows, rows[::-1])]
    plans = [planned_runs(frame, USUAL) for frame in frames]
    assert plans[0] == plans[1]
    assert [run.distance_m for run in plans[0][:2]] == [6_000.0, 5_000.0]
    assert len(plans[0]) == 2 + USUAL.runs


def test_last_week_is_copied_onto_the_first_week_without_a_plan() -> None:
    first = date(2026, 3, 2)
    done = (PlannedRun(date(2026, 2, 24), 7_000.0), PlannedRun(date(2026, 3, 1), 12_000.0))
    assert empty_week((), first, 2) == first
    once = copy_week((), done, first, date(2026, 3, 1))
    assert once is not None
    week, runs = once
    assert (week, [run.date for run in runs]) == (
        date(2026, 2, 23),
        [date(2026, 3, 3), date(2026, 3, 8)],
    )
    following = empty_week(runs, first, 2)
    assert following == date(2026, 3, 9)
    assert following is not None
    twice = copy_week(runs, done, following, date(2026, 3, 1))
    assert twice is not None
    assert [run.distance_m for run in twice[1]] == [7_000.0, 12_000.0]
    assert empty_week(in_order([*runs, *twice[1]]), first, 2) is None
    assert copy_week((), (), first, date(2026, 3, 1)) is None


def test_a_week_that_the_record_ends_in_is_not_copied_as_whole() -> None:
    whole = (PlannedRun(date(2026, 2, 18), 9_000.0), PlannedRun(date(2026, 2, 22), 15_000.0))
    part = (PlannedRun(date(2026, 2, 24), 7_000.0),)
    friday, coming = date(2026, 2, 27), date(2026, 3, 2)
    copied = copy_week((), (*whole, *part), coming, friday)
    assert copied is not None
    assert copied[0] == date(2026, 2, 16)
    assert [(run.date, run.distance_m) for run in copied[1]] == [
        (date(2026, 3, 4), 9_000.0),
        (date(2026, 3, 8), 15_000.0),
    ]
    assert copy_week((), part, coming, friday) is None


def test_a_usual_week_is_as_long_as_usual_and_nothing_where_it_is_not_known() -> None:
    runs = usual_runs(USUAL, date(2026, 3, 2))
    assert sum(run.distance_m or 0.0 for run in runs) == pytest.approx(USUAL.distance_m)
    assert sum(run.fast_s or 0.0 for run in runs) == pytest.approx(USUAL.fast_s)
    assert len(runs) == USUAL.runs
    assert usual_runs(replace(USUAL, distance_m=None), date(2026, 3, 2)) == ()


def test_planned_and_done_stay_apart_where_nothing_was_planned(made) -> None:
    found, usual, last = steady(made)
    last = monday(last)
    rows = pl.DataFrame([week_row(date=last, distance_m=30_000.0)], schema=PLAN.schema)
    plan = planned_runs(rows, usual)
    table = compare_done(rows, plan, found.days, [last, last - timedelta(days=7), last + timedelta(days=7)])
    assert table["planned_m"].to_list() == [pytest.approx(30_000.0), None, None]
    assert table["done_m"].to_list() == [pytest.approx(40_000.0), pytest.approx(40_000.0), None]
    assert table["difference_m"].to_list() == [pytest.approx(10_000.0), None, None]


def back_from_six_weeks(made):
    week = [10.0, 0, 10, 0, 10, 10, 10]
    loads = [*week * 60, *[0.0] * 42, *[0.5 * km for km in week] * 2]
    analysis = adapt(made.run_days(loads), made.no_symptoms, SETTINGS)
    usual = usual_week(analysis.runs, analysis.days, None, SETTINGS)
    assert usual.until is not None
    return analysis, usual, usual.until


def test_on_the_way_back_page_and_guardrail_hold_a_plan_against_the_same_line(made) -> None:
    found, usual, last = back_from_six_weeks(made)
    plan = planned(last + timedelta(days=1), [0.7] * 2)
    until = last + timedelta(days=14)
    loads = [run_load(run, usual, {}, 0.0) for run in plan]
    ahead = project_days(found.days, plan, loads, usual, until, SETTINGS).filter("is_planned")
    ratios = dict(planned_ratios(found.days, plan, loads, usual, SETTINGS))
    for day, held in ahead.select("local_date", "held_ratio").rows():
        assert held == pytest.approx(ratios[day])
    assert (ahead["held_against_tkm"] > ahead["habitual_tkm"]).all()
    assert (ahead["held_ratio"] < ahead["ratio"]).all()
    words = plan_in_words(ahead, Units())
    assert words[0].startswith("The planned load is highest on ")
    assert f"×{ahead['held_ratio'].max():.2f} of the way back" in words[0]


def test_a_step_of_the_ladder_is_held_against_the_line_of_the_record(made) -> None:
    found, usual, last = back_from_six_weeks(made)
    step = PlannedRun(last + timedelta(days=2), 5_000.0, ladder_step=3)
    context = replace(CONTEXT, load_of=lambda run: run_load(run, usual, {}, 0.0))
    seen = PlanProjection(usual, (), (), found.days, context, {})
    held = line_of_step(found, seen, step)
    assert held is not None
    assert held.line_tkm == found.days["line_tkm"][-1]
    words = line_in_words(step, held)
    assert words.startswith("With step 3 on ")
    assert f"comes to {100 * held.share:.0f} % of the planned way back" in words
    assert f"above {100 * found.days['threshold'][-1]:.0f} % of it" in words
    unknown = replace(seen, context=replace(CONTEXT, load_of=lambda _: None))
    assert line_of_step(found, unknown, step) is None


def test_without_a_break_a_plan_is_told_against_habit(made) -> None:
    found, usual, last = steady(made)
    plan = planned(last + timedelta(days=1), [1.0])
    loads = [run_load(run, usual, {}, 0.0) for run in plan]
    ahead = project_days(found.days, plan, loads, usual, last + timedelta(days=7), SETTINGS)
    assert ahead["held_ratio"].equals(ahead["ratio"].alias("held_ratio"))
    assert line_of_step(found, PlanProjection(usual, (), (), ahead, CONTEXT, {}), plan[0]) is None
    assert " of what you are used to, between" in plan_in_words(ahead, Units())[0]
