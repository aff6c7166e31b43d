"""`heelwise backup`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import typer

from connectors.backup import backup
from connectors.errors import LockedFile
from dashboard.commands.opening import opened, whose

PASSPHRASE = "HEELWISE_PASSPHRASE"  # noqa: S105 (the name of a variable)


def run(file: Path, home: Path | None, athlete: str | None, closed: bool) -> None:
    """Write a backup and say what is in it.

    Parameters
    ----------
    file : Path
        Where to.
    home, athlete
        As for `opening.opened` and `opening.whose`; no athlete is everybody.
    closed : bool
        Close it with a passphrase.

    Raises
    ------
    HeelwiseError
        When it could not be written; a file that was there is kept.
    """
    store = opened(home)
    whom = None if athlete is None else [whose(store, athlete)]
    target = file.expanduser().absolute()
    passphrase = asked_passphrase(again=True) if closed else None
    manifest = backup(store, target, whom, passphrase)
    names = ", ".join(one.name for one in manifest.runners.values())
    typer.echo(
        f"Written to {target.name}: {names}. It holds everything but tokens; keep it as private as the runner."
    )


def asked_passphrase(again: bool) -> str:
    """Give the passphrase of a backup: from the environment, else asked for.

    Parameters
    ----------
    again : bool
        Ask twice, for a file that is being written.

    Returns
    -------
    str
        Not empty.

    Raises
    ------
    LockedFile
        When there is none and nobody to ask.

    Source
    ------
    ours: never an argument, which other programs on the machine could read.
    """
    given = os.environ.get(PASSPHRASE, "")
    if not given and sys.stdin.isatty():
        given = typer.prompt("Passphrase", hide_input=True, confirmation_prompt=again)
    if not given:
        raise LockedFile(
            f"A passphrase is needed and none was given. Nothing was changed. Set {PASSPHRASE}, or run the command in "
            "a terminal, which asks for it."
        )
    return given
