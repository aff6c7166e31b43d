"""The server has imported what pages share before it takes its first socket; a command line has not."""

from __future__ import annotations

import subprocess
import sys

from dashboard.charts.early_imports import MODULES


def imported_after(statement: str) -> set[str]:
    """Modules there are in a fresh interpreter after one statement."""
    script = f"import sys\n{statement}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_the_server_has_them_before_it_serves():
    # `dashboard.app` is what `streamlit run` imports in its main thread to find the app it is to serve.
    assert set(MODULES) <= imported_after("import dashboard.app")


def test_a_command_line_imports_none_of_them_unasked():
    assert not {"pandas", "plotly", "streamlit"} & imported_after("import dashboard.cli")
