"""Every page of the dashboard, read from its navigation, so that a new page is tested without being listed twice."""

from __future__ import annotations

import re
from pathlib import Path

from dashboard.shared.doors import DOORS

_MAIN = Path(__file__).resolve().parents[1] / "dashboard" / "main.py"
BEHIND = tuple(tab.address for door in DOORS for tab in door.tabs)
"""Addresses of the pages behind a door: each opens its page, also where it is a tab of another address now."""
BESIDE = tuple(re.findall(r"_page\(\s*\"(\w+)\"", _MAIN.read_text()))
"""Addresses of the pages that stand in no menu."""
PAGES = BEHIND + tuple("" if page == "home" else page for page in BESIDE)
"""Addresses of the pages."""
WITH_DATA = tuple(page for page in PAGES if page != "start" and not page.startswith("consult_"))
"""Those a person can open: `start` is for an empty store, steps of a consult are there only while it is open."""
NAME_NOBODY = ("runners", "closed")
"""Pages that belong to no runner."""
PATHS = WITH_DATA
"""What follows the server's address; the first page has none."""
CONSULT = (*(page for page in PAGES if page.startswith("consult_")), "shoes", "checks", "strength", "plan")
"""Steps of a consult behind its cover."""
ASKED = "embed=true&embed_options=light_theme"
"""What opens a page as a step of a consult."""
EVERYWHERE = PATHS + tuple(f"{page}?{ASKED}" for page in CONSULT)
"""Every page in every shape a person meets it in."""
