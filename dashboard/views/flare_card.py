"""One flare on the page: the words at once, the pictures and tables when they are opened."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from dashboard import onsets, state, words
from dashboard.charts import changes, waterfall
from dashboard.charts.flare_cards import Card
from dashboard.views import figures, looks
from dashboard.why_words import DECIDERS, DESCENT, LENSES_EXPLAINED

PARTS = ("What changed", "What made it up", "Other assumptions", "Notes", "Correct the onset")


def show(card: Card, is_narrow: bool, is_open: bool) -> None:
    """Lay one flare out: the words, and one part more on a tap."""
    key = f"{card.onset:%Y%m%d}"
    with st.container(border=True, key=f"flare_{key}"):
        st.html(
            looks.heading(card.title, card.badge, level=2)
            + "<h3 class='hw-part'>What came before</h3>"
            + looks.paragraphs(card.before)
            + looks.facts(card.facts)
            + looks.paragraphs(card.found)
        )
        names = [part for part in PARTS if part != "Notes" or card.notes]
        default = names[0] if is_open else None
        chosen = st.pills(
            "Show", names, default=default, key=f"part_{key}", label_visibility="collapsed", wrap=True
        )
        if chosen == "What made it up":
            _drivers(card, key, is_narrow)
        elif chosen == "What changed":
            _changes(card, key, is_narrow)
        elif chosen == "Other assumptions":
            _assumptions(card)
        elif chosen == "Notes":
            st.html(looks.points([[f"{day}:", note] for day, note in card.notes]))
        elif chosen:
            _onset(card, key)


def _drivers(card: Card, key: str, is_narrow: bool) -> None:
    drawn = waterfall.figure(card.driver, state.theme(), is_narrow)
    said = waterfall.in_words(card.driver)
    if drawn is None:
        st.markdown(said)
        return
    figures.draw(drawn, key=f"waterfall_{key}", alt=said)
    st.caption(f"{words.ESTIMATED} {DESCENT}")


def _changes(card: Card, key: str, is_narrow: bool) -> None:
    st.html(looks.points(card.changed))
    drawn = changes.figure(card.changes, state.units(), state.theme(), is_narrow)
    if drawn is not None:
        alt = (
            "Each channel of training against your own eight weeks before; the sentences above say the same."
        )
        figures.draw(drawn, key=f"channels_{key}", alt=alt)
    st.caption(words.ORDER_ONLY)


def _assumptions(card: Card) -> None:
    if card.leading:
        st.markdown(card.leading)
    st.html(card.assumed)
    st.caption(LENSES_EXPLAINED)


def _keep(rule: date | None, person: date | None, decided_by: str) -> None:
    onsets.keep(state.store(), state.logging_runner().athlete_id, rule, person, decided_by)


def _step(name: str, days: int) -> None:
    st.session_state[name] += timedelta(days=days)


def _onset(card: Card, key: str) -> None:
    name = f"onset_date_{key}"
    st.session_state.setdefault(name, card.onset)
    who = st.segmented_control(
        "Who says so",
        list(DECIDERS),
        default="runner",
        required=True,
        format_func=DECIDERS.__getitem__,
        key=f"who_{key}",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button("− 1 day", on_click=_step, args=(name, -1), key=f"less_{key}")
        chosen = st.date_input("Onset", key=name, max_value=state.today(), format="YYYY-MM-DD", width=160)
        st.button("+ 1 day", on_click=_step, args=(name, 1), key=f"more_{key}")
    day = chosen if isinstance(chosen, date) else card.onset
    rule = card.onset_rule
    with st.container(horizontal=True):
        st.button("Keep this onset", on_click=_keep, args=(rule, day, who), type="primary", key=f"keep_{key}")
        if rule is not None:
            st.button("Not a flare", on_click=_keep, args=(rule, None, who), key=f"no_{key}")
    st.caption("The rule's own date stays beside yours, and can be brought back at the end of the page.")
