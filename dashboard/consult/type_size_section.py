"""The size of the type of a consult: 18, 24 or 30 px, for a screen on the desk, on the wall, or far away."""

from __future__ import annotations

import streamlit as st

from dashboard.shared import consult_mode, ui

PARAMETER, CHOICE_KEY = "type", "type_choice"
# What the therapist presses stands at hand, so it stays small and leaves the room to the picture. The name of a step
# is read off the steps, so its heading is for listeners alone.
STYLE = """<style>
html {{ font-size: {px}px !important; }}
.stApp p, .stApp li, .stApp td, .stApp th, .stApp label, .stApp dt, .stApp input, .stApp button, .stApp small,
  .stApp textarea, [data-baseweb="popover"] p, [data-baseweb="popover"] li, [data-baseweb="popover"] input,
  [data-baseweb="calendar"] {{ font-size: 1rem !important; }}
.stApp .hw-facts dd, .stApp .hw-head {{ font-size: 1.25rem !important; }}
.stApp .hw-rows {{ font-size: 1rem !important; }}
:is({controls}) :is(p, button, a, span, input, label) {{ font-size: {control}px !important; }}
:is({controls}) {{ gap: 6px 10px !important; }}
:is({controls}) button {{ padding: 2px 12px !important; min-height: 40px !important; line-height: 1.3; }}
:is({controls}) :is(p, button, a, span, input, label, div) {{ line-height: 1.3 !important; }}
:is({controls}) .stButtonGroup button, :is({controls}) [data-testid="stTextInputRootElement"] {{
  height: 40px !important; }}
:is({controls}) .stElementContainer:has(> .stButtonGroup) {{ height: 40px !important; }}
:is({controls}) .stButtonGroup, :is({controls}) .stButtonGroup > div {{ padding: 0 !important; margin: 0 !important; }}
.stElementContainer:has(> .stHtml > style:only-child), .st-key-tab {{ position: absolute !important; }}
@media (pointer: coarse) {{ :is({controls}) :is(button, .stElementContainer:has(> .stButtonGroup)) {{
  height: 44px !important; }} }}
:is({controls}) [data-testid="stTextInputRootElement"] input {{ padding: 4px 12px !important; }}
.stMainBlockContainer {{ padding: 8px 1.5rem 1rem !important; }}
.stMainBlockContainer > .stVerticalBlock {{ gap: 6px; }}
.st-key-consult_steps :is(a, button, .hw-here) {{ min-height: 44px; align-items: center; }}
.stElementContainer:has(> .stHeading h1) {{ position: absolute !important; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap; }}
.st-key-demo_notice {{ display: none; }}
.st-key-consult_steps a :is([data-testid="stIconMaterial"], span:has(> [data-testid="stIconMaterial"]))
  {{ display: none; }}
[class*="st-key-hover_strip_"] {{ position: absolute; }}
.st-key-screen {{ margin-bottom: -6px; }}
.st-key-consult_steps a {{ padding: .1rem .5rem; }}
.st-key-consult_flat button {{ min-height: 32px !important; padding: 0 6px !important; }}
.st-key-onset_fields {{ gap: .3rem !important; }}
.stApp .stElementContainer:has(> [data-testid="stDateInput"]) {{ min-width: min(11.5rem, 100%); }}
@media (max-width: 640px) {{ .stMainBlockContainer {{ padding: .5rem .5rem 1rem !important; }}
  .stApp :is({controls}) .stElementContainer:has(> .stButtonGroup) {{ height: auto !important; }}
  :is({controls}) .stButtonGroup > div, :is({controls}) .stButtonGroup > div > div {{ flex-wrap: wrap !important;
    overflow: visible !important; mask-image: none !important; }} }}
</style>"""
CONTROLS = (
    ".st-key-consult_steps",
    ".st-key-consult_flare_row",
    ".st-key-window_row",
    ".st-key-consult_flat",
)


def type_style() -> None:
    """Write the style of the size chosen."""
    px = ui.type_px()
    st.html(STYLE.format(px=px, control=consult_mode.PHONE_TYPE_PX, controls=", ".join(CONTROLS)))


def read_type_size() -> None:
    """Take the size over from the address, so that a reload keeps it."""
    asked = st.query_params.get(PARAMETER, "")
    sizes = {str(px): px for px in consult_mode.TYPE_SIZES_PX}
    if ui.TYPE_KEY not in st.session_state and asked in sizes:
        st.session_state[ui.TYPE_KEY] = sizes[asked]
    chosen = st.session_state.get(ui.TYPE_KEY)
    if chosen is not None and asked != str(chosen):
        st.query_params[PARAMETER] = str(chosen)


def choose_type_size() -> None:
    """Draw the switch."""
    st.session_state[CHOICE_KEY] = st.session_state.get(ui.TYPE_KEY, consult_mode.USUAL_TYPE_PX)
    ui.choice(
        "Type size",
        consult_mode.TYPE_SIZES_PX,
        CHOICE_KEY,
        default=None,  # what is chosen stands in the session
        format_func=lambda px: f"A {px}",
        on_change=_choose,
        label_visibility="collapsed",
        width="content",
    )


def _choose() -> None:
    st.session_state[ui.TYPE_KEY] = st.session_state[CHOICE_KEY]
