"""Going over to another pair: steps a therapist may edit, beside what was run."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import Any

import streamlit as st

from connectors.errors import HeelwiseError
from dashboard.model.analysis import Analysis
from dashboard.shared import coverage, half_empty_section, session, text, ui
from dashboard.shared.ui import is_narrow
from dashboard.shared.undo import save_settings
from dashboard.shared.window_section import choose_window, onset_talked_about
from dashboard.shoes import figures, shoe_form, transitions
from dashboard.shoes import text as shoes_text
from dashboard.shoes.rotation import (
    dates_of,
    has_pair,
    shoe_ages,
    weekly_exposure,
    weekly_shares,
    weeks_touching,
)
from dashboard.shoes.transitions import (
    DEFAULT_STEPS,
    DROP_CHANGE_KEY,
    DROP_CHANGE_RANGE_MM,
    PLAN_SETTING,
    TransitionPlan,
    drop_change_of,
    shoe_transitions,
)
from dashboard.timeline.data import first_worn

EXPLAINED = (
    "At most this share of your usual week in the new pair, and its longest run at most this share of your usual "
    "longest run: medians of the eight weeks before. Short runs first. These steps are common practice, not the "
    "finding of a study: your physical therapist decides, and every number can be changed."
)


def transition_plan_section(aged: Any, analysis: Analysis) -> None:
    """Show the plan beside what was run, and its form."""
    st.header("Switching shoes")
    names = dict(zip(aged["shoe_id"].to_list(), aged["name"].to_list(), strict=True))
    if not names:
        st.caption("There is no pair to plan for yet.")
        return
    try:
        plan = transitions.read_plan(session.settings())
    except HeelwiseError as error:
        st.warning(text.escape_markdown(str(error)))
        plan = None
    if plan is not None:
        _beside(plan, names, analysis)
    below = st.expander("Change the plan" if plan else "Make a plan", key="plan_open", on_change="rerun")
    if below.open:
        with below:
            _form(plan, names)


def _beside(plan: TransitionPlan, names: dict[str, str], analysis: Analysis) -> None:
    units = session.units()
    name = names.get(plan.shoe_id, text.SHOE_NAMELESS)
    st.markdown(
        f"Switching to **{text.escape_markdown(name)}**, from {text.day_in_words(plan.start)}. "
        f"{transitions.PLAN_SOURCE.capitalize()}."
    )
    today = session.today()
    rows = [
        {
            "Week": text.span_in_words(row["first"], row["last"]),
            "In the new pair, at most": f"{row['share_pct']:g} % ({units.distance_words(row['most_m'])})",
            "Longest run, at most": f"{row['longest_pct']:g} % ({units.distance_words(row['longest_m'])})",
            "Run in it": "" if row["first"] > today else units.distance_words(row["done_m"]),
            "Longest in it": "" if row["first"] > today else units.distance_words(row["done_longest_m"]),
            "All running": "" if row["first"] > today else units.distance_words(row["all_m"]),
        }
        for row in transitions.plan_weeks(plan, analysis.runs, analysis.days).to_dicts()
    ]
    st.dataframe(rows, hide_index=True, alt="The steps of the plan beside what was run in the new pair")


def _form(plan: TransitionPlan | None, names: dict[str, str]) -> None:
    now = plan or TransitionPlan(next(iter(names)), session.today(), DEFAULT_STEPS)
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
        steps = ui.edited_table(
            [{"share_pct": step.share_pct, "longest_pct": step.longest_pct} for step in now.steps],
            f"plan_steps_{session.settings().get(PLAN_SETTING, '')}",
            "Steps of the plan, one for each week",
            num_rows="dynamic",
            column_config={
                "share_pct": st.column_config.NumberColumn(
                    "Share of the week, %", min_value=0, max_value=100, step=5
                ),
                "longest_pct": st.column_config.NumberColumn(
                    "Longest run, %", min_value=0, max_value=100, step=5
                ),
            },
        )
        sent = st.form_submit_button("Keep this plan", type="primary", key="keep_plan")
    if sent:
        _save_plan(shoe, start, steps)
    if plan is not None:
        st.button("Take the plan away", on_click=_store, args=(None,), key="drop_plan", type="tertiary")


def _store(plan: TransitionPlan | None) -> None:
    athlete_id = session.logging_runner().athlete_id
    session.store().set_settings(athlete_id, {PLAN_SETTING: transitions.plan_to_text(plan)})


def _save_plan(shoe: str, start: date, steps: Any) -> None:
    try:
        _store(transitions.validate_plan(TransitionPlan(shoe, start, transitions.steps_from(steps))))
    except HeelwiseError as error:
        st.warning(text.escape_markdown(str(error)))
        return
    st.rerun()


NOTHING = (
    "How far each pair ran, when you changed, and how drop and plate differ will stand here. Import your runs and "
    "shoes first."
)
STEP = "drop_change"
DROP_MARKED = "Differences of drop are marked from {least:g} mm."
STYLE = """<style>
.hw-key {display: flex; flex-wrap: wrap; gap: .2rem 1rem; margin: 0 !important; font-size: .9375rem;}
.hw-key i {display: inline-block; width: .8em; height: .8em; border: 1px solid; margin-right: .35em;}
</style>"""


def rotation_key_section(shown: figures.RotationColumns) -> None:
    """Name the pairs of the picture, each beside a square drawn as its bars are."""
    parts = []
    for shoe, one in figures.rotation_key(shown, session.theme()).items():
        lines = f"repeating-linear-gradient(90deg,{one.colour} 0 1px,{one.fill} 1px 4px)"
        background = lines if shoe in shown.plated else one.fill
        note = " (plated)" if shoe in shown.plated else ""
        square = f"<i style='background:{background};border-color:{one.colour}'></i>"
        parts.append(f"<span>{square}{escape(one.name + note)}</span>")
    st.html(f"<p class='hw-key'>{''.join(parts)}</p>")


def rotation_section(
    analysis: Analysis, pairs: Any, narrow: bool, dates: tuple[date, date]
) -> list[dict[str, Any]]:
    """Draw the weeks that touch some dates; give their marks, first to last."""
    shares = weeks_touching(weekly_shares(analysis.runs), *dates)
    exposure = weekly_exposure(shares, pairs)
    span = dates_of(exposure)
    if span is None:
        return []
    if not has_pair(shares):
        st.markdown(shoes_text.SPAN_NONE.format(span=text.span_in_words(*span)))
        way = half_empty_section.NAME_PAIRS if session.shoe_names() else ui.IMPORT_RUNS
        half_empty_section.missing(half_empty_section.NO_PAIRS, way)
        return []
    names = first_worn(analysis.runs, session.shoe_names())
    marks = _every_transition(analysis)
    in_span = shoes_text.shown_transitions(marks, *span)
    plated = frozenset(pair["shoe_id"] for pair in pairs.to_dicts() if pair["is_plated"])
    shown = figures.RotationColumns(shares, exposure, names, plated, [mark["date"] for mark in in_span])
    sentences = shoes_text.rotation_in_words(shares, exposure, names)
    ui.paragraphs(sentences)
    rotation_key_section(shown)
    drawn = session.computed(
        "rotation",
        lambda: figures.rotation_figure(shown, session.theme(), narrow),
        *(*dates, session.theme(), narrow),
    )
    if drawn is not None:
        ui.draw_figure(drawn, key="rotation", alt=" ".join(sentences))
    st.caption(
        "Lines across a colour: a pair with a plate. Empty with an outline: not known. Lines at the drop: where "
        "sources, or the models a pair may be, differ. A heel lift counts with the drop. Dotted: a change "
        "of shoes, listed below."
    )
    return in_span


def _every_transition(analysis: Analysis) -> Any:
    """Return all changes of shoes on record."""
    least = drop_change_of(session.settings().get(DROP_CHANGE_KEY))
    return session.computed(
        "shoe_transitions",
        lambda: shoe_transitions(analysis.runs, analysis.days, shoe_form.cached_pairs(), least),
    )


def transitions_section(analysis: Analysis, marks: list[dict[str, Any]]) -> None:
    """List the marks as sentences, the latest first."""
    st.header("Changes of shoes")
    names, units = session.shoe_names(), session.units()
    known = analysis.days["local_date"].max()
    until = known if isinstance(known, date) else session.today()
    if not marks:
        st.markdown(shoes_text.NO_MARKS)
    numbered, explanation = list(enumerate(marks, 1))[::-1], session.explanation()
    every = _every_transition(analysis)

    def sentences(mark: dict[str, Any]) -> list[str]:
        after = []
        if explanation:
            flares = explanation.flares
            after = session.computed(
                "shoe_followed",
                lambda: shoes_text.followed(every, flares, analysis.days, mark, until),
                *(mark["date"], until),
            )
        return shoes_text.transition_in_words(mark, until, units, after)

    for number, mark in numbered[:8]:
        lead = f"{number} · " if len(marks) <= figures.MOST_MARKS else ""
        st.html(
            ui.card_heading(f"{lead}{shoes_text.transition_title(mark, names)}")
            + ui.card_paragraphs([" ".join(sentences(mark))])
        )
    if len(numbered) > 8:
        with st.expander(f"{len(numbered) - 8} earlier"):
            st.html(ui.bullets([[shoes_text.transition_title(m, names) + ".", *sentences(m)]
                                  for _, m in numbered[8:]]))  # fmt: skip
    _drop_change_input()


def _drop_change_input() -> None:
    low, high = DROP_CHANGE_RANGE_MM
    st.number_input(
        "Mark a difference of drop from, mm",
        low,
        high,
        drop_change_of(session.settings().get(DROP_CHANGE_KEY)),
        0.5,
        key=_step_key(),
        on_change=_save_drop_change,
        format="%.1f",
        width=260,
    )
    st.caption(f"4 mm is a starting guess, to be argued with your physical therapist. {text.ORDER_ONLY}")


def _step_key() -> str:
    return f"{STEP}_{ui.form_version(STEP)}"


def _save_drop_change() -> None:
    athlete_id, least = session.logging_runner().athlete_id, st.session_state[_step_key()]
    change = save_settings(session.store(), athlete_id, {DROP_CHANGE_KEY: f"{least:g}"})
    ui.remember_change(shoe_form.SHOE_SECTION, DROP_MARKED.format(least=least), change, STEP)


def shoe_force_section(aged: Any, narrow: bool) -> None:
    """Draw what the model takes each pair to do, with the studies behind it."""
    st.header("How each shoe changes the load")
    sentences = figures.shoe_force_in_words(aged)
    drawn = figures.shoe_force_figure(aged, session.theme(), narrow)
    if drawn is None:
        st.caption(sentences[0])
    else:
        ui.draw_figure(drawn, key="shoe_force", alt=" ".join(sentences))
        st.caption(figures.FORCE_EXPLAINED)
        with st.expander("The same in words"):
            st.html(ui.bullets([[one] for one in sentences]))
    with st.expander("What studies say, and what they do not"):
        st.html(ui.bullets([[note] for note in shoes_text.EVIDENCE]))


def render() -> None:
    """Draw the page: questions, rotation, changes, pairs, the plan."""
    st.title("Shoes")
    with ui.skeleton("shoes"):
        analysis = session.analysis()
    pairs = shoe_form.cached_pairs() if analysis is not None else None
    if analysis is None or pairs is None or (pairs.is_empty() and analysis.runs.is_empty()):
        ui.nothing_yet(NOTHING, ui.IMPORT_RUNS)
        return
    st.html(ui.STYLE + STYLE)
    narrow = is_narrow()
    aged = shoe_ages(analysis.runs, pairs, session.today())
    ui.undo_bar(shoe_form.SHOE_SECTION)
    dates = choose_window(analysis, onset_talked_about(), "1 year")
    parts = coverage.coverage_parts(analysis, *dates)
    st.html(coverage.coverage_html(coverage.lacking_parts(parts) if session.is_open() else parts))
    marks = rotation_section(analysis, pairs, narrow, dates)
    shoe_form.shoe_questions(aged)
    transitions_section(analysis, marks)
    shoe_form.shoe_cards(aged)
    ui.decided_by_picker()
    shoe_form.shoe_history()
    shoe_force_section(aged, narrow)
    transition_plan_section(aged, analysis)
    st.caption(f"{text.ESTIMATED} {text.RECORD_AND_DISCUSS}")


if __name__ == "__main__":
    render()
