"""Plan, guardrails and ladder in a store; the table; the calendar file; the keys of the report."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from connectors.frames import GUARDRAIL, PLAN
from dashboard.plan import editor_rows, service
from dashboard.plan.calendar import plan_calendar
from dashboard.plan.ladder import LADDER_TEMPLATE
from dashboard.plan.limits import GuardrailLimit, limits_from
from dashboard.plan.planned_runs import PlannedRun
from dashboard.report.document_extras import plan_json
from dashboard.shared import pipeline
from dashboard.shared.units import Units

WEEK = date(2026, 5, 4)  # the store of these tests ends on 29 April
NEXT = WEEK + timedelta(days=7)
WHOLE = {"distance_m": 40_000.0, "fast_s": 1_800.0, "ascent_m": 200.0, "longest_m": 15_000.0}


def test_a_week_is_kept_changed_run_by_run_and_taken_back(store, athlete_id) -> None:
    service.save_weeks(store, athlete_id, {WEEK: WHOLE, NEXT: WHOLE})
    projection = service.project_plan(
        store, athlete_id, pipeline.analysis_of(store, athlete_id), NEXT + timedelta(days=6), WEEK
    )
    assert sum(run.distance_m or 0.0 for run in projection.plan) == pytest.approx(80_000)
    changed = tuple(
        replace(run, distance_m=9_000.0) if n == 0 else run for n, run in enumerate(projection.plan)
    )
    change = service.save_change(store, athlete_id, projection.plan, changed)
    rows = store.read(PLAN, athlete_id)
    assert set(rows.filter(date=NEXT)["span"]) == {"week"}
    assert "week" not in rows.filter(rows["date"] < NEXT)["span"].to_list()
    assert 9_000.0 in rows["distance_m"].to_list()
    change.undo(store)
    assert sorted(store.read(PLAN, athlete_id)["source_id"]) == [f"week/{WEEK}", f"week/{NEXT}"]
    service.save_weeks(store, athlete_id, {WEEK: None})
    assert store.read(PLAN, athlete_id)["date"].to_list() == [NEXT]


def test_limits_and_steps_are_kept_and_taken_back(store, athlete_id) -> None:
    first = service.save_limit(store, athlete_id, "long_run", GuardrailLimit(120.0, True, "therapist"))
    second = service.save_limit(store, athlete_id, "long_run", GuardrailLimit(130.0, False, "runner"))
    second.undo(store)
    assert limits_from(store.read(GUARDRAIL, athlete_id), WEEK)["long_run"] == GuardrailLimit(
        120.0, True, "therapist"
    )
    first.undo(store)
    assert store.read(GUARDRAIL, athlete_id).is_empty()
    step = service.save_steps(
        store, athlete_id, [replace(LADDER_TEMPLATE[0], done_on=WEEK, decided_by="therapist")]
    )
    assert service.load_ladder(store, athlete_id)[0].done_on == WEEK
    step.undo(store)
    assert service.load_ladder(store, athlete_id) == LADDER_TEMPLATE


def test_steps_of_the_ladder_take_the_place_of_what_was_planned_on_their_days(store, athlete_id) -> None:
    before = [PlannedRun(WEEK + timedelta(days=n), 9_000.0) for n in (0, 3, 6, 13)]
    service.save_runs(store, athlete_id, [WEEK], before)
    service.save_weeks(store, athlete_id, {NEXT + timedelta(days=7): WHOLE})
    steps = tuple(
        PlannedRun(WEEK + timedelta(days=n), 1_000.0, fast_s=0.0, ladder_step=step)
        for n, step in ((2, 1), (5, 2), (8, 3))
    )
    change = service.save_ladder(store, athlete_id, tuple(before), steps)
    rows = store.read(PLAN, athlete_id).sort("date")
    assert [(day - WEEK).days for day in rows["date"]] == [0, 2, 5, 8, 13, 14]
    assert rows["ladder_step"].to_list() == [None, 1, 2, 3, None, None]
    change.undo(store)
    left = store.read(PLAN, athlete_id).filter(span="run")
    assert sorted((day - WEEK).days for day in left["date"]) == [0, 3, 6, 13]


def test_steps_planned_again_leave_none_of_the_steps_before(store, athlete_id) -> None:
    def steps(*days: int) -> tuple[PlannedRun, ...]:
        return tuple(PlannedRun(WEEK + timedelta(days=n), 1_000.0, ladder_step=n) for n in days)

    other = PlannedRun(WEEK + timedelta(days=20), 5_000.0)
    service.save_runs(store, athlete_id, [WEEK], [*steps(1, 3, 9, 15), other])
    before = (*steps(1, 3, 9, 15), other)
    service.save_ladder(store, athlete_id, before, steps(2, 4))
    rows = store.read(PLAN, athlete_id).sort("date")
    assert [(day - WEEK).days for day in rows["date"]] == [1, 2, 4, 20]


@given(
    st.sampled_from([Units(), Units("mi", "ft")]),
    st.floats(0, 500).map(lambda x: round(x, 2)),
    st.floats(0, 5_000).map(lambda x: round(x, 2)),
)
def test_a_typed_cell_comes_back_as_typed(units, distance, climb) -> None:
    cells = {"distance": distance, "climb": climb, "fast": 20, "longest": None, "runs": 4, "shoe": "pair"}
    again = editor_rows.plan_rows(editor_rows.stored_rows(cells, units), units)
    assert again == {
        **cells,
        "step": None,
        "distance": pytest.approx(distance),
        "climb": pytest.approx(climb),
        "fast": 20.0,
    }


def test_only_changed_rows_of_the_table_are_put_in_place() -> None:
    runs = (PlannedRun(WEEK, 8_046.72, note="easy"), PlannedRun(NEXT, 10_000.0), PlannedRun(NEXT, 5_000.0))
    miles = Units("mi", "ft")
    added = [{"date": f"{WEEK}T00:00:00.000", "distance": 3}, {"distance": 4}]
    weeks, changed = editor_rows.changed_runs(runs, {0: {"climb": 100}}, added, [], miles)
    assert weeks == {WEEK}
    assert [(run.distance_m, run.note) for run in changed] == [
        (8_046.72, "easy"),
        (pytest.approx(4_828.032), None),
    ]
    assert changed[0].ascent_m == pytest.approx(30.48)
    weeks, changed = editor_rows.changed_runs(runs, {}, [], [2], miles)
    assert (weeks, changed) == ({NEXT}, [runs[1]])
    hidden = PlannedRun(NEXT + timedelta(days=7), 7_000.0)
    weeks, changed = editor_rows.changed_runs(runs, {0: {"date": str(hidden.date)}}, [], [], miles, (hidden,))
    assert weeks == {WEEK, hidden.date}
    assert [run.distance_m for run in changed] == [8_046.72, 7_000.0], "what the table does not show stays"
    rows = editor_rows.week_rows([], (), [WEEK])
    values = editor_rows.changed_weeks(rows, {0: {"distance": 20, "longest": 30}}, miles)[WEEK]
    assert values is not None
    assert values["longest_m"] == values["distance_m"] == pytest.approx(32_186.88)


def test_the_calendar_reads_back_and_names_nobody(store, athlete_id) -> None:
    plan = (
        PlannedRun(WEEK, 8_046.72, 600.0, 30.48, None, "pair", note="with Robin"),
        PlannedRun(WEEK, 3_000.0),
        PlannedRun(NEXT, ladder_step=3),
    )
    limits = limits_from(GUARDRAIL.empty(), WEEK) | {"fast": GuardrailLimit(20, False)}
    written = plan_calendar(
        plan, limits, Units("mi", "ft"), {"pair": "Plain Pacer 3"}, datetime(2026, 5, 1, tzinfo=UTC)
    )
    read = Calendar.from_ical(written)
    events = list(read.walk("VEVENT"))
    assert [one.decoded("dtstart") for one in events] == [WEEK, WEEK, NEXT]
    assert [one.decoded("dtend") for one in events] == [day + timedelta(days=1) for day in (WEEK, WEEK, NEXT)]
    assert "step 3 of the ladder" in str(events[2]["description"])
    assert str(events[0]["description"]) == "5.0 mi, 10 fast min, 100 ft of climb, Plain Pacer 3"
    assert [str(one["summary"]) for one in events] == ["Run 5.0 mi", "Run 1.9 mi", "Run"]
    assert len({str(one["uid"]) for one in events}) == 3
    note = str(read.walk("VJOURNAL")[0]["description"])
    assert "up to 110 % of the longest in 30 days (default)" in note
    assert "Fast minutes" not in note
    assert "physical therapist decides" in note
    assert b"Robin" not in written
    assert not list(
        Calendar.from_ical(plan_calendar((), limits, Units(), {}, datetime.now(UTC))).walk("VEVENT")
    )


def test_the_report_says_plan_and_guardrails_in_plain_values(store, athlete_id) -> None:
    analysis = pipeline.analysis_of(store, athlete_id)
    empty = plan_json(store, athlete_id, analysis)
    assert empty["plan"] == {"runs": [], "days": [], "weeks": []}
    service.save_weeks(store, athlete_id, {WEEK: WHOLE})
    told = plan_json(store, athlete_id, analysis)
    assert sum(run["distance_km"] for run in told["plan"]["runs"]) == pytest.approx(40)
    assert told["plan"]["days"][-1]["date"] == "2026-05-10"
    fast = next(one for one in told["guardrails"] if one["id"] == "fast")
    assert (fast["value"], fast["decided_by"], fast["checked"]) == (20, None, False)
    json.dumps(told, allow_nan=False)
