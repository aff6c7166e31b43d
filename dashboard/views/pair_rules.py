"""The runner's rules for pairs: listed, added, removed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.frames import RUN_SPORTS, SURFACES
from connectors.store import Runner
from dashboard import shoe_rules, state, words
from dashboard.manual_run import duration_s
from dashboard.model.shoe_rules import ShoeRule
from dashboard.run_words import SURFACE_NAMES, WEEKDAYS

ROUND = "rule_round"


def show(mine: Runner, labels: Mapping[str, str]) -> None:
    """Show the rules, behind a tap."""
    kept = shoe_rules.rules(state.store(), mine.athlete_id)
    with st.expander(f"Rules for pairs ({len(kept)})", key="pair_rules"):
        st.markdown(
            "A rule suggests a pair for the runs it fits; the first that fits counts. It changes no run."
        )
        for number, rule in enumerate(kept):
            with st.container(horizontal=True, vertical_alignment="center"):
                told = words.plain(shoe_rules.in_words(rule, labels, state.units()))
                st.markdown(f"{number + 1}. {told}")
                st.button("Remove", on_click=_remove, args=(mine, number), key=f"remove_rule_{number}")
        if labels:
            _form(mine, labels)


def _form(mine: Runner, labels: Mapping[str, str]) -> None:
    turn = st.session_state.get(ROUND, 0)
    with st.form(f"rule_{turn}"):
        told = {**_which(turn, labels), **_how_far(turn)}
        asked = st.form_submit_button("Add rule", key=f"add_rule_{turn}")
    if not asked:
        return
    try:
        rule = ShoeRule(
            **{**told, "least_mps": _speed(told["least_mps"]), "most_mps": _speed(told["most_mps"])}
        )
    except HeelwiseError as error:
        st.error(words.plain(str(error)))
        return
    if not rule.shoe_id or rule.asks_nothing:
        st.warning("A rule needs a pair and at least one thing to go by. Nothing was changed.")
        return
    kept = shoe_rules.rules(state.store(), mine.athlete_id)
    shoe_rules.keep(state.store(), mine.athlete_id, [*kept, rule])
    st.session_state[ROUND] = turn + 1
    st.rerun()


def _which(turn: int, labels: Mapping[str, str]) -> dict[str, Any]:
    one, two, three = st.columns(3)
    shoe = one.selectbox(
        "Pair", list(labels), index=None, format_func=labels.__getitem__, key=f"rule_shoe_{turn}"
    )
    sport = two.selectbox(
        "Sport", RUN_SPORTS, index=None, format_func=words.SPORTS.__getitem__, key=f"rule_sport_{turn}"
    )
    surface = three.selectbox(
        "Surface", SURFACES, index=None, format_func=SURFACE_NAMES.__getitem__, key=f"rule_surface_{turn}"
    )
    days = st.pills(
        "Weekdays",
        list(WEEKDAYS),
        selection_mode="multi",
        format_func=WEEKDAYS.__getitem__,
        key=f"rule_days_{turn}",
    )
    return {"shoe_id": shoe or "", "sport": sport, "surface": surface, "weekdays": tuple(sorted(days))}


def _how_far(turn: int) -> dict[str, Any]:
    units = state.units()
    one, two, three = st.columns(3)
    unit, pace = units.distance_unit, units.pace_unit
    least = one.number_input(f"From, {unit}", 0.0, value=None, step=1.0, key=f"rule_least_{turn}")
    most = one.number_input(f"To, {unit}", 0.0, value=None, step=1.0, key=f"rule_most_{turn}")
    quick = two.text_input(f"Pace {pace} or quicker", placeholder="4:30", key=f"rule_quick_{turn}")
    slow = two.text_input(f"Pace {pace} or slower", placeholder="6:00", key=f"rule_slow_{turn}")
    climb = three.number_input(
        f"Climb from, {units.height_unit}/{unit}", 0.0, value=None, step=5.0, key=f"rule_climb_{turn}"
    )
    return {
        "least_m": None if least is None else units.metres(least),
        "most_m": None if most is None else units.metres(most),
        "least_mps": quick,
        "most_mps": slow,
        "least_climb_m_per_km": None
        if climb is None
        else climb / units.height(1.0) / units.metres(1.0) * 1000,
    }


def _speed(pace: str) -> float | None:
    """Read a pace such as 4:30."""
    seconds = duration_s(pace)
    return state.units().metres(1.0) / seconds if seconds else None


def _remove(mine: Runner, number: int) -> None:
    kept = list(shoe_rules.rules(state.store(), mine.athlete_id))
    del kept[number]
    shoe_rules.keep(state.store(), mine.athlete_id, kept)
