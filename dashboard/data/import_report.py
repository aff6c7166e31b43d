"""What an import did: as the one object of `import --json`, and in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from connectors.source import ImportResult

FEW_SKIPPED = 10
BESIDE = {"strength": "strength", "tests": "test_result", "events": "event"}
"""What a diary holds beside symptoms: our key, and the contract."""
NOTHING_IN = {"new": 0, "updated": 0, "unchanged": 0}


def import_json(result: ImportResult) -> str:
    """Write the result as one JSON object on one line.

    The contract for those who run Heelwise from outside.
    """
    return json.dumps(import_dict(result), allow_nan=False)


def import_dict(result: ImportResult) -> dict[str, Any]:
    """Return the result as plain values.

    One shape for the command line, the store's job row and the page.
    """
    return {
        "activities": dict(result.activities),
        "samples": {"files": result.sample_files, "rows": result.sample_rows},
        "shoes": result.shoes,
        "symptoms": dict(result.symptoms),
        "skipped": [{"path": one.path, "reason": one.reason} for one in result.skipped],
        "seconds": round(result.seconds, 3),
        "notes": [{"path": one.path, "note": one.reason} for one in result.notes],
        "unknown_sports": dict(result.unknown_sports),
        **{key: {**NOTHING_IN, **result.beside.get(name, {})} for key, name in BESIDE.items()},
    }


def is_empty(result: ImportResult) -> bool:
    """Tell whether nothing came in and nothing was there already.

    A repeated import that changes nothing is a success; one that finds nothing is not.
    """
    counts = (result.activities, result.symptoms, *result.beside.values())
    return not (sum(sum(one.values()) for one in counts) + result.shoes)


def import_in_words(result: ImportResult) -> list[str]:
    """Say what an import did.

    The same words on a terminal and on the page.
    """
    done = import_dict(result)
    return (
        headline(done)
        + _listed(done["skipped"], "reason", "Left out")
        + _listed(done["notes"], "note", "Noted")
    )


def headline(done: Mapping[str, Any]) -> list[str]:
    """Say in a few lines what came in.

    Counts first, reasons after.
    """
    samples = done["samples"]
    lines = [
        _counts("session", done["activities"]),
        f"{_many(samples['files'], 'recording')} read, {samples['rows']:,} seconds kept"
        if samples["files"]
        else "",
        _counts("symptom entry", done["symptoms"], "symptom entries"),
        _counts("set of exercises", done.get("strength", NOTHING_IN), "sets of exercises"),
        _counts("test result", done.get("tests", NOTHING_IN)),
        _counts("event", done.get("events", NOTHING_IN)),
        f"{_many(done['shoes'], 'pair')} of shoes seen" if done["shoes"] else "",
        f"{_many(len(done['skipped']), 'item')} left out" if done["skipped"] else "",
    ]
    if done.get("unknown_sports"):
        names = ", ".join(f"{name} ({n})" for name, n in sorted(done["unknown_sports"].items()))
        lines.append(f"Sports no table knows, kept under their own name and not counted as running: {names}")
    return [f"{line}." for line in lines if line] or ["Nothing was found."]


def _counts(one: str, counts: Mapping[str, int], many: str | None = None) -> str:
    total = sum(counts.values())
    if not total:
        return ""
    parts = ", ".join(
        f"{counts[kind]:,} {kind}" for kind in ("new", "updated", "unchanged") if counts.get(kind)
    )
    return f"{_many(total, one, many)}: {parts}"


def _many(n: int, one: str, many: str | None = None) -> str:
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def _listed(rows: list[dict[str, str]], text: str, title: str) -> list[str]:
    lines = [f"{title}: {row['path']}: {row[text]}" for row in rows[:FEW_SKIPPED]]
    more = len(rows) - FEW_SKIPPED
    return [*lines, f"… and {more:,} more; --json lists them all."] if more > 0 else lines
