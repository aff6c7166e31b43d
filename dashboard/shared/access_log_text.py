"""The words of the access log, for its runner."""

from __future__ import annotations

from datetime import datetime, tzinfo

from connectors.store.access_log import CHANGED, DOWNLOADED, FORGOT, IMPORTED, SAW, AccessEntry
from dashboard.shared import doors

TITLE = "Who saw this"
NOBODY = (
    "Nobody but whoever runs this machine has opened or changed this record since the log began. A person who signs in "
    "and a paired phone are noted here; what stands in the record is not."
)
WHAT_IT_IS = (
    "Who opened or changed this record, newest first: a page once in a quarter of an hour, each change and each file "
    "that was saved. What stands in the record is not noted, and no entry can be changed or deleted."
)
DOING = {
    SAW: "opened",
    CHANGED: "changed",
    DOWNLOADED: "saved a file from",
    IMPORTED: "brought in",
}
RIGHTS = {"gave": "gave a right", "confirmed": "confirmed a right", "ended": "ended a right"}
OF_RECORD = {
    "added": "began this record",
    "made code": "made a code for this record",
    "looked at code": "looked at a code of this record",
    "claimed": "claimed this record",
    "asked": "asked to see this record",
    "undid claim": "undid the claim of this record",
    FORGOT: "deleted this record",
}
SUBJECTS = {
    "activity": "a run",
    "symptom": "the symptom log",
    "strength": "the sets",
    "event": "the events",
    "shoe": "the shoes",
    "shoe_fact": "the facts of shoes",
    "plan": "the plan",
    "programme": "the programme",
    "edit": "an edit",
    "onset": "the start of a flare",
    "setting": "the settings",
    "files": "files",
    "match": "which runs are the same",
    "runner": "name or label",
    "home": "Today",
}


def actor_in_words(entry: AccessEntry) -> str:
    """Return who it was: a name where there is one, else what is known."""
    kind, _, number = entry.actor.partition(":")
    if kind == "person":
        return entry.actor_name or f"A person (number {number})"
    if kind == "device":
        return f"A paired phone (number {number})"
    return "Whoever runs this machine"


def entry_in_words(entry: AccessEntry, zone: tzinfo | None) -> str:
    """Return one entry as a sentence."""
    who, subject = f"{time_in_words(entry.at, zone)}: {actor_in_words(entry)}", entry.subject or "the record"
    if entry.action in OF_RECORD:
        return f"{who} {OF_RECORD[entry.action]}."
    if entry.action not in DOING:
        return f"{who} {RIGHTS.get(entry.action, entry.action)}: {subject}."
    doing = DOING[entry.action]
    what = SUBJECTS.get(subject, subject.replace("_", " "))
    if entry.action == SAW and subject not in SUBJECTS:
        behind = doors.find(subject)
        what = f"the page {behind[1].title if behind else what.capitalize()}"
    return f"{who} {doing} {what}."


def time_in_words(at: datetime, zone: tzinfo | None) -> str:
    """Return a time as the reader's clock shows it."""
    local = at.astimezone(zone)
    return f"{local.day} {local:%B %Y, %H:%M}"
