"""Every page of the dashboard, read from its navigation, so that a new page is tested without being listed twice."""

from __future__ import annotations

import re
from pathlib import Path

_MAIN = Path(__file__).resolve().parents[1] / "dashboard" / "main.py"
PAGES = tuple(re.findall(r"_page\(\"(\w+)\"", _MAIN.read_text()))
"""Names of files in dashboard/views."""
WITH_DATA = tuple(page for page in PAGES if page != "start" and not page.startswith("consult_"))
"""Those a person can open: `start` stands in for the Timeline in an empty store, and the steps of a consult are
there only while it is open."""
PATHS = tuple("" if page == "timeline" else page for page in WITH_DATA)
"""What follows the server's address; the Timeline is the first page."""
