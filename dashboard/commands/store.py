"""`heelwise backup`, `demo`, `doctor` and `forget`."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from connectors import log_redaction
from connectors.backup import backup
from connectors.demo import NAME, add_demo
from connectors.errors import HeelwiseError, StoreError
from connectors.store import Runner, Store, home_folder
from connectors.store.room import open_to_delete
from connectors.store.token_vault import open_vault
from dashboard.commands.asked_secrets import asked_passphrase
from dashboard.commands.open_store import open_store_option, select_runner, use_home
from dashboard.commands.progress_bar import show_progress
from dashboard.data.forget import forget
from dashboard.shared.unverified import unverified_sentence

UNASKED = (
    "Nothing was deleted: there is no terminal to ask on. Run the command in a terminal, or add --yes to delete "
    "without being asked."
)
ONE_AT_A_TIME = (
    "The user of HEELWISE_DATABASE sees one runner at a time, so a backup of all would be empty. Nothing was written. "
    "Add --athlete NAME, or use the address of heelwise_backup."
)


def backup_command(
    file: Path, home: Path | None, athlete: str | None, closed: bool, without_titles: bool = False
) -> None:
    """Write a backup and say what is in it."""
    store = open_store_option(home)
    if athlete is None and store.is_partial():
        raise StoreError(ONE_AT_A_TIME)
    whom = None if athlete is None else [select_runner(store, athlete)]
    store.sweep()
    target = file.expanduser().absolute()
    passphrase = asked_passphrase(again=True) if closed else None
    with show_progress(quiet=False) as bar:
        store.verify(None if whom is None else [one.athlete_id for one in whom], bar)
        manifest = backup(store, target, whom, passphrase, without_titles=without_titles, progress=bar)
    names = ", ".join(one.name for one in manifest.runners.values())
    titles = "" if without_titles else " Titles of sessions, which may name streets, are in it."
    typer.echo(
        f"Written to {target}: {names}. It holds everything but tokens; keep it as private as the runner.{titles}"
    )
    for one in manifest.runners.values():
        sentence = unverified_sentence(store.unverified(one.athlete_id))
        if sentence:
            typer.echo(f"{one.name}: {sentence} So is this backup: keep earlier ones.", err=True)


def demo_command(home: Path | None, athlete: str | None) -> None:
    """Add the made-up runner."""
    store = open_store_option(home)
    runner = add_demo(store, name=athlete or NAME)
    typer.echo(f"Added: {runner.name}. Open it with: heelwise serve")


def doctor_command(home: Path | None, athlete: str | None, accept: bool = False) -> None:
    """Check the store and print each finding with what to do."""
    typer.echo(f"Folder: {home_folder(home.expanduser().absolute() if home else None)}")
    try:
        store = open_store_option(home)
        whose = [select_runner(store, athlete)] if athlete else store.runners()
        with show_progress(quiet=False) as bar:
            for one in whose if accept else ():
                store.verify([one.athlete_id], bar)
                store.accept_as_it_is(one.athlete_id)
            swept = store.sweep()
            findings = store.check(bar)
    except StoreError as error:
        typer.echo(" ".join(str(error).split()), err=True)
        raise typer.Exit(1) from error
    for runner in store.runners():
        typer.echo(f"Runner: {runner.name}")
    if not swept.is_empty:
        typer.echo(f"Note: {swept.in_words()}")
    for finding in findings:
        typer.echo(f"{'Problem' if finding.is_serious else 'Note'}: {finding}")
    if any(finding.is_serious for finding in findings):
        raise typer.Exit(1)
    typer.echo("All is well.")


def forget_command(home: Path | None, athlete: str | None, everybody: bool, sure: bool) -> None:
    """Forget one runner or all, and print the receipt."""
    log_redaction.install()
    folder = use_home(home)
    if not sure and not sys.stdin.isatty():
        raise HeelwiseError(UNASKED)
    store = open_to_delete(folder, athlete, everybody)
    runners = store.runners() if everybody else [_runner_meant(store, athlete)]
    names = ", ".join(one.name for one in runners)
    if not sure:
        typer.confirm(f"Delete {names or 'everything'} and all that belongs to them, for good?", abort=True)
    typer.echo("\n".join(forget(store, open_vault(store.home), runners, everything=everybody)))


def _runner_meant(store: Store, athlete: str | None) -> Runner:
    """The runner named, or the only one: of several none is deleted unasked."""
    there = store.runners()
    if athlete is None and len(there) > 1:
        names = ", ".join(one.name for one in there)
        raise HeelwiseError(
            f"There are several runners: {names}. Nothing was deleted. Name one with --athlete, or all with --all."
        )
    return select_runner(store, athlete)
