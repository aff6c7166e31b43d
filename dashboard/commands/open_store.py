"""Opens the store that a subcommand was pointed at."""

from __future__ import annotations

import os
from pathlib import Path

import typer

from connectors.store import Runner, Store, home_folder, open_store
from connectors.store.before_upgrade import FOLDER, copies


def use_home(home: Path | None) -> Path:
    """Make a folder the folder of this process.

    What this process starts later, and its own problem log, must land in the same folder.
    """
    folder = home_folder(home.expanduser().absolute() if home else None)
    os.environ["HEELWISE_HOME"] = str(folder)
    return folder


def open_store_option(home: Path | None) -> Store:
    """Open the store in a folder and make it the folder of this process."""
    store = open_store(use_home(home))
    newest = copies(store.home)
    if store.steps_taken and newest:
        where = f"{FOLDER}/{newest[0].name}"
        typer.echo(f"The store was brought up to date. A copy from before lies in {where}.", err=True)
    return store


def select_runner(store: Store, athlete: str | None, create: bool = False) -> Runner:
    """Return the runner a subcommand is about.

    One person's machine mostly holds one runner, who need not name themselves.
    """
    runner = store.runner(athlete, create=create)
    store.name_runner(runner.athlete_id)
    return runner
