"""Whether the folder of a cohort is as it was written: manifest, digests, columns, closed sets, and nothing beside."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from connectors.contract import Contract, split_valid
from connectors.errors import ContractError, HeelwiseError
from connectors.plural import count
from dashboard.cohort.columns import COHORT_TABLES, SCHEMA_VERSION, WORD_SETS
from dashboard.cohort.output import (
    MANIFEST_NAME,
    TABLE_NAMES,
    manifest_bytes,
    table_path,
    written_digest,
)

HASH = re.compile(r"[0-9a-f]{32}")
MOST_LISTED = 20
PARTS = ("athletes", "rows", "refused", "settings")
"""Tables within the manifest."""


@dataclass
class CohortFindings:
    """What a check saw."""

    athletes: int = 0
    files: int = 0
    problems: list[str] = field(default_factory=list)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of a finished cohort, or refuse with the reason."""
    try:
        manifest = json.loads((folder / MANIFEST_NAME).read_text(encoding="utf-8"))
        tables, parts = manifest["tables"], [manifest[name] for name in PARTS]
    except FileNotFoundError:
        raise HeelwiseError(
            "There is no finished cohort in this folder. Check the path; a run that was cut off goes on by --resume."
        ) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise HeelwiseError("The manifest of this cohort cannot be read. Nothing was changed.") from None
    if not all(isinstance(part, dict) for part in parts):
        raise HeelwiseError("The manifest of this cohort cannot be read. Nothing was changed.")
    if tables != SCHEMA_VERSION:
        raise HeelwiseError("The cohort was written by another version of its tables. Nothing was changed.")
    return manifest


def check_cohort(folder: Path) -> CohortFindings:
    """Hold every file of a cohort against its manifest and its contract."""
    manifest = read_manifest(folder)
    findings = CohortFindings(len(manifest["athletes"]))
    if (folder / MANIFEST_NAME).read_bytes() != manifest_bytes(manifest):
        findings.problems.append("The manifest is not as it was written.")
    totals = dict.fromkeys(TABLE_NAMES, 0)
    for athlete, entry in sorted(manifest["athletes"].items()):
        if not HASH.fullmatch(athlete):
            findings.problems.append("The manifest names an athlete by something that is no hash.")
            continue
        findings.problems += _athlete_problems(folder, athlete, entry, totals)
        findings.files += len(TABLE_NAMES)
    for name, rows in totals.items():
        if manifest["rows"].get(name) != rows:
            findings.problems.append(f"{name}: not as many rows as the manifest says.")
    findings.problems += _foreign(folder, manifest)
    if len(findings.problems) > MOST_LISTED:
        more = len(findings.problems) - MOST_LISTED
        findings.problems[MOST_LISTED - 1 :] = [f"{more + 1} more of the same kind."]
    return findings


def _athlete_problems(folder: Path, athlete: str, entry: Any, totals: dict[str, int]) -> list[str]:
    digest = written_digest(folder, athlete)
    if digest is None:
        missing = [name for name in TABLE_NAMES if not table_path(folder, name, athlete).is_file()]
        return [f"{athlete}: no file of {', '.join(missing) or 'some table'}."]
    if not isinstance(entry, dict) or digest != entry.get("sha256"):
        return [f"{athlete}: a file is not as it was written."]
    problems = []
    for table in COHORT_TABLES:
        frame = pl.read_parquet(table_path(folder, table.name, athlete), hive_partitioning=False, glob=False)
        totals[table.name] += frame.height
        problems += [f"{athlete}: {table.name}, {rule}." for rule in broken_rules(frame, table, athlete)]
    return problems


def broken_rules(frame: pl.DataFrame, table: Contract, athlete: str) -> list[str]:
    """Return the rules of its contract that a table of one athlete breaks."""
    if frame.schema != table.schema:
        return ["its columns are not those of the contract"]
    try:
        rules = [one.rule for one in split_valid(frame, table)[1]]
    except ContractError:
        return ["its columns are not those of the contract"]
    if frame.height and frame["athlete"].unique().to_list() != [athlete]:
        rules.append("a row is of another athlete")
    for name in WORD_SETS:
        if name in table.columns:
            words = frame[name].drop_nulls().str.split(" ").explode().drop_nulls().unique()
            if not set(words.to_list()) <= {*WORD_SETS[name], ""}:
                rules.append(f"{name} holds a word that is not in its set")
    if "same_as" in table.columns and not all(map(HASH.fullmatch, frame["same_as"].drop_nulls())):
        rules.append("same_as holds something that is no hash")
    return rules


def _foreign(folder: Path, manifest: dict[str, Any]) -> list[str]:
    """Files that no cohort has; their names are not repeated."""
    own = {table_path(folder, name, athlete) for name in TABLE_NAMES for athlete in manifest["athletes"]}
    own.add(folder / MANIFEST_NAME)
    there = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    number = sum(path.is_symlink() or path not in own for path in there)
    verb = "lies" if number == 1 else "lie"
    return [f"{count(number, 'file', 'files')} {verb} in it that are not of the cohort."] if number else []
