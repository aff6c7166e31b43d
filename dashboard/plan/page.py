"""The Plan page: a start from a usual week, table, picture, guardrails, ladder, planned and done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.frames import LADDER
from dashboard.model.analysis import Analysis
from dashboard.plan import calendar as plan_calendar
from dashboard.plan import editor, figure, ladder, planned_runs, service, text
from dashboard.plan.guardrails.base import THERAPIST_DECIDES
from dashboard.plan.ladder import LadderStep
from dashboard.plan.limit_section import guardrails_section, usual_decider
from dashboard.plan.limits import violations
from dashboard.plan.planned_runs import Plan, done_runs, week_of_runs
from dashboard.shared import session, ui
from dashboard.shared import text as shared_text
from dashboard.shared.glossary import EASY_KM, USED_TO, USUAL, glossary_html
from dashboard.shared.ui import is_narrow
from dashboard.shared.undo import Change

SaveAction = Callable[[Callable[[], Change], str], None]
STEPS_PLANNED = "The next steps of the ladder are planned."


def ladder_section(
    athlete_id: int, analysis: Analysis, seen: service.PlanProjection, until: date, keep: SaveAction
) -> None:
    """Draw the ladder and the button that plans its next steps; closed unless a step of it was done."""
    steps = service.load_ladder(session.store(), athlete_id)
    is_used = any(step.done_on for step in steps)
    below = st.expander("Return-to-running ladder", expanded=is_used, key="ladder")
    with below:
        position = ladder.ladder_position(
            steps, session.symptom_rows(), session.today(), seen.limits["pain"].value
        )
        ui.paragraphs([ladder.position_in_words(position, session.today())])
        if position.step is not None and st.button(
            f"Step {position.step.step} done today", key="ladder_done"
        ):
            done = replace(position.step, done_on=session.today())
            keep(lambda: service.save_steps(session.store(), athlete_id, [done]), ui.SAVED)
        easy_mps = analysis.personal.easy_mps if analysis.personal else None
        coming = ladder.steps_ahead(steps, position, session.today(), until, easy_mps)
        if coming:
            held = service.line_of_step(analysis, seen, coming[0])
            if held is not None:
                ui.paragraphs([ladder.line_in_words(coming[0], held)])
            if st.button("Plan the next steps", icon=":material/stairs:", key="plan_ladder"):
                keep(
                    lambda: service.save_ladder(session.store(), athlete_id, seen.plan, coming), STEPS_PLANNED
                )
            st.caption(ladder.ahead_in_words(coming[0].date, coming[-1].date))
        _table(athlete_id, steps, keep)
        st.caption(
            f"{ladder.LADDER_TITLE}. {ladder.LADDER_SOURCE} Evidence: {ladder.LADDER_EVIDENCE}. {THERAPIST_DECIDES}"
        )


def _table(athlete_id: int, steps: tuple[LadderStep, ...], keep: SaveAction) -> None:
    key = f"ladder_{session.store().version(athlete_id, LADDER)}"

    def number(title: str, most: int):
        return st.column_config.NumberColumn(title, min_value=0, max_value=most, width="small")

    edits = ui.edited(
        [_cells(step) for step in steps],
        key,
        "Steps of the ladder, one row for each",
        disabled=["step", "set"],
        column_config={
            "step": number("Step", 1000),
            "walk": number("Walk (min)", 600),
            "run": number("Run (min)", 600),
            "rounds": number("Rounds", 100),
            "rest": number("Rest days after", 30),
            "done": st.column_config.DateColumn("Done on", format="D MMM YYYY"),
            "set": "Set by",
        },
    )["edited_rows"]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        decided_by = ui.decided_by_picker("Set by", "ladder_who", usual_decider())
        if st.button(ui.act_label("Save the ladder"), disabled=not edits, key="keep_ladder"):
            changed = [ladder.edited_ladder(steps[n], cells, decided_by) for n, cells in edits.items()]
            keep(lambda: service.save_steps(session.store(), athlete_id, changed), ui.SAVED)


def _cells(step: LadderStep) -> dict[str, Any]:
    return {
        "step": step.step,
        "walk": None if step.walk_s is None else step.walk_s / 60,
        "run": None if step.run_s is None else step.run_s / 60,
        "rounds": step.rounds,
        "rest": step.rest_days,
        "done": step.done_on,
        "set": text.DECIDED_BY_NAMES[step.decided_by],
    }


WEEKS = {f"{n} weeks": n for n in range(2, 7)}
BY_WEEK, BY_RUN = "By week", "By run"
BEFORE_WEEKS = 8
SECTION = "plan"
NO_RUNS = (
    "Your next weeks will stand here, against what you usually run and your limits. Import your runs first: a plan is "
    "set against them."
)


def save_plan(act: Callable[[], Change], sentence: str) -> None:
    """Run a change of the plan, remember it for the undo bar, and render the page again."""
    try:
        change = act()
    except HeelwiseError as error:
        st.error(shared_text.escape_markdown(str(error)))
        return
    ui.remember_change(SECTION, sentence, change)
    st.rerun()


def copy_buttons(
    athlete_id: int, analysis: Analysis, seen: service.PlanProjection, weeks: list[date], as_runs: bool
) -> list[str]:
    """Draw the buttons that fill the first empty week; return what each would fill it with."""
    coming = max(weeks[0], service.coming_week(session.today()))
    week = planned_runs.empty_week(seen.plan, coming, len(weeks))
    if week is None or week > weeks[-1]:
        return []
    until, sentences = seen.context.until, []
    usual = planned_runs.usual_runs(seen.usual, week)
    name, units = shared_text.day_in_words(week, False), session.units()
    kind = "secondary" if seen.plan else "primary"
    if usual:
        sentences.append(text.USUAL_COPIED.format(week=text.week_in_words(usual, units)))
        if st.button(
            ui.act_label("Copy a usual week"), icon=":material/event_repeat:", type=kind, key="copy_usual"
        ):
            _fill(athlete_id, week, usual, as_runs, f"A usual week was copied to that of {name}.")
    else:
        sentences.append(text.NO_USUAL)
    done = done_runs(analysis.runs, week - 2 * planned_runs.WEEK, until)
    last = planned_runs.copy_week(seen.plan, done, week, until)
    if last is not None:
        day = shared_text.day_in_words(last[0], False)
        sentences.append(text.LAST_COPIED.format(day=day, week=text.week_in_words(last[1], units)))
        if st.button(ui.act_label("Copy last week"), icon=":material/content_copy:", key="copy_last_week"):
            _fill(athlete_id, week, last[1], as_runs, f"The week of {day} was copied to that of {name}.")
    return sentences


def _fill(athlete_id: int, week: date, runs: Plan, as_runs: bool, sentence: str) -> None:
    if as_runs:
        save_plan(lambda: service.save_runs(session.store(), athlete_id, [week], runs), sentence)
    else:
        values = week_of_runs(runs)
        save_plan(lambda: service.save_weeks(session.store(), athlete_id, {week: values}), sentence)


def plan_picture(seen: service.PlanProjection, since: date, narrow: bool) -> None:
    """Draw the projection of the plan, with its sentences above."""
    if not any(run.date > seen.context.until for run in seen.plan):
        return  # a picture of nothing says nothing
    until = seen.context.until
    if service.is_old(until, session.today()):
        ui.paragraphs(text.old_record_in_words(until, session.units(), seen.changes))
        return
    sentences = text.plan_in_words(seen.projection, session.units(), seen.changes, seen.is_withheld)
    st.html(glossary_html(session.units(), EASY_KM, USED_TO, USUAL) + ui.story(sentences))
    crossed = violations(seen.plan, seen.limits, seen.context)
    drawn = figure.plan_figure(seen.projection, crossed, since, session.units(), session.theme(), narrow)
    if drawn is not None:
        ui.draw_figure(drawn, key="plan", alt=" ".join(sentences))
    st.caption(text.ARITHMETIC)


def done_section(athlete_id: int, analysis: Analysis, seen: service.PlanProjection) -> None:
    """Draw the table of planned and done weeks."""
    rows = session.computed(
        "plan_done",
        lambda: service.done_and_planned(session.store(), athlete_id, analysis, seen, session.today()),
        seen.context.until,
    )
    if rows.is_empty():
        return
    st.header("Planned and done")
    st.html(text.done_in_html(rows, session.units(), session.today()))
    st.caption(text.DONE)


def calendar_section(seen: service.PlanProjection) -> None:
    """Draw the button that downloads the plan as a calendar file."""
    ahead = tuple(run for run in seen.plan if run.date > seen.context.until)
    ui.download_button(
        "Download for a calendar (.ics)",
        lambda: plan_calendar.plan_calendar(
            ahead, seen.limits, session.units(), session.shoe_names(), datetime.now(UTC)
        ),
        file_name=session.labelled("heelwise_plan.ics"),
        mime="text/calendar",
        icon=":material/calendar_month:",
        disabled=not ahead,
        key="plan_ics",
    )


def start_section(
    athlete_id: int,
    analysis: Analysis,
    seen: service.PlanProjection,
    weeks: list[date],
    as_runs: bool,
    in_fields: bool,
) -> None:
    """Draw what a plan starts from, or goes on from where there is one."""
    is_empty = not any(run.date > seen.context.until for run in seen.plan)
    if is_empty:
        ui.paragraphs([f"{text.NOTHING_PLANNED} {text.START_FROM}"])
    with st.container(horizontal=True, key="plan_start"):
        sentences = copy_buttons(athlete_id, analysis, seen, weeks, as_runs)
        if not is_empty:
            calendar_section(seen)
    if is_empty:
        ui.paragraphs([*sentences, text.TYPE_FIELDS if in_fields else text.TYPE_IT])


def render() -> None:
    """Render the page."""
    st.title("Plan")
    analysis = session.analysis()
    if analysis is None or analysis.runs.is_empty():
        ui.nothing_yet(NO_RUNS, ui.IMPORT_RUNS)
        return
    st.html(ui.STYLE)
    athlete_id = session.logging_runner().athlete_id
    ui.undo_bar(SECTION)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        ahead = st.selectbox(
            "Weeks ahead", list(WEEKS), key="ahead", bind="query-params", width=ui.field_px(140),
            label_visibility="collapsed",
        )  # fmt: skip
        grain = ui.choice("Rows", (BY_WEEK, BY_RUN), "grain", label_visibility="collapsed")
    first = service.first_week(session.today())
    weeks = [first + timedelta(days=7 * n) for n in range(WEEKS[ahead])]
    until = weeks[-1] + timedelta(days=6)
    projection = session.computed(
        "plan",
        lambda: service.project_plan(session.store(), athlete_id, analysis, until, session.today()),
        until,
    )
    narrow = is_narrow()
    # Fields for a thumb, and for a shared screen, where the letters of a table stay small.
    in_fields = narrow or session.is_open()
    start_section(athlete_id, analysis, projection, weeks, grain == BY_RUN, in_fields)
    edit = editor.runs_editor if grain == BY_RUN else editor.weeks_editor
    edit(athlete_id, projection.plan, weeks, save_plan, in_fields)
    plan_picture(projection, weeks[0] - timedelta(days=7 * BEFORE_WEEKS), narrow)
    guardrails_section(athlete_id, projection, save_plan)
    done_section(athlete_id, analysis, projection)
    ladder_section(athlete_id, analysis, projection, until, save_plan)


if __name__ == "__main__":
    render()
