"""The return-to-running ladder on the Plan page: which step is next, and a table that a PT edits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from connectors.frames import LADDER
from dashboard import outlook, state
from dashboard import plan as planning
from dashboard.charts import ladder_words, plan_words
from dashboard.kept import Kept
from dashboard.model import ladder
from dashboard.model.guardrails import PT_DECIDES
from dashboard.model.ladder import Step
from dashboard.views import looks

Keep = Callable[[Callable[[], Kept]], None]
WHO = {"runner": "The runner", "therapist": "The PT"}


def show(athlete_id: int, seen: outlook.Outlook, until: date, easy_mps: float | None, keep: Keep) -> None:
    """Show the ladder, and offer its next steps for the plan; closed unless a step of it was done."""
    steps = planning.ladder(state.store(), athlete_id)
    is_used = any(step.done_on for step in steps)
    below = st.expander("Return-to-running ladder", expanded=is_used, key="ladder")
    with below:
        found = ladder.standing(steps, state.symptoms(), state.today(), seen.limits["pain"].value)
        looks.story([ladder_words.standing_in_words(found, state.today())])
        if found.step is not None and st.button(f"Step {found.step.step} done today", key="ladder_done"):
            done = replace(found.step, done_on=state.today())
            keep(lambda: planning.keep_steps(state.store(), athlete_id, [done]))
        coming = ladder.ahead(steps, found, state.today(), until, easy_mps)
        if coming:
            if st.button("Plan the next steps", icon=":material/stairs:", key="plan_ladder"):
                keep(lambda: planning.keep_ladder(state.store(), athlete_id, seen.plan, coming))
            st.caption(ladder_words.ahead_in_words(coming[0].date, coming[-1].date))
        _table(athlete_id, steps, keep)
        st.caption(f"{ladder.TITLE}. {ladder.SOURCE} Evidence: {ladder.EVIDENCE}. {PT_DECIDES}")


def _table(athlete_id: int, steps: tuple[Step, ...], keep: Keep) -> None:
    key = f"ladder_{state.store().version(athlete_id, LADDER)}"

    def number(title: str, most: int):
        return st.column_config.NumberColumn(title, min_value=0, max_value=most, width="small")

    st.data_editor(
        [_cells(step) for step in steps],
        key=key,
        hide_index=True,
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
        placeholder="–",
        alt="Steps of the ladder, one row for each",
    )
    edits = st.session_state.get(key, {}).get("edited_rows", {})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        who = st.radio(
            "Who decides this", list(WHO), format_func=lambda one: WHO[one], horizontal=True, key="ladder_who"
        )
        if st.button("Keep the ladder", disabled=not edits, key="keep_ladder"):
            changed = [ladder.edited(steps[int(n)], cells, who) for n, cells in edits.items()]
            keep(lambda: planning.keep_steps(state.store(), athlete_id, changed))


def _cells(step: Step) -> dict[str, Any]:
    return {
        "step": step.step,
        "walk": None if step.walk_s is None else step.walk_s / 60,
        "run": None if step.run_s is None else step.run_s / 60,
        "rounds": step.rounds,
        "rest": step.rest_days,
        "done": step.done_on,
        "set": plan_words.DECIDED[step.decided_by],
    }
