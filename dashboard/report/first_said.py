"""The sentences that lead each flare and window of the report for programs: channels first, the load after."""

from __future__ import annotations

from datetime import date
from typing import Any

from dashboard import lead_words
from dashboard.lead_words import Reader
from dashboard.model.analysis import Analysis
from dashboard.model.leading_changes import before_flare, composite
from dashboard.model.why import Why

Span = tuple[date, date]


def windows(analysis: Analysis, why: Why, reader: Reader) -> dict[Span, list[str]]:
    """Say of each outpaced window which channels changed in it, then the load.

    Parameters
    ----------
    analysis, why
        Of the whole history.
    reader : Reader
        Units and names.

    Returns
    -------
    dict
        First and last date of the window to whole sentences.
    """
    spans = analysis.windows.select("from_date", "to_date").rows()
    return {
        span: _with_load(lead_words.in_window(analysis, why, place, reader), analysis, span)
        for place, span in enumerate(spans)
    }


def flares(told: list[dict[str, Any]], analysis: Analysis, why: Why, reader: Reader) -> list[dict[str, Any]]:
    """Put what changed first before each flare into what is told of it.

    Parameters
    ----------
    told : list of dict
        As from `answers.flares`.
    analysis, why
        Of the whole history.
    reader : Reader
        Units and names.

    Returns
    -------
    list of dict
        With `said`, and the channels first in `story`.
    """
    places = {onset.isoformat(): place for place, onset in enumerate(why.flares["onset"])}
    return [
        put_first(
            one,
            _with_load(
                lead_words.before(analysis, why, places[one["onset"]], reader),
                analysis,
                before_flare(date.fromisoformat(one["onset"])),
            ),
        )
        for one in told
    ]


def put_first(told: dict[str, Any], said: list[str]) -> dict[str, Any]:
    """Add `said`, and let `story` begin with its first sentence where a channel is named in it."""
    story = [said[0], told["story"]] if len(said) > 1 else [told["story"]]
    return told | {"said": said, "story": " ".join(story)}


def _with_load(said: list[str], analysis: Analysis, span: Span) -> list[str]:
    load = lead_words.load_in_words(composite(analysis, *span))
    return [*said, *([load] if load else [])]
