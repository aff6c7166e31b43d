"""One door to every form of the report, for a page's download button and for the command line."""

from __future__ import annotations

from datetime import date

from connectors.store import Runner, Store
from dashboard.model.analysis import Analysis
from dashboard.model.why import Why
from dashboard.report import html, json, pdf, text
from dashboard.report.material import USUAL_DAYS, material
from dashboard.report.page import laid_out, told

KINDS = {
    "html": "text/html",
    "pdf": "application/pdf",
    "text": "text/plain",
    "json": "application/json",
}
"""Every form, with what a browser calls it."""
ENDINGS = {"text": "txt"}


def made(
    form: str,
    store: Store,
    runner: Runner,
    since: date | None = None,
    until: date | None = None,
    *,
    name: str | None = None,
    paper: str = "a4",
    without_link: bool = False,
    ready: tuple[Analysis, Why] | None = None,
) -> bytes:
    """Make one report.

    Parameters
    ----------
    form : str
        A key of `KINDS`.
    store : Store
        All that is kept; what may not leave this machine is left out here, see `handed.handed`.
    runner : Runner
        Whose report it is.
    since, until : date or None
        First and last local date; None is the last 16 weeks on record, and for JSON all there is.
    name : str or None
        What stands for the runner on the page; None is the initials, empty is nothing.
    paper : str
        "a4" or "letter", for a PDF.
    without_link : bool
        Leave out what came through the Strava link even on the machine that is linked.
    ready : tuple of Analysis and Why, or None
        What a page holds already of this runner, from everything; used where nothing is left out.

    Returns
    -------
    bytes
        The file; text in UTF-8.

    Raises
    ------
    HeelwiseError
        When the store cannot be read, or a PDF cannot be made.

    Source
    ------
    ours: one document behind every form, so that no two of them can differ.
    """
    usual = None if form == "json" else USUAL_DAYS
    of = material(store, runner, since, until, without_link, ready, usual)
    page = laid_out(of, name)
    if form == "pdf":
        return pdf.render(page, paper)
    if form == "json":
        return (json.render({**of.document, "told": told(page)}) + "\n").encode()
    return (html.render(page) if form == "html" else text.render(page) + "\n").encode()


def file_name(form: str, day: date) -> str:
    """Name the file of a report.

    Parameters
    ----------
    form : str
        A key of `KINDS`.
    day : date
        Local date it is made on.

    Returns
    -------
    str
        Such as "heelwise_2026-05-01.pdf"; no name of a runner.

    Source
    ------
    ours: a file name is seen by more people than its inside.
    """
    return f"heelwise_{day}.{ENDINGS.get(form, form)}"
