"""Consult, report: what was agreed, and the page to take home."""

from __future__ import annotations

from datetime import date

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.store import Runner
from dashboard.report import build
from dashboard.runs.quality import section
from dashboard.shared import session, text, ui, visits

SECOND_PAGE = "With the second page"
SECOND_PAGE_HELP = (
    "Windows of load, each flare in sentences, whether load usually comes first, shoes, and how sure each step of the "
    "model is. S, O, A and P stand on the first page."
)


def _made(form: str, runner: Runner, paper: str = "a4", second_page: bool = False) -> bytes:
    analysis, explanation = session.analysis(), session.explanation()
    ready = (analysis, explanation) if analysis is not None and explanation is not None else None
    return build.render_report(
        form,
        session.store(),
        runner,
        paper=paper,
        second_page=second_page,
        today=session.today(),
        ready=ready,
        flags=section.open_flags(runner),
    )


def _agreed(runner: Runner) -> None:
    """Draw the form of the next step and the day of review; the next visit opens on them."""
    today = session.today()
    noted = visits.visit_notes(session.store(), runner.athlete_id, today)
    step, review = noted.get(("agreed", None)), noted.get(("review", None))
    with st.form("agreed", border=True):
        note = st.text_area(
            "Agreed next step",
            (step or {}).get("note") or "",
            max_chars=visits.LONGEST_STEP,
            key="agreed_note",
        )
        day = st.date_input(
            "Review on",
            (review or {}).get("on_date"),
            min_value=today,
            format="YYYY-MM-DD",
            key="review_day",
            width=220,
        )
        if st.form_submit_button(ui.act_label("Keep"), type="primary", key="keep_agreed"):
            store, me = session.store(), runner.athlete_id
            visits.save_note(store, me, today, "agreed", note=note)
            visits.save_note(store, me, today, "review", on_date=day if isinstance(day, date) else None)
            st.success("Kept. The next visit opens on it.")


def _take_home(runner: Runner) -> None:
    day = session.today()
    more = st.checkbox(SECOND_PAGE, key="second_page", help=SECOND_PAGE_HELP)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        paper = ui.choice("Paper", ["a4", "letter"], "paper", format_func=str.capitalize)
        for form, label in (("html", "Save page (HTML)"), ("pdf", "Save PDF")):
            ui.download_button(
                label,
                lambda form=form, paper=paper, more=more: _made(form, runner, paper or "a4", more),
                file_name=session.labelled(build.report_file_name(form, day)),
                mime=build.MIME_TYPES[form],
                icon=":material/download:",
                key=f"save_{form}",
            )
    st.header("To paste into a record")
    st.code(_made("text", runner, second_page=more).decode(), language=None, wrap_lines=True)


def render() -> None:
    """Draw the page."""
    st.title("Report")
    runner = session.runner()
    if runner is None:
        st.info("There is nobody here yet. Import runs on the Data page.")
    else:
        _agreed(runner)
        try:
            _take_home(runner)
        except HeelwiseError as error:
            st.warning(text.escape_markdown(str(error)))


if __name__ == "__main__":
    render()
