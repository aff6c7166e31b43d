"""How a runner arranged the lanes of the Timeline: their order and their heights, as one setting in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

SETTING = "timeline_arrangement"
HEIGHTS = {"low": 0.7, "usual": 1.0, "high": 1.5}
USUAL = "usual"


@dataclass(frozen=True)
class Arrangement:
    """Ids of lanes in their order, and how high each is that is not as usual."""

    order: tuple[str, ...] = ()
    heights: Mapping[str, str] = field(default_factory=dict)

    @property
    def stretch(self) -> dict[str, float]:
        """How many times its own height each lane is drawn."""
        return {lane: HEIGHTS[height] for lane, height in self.heights.items()}

    def moved(self, lane: str, there: Sequence[str], by: int) -> Arrangement:
        """Return it with a lane moved up (-1) or down (+1) among those that are there, in the order they are shown."""
        order = self.sorted(there)
        at = order.index(lane)
        to = min(max(at + by, 0), len(order) - 1)
        order.insert(to, order.pop(at))
        return replace(self, order=tuple(order))

    def with_height(self, lane: str, height: str) -> Arrangement:
        """Return it with another height of one lane."""
        rest = {one: name for one, name in self.heights.items() if one != lane}
        return replace(self, heights=rest if height == USUAL else {**rest, lane: height})

    def sorted(self, there: Sequence[str]) -> list[str]:
        """Return lanes in this order; those it does not name follow as they stand."""
        return sorted(
            there, key=lambda lane: self.order.index(lane) if lane in self.order else len(self.order)
        )

    def written(self) -> str | None:
        """Write it as a setting; None where everything is as usual."""
        order = list(self.order) or list(self.heights)
        lanes = [*order, *(lane for lane in self.heights if lane not in order)]
        if not self.order and not self.heights:
            return None
        kind = "ordered" if self.order else "as they stand"
        return kind + ":" + ",".join(f"{lane}={self.heights.get(lane, USUAL)}" for lane in lanes)


def read_arrangement(setting: str | None, known: Sequence[str]) -> Arrangement:
    """Read the setting; lanes and heights that are not known (any more) are passed over."""
    kind, _, rest = (setting or "").partition(":")
    pairs = [part.partition("=")[::2] for part in rest.split(",")]
    height_of = {lane: height for lane, height in pairs if lane in known and height in HEIGHTS}
    heights = {lane: height for lane, height in height_of.items() if height != USUAL}
    return Arrangement(tuple(height_of) if kind == "ordered" else (), heights)
