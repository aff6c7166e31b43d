"""`heelwise log`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import typer

from dashboard import entries
from dashboard.commands.opening import opened, whose


def run(day: date | None, said: Sequence[Any], home: Path | None, athlete: str | None) -> None:
    """Store one symptom entry.

    Parameters
    ----------
    day : date or None
        Local date; None is today on this machine.
    said : sequence
        The fields of `entries.Entry` after the date, in their order; None stays unknown.
    home, athlete
        As for `opening.opened` and `opening.whose`.
    """
    store = opened(home)
    runner = whose(store, athlete, create=athlete is None)
    entry = entries.Entry(day or datetime.now().astimezone().date(), *said)
    kept = entries.keep(store, runner.athlete_id, entry)
    done = {"new": "Logged", "updated": "Updated", "unchanged": "Already logged"}[kept.what]
    typer.echo(
        f"{done}: {entry.date.isoformat()}{f', {entry.side}' if entry.side else ''} for {runner.name}."
    )
