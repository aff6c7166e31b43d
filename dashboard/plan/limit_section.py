"""The guardrails on the Plan page: one compact list, the smallest change that keeps each, and a form to set one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import escape

import streamlit as st

from dashboard.plan import service, text
from dashboard.plan.adjustments import plan_differences
from dashboard.plan.guardrails.base import (
    THERAPIST_DECIDES,
    Guardrail,
    Violation,
    WeekChannel,
    load_guardrails,
)
from dashboard.plan.limits import GuardrailLimit, limit_value, smallest_change, violations
from dashboard.shared import session, ui
from dashboard.shared.undo import Change
from dashboard.shared.units import METRES_PER_FOOT, Units

SaveAction = Callable[[Callable[[], Change], str], None]
OPENED = "limit_opened"
FIELD_PX = 220
NONE, AMOUNT, SHARE = "None of it", "At most", "Against usual"
STYLE = """<style>
.hw-rule {display: flex; gap: .5rem; margin: 0 !important; line-height: 1.4;}
.hw-rule b {font-weight: 600;}
.hw-mark {flex: 0 0 5.5rem; white-space: nowrap;}
.hw-rule.hw-off {opacity: .75;}
.hw-under {margin: .1rem 0 0 6rem !important; line-height: 1.4; max-width: 52rem;}
[class*="st-key-guardrail_"] {border-bottom: 1px solid rgba(128,140,152,.3); padding-bottom: .15rem;}
[class*="st-key-rule_"] {flex-wrap: nowrap !important;}
[class*="st-key-change_"] {margin-left: 6rem;}
@media (max-width: 640px) {
  .hw-mark {flex-basis: 5rem;}
  .hw-under {margin-left: 0 !important;}
  [class*="st-key-change_"] {margin-left: 0;}
}
</style>"""


def guardrails_section(athlete_id: int, seen: service.PlanProjection, keep: SaveAction) -> None:
    """Draw every guardrail with its verdict on the plan, one line each; more stands only where there is more."""
    st.header("Guardrails", anchor="guardrails")
    st.caption(f"{THERAPIST_DECIDES} A week may lie 5 % above a limit.")
    st.html(STYLE)
    crossed = violations(seen.plan, seen.limits, seen.context)
    with st.container(gap="xsmall", key="guardrails"):
        for rule in load_guardrails():
            with st.container(gap="xsmall", key=f"guardrail_{rule.id}"):
                _row(athlete_id, rule, seen, crossed.get(rule.id), keep)


def _row(
    athlete_id: int,
    rule: Guardrail,
    seen: service.PlanProjection,
    crossed: list[Violation] | None,
    keep: SaveAction,
) -> None:
    limit, is_opened = seen.limits[rule.id], st.session_state.get(OPENED) == rule.id
    verdict = text.verdict_of(rule, limit, crossed, seen.plan, seen.context)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"rule_{rule.id}"):
        st.html(_line(rule, limit, verdict, seen))
        st.button(
            "Close" if is_opened else "Change", type="tertiary", key=f"set_{rule.id}", on_click=_open,
            args=(None if is_opened else rule.id,), width="content",
        )  # fmt: skip
    sentences = text.verdict_in_words(rule, limit, crossed, seen.plan, session.units(), seen.context)
    if sentences:
        st.html("".join(f"<p class='hw-under'>{escape(one)}</p>" for one in sentences))
    if crossed:
        _change(athlete_id, rule, seen, keep)
    if is_opened:
        _form(athlete_id, rule, limit, seen, keep)


def _line(rule: Guardrail, limit: GuardrailLimit, verdict: str, seen: service.PlanProjection) -> str:
    mark, word = text.VERDICTS[verdict]
    words = text.limit_in_words(rule, limit, session.units(), seen.context.usual)
    title, _, rest = words.partition(": ")
    off = " hw-off" if verdict == "off" else ""
    return (
        f"<p class='hw-rule{off}'><span class='hw-mark'>{mark} {word}</span>"
        f"<span><b>{escape(title)}</b>: {escape(rest).replace(' %', '&nbsp;%')}</span></p>"
    )


def _open(rule_id: str | None) -> None:
    st.session_state[OPENED] = rule_id


def _change(athlete_id: int, rule: Guardrail, seen: service.PlanProjection, keep: SaveAction) -> None:
    changed = smallest_change(rule, seen.plan, seen.limits, seen.context)
    if changed is None:
        st.html(f"<p class='hw-under'>{escape(text.NO_CHANGE)}</p>")
        return
    differences = plan_differences(seen.plan, changed)
    change = text.change_in_words(differences, session.units(), session.shoe_names())
    unchanged = text.unchanged_in_words(seen.plan, changed, session.units())
    st.html(f"<p class='hw-under'>{escape(f'Smallest change: {change} {unchanged}'.strip())}</p>")
    if st.button(ui.act_label("Apply"), key=f"change_{rule.id}"):
        keep(
            lambda: service.save_change(session.store(), athlete_id, seen.plan, changed),
            f"The plan was changed. {change}",
        )


def _form(
    athlete_id: int, rule: Guardrail, limit: GuardrailLimit, seen: service.PlanProjection, keep: SaveAction
) -> None:
    """Draw the fields of one limit: no form of Streamlit, since which field stands there follows from a choice."""
    with st.container(border=True, key=f"form_{rule.id}"):
        is_on = st.toggle("Use this limit", limit.is_on, key=f"on_{rule.id}")
        asked = _asked(rule, limit, seen) if rule.has_value else limit
        with st.container(horizontal=True, vertical_alignment="bottom"):
            until = _until(rule, limit) if rule.has_value and is_on else None
            who = ui.decided_by_picker("Set by", f"who_{rule.id}", usual_decider(limit.decided_by))
        if st.button(ui.act_label("Save"), type="primary", key=f"keep_{rule.id}"):
            chosen = GuardrailLimit(
                asked.value, bool(is_on), who, asked.measure, from_date=session.today(), until_date=until
            )
            st.session_state[OPENED] = None
            words = text.limit_in_words(rule, chosen, session.units()) if is_on else f"{rule.title}: off"
            keep(lambda: service.save_limit(session.store(), athlete_id, rule.id, chosen), f"Saved. {words}.")
        default = text.value_in_words(rule, GuardrailLimit(rule.default, rule.is_on), session.units())
        st.markdown(f"Default: {default}{'' if rule.is_on else ', off'}. {rule.note}")
        st.markdown(rule.source)
        st.caption(f"Evidence: {rule.evidence}. {THERAPIST_DECIDES}")


def _asked(rule: Guardrail, limit: GuardrailLimit, seen: service.PlanProjection) -> GuardrailLimit:
    if rule.week is None:
        value = st.number_input(
            f"{rule.title} ({rule.unit})",
            *(float(end) for end in (rule.low, rule.high, limit.value, rule.step)),
            format="%g",
            key=f"value_{rule.id}",
            width=FIELD_PX,
        )
        return GuardrailLimit(float(value), True)
    now = NONE if limit.is_none else AMOUNT if limit.measure == "amount" else SHARE
    how = ui.choice(rule.title, (NONE, AMOUNT, SHARE), f"how_{rule.id}", default=now)
    own = limit_value(rule, limit, seen.context.usual)
    if how == NONE:
        return GuardrailLimit(0.0, True, measure="amount")
    if how == AMOUNT:
        return GuardrailLimit(_amount(rule, rule.week, own), True, measure="amount")
    share = st.number_input(
        "% of your usual week", 0.0, 100.0 + rule.high,
        100.0 + (limit.value if limit.measure == "usual" else rule.default), float(rule.step),
        format="%g", key=f"share_{rule.id}", width=FIELD_PX,
    )  # fmt: skip
    usual = getattr(seen.context.usual, rule.week.usual)
    st.caption(text.usual_in_words(rule.week, usual, session.units()))
    return GuardrailLimit(float(share) - 100.0, True)


def _amount(rule: Guardrail, channel: WeekChannel, now: float | None) -> float:
    """Draw the field of an amount, in the reader's units; return it in SI units."""
    units = session.units()
    unit, factor, step = _scale(channel, units)
    typed = st.number_input(
        f"At most, {unit} a week", 0.0, channel.most / factor, float(round((now or 0.0) / factor)), step,
        format="%g", key=f"amount_{rule.id}", width=FIELD_PX,
    )  # fmt: skip
    return float(typed) * factor


def _scale(channel: WeekChannel, units: Units) -> tuple[str, float, float]:
    """Unit of a weekly amount for a reader, how much of SI it is, and the step of its field."""
    if channel.kind == "time":
        return "min", 60.0, 5.0
    if channel.kind == "count":
        return "runs", 1.0, 1.0
    if channel.kind == "distance":
        return units.distance_unit, units.metres(1.0), 1.0
    return units.height_unit, METRES_PER_FOOT if units.height_unit == "ft" else 1.0, 10.0


def _until(rule: Guardrail, limit: GuardrailLimit) -> date | None:
    today = session.today()
    now = limit.until_date if limit.until_date and limit.until_date >= today else None
    until = st.date_input(
        "Until (empty: no end)",
        now,
        min_value=today,
        format="YYYY-MM-DD",
        key=f"until_{rule.id}",
        width=FIELD_PX,
    )
    return until if isinstance(until, date) else None


def usual_decider(set_by: str | None = None) -> str:
    """Return who most likely sets a limit: on the shared screen of a consult the PT, else who set it before."""
    return "therapist" if session.is_open() else set_by or "runner"
