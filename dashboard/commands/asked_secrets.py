"""A passphrase and a private key, asked for: never an argument, which other programs on the machine could read."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import typer

from connectors.errors import LockedFile
from connectors.store.private_file import read_private

PASSPHRASE = "HEELWISE_PASSPHRASE"  # noqa: S105 (the name of a variable)


def asked_passphrase(again: bool) -> str:
    """Return the passphrase of a backup: from the environment, else asked for."""
    given = os.environ.get(PASSPHRASE, "")
    if not given and sys.stdin.isatty():
        given = typer.prompt("Passphrase", hide_input=True, confirmation_prompt=again)
    if not given:
        raise LockedFile(
            f"A passphrase is needed and none was given. Nothing was changed. Set {PASSPHRASE}, or run the command in "
            "a terminal, which asks for it."
        )
    return given


def asked_identity(file: Path | None) -> str:
    """Return the private key of dumps: from a file of its owner, standard input or a hidden question."""
    if file is not None and str(file) != "-":
        content = read_private(file.expanduser().absolute())
        if content is None:
            raise LockedFile(f"There is no file called {file.name}. Nothing was changed.")
        return content.decode(errors="replace")
    if file is None and sys.stdin.isatty():
        return typer.prompt("Private key of the dumps (AGE-SECRET-KEY-1…)", hide_input=True)
    if file is None:
        raise LockedFile(
            "This is a dump, which opens with the private key of the dumps. Nothing was changed. Give it with "
            "--identity-file, or run the command in a terminal, which asks for it."
        )
    return sys.stdin.read(4096)
