"""A figure as it is, larger: for a screen that is looked at from across a room."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Any

import plotly.graph_objects as go
import streamlit as st
from streamlit.components.v2 import component

from dashboard.charts import plotly_figure
from dashboard.charts.plotly_figure import PageFigure
from dashboard.shared import consult_mode, session, text, undo
from dashboard.shared.undo import Change

_SPAN = re.compile(r"font-size:(\d+(?:\.\d+)?)px")
_PIXELS = {"height", "l", "r", "t", "b", "xshift", "yshift", "ax", "ay", "ticklen", "width"}
_OF_TRACE = ("line", "marker", "textfont")
_HOLDS_PIXELS = {"margin", "line", "marker"}


def zoomed(figure: PageFigure, by: float) -> PageFigure:
    """Enlarge letters, lines, margins and height alike; the width stays the page's.

    One picture for desk and projector, so that the two can never say different things.
    """
    plain = go.Figure.to_dict(figure)  # without what `PageFigure` adds for the browser
    layout = _grown(plain["layout"], by, "layout")
    data = [
        {**trace, **{k: _grown(trace[k], by, k) for k in ("line", "marker", "textfont") if k in trace}}
        for trace in plain["data"]
    ]
    return PageFigure({"data": data, "layout": layout})


def _grown(part: Any, by: float, name: str) -> Any:
    if isinstance(part, dict):
        return {key: _value(key, value, by, name) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [_grown(one, by, name) for one in part]
    return part


def _value(key: str, value: Any, by: float, owner: str) -> Any:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if key == "size" and is_number:
        return round(value * by, 2)
    if key == "size" and isinstance(value, list | tuple):
        return [None if one is None else round(one * by, 2) for one in value]
    if key in _PIXELS and is_number and (owner in _HOLDS_PIXELS or key not in ("width",)):
        return round(value * by, 2)
    if key == "text" and isinstance(value, str):
        return _SPAN.sub(lambda m: f"font-size:{float(m.group(1)) * by:g}px", value)
    return _grown(value, by, key)


def draw_figure(figure: PageFigure, key: str, alt: str, **more: Any) -> Any:
    """Draw a figure; `more` is what `st.plotly_chart` takes beside, and what it gives is given back."""
    shown = zoomed(figure, consult_mode.ZOOM) if consult_mode.is_open() else figure
    return st.plotly_chart(shown, key=key, theme=None, config=plotly_figure.QUIET, alt=alt, **more)


STYLE = """<style>
.hw-facts {display: grid; gap: .35rem 1.5rem; margin: .25rem 0 .5rem !important; padding: 0 !important;
  grid-template-columns: repeat(auto-fill, minmax(min(9.5rem, 45%), 1fr));}
.hw-facts div {line-height: 1.3; font-size: .875rem; margin: 0 !important;}
.hw-facts dt {font-weight: 400; margin: 0 !important;}
.hw-facts dd {display: block; font-size: 1.0625rem; font-weight: 600; margin: 0 !important;}
.hw-head {display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; margin: 0 !important;
  padding: 0 !important; font-size: 1.125rem !important; font-weight: 600;}
.hw-badge {font-size: .8125rem; font-weight: 400;
  border: 1px solid currentColor; border-radius: 1rem; padding: .05rem .6rem;}
.hw-part {margin: .9rem 0 0 !important; padding: 0 !important; font-size: 1rem !important; font-weight: 600;}
.hw-said {margin: .3rem 0 0 !important; line-height: 1.45; overflow-wrap: anywhere; max-width: 60rem;}
.hw-story {margin: .25rem 0 0 !important; line-height: 1.45; font-size: 1.0625rem; max-width: 60rem;}
.hw-list {margin: .25rem 0 0 !important; padding-left: 1.1rem !important; max-width: 60rem; line-height: 1.45;}
.hw-list li {margin: 0 0 .4rem !important;}
.hw-scroll {overflow-x: auto;}
.hw-rows {border-collapse: collapse; font-size: .9375rem; line-height: 1.35;}
.hw-rows th, .hw-rows td {text-align: left; font-weight: 400; padding: .3rem 1.25rem .3rem 0; vertical-align: top;
  border-bottom: 1px solid rgba(128,140,152,.3); font-variant-numeric: tabular-nums;}
.hw-rows thead th {font-weight: 600;}
</style>"""


def paragraphs(sentences: Sequence[str]) -> None:
    """Write sentences, one paragraph each."""
    st.html("".join(f"<p class='hw-story'>{escape(sentence)}</p>" for sentence in sentences))


def card_paragraphs(sentences: Sequence[str]) -> str:
    """Write the sentences of a card."""
    return "".join(f"<p class='hw-said'>{escape(sentence)}</p>" for sentence in sentences)


def card_heading(title: str, badge: str | None = None, level: int = 3) -> str:
    """Write the head of a card: `level` 2 right below the page's title, 3 below a heading."""
    mark = f"<span class='hw-badge'>{escape(badge)}</span>" if badge else ""
    return f"<h{level} class='hw-head'>{escape(title)}{mark}</h{level}>"


def facts_list(pairs: Sequence[tuple[str, str]]) -> str:
    """Write names and values."""
    return (
        "<dl class='hw-facts'>"
        + "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in pairs)
        + "</dl>"
    )


def bullets(groups: Sequence[Sequence[str]]) -> str:
    """Write one point for each group of sentences."""
    return "<ul class='hw-list'>" + "".join(f"<li>{escape(' '.join(one))}</li>" for one in groups) + "</ul>"


def red_flag_questions() -> bool:
    """Ask for them; True where one is there."""
    signs = (*text.SIGNS_NOW, *text.SIGNS_SOON)
    chosen = st.pills("Any of these now?", signs, selection_mode="multi", key="signs", wrap=True)
    if set(chosen) & set(text.SIGNS_NOW):
        st.info(text.SEEK_CARE_NOW)
    elif chosen:
        st.info(text.SEEK_CARE_SOON)
    return bool(chosen)


def remember_change(part: str, sentence: str, change: Change) -> None:
    """Remember the last act."""
    st.session_state[_key(part)] = (sentence, change)


def undo_bar(part: str) -> None:
    """Say what the last act did, and offer to take it back."""
    if _key(part) not in st.session_state:
        return
    said, done = st.session_state[_key(part)]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(text.escape_markdown(said))
        st.button("Undo", on_click=_undo, args=(part, done), key=f"undo_{part}")


def _undo(part: str, change: Change) -> None:
    undo.undo_change(session.store(), session.logging_runner().athlete_id, change)
    st.session_state.pop(_key(part), None)


def _key(part: str) -> str:
    return f"last_{part}"


WIDTH = """
export default function({ setStateValue }) {
  const phone = window.matchMedia("(max-width: 640px)");
  const tell = () => setStateValue("narrow", phone.matches);
  tell();
  phone.addEventListener("change", tell);
  return () => phone.removeEventListener("change", tell);
}
"""
ask_width = component("heelwise_width", js=WIDTH)


def is_narrow() -> bool:
    """Ask the browser how wide it is; until it answers, go by what it says it is."""
    answer = ask_width(key="width", on_narrow_change=lambda: None)
    said = answer.get("narrow")
    return "Mobi" in st.context.headers.get("User-Agent", "") if said is None else bool(said)
