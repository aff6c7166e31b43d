""""""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from connectors.frames import LADDER, SYMPTOM
from dashboard.model.pain_rule import pain_rule
from dashboard.plan.ladder import (
    LADDER_TEMPLATE,
    LadderStep,
    edited_ladder,
    ladder_position,
    read_ladder,
    steps_ahead,
)

DAY = date(2026, 3, 2)


def log(*rows: dict) -> pl.DataFrame:
    return pl.concat(
        [SYMPTOM.empty(), pl.DataFrame(list(rows), schema_overrides={"date": pl.Date})],
        how="diagonal_relaxed",
    )


def entry(back: int, during: float | None = None, morning: float | None = None) -> dict:
    return {"date": DAY + timedelta(days=back), "pain_during_0_10": during, "morning_pain_0_10": morning}


def done(step: int = 2) -> pl.DataFrame:
    row = {"step": step, "done_on": DAY, "decided_by": "runner"}
    return pl.concat(
        [LADDER.empty(), pl.DataFrame([row], schema_overrides={"step": pl.Int32})], how="diagonal_relaxed"
    )


def test_rows_take_the_place_of_the_template_and_leave_the_rest() -> None:
    rows = done().with_columns(run_s=pl.lit(90.0), decided_by=pl.lit("therapist"))
    steps = read_ladder(rows)
    assert len(steps) == len(LADDER_TEMPLATE)
    assert (steps[1].run_s, steps[1].walk_s, steps[1].decided_by) == (
        90.0,
        LADDER_TEMPLATE[1].walk_s,
        "therapist",
    )
    assert steps[0] == LADDER_TEMPLATE[0]
    changed = edited_ladder(steps[1], {"walk": 2.5, "done": None}, "therapist")
    assert (changed.walk_s, changed.run_s, changed.done_on) == (150.0, 90.0, None)


@pytest.mark.parametrize(
    ("entries", "after_days", "verdict", "step"),
    [
        ([entry(0, 3.0, 1.0), entry(1, None, 1.0)], 2, "go_on", 3),
        ([entry(0, 3.0, 1.0), entry(1, None, 1.0)], 1, "wait", 3),
        ([entry(0, 6.0, 1.0), entry(1, None, 1.0)], 2, "step_back", 1),
        ([entry(0, 3.0, 1.0), entry(1, None, 4.0)], 2, "stay", 2),
        ([entry(0, 3.0, 1.0)], 2, "unknown", 2),
        ([entry(1, None, 1.0)], 2, "unknown", 2),
        ([entry(0, 3.0, 1.0)], 0, "wait", 2),
    ],
)
def test_the_next_step_follows_the_log(entries, after_days, verdict, step) -> None:
    found = ladder_position(read_ladder(done()), log(*entries), DAY + timedelta(days=after_days), 5.0)
    assert found.step is not None
    assert (found.verdict, found.step.step) == (verdict, step)


def test_the_ladder_begins_and_ends() -> None:
    begun = ladder_position(read_ladder(LADDER.empty()), SYMPTOM.empty(), DAY, 5.0)
    assert begun.step is not None
    assert (begun.verdict, begun.step.step) == ("start", 1)
    calm = log(entry(0, 1.0, 1.0), entry(1, None, 1.0))
    assert (
        ladder_position(read_ladder(done(len(LADDER_TEMPLATE))), calm, DAY + timedelta(days=3), 5.0).verdict
        == "finished"
    )


def test_the_pain_rule_reads_run_morning_and_week_and_never_silence() -> None:
    assert not pain_rule(SYMPTOM.empty(), DAY, 5.0).is_known
    before = [entry(-back, None, 1.0) for back in range(7, 12)]
    now = [entry(-back, None, 2.0) for back in range(5)]
    rose = pain_rule(log(*before, *now), DAY, 5.0)
    assert [(one.part, one.amount, one.limit) for one in rose.crossed] == [("week", 2.0, 1.0)]
    assert not pain_rule(log(*before, *now[:2]), DAY, 5.0).crossed
    assert not pain_rule(log(entry(-1, 5.0, 0.0), entry(0, None, 2.0)), DAY, 5.0).crossed
    both = pain_rule(log(entry(-1, 5.5, 0.0), entry(0, None, 2.5)), DAY, 5.0)
    assert [one.part for one in both.crossed] == ["run", "morning"]


def test_the_next_steps_are_laid_on_dates_with_their_rest_between() -> None:
    log_of_day = log(entry(0, 3.0, 1.0), entry(1, None, 1.0))
    found = ladder_position(read_ladder(done()), log_of_day, DAY + timedelta(days=1), 5.0)
    laid = steps_ahead(read_ladder(done()), found, DAY + timedelta(days=1), DAY + timedelta(days=11), 3.0)
    assert [(run.ladder_step, (run.date - DAY).days) for run in laid] == [(3, 2), (4, 4), (5, 6), (6, 9)]
    assert laid[0].distance_m == pytest.approx(180 * 6 * 3.0)
    assert {run.fast_s for run in laid} == {0.0}


def test_what_is_not_known_of_a_step_is_no_distance_and_a_finished_ladder_plans_nothing() -> None:
    start = ladder_position(LADDER_TEMPLATE, log(), DAY, 5.0)
    assert {
        run.distance_m for run in steps_ahead(LADDER_TEMPLATE, start, DAY, DAY + timedelta(days=30), None)
    } == {None}
    open_step = (LadderStep(1, None, None, None, None),)
    (only,) = steps_ahead(open_step, ladder_position(open_step, log(), DAY, 5.0), DAY, DAY, 3.0)
    assert only.distance_m is None
    last = done(len(LADDER_TEMPLATE))
    over = ladder_position(
        read_ladder(last), log(entry(0, 3.0, 1.0), entry(1, None, 1.0)), DAY + timedelta(days=3), 5.0
    )
    assert over.verdict == "finished"
    assert steps_ahead(read_ladder(last), over, DAY, DAY + timedelta(days=30), 3.0) == ()
