"""The rules of thumb the model is shown beside, and how any of them is judged against planted days.

Each rule gives stretches of days (first, last) and the day on which it could first have spoken.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

JOIN = 3
AFTER = 7
"""Days after the last planted one that still hold it in their week."""
AFTERMATH = 10


@dataclass(frozen=True)
class Mark:
    """One stretch that a rule points at."""

    first: int
    last: int
    spoken: int


def joined(days: np.ndarray) -> list[Mark]:
    """Days that a rule marks, those up to three apart as one."""
    found: list[Mark] = []
    for day in np.nonzero(days)[0].tolist():
        if found and day - found[-1].last - 1 <= JOIN:
            found[-1] = Mark(found[-1].first, day, found[-1].spoken)
        else:
            found.append(Mark(day, day, day))
    return found


def acwr(metres: np.ndarray, limit: float = 1.5) -> list[Mark]:
    """Distance of 7 days over a quarter of that of 28, both ending today; from the 28th day on."""
    total = np.concatenate([[0.0], np.cumsum(metres)])
    marked = np.zeros(len(metres), dtype=bool)
    day = np.arange(27, len(metres))
    month = (total[day + 1] - total[day - 27]) / 4
    marked[day] = (total[day + 1] - total[day - 6] > limit * month) & (month > 0)
    return joined(marked)


def ten_percent(metres: np.ndarray, first_weekday: int = 0) -> list[Mark]:
    """Calendar week more than a tenth above the one before, each week by itself; known on its last day."""
    start = -first_weekday % 7
    weeks = metres[start : start + (len(metres) - start) // 7 * 7].reshape(-1, 7).sum(axis=1)
    found: list[Mark] = []
    for week in range(1, len(weeks)):
        if weeks[week - 1] > 0 and weeks[week] > 1.1 * weeks[week - 1]:
            sunday = start + 7 * week + 6
            found.append(Mark(sunday - 6, sunday, sunday))
    return found


def long_sessions(longest: np.ndarray, limit: float = 1.1) -> list[Mark]:
    """Run more than a tenth longer than the longest of the 30 days before; from the 31st day on."""
    marked = np.zeros(len(longest), dtype=bool)
    for day in range(30, len(longest)):
        before = longest[day - 30 : day].max()
        marked[day] = before > 0 and longest[day] > limit * before
    return joined(marked)


def found(marks: list[Mark], first: int, last: int) -> Mark | None:
    """First mark that holds a planted day, or a day whose week still does; it may have begun before."""
    return next((m for m in marks if m.last >= first and m.first <= last + AFTER), None)


def beside(marks: list[Mark], spans: list[tuple[int, int]]) -> list[Mark]:
    """Marks that touch no planted overload and no day of its aftermath."""
    return [m for m in marks if all(m.last < first or m.first > last + AFTERMATH for first, last in spans)]
