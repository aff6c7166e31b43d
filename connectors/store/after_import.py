"""What is worked out again after rows came in: local dates by the usual zone, and which rows are one run."""

from __future__ import annotations

import polars as pl

from connectors.deduplication import HIDDEN_START, same_sessions
from connectors.frames import ACTIVITY
from connectors.local_date import machine_zone, usual_zone, with_local_date
from connectors.sports import sport_names
from connectors.store import Store

_IS_SETTLED = (
    pl.all_horizontal(pl.col("distance_m", "moving_s", "elapsed_s") > 0),
    pl.col("sport").is_in(sorted(set(sport_names()))),
    pl.col("flags").fill_null("").str.contains(HIDDEN_START, literal=True).not_(),
)
"""What makes a row one whose start, length and sport no recording changes."""


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


def record_duplicates(store: Store, athlete_id: int, *, are_totals_final: bool = True) -> None:
    """Write down which activities the rule takes for one; what a person decided stays.

    See `connectors.deduplication`. While recordings are still to be read, only pairs that none of them can change.
    """
    rows = store.read(ACTIVITY, athlete_id)
    pairs = same_sessions(rows)
    if not are_totals_final:
        settled = set(rows.filter(*_IS_SETTLED)["activity_id"])
        pairs = [pair for pair in pairs if settled.issuperset(pair)]
    known = {(a, b) for a, b in store.matches(athlete_id).select("activity_id", "same_as").iter_rows()}
    new = [(a, b, True, "rule") for a, b in pairs if (a, b) not in known and (b, a) not in known]
    if new:
        store.decide_matches(athlete_id, new)
