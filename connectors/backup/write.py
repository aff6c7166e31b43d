"""From the store to one portable file."""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pyrage

from connectors import __version__
from connectors.backup.format import LEFT_HERE, MANIFEST, README, TEXT, Manifest, table_member
from connectors.csv_text import write_frame
from connectors.errors import StoreError
from connectors.frames import ACTIVITY
from connectors.source import Progress, silent
from connectors.store import Runner, Store
from connectors.store.disk_errors import disk_error
from connectors.store.runners import RunnerExport


def backup(
    store: Store,
    target: Path,
    runners: Sequence[Runner] | None = None,
    passphrase: str | None = None,
    *,
    without_titles: bool = False,
    progress: Progress = silent,
) -> Manifest:
    """Write everything but tokens into one file; titles of sessions, which may name a street, can be left out.

    A name of its own first and the final name last. Bookmarks of the running link stay here.
    """
    whom = list(store.runners() if runners is None else runners)
    if not whom:
        raise StoreError(
            "There is no runner in the store, so there is nothing to back up. Nothing was written."
        )
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        with os.fdopen(handle, "w+b") as file:
            manifest = _write(store, whom, file, without_titles, progress)
            if passphrase is not None:
                file.seek(0)
                closed = pyrage.passphrase.encrypt(file.read(), passphrase)
                file.seek(0)
                file.truncate()
                file.write(closed)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        raise disk_error(error, target) from error
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _write(
    store: Store, whom: Sequence[Runner], file: io.BufferedRandom, without_titles: bool, progress: Progress
) -> Manifest:
    files: dict[str, str] = {}
    with zipfile.ZipFile(file, "w") as packed:

        def add_member(name: str, content: bytes, kind: int = zipfile.ZIP_DEFLATED) -> None:
            packed.writestr(name, content, kind)
            files[name] = hashlib.sha256(content).hexdigest()

        add_member(README, TEXT.encode())
        for number, runner in enumerate(whom, start=1):
            export = store.export_runner(runner.athlete_id)
            if without_titles:
                export = _untitled(export)
            for name, content in _rows(str(number), export).items():
                # Parquet is packed already; packing it again takes time and gains nothing.
                add_member(
                    name, content, zipfile.ZIP_STORED if name.endswith("parquet") else zipfile.ZIP_DEFLATED
                )
            there = _recordings(store, runner.athlete_id)
            for done, activity_id in enumerate(there, start=1):
                progress(done, len(there), f"recordings of runner {number} of {len(whom)}")
                content = store.samples.read_bytes(runner.athlete_id, activity_id)
                add_member(f"{number}/samples/{activity_id}.parquet", content, zipfile.ZIP_STORED)
        runners = {str(number): runner for number, runner in enumerate(whom, start=1)}
        manifest = Manifest(__version__, datetime.now(UTC).isoformat(timespec="seconds"), runners, files)
        packed.writestr(MANIFEST, json.dumps(manifest.as_json(), indent=1), zipfile.ZIP_DEFLATED)
    return manifest


def _untitled(export: RunnerExport) -> RunnerExport:
    """Return the rows of a runner with no title of a session among them."""
    sessions = export.frames[ACTIVITY.name].with_columns(pl.lit(None, pl.String).alias("name"))
    return replace(export, frames={**export.frames, ACTIVITY.name: sessions})


def _rows(folder: str, export: RunnerExport) -> dict[str, bytes]:
    members: dict[str, bytes] = {}
    for name, frame in {**export.frames, "match": export.matches}.items():
        content = io.BytesIO()
        frame.write_parquet(content, compression="zstd")
        members[table_member(folder, name, "parquet")] = content.getvalue()
        members[table_member(folder, name, "csv")] = write_frame(frame, has_bom=False)
    bookmarks = {name: text for name, text in export.bookmarks.items() if name not in LEFT_HERE}
    words = {"settings": dict(export.settings), "bookmarks": bookmarks}
    members[f"{folder}/words.json"] = json.dumps(words, indent=1).encode()
    return members


def _recordings(store: Store, athlete_id: int) -> list[str]:
    return [activity_id for whose, activity_id, _ in store.samples.files() if whose == athlete_id]
