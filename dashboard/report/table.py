"""The picture in numbers: a row for each stretch of seven days, or month, or year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from dashboard import report_words as said
from dashboard import words
from dashboard.report.material import Material
from dashboard.report.parts import Grid
from dashboard.units import Units

METRES = 1000.0
MOST_WEEKS, MOST_MONTHS = 18, 24
Day = dict[str, Any]


def grid(of: Material) -> Grid | None:
    """Lay the days of the period out as a table that fits a page.

    Parameters
    ----------
    of : Material
        With its document.

    Returns
    -------
    Grid or None
        Newest first; None without days. Stretches of seven days count back from the last one, so that none is cut.

    Source
    ------
    ours: a picture is never the only way to a value.
    """
    days = of.document["days"]
    if not days:
        return None
    last = date.fromisoformat(days[-1]["date"])
    months = len({day["date"][:7] for day in days})
    by, name = _grain(len(days), months, last)
    stretches: dict[str, list[Day]] = {}
    for day in reversed(days):
        stretches.setdefault(name(day["date"]), []).append(day)
    units = of.units
    head = [
        by,
        f"Distance ({units.distance_unit})",
        f"Load ({units.load_unit})",
        "Highest ratio",
        "Highest pain",
        "Stiff (min)",
        "Days logged",
    ]
    return Grid(said.TABLE, head, [_row(key, part, units) for key, part in stretches.items()])


def _grain(count: int, months: int, last: date) -> tuple[str, Callable[[str], str]]:
    if count <= MOST_WEEKS * 7:

        def week(text: str) -> str:
            back = (last - date.fromisoformat(text)).days // 7 * 7
            return words.day(date.fromordinal(last.toordinal() - back))

        return said.WEEKS, week
    if months <= MOST_MONTHS:
        return said.MONTHS, lambda text: f"{date.fromisoformat(text):%b %Y}"
    return said.YEARS, lambda text: text[:4]


def _row(name: str, days: list[Day], units: Units) -> list[str]:
    far, heavy = _total(days, "distance_km"), _total(days, "load_tkm")
    ratio, pain, stiff = (_highest(days, key) for key in ("ratio", "pain_0_10", "stiffness_min"))
    logged = sum(day["pain_0_10"] is not None or day["stiffness_min"] is not None for day in days)
    return [
        name,
        "–" if far is None else f"{units.distance(far * METRES):.1f}",
        "–" if heavy is None else f"{units.load(heavy):.1f}",
        "–" if ratio is None else f"{ratio:.2f}",
        "–" if pain is None else f"{pain:g}",
        "–" if stiff is None else f"{stiff:g}",
        str(logged),
    ]


def _total(days: list[Day], key: str) -> float | None:
    """Null where a day is not known: a sum with a hole would read as less running."""
    values = [day[key] for day in days]
    return None if None in values else float(sum(values))


def _highest(days: list[Day], key: str) -> float | None:
    return max((day[key] for day in days if day[key] is not None), default=None)
