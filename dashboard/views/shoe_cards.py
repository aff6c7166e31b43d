"""The pairs one by one: cards, questions on their models, and what was said of them."""

from __future__ import annotations

from typing import Any

import streamlit as st

from connectors.plural import count
from connectors.shoes.pairs import CHOSEN, SURE, needs_answer
from dashboard import pair_acts, pairs, state, words
from dashboard.charts import pair_words
from dashboard.views import looks, pairs_kept, shoe_edit

FIRST, ASKED, BUTTONS = 6, 3, 5
SHOWN, OPEN = "pairs_shown", "pair_open"
NONE = "None of these"
ACTS = {
    pairs.SAID: "{day}, {who}: what is known of {pair}.",
    pairs.MATCHED: "{day}, {who}: which model {pair} is.",
    pairs.MERGED: "{day}, {who}: {pair} and another id are one pair.",
    pairs.SPLIT: "{day}, {who}: {pair} is a second pair.",
}


def questions(aged: Any) -> None:
    """Ask which model a pair is, where several come into question; the pair worn last first."""
    asked = needs_answer(aged).to_dicts()
    if not asked:
        return
    st.header("Is this your shoe?")
    st.caption(
        "These names fit more than one model. Until you say, only the range of drop is taken, and the load of their "
        "runs has a wide band."
    )
    for pair in asked[:ASKED]:
        _question(pair)
    if len(asked) > ASKED:
        st.caption(f"{count(len(asked) - ASKED, 'more pair')} will be asked about after these.")


def _question(pair: dict[str, Any]) -> None:
    shoe, candidates = pair["shoe_id"], pair_words.model_names(pair["candidates"])
    with st.container(border=True, key=f"ask_{shoe}"):
        st.html(looks.heading(pair["name"]) + looks.paragraphs([pair_words.match(pair)]))
        with st.container(horizontal=True):
            for place, (model, name) in enumerate(list(candidates.items())[:BUTTONS]):
                st.button(
                    name,
                    on_click=pairs_kept.act,
                    args=(pairs.choose_model, shoe, model),
                    key=f"is_{shoe}_{place}",
                )
            st.button(
                NONE,
                on_click=pairs_kept.act,
                args=(pairs.choose_model, shoe, ""),
                key=f"is_{shoe}_none",
                type="tertiary",
            )
        rest = list(candidates)[BUTTONS:]
        if rest:
            st.selectbox(
                "Or another of them",
                rest,
                index=None,
                format_func=candidates.__getitem__,
                placeholder="Choose a model",
                key=f"other_{shoe}",
                on_change=_another,
                args=(shoe,),
            )


def _another(shoe: str) -> None:
    model = st.session_state.get(f"other_{shoe}")
    if model is not None:
        pairs_kept.act(pairs.choose_model, shoe, model)


def cards(aged: Any) -> None:
    """Show the pairs, worn last first, and more on request."""
    rows = aged.to_dicts()
    st.header("Your pairs")
    if not rows:
        st.caption("No pair is known yet; a Strava export or link brings them along.")
        return
    most = st.session_state.setdefault(SHOWN, FIRST)
    for pair in rows[:most]:
        _card(pair, rows)
    if len(rows) > most and st.button(f"Show all {len(rows)} pairs", key="all_pairs"):
        st.session_state[SHOWN] = len(rows)
        st.rerun()


def _toggle(shoe_id: str) -> None:
    st.session_state[OPEN] = None if st.session_state.get(OPEN) == shoe_id else shoe_id


def _card(pair: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    shoe = pair["shoe_id"]
    with st.container(border=True, key=f"pair_{shoe}"):
        badge = "retired" if pair["is_retired"] else None
        st.html(
            looks.heading(pair["name"], badge)
            + looks.facts(pair_words.facts(pair, state.units()))
            + looks.paragraphs([pair_words.match(pair)])
        )
        with st.container(horizontal=True):
            is_open = st.session_state.get(OPEN) == shoe
            st.button("Close" if is_open else "Change", on_click=_toggle, args=(shoe,), key=f"open_{shoe}")
            if pair["match_verdict"] in (SURE, CHOSEN):
                st.button(
                    "Not this model",
                    on_click=pairs_kept.act,
                    args=(pairs.choose_model, shoe, ""),
                    key=f"not_{shoe}",
                )
            if not pair["is_retired"]:
                st.button(
                    "Retire",
                    on_click=pairs_kept.act,
                    args=(pairs.say, shoe, {"is_retired": True, "retired_on": pair["last_date"]}),
                    key=f"retire_{shoe}",
                )
        if is_open:
            shoe_edit.edit(pair, rows)


def history() -> None:
    """List what was said of pairs, each with its undo."""
    below = st.expander("What was said of pairs", key="pair_acts", on_change="rerun")
    if not below.open:
        return
    with below:
        said = pair_acts.acts(state.store(), state.logging_runner().athlete_id)
        if not said:
            st.caption("Nothing yet.")
        for act in said:
            with st.container(horizontal=True, vertical_alignment="center"):
                who = pairs_kept.DECIDERS[act.decided_by]
                day = words.day(act.when.astimezone(state.zone()).date())
                text = ACTS.get(act.reason, ACTS[pairs.SAID])
                st.markdown(text.format(day=day, who=who, pair=words.plain(act.pair)))
                st.button(
                    "Take back",
                    on_click=pairs_kept.take_back,
                    args=(act.batch_id,),
                    key=f"back_{act.batch_id}",
                )
