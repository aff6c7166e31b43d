"""Names that try to be more than names, and a page that carries one wherever a name may stand."""

from __future__ import annotations

from datetime import date

import polars as pl

from connectors.frames import SHOE, SHOE_FACT
from connectors.store import Store
from dashboard.report.material import collect
from dashboard.report.page import ReportPage, build_page
from dashboard.shared import visits

HOSTILE = (
    "<script>alert(1)</script>",
    "</text></svg><img src=x onerror=alert(1)>",
    "'\" onload='alert(1)",
    "&lt;b&gt; & &amp;",
    "**bold** [link](javascript:alert(1)) `code`",
    "\\input{/etc/passwd} $\\sum$ \\end{document}",
    '#read("/etc/passwd")',
    '#panic("run") #import "x.typ": * $x$ <label> @ref',
    "*x* _y_ = heading // comment /* open",
    "]]>]{}]#[",
    "Ελληνικά Łódź Ђорђе",
    "李小龙 שלום العربية हिन्दी 😀",
)


def hostile_page(store: Store, name: str) -> ReportPage:
    """Give the page of a runner whose pair of shoes, chosen name and every title is this text."""
    runner = store.runner()
    shoes = store.read(SHOE, runner.athlete_id).with_columns(name=pl.lit(name))
    store.write(SHOE, shoes)
    said = shoes.select("athlete_id", "source_id", "fetched_utc", "shoe_id", source=pl.lit("manual"))
    store.write(SHOE_FACT, said.with_columns(drop_mm=pl.lit(8.0)))
    visits.save_note(store, runner.athlete_id, date(2026, 4, 20), "agreed", note=name)
    return build_page(collect(store, runner, date(2026, 1, 1), date(2026, 4, 30)), name)
