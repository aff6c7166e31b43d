"""Holds settings that a backup brings against the same limits as those typed on a page."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.errors import HeelwiseError
from dashboard.model.settings import SETTINGS, from_mapping
from dashboard.shared.preferences import valid_preference

_ENDING = " Nothing was changed"


def setting_problems(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the names of settings that are not possible, each with the reason; unknown names are left alone."""
    problems = {name: _problem(name, text) for name, text in settings.items() if text}
    return {name: problem for name, problem in problems.items() if problem}


def _problem(name: str, text: str) -> str | None:
    try:
        if any(one.name == name for one in SETTINGS):
            from_mapping({name: text})
        else:
            valid_preference(name, text)
    except HeelwiseError as error:
        return str(error).partition(_ENDING)[0].rstrip(".;")
    return None
