"""`heelwise remind`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import typer

from connectors import log_redaction
from connectors.errors import HeelwiseError
from connectors.plural import count
from connectors.store.token_vault import Vault, open_vault
from dashboard.commands.open_store import open_store_option, select_runner
from dashboard.phone import messages, reminder

LONGEST_READ = 65_536
NO_ADDRESS = (
    "There is no address to send a reminder to. Add one with: heelwise remind --add (it asks, and does not show what "
    "you type), or give it on standard input with --stdin."
)
NOBODY_TO_ASK = "Nobody can be asked for the address here. Give it on standard input with --stdin."
LOGGED = "This morning is logged: nothing was sent."


def remind_command(
    home: Path | None, athlete: str | None, add: bool, from_stdin: bool, forget: bool, test: bool
) -> None:
    """Send the reminder where this morning is not logged; or add or forget the addresses it goes to."""
    log_redaction.install()
    store = open_store_option(home)
    athlete_id = select_runner(store, athlete).athlete_id
    vault = open_vault(store.home)
    if add or from_stdin:
        _add(vault, athlete_id, from_stdin)
    elif forget:
        _forget(vault, athlete_id)
    elif test or reminder.is_due(store, athlete_id, datetime.now(UTC)):
        _send(vault.read_addresses(athlete_id))
    else:
        typer.echo(LOGGED)


def _add(vault: Vault, athlete_id: int, from_stdin: bool) -> None:
    if not from_stdin and not sys.stdin.isatty():
        raise HeelwiseError(NOBODY_TO_ASK)
    typed = sys.stdin.read(LONGEST_READ) if from_stdin else typer.prompt("Address", hide_input=True)
    number = messages.add_address(vault, athlete_id, typed)
    typer.echo(
        f"Kept with the tokens: {count(number, 'address', 'addresses')}. Try it: heelwise remind --test"
    )


def _forget(vault: Vault, athlete_id: int) -> None:
    number = len(vault.read_addresses(athlete_id))
    vault.write_addresses(athlete_id, [])
    typer.echo(f"Forgotten: {count(number, 'address', 'addresses')}.")


def _send(addresses: list[str]) -> None:
    if not addresses:
        raise HeelwiseError(NO_ADDRESS)
    sent = messages.send(addresses, reminder.WORDS)
    if sent < len(addresses):
        raise HeelwiseError(
            f"Sent to {sent} of {count(len(addresses), 'address', 'addresses')}; the rest did not take it. Check the "
            "network and the addresses; none is shown here, since they may hold passwords."
        )
    typer.echo(f"Sent to {count(sent, 'address', 'addresses')}: “{reminder.WORDS}”")
