"""`heelwise audit`: the access log for a file, or held against itself."""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import IO

import typer

from connectors.csv_text import csv_lines, write_rows
from connectors.plural import count
from connectors.store.access_log import AccessEntry
from connectors.store.disk_errors import disk_error
from dashboard.commands.open_store import open_store_option, select_runner
from dashboard.commands.progress_bar import show_progress

COLUMNS = ("entry", "at_utc", "runner", "alias", "actor", "actor_name", "action", "subject", "digest")
_BATCH = 500


def audit_command(
    home: Path | None,
    athlete: str | None,
    since: date | None,
    until: date | None,
    kind: str,
    output: Path | None,
    checks: bool,
) -> None:
    """Write the entries of some days, or check the log."""
    store = open_store_option(home)
    if checks:
        with show_progress(quiet=False) as bar:
            problems = store.access_log.problems(bar)
        for sentence in problems:
            typer.echo(sentence, err=True)
        if problems:
            raise typer.Exit(1)
        typer.echo("Every entry of the access log is as it was written, and none is missing.")
        return
    whose = None if athlete is None else select_runner(store, athlete).athlete_id
    entries = store.access_log.entries(_midnight(since), _midnight(until, 1), whose)
    written = write_csv if kind == "csv" else write_json
    if output is None:
        written(entries, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    target = output.expanduser().absolute()
    with _private(target) as file:
        number = written(entries, file)
    typer.echo(f"Written to {target.name}: {count(number, 'entry', 'entries')}.", err=True)


def write_csv(entries: Iterable[AccessEntry], file: IO[bytes]) -> int:
    """Write entries for a spreadsheet, some at a time; return how many."""
    file.write(write_rows(COLUMNS, []))
    number = 0
    batch: list[list[str]] = []
    for entry in entries:
        batch.append(["" if value is None else str(value) for value in _cells(entry).values()])
        number += 1
        if len(batch) == _BATCH:
            file.write(csv_lines(batch))
            batch.clear()
    file.write(csv_lines(batch))
    return number


def write_json(entries: Iterable[AccessEntry], file: IO[bytes]) -> int:
    """Write entries as one object, an entry a line; return how many."""
    number = 0
    file.write(b'{"entries": [')
    for entry in entries:
        file.write(b",\n" if number else b"\n")
        file.write(json.dumps(_cells(entry)).encode())
        number += 1
    file.write(b"\n]}\n")
    return number


def _cells(entry: AccessEntry) -> dict[str, str | int | None]:
    """Return the columns of an entry; the runner is a number, so that no export holds a name of one."""
    return {
        "entry": entry.entry_id,
        "at_utc": entry.at.isoformat(timespec="seconds"),
        "runner": entry.athlete_id,
        "alias": entry.alias,
        "actor": entry.actor,
        "actor_name": entry.actor_name,
        "action": entry.action,
        "subject": entry.subject,
        "digest": entry.digest,
    }


def _midnight(day: date | None, days: int = 0) -> datetime | None:
    return None if day is None else datetime.combine(day + timedelta(days=days), time(), UTC)


@contextmanager
def _private(target: Path) -> Iterator[IO[bytes]]:
    """Write a file for its owner alone, which takes its name once it is whole."""
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        raise disk_error(error, target) from error
    finally:
        part.unlink(missing_ok=True)
