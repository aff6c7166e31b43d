"""Closed: what a consult ends on. It names nobody, and has one way on."""

from __future__ import annotations

import streamlit as st

from dashboard.shared import session

STYLE = """<style>.hw-back { display: inline-block; color: inherit !important; padding: .8rem 1.4rem; font-weight: 600;
  border: 1px solid currentColor; border-radius: .5rem; text-decoration: none; }</style>"""


def render() -> None:
    """Draw the page."""
    st.title("The consult is closed")
    label = "Runners" if session.is_clinic() else "Back to my pages"
    st.html(f"{STYLE}<a class='hw-back' href='/' target='_self'>{label}</a>", width="content")


if __name__ == "__main__":
    render()
