"""Plan: the next weeks tried out, what they add up to, and the guardrails of runner and physical therapist."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import streamlit as st

from connectors.errors import HeelwiseError
from dashboard import calendar_file, kept, outlook, state, words
from dashboard import plan as planning
from dashboard.charts import plan as drawing
from dashboard.charts import plan_words
from dashboard.kept import Kept
from dashboard.model.analysis import Analysis
from dashboard.model.guardrail_checks import crossings
from dashboard.model.planned import Plan, as_week, copied, done_runs
from dashboard.views import consult_frame, figures, looks, plan_editor, plan_guardrails, plan_ladder
from dashboard.views.width import is_narrow

WEEKS = {f"{n} weeks": n for n in range(2, 7)}
BY_WEEK, BY_RUN = "By week", "By run"
BEFORE_WEEKS = 8
UNDO = "plan_undo"
NO_RUNS = "Bring in runs on the Data page first: a plan is set against what you usually run."


def keep(act: Callable[[], Kept]) -> None:
    """Keep something, remember how to take it back, and show the page anew."""
    try:
        st.session_state[UNDO] = act()
    except HeelwiseError as error:
        st.error(words.plain(str(error)))
        return
    st.rerun()


def undo_button(athlete_id: int) -> None:
    """Offer to take the last change back."""
    last = st.session_state.get(UNDO)
    if last is not None and st.button("Undo the last change", icon=":material/undo:", key="undo_plan"):
        kept.undo(state.store(), athlete_id, last)
        del st.session_state[UNDO]
        st.rerun()


def copy_button(athlete_id: int, found: Analysis, plan: Plan, weeks: list[date], as_runs: bool) -> None:
    """Offer the week before for the first week without a plan."""
    done = done_runs(found.runs, weeks[0] - timedelta(days=7), weeks[-1])
    offered = copied(plan, done, weeks[0], len(weeks))
    clicked = st.button(
        "Copy last week", icon=":material/content_copy:", disabled=offered is None, key="copy_last_week"
    )
    if not clicked or offered is None:
        return
    week, runs = offered
    if as_runs:
        keep(lambda: planning.keep_runs(state.store(), athlete_id, [week], runs))
    else:
        values = as_week(runs)
        keep(lambda: planning.keep_weeks(state.store(), athlete_id, {week: values}))


def picture(seen: outlook.Outlook, since: date, narrow: bool) -> None:
    """Draw what the plan adds up to."""
    ahead = any(run.date > seen.ground.until for run in seen.plan)
    said = plan_words.in_words(seen.projection, state.units(), ahead)
    looks.story(said)
    crossed = crossings(seen.plan, seen.limits, seen.ground)
    drawn = drawing.figure(seen.projection, crossed, since, state.units(), state.theme(), narrow)
    if drawn is not None:
        figures.draw(drawn, key="plan", alt=" ".join(said))
    st.caption(plan_words.ARITHMETIC)


def done(athlete_id: int, found: Analysis, seen: outlook.Outlook) -> None:
    """Show planned beside done."""
    rows = outlook.done_beside(state.store(), athlete_id, found, seen, state.today())
    if rows.is_empty():
        return
    st.header("Planned and done")
    st.html(plan_words.done_in_html(rows, state.units()))
    st.caption(plan_words.DONE)


def calendar(seen: outlook.Outlook) -> None:
    """Offer the plan as a calendar file."""
    ahead = tuple(run for run in seen.plan if run.date > seen.ground.until)
    st.download_button(
        "Download for a calendar (.ics)",
        lambda: calendar_file.plan_file(
            ahead, seen.limits, state.units(), state.shoe_names(), datetime.now(UTC)
        ),
        file_name="heelwise_plan.ics",
        mime="text/calendar",
        icon=":material/calendar_month:",
        disabled=not ahead,
        key="plan_ics",
    )


def page(found: Analysis | None) -> None:
    """Lay the page out: table, picture, guardrails, ladder, planned and done."""
    if found is None or found.runs.is_empty():
        st.info(NO_RUNS)
        return
    st.html(looks.STYLE)
    athlete_id = state.logging_runner().athlete_id
    with st.container(horizontal=True):
        choice = st.segmented_control(
            "Weeks ahead", list(WEEKS), default="2 weeks", required=True, key="ahead", bind="query-params",
            label_visibility="collapsed",
        )  # fmt: skip
        grain = st.segmented_control(
            "Rows",
            (BY_WEEK, BY_RUN),
            default=BY_WEEK,
            required=True,
            key="grain",
            label_visibility="collapsed",
        )
    first = outlook.first_week(state.today())
    weeks = [first + timedelta(days=7 * n) for n in range(WEEKS[choice])]
    until = weeks[-1] + timedelta(days=6)
    seen = outlook.outlook(state.store(), athlete_id, found, until, state.today())
    narrow = is_narrow()
    edit = plan_editor.by_run if grain == BY_RUN else plan_editor.by_week
    # Fields for a thumb, and for a shared screen, where the letters of a table stay small.
    edit(athlete_id, seen.plan, weeks, keep, narrow or consult_frame.is_open())
    with st.container(horizontal=True):
        copy_button(athlete_id, found, seen.plan, weeks, grain == BY_RUN)
        undo_button(athlete_id)
        calendar(seen)
    picture(seen, weeks[0] - timedelta(days=7 * BEFORE_WEEKS), narrow)
    plan_guardrails.show(athlete_id, seen, keep)
    done(athlete_id, found, seen)
    plan_ladder.show(athlete_id, seen, until, found.personal.easy_mps if found.personal else None, keep)


st.title("Plan")
page(state.analysis())
