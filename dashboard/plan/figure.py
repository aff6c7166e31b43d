"""The plan as a picture: load and habit of the last weeks and the planned ones, their ratio, and guardrails crossed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import polars as pl

from dashboard.charts.axes import date_axis, date_ticks, round_top
from dashboard.charts.palette import Palette, Theme, palette_of, with_alpha
from dashboard.charts.plotly_figure import PageFigure
from dashboard.charts.style import SMALL_PX, PlotlyDict, annotation, base_layout
from dashboard.plan.guardrails.base import Violation, find_guardrail
from dashboard.shared import text as shared_text
from dashboard.shared.units import Units

LOAD_PX, RATIO_PX, ROW_PX, GAP_PX, TOP_PX, BOTTOM_PX, LEGEND_PX = 200, 90, 26, 34, 26, 34, 22
CROSSED_MARK = "crosses: {name}"
WAY_BACK = "Way back to your old level"
OVER_USED_TO = "× what you are used to"
OVER_USED_TO_OR_BACK = "× what you are used to, or × the way back where that is higher"


def plan_figure(
    projection: pl.DataFrame,
    crossed: Mapping[str, Sequence[Violation]],
    since: date,
    units: Units,
    theme: Theme,
    is_narrow: bool = False,
) -> PageFigure | None:
    """Draw load and habit of a week, their ratio, and a row for each guardrail that is crossed.

    The ratio is drawn without a threshold and without colour, since none is validated.
    """
    rows = projection.filter(pl.col("local_date") >= since)
    if rows.is_empty() or not rows["acute_tkm"].count():
        return None
    palette, names = palette_of(theme), [name for name, flags in crossed.items() if flags]
    parts = [LOAD_PX, RATIO_PX, *([ROW_PX * len(names)] if names else [])]
    above = TOP_PX + (LEGEND_PX if is_narrow else 0)
    height = above + BOTTOM_PX + sum(parts) + GAP_PX * (len(parts) - 1)
    domains = _domains(parts, height - above - BOTTOM_PX)
    layout = _layout(palette, height, above, is_narrow)
    data = [*_load(rows, palette, units), *_ratio(rows, palette)]
    tops = _tops(rows, units)
    layout["yaxis"] = _axis(palette, domains[0], [0, tops[0]])
    layout["yaxis2"] = _axis(palette, domains[1], [0, tops[1]])
    layout["annotations"] = [
        _note(f"Load and what you are used to, {units.load_unit} in 7 days", domains[0][1], palette),
        _note(OVER_USED_TO_OR_BACK if _has_line(rows) else OVER_USED_TO, domains[1][1], palette),
    ]
    layout["shapes"] = [_line("y2", 1.0, palette), *_now(rows, palette)]
    if names:
        data += [_marks(name, crossed[name], place, palette) for place, name in enumerate(reversed(names))]
        layout["yaxis3"] = {**_axis(palette, domains[2], [-0.6, len(names) - 0.4]), "visible": False}
        layout["annotations"] += [_label(n, p, palette) for p, n in enumerate(reversed(names))]
    until = rows["local_date"][-1] + timedelta(days=1)
    layout["xaxis"] |= {
        "range": [str(since), str(until)],
        **date_axis(date_ticks(since, until, 5 if is_narrow else 12)),
    }
    return PageFigure({"data": data, "layout": layout})


def _domains(parts: Sequence[int], inside: int) -> list[list[float]]:
    down, domains = 0, []
    for part in parts:
        domains.append([max(0.0, 1 - (down + part) / inside), 1 - down / inside])
        down += part + GAP_PX
    return domains


def _tops(rows: pl.DataFrame, units: Units) -> tuple[float, float]:
    highest = [rows[n].max() for n in ("acute_tkm", "acute_high_tkm", "habitual_tkm")]
    most = max(float(v) for v in highest if isinstance(v, float))
    ratio = rows["held_ratio_high"].max()
    return round_top(7 * units.load(most) * 1.04, 10), round_top(
        float(ratio) if isinstance(ratio, float) else 1, 1.5
    )


def _load(rows: pl.DataFrame, palette: Palette, units: Units) -> list[PlotlyDict]:
    ahead = _ahead(rows)
    band = [
        _curve(ahead, column, palette.load, units, width=0, **more)
        for column, more in (
            ("acute_low_tkm", {}),
            ("acute_high_tkm", {"fill": "tonexty", "fillcolor": with_alpha(palette.load, 0.2)}),
        )
    ]
    hover_text = f"%{{y:.0f}} {units.load_unit}"
    done = rows.filter(~pl.col("is_planned"))
    line = rows.with_columns(
        pl.when(pl.col("held_against_tkm") > pl.col("habitual_tkm")).then("held_against_tkm")
    )
    back = _curve(line, "held_against_tkm", palette.ink, units, 1.2, "dot", WAY_BACK, hover_text)
    return [
        *band,
        *([back] if _has_line(rows) else []),
        _curve(rows, "habitual_tkm", palette.habitual, units, 1.5, "dot", "Used to", hover_text),
        _curve(done, "acute_tkm", palette.load, units, 2.4, "solid", "Last 7 days", hover_text),
        _curve(ahead, "acute_tkm", palette.load, units, 2.4, "dash", "By the plan", hover_text),
    ]


def _ahead(rows: pl.DataFrame) -> pl.DataFrame:
    """The planned days and the one before, so that the lines meet."""
    first = rows.filter("is_planned")["local_date"].min()
    joint = first - timedelta(days=1) if isinstance(first, date) else date.max
    return rows.filter(pl.col("local_date") >= joint)


def _curve(
    rows: pl.DataFrame,
    column: str,
    colour: str,
    units: Units,
    width: float,
    dash: str = "solid",
    name: str = "",
    hover_text: str | None = None,
    **more: object,
) -> PlotlyDict:
    values = units.load(rows[column] * 7).round(2)
    hover = {"hovertemplate": f"{hover_text}<extra>{name}</extra>"} if hover_text else {"hoverinfo": "skip"}
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [str(day) for day in rows["local_date"]],
        "y": values.to_list(),
        "line": {"color": colour, "width": width, "dash": dash},
        "name": name,
        "showlegend": bool(name),
        **hover,
        **more,
    }


def _has_line(rows: pl.DataFrame) -> bool:
    """Whether some of the days are held against the line back from a break."""
    return bool((rows["held_against_tkm"] > rows["habitual_tkm"]).any())


def _ratio(rows: pl.DataFrame, palette: Palette) -> list[PlotlyDict]:
    ahead, done = _ahead(rows), rows.filter(~pl.col("is_planned"))

    def line(
        part: pl.DataFrame, column: str, width: float, dash: str = "solid", **more: object
    ) -> PlotlyDict:
        return {
            "type": "scatter", "mode": "lines", "yaxis": "y2", "showlegend": False,
            "x": [str(day) for day in part["local_date"]], "y": part[column].round(3).to_list(),
            "line": {"color": palette.ink, "width": width, "dash": dash}, "hoverinfo": "skip", **more,
        }  # fmt: skip

    of = "what you are used to, or of the way back" if _has_line(rows) else "what you are used to"
    hover = {"hoverinfo": None, "hovertemplate": f"×%{{y:.2f}} of {of}<extra></extra>"}
    return [
        line(ahead, "held_ratio_low", 0),
        line(ahead, "held_ratio_high", 0, fill="tonexty", fillcolor=with_alpha(palette.ink, 0.14)),
        line(done, "held_ratio", 1.8, **hover),
        line(ahead, "held_ratio", 1.8, "dash", **hover),
    ]


def _marks(name: str, flags: Sequence[Violation], place: int, palette: Palette) -> PlotlyDict:
    rule = find_guardrail(name)
    return {
        "type": "scatter",
        "mode": "markers",
        "yaxis": "y3",
        "x": [str(one.date) for one in flags],
        "y": [place] * len(flags),
        "marker": {"symbol": rule.symbol, "size": 11, "color": palette.spike},
        "customdata": [shared_text.day_in_words(one.date, False) for one in flags],
        "hovertemplate": f"%{{customdata}} {CROSSED_MARK.format(name=rule.short)}<extra></extra>",
        "showlegend": False,
    }


def _label(name: str, place: int, palette: Palette) -> PlotlyDict:
    where = {"x": 0, "xref": "paper", "xanchor": "left", "y": place, "yref": "y3", "yanchor": "middle"}
    return annotation(CROSSED_MARK.format(name=find_guardrail(name).short), palette.ink, borderpad=1, **where)


def _axis(palette: Palette, domain: list[float], span: list[float]) -> PlotlyDict:
    return {
        "domain": domain, "range": span, "fixedrange": True, "gridcolor": palette.grid, "zeroline": False, "nticks": 4,
        "tickfont": {"size": SMALL_PX, "color": palette.muted},
    }  # fmt: skip


def _note(text: str, top: float, palette: Palette) -> PlotlyDict:
    where = {"x": 0, "xref": "paper", "xanchor": "left", "y": top, "yref": "paper", "yanchor": "bottom"}
    return annotation(text, palette.ink, borderpad=3, **where)


def _line(axis: str, at: float, palette: Palette) -> PlotlyDict:
    return {
        "type": "line", "xref": "paper", "x0": 0, "x1": 1, "yref": axis, "y0": at, "y1": at,
        "line": {"color": palette.zero, "width": 1},
    }  # fmt: skip


def _now(rows: pl.DataFrame, palette: Palette) -> list[PlotlyDict]:
    """Where the record ends and the plan begins."""
    first = rows.filter("is_planned")["local_date"].min()
    if not isinstance(first, date):
        return []
    return [
        {
            "type": "line", "xref": "x", "x0": str(first), "x1": str(first), "yref": "paper", "y0": 0, "y1": 1,
            "line": {"color": palette.muted, "width": 1, "dash": "dot"},
        }
    ]  # fmt: skip


def _layout(palette: Palette, height: int, above: int, is_narrow: bool) -> PlotlyDict:
    return {
        **base_layout(palette, height, (40, 10, above, BOTTOM_PX), is_narrow),
        "hovermode": "closest",
        "showlegend": True,
        "legend": {
            "orientation": "h",
            "x": 1,
            "xanchor": "right",
            "y": 1 + (LEGEND_PX / (height - above - BOTTOM_PX) if is_narrow else 0),
            "yanchor": "bottom",
            "font": {"size": SMALL_PX},
        },
        "xaxis": {
            "type": "date",
            "anchor": "free",
            "position": 0,
            "fixedrange": True,
            "gridcolor": palette.grid,
            "ticklabelstandoff": 4,
            "tickfont": {"size": SMALL_PX, "color": palette.muted},
        },
    }
