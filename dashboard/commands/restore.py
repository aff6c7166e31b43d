"""`heelwise restore`."""

from __future__ import annotations

from pathlib import Path

import typer

from connectors.backup import Restored, restore
from connectors.backup.checking import is_locked
from connectors.plural import count
from dashboard.commands.backup import asked_passphrase
from dashboard.commands.opening import opened


def run(file: Path, home: Path | None, athlete: str | None, what_is_whole: bool = False) -> None:
    """Bring a backup in and say what came of it.

    Parameters
    ----------
    file : Path
        As `backup` wrote it.
    home : Path or None
        As for `opening.opened`.
    athlete : str or None
        One runner of the file alone, by the name they have in it; None is all.
    what_is_whole : bool
        Bring in what is whole of a damaged file, and name the rest.

    Raises
    ------
    HeelwiseError
        When it is damaged, closed, or none of ours; nothing is changed then.
    """
    source = file.expanduser().absolute()
    passphrase = asked_passphrase(again=False) if is_locked(source) else None
    for one in restore(opened(home), source, passphrase, athlete, what_is_whole):
        typer.echo(in_words(one))
        for name in one.damaged:
            typer.echo(f"Left out, since it is missing or not as it was written: {name}")


def in_words(done: Restored) -> str:
    """Say what came of a restore, for one runner.

    Parameters
    ----------
    done : Restored
        From `restore`.

    Returns
    -------
    str
        One sentence.

    Source
    ------
    ours.
    """
    if done.left_out:
        return f"{done.runner.name}: {done.left_out}"
    return (
        f"{done.runner.name}: {count(done.new, 'row')} new, {done.updated:,} updated, {done.unchanged:,} unchanged; "
        f"{count(done.recordings, 'recording')}."
    )
