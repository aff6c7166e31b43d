"""Shoes: which pairs are worn, what changed with them, and what is known of each."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import Any

import streamlit as st

from dashboard import state, words
from dashboard.charts import (
    coverage_strip,
    rotation,
    rotation_key,
    rotation_words,
    shoe_force,
    transition_words,
    window,
)
from dashboard.charts.picture import first_worn
from dashboard.model.analysis import Analysis
from dashboard.model.rotation import ages, dates_of, weekly_exposure, weekly_shares, within
from dashboard.model.transitions import DROP_CHANGE_KEY, DROP_CHANGE_RANGE_MM, drop_change_of, transitions
from dashboard.views import figures, looks, pairs_kept, shoe_cards, shoe_plan
from dashboard.views.width import is_narrow

WEEKS = {"12 weeks": 12, "26 weeks": 26, "52 weeks": 52, "All": None}
NOTHING = "There is nothing to look at yet. Bring in runs and shoes on the Data page."
STEP = "drop_change"
STYLE = """<style>
.hw-key {display: flex; flex-wrap: wrap; gap: .2rem 1rem; margin: 0 !important; font-size: .9375rem;}
.hw-key i {display: inline-block; width: .8em; height: .8em; border: 1px solid; margin-right: .35em;}
</style>"""


def key(shown: rotation_key.Rotation) -> None:
    """Name the pairs of the picture, each beside a square drawn as its bars are."""
    parts = []
    for shoe, one in rotation_key.key(shown, state.theme()).items():
        lines = f"repeating-linear-gradient(90deg,{one.colour} 0 1px,{one.fill} 1px 4px)"
        ground = lines if shoe in shown.plated else one.fill
        note = " (plated)" if shoe in shown.plated else ""
        square = f"<i style='background:{ground};border-color:{one.colour}'></i>"
        parts.append(f"<span>{square}{escape(one.name + note)}</span>")
    st.html(f"<p class='hw-key'>{''.join(parts)}</p>")


def rotated(found: Analysis, pairs: Any, narrow: bool) -> list[dict[str, Any]]:
    """Draw the weeks; give their marks, first to last."""
    choice = st.segmented_control(
        "Weeks",
        list(WEEKS),
        default="52 weeks",
        required=True,
        key="shoe_weeks",
        label_visibility="collapsed",
    )
    shares = within(weekly_shares(found.runs), WEEKS[choice])
    exposure = weekly_exposure(shares, pairs)
    span = dates_of(exposure)
    if span is None:
        return []
    names = first_worn(found.runs, state.shoe_names())
    marks = transitions(found.runs, found.days, pairs, drop_change_of(state.settings().get(DROP_CHANGE_KEY)))
    in_span = transition_words.shown(marks, *span)
    plated = frozenset(pair["shoe_id"] for pair in pairs.to_dicts() if pair["is_plated"])
    shown = rotation_key.Rotation(shares, exposure, names, plated, [mark["date"] for mark in in_span])
    said = rotation_words.in_words(shares, exposure, names)
    looks.story(said)
    key(shown)
    drawn = rotation.figure(shown, state.theme(), narrow)
    if drawn is not None:
        figures.draw(drawn, key="rotation", alt=" ".join(said))
    st.caption(
        "Lines across a colour: a pair with a plate. Empty with an outline: not known. Lines at the drop: where "
        "sources, or the models a pair may be, differ. A heel lift counts with the drop. Dotted: a change "
        "of shoes, listed below."
    )
    return in_span


def changes(found: Analysis, marks: list[dict[str, Any]]) -> None:
    """List the marks as sentences, the latest first."""
    st.header("Changes of shoes")
    names, units = state.shoe_names(), state.units()
    known = found.days["local_date"].max()
    until = known if isinstance(known, date) else state.today()
    if not marks:
        st.markdown(transition_words.NO_MARKS)
    told, why = list(enumerate(marks, 1))[::-1], state.why()
    every = transitions(
        found.runs, found.days, pairs_kept.known(), drop_change_of(state.settings().get(DROP_CHANGE_KEY))
    )

    def said(mark: dict[str, Any]) -> list[str]:
        after = transition_words.followed(every, why.flares, mark, until) if why else []
        return transition_words.in_words(mark, until, units, after)

    for number, mark in told[:8]:
        lead = f"{number} · " if len(marks) <= rotation.MOST_MARKS else ""
        st.html(
            looks.heading(f"{lead}{transition_words.head(mark, names)}")
            + looks.paragraphs([" ".join(said(mark))])
        )
    if len(told) > 8:
        with st.expander(f"{len(told) - 8} earlier"):
            st.html(looks.points([[transition_words.head(m, names) + ".", *said(m)]
                                  for _, m in told[8:]]))  # fmt: skip
    low, high = DROP_CHANGE_RANGE_MM
    st.number_input(
        "Mark a difference of drop from, mm",
        low,
        high,
        drop_change_of(state.settings().get(DROP_CHANGE_KEY)),
        0.5,
        key=STEP,
        on_change=_keep_step,
        format="%.1f",
        width=260,
    )
    st.caption(f"4 mm is a starting guess, to be argued with your therapist. {words.ORDER_ONLY}")


def _keep_step() -> None:
    mine = state.logging_runner().athlete_id
    state.store().set_settings(mine, {DROP_CHANGE_KEY: f"{st.session_state[STEP]:g}"})


def force(aged: Any, narrow: bool) -> None:
    """Draw what the model takes each pair to do, with the studies behind it."""
    st.header("What the model takes of each pair")
    said = shoe_force.in_words(aged)
    drawn = shoe_force.figure(aged, state.theme(), narrow)
    if drawn is None:
        st.caption(said[0])
    else:
        figures.draw(drawn, key="shoe_force", alt=" ".join(said))
        st.caption(shoe_force.EXPLAINED)
        with st.expander("The same in words"):
            st.html(looks.points([[one] for one in said]))
    with st.expander("What studies say, and what they do not"):
        st.html(looks.points([[note] for note in rotation_words.EVIDENCE]))


def page(found: Analysis | None) -> None:
    """Lay the page out: questions, rotation, changes, pairs, the plan."""
    pairs = pairs_kept.known() if found is not None else None
    if found is None or pairs is None or (pairs.is_empty() and found.runs.is_empty()):
        st.info(NOTHING)
        return
    st.html(looks.STYLE + STYLE)
    narrow = is_narrow()
    aged = ages(found.runs, pairs, state.today())
    pairs_kept.offer_undo()
    st.html(coverage_strip.strip(coverage_strip.covered(found, *window.chosen(found, None))))
    marks = rotated(found, pairs, narrow)
    shoe_cards.questions(aged)
    changes(found, marks)
    shoe_cards.cards(aged)
    st.segmented_control(
        "Who says so",
        list(pairs_kept.DECIDERS),
        default="runner",
        required=True,
        format_func=pairs_kept.DECIDERS.__getitem__,
        key=pairs_kept.WHO,
    )
    shoe_cards.history()
    force(aged, narrow)
    shoe_plan.show(aged, found.runs)
    st.caption(f"{words.ESTIMATED} {words.RECORD_AND_DISCUSS}")


st.title("Shoes")
page(state.analysis())
