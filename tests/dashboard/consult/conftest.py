"""A page run as a step of a consult."""

from __future__ import annotations

import pytest
from page_runner import MAIN
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash


@pytest.fixture
def open_step(home):
    """Run a page in a consult, named by its address; it must not fail."""

    def show(page: str) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        app.context = {"is_embedded": True}
        app._page_hash = calc_hash(page)
        app.run()
        assert not app.exception, [one.value for one in app.exception]
        return app

    return show
