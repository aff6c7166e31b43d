"""One portable file with everything but tokens: written by `backup`, read by `restore`."""

from __future__ import annotations

from connectors.backup.restore import RestoreResult as Restored
from connectors.backup.restore import restore
from connectors.backup.write import backup

__all__ = ["Restored", "backup", "restore"]
