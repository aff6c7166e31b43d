"""Forgetting a runner, or everybody: writers ended, the link to Strava ended, everything deleted, a receipt."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from connectors.errors import LockTaken, StoreError, VaultUnreadable
from connectors.frames import ACTIVITY, STORED
from connectors.plural import count
from connectors.store import Runner, Store
from connectors.store.deletion import Deletion, deleting
from connectors.store.token_vault import Vault
from connectors.store.work_lock import quiet_runner
from connectors.strava import oauth
from dashboard.key_links.service import drop_keys
from dashboard.shared import crash_log, jobs, watched_folders
from dashboard.strava_link import background_sync, link

QUIET_S = 10.0
"""s in which an import or a sync of the runner has to end by itself."""
MOST_LEFT = 10
"""Up to so many files that are not of Heelwise are named."""
DISK = "A disk may keep deleted files' blocks for a while; full-disk encryption covers that."
STILL_RUNNING = (
    "An import or a sync of {name} in another program has not ended yet. It can write nothing more, and what it may "
    "still leave is deleted at the next start."
)
LOG_IN_USE = "Another program is reading the database; its log is emptied at the next start."
IN_USE = (
    "The empty database stays, since another program has it open. Close every Heelwise window and command, and run "
    "heelwise forget --all --yes again."
)


@dataclass(frozen=True)
class DeletionReceipt:
    """What was deleted of one runner."""

    runner: Runner
    activities: int
    entries: int
    was_writing: bool
    revoked: Sequence[str]
    files: Deletion


def forget(store: Store, vault: Vault, runners: Sequence[Runner], everything: bool = False) -> list[str]:
    """Forget runners and say what was done; with everything, all other files of Heelwise go too."""
    store.sweep()
    gone = [_forget_one(store, vault, one) for one in runners]
    lines = [f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC."]
    for one in gone:
        lines += _in_words(one)
    if not [one for one in store.runners() if not one.is_demo]:
        lines += _forget_app(store, vault)
    lines += _compacted(store, gone)
    lines += _gone_from_dumps(store) if gone else []
    left = [path for one in gone for path in one.files.left]
    if everything:
        left, is_in_use = store.erase()
        lines += [IN_USE] if is_in_use else ["Deleted: every other file of Heelwise in its folder."]
    lines += [DISK, *_left_in_words(store.home, left)]
    lines.append("Backups and reports that you saved elsewhere are not touched: delete those files yourself.")
    return lines


def forget_own(store: Store, runner: Runner) -> list[str]:
    """Forget the record of a person who has signed in, through their own store, and say what was done."""
    # Asked before: with the mark the right to ask anything of this record ends, but for the deletion itself.
    one = _forget_one(store, store.vault(), runner)
    lines = [f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC.", *_in_words(one)]
    lines += ["Nobody has a right in it any more.", *_gone_from_dumps(store), DISK]
    return [
        *lines,
        "Copies and reports that you saved yourself are not touched: delete those files yourself.",
    ]


def _forget_one(store: Store, vault: Vault, runner: Runner) -> DeletionReceipt:
    athlete_id = runner.athlete_id
    counts = {contract.name: store.read(contract, athlete_id).height for contract in STORED}
    home = store.work_folder(athlete_id)
    with deleting(home, athlete_id):
        # The mark first: whatever is begun from here on finds nobody to write for.
        _mark(store, athlete_id)
        watched_folders.look_again()
        was_writing = _end_writers(home, athlete_id)
        revoked = [*_revoked(vault, athlete_id), *_keys_dropped(vault, athlete_id)]
        revoked += _addresses_dropped(vault, athlete_id)
        files = store.delete_runner(athlete_id)
    activities = counts.pop(ACTIVITY.name)
    return DeletionReceipt(runner, activities, sum(counts.values()), was_writing, revoked, files)


def _mark(store: Store, athlete_id: int) -> None:
    try:
        store.mark_deletion(athlete_id)
    except StoreError:
        # An import that hangs inside a transaction keeps the database to itself.
        running = _started_here(store.work_folder(athlete_id), athlete_id)
        if not running:
            raise
        jobs.wait_or_kill(running, QUIET_S)
        store.mark_deletion(athlete_id)


def _started_here(home: Path, athlete_id: int) -> list[subprocess.Popen[bytes]]:
    started = [jobs.process_of(home, athlete_id), background_sync.process_of(home, athlete_id)]
    return [one for one in started if one is not None and one.poll() is None]


def _end_writers(home: Path, athlete_id: int) -> bool:
    """Wait for imports and syncs of a marked runner to end; those that were started here are ended after that."""
    running = _started_here(home, athlete_id)
    was_writing = bool(running)
    try:
        with quiet_runner(home, athlete_id, wait_s=0.0):
            pass
    except LockTaken:
        was_writing = True
    if was_writing:
        jobs.wait_or_kill(running, QUIET_S)
        try:
            with quiet_runner(home, athlete_id, wait_s=0.5 if running else QUIET_S):
                pass
        except LockTaken:
            return True  # another program's: it is stopped at its next write, and the receipt says so
    return was_writing


def _revoked(vault: Vault, athlete_id: int) -> list[str]:
    try:
        if vault.read(athlete_id) is None:
            return []
        receipt = oauth.revoke(vault, link.known_app(vault), athlete_id)
    except VaultUnreadable as error:
        return [str(error)]
    return link.receipt_in_words(link.DisconnectReceipt(receipt, None))[1:3]


def _keys_dropped(vault: Vault, athlete_id: int) -> list[str]:
    try:
        return drop_keys(vault, athlete_id)
    except VaultUnreadable:
        return []  # said with the link to Strava, which lies in the same vault


def _addresses_dropped(vault: Vault, athlete_id: int) -> list[str]:
    try:
        number = len(vault.read_addresses(athlete_id))
        if number:
            vault.write_addresses(athlete_id, [])
    except VaultUnreadable:
        return []  # said with the link to Strava, which lies in the same vault
    return [f"{count(number, 'address', 'addresses')} of the reminder deleted."] if number else []


def _in_words(one: DeletionReceipt) -> list[str]:
    name, files = one.runner.name, one.files
    uploads = f" and {count(files.uploads, 'uploaded file')}" if files.uploads else ""
    lines = [
        f"{name}: {count(one.activities, 'activity', 'activities')} and {count(one.entries, 'entry', 'entries')} of "
        f"shoes, symptoms, strength, plans and edits are overwritten; {count(files.recordings, 'recording')}{uploads} "
        f"{'is' if files.recordings + files.uploads == 1 else 'are'} deleted."
    ]
    if one.was_writing:
        lines.append(
            f"An import or a sync of {name} was under way and was ended."
            if files.is_quiet
            else STILL_RUNNING.format(name=name)
        )
    if files.copies:
        lines.append(
            f"{count(files.copies, 'copy', 'copies')} of the database from before an upgrade deleted."
        )
    lines += one.revoked
    return lines + [problem for problem in (files.problem, files.list_problem) if problem]


def _gone_from_dumps(store: Store) -> list[str]:
    """By when who is forgotten now is in no dump any more; nothing where no dumps are made."""
    day = store.dumps_gone_by(datetime.now(UTC).date())
    if day is None:
        return []
    return [
        f"Gone from backups by {day.day} {day:%b %Y}: until then a dump holds it, and no restore brings it back."
    ]


def _left_in_words(home: Path, left: Sequence[Path]) -> list[str]:
    if not left:
        return []
    names = [f"{path.relative_to(home).as_posix()}{'/' if path.is_dir() else ''}" for path in left]
    more = f" and {len(names) - MOST_LEFT} more" if len(names) > MOST_LEFT else ""
    return [f"Left, not ours: {', '.join(names[:MOST_LEFT])}{more}."]


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


def _compacted(store: Store, gone: Sequence[DeletionReceipt]) -> list[str]:
    try:
        store.compact()
    except StoreError:
        return ["The room that the overwritten rows took is given back at the next deletion."]
    return [] if all(one.files.is_log_empty for one in gone) else [LOG_IN_USE]
