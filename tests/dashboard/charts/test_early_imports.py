"""The server has imported what pages share before it takes its first socket; a command line has not."""

from __future__ import annotations

import subprocess
import sys
from functools import cache

from dashboard.charts.early_imports import MODULES

APP = """
import gc
from streamlit import delta_generator
assert delta_generator._use_warning_has_been_displayed is False
import dashboard.app
assert delta_generator._use_warning_has_been_displayed is True
assert gc.get_threshold()[0] > 100_000
"""
"""`dashboard.app` is what `streamlit run` imports in its main thread to find the app it is to serve."""
NOT_BY_ALL = {
    *("requests", "stravalib", "scipy", "rapidfuzz"),
    *("connectors.demo", "connectors.ingest.watched_folder", "dashboard.strava_link.link"),
    *("dashboard.diary.deliveries", "dashboard.phone.log_state"),
}


@cache
def imported_after(statement: str) -> set[str]:
    """Modules there are in a fresh interpreter after one statement."""
    script = f"import sys\n{statement}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_the_server_has_them_before_it_serves():
    assert set(MODULES) <= imported_after(APP)


def test_the_server_starts_without_what_only_some_ask_for():
    assert not NOT_BY_ALL & imported_after(APP)


def test_a_command_line_imports_none_of_them_unasked():
    assert not {"pandas", "plotly", "streamlit"} & imported_after("import dashboard.cli")
