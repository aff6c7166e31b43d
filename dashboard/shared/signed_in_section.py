"""Who is signed in and the way out, above the menu of every page where persons sign in."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard.access.sign_in_page import OUT
from dashboard.shared import session

UNNAMED = "Signed in"
# Small, at the upper edge and right, and never over what is drawn; the link is as tall as a thumb on a phone.
STYLE = """<style>
.hw-signed-in { display: flex; justify-content: flex-end; align-items: center; gap: .75rem; font-size: .875rem;
  min-width: 0; }
.hw-signed-in span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-width: 0;
  color: light-dark(#566372, #a3afbc); }
.hw-signed-in a { color: inherit !important; white-space: nowrap; padding: .15rem .25rem; }
@media (max-width: 640px) { .hw-signed-in a { min-height: 44px; display: inline-flex; align-items: center; } }
@media print { .hw-signed-in { display: none; } }
</style>"""


def show() -> None:
    """Draw who is signed in, with a link to sign out; nothing for the owner of a machine and for a phone."""
    person = session.signed_in()
    if person is None:
        return
    role = ", PT" if person.is_therapist else ", administrator" if person.is_admin else ""
    who = f"{escape(person.display_name or UNNAMED)}{role}"
    st.html(
        f"{STYLE}<div class='hw-signed-in'><span>{who}</span><a href='{OUT}' target='_self'>Sign out</a></div>"
    )
