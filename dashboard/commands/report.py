"""`heelwise report`."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import typer

from connectors.errors import HeelwiseError
from dashboard.commands.opening import opened, whose
from dashboard.gather import analysis_of
from dashboard.report import document, json, text
from dashboard.units import from_settings


def run(
    home: Path | None,
    athlete: str | None,
    format: str,
    output: Path | None,
    since: date | None,
    until: date | None,
) -> None:
    """Write one report.

    Parameters
    ----------
    home, athlete
        As for `opening.opened` and `opening.whose`.
    format : str
        "json" or "text".
    output : Path or None
        File; None is standard output.
    since, until : date or None
        First and last local date; None is all there is.

    Raises
    ------
    HeelwiseError
        When the format is not there yet, or the file cannot be written.
    """
    if format not in ("json", "text"):
        raise HeelwiseError(
            f"Reports as {format.upper()} come in a later version of Heelwise. Nothing was written; "
            "--format text and --format json work today."
        )
    store = opened(home)
    runner = whose(store, athlete)
    written = document.compose(store, runner, analysis_of(store, runner.athlete_id), since, until)
    page = (
        json.render(written)
        if format == "json"
        else text.render(written, from_settings(store.settings(runner.athlete_id)))
    )
    if output is None:
        typer.echo(page)
        return
    save(page + "\n", output)
    typer.echo(f"Written to {output}", err=True)


def save(page: str, output: Path) -> None:
    """Write a page so that an old report is whole until the new one is.

    Parameters
    ----------
    page : str
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
        with os.fdopen(
            os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write(page)
        os.replace(part, output)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise HeelwiseError(
            f"The report could not be written to {output}: {error.strerror}. Choose another file with -o."
        ) from error
