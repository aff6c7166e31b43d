"""`heelwise vault`: the key that closes secrets."""

from __future__ import annotations

from pathlib import Path

import typer

from connectors.store.forgotten_list import sign_anew
from connectors.store.token_vault import open_vault
from connectors.store.vault_keys import new_key
from connectors.store.vault_rotation import rotate, rotation_in_words
from dashboard.commands.open_store import use_home


def rotate_command(home: Path | None) -> None:
    """Close all secrets with a new key."""
    folder = use_home(home)
    done = rotate(open_vault(folder), lambda keys: sign_anew(folder, keys))
    typer.echo(rotation_in_words(done))


def new_key_command() -> None:
    """Print a new key."""
    typer.echo(new_key().decode())
