"""Pages run without a browser."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from connectors.store import open_store
from dashboard.first_start import show_demo

MAIN = Path(__file__).resolve().parents[3] / "dashboard" / "main.py"


@pytest.fixture(scope="session")
def shared_demo(tmp_path_factory) -> Path:
    """Folder of the made-up runner as a first start makes it, for tests that change nothing in it."""
    folder = tmp_path_factory.mktemp("demo") / "home"
    with open_store(folder) as store:
        show_demo(store, folder)
    return folder


@pytest.fixture
def demo(shared_demo, home, monkeypatch) -> Path:
    """The folder of the made-up runner, to look at; what was computed of it is still there from other tests."""
    monkeypatch.setenv("HEELWISE_HOME", str(shared_demo))
    return shared_demo


@pytest.fixture
def demo_copy(shared_demo, home) -> Path:
    """A copy of the made-up runner that a test may change."""
    return shutil.copytree(shared_demo, home)


@pytest.fixture
def open_page(home):
    """Run a page of the dashboard, named by its address, on the store in `home`; it must not fail."""

    def show(page: str = "") -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        # As from a bookmark. `switch_page` can only follow a run of the first page, the Timeline, which costs half a
        # second of every test, and few of them look at it.
        app._page_hash = calc_hash(page) if page else ""
        app.run()
        assert not app.exception, [one.value for one in app.exception]
        assert not page or app._finished_page_script_hash == calc_hash(page), f"there is no page {page}"
        return app

    return show


def texts(app: AppTest) -> str:
    return "\n".join(
        str(one.value) for kind in (app.title, app.markdown, app.caption, app.error) for one in kind
    )
