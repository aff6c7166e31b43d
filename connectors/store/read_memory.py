"""What was read from the database, remembered until any program changes it."""

# A page asks for the settings twenty times and for the same frames ten times, each a query of its own. Each database
# has a mark that changes with every change of any process, and answers in microseconds.

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from connectors.store.backend import ChangeMark

REMEMBERED = 1024
"""Most answers held at a time: those of the open pages of a clinic, each person's apart. A change forgets them all."""

Answer = TypeVar("Answer")


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
            # Read after the count was taken: a change in between is forgotten at the next question.
            if seen == self._seen:
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
        seen = self._mark.current()
        if seen != self._seen:
            self._answers.clear()
            self._seen = seen
        return seen
