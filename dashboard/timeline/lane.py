"""The record of a lane: everything the Timeline, its printed picture and its switches know of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from dashboard.model.analysis import Analysis
from dashboard.timeline.canvas import Canvas, LaneArea

KeyEntries = list[tuple[str, str]]


def no_key(canvas: Canvas) -> KeyEntries:
    """Return no entry: the title and the unit name all there is."""
    return []


def always(analysis: Analysis, strength: pl.DataFrame) -> bool:
    """Return that a lane is offered to every runner; where it is empty it names the reason."""
    return True


@dataclass(frozen=True)
class Lane:
    """One lane; lanes of one id are chosen together, under the title of their group."""

    id: str
    title: str
    unit: Callable[[Canvas], list[str]]
    height: Callable[[Canvas], float]
    columns: Sequence[str]
    draw: Callable[[Canvas, LaneArea], None]
    key: Callable[[Canvas], KeyEntries] = no_key
    is_available: Callable[[Analysis, pl.DataFrame], bool] = always
    group: str = ""
    # Of the step-ups: where one of these channels stepped up, the lane is shown.
    channels: Sequence[str] = ()
    # Whether the Timeline opens with it, whatever stepped up.
    is_usual: bool = False

    @property
    def choice(self) -> str:
        """The words on its switch and in the alternative text."""
        return self.group or self.title


def fixed(screen: float, paper: float) -> Callable[[Canvas], float]:
    """Return a height that never changes, px on the screen and on paper."""
    return lambda canvas: canvas.pick(screen, paper)


def words(*lines: str) -> Callable[[Canvas], list[str]]:
    """Return a unit that is the same for every runner."""
    return lambda canvas: list(lines)
