"""Pages run without a browser."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.shared import doors

MAIN = Path(__file__).resolve().parents[1] / "dashboard" / "main.py"

# A page without a browser asks every installed package, each time anew, whether it brings a component of its own: 0.4 s
# of processor time for an answer that stays the same.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


def texts(app: AppTest) -> str:
    return "\n".join(
        str(one.value) for kind in (app.title, app.markdown, app.caption, app.error) for one in kind
    )


def address(app: AppTest, page: str) -> str:
    """Put a page into the address of a tab, and return the address of the door it is behind."""
    door, tab = doors.find(page) or (None, None)
    if door and tab:
        for name, value in door.parameters(tab).items():
            app.query_params[name] = value
    there = door.address if door else page
    app._page_hash = calc_hash(there) if there else ""
    return there


def as_reloaded(app: AppTest) -> AppTest:
    """The page as the browser loads it anew: the same address in a session of its own."""
    again = AppTest.from_file(str(MAIN), default_timeout=60)
    again._page_hash = app._page_hash
    for name in app.query_params:
        again.query_params[name] = app.query_params[name]
    return again.run()


def opened_for(athlete_id: int | str, page: str = "") -> AppTest:
    """A page opened for the runner that its address names."""
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    address(app, page)
    app.query_params["runner"] = str(athlete_id)
    return app.run()
