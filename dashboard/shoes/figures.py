"""How each pair of the rotation is drawn: its colour everywhere, lines across a plate, white for the unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

import polars as pl

from dashboard.charts.axes import date_axis, date_ticks
from dashboard.charts.palette import Palette, Theme, palette_of, shoe_styles, with_alpha
from dashboard.charts.plotly_figure import PageFigure
from dashboard.charts.style import SMALL_PX, PlotlyDict, annotation, base_layout
from dashboard.shared import text as shared_text
from dashboard.timeline.lanes.shoes import MOST_SHOES, OTHER_SHOE, UNKNOWN_SHOE

PLATED_MARK, PLATED_KEY = "|", "+"  # no pair has these by itself


@dataclass(frozen=True)
class RotationColumns:
    """What the picture shows."""

    shares: pl.DataFrame
    exposure: pl.DataFrame
    names: Mapping[str, str]
    plated: frozenset[str]
    marks: Sequence[date] = ()


@dataclass(frozen=True)
class DrawnPair:
    """How one pair is drawn."""

    name: str
    colour: str
    fill: str
    pattern: str


def rotation_key(rotation: RotationColumns, theme: Theme) -> dict[str, DrawnPair]:
    """Return how each pair of these weeks is drawn.

    The colours are those of the Timeline; lines across a colour say that the pair has a plate.
    """
    palette, styles = palette_of(theme), shoe_styles(list(rotation.names), theme)
    sums = rotation.shares.group_by("shoe_id").agg(pl.col("distance_m").sum())
    sums = sums.sort("distance_m", "shoe_id", descending=True)
    pairs = [shoe for shoe in sums["shoe_id"].drop_nulls() if shoe in styles]
    named_pairs = [shoe for shoe in rotation.names if shoe in pairs[:MOST_SHOES]]
    drawn = {}
    for shoe in named_pairs:
        one, pattern = styles[shoe], styles[shoe].pattern
        if shoe in rotation.plated:
            pattern = PLATED_KEY if pattern else PLATED_MARK
        drawn[shoe] = DrawnPair(rotation.names[shoe], one.colour, one.fill, pattern)
    if sums["shoe_id"].drop_nulls().len() > len(named_pairs):
        drawn[OTHER_SHOE] = DrawnPair(shared_text.SHOE_OTHER, palette.muted, palette.zero, "")
    if sums["shoe_id"].null_count():
        drawn[UNKNOWN_SHOE] = DrawnPair(shared_text.SHOE_UNKNOWN, palette.unknown, palette.background, "")
    return drawn


ROTATION_PANELS = (("share", 190), ("drop", 96), ("plated", 40), ("unknown", 40))
GAP_PX, ROTATION_TOP_PX, ROTATION_BOTTOM_PX = 30, 42, 40
NUMBER_PX = 16  # above the name of the first panel
TITLES = {
    "share": "Share of the week, %",
    "drop": "Mean drop, mm",
    "plated": "Plated, % of the week",
    "unknown": "Drop not known, % of the week",
}
AXES = {"share": "y", "drop": "y2", "plated": "y3", "unknown": "y4"}
LEAST_TOP_MM = 12.0
MANY_WEEKS = 104
MOST_MARKS = 7


def rotation_figure(rotation: RotationColumns, theme: Theme, is_narrow: bool = False) -> PageFigure | None:
    """Draw the weeks.

    Four panels on one clock, so that a mean is never read without the share it leaves out.
    """
    if rotation.shares.is_empty():
        return None
    palette = palette_of(theme)
    panels = _panels(rotation)
    inner = sum(px for _, px in panels) + GAP_PX * (len(panels) - 1)
    layout = _layout(palette, inner + ROTATION_TOP_PX + ROTATION_BOTTOM_PX, is_narrow)
    drawn = [*_stack(rotation, theme), *_drop(rotation, palette), *_bars(rotation, palette)]
    traces = [trace for trace in drawn if trace["yaxis"] in [AXES[panel] for panel, _ in panels]]
    top = inner
    for panel, px in panels:
        ends = [max(0.0, (top - px) / inner), top / inner]
        layout[f"yaxis{AXES[panel][1:]}"] = {**_axis(panel, rotation, palette), "domain": ends}
        layout["annotations"].append(_note(TITLES[panel], 0.0, ends[1], palette.ink))
        top -= px + GAP_PX
    weeks = rotation.exposure["week"]
    layout["xaxis"] |= date_axis(date_ticks(weeks[0], weeks[-1] + timedelta(days=6), 4 if is_narrow else 10))
    layout["shapes"] = [_line(day, AXES[panel], palette) for day in rotation.marks for panel, _ in panels]
    if len(rotation.marks) <= MOST_MARKS:
        for numbers, day in _numbered(rotation):
            note = _note(numbers, str(day), 1.0, palette.ink, "x")
            layout["annotations"].append({**note, "xanchor": "center", "yshift": NUMBER_PX})
    return PageFigure({"data": traces, "layout": layout})


def _panels(rotation: RotationColumns) -> list[tuple[str, int]]:
    """Return the panels that have something to show, each with its height; the shares are always there."""
    weeks = rotation.exposure
    has = {
        "share": True,
        "drop": weeks["drop_mm"].null_count() < weeks.height,
        "plated": bool((weeks["plated"] > 0).any()),
        "unknown": bool((weeks["drop_unknown"] > 0).any()),
    }
    return [(panel, px) for panel, px in ROTATION_PANELS if has[panel]]


def _numbered(rotation: RotationColumns) -> list[tuple[str, date]]:
    """Return the numbers of the marks; those too near to stand apart share one place."""
    near = timedelta(days=max(1, 7 * rotation.exposure.height // 16))
    groups: list[list[int]] = []
    for place, day in enumerate(rotation.marks):
        if groups and day - rotation.marks[groups[-1][0]] < near:
            groups[-1].append(place)
        else:
            groups.append([place])
    ends = [(group[0] + 1, group[-1] + 1, rotation.marks[group[0]]) for group in groups]
    return [(str(first) if first == last else f"{first}–{last}", day) for first, last, day in ends]


def _stack(rotation: RotationColumns, theme: Theme) -> list[PlotlyDict]:
    drawn = rotation_key(rotation, theme)
    shoes = [shoe for shoe in drawn if shoe not in (OTHER_SHOE, UNKNOWN_SHOE)]
    who = pl.when(pl.col("shoe_id").is_null()).then(pl.lit(UNKNOWN_SHOE))
    who = who.when(pl.col("shoe_id").is_in(shoes)).then("shoe_id").otherwise(pl.lit(OTHER_SHOE))
    shares = (
        rotation.shares.with_columns(who.alias("shoe_id"))
        .group_by("week", "shoe_id")
        .agg(pl.col("share").sum())
    )
    return [
        _bar(
            shares.filter(pl.col("shoe_id") == shoe).sort("week"),
            "share",
            "y",
            one,
            many=rotation.exposure.height > MANY_WEEKS,
        )
        for shoe, one in drawn.items()
    ]


def _bars(rotation: RotationColumns, palette: Palette) -> list[PlotlyDict]:
    plate = DrawnPair("plated", palette.volume, with_alpha(palette.volume, 0.15), PLATED_MARK)
    unknown = DrawnPair(shared_text.SHOE_UNKNOWN, palette.unknown, palette.background, "")
    many = rotation.exposure.height > MANY_WEEKS
    return [
        _bar(rotation.exposure, "plated", "y3", plate, many),
        _bar(rotation.exposure, "drop_unknown", "y4", unknown, many),
    ]


def _bar(frame: pl.DataFrame, column: str, axis: str, one: DrawnPair, many: bool) -> PlotlyDict:
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
        "customdata": [f"week of {shared_text.day_in_words(day)}" for day in weeks],
        "hovertemplate": "%{customdata}<br>%{fullData.name}: %{y:.0f} %<extra></extra>",
        "showlegend": False,
    }


def _drop(rotation: RotationColumns, palette: Palette) -> list[PlotlyDict]:
    """Draw the mean of the known pairs with its range; bars stand where sources or candidates differ."""
    exposure = rotation.exposure
    known = exposure["drop_mm"]
    unknown = [f"{share * 100:.0f} % of the distance not known" for share in exposure["drop_unknown"]]
    return [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": [str(day + timedelta(days=3)) for day in exposure["week"]],
            "y": known.round(2).to_list(),
            "yaxis": "y2",
            "connectgaps": False,
            "line": {"color": palette.cadence, "width": 2},
            "marker": {"size": 3 if exposure.height > MANY_WEEKS else 5, "color": palette.cadence},
            "error_y": {
                "type": "data",
                "symmetric": False,
                "array": (exposure["drop_high_mm"] - known).clip(0.0).fill_null(0.0).to_list(),
                "arrayminus": (known - exposure["drop_low_mm"]).clip(0.0).fill_null(0.0).to_list(),
                "color": palette.muted,
                "thickness": 1,
                "width": 0,
            },
            "customdata": unknown,
            "hovertemplate": "%{y:.1f} mm<br>%{customdata}<extra></extra>",
            "showlegend": False,
        }
    ]


def _axis(panel: str, rotation: RotationColumns, palette: Palette) -> PlotlyDict:
    most = rotation.exposure["drop_high_mm"].max()
    top = max(LEAST_TOP_MM, float(most) + 1 if isinstance(most, float) else 0.0) if panel == "drop" else 100.0
    least = rotation.exposure["drop_low_mm"].min()
    bottom = min(0.0, float(least) - 1 if isinstance(least, float) else 0.0) if panel == "drop" else 0.0
    return {
        "range": [bottom - (0.5 if panel == "drop" else 0), top * 1.01],
        "tickvals": [0, 4, 8, 12] if panel == "drop" else [0, 50, 100] if panel == "share" else [0, 100],
        "tickfont": {"size": SMALL_PX, "color": palette.muted},
        "gridcolor": palette.grid,
        "zeroline": True,
        "zerolinecolor": palette.zero,
        "fixedrange": True,
    }


def _note(text: str, x: float | str, y: float, colour: str, xref: str = "paper") -> PlotlyDict:
    where = {"x": x, "xref": xref, "xanchor": "left", "y": y, "yref": "paper", "yanchor": "bottom"}
    return annotation(text, colour, borderpad=2, **where)


def _line(day: date, axis: str, palette: Palette) -> PlotlyDict:
    """Draw a change of shoes through one panel, and not through the title above it."""
    line = {"color": palette.ink, "width": 1, "dash": "dot"}
    across = {"yref": f"{axis} domain", "y0": 0, "y1": 1}
    return {"type": "line", "line": line, "x0": str(day), "x1": str(day), **across}


def _layout(palette: Palette, height: int, is_narrow: bool) -> PlotlyDict:
    return {
        **base_layout(palette, height, (38, 10, ROTATION_TOP_PX, ROTATION_BOTTOM_PX), is_narrow),
        "barmode": "stack",
        "showlegend": False,
        "hovermode": "closest",
        "annotations": [],
        "xaxis": {
            "type": "date",
            "anchor": "free",
            "position": 0,
            "fixedrange": True,
            "gridcolor": palette.grid,
            "tickfont": {"size": SMALL_PX, "color": palette.muted},
        },
    }


FORCE_ROW_PX, FORCE_TOP_PX, FORCE_BOTTOM_PX = 40, 10, 34
SUM_UP = (
    "In {name}, a km counts ×{middle:.2f} of the same km in a conventional shoe, and may count ×{low:.2f} to "
    "×{high:.2f}."
)
NO_RANGE = "No pair has a run with a known load yet."
FORCE_EXPLAINED = (
    "Dot: the value in use. Line: where the sources, or what is not known of the pair, leave it. "
    "×1 is a conventional shoe with 10 mm of drop or more."
)


def shown_shoes(pairs: pl.DataFrame) -> pl.DataFrame:
    """Choose the pairs that are drawn."""
    return pairs.filter(pl.col("x_shoe").is_not_null()).head(MOST_SHOES)


def shoe_force_in_words(pairs: pl.DataFrame) -> list[str]:
    """Describe the figure in sentences.

    Hover is never the only way to a value.
    """
    sentences = [
        SUM_UP.format(name=name, middle=middle, low=low, high=high)
        for name, middle, low, high in shown_shoes(pairs)
        .select("name", "x_shoe", "x_shoe_low", "x_shoe_high")
        .iter_rows()
    ]
    return sentences or [NO_RANGE]


def shoe_force_figure(pairs: pl.DataFrame, theme: Theme, is_narrow: bool = False) -> PageFigure | None:
    """Draw them.

    The line is as wide as the band it adds to a run's load.
    """
    rows, palette = shown_shoes(pairs), palette_of(theme)
    if rows.is_empty():
        return None
    return PageFigure(
        {"data": [_force_dots(rows, palette)], "layout": _force_layout(rows, palette, is_narrow)}
    )


def _force_dots(rows: pl.DataFrame, palette: Palette) -> PlotlyDict:
    middle = rows["x_shoe"]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": middle.round(3).to_list(),
        "y": list(range(rows.height)),
        "marker": {"size": 10, "color": palette.load},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": (rows["x_shoe_high"] - middle).to_list(),
            "arrayminus": (middle - rows["x_shoe_low"]).to_list(),
            "color": palette.load,
            "thickness": 2,
            "width": 5,
        },
        "hovertemplate": "×%{x:.2f}<extra></extra>",
        "showlegend": False,
    }


def _force_name(row: int, name: str, palette: Palette) -> PlotlyDict:
    text = escape(name if len(name) <= 40 else f"{name[:39]}…", quote=False)
    where = {"x": 0, "xref": "paper", "xanchor": "left", "y": row, "yanchor": "bottom", "yshift": 5}
    return annotation(text, palette.ink, borderpad=1, **where)


def _force_layout(rows: pl.DataFrame, palette: Palette, is_narrow: bool) -> PlotlyDict:
    one = {
        "type": "line",
        "x0": 1,
        "x1": 1,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"color": palette.zero},
    }
    return {
        **base_layout(
            palette,
            FORCE_TOP_PX + FORCE_BOTTOM_PX + FORCE_ROW_PX * rows.height,
            (10, 14, FORCE_TOP_PX, FORCE_BOTTOM_PX),
            is_narrow,
            pad=0,
        ),
        "annotations": [_force_name(row, name, palette) for row, name in enumerate(rows["name"])],
        "shapes": [one],
        "xaxis": {
            "tickprefix": "×",
            "gridcolor": palette.grid,
            "fixedrange": True,
            "nticks": 7,
            "zeroline": False,
        },
        "yaxis": {"range": [rows.height - 0.5, -0.75], "visible": False, "fixedrange": True},
    }
