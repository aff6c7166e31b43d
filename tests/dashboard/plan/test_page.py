"""The Plan page: the made-up runner, a plan that crosses a guardrail, the ladder, and an empty store."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from connectors.frames import GUARDRAIL, PLAN
from connectors.store import open_store
from dashboard.plan import service
from dashboard.plan import text as plan_text
from dashboard.plan.limits import GuardrailLimit
from dashboard.shared.text import day_in_words


def said(app) -> str:
    html = [str(getattr(one.proto, "body", "")) for one in app.get("html")]
    kinds = (app.caption, app.info, app.error, app.markdown, app.success)
    return "\n".join([*html, *(str(one.value) for kind in kinds for one in kind)])


def test_an_empty_plan_starts_from_a_usual_week_and_is_undone(open_page, demo_copy) -> None:
    app = open_page("plan")
    text = said(app)
    assert plan_text.NOTHING_PLANNED in text
    assert "Your usual week: " in text
    assert not app.get("plotly_chart"), "a picture of nothing"
    store, coming = open_store(demo_copy), service.coming_week(date.today())
    app.button(key="copy_usual").click().run()
    assert not app.exception
    (row,) = store.read(PLAN, 1).to_dicts()
    assert row["date"] == coming
    assert f"{row['distance_m'] / 1000:.1f} km" in text
    assert len(app.get("plotly_chart")) == 1
    assert "A usual week was copied" in said(app)
    app.button(key="undo_plan").click().run()
    assert store.read(PLAN, 1).is_empty()
    app.button(key="copy_last_week").click().run()
    assert not app.exception
    assert store.read(PLAN, 1)["date"].to_list() == [coming]


def test_a_plan_that_crosses_a_guardrail_is_changed_and_the_guardrail_put_off(open_page, demo_copy) -> None:
    store, week = open_store(demo_copy), service.first_week(date.today()) + timedelta(days=7)
    service.save_weeks(store, 1, {week: {"distance_m": 40_000.0, "longest_m": 30_000.0}})
    app = open_page("plan")
    text = said(app)
    assert "the limit from the 30 days before is" in text
    assert "✗ crossed" in text
    assert "Smallest change: Sunday" in text
    assert "Kept as planned:" in text
    app.button(key="change_long_run").click().run()
    assert not app.exception
    assert "the limit from the 30 days before is" not in said(app)
    app.button(key="set_long_run").click().run()
    app.toggle(key="on_long_run").set_value(False).run()
    app.segmented_control(key="who_long_run").set_value("therapist").run()
    app.button(key="keep_long_run").click().run()
    assert not app.exception
    text = said(app)
    assert "of the longest in 30 days (set by the PT)" in text
    assert "○ off" in text


def test_none_of_it_until_a_date_is_set_shown_and_undone(open_page, demo_copy) -> None:
    store, today = open_store(demo_copy), date.today()
    week = service.first_week(today)
    service.save_weeks(store, 1, {week: {"distance_m": 20_000.0, "fast_s": 1_200.0}})
    app = open_page("plan")
    app.button(key="set_fast").click().run()
    app.segmented_control(key="how_fast").set_value("None of it").run()
    until = week + timedelta(days=20)
    app.date_input(key="until_fast").set_value(until).run()
    app.segmented_control(key="who_fast").set_value("therapist").run()
    app.button(key="keep_fast").click().run()
    assert not app.exception
    (row,) = store.read(GUARDRAIL, 1).to_dicts()
    assert (row["value"], row["measure"], row["from_date"], row["until_date"], row["decided_by"]) == (
        0.0, "amount", today, until, "therapist",
    )  # fmt: skip
    text = said(app)
    assert f"none until {day_in_words(until)} (set by the PT)" in text
    assert "has 20 min of fast running; the limit is none." in text
    assert "easy, without the 20 fast minutes." in text
    app.button(key="undo_plan").click().run()
    assert store.read(GUARDRAIL, 1).is_empty()
    assert "(set by the PT)" not in said(app)


def test_an_amount_is_typed_in_the_readers_units(open_page, demo_copy) -> None:
    store = open_store(demo_copy)
    store.set_settings(1, {"distance_unit": "mi", "height_unit": "ft"})
    app = open_page("plan")
    app.button(key="set_distance").click().run()
    app.toggle(key="on_distance").set_value(True).run()
    app.segmented_control(key="how_distance").set_value("At most").run()
    app.number_input(key="amount_distance").set_value(20.0).run()
    app.button(key="keep_distance").click().run()
    assert not app.exception
    assert store.read(GUARDRAIL, 1)["value"].to_list() == [pytest.approx(32_186.88)]
    assert "at most 20.0 mi (set by the runner)" in said(app)


def test_a_limit_that_ended_says_so(open_page, demo_copy) -> None:
    today = date.today()
    ended = GuardrailLimit(
        0, True, "therapist", "amount", today - timedelta(days=30), today - timedelta(days=1)
    )
    service.save_limit(open_store(demo_copy), 1, "climb", ended)
    app = open_page("plan")
    assert "has ended and no longer counts." in said(app)


def test_a_step_of_the_ladder_is_done_and_waits_for_the_morning(open_page, demo_copy) -> None:
    app = open_page("plan")
    assert "the ladder begins with step 1" in said(app)
    app.button(key="ladder_done").click().run()
    assert not app.exception
    assert "still to come: next is step" in said(app) or "log has pain" in said(app)
    assert service.load_ladder(open_store(demo_copy), 1)[0].done_on == date.today()


def test_the_next_steps_of_the_ladder_go_into_the_plan_and_out_again(open_page, demo_copy) -> None:
    app = open_page("plan")
    assert "take the place of what is planned from" in said(app)
    app.button(key="plan_ladder").click().run()
    assert not app.exception
    rows = open_store(demo_copy).read(PLAN, 1).sort("date")
    assert rows["ladder_step"].to_list()[:3] == [1, 2, 3]
    assert rows["distance_m"][0] > 500
    app.segmented_control(key="grain").set_value("By run").run()
    assert not app.exception
    app.button(key="undo_plan").click().run()
    assert open_store(demo_copy).read(PLAN, 1).is_empty()


def test_an_empty_store_says_what_to_do(open_page, home) -> None:
    open_store(home).add_runner("Somebody")
    app = open_page("plan")
    assert "Import your runs" in said(app)


def test_a_record_that_ended_long_ago_is_not_taken_for_months_of_rest(open_page, store, athlete_id) -> None:
    week = service.first_week(date.today())
    assert service.is_old(date(2026, 4, 29), date.today())
    service.save_weeks(store, athlete_id, {week: {"distance_m": 30_000.0}})
    app = open_page("plan")
    text = said(app)
    assert "The record ends on 29 Apr 2026. The days since are not known" in text
    assert not app.get("plotly_chart")
    assert "? unknown</span><span><b>Load of seven days" in text
    assert "Your usual week" not in text, "only where nothing is planned"
    assert app.button(key="copy_usual")
