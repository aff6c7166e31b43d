"""The Plan page: table, picture, guardrails with the smallest change that keeps each, ladder, planned and done."""

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
from dashboard.plan import editor, figure, ladder, service, text
from dashboard.plan.guardrails.base import (
    THERAPIST_DECIDES,
    Guardrail,
    GuardrailLimit,
    Violation,
    load_guardrails,
    plan_differences,
    smallest_change,
    violations,
)
from dashboard.plan.ladder import LadderStep
from dashboard.plan.planned_runs import Plan, copy_week, done_runs, week_of_runs
from dashboard.shared import session, ui
from dashboard.shared import text as shared_text
from dashboard.shared.ui import is_narrow
from dashboard.shared.undo import Change

SaveAction = Callable[[Callable[[], Change]], None]


def guardrails_section(athlete_id: int, seen: service.PlanProjection, keep: SaveAction) -> None:
    """Draw every guardrail with its verdict on the plan."""
    st.header("Guardrails", anchor="guardrails")
    st.caption(THERAPIST_DECIDES)
    crossed = violations(seen.plan, seen.limits, seen.context)
    for rule in load_guardrails():
        with st.container(border=True, key=f"guardrail_{rule.id}"):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{text.limit_in_words(rule, seen.limits[rule.id])}**")
                _source(athlete_id, rule, seen.limits[rule.id], keep)
            _verdict(athlete_id, rule, seen, crossed.get(rule.id), keep)


def _source(athlete_id: int, rule: Guardrail, limit: GuardrailLimit, keep: SaveAction) -> None:
    with st.popover("Set, and source", key=f"set_{rule.id}"):
        with st.form(f"form_{rule.id}", border=False):
            is_on = st.toggle("Hold plans against it", limit.is_on, key=f"on_{rule.id}")
            value = _value(rule, limit) if rule.has_value else limit.value
            decided_by = ui.decided_by_picker(key=f"who_{rule.id}", default=limit.decided_by)
            is_saved = st.form_submit_button("Keep", type="primary", key=f"keep_{rule.id}")
        default = f"Default {text.value_in_words(rule, rule.default)}. " if rule.has_value else ""
        st.markdown(f"{default}{rule.note}")
        st.markdown(rule.source)
        st.caption(f"Evidence: {rule.evidence}. {THERAPIST_DECIDES}")
    if is_saved:
        chosen = GuardrailLimit(float(value), bool(is_on), decided_by)
        keep(lambda: service.save_limit(session.store(), athlete_id, rule.id, chosen))


def _value(rule: Guardrail, limit: GuardrailLimit) -> float:
    return st.number_input(
        f"{rule.title} ({rule.unit})",
        *(float(end) for end in (rule.low, rule.high, limit.value, rule.step)),
        format="%g",
        key=f"value_{rule.id}",
    )


def _verdict(
    athlete_id: int,
    rule: Guardrail,
    seen: service.PlanProjection,
    crossed: list[Violation] | None,
    keep: SaveAction,
) -> None:
    sentences = text.verdict_in_words(rule, crossed, seen.plan, session.units(), seen.context)
    if sentences:
        st.html(ui.card_paragraphs(sentences))
    if crossed:
        _change(athlete_id, rule, seen, keep)


def _change(athlete_id: int, rule: Guardrail, seen: service.PlanProjection, keep: SaveAction) -> None:
    changed = smallest_change(rule, seen.plan, seen.limits, seen.context)
    if changed is None:
        st.html(ui.card_paragraphs([text.NO_CHANGE]))
        return
    differences = plan_differences(seen.plan, changed)
    change = text.change_in_words(differences, session.units(), session.shoe_names())
    st.html(ui.card_paragraphs([f"The smallest change that keeps it: {change}"]))
    if st.button("Change the plan so", key=f"change_{rule.id}"):
        keep(lambda: service.save_change(session.store(), athlete_id, seen.plan, changed))


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
            keep(lambda: service.save_steps(session.store(), athlete_id, [done]))
        easy_mps = analysis.personal.easy_mps if analysis.personal else None
        coming = ladder.steps_ahead(steps, position, session.today(), until, easy_mps)
        if coming:
            held = service.line_of_step(analysis, seen, coming[0])
            if held is not None:
                ui.paragraphs([ladder.line_in_words(coming[0], held)])
            if st.button("Plan the next steps", icon=":material/stairs:", key="plan_ladder"):
                keep(lambda: service.save_ladder(session.store(), athlete_id, seen.plan, coming))
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
        decided_by = ui.decided_by_picker(key="ladder_who")
        if st.button("Keep the ladder", disabled=not edits, key="keep_ladder"):
            changed = [ladder.edited_ladder(steps[n], cells, decided_by) for n, cells in edits.items()]
            keep(lambda: service.save_steps(session.store(), athlete_id, changed))


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
PLAN_SECTION = "plan"
NO_RUNS = "Bring in runs on the Data page first: a plan is set against what you usually run."


def save_plan(write: Callable[[], Change]) -> None:
    """Write a change of the plan, remember it for the undo bar, and render the page again."""
    try:
        change = write()
    except HeelwiseError as error:
        st.error(shared_text.escape_markdown(str(error)))
        return
    ui.remember_change(PLAN_SECTION, text.saved_in_words(change), change)
    st.rerun()


def copy_button(athlete_id: int, analysis: Analysis, plan: Plan, weeks: list[date], as_runs: bool) -> None:
    """Draw the button that copies the week before onto the first week without a plan."""
    done = done_runs(analysis.runs, weeks[0] - timedelta(days=7), weeks[-1])
    offered = copy_week(plan, done, weeks[0], len(weeks))
    clicked = st.button(
        "Copy last week", icon=":material/content_copy:", disabled=offered is None, key="copy_last_week"
    )
    if not clicked or offered is None:
        return
    week, runs = offered
    if as_runs:
        save_plan(lambda: service.save_runs(session.store(), athlete_id, [week], runs))
    else:
        values = week_of_runs(runs)
        save_plan(lambda: service.save_weeks(session.store(), athlete_id, {week: values}))


def plan_picture(seen: service.PlanProjection, since: date, narrow: bool) -> None:
    """Draw the projection of the plan, with its sentences above."""
    ahead = any(run.date > seen.context.until for run in seen.plan)
    sentences = text.plan_in_words(seen.projection, session.units(), ahead, seen.changes)
    ui.paragraphs(sentences)
    crossed = violations(seen.plan, seen.limits, seen.context)
    drawn = figure.plan_figure(seen.projection, crossed, since, session.units(), session.theme(), narrow)
    if drawn is not None:
        ui.draw_figure(drawn, key="plan", alt=" ".join(sentences))
    st.caption(text.ARITHMETIC)


def done_section(athlete_id: int, analysis: Analysis, seen: service.PlanProjection) -> None:
    """Draw the table of planned and done weeks."""
    rows = service.done_and_planned(session.store(), athlete_id, analysis, seen, session.today())
    if rows.is_empty():
        return
    st.header("Planned and done")
    st.html(text.done_in_html(rows, session.units()))
    st.caption(text.DONE)


def calendar_section(seen: service.PlanProjection) -> None:
    """Draw the button that downloads the plan as a calendar file."""
    ahead = tuple(run for run in seen.plan if run.date > seen.context.until)
    st.download_button(
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


def render() -> None:
    """Render the page."""
    st.title("Plan")
    analysis = session.analysis()
    if analysis is None or analysis.runs.is_empty():
        st.info(NO_RUNS)
        return
    st.html(ui.STYLE)
    athlete_id = session.logging_runner().athlete_id
    with st.container(horizontal=True):
        ahead = ui.choice(
            "Weeks ahead", list(WEEKS), "ahead", bind="query-params", label_visibility="collapsed"
        )
        grain = ui.choice("Rows", (BY_WEEK, BY_RUN), "grain", label_visibility="collapsed")
    first = service.first_week(session.today())
    weeks = [first + timedelta(days=7 * n) for n in range(WEEKS[ahead])]
    until = weeks[-1] + timedelta(days=6)
    projection = service.project_plan(session.store(), athlete_id, analysis, until, session.today())
    narrow = is_narrow()
    edit = editor.runs_editor if grain == BY_RUN else editor.weeks_editor
    # Fields for a thumb, and for a shared screen, where the letters of a table stay small.
    edit(athlete_id, projection.plan, weeks, save_plan, narrow or session.is_open())
    with st.container(horizontal=True):
        copy_button(athlete_id, analysis, projection.plan, weeks, grain == BY_RUN)
        calendar_section(projection)
    ui.undo_bar(PLAN_SECTION)
    plan_picture(projection, weeks[0] - timedelta(days=7 * BEFORE_WEEKS), narrow)
    guardrails_section(athlete_id, projection, save_plan)
    done_section(athlete_id, analysis, projection)
    ladder_section(athlete_id, analysis, projection, until, save_plan)


if __name__ == "__main__":
    render()
