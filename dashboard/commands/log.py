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
from dashboard.commands.open_store import open_store_option, select_runner
from dashboard.diary import entries


def log_command(
    day: date | None, answers: Mapping[str, Any] | None, home: Path | None, athlete: str | None
) -> None:
    """Store one symptom entry."""
    store = open_store_option(home)
    runner = select_runner(store, athlete, create=athlete is None)
    day = day or datetime.now().astimezone().date()
    day_and_answers = (
        [entries.SymptomEntry(day, **answers)]
        if answers is not None
        else _as_before(store, runner.athlete_id, day)
    )
    saved = entries.save_entry(store, runner.athlete_id, *day_and_answers)
    done = {"added": "Logged", "updated": "Updated", "unchanged": "Already logged"}[saved.outcome]
    for entry in day_and_answers:
        side = f", {entry.side}" if entry.side else ""
        typer.echo(f"{done}: {entry.date.isoformat()}{side} for {runner.name}.")


def _as_before(store: Store, athlete_id: int, day: date) -> list[entries.SymptomEntry]:
    before = entries.entries_on(store.read(SYMPTOM, athlete_id), day - timedelta(days=1))
    latest = entries.same_as_before(before)
    if not latest:
        raise StoreError(
            f"Nothing is logged for the morning before {day.isoformat()}, so there is nothing to take over. "
            "Nothing was stored; give the scores instead."
        )
    return latest
