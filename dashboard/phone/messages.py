"""Sends the reminder to the addresses that a runner named, by Apprise."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from connectors.errors import HeelwiseError
from connectors.late_imports import late_import
from connectors.store.token_vault import Vault

LONGEST = 2_000
MOST = 10
NOT_AN_ADDRESS = (
    "That is not an address that Apprise knows, such as ntfy://topic or mailto://name:password@example.org. Nothing "
    "was changed. Its list of services: https://appriseit.com/services/"
)
TOO_MANY = f"There are {MOST} addresses already. Nothing was changed. Remove them first with --forget."


def add_address(vault: Vault, athlete_id: int, typed: str) -> int:
    """Check an address and keep it in the vault; return how many there are. The same one twice is kept once."""
    address = typed.strip()
    if not 0 < len(address) <= LONGEST or not _is_known(address):
        raise HeelwiseError(NOT_AN_ADDRESS)
    there = vault.read_addresses(athlete_id)
    if address not in there and len(there) >= MOST:
        raise HeelwiseError(TOO_MANY)
    addresses = [*there, *([] if address in there else [address])]
    vault.write_addresses(athlete_id, addresses)
    return len(addresses)


def send(addresses: Sequence[str], words: str) -> int:
    """Send words to each address; return how many took them. One that fails keeps no other from being asked."""
    return sum(_notify(address, words) for address in addresses)


def _notify(address: str, words: str) -> bool:
    sender = _sender()
    return bool(sender.add(address)) and bool(sender.notify(body=words))


def _is_known(address: str) -> bool:
    # Apprise takes several addresses in one text, parted by commas: one at a time, so that each is counted.
    sender = _sender()
    return bool(sender.add(address)) and len(sender) == 1


def _sender() -> Any:
    # Its log names addresses. It is imported only here: it takes a third of a second.
    apprise = late_import("apprise")
    logging.getLogger("apprise").disabled = True
    asset = apprise.AppriseAsset(
        app_id="Heelwise",
        app_desc="Heelwise",
        app_url="",
        image_url_mask="",
        async_mode=False,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )
    return apprise.Apprise(asset=asset)
