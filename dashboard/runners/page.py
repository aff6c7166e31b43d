"""Runners: who comes next, in one order with its reason; one press opens the consult."""

from __future__ import annotations

from datetime import date
from html import escape

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.plural import count
from connectors.store import Store
from dashboard.clinic import records_section
from dashboard.runners import service, text
from dashboard.shared import session, ui
from dashboard.shared import text as shared_text
from dashboard.shared.consult_mode import consult_address

SORT = "sort"
STYLE = """<style>
.hw-runners a { color: inherit !important; } .hw-runners tbody a { font-weight: 600; display: block;
  padding: .3rem .4rem .3rem 0; } .hw-runners td, .hw-runners th { vertical-align: baseline !important; }
.hw-runners th a { text-decoration: none; } .hw-runners th[aria-sort="ascending"] a::after { content: " ↓"; }
</style>"""


def _head(chosen: str | None) -> str:
    cells = []
    for name, title in text.TITLES.items():
        mark = " aria-sort='ascending'" if name == chosen else ""
        cells.append(
            f"<th scope='col'{mark}><a href='?{SORT}={name}' target='_self'>{escape(title)}</a></th>"
        )
    return f"<thead><tr>{''.join(cells)}</tr></thead>"


def _row(row: service.ListedRunner, name: str, today: date) -> str:
    link = f"<a href='{escape(consult_address(row.runner.athlete_id))}' target='_self'>{escape(name)}</a>"
    words = text.cells(row, today)
    rest = "".join(f"<td>{escape(words[column])}</td>" for column in text.TITLES if column != "label")
    return f"<tr><th scope='row'>{link}</th>{rest}</tr>"


def _add_form() -> None:
    with st.form("new_patient", border=False, clear_on_submit=True):
        name = st.text_input("Add a runner", max_chars=80, key="new_patient_name", width=340)
        asked = st.form_submit_button("Add", key="add_patient")
    if not asked or not name.strip():
        return
    try:
        session.machine_store().add_runner(name.strip())
    except HeelwiseError as error:
        st.error(shared_text.escape_markdown(str(error)))
    else:
        st.rerun()


def _listed(store: Store, today: date) -> list[service.ListedRunner]:
    """Return the rows of the list; a therapist's own record is no runner of theirs."""
    rows = service.list_runners(store, today)
    if not session.is_person():
        return rows
    rights = session.grants().rights()
    return [row for row in rows if rights.get(row.runner.athlete_id) in ("see", "write")]


def _table() -> bool:
    """Draw the list; True while a row is older than its runner's record."""
    store, today = session.machine_store(), session.today()
    rows = service.sort_rows(_listed(store, today), st.query_params.get(SORT), today)
    if not rows:
        st.info("There is no runner here yet.")
        return False
    names = session.names_of([row.runner for row in rows])
    body = "".join(_row(row, names[row.runner.athlete_id], today) for row in rows)
    head = _head(st.query_params.get(SORT))
    table = f"<table class='hw-rows hw-runners'>{head}<tbody>{body}</tbody></table>"
    st.html(
        f"{ui.STYLE}{STYLE}<div class='hw-scroll' tabindex='0' role='region' aria-label='Runners'>{table}</div>"
    )
    return any(row.stale_since is not None for row in rows)


def _until_fresh() -> None:
    if not _table():
        st.rerun()


def render() -> None:
    """Draw the page."""
    st.title("Runners")
    store, today = session.machine_store(), session.today()
    stale = sum(row.stale_since is not None for row in _listed(store, today))
    if stale:
        service.refresh_in_background(store, today)
        st.fragment(run_every=1.0)(_until_fresh)()
        st.caption(f"{count(stale, 'row is', 'rows are')} being worked out.")
    else:
        _table()
    st.caption(text.ABOUT)
    _add_form()
    if session.is_person():
        records_section.claimed_section()
        ui.page_link("code", icon=":material/key:")


if __name__ == "__main__":
    render()
