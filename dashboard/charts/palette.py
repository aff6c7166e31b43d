"""Every colour of the pictures, for light and dark: one calm palette, no red for bodies.

Marks keep 3:1 and text 4.5:1 against the background of their theme, and no meaning hangs on colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Theme = Literal["light", "dark"]


@dataclass(frozen=True)
class Palette:
    """Colours of one theme, as hex."""

    background: str
    ink: str
    muted: str
    grid: str
    zero: str
    load: str
    habitual: str
    window: str
    window_edge: str
    window_text: str
    volume: str
    fast: str
    up: str
    down: str
    cadence: str
    pain: str
    stiffness: str
    spike: str
    unknown: str
    shoes: tuple[str, ...]


LIGHT = Palette(
    background="#ffffff",
    ink="#1b2530",
    muted="#566372",
    grid="#e8ecf0",
    zero="#b3bcc6",
    load="#0068a6",
    habitual="#5d7186",
    window="#fbf0d5",
    window_edge="#a3741a",
    window_text="#6f4a00",
    volume="#3d4956",
    fast="#a84f86",
    up="#00795a",
    down="#5c7f73",
    cadence="#5f5a9c",
    pain="#1b2530",
    stiffness="#74869a",
    spike="#b8520a",
    unknown="#7b8794",
    shoes=("#5d7f9e", "#00805d", "#a9588a", "#0072b2", "#c75400", "#4d5661", "#8a7d00", "#b87a00"),
)

DARK = Palette(
    background="#11161c",
    ink="#e9edf2",
    muted="#a3afbc",
    grid="#222a33",
    zero="#4b5764",
    load="#5fb6ea",
    habitual="#93a8bd",
    window="#332a12",
    window_edge="#b98f36",
    window_text="#f1cb74",
    volume="#c3ccd6",
    fast="#dd92bd",
    up="#3fc19a",
    down="#8fb3a6",
    cadence="#a8a3e6",
    pain="#f2f5f8",
    stiffness="#7f93a8",
    spike="#f09a4e",
    unknown="#77838f",
    shoes=("#7fa6c9", "#1fae86", "#cc79a7", "#3f97d6", "#e5762e", "#9aa5b1", "#d9cc3c", "#e69f00"),
)

OKABE_ITO = ("#5d7f9e", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#6e7781", "#f0e442", "#e69f00")
"""Fills of the shoes; the outlines and names in `Palette.shoes` are their readable kin. Amber comes last: it is the
colour of the windows."""

PATTERNS = ("", "/", "\\", "x", ".")


@dataclass(frozen=True)
class ShoeStyle:
    """How one pair is drawn, the same everywhere."""

    colour: str
    fill: str
    pattern: str


def palette_of(theme: Theme) -> Palette:
    """Return the colours of a theme.

    Contrast after WCAG 2.2 (1.4.3 and 1.4.11), held by a test.
    """
    return DARK if theme == "dark" else LIGHT


def shoe_styles(shoe_ids: Sequence[str], theme: Theme) -> dict[str, ShoeStyle]:
    """Return each pair its look, by the order in which the pairs were first worn.

    Hues after Okabe and Ito, Color Universal Design (2008).
    """
    colours = palette_of(theme).shoes
    styles: dict[str, ShoeStyle] = {}
    for place, shoe in enumerate(dict.fromkeys(shoe_ids)):
        turn, colour = divmod(place, len(colours))
        styles[shoe] = ShoeStyle(colours[colour], OKABE_ITO[colour], PATTERNS[turn % len(PATTERNS)])
    return styles


def contrast(one: str, other: str) -> float:
    """Contrast of two colours.

    WCAG 2.2, relative luminance and contrast ratio.
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def with_alpha(colour: str, share: float) -> str:
    """Build a colour see-through, so that a shaded window shows through the areas of the lanes."""
    red, green, blue = _channels(colour)
    return f"rgba({red},{green},{blue},{share:g})"


def pale(colour: str) -> str:
    """Return a colour two thirds of the way to white, so that lines on it are seen in grey."""
    return "#" + "".join(f"{(part + 2 * 255) // 3:02x}" for part in _channels(colour))


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    parts = (c / 255 for c in _channels(colour))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
