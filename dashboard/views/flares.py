"""Flares: each with what came before it, how often the same came without one, and how sure one can be."""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboard import onsets, state, words
from dashboard.charts import coverage_strip, flare_cards, window
from dashboard.model.analysis import Analysis
from dashboard.model.why import Why
from dashboard.views import flare_card, load_first, looks, signs
from dashboard.views.width import is_narrow
from dashboard.why_words import DECIDERS

SHOWN, MORE = "flares_shown", 5


def _add(day: date, who: str) -> None:
    onsets.keep(state.store(), state.logging_runner().athlete_id, None, day, who)


def _take_back(source_id: str) -> None:
    onsets.take_back(state.store(), state.logging_runner().athlete_id, [source_id])


def _said(row: dict) -> str:
    who, rule, person = DECIDERS[row["decided_by"]], row["onset_rule_date"], row["onset_person_date"]
    if person is None:
        return f"{who}: not a flare on {words.day(rule)}, where the rule found one."
    if rule is None:
        return f"{who}: a flare from {words.day(person)}, which the rule did not find."
    return f"{who}: onset on {words.day(person)}; by the rule {words.day(rule)}."


def corrections() -> None:
    """Show what persons said, and let a flare be added that the rule did not find."""
    st.header("What persons said of onsets")
    for row in onsets.decisions(state.store(), state.logging_runner().athlete_id):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_said(row))
            st.button(
                "Back to the rule",
                on_click=_take_back,
                args=(row["source_id"],),
                key=f"back_{row['source_id']}",
            )
    below = st.expander("Add a flare the rule did not find", key="add_flare", on_change="rerun")
    if not below.open:
        return
    with below, st.container(horizontal=True, vertical_alignment="bottom"):
        who = st.segmented_control(
            "Who says so",
            list(DECIDERS),
            default="runner",
            required=True,
            format_func=DECIDERS.__getitem__,
            key="add_who",
        )
        day = st.date_input(
            "Onset", state.today(), max_value=state.today(), format="YYYY-MM-DD", key="add_day", width=160
        )
        st.button("Add", on_click=_add, args=(day, who), key="add_onset", type="primary")


def cards(found: Analysis, why: Why) -> None:
    """Show the newest flares, and more on request."""
    narrow, units, symptoms, events = is_narrow(), state.units(), state.symptoms(), state.events()
    most = st.session_state.setdefault(SHOWN, MORE)
    places = list(range(why.flares.height))[::-1]
    for place in places[:most]:
        card = flare_cards.card(why, found, symptoms, place, units, events, state.shoe_names())
        flare_card.show(card, narrow, place == places[0])
    if len(places) > most and st.button(f"Show {min(MORE, len(places) - most)} earlier", key="earlier"):
        st.session_state[SHOWN] = most + MORE
        st.rerun()


def page() -> None:
    """Lay the page out, newest flare first."""
    found, why = state.analysis(), state.why()
    if found is None or why is None or found.days.is_empty():
        st.info(
            "There is nothing to look at yet. Write a first entry in the Log, and bring in runs on the Data page."
        )
        return
    if signs.ask():
        return
    st.html(looks.STYLE + coverage_strip.strip(coverage_strip.covered(found, *window.whole(found))))
    looks.story([flare_cards.summary(why, found), words.ORDER_ONLY])
    cards(found, why)
    load_first.linkage(why)
    load_first.next_mornings(why)
    corrections()
    st.caption(f"{words.ESTIMATED} {words.RECORD_AND_DISCUSS} {words.SEEK_CARE}")


st.title("Flares")
page()
