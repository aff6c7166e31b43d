"""Taking one import back, with the local days and duplicate runs worked out anew."""

from __future__ import annotations

from connectors.store import Store
from connectors.store.after_import import assign_local_dates, record_duplicates
from connectors.store.import_undo import TakenBack


def take_back_import(store: Store, import_id: int) -> TakenBack:
    """Undo one import: what only it brought is deleted, the rest is as it was before; edits stay."""
    done = store.revert_import(import_id)
    assign_local_dates(store, done.athlete_id)
    record_duplicates(store, done.athlete_id)
    return done
