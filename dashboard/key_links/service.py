"""Links by a runner's own key: the key checked, whose account it opens, kept in the vault, and ended."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from connectors.errors import KeyRefused, LockTaken, OtherAccount, ServiceError
from connectors.frames import ACTIVITY, EVENT, SHOE, STATEMENT
from connectors.ingest.import_holds import check_overlaps
from connectors.plural import count
from connectors.store import Runner, Store
from connectors.store.file_lock import file_lock
from connectors.store.token_vault import LinkKey, Vault
from connectors.sync.key_service import Account, KeyApi, KeyService, key_services
from connectors.sync.key_sync import account_setting, opened_with_key
from connectors.sync.run import sync_lock
from connectors.sync.status import BUDGET, ask_to_stop, bookmark
from dashboard.key_links.load_change import load_before, note_load_change

QUIET_S = 20.0
"""s in which a sync that was asked to stop has to be done with its request."""
LONGEST_KEY = 4_096
LONGEST_DAYS = 366
WARN_DAYS = 7
"""Days before a key's end from which on its runner is told."""


@dataclass(frozen=True)
class KeyCheck:
    """What a service told of a key: whose account it opens, and why that may not be this runner's."""

    account: Account
    held: str | None = None


def clean_key(text: str) -> str:
    """Return a key without what copying puts around it; one with a gap inside is refused."""
    key = text.strip().strip("\"'").strip()
    if not key:
        raise KeyRefused("There is no key. Nothing was linked. Copy it again and paste it whole.")
    if len(key) > LONGEST_KEY or not key.isprintable() or " " in key or not key.isascii():
        raise KeyRefused(
            "A key is one word without spaces or line ends inside, and this is none. Nothing was linked. Copy it again."
        )
    return key


def check_key(store: Store, service: KeyService, runner: Runner | None, key: str) -> KeyCheck:
    """Ask a service whose account a key opens, and whether it fits the runner's record."""
    with opened_with_key(service, key) as api:
        account = api.account()
        if account.number is None:
            return KeyCheck(
                account,
                f"{service.title} does not tell whose account this is until it holds an activity, so nobody can say "
                "that it is yours.",
            )
        if runner is None:
            return KeyCheck(account)
        before = store.settings(runner.athlete_id).get(account_setting(service))
        if before is not None and before != account.number:
            return KeyCheck(
                account,
                f"This key opens the account of {account.in_words()} at {service.title}, and the record of "
                f"{runner.name} holds another account there.",
            )
        return KeyCheck(account, _overlapping(store, service, runner, api))


def _overlapping(store: Store, service: KeyService, runner: Runner, api: KeyApi) -> str | None:
    """Why the newest runs there cannot be this runner's: they happened beside runs on record."""
    page = next(api.history(None), None)
    before = store.read(ACTIVITY, runner.athlete_id).filter(pl.col("source") != service.source)
    if page is None or before.is_empty():
        return None
    parsed = api.parse(page.items, runner.athlete_id, before["fetched_utc"][0])
    incoming = pl.DataFrame(parsed.rows, schema=ACTIVITY.schema)
    held = check_overlaps(incoming, before, runner.name)
    return held.reason if held else None


def link_key(
    store: Store,
    vault: Vault,
    service: KeyService,
    runner: Runner,
    key: str,
    check: KeyCheck,
    days: int | None = None,
    same_runner: bool = False,
) -> None:
    """Keep a key that was checked; one that does not fit the record only when a person said that it does."""
    if check.held is not None and not same_runner:
        raise OtherAccount(f"{check.held} Nothing was linked.")
    ends_on = None if days is None else (date.today() + timedelta(days=days)).isoformat()
    number = check.account.number
    # One that names nobody yet is confirmed by the person alone, and its first number is then believed.
    link = LinkKey(key, number, check.account.name, ends_on, is_confirmed=number is not None or same_runner)
    if number is not None and store.settings(runner.athlete_id).get(account_setting(service)) not in (
        None,
        number,
    ):
        _forget_places(store, service, runner.athlete_id)
    vault.write_key(runner.athlete_id, service.id, link)
    if number is not None:
        store.set_settings(runner.athlete_id, {account_setting(service): number})


def key_ends(service: KeyService, key: LinkKey, today: date | None = None) -> str | None:
    """Say that a key ends within a week, or has ended; None where it does not or nobody knows."""
    if key.ends_on is None:
        return None
    left = (date.fromisoformat(key.ends_on) - (today or date.today())).days
    if left > WARN_DAYS:
        return None
    when = "has ended" if left < 0 else "ends today" if left == 0 else f"ends in {count(left, 'day', 'days')}"
    return f"Your key for {service.title} {when}. Make a new one there and link again; everything that came in stays."


def unlink(store: Store, vault: Vault, service: KeyService, athlete_id: int, with_data: bool) -> list[str]:
    """End a link: stop the sync, delete the key, and what came by it if asked; return the receipt."""
    ask_to_stop(store, athlete_id, service.id)
    with ExitStack() as quiet:
        with suppress(LockTaken):  # a sync that does not end is no reason to keep the key
            quiet.enter_context(file_lock(sync_lock(store, athlete_id, service.id), QUIET_S))
        had_key = vault.read_key(athlete_id, service.id) is not None
        vault.write_key(athlete_id, service.id, None)
        lines = [_dropped(service) if had_key else f"There was no key of {service.title} here."]
        if not with_data:
            lines.append("What came by the link was kept, as you chose.")
        else:
            before = load_before(store, athlete_id, [service.source])
            lines.append(_deleted(store, service, athlete_id))
            lines += note_load_change(store, athlete_id, before)
            _forget_places(store, service, athlete_id)
            store.set_settings(athlete_id, {account_setting(service): None})
    return [*lines, "What came from elsewhere, and what you wrote, was not touched."]


def drop_keys(vault: Vault, athlete_id: int) -> list[str]:
    """Delete every key of a runner who is forgotten; say where each is ended at its service."""
    linked = set(vault.keyed_services(athlete_id))
    lines = []
    for service in key_services():
        if service.id in linked:
            vault.write_key(athlete_id, service.id, None)
            lines.append(_dropped(service))
    return lines


def _dropped(service: KeyService) -> str:
    return f"The key of {service.title} on this machine is deleted. {service.revoke}"


def _deleted(store: Store, service: KeyService, athlete_id: int) -> str:
    gone = {}
    for contract in (ACTIVITY, SHOE, EVENT, STATEMENT):
        rows = store.read(contract, athlete_id).filter(pl.col("source") == service.source)
        gone[contract.name] = store.delete(contract, athlete_id, service.source, rows["source_id"].to_list())
    return (
        f"Deleted: {count(gone['activity'], 'activity', 'activities')}, {count(gone['shoe'], 'pair')} of shoes and "
        f"{count(gone['event'], 'race')} that came by the link. Runs that another source holds too stay with what it "
        "says."
    )


def _forget_places(store: Store, service: KeyService, athlete_id: int) -> None:
    """Take away what a sync remembers, but for the pace that the service asked for."""
    prefix = bookmark(service.id, "")
    stored = [name for name in store.bookmarks(athlete_id) if name.startswith(prefix)]
    store.set_bookmarks(athlete_id, {name: None for name in stored if name != bookmark(service.id, BUDGET)})


def linked_keys(vault: Vault, athlete_id: int) -> Sequence[tuple[KeyService, LinkKey]]:
    """Return the services that a runner has linked by a key, with the key."""
    keys = [(one, vault.read_key(athlete_id, one.id)) for one in key_services()]
    return [(service, key) for service, key in keys if key is not None]


def parse_days(text: str) -> int | None:
    """Read for how many days a key was made; empty is unknown."""
    plain = text.strip()
    if not plain:
        return None
    if not plain.isdecimal() or not 0 < int(plain) <= LONGEST_DAYS:
        raise ServiceError(f"A key is made for 1 to {LONGEST_DAYS} days. Nothing was linked.")
    return int(plain)
