"""What several pages share: the style of facts, sentences, badges and tables, and how a card is laid out."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

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


def story(sentences: Sequence[str]) -> None:
    """Write sentences, one paragraph each."""
    st.html("".join(f"<p class='hw-story'>{escape(sentence)}</p>" for sentence in sentences))


def paragraphs(sentences: Sequence[str]) -> str:
    """Write the sentences of a card."""
    return "".join(f"<p class='hw-said'>{escape(sentence)}</p>" for sentence in sentences)


def heading(title: str, badge: str | None = None, level: int = 3) -> str:
    """Write the head of a card: `level` 2 right below the page's title, 3 below a heading."""
    mark = f"<span class='hw-badge'>{escape(badge)}</span>" if badge else ""
    return f"<h{level} class='hw-head'>{escape(title)}{mark}</h{level}>"


def facts(pairs: Sequence[tuple[str, str]]) -> str:
    """Write names and values."""
    return (
        "<dl class='hw-facts'>"
        + "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in pairs)
        + "</dl>"
    )


def points(groups: Sequence[Sequence[str]]) -> str:
    """Write one point for each group of sentences."""
    return "<ul class='hw-list'>" + "".join(f"<li>{escape(' '.join(one))}</li>" for one in groups) + "</ul>"
