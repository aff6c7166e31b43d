"""How sure a report is, in two lines."""

from __future__ import annotations

from collections import Counter

from connectors.plural import count
from connectors.source import SOURCES, source_titles
from dashboard.model.attribution import list_drivers
from dashboard.report.blocks import MADE_BY, NO_SOURCES
from dashboard.report.material import ReportInput

RECORD = "{runs} ({sources}), {samples} with a recording{estimated}; symptoms on {logged} of {days}."
ESTIMATED = ", load of {estimated} from a summary alone"
UNKNOWN_DAY = "A day without an entry is unknown, not calm."
READ = (
    "Load is estimated and relative to the runner's own easy running; what came first is an order in time, not a "
    "cause."
)


def certainty_lines(report_input: ReportInput) -> tuple[str, str]:
    """Describe what the figures stand on, and how they may be read."""
    document = report_input.document
    runs, cover = document["runs"], document["coverage"]
    by_source = Counter(run["source"] for run in runs)
    counts = [f"{source_titles().get(name, name)} {number:,}" for name, number in sorted(by_source.items())]
    guessed = sum(run["estimated"] for run in runs)
    record = RECORD.format(
        runs=count(cover["runs"], "run"),
        sources=list_drivers(counts) if counts else "",
        samples=cover["with_samples"],
        estimated=ESTIMATED.format(estimated=guessed) if guessed else "",
        logged=cover["symptom_days"],
        days=count(len(document["days"]), "day"),
    )
    credits = [f"{one.attribution}." for one in SOURCES if one.attribution and by_source[one.id]]
    made_by = MADE_BY.format(version=document["heelwise"], model=document["model"])
    return " ".join([record if runs else NO_SOURCES, UNKNOWN_DAY]), " ".join(
        [READ, document["settings"]["words"], made_by, *credits]
    )
