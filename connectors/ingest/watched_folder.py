"""A folder that is watched: files that are put there are handed on once they are whole."""

# A file counts as whole when its size and time have stood still, and it does not say itself that more is to
# come: a ZIP without its list at the end and a FIT file shorter than its header says are waited for longer.
# Names that browsers give to what is not yet loaded are passed over. What is deleted is of no concern.

from __future__ import annotations

import os
import time
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from watchfiles import watch

from connectors import file_formats
from connectors.archive import _is_clutter as is_clutter
from connectors.ingest.file_digests import file_digest

SETTLE_S = 2.0
"""How long size and time of a file stand still before it is read. Design choice."""
INCOMPLETE_S = 60.0
"""How long a file that says itself that more is to come is waited for. Design choice."""
LOOK_S = 0.5
RESCAN_S = 30.0
"""How often the folder is listed anew: some network drives tell nobody of new files."""
LOADING = (
    ".part",
    ".crdownload",
    ".download",
    ".partial",
    ".tmp",
    ".temp",
    ".opdownload",
    ".!ut",
    ".filepart",
)
TABLES = (".zip", ".csv", ".tsv", ".txt", ".xlsx", ".ods")
_EXPORT = "activities.csv"
_FIT_HEADER = 12


@dataclass
class _Waiting:
    """A file that is waited for: what was seen of it last, and since when it has stood still."""

    size: int
    changed_ns: int
    since_s: float


class FolderWatch:
    """One watched folder."""

    def __init__(
        self,
        folder: Path,
        known: Callable[[], Collection[str]],
        bring_in: Callable[[Sequence[Path]], bool],
        settle_s: float = SETTLE_S,
        incomplete_s: float = INCOMPLETE_S,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        self.folder = folder
        self._is_wanted = is_wanted
        self._known = known
        self._bring_in = bring_in
        self._settle_s, self._incomplete_s = settle_s, incomplete_s
        self._waiting: dict[Path, _Waiting] = {}
        self._done: dict[Path, tuple[int, int]] = {}
        self._endings = (*(end for source in file_formats() for end in source.suffixes), *TABLES)

    def run(self, stop: Event, on_absent: Callable[[], None] = lambda: None) -> None:
        """Watch until told to stop or not wanted any more; of a folder that is away `on_absent` is told once."""
        was_there = True
        while not stop.is_set() and self._is_wanted():
            if self.folder.is_dir():
                was_there = True
                self._watch(stop)
            elif was_there:
                was_there = False
                on_absent()
            stop.wait(LOOK_S)

    def look(self, paths: Iterable[Path] | None = None) -> None:
        """Look at some paths, or at all there are, and hand on what is whole by now."""
        for path in self._listed([self.folder] if paths is None else paths):
            self._see(path)
        for path in list(self._waiting):
            self._see(path)
        ready = [path for path in sorted(self._waiting) if self._is_ready(path)]
        if ready:
            self._hand_on(ready)

    def _watch(self, stop: Event) -> None:
        self.look()
        scanned = time.monotonic()
        changes = watch(
            self.folder,
            stop_event=stop,
            rust_timeout=int(LOOK_S * 1000),
            yield_on_timeout=True,
            raise_interrupt=True,
            watch_filter=None,
        )
        for change in changes:
            if not self._is_wanted():
                return
            is_due = time.monotonic() - scanned > RESCAN_S
            if is_due:
                if not self.folder.is_dir():
                    return
                scanned = time.monotonic()
            self.look(None if is_due else [Path(path) for _, path in change])

    def _listed(self, paths: Iterable[Path]) -> Iterator[Path]:
        for path in paths:
            if path.is_dir() and not path.is_symlink():
                for folder, folders, names in os.walk(path, followlinks=False):
                    folders[:] = [one for one in folders if not is_clutter(one)]
                    yield from (Path(folder, name) for name in names)
            else:
                yield path

    def _see(self, path: Path) -> None:
        try:
            if path.is_symlink() or not path.is_file() or not self._is_meant(path):
                self._waiting.pop(path, None)
                return
            facts = path.stat()
        except OSError:
            self._waiting.pop(path, None)  # gone again: that is no concern of an import
            return
        seen = (facts.st_size, facts.st_mtime_ns)
        if self._done.get(path) == seen:
            return
        known = self._waiting.get(path)
        if known is None or (known.size, known.changed_ns) != seen:
            self._waiting[path] = _Waiting(*seen, time.monotonic())

    def _is_meant(self, path: Path) -> bool:
        name = path.name.lower()
        inside = path.relative_to(self.folder).as_posix() if path.is_relative_to(self.folder) else path.name
        if is_clutter(inside) or name.endswith(LOADING) or name.startswith("~$"):
            return False
        return name.removesuffix(".gz").endswith(self._endings)

    def _is_ready(self, path: Path) -> bool:
        waiting = self._waiting[path]
        still_s = time.monotonic() - waiting.since_s
        if not waiting.size or still_s < self._settle_s:
            return False
        return still_s >= self._incomplete_s or is_complete(path)

    def _hand_on(self, ready: list[Path]) -> None:
        digests = {path: file_digest(path) for path in ready}
        known = self._known()
        new = [path for path, digest in digests.items() if digest is not None and digest not in known]
        units = list(dict.fromkeys(self._unit(path) for path in new))
        waited_for = {path for path in self._waiting if path not in ready}
        # An unpacked export is one thing: it is read once all of it is there.
        units = [
            one for one in units if not (one.is_dir() and any(w.is_relative_to(one) for w in waited_for))
        ]
        taken = self._bring_in(units) if units else True
        for path in ready:
            unit = self._unit(path)
            if path in new and (unit not in units or not taken):
                if not taken:
                    self._waiting[path].since_s = time.monotonic() + RESCAN_S
                continue
            waiting = self._waiting.pop(path)
            self._done[path] = (waiting.size, waiting.changed_ns)

    def _unit(self, path: Path) -> Path:
        """The outermost folder of an unpacked export that a file is part of, else the file itself."""
        around = [one for one in path.parents if one == self.folder or self.folder in one.parents]
        exports = [one for one in around if (one / _EXPORT).is_file()]
        return exports[-1] if exports else path


def is_complete(path: Path) -> bool:
    """Whether a file has its end, as far as its kind says where that is."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_FIT_HEADER)
            if head[:4] == b"PK\x03\x04":
                return zipfile.is_zipfile(path)
            if head[8:12] == b".FIT":
                return path.stat().st_size >= head[0] + int.from_bytes(head[4:8], "little") + 2
            if path.suffix.lower() in (".gpx", ".tcx"):
                stream.seek(max(0, path.stat().st_size - 64))
                return stream.read().rstrip(b"\0 \t\r\n").endswith(b">")
    except OSError:
        return False
    return True
