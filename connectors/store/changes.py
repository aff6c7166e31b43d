"""Hearing of a change of the store by whichever process: a device removed, a session or a grant ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from connectors.store.backend import ChangeListener
from connectors.store.database import StorePart


class Changes(StorePart):
    """The changes of a store; `Store.changes`."""

    @contextmanager
    def listening(self) -> Iterator[ChangeListener]:
        """Listen until the end of the block; a change between its start and the first wait is heard too."""
        listener = self._database.backend.listener()
        try:
            with self._database.backend.plain_errors():
                yield listener
        finally:
            listener.close()
