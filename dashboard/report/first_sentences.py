"""The sentences that lead each flare and window of the report for programs: channels first, the load after."""

from __future__ import annotations

from datetime import date
from typing import Any

from dashboard.flares import lead_text
from dashboard.flares.lead_text import Reader
from dashboard.model.analysis import Analysis
from dashboard.model.explain import FlareExplanation
from dashboard.model.leading_changes import before_flare, composite

Span = tuple[date, date]


def windows(analysis: Analysis, explanation: FlareExplanation, reader: Reader) -> dict[Span, list[str]]:
    """Describe for each outpaced window which channels changed in it, then the load."""
    spans = analysis.windows.select("from_date", "to_date").rows()
    return {
        span: _with_load(lead_text.in_window(analysis, explanation, place, reader), analysis, span)
        for place, span in enumerate(spans)
    }


def flares(
    rows: list[dict[str, Any]], analysis: Analysis, explanation: FlareExplanation, reader: Reader
) -> list[dict[str, Any]]:
    """Add to each flare what changed first before it."""
    places = {onset.isoformat(): place for place, onset in enumerate(explanation.flares["onset"])}
    return [
        put_first(
            row,
            _with_load(
                lead_text.before(analysis, explanation, places[row["onset"]], reader),
                analysis,
                before_flare(date.fromisoformat(row["onset"])),
            ),
        )
        for row in rows
    ]


def put_first(row: dict[str, Any], sentences: list[str]) -> dict[str, Any]:
    """Add `said`, and let `story` begin with its first sentence where a channel is named in it."""
    story = [sentences[0], row["story"]] if len(sentences) > 1 else [row["story"]]
    return row | {"said": sentences, "story": " ".join(story)}


def _with_load(sentences: list[str], analysis: Analysis, span: Span) -> list[str]:
    load = lead_text.load_in_words(composite(analysis, *span))
    return [*sentences, *([load] if load else [])]
