"""Guardrails on the Plan page: what each says of the plan, the smallest change that keeps it, and where it is set."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import outlook, state
from dashboard import plan as planning
from dashboard.charts import guardrail_words, plan_words
from dashboard.kept import Kept
from dashboard.model.guardrail_changes import differences, smallest_change
from dashboard.model.guardrail_checks import crossings, untold
from dashboard.model.guardrails import GUARDRAILS, PT_DECIDES, Crossing, Guardrail, Limit
from dashboard.model.planned_weeks import open_runs
from dashboard.views import looks

Keep = Callable[[Callable[[], Kept]], None]
WHO = {"runner": "The runner", "therapist": "The PT"}


def show(athlete_id: int, seen: outlook.Outlook, keep: Keep) -> None:
    """List every guardrail with what it says of the plan."""
    st.header("Guardrails", anchor="guardrails")
    st.caption(PT_DECIDES)
    crossed = crossings(seen.plan, seen.limits, seen.ground)
    is_planned = bool(open_runs(seen.plan, seen.ground))
    for rule in GUARDRAILS:
        with st.container(border=True, key=f"guardrail_{rule.id}"):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{plan_words.limit_in_words(rule, seen.limits[rule.id])}**")
                _source(athlete_id, rule, seen.limits[rule.id], keep)
            _verdict(athlete_id, rule, seen, crossed.get(rule.id), is_planned, keep)


def _source(athlete_id: int, rule: Guardrail, limit: Limit, keep: Keep) -> None:
    with st.popover("Set, and source", key=f"set_{rule.id}"):
        with st.form(f"form_{rule.id}", border=False):
            is_on = st.toggle("Hold plans against it", limit.is_on, key=f"on_{rule.id}")
            value = _value(rule, limit) if rule.has_value else limit.value
            who = st.radio(
                "Who decides this", list(WHO), index=list(WHO).index(limit.decided_by or "runner"),
                format_func=lambda one: WHO[one], horizontal=True, key=f"who_{rule.id}",
            )  # fmt: skip
            kept_now = st.form_submit_button("Keep", type="primary", key=f"keep_{rule.id}")
        default = f"Default {plan_words.value_in_words(rule, rule.default)}. " if rule.has_value else ""
        st.markdown(f"{default}{rule.note}")
        st.markdown(rule.source)
        st.caption(f"Evidence: {rule.evidence}. {PT_DECIDES}")
    if kept_now:
        chosen = Limit(float(value), bool(is_on), who)
        keep(lambda: planning.keep_limit(state.store(), athlete_id, rule.id, chosen))


def _value(rule: Guardrail, limit: Limit) -> float:
    return st.number_input(
        f"{rule.title} ({rule.unit})",
        *(float(end) for end in (rule.low, rule.high, limit.value, rule.step)),
        format="%g",
        key=f"value_{rule.id}",
    )


def _verdict(
    athlete_id: int,
    rule: Guardrail,
    seen: outlook.Outlook,
    found: list[Crossing] | None,
    is_planned: bool,
    keep: Keep,
) -> None:
    units = state.units()
    said = (
        [guardrail_words.pain_in_words(seen.ground.pain)]
        if rule.id == "pain" and seen.ground.pain.is_known
        else []
    )
    if found is None:
        said = [guardrail_words.OFF]
    elif found:
        said = [guardrail_words.crossing_in_words(rule.id, found, units, seen.ground.pain)]
    elif is_planned and not untold(rule.id, seen.plan, seen.ground):
        said = [*said, guardrail_words.KEPT]
    if found is not None and is_planned and untold(rule.id, seen.plan, seen.ground):
        said.append(guardrail_words.NOT_CHECKED[rule.id])
    if said:
        st.html(looks.paragraphs(said))
    if found:
        _change(athlete_id, rule, seen, keep)


def _change(athlete_id: int, rule: Guardrail, seen: outlook.Outlook, keep: Keep) -> None:
    changed = smallest_change(rule.id, seen.plan, seen.limits, seen.ground)
    if changed is None:
        st.html(looks.paragraphs([guardrail_words.NO_CHANGE]))
        return
    told = guardrail_words.change_in_words(differences(seen.plan, changed), state.units(), state.shoe_names())
    st.html(looks.paragraphs([f"The smallest change that keeps it: {told}"]))
    if st.button("Change the plan so", key=f"change_{rule.id}"):
        keep(lambda: planning.keep_change(state.store(), athlete_id, seen.plan, changed))
