"""Which Streamlit session and which media file belongs to whom, learned from what their own socket is sent."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict

from dashboard.access.identity import Identity

# Streamlit hands out a file by its hash and takes an upload by a session's number, and asks nobody who they are. What a
# socket carried to somebody is theirs; so nothing of Streamlit's inside is needed to know it.
_NAMED = re.compile(rb"/media/([0-9a-f]{16,128})|/_stcore/upload_file/([0-9A-Za-z-]{8,64})/")
_MEDIA, _UPLOADS = "/media/", "/_stcore/upload_file/"
MOST = 50_000
"""Names remembered; the oldest are dropped first, and answer 403 from then on."""


class Bindings:
    """Remembers whose each session and each file is; many may own a file, since equal bytes have one name."""

    def __init__(self, most: int = MOST) -> None:
        self._owners: OrderedDict[str, frozenset[str]] = OrderedDict()
        self._most = most
        self._lock = threading.Lock()

    def learn(self, identity: Identity, payload: bytes) -> None:
        """Remember what a message to somebody's socket names as theirs."""
        if b"/media/" not in payload and b"/upload_file/" not in payload:
            return
        for match in _NAMED.finditer(payload):
            self._add((match[1] or match[2]).decode(), identity.key)

    def _add(self, name: str, key: str) -> None:
        with self._lock:
            self._owners[name] = self._owners.get(name, frozenset()) | {key}
            self._owners.move_to_end(name)
            while len(self._owners) > self._most:
                self._owners.popitem(last=False)

    def may_have(self, identity: Identity, path: str) -> bool:
        """Return whether a path names no session and no file, or one that is this person's."""
        for start in (_MEDIA, _UPLOADS):
            if path.startswith(start):
                name = path.removeprefix(start).split("/")[0].split(".")[0]
                with self._lock:
                    return identity.key in self._owners.get(name, frozenset())
        return True

    def forget(self, key: str) -> None:
        """Drop everything that belongs to somebody who may ask no longer."""
        with self._lock:
            rest = {name: owners - {key} for name, owners in self._owners.items()}
            self._owners = OrderedDict((name, owners) for name, owners in rest.items() if owners)
