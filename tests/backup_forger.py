"""A backup with members changed and its own list made to agree, as somebody with a ZIP tool makes one."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl

from connectors.backup.format import MANIFEST


def forge(source: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Write a changed copy whose digests fit."""
    with zipfile.ZipFile(source) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    manifest = json.loads(members.pop(MANIFEST))
    change(members)
    manifest["files"] = {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
    with zipfile.ZipFile(target, "w") as packed:
        for name, content in members.items():
            packed.writestr(name, content)
        packed.writestr(MANIFEST, json.dumps(manifest))
    return target


def with_table(members: dict[str, bytes], name: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    """Change one Parquet member."""
    out = io.BytesIO()
    change(pl.read_parquet(io.BytesIO(members[name]))).write_parquet(out)
    members[name] = out.getvalue()


def with_settings(members: dict[str, bytes], name: str, **texts: str) -> None:
    """Add settings to the words of one runner."""
    words = json.loads(members[name])
    words["settings"] |= texts
    members[name] = json.dumps(words).encode()
