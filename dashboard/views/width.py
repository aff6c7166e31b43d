"""How wide the browser is: a phone gets shorter labels and names above the lanes."""

from __future__ import annotations

import streamlit as st
from streamlit.components.v2 import component

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
