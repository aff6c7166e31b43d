"""What an import did: as the one object of `import --json`, and in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from connectors.plural import count
from connectors.source import ImportResult, is_in_by_summary
from dashboard.shared import text as shared_text

FEW_SKIPPED = 10
TAKE_BACK = "To take all of it back: heelwise imports --take-back {import_id}"
BESIDE = {"strength": "strength", "tests": "test_result", "events": "event", "statements": "statement"}
"""What comes in beside sessions and symptoms: our key, and the contract."""
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
        "unknown_exercises": dict(result.unknown_exercises),
        "date_questions": [
            {
                "path": one.path,
                "text": one.text,
                "day_first": one.day_first.isoformat(),
                "month_first": one.month_first.isoformat(),
            }
            for one in result.date_questions
        ],
        **{key: {**NOTHING_IN, **result.beside.get(name, {})} for key, name in BESIDE.items()},
        "import_id": result.import_id,
        "runner": result.runner,
        "from": result.first and result.first.isoformat(),
        "to": result.last and result.last.isoformat(),
        "merged": result.merged,
        "doubted": [{"path": one.path, "doubt": one.reason} for one in result.doubted],
        **({"question": result.question} if result.question else {}),
        **({"held": {"reason": result.held.reason, "account": result.held.account}} if result.held else {}),
    }


def is_empty(result: ImportResult) -> bool:
    """Return whether nothing came in and nothing was there already.

    A repeated import that changes nothing is a success; one that finds nothing is not.
    """
    counts = (result.activities, result.symptoms, *result.beside.values())
    return not (sum(sum(one.values()) for one in counts) + result.shoes)


def import_in_words(result: ImportResult) -> list[str]:
    """Describe what an import did.

    The same words on a terminal and on the page.
    """
    done = import_dict(result)
    if done.get("held"):
        return []
    return (
        headline(done)
        + _listed(done["doubted"], "doubt", "Doubted")
        + _listed(left_out(done), "reason", "Left out")
        + _listed(by_summary(done), "reason", "In by summary")
        + _listed(done["notes"], "note", "Noted")
        + ([done["question"]] if done.get("question") else [])
        + ([TAKE_BACK.format(import_id=result.import_id)] if result.import_id is not None else [])
    )


def held_sentence(done: Mapping[str, Any]) -> str:
    """Describe why an import was held, and that nothing is in."""
    return f"{done['held']['reason']} Nothing was brought in."


def headline(done: Mapping[str, Any]) -> list[str]:
    """Describe in a few lines what came in.

    Counts first, reasons after.
    """
    samples = done["samples"]
    lines = [
        _title(done),
        _counts("session", done["activities"]),
        _recordings(samples),
        _counts("symptom entry", done["symptoms"], "symptom entries"),
        _counts("set of exercises", done.get("strength", NOTHING_IN), "sets of exercises"),
        _counts("test result", done.get("tests", NOTHING_IN)),
        _counts("event", done.get("events", NOTHING_IN)),
        _counts("clause about a leg", done.get("statements", NOTHING_IN), "clauses about a leg"),
        f"{count(done['shoes'], 'pair')} of shoes seen" if done["shoes"] else "",
        _merged(done.get("merged", 0)),
        f"{count(len(done['doubted']), 'doubt')} to look at on the Runs page" if done.get("doubted") else "",
        f"{count(len(left_out(done)), 'item')} left out" if left_out(done) else "",
    ]
    if done.get("unknown_sports"):
        names = ", ".join(f"{name} ({n})" for name, n in sorted(done["unknown_sports"].items()))
        lines.append(
            "Words for sports that are not known here; each session counts as a run where it moves like one: "
            f"{names}"
        )
    if done.get("unknown_exercises"):
        lines.append(_unknown_exercises(done["unknown_exercises"]))
    return [f"{line}." for line in lines if line] or ["Nothing was found."]


def left_out(done: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return what did not come in."""
    return [row for row in done["skipped"] if not is_in_by_summary(row["reason"])]


def by_summary(done: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the runs that are in, but without a recording: nothing of them was left out."""
    return [row for row in done["skipped"] if is_in_by_summary(row["reason"])]


def _recordings(samples: Mapping[str, int]) -> str:
    if not samples["files"]:
        return ""
    hours = samples["rows"] / 3600
    length = count(round(hours), "hour") if hours >= 1 else count(max(1, round(hours * 60)), "minute")
    return f"{count(samples['files'], 'recording')} read, {length} long"


def _title(done: Mapping[str, Any]) -> str:
    if done.get("import_id") is None:
        return ""
    first, last = done.get("from"), done.get("to")
    when = (
        f", {shared_text.span_in_words(date.fromisoformat(first), date.fromisoformat(last))}"
        if first and last
        else ""
    )
    return f"Import {done['import_id']} for {done['runner']}{when}"


def _merged(number: int) -> str:
    if not number:
        return ""
    which = count(number, "session is", "sessions are")
    return f"{which} one run with another record, and {'counts' if number == 1 else 'count'} once"


def _unknown_exercises(counts: Mapping[str, int]) -> str:
    names = sorted(counts, key=lambda name: (-counts[name], name))
    listed = ", ".join(f"{name} ({count(counts[name], 'set')})" for name in names[:FEW_SKIPPED])
    more = f", and {len(names) - FEW_SKIPPED} more" if len(names) > FEW_SKIPPED else ""
    return (
        f"Exercises no table knows, kept under their own name: {listed}{more}. Say once what each is, on the Strength "
        'page or with import --exercise "NAME=EXERCISE"; the answer is remembered'
    )


def _counts(one: str, counts: Mapping[str, int], many: str | None = None) -> str:
    total = sum(counts.values())
    if not total:
        return ""
    parts = ", ".join(
        f"{counts[kind]:,} {kind}" for kind in ("new", "updated", "unchanged") if counts.get(kind)
    )
    return f"{count(total, one, many)}: {parts}"


def _listed(rows: list[dict[str, str]], text: str, title: str) -> list[str]:
    by_reason: dict[str, list[str]] = {}
    for row in rows:
        by_reason.setdefault(row[text], []).append(row["path"])
    lines = [f"{title}: {_first(paths)}: {reason}" for reason, paths in list(by_reason.items())[:FEW_SKIPPED]]
    more = sum(map(len, list(by_reason.values())[FEW_SKIPPED:]))
    return [*lines, f"… and {more:,} more; --json lists them all."] if more > 0 else lines


def _first(paths: list[str]) -> str:
    more = len(paths) - FEW_SKIPPED
    listed = ", ".join(paths[:FEW_SKIPPED])
    return f"{listed} and {more:,} more" if more > 0 else listed
