"""One quiet line at a chart: how much of its window is known and left out; a tap opens the rest with bars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape

import polars as pl

from dashboard.model.analysis import Analysis, coverage
from dashboard.shared import text

IN_LINE = ("with_samples", "symptom_days", "left_out")
"""Parts that the line names; the others stand behind it."""
COVERAGE_STYLE = """<style>
.hw-coverage summary {cursor: pointer; font-size: .875rem; color: light-dark(#566372, #a3afbc); padding: .35rem 0;}
.hw-coverage[open] summary {margin-bottom: .35rem;}
.hw-known {display: grid; gap: .35rem 1.5rem; margin: 0 !important; padding: 0 !important; list-style: none;
  grid-template-columns: repeat(auto-fill, minmax(min(9.5rem, 45%), 1fr));}
.hw-known li {line-height: 1.3; font-size: .875rem; margin: 0 !important; padding: 0 !important;}
.hw-known b {display: block; font-size: 1.0625rem; font-weight: 600; margin: 0 !important;}
.hw-known i {display: block; height: 4px; margin: .2rem 0; border-radius: 2px; overflow: hidden;
  background: rgba(128,140,152,.28); max-width: 9.5rem;}
.hw-known i > s {display: block; height: 100%; background: currentColor; opacity: .65; text-decoration: none;}
.hw-known i.hw-out > s {background: repeating-linear-gradient(45deg, currentColor 0 2px, transparent 2px 4px);}
</style>"""


@dataclass(frozen=True)
class CoveredPart:
    """One thing that may be known of a window."""

    name: str
    count: str
    words: str
    share: float | None


def coverage_parts(analysis: Analysis, start: date, end: date) -> list[CoveredPart]:
    """Describe how much is known between two dates.

    What a picture rests on is said above it.
    """
    inside = pl.col("local_date").is_between(start, end)
    out = analysis.excluded.filter(inside).height
    shares = coverage(analysis.runs.filter(inside), analysis.days.filter(inside), out)
    days, everything = (end - start).days + 1, shares.runs + out
    totals = dict.fromkeys(text.OF_RUNS, shares.runs) | {"symptom_days": days, "left_out": everything}
    parts = []
    for name, wording in text.COVERAGE.items():
        value, total = getattr(shares, name), totals.get(name)
        if name == "left_out" and not value:
            continue
        count = f"{value:,}" if total is None else f"{value:,} of {total:,}"
        noun = (
            text.COVERAGE_OF_ONE.get(name, wording) if (value if total is None else total) == 1 else wording
        )
        parts.append(CoveredPart(name, count, noun, value / total if total else None))
    return parts


def lacking_parts(parts: list[CoveredPart]) -> list[CoveredPart]:
    """Return the count of runs and what is not known of all of them: on a shared screen the rest is no news."""
    return [one for one in parts if one.share is None or one.share < 1 or one.name == "left_out"]


def coverage_html(parts: list[CoveredPart]) -> str:
    """Write the line, and behind it for each part a count in words and a bar for its share.

    A share is seen faster than read; the bar of what is left out is hatched.
    """
    line = " · ".join(f"{one.count} {one.words}" for one in parts if one.name in IN_LINE)
    items = "".join(f"<li><b>{escape(one.count)}</b>{_bar(one)}{escape(one.words)}</li>" for one in parts)
    opened = f"<ul class='hw-known' aria-label='How much is known'>{items}</ul>"
    return f"{COVERAGE_STYLE}<details class='hw-coverage'><summary>Based on {escape(line)}</summary>{opened}</details>"


def _bar(one: CoveredPart) -> str:
    if one.share is None:
        return ""
    html_class = " class='hw-out'" if one.name == "left_out" else ""
    return f"<i{html_class} aria-hidden='true'><s style='width:{one.share:.0%}'></s></i>"
