"""Pages run without a browser."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

MAIN = Path(__file__).resolve().parents[1] / "dashboard" / "main.py"


def texts(app: AppTest) -> str:
    return "\n".join(
        str(one.value) for kind in (app.title, app.markdown, app.caption, app.error) for one in kind
    )
