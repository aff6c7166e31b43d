"""One portable file with everything but tokens: written by `backup`, read by `restore`."""

from connectors.backup.restoring import Restored, restore
from connectors.backup.writing import backup

__all__ = ["Restored", "backup", "restore"]
