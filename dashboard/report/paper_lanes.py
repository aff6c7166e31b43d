"""The lanes on paper: what each draws, with the scale it has on the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from dashboard import words
from dashboard.charts import lane_load, lane_shoes, lane_symptoms
from dashboard.charts.flare_marks import TOP
from dashboard.charts.palette import OKABE_ITO
from dashboard.charts.scale import last_known, round_top, stretches
from dashboard.report.paper import NAMES, SMALL, Band, Paper
from dashboard.report.paper_symptoms import pain, stiffness
from dashboard.report.svg import HATCHES

SHOE_ROW = 11.0
NAME = 16  # characters beside the picture
Scale = tuple[float, float]


@dataclass(frozen=True)
class PaperLane:
    """One lane of the sheet.

    Parameters
    ----------
    title
        What stands beside it.
    unit
        Lines under the title.
    px
        Height; 0 leaves the lane out.
    scale
        Ends of its scale.
    draw
        Puts it on the sheet.
    ticks
        Values written on the scale.
    """

    title: str
    unit: Callable[[Paper], list[str]]
    px: Callable[[Paper], float]
    scale: Callable[[Paper], Scale]
    draw: Callable[[Paper, Band], None]
    ticks: Callable[[Paper, Band], list[tuple[float, str]]]


def load(paper: Paper, band: Band) -> None:
    """Draw load as a solid line, habit as a dotted one in its range; dashed is estimated, hatched not known.

    Parameters
    ----------
    paper, band
        As for `paper_symptoms.pain`.

    Source
    ------
    ours: as on the screen.
    """
    look, sheet, x = paper.colours, paper.sheet, paper.x
    per = np.float32(paper.picture.units.load(1.0))
    habit, least, most, acute, low, high = (paper.values(f"{n}_7d_tkm") * per for n in lane_load.NEEDED)
    sheet.area(x, band.y(least), band.y(np.minimum(most, band.high)), look.load, fill_opacity=0.13)
    for first, last in stretches(lane_load.is_missing(paper)):
        left, right = x[first], x[min(last, len(x)) - 1]
        sheet.box(
            left, band.top, right - left, band.bottom - band.top, sheet.hatch("/", look.unknown, "none")
        )
    guessed = lane_load.is_guessed(paper)
    joint = guessed | np.roll(guessed, 1) | np.roll(guessed, -1) if guessed.any() else guessed
    below, above = (band.y(np.where(guessed, end, np.nan)) for end in (low, high))
    sheet.area(x, below, above, look.load, fill_opacity=0.12)
    sheet.line(x, band.y(habit), look.habitual, 1.3, "1.2 2.2")
    sheet.line(x, band.y(np.where(joint, acute, np.nan)), look.load, 1.9, "4 2")
    sheet.line(x, band.y(np.where(guessed, np.nan, acute)), look.load, 1.9)
    one, other = (float(band.y(np.array(last_known(line)))) for line in (acute, habit))
    if abs(one - other) < 11:
        middle, sign = (one + other) / 2, 1 if one <= other else -1
        one, other = middle - 5.5 * sign, middle + 5.5 * sign
    sheet.line(np.array([NAMES, NAMES + 11]), np.full(2, one), look.load, 1.9)
    paper.beside(one, "last 7 days", look.load, room=15, font_weight="bold")
    sheet.line(np.array([NAMES, NAMES + 11]), np.full(2, other), look.habitual, 1.3, "1.2 2.2")
    paper.beside(other, "habit, its range", look.habitual, room=15)


def volume(paper: Paper, band: Band) -> None:
    """Draw the distance of 7 days, and a mark on each run much longer than before.

    Parameters
    ----------
    paper, band
        As for `paper_symptoms.pain`.

    Source
    ------
    ours; spikes after Frandsen 2025 (PMID 40623829).
    """
    y = paper.values("distance_7d_m") / np.float32(paper.picture.units.metres(1.0))
    _filled(paper, band, y, paper.colours.volume)
    spikes = paper.picture.spikes.filter(
        pl.col("local_date").is_between(paper.picture.start, paper.picture.end)
    )
    for moment in spikes["local_date"]:
        at = int(np.clip(np.searchsorted(paper.x, paper.day(moment)), 0, max(len(y) - 1, 0)))
        _arrow(paper, paper.day(moment), float(band.y(np.nan_to_num(y[at : at + 1]))[0]) - 3)
    if spikes.height:
        _arrow(paper, NAMES + 4, band.top + 11)
        paper.beside(band.top + 8, "longer than any in", paper.colours.spike, room=11)
        paper.beside(band.top + 18, "30 days before", paper.colours.spike, room=11)


def _arrow(paper: Paper, x: float, tip: float) -> None:
    above = np.full(3, tip - 6)
    low = np.array([tip - 6, tip, tip - 6])
    paper.sheet.area(np.array([x - 3.5, x, x + 3.5]), above, low, paper.colours.spike)


def fast(paper: Paper, band: Band) -> None:
    """Draw the minutes above the runner's own fast speed.

    Parameters
    ----------
    paper, band
        As for `paper_symptoms.pain`.

    Source
    ------
    ours.
    """
    y = paper.values("fast_7d_s") / np.float32(60)
    _filled(paper, band, y, paper.colours.fast)
    if not np.isfinite(y).any():
        paper.absent(band, words.NO_SPEED)


def hills(paper: Paper, band: Band) -> None:
    """Draw climb up and descent down from one zero line.

    Parameters
    ----------
    paper, band
        As for `paper_symptoms.pain`.

    Source
    ------
    ours.
    """
    per = np.float32(paper.picture.units.height(1.0))
    up, down = paper.values("ascent_7d_m") * per, -paper.values("descent_7d_m") * per
    _filled(paper, band, up, paper.colours.up)
    _filled(paper, band, down, paper.colours.down)
    if not np.isfinite(up).any():
        paper.absent(band, words.NO_ALTITUDE)
        return
    paper.beside(band.top + 8, "climb", paper.colours.up)
    paper.beside(band.bottom - 4, "descent", paper.colours.down)


def shoes(paper: Paper, band: Band) -> None:
    """Draw the share of each pair, told apart by pattern and named beside the lane.

    Parameters
    ----------
    paper, band
        As for `paper_symptoms.pain`.

    Source
    ------
    ours: what is not known is left white.
    """
    look, sheet, under = paper.colours, paper.sheet, np.zeros(paper.rows.height)
    pairs = lane_shoes.worn(paper)
    if not pairs:
        paper.absent(band, words.NO_RUNS)
    for place, (shoe, share) in enumerate(pairs.items()):
        fill = look.background if shoe == lane_shoes.UNKNOWN else _pattern(paper, shoe)
        edge = {"stroke": look.muted, "stroke_width": 0.5}
        known = np.where(sum(pairs.values()) > 0, 0.0, np.nan)
        sheet.area(paper.x, band.y(under + known), band.y(under + share + known), fill, **edge)
        under = under + share
        y = band.bottom - (place + 0.5) * SHOE_ROW
        sheet.box(NAMES, y - 4, 11, 8, fill, **edge)
        sheet.text(NAMES + 15, y + 3, _shoe(paper, shoe), look.ink, SMALL)


def _pattern(paper: Paper, shoe: str) -> str:
    """A pair keeps its pattern in every window, as it keeps its colour on the screen."""
    order = [*paper.picture.shoe_names, lane_shoes.OTHER]
    place = order.index(shoe) if shoe in order else len(order)
    kinds = ["", *HATCHES]
    turn = place % len(kinds)
    colour = OKABE_ITO[place % len(OKABE_ITO)]
    return paper.sheet.hatch(kinds[turn], paper.colours.muted, _pale(colour))


def _pale(colour: str) -> str:
    """Half way to white, so that lines on it are seen in grey."""
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{(part + 2 * 255) // 3:02x}" for part in parts)


def _shoe(paper: Paper, shoe: str) -> str:
    said = {lane_shoes.OTHER: words.SHOE_OTHER, lane_shoes.UNKNOWN: words.SHOE_UNKNOWN}
    return said.get(shoe) or lane_shoes.shortened(
        paper.picture.shoe_names.get(shoe, words.SHOE_NAMELESS), NAME
    )


def cadence(paper: Paper, band: Band) -> None:
    """Draw the step rate at matched speed against the runner's own line.

    Parameters
    ----------
    paper, band
        As for `paper_symptoms.pain`.

    Source
    ------
    ours.
    """
    y = paper.values("cadence_deviation_pct")
    paper.sheet.line(paper.x, band.y(np.clip(y, band.low, band.high)), paper.colours.cadence)
    if not np.isfinite(y).any():
        paper.absent(band, words.NO_CADENCE)


def _filled(paper: Paper, band: Band, y: np.ndarray, colour: str) -> None:
    zero = band.y(np.zeros(len(y)))
    paper.sheet.area(paper.x, zero, np.where(np.isfinite(y), band.y(y), np.nan), colour, fill_opacity=0.13)
    paper.sheet.line(paper.x, band.y(y), colour)


def _fixed(px: float) -> Callable[[Paper], float]:
    return lambda paper: px


def _ends(paper: Paper, band: Band) -> list[tuple[float, str]]:
    marks = [(band.high, f"{band.high:g}"), (0.0, "0")]
    return [*marks, (band.low, f"{abs(band.low):g}")] if band.low < 0 else marks


def _signed(paper: Paper, band: Band) -> list[tuple[float, str]]:
    return [(band.high, f"+{band.high:g}"), (0.0, "0"), (band.low, f"−{abs(band.low):g}")]


def _load_top(paper: Paper) -> Scale:
    highest = max(paper.highest("load_7d_tkm"), paper.highest("habitual_7d_tkm"))
    return 0.0, round_top(paper.picture.units.load(1.0) * highest * 1.04, 10)


def _hill_top(paper: Paper) -> Scale:
    highest = max(paper.highest("ascent_7d_m"), paper.highest("descent_7d_m"))
    top = round_top(paper.picture.units.height(highest), 100)
    return -top, top


def _cadence_top(paper: Paper) -> Scale:
    whole = paper.picture.lanes["cadence_deviation_pct"].abs().quantile(0.995)
    top = round_top(float(whole or 0), 4)
    return -top, top


def _stiff_top(paper: Paper) -> Scale:
    column = lane_symptoms.stiffness_column(paper)
    top = round_top(paper.highest(column), 30) if column == "stiffness_min" else 10.0
    return -top * 0.08, top


def _stiff_unit(paper: Paper) -> list[str]:
    return ["min, morning"] if lane_symptoms.stiffness_column(paper) == "stiffness_min" else ["0–10, morning"]


def _load_unit(paper: Paper) -> list[str]:
    said = [f"{paper.picture.units.load_unit}, last 7 days"]
    said += ["dashed: estimated"] if lane_load.is_guessed(paper).any() else []
    return said + ([words.HATCHED] if lane_load.is_missing(paper).any() else [])


def _volume_top(paper: Paper) -> Scale:
    return 0.0, round_top(paper.picture.units.distance(paper.highest("distance_7d_m")), 10)


def _fast_top(paper: Paper) -> Scale:
    return 0.0, round_top(paper.highest("fast_7d_s") / 60, 20)


def _logged(px: float, otherwise: float) -> Callable[[Paper], float]:
    return lambda paper: px if lane_symptoms.ever_logged(paper) else otherwise


def _tall(paper: Paper) -> float:
    return max(40.0, SHOE_ROW * len(lane_shoes.worn(paper)))


def _distance(paper: Paper) -> list[str]:
    return [f"{paper.picture.units.distance_unit}, last 7 days"]


def _height(paper: Paper) -> list[str]:
    return [f"{paper.picture.units.height_unit}, last 7 days"]


def _share(paper: Paper) -> list[str]:
    return [f"% of {paper.picture.units.distance_unit},", "last 7 days"]


def _to_ten(paper: Paper, band: Band) -> list[tuple[float, str]]:
    return [(0.0, "0"), (10.0, "10")]


def _whole(paper: Paper, band: Band) -> list[tuple[float, str]]:
    return [(0.0, "0"), (100.0, "100")]


LANES = (
    PaperLane("Pain", lambda p: ["0–10"], _logged(44, 24), lambda p: (-0.8, TOP), pain, _to_ten),
    PaperLane("Stiffness", _stiff_unit, _logged(24, 0), _stiff_top, stiffness, lambda p, b: _ends(p, b)[:2]),
    PaperLane("Tendon load", _load_unit, _fixed(70), _load_top, load, _ends),
    PaperLane("Volume", _distance, _fixed(36), _volume_top, volume, _ends),
    PaperLane("Fast minutes", lambda p: ["min, last 7 days"], _fixed(28), _fast_top, fast, _ends),
    PaperLane("Hills", _height, _fixed(38), _hill_top, hills, _ends),
    PaperLane("Shoes", _share, _tall, lambda p: (0.0, 100.0), shoes, _whole),
    PaperLane("Cadence", lambda p: ["% at same speed"], _fixed(28), _cadence_top, cadence, _signed),
)
"""In the order of the Timeline."""
