"""`heelwise log`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import typer

from connectors.errors import StoreError
from connectors.frames import SYMPTOM
from connectors.store import Store
from dashboard import entries, past_entries
from dashboard.commands.opening import opened, whose


def run(day: date | None, said: Mapping[str, Any] | None, home: Path | None, athlete: str | None) -> None:
    """Store one symptom entry.

    Parameters
    ----------
    day : date or None
        Local date; None is today on this machine.
    said : mapping or None
        Fields of `entries.Entry` but the date; None stays unknown. None in place of all takes the morning before over.
    home, athlete
        As for `opening.opened` and `opening.whose`.
    """
    store = opened(home)
    runner = whose(store, athlete, create=athlete is None)
    day = day or datetime.now().astimezone().date()
    told = [entries.Entry(day, **said)] if said is not None else _as_before(store, runner.athlete_id, day)
    kept = entries.keep(store, runner.athlete_id, *told)
    done = {"new": "Logged", "updated": "Updated", "unchanged": "Already logged"}[kept.what]
    for entry in told:
        side = f", {entry.side}" if entry.side else ""
        typer.echo(f"{done}: {entry.date.isoformat()}{side} for {runner.name}.")


def _as_before(store: Store, athlete_id: int, day: date) -> list[entries.Entry]:
    before = past_entries.of_day(store.read(SYMPTOM, athlete_id), day - timedelta(days=1))
    found = entries.same_as_before(before)
    if not found:
        raise StoreError(
            f"Nothing is logged for the morning before {day.isoformat()}, so there is nothing to take over. "
            "Nothing was stored; give the scores instead."
        )
    return found
