"""What is worked out again after rows came in: local dates by the usual zone, and which rows are one run."""

from __future__ import annotations

from connectors.deduplication import same_sessions
from connectors.frames import ACTIVITY
from connectors.local_date import machine_zone, usual_zone, with_local_date
from connectors.store import Store


def assign_local_dates(store: Store, athlete_id: int) -> None:
    """Return every activity without a zone of its own the account's most usual one, and its local date.

    An evening run belongs to its own evening, or the next morning's symptoms meet the wrong day.
    """
    rows = store.read(ACTIVITY, athlete_id)
    if rows.is_empty():
        return
    zone = store.settings(athlete_id).get("timezone") or usual_zone(rows) or machine_zone()
    dated = with_local_date(rows, zone)
    changed = dated.filter(dated["local_date"] != rows["local_date"])
    if changed.height:
        store.write(ACTIVITY, changed)


def record_duplicates(store: Store, athlete_id: int) -> None:
    """Write down which activities the rule takes for one; what a person decided stays.

    See `connectors.deduplication`.
    """
    pairs = same_sessions(store.read(ACTIVITY, athlete_id))
    known = {(a, b) for a, b in store.matches(athlete_id).select("activity_id", "same_as").iter_rows()}
    new = [(a, b, True, "rule") for a, b in pairs if (a, b) not in known and (b, a) not in known]
    if new:
        store.decide_matches(athlete_id, new)
