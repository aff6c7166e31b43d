"""`heelwise doctor`."""

from __future__ import annotations

from pathlib import Path

import typer

from connectors.errors import StoreError
from connectors.store import home_folder
from dashboard.commands.opening import opened, whose


def run(home: Path | None, athlete: str | None) -> None:
    """Check the store and print each finding with what to do.

    Parameters
    ----------
    home, athlete
        As for `opening.opened` and `opening.whose`.

    Raises
    ------
    Exit
        With 1 when something is wrong.
    """
    typer.echo(f"Folder: {home_folder(home.expanduser().absolute() if home else None)}")
    try:
        store = opened(home)
        if athlete:
            whose(store, athlete)
        findings = store.check()
    except StoreError as error:
        typer.echo(" ".join(str(error).split()), err=True)
        raise typer.Exit(1) from error
    for runner in store.runners():
        typer.echo(f"Runner: {runner.name}")
    for finding in findings:
        typer.echo(f"{'Problem' if finding.is_serious else 'Note'}: {finding}")
    if any(finding.is_serious for finding in findings):
        raise typer.Exit(1)
    typer.echo("All is well.")
