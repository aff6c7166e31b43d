"""What was read from the database, remembered until any program changes it."""

# A page asks for the settings twenty times and for the same frames ten times, each a query of its own. Each database
# has a mark that changes with every change of any process. A file answers in microseconds. A server does not, and asked
# hundreds of times it took a fifth of a page: while a page is drawn it is asked once in half a second, and after
# whatever the page read or wrote itself. So nothing that is remembered is older than what the same page has read before
# it: rows of yesterday under the version of today would be worked out, and kept as today's.

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from connectors.store.backend import ChangeMark

REMEMBERED = 1024
"""Most answers held at a time: those of the open pages of a clinic, each person's apart. A change forgets them all."""

Answer = TypeVar("Answer")
_thread = threading.local()


@contextmanager
def settled() -> Iterator[None]:
    """Ask for changes by others no more often than a mark wants it, in this thread: while a page is drawn."""
    before = getattr(_thread, "asked", None)
    _thread.asked = {}
    try:
        yield
    finally:
        _thread.asked = before


def unsettle() -> None:
    """Ask anew at the next read of this thread: it has read or changed the database, or waited for who does."""
    if getattr(_thread, "asked", None):
        _thread.asked.clear()


class ReadMemory:
    """Answers by question, all of them forgotten with the next change of the database."""

    def __init__(self, mark: ChangeMark) -> None:
        self._mark = mark
        self._lock = threading.Lock()
        self._seen: Hashable = None
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()

    def answer(self, question: Hashable, read: Callable[[], Answer]) -> Answer:
        """Return what `read` returned since the last change, else what it returns now."""
        with self._lock:
            seen = self._forget_what_changed()
            if question in self._answers:
                self._answers.move_to_end(question)
                return self._answers[question]
        answer = read()
        with self._lock:
            # What changed while it was read may be in it or not: all that is remembered is of one state.
            if seen == self._ask():
                self._answers[question] = answer
                if len(self._answers) > REMEMBERED:
                    self._answers.popitem(last=False)
        return answer

    def close(self) -> None:
        """Close the connection that watches, and forget everything."""
        with self._lock:
            self._answers.clear()
            self._seen = None
            self._mark.close()

    def _forget_what_changed(self) -> Hashable:
        asked: dict[ReadMemory, float] = getattr(_thread, "asked", None) or {}
        is_settled = time.monotonic() - asked.get(self, float("-inf")) < self._mark.settled_s
        return self._seen if is_settled else self._ask()

    def _ask(self) -> Hashable:
        seen, asked = self._mark.current(), getattr(_thread, "asked", None)
        if asked is not None:
            asked[self] = time.monotonic()
        if seen != self._seen:
            self._answers.clear()
            self._seen = seen
        return seen
