"""The Plan page: the made-up runner, a plan that crosses a guardrail, the ladder, and an empty store."""

from __future__ import annotations

from datetime import date, timedelta

from connectors.frames import PLAN
from connectors.store import open_store
from dashboard.plan import service
from dashboard.plan import text as plan_text


def said(app) -> str:
    html = [str(getattr(one.proto, "body", "")) for one in app.get("html")]
    kinds = (app.caption, app.info, app.error, app.markdown)
    return "\n".join([*html, *(str(one.value) for kind in kinds for one in kind)])


def test_a_plan_is_copied_crosses_a_guardrail_and_is_changed(open_page, demo_copy) -> None:
    app = open_page("plan")
    assert plan_text.NOTHING_PLANNED in said(app)
    assert len(app.get("plotly_chart")) == 1
    app.button(key="copy_last_week").click().run()
    assert not app.exception
    store, first = open_store(demo_copy), service.first_week(date.today())
    assert store.read(PLAN, 1)["date"].to_list() == [first]
    assert "The plan was changed." in app.success[0].value
    app.button(key="undo_plan").click().run()
    assert store.read(PLAN, 1).is_empty()
    assert not app.success
    week = first + timedelta(days=7)
    service.save_weeks(store, 1, {week: {"distance_m": 40_000.0, "longest_m": 30_000.0}})
    app.run()
    text = said(app)
    assert "the limit from the 30 days before is" in text
    assert "The smallest change that keeps it: Sunday" in text
    app.button(key="change_long_run").click().run()
    assert not app.exception
    assert "the limit from the 30 days before is" not in said(app)
    app.toggle(key="on_long_run").set_value(False)
    app.segmented_control(key="who_long_run").set_value("therapist")
    next(one for one in app.button if one.key == "keep_long_run").click().run()
    assert not app.exception
    text = said(app)
    assert "110 % (set by the physical therapist)" in text
    assert plan_text.LIMIT_OFF in text


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
    assert "Bring in runs" in said(app)
