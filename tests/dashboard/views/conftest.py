"""Pages run without a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

MAIN = Path(__file__).resolve().parents[3] / "dashboard" / "main.py"


@pytest.fixture
def open_page(home):
    """Run a page of the dashboard on the store in `home`; it must not fail."""

    def show(view: str | None = None) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        app.run()
        if view:
            app.switch_page(f"views/{view}.py").run()
        assert not app.exception, [one.value for one in app.exception]
        return app

    return show


def texts(app: AppTest) -> str:
    return "\n".join(
        str(one.value) for kind in (app.title, app.markdown, app.caption, app.error) for one in kind
    )
