"""`heelwise imports`."""

from __future__ import annotations

from pathlib import Path

import typer

from connectors.errors import HeelwiseError
from connectors.ingest.taking_back import take_back_import
from connectors.store import Store
from dashboard.commands.open_store import open_store_option, select_runner
from dashboard.data import import_text


def imports_command(home: Path | None, athlete: str | None, take_back: int | None) -> None:
    """List the imports of a runner, or take one back."""
    store = open_store_option(home)
    if take_back is not None:
        _take_back(store, athlete, take_back)
        return
    runner = select_runner(store, athlete)
    batches = store.imports(runner.athlete_id)
    lines = [import_text.import_line(one) for one in batches]
    typer.echo("\n".join([f"{runner.name}:", *lines] if lines else [import_text.NO_IMPORTS]))


def _take_back(store: Store, athlete: str | None, import_id: int) -> None:
    names = {one.athlete_id: one.name for one in store.runners()}
    batch = next((one for one in store.imports() if one.import_id == import_id), None)
    if batch is not None and athlete is not None:
        wanted = select_runner(store, athlete)
        if wanted.athlete_id != batch.athlete_id:
            raise HeelwiseError(
                f"Import {import_id} is of {names.get(batch.athlete_id)}, not of {wanted.name}. Nothing was changed."
            )
    done = take_back_import(store, import_id)
    lines = import_text.taken_back(done, names.get(done.athlete_id, "this runner"))
    typer.echo("\n".join([*lines, import_text.BRING_AGAIN]))
