"""What an import did: as the one object of `import --json`, and in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from connectors.source import ImportResult

FEW = 10
BESIDE = {"strength": "strength", "tests": "test_result", "events": "event"}
"""What a diary holds beside symptoms: our key, and the contract."""
NONE = {"new": 0, "updated": 0, "unchanged": 0}


def as_json(result: ImportResult) -> str:
    """Write the result as one JSON object on one line.

    Parameters
    ----------
    result : ImportResult
        What the import did.

    Returns
    -------
    str
        The keys of the contract, then `notes`, `unknown_sports`, `strength`, `tests` and `events`; keys
        are only ever added.

    Source
    ------
    ours: the contract for those who run Heelwise from outside.
    """
    return json.dumps(as_dict(result), allow_nan=False)


def as_dict(result: ImportResult) -> dict[str, Any]:
    """Give the result as plain values.

    Parameters
    ----------
    result : ImportResult
        What the import did.

    Returns
    -------
    dict
        As for `as_json`.

    Source
    ------
    ours: one shape for the command line, the store's job row and the page.
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
        **{key: {**NONE, **result.beside.get(name, {})} for key, name in BESIDE.items()},
    }


def is_empty(result: ImportResult) -> bool:
    """Tell whether nothing came in and nothing was there already.

    Parameters
    ----------
    result : ImportResult
        What the import did.

    Returns
    -------
    bool
        True when no activity, no entry of a diary and no pair of shoes was seen.

    Source
    ------
    ours: a repeated import that changes nothing is a success; one that finds nothing is not.
    """
    counts = (result.activities, result.symptoms, *result.beside.values())
    return not (sum(sum(one.values()) for one in counts) + result.shoes)


def in_words(result: ImportResult) -> list[str]:
    """Say what an import did.

    Parameters
    ----------
    result : ImportResult
        What the import did.

    Returns
    -------
    list of str
        Plain lines; at most ten of the skipped and noted ones are spelled out.

    Source
    ------
    ours: the same words on a terminal and on the page.
    """
    done = as_dict(result)
    return (
        headline(done)
        + _listed(done["skipped"], "reason", "Left out")
        + _listed(done["notes"], "note", "Noted")
    )


def headline(done: Mapping[str, Any]) -> list[str]:
    """Say in a few lines what came in.

    Parameters
    ----------
    done : mapping
        As `as_dict` gives it.

    Returns
    -------
    list of str
        A line each for sessions, recordings, entries, shoes and unknown sports; none for what is absent.

    Source
    ------
    ours: counts first, reasons after.
    """
    samples = done["samples"]
    lines = [
        _counts("session", done["activities"]),
        f"{_many(samples['files'], 'recording')} read, {samples['rows']:,} seconds kept"
        if samples["files"]
        else "",
        _counts("symptom entry", done["symptoms"], "symptom entries"),
        _counts("set of exercises", done.get("strength", NONE), "sets of exercises"),
        _counts("test result", done.get("tests", NONE)),
        _counts("event", done.get("events", NONE)),
        f"{_many(done['shoes'], 'pair')} of shoes seen" if done["shoes"] else "",
        f"{_many(len(done['skipped']), 'item')} left out" if done["skipped"] else "",
    ]
    if done.get("unknown_sports"):
        names = ", ".join(f"{name} ({n})" for name, n in sorted(done["unknown_sports"].items()))
        lines.append(
            "Words for sports that are not known here; each session counts as a run where it moves like one: "
            f"{names}"
        )
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
    lines = [f"{title}: {row['path']}: {row[text]}" for row in rows[:FEW]]
    more = len(rows) - FEW
    return [*lines, f"… and {more:,} more; --json lists them all."] if more > 0 else lines
