"""Going over to another pair: steps a therapist may edit, beside what was run."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from connectors.errors import HeelwiseError
from dashboard import state, words
from dashboard.model import transition_plan
from dashboard.model.transition_plan import DEFAULT_STEPS, KEY, TransitionPlan

EXPLAINED = (
    "At most this share of a week's distance in the new pair, and its longest run at most this share of the longest "
    "run of the four weeks before. Short runs first. These steps are common practice, not the finding of a study: your "
    "therapist decides, and every number can be changed."
)


def show(aged: Any, runs: Any) -> None:
    """Show the plan beside what was run, and its form."""
    st.header("Going over to another pair")
    names = dict(zip(aged["shoe_id"].to_list(), aged["name"].to_list(), strict=True))
    if not names:
        st.caption("There is no pair to plan for yet.")
        return
    try:
        plan = transition_plan.from_settings(state.settings())
    except HeelwiseError as error:
        st.warning(words.plain(str(error)))
        plan = None
    if plan is not None:
        _beside(plan, names, runs)
    below = st.expander("Change the plan" if plan else "Make a plan", key="plan_open", on_change="rerun")
    if below.open:
        with below:
            _form(plan, names)


def _beside(plan: TransitionPlan, names: dict[str, str], runs: Any) -> None:
    units = state.units()
    name = names.get(plan.shoe_id, words.SHOE_NAMELESS)
    st.markdown(
        f"Going over to **{words.plain(name)}**, from {words.day(plan.start)}. {transition_plan.SOURCE.capitalize()}."
    )
    today = state.today()
    rows = [
        {
            "Week": words.span(row["first"], row["last"]),
            "In the new pair, at most": f"{row['share_pct']:g} % ({units.distance_words(row['most_m'])})",
            "Longest run, at most": f"{row['longest_pct']:g} % ({units.distance_words(row['longest_m'])})",
            "Run in it": "" if row["first"] > today else units.distance_words(row["done_m"]),
            "Longest in it": "" if row["first"] > today else units.distance_words(row["done_longest_m"]),
            "All running": "" if row["first"] > today else units.distance_words(row["all_m"]),
        }
        for row in transition_plan.weeks(plan, runs).to_dicts()
    ]
    st.dataframe(rows, hide_index=True, alt="The steps of the plan beside what was run in the new pair")


def _form(plan: TransitionPlan | None, names: dict[str, str]) -> None:
    now = plan or TransitionPlan(next(iter(names)), state.today(), DEFAULT_STEPS)
    ids = list(names)
    with st.form("transition_plan", border=False):
        st.caption(EXPLAINED)
        with st.container(horizontal=True):
            shoe = st.selectbox(
                "The new pair",
                ids,
                index=ids.index(now.shoe_id) if now.shoe_id in ids else 0,
                format_func=names.__getitem__,
                key="plan_pair",
            )
            start = st.date_input("First day", now.start, format="YYYY-MM-DD", key="plan_start", width=160)
        steps = st.data_editor(
            [{"share_pct": step.share_pct, "longest_pct": step.longest_pct} for step in now.steps],
            num_rows="dynamic",
            key=f"plan_steps_{state.settings().get(KEY, '')}",
            column_config={
                "share_pct": st.column_config.NumberColumn(
                    "Share of the week, %", min_value=0, max_value=100, step=5
                ),
                "longest_pct": st.column_config.NumberColumn(
                    "Longest run, %", min_value=0, max_value=100, step=5
                ),
            },
            alt="Steps of the plan, one for each week",
        )
        sent = st.form_submit_button("Keep this plan", type="primary", key="keep_plan")
    if sent:
        _keep(shoe, start, steps)
    if plan is not None:
        st.button("Take the plan away", on_click=_store, args=(None,), key="drop_plan", type="tertiary")


def _store(plan: TransitionPlan | None) -> None:
    mine = state.logging_runner().athlete_id
    state.store().set_settings(mine, {KEY: transition_plan.as_text(plan)})


def _keep(shoe: str, start: date, steps: Any) -> None:
    try:
        _store(transition_plan.checked(TransitionPlan(shoe, start, transition_plan.steps_from(steps))))
    except HeelwiseError as error:
        st.warning(words.plain(str(error)))
        return
    st.rerun()
