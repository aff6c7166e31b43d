"""Rows that are not as they were written: what is said of them, and the check on the first open of a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from connectors.errors import HeelwiseError
from connectors.store import Store, home_folder, open_store
from connectors.store.address import jobs_address
from connectors.store.digests import UnverifiedRows
from dashboard.shared import crash_log

CHECKED_ON = "rows_checked_on"
"""Setting of the machine: the local date of the last check."""
LEASE = "check of rows"
LEASE_S = 60.0
_MOST_LISTED = 4


def unverified_sentence(rows: Sequence[UnverifiedRows]) -> str:
    """Say what does not verify and that what is drawn from it carries the doubt; empty where all is well."""
    if not rows:
        return ""
    listed = ", ".join(one.in_words() for one in rows[:_MOST_LISTED])
    more = f" and {len(rows) - _MOST_LISTED} more" if len(rows) > _MOST_LISTED else ""
    return (
        f"Part of this record is not as it was written ({listed}{more}); its disk may be failing. What is worked out "
        "from it may be wrong."
    )


def check_rows(store: Store, today: date) -> bool:
    """Check the rows of all runners unless that was done today; return whether it was done now."""
    if store.machine_settings().get(CHECKED_ON) == today.isoformat():
        return False
    for runner in store.runners():
        store.name_runner(runner.athlete_id)
        store.verify([runner.athlete_id])
    store.set_machine_setting(CHECKED_ON, today.isoformat())
    return True


def check_in_background(home: Path | None = None) -> None:
    """Check once after the dashboard has started."""
    folder = home or home_folder()
    try:
        with open_store(folder, jobs_address()) as store, store.leases.hold(LEASE, LEASE_S) as is_mine:
            if is_mine:
                check_rows(store, date.today())
    except HeelwiseError:
        return  # the page says what is wrong with the store; the next start tries again
    except Exception as error:  # a thread that dies must leave a trace
        crash_log.record_crash(folder, error)
