"""A sheet that lines, areas, bands and words are put on, written as one SVG without script, style or outside part."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

import numpy as np

from dashboard.charts.scale import stretches

CHARACTER = 0.5
"""Mean width of a character over the size of its type: for words that must not meet."""
HATCHES = {
    "/": "M-1 5 L5 -1 M-1 1 L1 -1 M3 5 L5 3",
    "\\": "M-1 -1 L5 5 M3 -1 L5 1 M-1 3 L1 5",
    "-": "M0 2 H4",
    "|": "M2 0 V4",
    "x": "M0 0 L4 4 M4 0 L0 4",
    ".": "M1.5 2 H2.5",
}
"""Four by four tiles. Grey tells two neighbours apart by these, not by tone alone."""


@dataclass
class Sheet:
    """What is on the sheet so far.

    Parameters
    ----------
    width, height
        px; a printer scales them.
    font
        CSS family list.
    """

    width: float
    height: float
    font: str
    parts: list[str] = field(default_factory=list)
    tiles: dict[str, str] = field(default_factory=dict)

    def box(self, x: float, y: float, width: float, height: float, fill: str, **more: object) -> None:
        """Put a rectangle down.

        Parameters
        ----------
        x, y, width, height : float
            px from the top left.
        fill : str
            CSS colour, or what `hatch` gives.
        **more
            SVG attributes; `_` stands for `-`.

        Source
        ------
        ours.
        """
        at = f"x='{_n(x)}' y='{_n(y)}' width='{_n(max(width, 0))}' height='{_n(max(height, 0))}'"
        self.parts.append(f"<rect {at} fill='{fill}'{_more(more)}/>")

    def line(self, x: np.ndarray, y: np.ndarray, colour: str, width: float = 1.2, dash: str = "") -> None:
        """Draw a line; where a value is not known there is a gap, and one known day alone is a dot.

        Parameters
        ----------
        x, y : ndarray, shape (n,)
            px; NaN in `y` is not known.
        colour : str
            CSS colour.
        width : float
            px.
        dash : str
            SVG dash pattern; empty is solid.

        Source
        ------
        ours.
        """
        runs = [(a, b) for a, b in stretches(np.isfinite(y))]
        path = "".join(_path(x[a:b], y[a:b]) if b - a > 1 else f"M{_n(x[a])} {_n(y[a])}h.1" for a, b in runs)
        if path:
            dashed = f" stroke-dasharray='{dash}'" if dash else " stroke-linecap='round'"
            look = f"fill='none' stroke='{colour}' stroke-width='{_n(width)}' stroke-linejoin='round'"
            self.parts.append(f"<path d='{path}' {look}{dashed}/>")

    def area(self, x: np.ndarray, low: np.ndarray, high: np.ndarray, fill: str, **more: object) -> None:
        """Fill between two lines; where either is not known nothing is filled.

        Parameters
        ----------
        x, low, high : ndarray, shape (n,)
            px; NaN is not known.
        fill : str
            CSS colour, or what `hatch` gives.
        **more
            SVG attributes; `_` stands for `-`.

        Source
        ------
        ours.
        """
        path = "".join(
            _path(np.concatenate([x[a:b], x[a:b][::-1]]), np.concatenate([high[a:b], low[a:b][::-1]])) + "Z"
            for a, b in stretches(np.isfinite(low) & np.isfinite(high))
        )
        if path:
            self.parts.append(f"<path d='{path}' fill='{fill}'{_more(more)}/>")

    def stroke(self, path: str, colour: str, width: float = 1.0, **more: object) -> None:
        """Draw along a path.

        Parameters
        ----------
        path : str
            SVG path data.
        colour : str
            CSS colour.
        width : float
            px.
        **more
            SVG attributes; `_` stands for `-`.

        Source
        ------
        ours.
        """
        self.parts.append(
            f"<path d='{path}' fill='none' stroke='{colour}' stroke-width='{_n(width)}'{_more(more)}/>"
        )

    def dots(self, x: np.ndarray, y: np.ndarray, radius: float, colour: str) -> None:
        """Put round marks down.

        Parameters
        ----------
        x, y : ndarray, shape (n,)
            px.
        radius : float
            px.
        colour : str
            CSS colour.

        Source
        ------
        ours: lines of next to no length and with round ends, a few bytes each.
        """
        path = "".join(f"M{_n(a)} {_n(b)}h.01" for a, b in zip(x, y, strict=True))
        if path:
            look = f"stroke='{colour}' stroke-width='{_n(2 * radius)}' stroke-linecap='round'"
            self.parts.append(f"<path d='{path}' fill='none' {look}/>")

    def text(self, x: float, y: float, words: str, colour: str, size: float = 10, **more: object) -> None:
        """Write words.

        Parameters
        ----------
        x, y : float
            px; `y` is the base line.
        words : str
            Any text: it stays text.
        colour : str
            CSS colour.
        size : float
            px.
        **more
            SVG attributes; `_` stands for `-`.

        Source
        ------
        ours.
        """
        at = f"x='{_n(x)}' y='{_n(y)}' font-size='{_n(size)}' fill='{colour}'"
        self.parts.append(f"<text {at}{_more(more)}>{escape(words)}</text>")

    def hatch(self, kind: str, colour: str, ground: str) -> str:
        """Make a fill of lines or dots on a ground.

        Parameters
        ----------
        kind : str
            A key of `HATCHES`, or empty for plain.
        colour, ground : str
            Hex, or "none" for a see-through ground.

        Returns
        -------
        str
            For `fill`.

        Source
        ------
        ours.
        """
        if not kind:
            return ground
        name = f"h{list(HATCHES).index(kind)}-{colour.lstrip('#')}-{ground.lstrip('#')}"
        self.tiles[name] = (
            f"<pattern id='{name}' width='4' height='4' patternUnits='userSpaceOnUse'>"
            f"<rect width='4' height='4' fill='{ground}'/>"
            f"<path d='{HATCHES[kind]}' fill='none' stroke='{colour}' stroke-width='.6'/></pattern>"
        )
        return f"url(#{name})"

    def written(self, title: str, description: str) -> str:
        """Write the sheet as SVG.

        Parameters
        ----------
        title, description : str
            What a listener hears.

        Returns
        -------
        str
            One element, for a page or a file of its own.

        Source
        ------
        ours: after SVG 1.1 and WAI-ARIA, role img with a title and a description.
        """
        size = f"viewBox='0 0 {_n(self.width)} {_n(self.height)}'"
        named = f"<title id='heelwise-t'>{escape(title)}</title><desc id='heelwise-d'>{escape(description)}</desc>"
        role = "role='img' aria-labelledby='heelwise-t heelwise-d'"
        tiles = f"<defs>{''.join(self.tiles.values())}</defs>" if self.tiles else ""
        return (
            f"<svg xmlns='http://www.w3.org/2000/svg' {size} {role} font-family='{escape(self.font)}'>"
            f"{named}{tiles}{''.join(self.parts)}</svg>"
        )


def _path(x: np.ndarray, y: np.ndarray) -> str:
    """Steps from point to point, in whole tenths of a px, so that they never add up to a drift."""
    at = np.round(np.stack([x, y]) * 10).astype(np.int64)
    steps = np.diff(at, axis=1)
    return f"M{_n(at[0, 0] / 10)} {_n(at[1, 0] / 10)}l" + " ".join(
        f"{_n(a / 10)} {_n(b / 10)}" for a, b in steps.T.tolist()
    )


def _n(value: float) -> str:
    """A tenth of a px, without a zero nobody needs."""
    short = f"{value + 0.0:.1f}".removesuffix(".0")
    return short.replace("0.", ".", 1) if short.startswith(("0.", "-0.")) else short


def _more(more: dict[str, object]) -> str:
    return "".join(
        f" {name.replace('_', '-')}='{escape(str(value), quote=True)}'" for name, value in more.items()
    )
