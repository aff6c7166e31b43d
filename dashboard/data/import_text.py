"""What is said of imports: the list, and what taking one back did."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from connectors.store.import_batches import ImportBatch
from connectors.store.import_undo import TakenBack
from dashboard.shared import text

LISTED_FILES = 3
NAMES = {
    "activity": ("session", "sessions"),
    "shoe": ("pair of shoes", "pairs of shoes"),
    "symptom": ("symptom entry", "symptom entries"),
    "strength": ("set of exercises", "sets of exercises"),
    "test_result": ("test result", "test results"),
    "event": ("event", "events"),
    "statement": ("clause about a leg", "clauses about a leg"),
}
NO_IMPORTS = "Nothing was imported yet."
EDITS_STAY = "What was said of them by hand is kept and counts again when they return."
BRING_AGAIN = "To bring the same files in once more: heelwise import --again PATH"


def moment(seconds: float) -> str:
    """Write a time on this machine's clock, such as "14 Apr 2024 13:05"."""
    local = datetime.fromtimestamp(seconds).astimezone()
    return f"{text.day_in_words(local.date())} {local:%H:%M}"


def import_line(batch: ImportBatch) -> str:
    """Describe one import in a line: when, which files, what came in, from when to when, and what became of it."""
    parts = [moment(batch.started_s), files_of(batch), brought(batch)]
    if batch.taken_back_s is not None:
        parts.append(f"taken back {moment(batch.taken_back_s)}")
    return f"{batch.import_id}: " + "; ".join(part for part in parts if part)


def files_of(batch: ImportBatch) -> str:
    """Name the first files of an import, and count the rest."""
    more = len(batch.files) - LISTED_FILES
    listed = ", ".join(batch.files[:LISTED_FILES])
    return f"{listed} and {more:,} more" if more > 0 else listed


def brought(batch: ImportBatch) -> str:
    """Describe what an import brought, and from when to when."""
    if batch.finished_s is None:
        return "stopped before its end"
    result: Mapping[str, Any] = json.loads(batch.result or "{}")
    counts = {"activity": result.get("activities", {}), "symptom": result.get("symptoms", {})}
    counts |= result.get("beside", {})
    seen = {name: sum(one.values()) for name, one in counts.items()} | {"shoe": result.get("shoes", 0)}
    parts = amounts({name: count for name, count in seen.items() if count})
    first, last = result.get("first"), result.get("last")
    if first and last:
        parts += f", {text.span_in_words(date.fromisoformat(first), date.fromisoformat(last))}"
    return parts


def amounts(counts: Mapping[str, int]) -> str:
    """Write counts of rows by contract name, such as "3 sessions and 1 pair of shoes"."""
    parts = []
    for name, count in counts.items():
        if count:
            one, many = NAMES.get(name, ("other row", "other rows"))
            parts.append(f"{count:,} {one if count == 1 else many}")
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def taken_back(done: TakenBack, name: str) -> list[str]:
    """Describe what taking an import back did, a sentence each."""
    parts = [
        ("Removed: {}.", done.removed),
        ("As before the import again: {}.", done.restored),
        ("Kept, since another import brought them too or they were there before: {}.", done.shared),
        ("Kept, since they were changed by hand since or are in use: {}.", done.changed),
        ("Kept as they are, since what they were before is no longer stored: {}.", done.swept),
    ]
    lines = [sentence.format(amounts(counts)) for sentence, counts in parts if sum(counts.values())]
    lines = lines or ["It had changed nothing."]
    if done.removed["activity"] or done.removed["shoe"]:
        lines.append(EDITS_STAY)
    return [f"Import {done.import_id} of {name} is taken back.", *lines]
