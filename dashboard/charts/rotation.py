"""The rotation of shoes: share of each pair in every week, mean drop, plates and what is not known, on one clock."""

from __future__ import annotations

from datetime import date, timedelta
from html import escape

import polars as pl

from dashboard import words
from dashboard.charts.lane_shoes import OTHER, UNKNOWN
from dashboard.charts.palette import Palette, Theme, palette, veil
from dashboard.charts.quiet import PageFigure
from dashboard.charts.rotation_key import PLATED, Drawn, Rotation, key
from dashboard.charts.ruler import as_axis, ticks
from dashboard.charts.stage import BODY, FONT, SMALL, Plain

PANELS = (("share", 190), ("drop", 96), ("plated", 40), ("unknown", 40))
GAP_PX, TOP_PX, BOTTOM_PX = 30, 42, 40
NUMBER_PX = 16  # above the name of the first panel
TITLES = {
    "share": "Share of the week, %",
    "drop": "Mean drop, mm",
    "plated": "Plated, % of the week",
    "unknown": "Drop not known, % of the week",
}
LEAST_TOP_MM = 12.0
MANY_WEEKS = 104
MOST_MARKS = 7


def figure(rotation: Rotation, theme: Theme, is_narrow: bool = False) -> PageFigure | None:
    """Draw the weeks.

    Parameters
    ----------
    rotation : Rotation
        What is shown.
    theme : "light" or "dark"
        What the browser shows.
    is_narrow : bool
        A phone.

    Returns
    -------
    PageFigure or None
        None where no distance is known.

    Source
    ------
    ours: four panels on one clock, so that a mean is never read without the share it leaves out.
    """
    if rotation.shares.is_empty():
        return None
    look = palette(theme)
    inner = sum(px for _, px in PANELS) + GAP_PX * (len(PANELS) - 1)
    layout = _layout(look, inner + TOP_PX + BOTTOM_PX, is_narrow)
    top, traces = inner, [*_stack(rotation, theme), *_drop(rotation, look), *_bars(rotation, look)]
    for place, (panel, px) in enumerate(PANELS):
        ends = [max(0.0, (top - px) / inner), top / inner]
        layout[f"yaxis{place + 1 if place else ''}"] = {**_axis(panel, rotation, look), "domain": ends}
        layout["annotations"].append(_note(TITLES[panel], 0.0, ends[1], look.ink))
        top -= px + GAP_PX
    weeks = rotation.exposure["week"]
    layout["xaxis"] |= as_axis(ticks(weeks[0], weeks[-1] + timedelta(days=6), 4 if is_narrow else 10))
    layout["shapes"] = [_line(day, look) for day in rotation.marks]
    if len(rotation.marks) <= MOST_MARKS:
        for numbers, day in _numbered(rotation):
            note = _note(numbers, str(day), 1.0, look.ink, "x")
            layout["annotations"].append({**note, "xanchor": "center", "yshift": NUMBER_PX})
    return PageFigure({"data": traces, "layout": layout})


def _numbered(rotation: Rotation) -> list[tuple[str, date]]:
    """Give the numbers of the marks; those too near to stand apart share one place."""
    near = timedelta(days=max(1, 7 * rotation.exposure.height // 16))
    groups: list[list[int]] = []
    for place, day in enumerate(rotation.marks):
        if groups and day - rotation.marks[groups[-1][0]] < near:
            groups[-1].append(place)
        else:
            groups.append([place])
    ends = [(group[0] + 1, group[-1] + 1, rotation.marks[group[0]]) for group in groups]
    return [(str(first) if first == last else f"{first}–{last}", day) for first, last, day in ends]


def _stack(rotation: Rotation, theme: Theme) -> list[Plain]:
    drawn = key(rotation, theme)
    named = [shoe for shoe in drawn if shoe not in (OTHER, UNKNOWN)]
    who = pl.when(pl.col("shoe_id").is_null()).then(pl.lit(UNKNOWN))
    who = who.when(pl.col("shoe_id").is_in(named)).then("shoe_id").otherwise(pl.lit(OTHER))
    told = (
        rotation.shares.with_columns(who.alias("shoe_id"))
        .group_by("week", "shoe_id")
        .agg(pl.col("share").sum())
    )
    return [
        _bar(
            told.filter(pl.col("shoe_id") == shoe).sort("week"),
            "share",
            "y",
            one,
            many=rotation.exposure.height > MANY_WEEKS,
        )
        for shoe, one in drawn.items()
    ]


def _bars(rotation: Rotation, look: Palette) -> list[Plain]:
    plate = Drawn("plated", look.volume, veil(look.volume, 0.15), PLATED)
    unknown = Drawn(words.SHOE_UNKNOWN, look.unknown, look.background, "")
    many = rotation.exposure.height > MANY_WEEKS
    return [
        _bar(rotation.exposure, "plated", "y3", plate, many),
        _bar(rotation.exposure, "drop_unknown", "y4", unknown, many),
    ]


def _bar(frame: pl.DataFrame, column: str, axis: str, one: Drawn, many: bool) -> Plain:
    weeks = frame["week"].to_list()
    return {
        "type": "bar",
        "name": escape(one.name, quote=False),  # Plotly reads small HTML
        "x": [str(day + timedelta(days=3)) for day in weeks],
        "y": (frame[column] * 100).round(1).to_list(),
        "width": (7.0 if many else 6.2) * 86_400_000,
        "yaxis": axis,
        "marker": {
            "color": one.fill,
            "line": {"color": one.colour, "width": 0.3 if many else 1},
            "pattern": {"shape": one.pattern, "fgcolor": one.colour, "bgcolor": one.fill, "size": 6},
        },
        "customdata": [f"week of {words.day(day)}" for day in weeks],
        "hovertemplate": "%{customdata}<br>%{fullData.name}: %{y:.0f} %<extra></extra>",
        "showlegend": False,
    }


def _drop(rotation: Rotation, look: Palette) -> list[Plain]:
    """Draw the mean of the known pairs with its range; bars stand where sources or candidates differ."""
    told = rotation.exposure
    known = told["drop_mm"]
    unknown = [f"{share * 100:.0f} % of the distance not known" for share in told["drop_unknown"]]
    return [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": [str(day + timedelta(days=3)) for day in told["week"]],
            "y": known.round(2).to_list(),
            "yaxis": "y2",
            "connectgaps": False,
            "line": {"color": look.cadence, "width": 2},
            "marker": {"size": 3 if told.height > MANY_WEEKS else 5, "color": look.cadence},
            "error_y": {
                "type": "data",
                "symmetric": False,
                "array": (told["drop_high_mm"] - known).clip(0.0).fill_null(0.0).to_list(),
                "arrayminus": (known - told["drop_low_mm"]).clip(0.0).fill_null(0.0).to_list(),
                "color": look.muted,
                "thickness": 1,
                "width": 0,
            },
            "customdata": unknown,
            "hovertemplate": "%{y:.1f} mm<br>%{customdata}<extra></extra>",
            "showlegend": False,
        }
    ]


def _axis(panel: str, rotation: Rotation, look: Palette) -> Plain:
    most = rotation.exposure["drop_high_mm"].max()
    top = max(LEAST_TOP_MM, float(most) + 1 if isinstance(most, float) else 0.0) if panel == "drop" else 100.0
    least = rotation.exposure["drop_low_mm"].min()
    bottom = min(0.0, float(least) - 1 if isinstance(least, float) else 0.0) if panel == "drop" else 0.0
    return {
        "range": [bottom - (0.5 if panel == "drop" else 0), top * 1.01],
        "tickvals": [0, 4, 8, 12] if panel == "drop" else [0, 50, 100] if panel == "share" else [0, 100],
        "tickfont": {"size": SMALL, "color": look.muted},
        "gridcolor": look.grid,
        "zeroline": True,
        "zerolinecolor": look.zero,
        "fixedrange": True,
    }


def _note(text: str, x: float | str, y: float, colour: str, xref: str = "paper") -> Plain:
    where = {"x": x, "xref": xref, "xanchor": "left", "y": y, "yref": "paper", "yanchor": "bottom"}
    return {
        "text": text,
        **where,
        "showarrow": False,
        "font": {"size": SMALL, "color": colour},
        "borderpad": 2,
    }


def _line(day: date, look: Palette) -> Plain:
    line = {"color": look.ink, "width": 1, "dash": "dot"}
    return {"type": "line", "line": line, "x0": str(day), "x1": str(day), "yref": "paper", "y0": 0, "y1": 1}


def _layout(look: Palette, height: int, is_narrow: bool) -> Plain:
    return {
        "height": height,
        "barmode": "stack",
        "margin": {"l": 38, "r": 10, "t": TOP_PX, "b": BOTTOM_PX, "pad": 4},
        "font": {"family": FONT, "size": SMALL if is_narrow else BODY, "color": look.ink},
        "paper_bgcolor": look.background,
        "plot_bgcolor": "rgba(0,0,0,0)",
        "dragmode": False,
        "showlegend": False,
        "hovermode": "closest",
        "annotations": [],
        "xaxis": {
            "type": "date",
            "anchor": "free",
            "position": 0,
            "fixedrange": True,
            "gridcolor": look.grid,
            "tickfont": {"size": SMALL, "color": look.muted},
        },
    }
