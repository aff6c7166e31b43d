"""Files that only their owner may read, replaced in one step."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from connectors.errors import VaultUnreadable
from connectors.store.disk_errors import disk_error


def read_private(path: Path, if_open: str | None = None) -> bytes | None:
    """Read a file that must be its owner's alone, with a sentence for one that others may read; None without one.

    As ssh does with private keys. Windows keeps rights elsewhere and is not asked.
    """
    try:
        with path.open("rb") as file:
            if os.name == "posix" and os.fstat(file.fileno()).st_mode & 0o077:
                raise VaultUnreadable(
                    if_open
                    or f"{path} may be read by other users of this machine, so it was not used. Run `chmod 600 "
                    f"{path}`; if somebody may have read it, disconnect Strava and link it again."
                )
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise disk_error(error, path) from error


def write_private(path: Path, content: bytes) -> None:
    """Replace a file in one step, readable by its owner alone.

    The content is on the disk before the name points at it, for a lost refresh token ends the link.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise disk_error(error, path) from error
