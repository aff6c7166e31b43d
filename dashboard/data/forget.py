"""Forgetting a runner, or everybody: the link to Strava ended, everything deleted, a receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.errors import StoreError, VaultUnreadable
from connectors.frames import ACTIVITY, STORED
from connectors.plural import count
from connectors.store import Runner, Store
from connectors.store.token_vault import Vault
from dashboard.shared import crash_log
from dashboard.strava_link import link


@dataclass(frozen=True)
class DeletionReceipt:
    """What was deleted of one runner."""

    runner: Runner
    activities: int
    entries: int
    recordings: int
    revoked: Sequence[str]


def forget(store: Store, vault: Vault, runners: Sequence[Runner]) -> list[str]:
    """Forget runners, and say what was done."""
    # The link first, so that nothing can come in behind the deletion; then rows and recordings, then the room
    # they took.
    gone = [_forget_one(store, vault, one) for one in runners]
    lines = [f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC."]
    for one in gone:
        lines.append(
            f"Deleted: {one.runner.name}, with {count(one.activities, 'activity', 'activities')}, "
            f"{count(one.recordings, 'recording')} and "
            f"{count(one.entries, 'entry', 'entries')} of shoes, symptoms, strength, plans and edits."
        )
        lines += one.revoked
    if not [one for one in store.runners() if not one.is_demo]:
        lines += _forget_app(store, vault)
    lines.append(_compacted(store))
    lines.append("Backups and reports that you saved elsewhere are not touched: delete those files yourself.")
    return lines


def _forget_one(store: Store, vault: Vault, runner: Runner) -> DeletionReceipt:
    revoked: list[str] = []
    try:
        if vault.read(runner.athlete_id) is not None:
            revoked = link.receipt_in_words(
                link.disconnect(store, vault, runner.athlete_id, with_data=False)
            )[1:3]
    except VaultUnreadable as error:
        revoked = [str(error)]
    counts = {contract.name: store.read(contract, runner.athlete_id).height for contract in STORED}
    recordings = sum(whose == runner.athlete_id for whose, _, _ in store.samples.files())
    store.delete_runner(runner.athlete_id)
    activities = counts.pop(ACTIVITY.name)
    return DeletionReceipt(runner, activities, sum(counts.values()), recordings, revoked)


def _forget_app(store: Store, vault: Vault) -> list[str]:
    """Nobody is left: the key of the API app and the problem log go too."""
    (store.home / crash_log.LOG_NAME).unlink(missing_ok=True)
    try:
        if vault.read_app() is None:
            return []
        vault.write_app(None)
    except VaultUnreadable as error:
        return [str(error)]
    return ["The client id and secret of the Strava API app are deleted too."]


def _compacted(store: Store) -> str:
    try:
        store.compact()
    except StoreError:
        return "What was deleted is overwritten; the room it took is given back at the next deletion."
    return "What was deleted is overwritten, and the room it took is given back."
