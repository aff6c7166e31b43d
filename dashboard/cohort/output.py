"""The folder of a cohort: one Parquet file for each table and athlete, and while it is made a note of who is done."""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from dashboard.cohort.athlete import AthleteResult
from dashboard.cohort.columns import COHORT_TABLES
from dashboard.cohort.tables import Tables

MANIFEST_NAME = "manifest.json"
WORK_NAME = "unfinished"
"""Folder of what is only needed until all athletes are done."""
DIGEST_NAME = "manifest_sha256"
TIMES_NAME = "times"
"""The only part of a manifest that is another one at each run."""
RUN_NAME = "run.json"
PARTITION = "athlete="
FILE_NAME = "part-0.parquet"
PART = ".part"
ROWS_A_GROUP = 100_000
TABLE_NAMES = tuple(table.name for table in COHORT_TABLES)


@dataclass(frozen=True)
class AthleteNote:
    """What is known of an athlete who is done: also the athlete's entry in the manifest."""

    inputs: tuple[str, ...]
    reason: str | None
    rows: tuple[int, ...]
    sha256: str
    tokens: tuple[str, ...] = ()


def write_athlete(folder: Path, athlete: str, result: AthleteResult) -> AthleteNote:
    """Write all tables of one athlete and, last, the note that they are there."""
    digest = write_tables(folder, athlete, result.tables)
    rows = tuple(result.tables[name].height for name in TABLE_NAMES)
    note = AthleteNote(result.inputs, result.reason, rows, digest, result.tokens)
    write_atomically(note_path(folder, athlete), json.dumps(asdict(note)).encode())
    return note


def write_tables(folder: Path, athlete: str, tables: Tables) -> str:
    """Write the tables of one athlete; return their digest."""
    digest = hashlib.sha256()
    for name in TABLE_NAMES:
        data = parquet_bytes(tables[name])
        write_atomically(table_path(folder, name, athlete), data)
        digest.update(hashlib.sha256(data).digest())
    return digest.hexdigest()


def parquet_bytes(frame: pl.DataFrame) -> bytes:
    """Return a frame as Parquet; the same rows give the same bytes."""
    content = io.BytesIO()
    frame.write_parquet(
        content, compression="zstd", compression_level=3, statistics=True, row_group_size=ROWS_A_GROUP
    )
    return content.getvalue()


def written_digest(folder: Path, athlete: str) -> str | None:
    """Return the digest of the tables of an athlete as they lie there; None where one is missing."""
    digest = hashlib.sha256()
    for name in TABLE_NAMES:
        try:
            data = table_path(folder, name, athlete).read_bytes()
        except OSError:
            return None
        digest.update(hashlib.sha256(data).digest())
    return digest.hexdigest()


def table_path(folder: Path, table: str, athlete: str) -> Path:
    """Return the file of one table of one athlete."""
    return folder / table / f"{PARTITION}{athlete}" / FILE_NAME


def note_path(folder: Path, athlete: str) -> Path:
    """Return the file of an athlete's note, in folders that stay small enough for a million of them."""
    return folder / WORK_NAME / athlete[:2] / f"{athlete}.json"


def read_note(folder: Path, athlete: str) -> AthleteNote | None:
    """Read the note of an athlete; None where there is none that can be read."""
    try:
        return _note(json.loads(note_path(folder, athlete).read_text(encoding="ascii")))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _note(values: Mapping[str, Any]) -> AthleteNote:
    lists = {name: tuple(values[name]) for name in ("inputs", "rows", "tokens")}
    return AthleteNote(reason=values["reason"], sha256=values["sha256"], **lists)


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file under a name of its own first, so that the final name holds all of it or is not there."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}-{secrets.token_hex(4)}{PART}")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def json_bytes(values: Mapping[str, Any]) -> bytes:
    """Return values as the text of a file; the same values give the same bytes."""
    return (json.dumps(values, indent=1, sort_keys=True) + "\n").encode()


def manifest_bytes(manifest: dict[str, Any]) -> bytes:
    """Return a manifest as its file, with a digest of all in it but the times, by which a change of it is seen."""
    rest = {name: value for name, value in manifest.items() if name not in (DIGEST_NAME, TIMES_NAME)}
    return json_bytes(manifest | {DIGEST_NAME: hashlib.sha256(json_bytes(rest)).hexdigest()})


def remove_left_over(folder: Path, athletes: set[str]) -> None:
    """Delete unfinished files, and what belongs to athletes who are not in the cohort any more."""
    for part in folder.rglob(f"*{PART}"):
        part.unlink(missing_ok=True)
    for name in TABLE_NAMES:
        for partition in partitions(folder, name):
            if partition.name.removeprefix(PARTITION) not in athletes:
                shutil.rmtree(partition, ignore_errors=True)


def partitions(folder: Path, table: str) -> Iterator[Path]:
    """List the folders of a table, one for each athlete, in order."""
    there = (folder / table).glob(f"{PARTITION}*") if (folder / table).is_dir() else ()
    return iter(sorted(there))
