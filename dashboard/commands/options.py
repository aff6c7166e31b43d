"""What several subcommands take: folder, runner, formats, dates."""

from __future__ import annotations

import os
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from connectors.store import Runner, Store, home_folder, open_store


class FormatOption(StrEnum):
    """What a report can be written as."""

    json = "json"
    text = "text"
    html = "html"
    pdf = "pdf"


class PaperOption(StrEnum):
    """What a PDF is set for."""

    a4 = "a4"
    letter = "letter"


class KeepOption(StrEnum):
    """How long what came through the Strava link stays."""

    while_linked = "while_linked"
    week = "week"


HomeOption = Annotated[
    Path | None,
    typer.Option(help="Folder that holds everything; default HEELWISE_HOME, else your user data folder."),
]
AthleteOption = Annotated[
    str | None, typer.Option(help="Name of the runner; default the only or the first one.")
]


def parse_day(text: str) -> date:
    """Read a date of the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"'{text}' is not a date like 2026-03-31.") from error


def open_store_option(home: Path | None) -> Store:
    """Open the store in a folder and make it the folder of this process.

    What this process starts later, and its own problem log, must land in the same folder.
    """
    folder = home_folder(home.expanduser().absolute() if home else None)
    os.environ["HEELWISE_HOME"] = str(folder)
    return open_store(folder)


def select_runner(store: Store, athlete: str | None, create: bool = False) -> Runner:
    """Return the runner a subcommand is about.

    One person's machine mostly holds one runner, who need not name themselves.
    """
    return store.runner(athlete, create=create)
