"""`heelwise demo`."""

from __future__ import annotations

from pathlib import Path

import typer

from connectors.demo import add_demo
from dashboard.commands.opening import opened


def run(home: Path | None) -> None:
    """Add the made-up runner.

    Parameters
    ----------
    home : Path or None
        Folder of the store.
    """
    store = opened(home)
    runner = add_demo(store)
    typer.echo(f"Added: {runner.name}. Open it with: heelwise serve")
