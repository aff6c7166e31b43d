"""One pair, opened: its facts, its model in the catalogue, one pair under two ids, two pairs under one."""

from __future__ import annotations

from typing import Any

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.frames import INSERTS, PLATES, SHOE_KINDS
from dashboard import pairs, state, words
from dashboard.charts import pair_words
from dashboard.views import pairs_kept

UNKNOWN = "not known"


def edit(pair: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    """Show all forms of one pair."""
    _facts(pair)
    _model(pair)
    _merge(pair, rows)
    _split(pair)


def _choice(label: str, names: dict[str, str], now: str | None, key: str) -> str | None:
    options = list(names)
    place = options.index(now) if now in options else None
    return st.selectbox(
        label, options, index=place, format_func=names.__getitem__, key=key, placeholder=UNKNOWN
    )


def _facts(pair: dict[str, Any]) -> None:
    shoe, units = pair["shoe_id"], state.units()
    before = pair["distance_before_m"]
    with st.form(f"facts_{shoe}"):
        st.caption(
            "Say what you know and leave the rest empty. What you say stays, whatever is imported later."
        )
        wide = st.columns(3)
        with wide[0]:
            said = _identity(pair, shoe)
        with wide[1]:
            said |= _build(pair, shoe)
            ran = _number(
                f"Run before the first run here, {units.distance_unit}",
                None if before is None else round(units.distance(before), 1),
                0.0,
                5000.0,
                f"before_{shoe}",
            )
        with wide[2]:
            said |= _insert_and_end(pair, shoe)
        sent = st.form_submit_button("Keep what I said", type="primary", key=f"save_{shoe}")
    if sent:
        _keep(pair, said, ran, before)


def _identity(pair: dict[str, Any], shoe: str) -> dict[str, Any]:
    return {
        "name": st.text_input("Name", pair["name"], key=f"name_{shoe}"),
        "brand": st.text_input("Brand", pair["brand"] or "", key=f"brand_{shoe}"),
        "model": st.text_input("Model and version", pair["model"] or "", key=f"model_{shoe}"),
        "first_use": st.date_input(
            "First worn",
            pair["first_use"],
            max_value=state.today(),
            format="YYYY-MM-DD",
            key=f"first_{shoe}",
        ),
    }


def _build(pair: dict[str, Any], shoe: str) -> dict[str, Any]:
    return {
        "kind": _choice("Kind", {k: pair_words.KINDS[k] for k in SHOE_KINDS}, pair["kind"], f"kind_{shoe}"),
        "drop_mm": _number("Drop of the shoe, mm", pair["shoe_drop_mm"], -10.0, 30.0, f"drop_{shoe}"),
        "plate": _choice("Plate", {p: pair_words.PLATES[p] for p in PLATES}, pair["plate"], f"plate_{shoe}"),
    }


def _insert_and_end(pair: dict[str, Any], shoe: str) -> dict[str, Any]:
    return {
        "insert": _choice(
            "Insert", {i: pair_words.INSERTS[i] for i in INSERTS}, pair["insert"], f"insert_{shoe}"
        ),
        "heel_lift_mm": _number("Heel lift, mm", pair["heel_lift_mm"], 0.0, 40.0, f"lift_{shoe}"),
        "is_retired": st.checkbox("Retired", bool(pair["is_retired"]), key=f"retired_{shoe}"),
        "retired_on": st.date_input(
            "Last worn",
            pair["retired_on"],
            max_value=state.today(),
            format="YYYY-MM-DD",
            key=f"retired_on_{shoe}",
        ),
    }


def _number(label: str, now: float | None, low: float, high: float, key: str) -> float | None:
    return st.number_input(label, low, high, now, 0.5, format="%.1f", key=key, placeholder=UNKNOWN)


def _keep(pair: dict[str, Any], said: dict[str, Any], ran: float | None, before: float | None) -> None:
    units = state.units()
    shown = None if before is None else round(units.distance(before), 1)
    if ran != shown:
        said["distance_before_m"] = None if ran is None else units.metres(ran)
    if not said["is_retired"] and pair["is_retired"] is None:
        del said["is_retired"]  # not ticked is not a word
    if not said["name"].strip():
        st.warning("A pair needs a name. Nothing was changed.")
        return
    try:
        pairs_kept.act(pairs.say, pair["shoe_id"], said)
    except HeelwiseError as error:
        st.warning(words.plain(str(error)))
        return
    st.rerun()


def _model(pair: dict[str, Any]) -> None:
    shoe, names = pair["shoe_id"], pair_words.model_names()
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
            "It is this model",
            on_click=pairs_kept.act,
            args=(pairs.choose_model, shoe, chosen or ""),
            disabled=chosen is None or chosen == pair["catalogue_id"],
            key=f"take_{shoe}",
        )


def _merge(pair: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    shoe = pair["shoe_id"]
    others = {row["shoe_id"]: row["name"] for row in rows if row["shoe_id"] != shoe}
    if not others:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        other = _choice("The same pair as", others, None, f"same_{shoe}")
        st.button(
            "Put together",
            on_click=pairs_kept.act,
            args=(pairs.merge, shoe, other),
            disabled=other is None,
            key=f"merge_{shoe}",
            help="Its runs count for the other pair; what is known of the other stays.",
        )


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
        sent = st.form_submit_button("Part the two", key=f"part_{shoe}")
    if not sent:
        return
    if day is None:
        st.warning("Choose the first day of the second pair. Nothing was changed.")
        return
    try:
        pairs_kept.act(pairs.split, shoe, day, name)
    except HeelwiseError as error:
        st.warning(words.plain(str(error)))
        return
    st.rerun()
