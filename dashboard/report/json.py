"""The report for programs."""

from __future__ import annotations

import json
from typing import Any


def render(document: dict[str, Any]) -> str:
    """Write a report as JSON.

    Parameters
    ----------
    document : dict
        As `document.compose` gives it.

    Returns
    -------
    str
        One object; unknown is null, and no number is infinite or not a number.

    Source
    ------
    ours: the contract for those who run Heelwise from outside.
    """
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)
