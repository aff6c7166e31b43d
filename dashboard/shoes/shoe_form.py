"""What is known of the pairs, and what a person says of them: kept apart, so that a page reads it once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.frames import EDIT, INSERTS, PLATES, SHOE, SHOE_FACT, SHOE_KINDS
from connectors.plural import count
from connectors.shoes.match import SURE
from connectors.shoes.shoe_facts import CHOSEN, needs_answer
from connectors.store import Store
from dashboard.shared import edit_history_section, session, ui
from dashboard.shared import text as shared_text
from dashboard.shared.undo import Change
from dashboard.shoes import edits
from dashboard.shoes import text as shoes_text

SHOE_SECTION = "last_pair_act"
FACTS = "Without the catalogue: name, drop, kind, plate, insert, first and last worn"
SHOE_SAVED = "Kept. The load of the runs follows."


@st.cache_resource(max_entries=session.RECORDS_AT_ONCE, show_spinner=False)
def _cached_pairs(folder: str, athlete_id: int, version: int, _store: Store) -> Any:
    return edits.known_pairs(_store, athlete_id)


def cached_pairs() -> Any:
    """Return every pair of the runner being looked at."""
    store, athlete_id = session.store(), session.logging_runner().athlete_id
    return _cached_pairs(
        session.folder_key(), athlete_id, store.version(athlete_id, SHOE, SHOE_FACT, EDIT), store
    )


def shoe_edit(write: Callable[..., Change], *given: Any) -> None:
    """Edit pairs, and remember the change, so that it can be undone at once."""
    change = write(session.store(), session.logging_runner().athlete_id, *given, decided_by=ui.decided_by())
    if change.batch_id is not None:
        ui.remember_change(SHOE_SECTION, SHOE_SAVED, change)


def edit_form(pair: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    """Show all forms of one pair: the model answers most of what the rest asks for."""
    _model(pair)
    with st.expander(FACTS, key=f"facts_of_{pair['shoe_id']}"):
        _facts(pair)
    _merge(pair, rows)
    _split(pair)


def _choice(label: str, names: dict[str, str], now: str | None, key: str) -> str | None:
    options = list(names)
    place = options.index(now) if now in options else None
    return st.selectbox(
        label, options, index=place, format_func=names.__getitem__, key=key, placeholder=shared_text.NOT_KNOWN
    )


def _facts(pair: dict[str, Any]) -> None:
    shoe, units = pair["shoe_id"], session.units()
    before = pair["distance_before_m"]
    with st.form(f"facts_{shoe}"):
        st.caption(
            "Say what you know and leave the rest empty. What you say stays, whatever is imported later."
        )
        wide = st.columns(3)
        with wide[0]:
            facts = _identity(pair, shoe)
        with wide[1]:
            facts |= _build(pair, shoe)
            ran = _number(
                f"Distance before the first run here, {units.distance_unit}",
                None if before is None else round(units.distance(before), 1),
                0.0,
                5000.0,
                f"before_{shoe}",
            )
        with wide[2]:
            facts |= _insert_and_end(pair, shoe)
        sent = st.form_submit_button("Save", type="primary", key=f"save_{shoe}")
    if sent:
        _save_facts(pair, facts, ran, before)


def _identity(pair: dict[str, Any], shoe: str) -> dict[str, Any]:
    return {
        "name": st.text_input("Name", pair["name"], key=f"name_{shoe}"),
        "brand": st.text_input("Brand", pair["brand"] or "", key=f"brand_{shoe}"),
        "model": st.text_input("Model and version", pair["model"] or "", key=f"model_{shoe}"),
        "first_use": st.date_input(
            "First worn",
            pair["first_use"],
            max_value=session.today(),
            format="YYYY-MM-DD",
            key=f"first_{shoe}",
        ),
    }


def _build(pair: dict[str, Any], shoe: str) -> dict[str, Any]:
    return {
        "kind": _choice(
            "Kind", {k: shoes_text.SHOE_KIND_NAMES[k] for k in SHOE_KINDS}, pair["kind"], f"kind_{shoe}"
        ),
        "drop_mm": _number("Drop of the shoe, mm", pair["shoe_drop_mm"], -10.0, 30.0, f"drop_{shoe}"),
        "plate": _choice(
            "Plate", {p: shoes_text.PLATE_NAMES[p] for p in PLATES}, pair["plate"], f"plate_{shoe}"
        ),
    }


def _insert_and_end(pair: dict[str, Any], shoe: str) -> dict[str, Any]:
    return {
        "insert": _choice(
            "Insert", {i: shoes_text.INSERT_NAMES[i] for i in INSERTS}, pair["insert"], f"insert_{shoe}"
        ),
        "heel_lift_mm": _number("Heel lift, mm", pair["heel_lift_mm"], 0.0, 40.0, f"lift_{shoe}"),
        "is_retired": st.checkbox("Retired", bool(pair["is_retired"]), key=f"retired_{shoe}"),
        "retired_on": st.date_input(
            "Last worn",
            pair["retired_on"],
            max_value=session.today(),
            format="YYYY-MM-DD",
            key=f"retired_on_{shoe}",
        ),
    }


def _number(label: str, now: float | None, low: float, high: float, key: str) -> float | None:
    return st.number_input(
        label, low, high, now, 0.5, format="%.1f", key=key, placeholder=shared_text.NOT_KNOWN
    )


def _save_facts(pair: dict[str, Any], facts: dict[str, Any], ran: float | None, before: float | None) -> None:
    units = session.units()
    shown = None if before is None else round(units.distance(before), 1)
    if ran != shown:
        facts["distance_before_m"] = None if ran is None else units.metres(ran)
    if not facts["is_retired"] and pair["is_retired"] is None:
        del facts["is_retired"]  # not ticked is not a word
    if not facts["name"].strip():
        st.warning("A pair needs a name. Nothing was changed.")
        return
    try:
        shoe_edit(edits.edit_pair, pair["shoe_id"], facts)
    except HeelwiseError as error:
        st.warning(shared_text.escape_markdown(str(error)))
        return
    st.rerun()


def _model(pair: dict[str, Any]) -> None:
    shoe, names = pair["shoe_id"], shoes_text.model_names()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Model in the catalogue",
            list(names),
            index=list(names).index(pair["catalogue_id"]) if pair["catalogue_id"] in names else None,
            format_func=names.__getitem__,
            placeholder="Type brand or model",
            key=f"catalogue_{shoe}",
        )
        st.button(
            "Use this model",
            on_click=_choose_model,
            args=(shoe,),
            disabled=chosen is None or chosen == pair["catalogue_id"],
            key=f"take_{shoe}",
        )


def _choose_model(shoe: str) -> None:
    """Take the model that stands in the field now."""
    if model := st.session_state.get(f"catalogue_{shoe}"):
        shoe_edit(edits.choose_model, shoe, model)


def _merge(pair: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    shoe = pair["shoe_id"]
    others = {row["shoe_id"]: row["name"] for row in rows if row["shoe_id"] != shoe}
    if not others:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        other = _choice("The same pair as", others, None, f"same_{shoe}")
        st.button(
            "Merge",
            on_click=_merge_with,
            args=(shoe,),
            disabled=other is None,
            key=f"merge_{shoe}",
            help="Its runs count for the other pair; what is known of the other stays.",
        )


def _merge_with(shoe: str) -> None:
    """Merge with the pair that stands in the field now."""
    if other := st.session_state.get(f"same_{shoe}"):
        shoe_edit(edits.merge_pairs, shoe, other)


def _split(pair: dict[str, Any]) -> None:
    shoe, first, last = pair["shoe_id"], pair["first_run"], pair["last_date"]
    if first is None or first == last:
        return
    with st.form(f"split_{shoe}", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        day = st.date_input(
            "A second pair from",
            None,
            min_value=first,
            max_value=last,
            format="YYYY-MM-DD",
            key=f"from_{shoe}",
        )
        name = st.text_input("Called", f"{pair['name']} (2)", key=f"second_{shoe}")
        sent = st.form_submit_button("Split", key=f"part_{shoe}")
    if not sent:
        return
    if day is None:
        st.warning("Choose the first day of the second pair. Nothing was changed.")
        return
    try:
        shoe_edit(edits.split_pair, shoe, day, name)
    except HeelwiseError as error:
        st.warning(shared_text.escape_markdown(str(error)))
        return
    st.rerun()


FIRST_CARDS, ASKED, BUTTONS = 6, 3, 5
SHOWN_CARDS, OPEN_CARD = "pairs_shown", "pair_open"
NO_PAIRS = "None of these"


def shoe_questions(aged: Any) -> None:
    """Ask which model a pair is, where several come into question; the pair worn last first."""
    asked = needs_answer(aged).to_dicts()
    if not asked:
        return
    st.header("Is this your shoe?")
    st.caption(
        "These names fit more than one model. Until you say, only the range of drop is taken, so the load of their "
        "runs is a rough estimate."
    )
    for pair in asked[:ASKED]:
        _question(pair)
    if len(asked) > ASKED:
        st.caption(f"{count(len(asked) - ASKED, 'more pair')} will be asked about after these.")


def _question(pair: dict[str, Any]) -> None:
    shoe, candidates = pair["shoe_id"], shoes_text.model_names(shoes_text.likely_models(pair))
    with st.container(border=True, key=f"ask_{shoe}"):
        st.html(ui.card_heading(pair["name"]) + ui.card_paragraphs([shoes_text.match_in_words(pair)]))
        with st.container(horizontal=True):
            for place, (model, name) in enumerate(list(candidates.items())[:BUTTONS]):
                st.button(
                    name,
                    on_click=shoe_edit,
                    args=(edits.choose_model, shoe, model),
                    key=f"is_{shoe}_{place}",
                )
            st.button(
                NO_PAIRS,
                on_click=shoe_edit,
                args=(edits.choose_model, shoe, ""),
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
        shoe_edit(edits.choose_model, shoe, model)


def shoe_cards(aged: Any) -> None:
    """Show the pairs, worn last first, and more on request."""
    rows = aged.to_dicts()
    st.header("Your pairs")
    if not rows:
        st.caption("No pair is known yet; a Strava export or link brings them along.")
        return
    most = st.session_state.setdefault(SHOWN_CARDS, FIRST_CARDS)
    for pair in rows[:most]:
        _card(pair, rows)
    if len(rows) > most and st.button(f"Show all {len(rows)} pairs", key="all_pairs"):
        st.session_state[SHOWN_CARDS] = len(rows)
        st.rerun()


def _toggle(shoe_id: str) -> None:
    st.session_state[OPEN_CARD] = None if st.session_state.get(OPEN_CARD) == shoe_id else shoe_id


def _card(pair: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    shoe = pair["shoe_id"]
    with st.container(border=True, key=f"pair_{shoe}"):
        badge = "retired" if pair["is_retired"] else None
        st.html(
            ui.card_heading(pair["name"], badge)
            + ui.facts_list(shoes_text.pair_facts(pair, session.units()))
            + ui.card_paragraphs([shoes_text.match_in_words(pair)])
        )
        with st.container(horizontal=True):
            is_open = st.session_state.get(OPEN_CARD) == shoe
            st.button("Close" if is_open else "Change", on_click=_toggle, args=(shoe,), key=f"open_{shoe}")
            if pair["match_verdict"] in (SURE, CHOSEN):
                st.button(
                    "Not this model",
                    on_click=shoe_edit,
                    args=(edits.choose_model, shoe, ""),
                    key=f"not_{shoe}",
                )
            if not pair["is_retired"]:
                st.button(
                    "Retire",
                    on_click=shoe_edit,
                    args=(edits.edit_pair, shoe, {"is_retired": True, "retired_on": pair["last_date"]}),
                    key=f"retire_{shoe}",
                )
        if is_open:
            edit_form(pair, rows)


def shoe_history() -> None:
    """List the edits of pairs, each with its undo."""
    below = st.expander("Changes to pairs", key="pair_acts", on_change="rerun")
    if below.open:
        with below:
            edit_history_section.history_section(session.logging_runner(), "shoe")
