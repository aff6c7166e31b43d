"""`heelwise report`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import typer

from connectors.errors import HeelwiseError
from dashboard.commands.open_store import open_store_option, select_runner
from dashboard.commands.progress_bar import show_progress
from dashboard.report.build import render_report


def report_command(
    home: Path | None, athlete: str | None, form: str, output: Path | None, **wanted: Any
) -> None:
    """Write one report."""
    if form == "pdf" and output is None and sys.stdout.isatty():
        raise HeelwiseError(
            "A PDF cannot be shown on a terminal. Nothing was written. Name a file with -o report.pdf."
        )
    store = open_store_option(home)
    with show_progress(quiet=False) as bar:
        page = render_report(form, store, select_runner(store, athlete), progress=bar, **wanted)
    if output is None:
        typer.echo(page, nl=False)
        return
    save_report(page, output)
    typer.echo(f"Written to {output}", err=True)


def save_report(page: bytes, output: Path) -> None:
    """Write a page so that an old report is whole until the new one is."""
    part = output.with_name(f".{output.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(page)
        os.replace(part, output)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise HeelwiseError(
            f"The report could not be written to {output}: {error.strerror}. Choose another file with -o."
        ) from error
