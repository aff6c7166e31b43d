"""`heelwise connect garmin|intervals`: a link by the runner's own key."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from connectors import log_redaction
from connectors.errors import HeelwiseError
from connectors.store import Runner, Store
from connectors.store.token_vault import open_vault
from connectors.sync.key_service import KeyService, key_service
from dashboard.commands.open_store import open_store_option, select_runner
from dashboard.key_links.service import KeyCheck, check_key, clean_key, link_key, parse_days

LONGEST_READ = 65_536


def connect_key_command(
    home: Path | None,
    athlete: str | None,
    service_id: str,
    from_stdin: bool,
    days: int | None,
    same_runner: bool,
) -> None:
    """Take a key, check it, say whose account it opens, and keep it."""
    log_redaction.install()
    service = key_service(service_id)
    store = open_store_option(home)
    if not from_stdin and not sys.stdin.isatty():
        raise HeelwiseError(
            "Nobody can be asked for the key here. Give it on standard input with --key-stdin."
        )
    runner = select_runner(store, athlete, create=athlete is None)
    text = sys.stdin.read(LONGEST_READ) if from_stdin else _ask_key(service)
    key = clean_key(text)
    check = check_key(store, service, runner, key)
    if not from_stdin:
        same_runner = _confirm(runner, service, check)
        days = _ask_days() if service.ends and days is None else days
    if check.held is not None and not same_runner:
        raise HeelwiseError(
            f"{check.held} Nothing was linked. If they are {runner.name}'s, add --same-runner."
        )
    link_key(store, open_vault(store.home), service, runner, key, check, days, same_runner)
    _conclude(store, runner, service, check)


def _ask_key(service: KeyService) -> str:
    for number, step in enumerate(service.steps, start=1):
        typer.echo(f"{number}. {step}")
    return typer.prompt("Key (not shown)", hide_input=True)


def _ask_days() -> int | None:
    text = typer.prompt(
        "For how many days was it made? Leave it empty if you do not know", default="", show_default=False
    )
    return parse_days(text)


def _confirm(runner: Runner, service: KeyService, check: KeyCheck) -> bool:
    if check.held is not None:
        typer.echo(check.held)
    account = f"This key opens the account of {check.account.in_words()} at {service.title}"
    question = f"{account}; import into {runner.name}?"
    typer.confirm(question, abort=True)
    return True


def _conclude(store: Store, runner: Runner, service: KeyService, check: KeyCheck) -> None:
    typer.echo(
        f"{service.title} is linked for {runner.name}: the account of {check.account.in_words()}. "
        "Bring the runs in with: heelwise sync"
    )
