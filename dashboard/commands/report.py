"""`heelwise report`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import typer

from connectors.errors import HeelwiseError
from dashboard.commands.opening import opened, whose
from dashboard.report.making import made


def run(home: Path | None, athlete: str | None, form: str, output: Path | None, **wanted: Any) -> None:
    """Write one report.

    Parameters
    ----------
    home, athlete
        As for `opening.opened` and `opening.whose`.
    form : str
        A key of `making.KINDS`.
    output : Path or None
        File; None is standard output.
    **wanted
        As for `making.made`: period, name, paper, and whether the Strava link is left out.

    Raises
    ------
    HeelwiseError
        When it cannot be made, or the file cannot be written.
    """
    if form == "pdf" and output is None and sys.stdout.isatty():
        raise HeelwiseError(
            "A PDF cannot be shown on a terminal. Nothing was written. Name a file with -o report.pdf."
        )
    store = opened(home)
    page = made(form, store, whose(store, athlete), **wanted)
    if output is None:
        typer.echo(page, nl=False)
        return
    save(page, output)
    typer.echo(f"Written to {output}", err=True)


def save(page: bytes, output: Path) -> None:
    """Write a page so that an old report is whole until the new one is.

    Parameters
    ----------
    page : bytes
        What to write.
    output : Path
        Where; made readable by its owner only.

    Raises
    ------
    HeelwiseError
        When it cannot be written.
    """
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
