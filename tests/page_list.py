"""Every page of the dashboard, read from its navigation, so that a new page is tested without being listed twice."""

from __future__ import annotations

import re
from pathlib import Path

_MAIN = Path(__file__).resolve().parents[1] / "dashboard" / "main.py"
PAGES = tuple(re.findall(r"_page\(\s*\"(\w+)\"", _MAIN.read_text()))
"""Addresses of the pages."""
WITH_DATA = tuple(page for page in PAGES if page != "start" and not page.startswith("consult_"))
"""Those a person can open: `start` stands in for the Timeline in an empty store, and the steps of a consult are
there only while it is open."""
NAME_NOBODY = ("runners", "closed")
"""Pages that belong to no runner."""
PATHS = tuple("" if page == "timeline" else page for page in WITH_DATA)
"""What follows the server's address; the Timeline is the first page."""
CONSULT = (*(page for page in PAGES if page.startswith("consult_")), "shoes", "checks", "strength", "plan")
"""Steps of a consult behind its cover."""
ASKED = "embed=true&embed_options=light_theme"
"""What opens a page as a step of a consult."""
EVERYWHERE = PATHS + tuple(f"{page}?{ASKED}" for page in CONSULT)
"""Every page in every shape a person meets it in."""

FILES = dict(re.findall(r'_page\(\s*"(\w+)",\s*"([\w/]+\.py)"', _MAIN.read_text()))
"""Each page that is a file, by its address."""
