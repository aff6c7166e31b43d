"""`heelwise demo`."""

from __future__ import annotations

from pathlib import Path

import typer

from connectors.demo import NAME, add_demo
from dashboard.commands.opening import opened


def run(home: Path | None, athlete: str | None) -> None:
    """Add the made-up runner.

    Parameters
    ----------
    home : Path or None
        Folder of the store.
    athlete : str or None
        What to call it; None is its usual name.
    """
    store = opened(home)
    runner = add_demo(store, name=athlete or NAME)
    typer.echo(f"Added: {runner.name}. Open it with: heelwise serve")
