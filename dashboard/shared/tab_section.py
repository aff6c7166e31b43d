"""One browser tab: it shows one runner until it is loaded anew, and asks whose record it is where nobody is named."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode

import streamlit as st
from streamlit.components.v2 import component

from connectors.store import Runner
from dashboard.shared import session, text
from dashboard.shared.consult_mode import EMBEDDED

NOTICES = ("receipt", "restored")
"""Session keys of sentences that have to be read even where no page is drawn."""
GONE = "The runner of this page is not on this machine."
SEVERAL = "There are several runners on this machine, and this address names none of them."
ONE_BY_ONE = "Nothing is shown or saved until you choose."
OPENING = "Opening another record …"

STYLE = """<style>
.hw-whose { list-style: none; padding: 0 !important; margin: 0 !important; max-width: 30rem; }
.hw-whose li { margin: 0 0 .5rem !important; }
.hw-whose a { color: inherit !important; display: block; padding: .7rem 1rem; border: 1px solid currentColor;
  border-radius: .5rem;
  font-weight: 600; text-decoration: none; overflow-wrap: anywhere; }
</style>"""
# What was typed for one runner must never stand in a form of another, and a press on what is still drawn of one must
# never reach another: so a change of runner loads the page anew. At most once in two seconds, against a loop; who is
# quicker than that (Back, straight after a choice) waits for the rest of them.
WATCH = """
export default function({ data }) {
  const number = () => new URLSearchParams(window.location.search).get("runner");
  let waiting;
  const reload = () => {
    const left_ms = Number(sessionStorage.getItem("heelwise_reloaded") || 0) + 2000 - Date.now();
    clearTimeout(waiting);
    if (left_ms > 0) {
      waiting = setTimeout(data.other ? reload : look, Math.min(left_ms, 2000));
      return;
    }
    sessionStorage.setItem("heelwise_reloaded", String(Date.now()));
    window.location.reload();
  };
  const look = () => {
    const asked = number();
    if (data.shown && asked && asked !== data.shown) reload();
  };
  if (data.other) reload();
  window.addEventListener("popstate", look);
  return () => {
    clearTimeout(waiting);
    window.removeEventListener("popstate", look);
  };
}
"""
_watch = component("heelwise_tab", js=WATCH)


def watch_tab(shown: Runner | None, is_other: bool = False) -> None:
    """Load the page anew as soon as the address names another runner than the one drawn."""
    _watch(key="tab", data={"shown": str(shown.athlete_id) if shown else "", "other": is_other})


def open_other(runner: Runner) -> None:
    """Draw nothing but the way to the other runner; the browser takes it by itself."""
    watch_tab(None, is_other=True)
    st.caption(OPENING)
    st.html(f"<a href='{address_of(runner)}' target='_self'>Open it now</a>", width="content")


def address_of(runner: Runner) -> str:
    """Return the address of this page for a runner; opened as a whole, never inside the session of another."""
    asked = EMBEDDED if session.is_open() else {}
    return "?" + urlencode(asked | session.link_parameters(runner), doseq=True)


def ask_whose(everyone: Sequence[Runner]) -> None:
    """Ask whose record it is, in place of a page; each answer opens that page for one runner."""
    st.title("Whose?")
    for key in NOTICES:
        for sentence in st.session_state.pop(key, []):
            st.success(text.escape_markdown(sentence))
    is_gone = session.RUNNER_PARAMETER in st.query_params or session.SHOWN in st.session_state
    st.markdown(f"{GONE if is_gone else SEVERAL} {ONE_BY_ONE}")
    st.html(STYLE + _answers([one for one in everyone if not one.is_archived]))
    away = [one for one in everyone if one.is_archived]
    if away:
        with st.expander(f"Archived ({len(away)})"):
            st.html(_answers(away))


def _answers(runners: Sequence[Runner]) -> str:
    names = session.names_of(runners)
    links = (
        f"<li><a href='{escape(address_of(one))}' target='_self'>{escape(names[one.athlete_id])}</a></li>"
        for one in runners
    )
    return f"<ul class='hw-whose'>{''.join(links)}</ul>"
