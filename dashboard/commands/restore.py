"""`heelwise restore`: of a runner's backup, or of a server's dump of all runners."""

from __future__ import annotations

from pathlib import Path

import typer

from connectors.backup import Restored, restore
from connectors.backup.restore_dump import DumpRestored, is_dump, parse_identity, restore_dump
from connectors.backup.verify import is_locked
from connectors.errors import LockedFile, StoreError
from connectors.plural import count
from dashboard.commands.asked_secrets import asked_identity, asked_passphrase
from dashboard.commands.open_store import open_store_option
from dashboard.commands.progress_bar import show_progress
from dashboard.data.backup_section import refused_in_words, restore_in_words
from dashboard.data.setting_checks import setting_problems


def restore_command(
    file: Path,
    home: Path | None,
    athlete: str | None,
    what_is_whole: bool = False,
    of_server: tuple[Path | None, bool, bool] = (None, False, False),
) -> None:
    """Bring a backup in and say what came of it."""
    source = file.expanduser().absolute()
    identity_file, accepts_list, brings_back = of_server
    if is_dump(source):
        if brings_back:
            raise StoreError(
                "A dump holds everybody, so --bring-back does not go with it. Nothing was changed. Give the runner's "
                "own backup."
            )
        _restore_dump(source, home, athlete, what_is_whole, identity_file, accepts_list)
        return
    if identity_file is not None:
        raise LockedFile(
            f"{source.name} is not closed for a key, so --identity-file does not open it. Nothing was changed."
        )
    passphrase = asked_passphrase(again=False) if is_locked(source) else None
    store = open_store_option(home)
    with show_progress(quiet=False) as bar:
        restored = restore(
            store,
            source,
            passphrase,
            athlete,
            what_is_whole,
            bar,
            setting_problems=setting_problems,
            accepts_list=accepts_list,
            brings_back=brings_back,
        )
    for one in restored:
        _print_restored(one)


def _print_restored(one: Restored) -> None:
    """Print what came of one runner of a backup."""
    typer.echo("\n".join([restore_in_words(one), *refused_in_words(one)]))
    for name in one.damaged:
        typer.echo(f"Left out, since it is missing or not as it was written: {name}")


def _restore_dump(
    source: Path,
    home: Path | None,
    athlete: str | None,
    what_is_whole: bool,
    identity_file: Path | None,
    accepts_list: bool,
) -> None:
    identity = parse_identity(asked_identity(identity_file))
    store = open_store_option(home)
    with show_progress(quiet=False) as bar:
        done = restore_dump(
            store,
            source,
            identity,
            _print_restored,
            athlete,
            what_is_whole=what_is_whole,
            accepts_list=accepts_list,
            progress=bar,
            setting_problems=setting_problems,
        )
    typer.echo(_dump_in_words(done))
    for sentence in (*done.problems, *done.unreadable):
        typer.echo(sentence, err=True)
    if done.unreadable:
        raise typer.Exit(1)


def _dump_in_words(done: DumpRestored) -> str:
    sentences = [f"Dump of {done.made_utc}: {done.brought} of {count(done.runners, 'runner')} brought in."]
    if done.forgotten:
        stays = "stays" if done.forgotten == 1 else "stay"
        sentences.append(f"{count(done.forgotten, 'runner')} forgotten since {stays} so.")
    grants = done.grants
    if grants.new or grants.ended or grants.unchanged or grants.nobody:
        sentences.append(
            f"{count(grants.new, 'grant')} brought in, {grants.unchanged} here before; {grants.ended} ended since and "
            "not given again."
        )
    sentences.append(
        "Everybody signs in again; administrators are made with `heelwise admin add`, and services are linked again."
    )
    return " ".join(sentences)
