"""Search over runs and the list of keys: two buttons of the menu, each with its key, on every page."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st
from streamlit.components.v2 import component

from connectors.plural import count
from connectors.store import Runner
from dashboard.runs.search import search_runs
from dashboard.shared import session, text, ui, window_section

# A dialog gives the focus to itself: who pressed S to type would have to press Tab twice first.
_focus = component(
    "heelwise_focus",
    js="""export default function({ data }) {
      const field = () => document.querySelector(`.st-key-${data.key} input`);
      const wait = (tries) => field() ? field().focus() : tries && setTimeout(() => wait(tries - 1), 50);
      wait(40);
    }""",
)
KEYS = (
    ("S", "Search runs"),
    ("H", "This list"),
    ("← and →", "The day before and after, while a day is open beside the Timeline"),
    ("Tab and Enter", "From one button to the next, and press it"),
    ("Esc", "Close what lies over the page"),
)
NOTHING = "No run holds all of these words."
AROUND = timedelta(weeks=8)
DAY_KEY = "day"  # as `timeline/day_panel_section.py` reads it, which the log does not import
STYLE = """<style>
.st-key-menu_keys { gap: .6rem; flex: 0 0 auto; width: auto; }
.st-key-menu_keys button { min-height: 2.25rem; min-width: 2.25rem; }
.st-key-menu_keys button p { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.st-key-search_hits a { min-height: 2.75rem; align-items: center; }
.st-key-search_hits a * { white-space: normal; overflow: visible; }
.st-key-search_focus { position: absolute; height: 0; }
@media (max-width: 900px), (pointer: coarse) {
  .st-key-menu_keys .st-key-list_keys, .st-key-menu_keys kbd { display: none; }
}
@media (max-width: 640px) {
  .st-key-menu_keys { margin-left: auto; }
  .st-key-menu_keys button { min-height: 44px; min-width: 44px; }
}
</style>"""


def menu_buttons(runner: Runner) -> None:
    """Draw both buttons, where there is a Timeline for a hit to open; the keys do nothing while one types."""
    if not ui.has_page("timeline"):
        return
    st.html(STYLE)
    with st.container(horizontal=True, key="menu_keys", width="content"):
        search = st.button(
            "Search runs", icon=":material/search:", type="tertiary", key="search_runs", shortcut="S"
        )
        keys = st.button("Keys", icon=":material/keyboard:", type="tertiary", key="list_keys", shortcut="H")
    if search:
        _search(runner)
    elif keys:
        _list_keys()


@st.dialog("Keys")
def _list_keys() -> None:
    st.markdown(
        "\n".join(["| Key | What it does |", "|---|---|", *(f"| **{key}** | {does} |" for key, does in KEYS)])
    )
    st.caption("No key does anything while you type into a field.")


@st.dialog("Search runs", width="medium")
def _search(runner: Runner) -> None:
    """Ask for words, and draw each hit as a link to its day; what is typed stands in no address."""
    asked = st.text_input(
        "Title, date, pair or sport",
        key="search_words",
        placeholder="12 Aug, hill repeats, Pegasus …",
        type="search",
        live=True,
        max_chars=100,
    )
    _focus(key="search_focus", data={"key": "search_words"})
    result = search_runs(
        session.store().activities(runner.athlete_id),
        session.shoe_names(),
        asked or "",
        session.units(),
        with_titles=not session.hides_names(),
    )
    with st.container(key="search_hits"):
        for hit in result.hits:
            _link(runner, hit.day, hit.line)
    if asked and asked.strip() and not result.hits:
        st.caption(NOTHING)
    if result.more:
        st.caption(f"{count(result.more, 'older run')} not listed; another word makes them fewer.")


def _link(runner: Runner, day: date, line: str) -> None:
    """Link to the day beside the Timeline, with dates around it unless those shown hold it."""
    shown = window_section.shown_dates()
    is_shown = shown is not None and shown[0] <= day <= shown[1]
    around = {} if is_shown else window_section.dates_in_address(day - AROUND, day + AROUND)
    st.page_link(
        st.session_state[ui.PAGES_KEY]["timeline"],
        label=text.escape_markdown(line),
        icon=":material/directions_run:",
        query_params=session.link_parameters(runner) | {DAY_KEY: str(day)} | around,
    )
