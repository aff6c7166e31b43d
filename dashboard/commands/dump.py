"""`heelwise backup --all`."""

from __future__ import annotations

from pathlib import Path

import typer

from connectors.backup.dump import DumpResult, dump_all, make_pair, set_keep_days, set_up
from connectors.plural import count
from connectors.store import Store
from connectors.store.dump_settings import DumpSettings, dump_settings
from dashboard.commands.open_store import open_store_option
from dashboard.commands.progress_bar import show_progress
from dashboard.shared.unverified import unverified_sentence

ONCE = (
    "The line above is the private key. It is printed this once and stored nowhere here: put it where the server is "
    "not, such as a password manager and a sealed envelope. Without it no dump opens, and nobody can make it again."
)
SAVE_IT = "Nothing is written for it until the first `heelwise backup --all`."


def dump_command(
    folder: Path | None,
    home: Path | None,
    makes_key: bool,
    public_key: str | None,
    replaces_key: bool,
    keep_days: int | None,
) -> None:
    """Write the dump of all runners; with a key or a number of days, set that and write nothing."""
    if makes_key and public_key is not None:
        raise typer.BadParameter("Give --make-key or --public-key, not both.")
    if replaces_key and not (makes_key or public_key):
        raise typer.BadParameter("--replace-key needs --make-key or --public-key.")
    store = open_store_option(home)
    if makes_key or public_key is not None or keep_days is not None:
        _set_up(store, makes_key, public_key, replaces_key, keep_days)
        return
    with show_progress(quiet=False) as bar:
        store.verify(progress=bar)
        done = dump_all(store, folder, progress=bar)
    typer.echo(_in_words(done, dump_settings(store.machine_settings())))
    for number, one in enumerate(store.runners(), start=1):
        if unverified_sentence(store.unverified(one.athlete_id)):
            typer.echo(
                f"Runner {number}: not all rows are as they were written; keep earlier dumps.", err=True
            )
    if done.problem:
        typer.echo(done.problem, err=True)


def _set_up(
    store: Store, makes_key: bool, public_key: str | None, replaces_key: bool, keep_days: int | None
) -> None:
    private = None
    if makes_key:
        public_key, private = make_pair()
    if public_key is not None:
        settings = set_up(store, public_key, replaces=replaces_key)
        typer.echo(f"Dumps are closed for {settings.recipient} from now on. {SAVE_IT}", err=True)
    if keep_days is not None:
        set_keep_days(store, keep_days)
        typer.echo(f"Dumps stay for {count(keep_days, 'day')}; older ones go with the next one.", err=True)
    if private is not None:
        # Alone on standard output, so that it can be led into a password manager.
        typer.echo(private)
        typer.echo(ONCE, err=True)


def _in_words(done: DumpResult, settings: DumpSettings) -> str:
    grants = f" and {count(done.grants, 'grant')}" if done.grants else ""
    deleted = f" {count(len(done.deleted), 'dump')} from before deleted." if done.deleted else ""
    return (
        f"Written to {done.path.name}: {count(done.runners, 'runner')}{grants}, {done.bytes / 1e6:,.1f} MB. It opens "
        f"with the private key of {settings.recipient} alone, and stays for {count(settings.keep_days, 'day')}."
        f"{deleted}"
    )
