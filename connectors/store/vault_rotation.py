"""A new key for the vault: written before the old one, everything closed anew, then the old one taken away."""

# Cut off anywhere, the file of keys holds both or the one that opens the vault: whoever runs it again finishes it.

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from connectors.errors import StoreError
from connectors.store.private_file import write_private
from connectors.store.token_vault import FileSecrets, Vault
from connectors.store.vault_keys import KEY_FILE, KEY_NAME, VAULT_KEY, VaultKeys, new_key

BY_HAND = (
    "Put a new key (`heelwise vault new-key` prints one) before the old one, on a line or with a comma between them, "
    "start Heelwise again with both, and run this once more; then take the old one away."
)


@dataclass(frozen=True)
class Rotation:
    """What a change of the key did."""

    file: Path | None
    """The file that holds the new key; None where it is in the environment."""
    is_finished_one: bool
    """Whether the new key was there before: a change that was cut off, or one that a person began."""
    is_old_there: bool
    """Whether the old key still has to be taken away by a person."""


def rotate(vault: Vault, sign_anew: Callable[[VaultKeys], None]) -> Rotation:
    """Close everything with a new key; `sign_anew` signs what lies beside the vault with the first of the keys."""
    with vault.locked_file() as secrets_file:
        keys = secrets_file.keys()
        _remove_parts(keys.file)
        is_begun = len(keys.keys) > 1
        if not is_begun:
            keys = _with_new_key(secrets_file, keys)
        text = secrets_file.read()
        if text is not None:
            secrets_file.write(text)
        sign_anew(keys)
        return Rotation(keys.file, is_begun, not _is_old_gone(secrets_file, keys))


def _with_new_key(secrets_file: FileSecrets, keys: VaultKeys) -> VaultKeys:
    if not keys.keys:
        raise StoreError("There are no secrets and no key here yet, so there is nothing to replace.")
    if keys.file is None:
        raise StoreError(
            f"The key is in {VAULT_KEY}, which Heelwise cannot change. Nothing was changed. {BY_HAND}"
        )
    both = b"\n".join((new_key(), *keys.keys[: keys.in_file])) + b"\n"
    try:
        write_private(keys.file, both)
    except StoreError as error:
        raise StoreError(
            f"The key lies in {keys.file}, which could not be replaced here. Nothing was changed. {BY_HAND}"
        ) from error
    return secrets_file.keys()


def _is_old_gone(secrets_file: FileSecrets, keys: VaultKeys) -> bool:
    """Take the old keys away where that is ours to do; return whether none is left."""
    try:
        if keys.file is not None and keys.in_file > 1:
            write_private(keys.file, keys.keys[0] + b"\n")
    except StoreError:
        return False
    if keys.file != secrets_file.own_key:
        # The first key is given from outside: one that lies beside the vault from before opens nothing any more.
        secrets_file.own_key.unlink(missing_ok=True)
    return len(secrets_file.keys().keys) == 1


def _remove_parts(file: Path | None) -> None:
    """Delete what a change that was killed left beside the file of keys: it holds keys."""
    if file is None:
        return
    name = re.compile(rf"\.{re.escape(file.name)}\.[0-9a-f]{{8}}\.part")
    for path in file.parent.glob(f".{file.name}.*.part"):
        if name.fullmatch(path.name):
            path.unlink(missing_ok=True)


def rotation_in_words(done: Rotation) -> str:
    """Describe what was done and what is still to do."""
    where = f"in {done.file}" if done.file else f"first in {VAULT_KEY}"
    begun = "The change of the key that was begun is finished: all" if done.is_finished_one else "All"
    left = (
        f" Now take the old key out of {done.file or VAULT_KEY}, and start Heelwise again."
        * done.is_old_there
    )
    is_given = done.file is not None and done.file.name != KEY_NAME
    copy = f" Keep a copy of it where that of {KEY_FILE} came from." * is_given
    return f"{begun} secrets are closed, and the list of forgotten runners is signed, with the key {where}.{copy}{left}"
