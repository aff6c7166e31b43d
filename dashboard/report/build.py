"""The report for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from importlib import import_module
from typing import Any

from connectors.source import Progress, silent
from connectors.store import Runner, Store
from dashboard.diary.statements import shareable_statements
from dashboard.model.analysis import Analysis
from dashboard.model.explain import FlareExplanation
from dashboard.report.material import USUAL_DAYS, ReportInput, collect
from dashboard.report.page import ReportPage, build_page, page_sentences
from dashboard.runs.quality.quality_check import QualityFlag


def render_json(document: dict[str, Any]) -> str:
    """Write a report as JSON.

    The contract for those who run Heelwise from outside.
    """
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)


MIME_TYPES = {
    "html": "text/html",
    "pdf": "application/pdf",
    "text": "text/plain",
    "json": "application/json",
}
"""Every form, with what a browser calls it."""
DRAWN = ("html", "pdf")
"""Forms with a picture."""
ENDINGS = {"text": "txt"}


def render_report(
    form: str,
    store: Store,
    runner: Runner,
    since: date | None = None,
    until: date | None = None,
    *,
    name: str | None = None,
    paper: str = "a4",
    without_link: bool = False,
    second_page: bool = False,
    today: date | None = None,
    ready: tuple[Analysis, FlareExplanation] | None = None,
    flags: Sequence[QualityFlag] | None = None,
    progress: Progress = silent,
) -> bytes:
    """Build one report.

    One document behind every form, so that no two of them can differ.
    """
    usual = None if form == "json" else USUAL_DAYS
    report_input = collect(store, runner, since, until, without_link, ready, usual, today, flags, progress)
    progress(0, 0, "writing the report")
    report_page = build_page(report_input, name, has_picture=form in DRAWN)
    if form == "json":
        return (render_json(_document(report_input, report_page, name)) + "\n").encode()
    if form == "pdf":
        return _writer("pdf").render_pdf(report_page, paper, second_page)
    if form == "html":
        return _writer("html").render_html(report_page, second_page).encode()
    return (_writer("text").render_text(report_page, second_page) + "\n").encode()


def _writer(form: str) -> Any:
    """Import what writes one form: the others draw a picture, and a command that pastes text needs none of that."""
    return import_module(f"dashboard.report.to_{form}")


def _document(report_input: ReportInput, report_page: ReportPage, name: str | None) -> dict[str, Any]:
    """Return all keys of the contract, with the sentences of the page."""
    composed = report_input.compose()
    athlete = {**composed["athlete"], "name": report_page.label}
    written = {**composed, "athlete": athlete, "told": page_sentences(report_page)}
    if name is None:  # with initials it leaves the room, and words typed for nobody stay
        written["statements"] = shareable_statements(written["statements"])
    return written


def report_file_name(form: str, day: date) -> str:
    """Name the file of a report.

    A file name is seen by more people than its inside.
    """
    return f"heelwise_{day}.{ENDINGS.get(form, form)}"
