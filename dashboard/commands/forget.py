"""`heelwise forget`."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from connectors import redaction
from connectors.store.vault import open_vault
from dashboard.commands.opening import opened, whose
from dashboard.forgetting import forget


def run(home: Path | None, athlete: str | None, everybody: bool, sure: bool) -> None:
    """Forget one runner or all, and print the receipt.

    Parameters
    ----------
    home, athlete
        As for `opening.opened` and `opening.whose`.
    everybody : bool
        All runners on this machine.
    sure : bool
        Do not ask.

    Raises
    ------
    HeelwiseError
        When there is nobody of that name, or something could not be deleted.
    """
    redaction.install()
    store = opened(home)
    runners = store.runners() if everybody else [whose(store, athlete)]
    names = ", ".join(one.name for one in runners)
    # A script that says forget means it; a person at a terminal is asked once.
    if not sure and sys.stdin.isatty():
        typer.confirm(f"Delete {names or 'everything'} and all that belongs to them, for good?", abort=True)
    typer.echo("\n".join(forget(store, open_vault(store.home), runners)))
