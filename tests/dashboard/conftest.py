"""Fixtures of the dashboard: a store with a little running, made-up analyses, the demo, a page run without a
browser.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import plotly.graph_objects as go
import polars as pl
import pytest
from model_builders import FIRST, activities, activity, loads, published, recorded, recording, run_days, scan
from page_runner import MAIN, address
from run_builders import NAMES, made_up, run_row
from store_builders import FETCHED, FIRST_STORED_DAY, activity_row
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from connectors.demo import add_demo
from connectors.frames import ACTIVITY, SHOE, SYMPTOM
from connectors.store import Runner, Store, open_store
from dashboard import cli
from dashboard.charts.plotly_figure import LET_THE_PAGE_SCROLL
from dashboard.diary import entries
from dashboard.model.analysis import Analysis
from dashboard.report.page import ReportPage, build_page
from dashboard.shared.pipeline import analysis_of, explanation_of


@pytest.fixture(scope="session")
def steady() -> Analysis:
    """Eighteen months without a change and without a symptom log."""
    return made_up(540, symptoms=False)


@pytest.fixture(scope="session")
def jumping() -> Analysis:
    """Eighteen months with two jumps in load, and symptoms logged on three days of four."""
    return made_up(540, (200, 400))


@pytest.fixture(scope="session")
def fifteen_years() -> Analysis:
    """Fifteen years with a jump each half year."""
    return made_up(5479, tuple(range(150, 5400, 180)), first=date(2010, 1, 4))


@pytest.fixture(scope="session")
def make_run():
    """Give the maker of one RUN row."""
    return run_row


@pytest.fixture(scope="session")
def shoe_names() -> dict[str, str]:
    """Give the names of the two pairs."""
    return NAMES


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("HEELWISE_HOME", str(folder))
    monkeypatch.delenv("HEELWISE_ATHLETE", raising=False)
    return folder


@pytest.fixture(scope="session")
def filled_home(tmp_path_factory) -> Path:
    """Folder of one runner, 120 days: a run every other day, a big fortnight from day 90, and a few entries."""
    folder = tmp_path_factory.mktemp("filled") / "home"
    with open_store(folder) as store:
        _fill(store)
    return folder


def _fill(store: Store) -> None:
    runner = store.add_runner("Robin Placeholder")
    days = [FIRST_STORED_DAY + timedelta(days=n) for n in range(0, 120, 2)]
    rows = [
        activity_row(runner.athlete_id, day, 20000.0 if 90 <= n * 2 < 104 else 8000.0)
        for n, day in enumerate(days)
    ]
    store.write(ACTIVITY, pl.DataFrame(rows, schema_overrides=ACTIVITY.schema, infer_schema_length=None))
    shoe = {
        "shoe_id": "pair",
        "athlete_id": runner.athlete_id,
        "source": "file",
        "source_id": "pair",
        "fetched_utc": FETCHED,
        "name": "Plain Pacer 3",
    }
    store.write(SHOE, pl.DataFrame([shoe], schema_overrides=SHOE.schema))
    entries.save_entry(store, runner.athlete_id, entries.nothing_felt_on(date(2026, 3, 1)))
    entries.save_entry(
        store,
        runner.athlete_id,
        entries.SymptomEntry(
            date(2026, 4, 20), "left", morning_pain_0_10=4.0, morning_stiffness_min=20.0, note="a word"
        ),
    )


@pytest.fixture
def store(home, filled_home) -> Iterator[Store]:
    """A copy of the filled store, for one test."""
    shutil.copytree(filled_home, home, dirs_exist_ok=True)
    with open_store(home) as opened:
        yield opened


@pytest.fixture
def athlete_id(store) -> int:
    return store.runner().athlete_id


@pytest.fixture
def made() -> SimpleNamespace:
    """Give the builders of made-up runs."""
    return SimpleNamespace(
        published=published,
        recording=recording,
        activity=activity,
        activities=activities,
        recorded=recorded,
        scan=scan,
        loads=loads,
        run_days=run_days,
        first=FIRST,
        no_symptoms=SYMPTOM.empty(),
    )


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory) -> Store:
    kept = open_store(tmp_path_factory.mktemp("demo"))
    add_demo(kept, date(2026, 11, 25))  # the same story on every day
    return kept


@pytest.fixture(scope="session")
def demo_runner(demo_store) -> Runner:
    return demo_store.runner()


@pytest.fixture(scope="session")
def demo_ready(demo_store, demo_runner):
    analysis = analysis_of(demo_store, demo_runner.athlete_id)
    return analysis, explanation_of(demo_store, demo_runner.athlete_id, analysis)


@pytest.fixture(scope="session")
def demo_page(demo_store, demo_runner, demo_ready) -> ReportPage:
    from dashboard.report.material import collect

    return build_page(collect(demo_store, demo_runner, ready=demo_ready))


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
def run(home, monkeypatch, capsys) -> Callable[..., tuple[int, str, str]]:
    """Run one command of `heelwise` in this process; gives status, standard output, standard error."""

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["heelwise", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return int(stop.value.code or 0), out, err

    return call


@pytest.fixture
def open_page(home):
    """Run a page of the dashboard, named by its address, on the store in `home`; it must not fail."""

    def show(page: str = "") -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        # As from a bookmark. `switch_page` can only follow a run of the first page, which costs half a second of every
        # test, and few of them look at it.
        there = address(app, page)
        app.run()
        assert not app.exception, [one.value for one in app.exception]
        assert not page or app._finished_page_script_hash == calc_hash(there), f"there is no page {page}"
        check_figures(app)
        return app

    return show


def check_figures(app: AppTest) -> None:
    """Have Plotly look at every figure of a page: a page sends them as they were drawn, unchecked."""
    for one in app.get("plotly_chart"):
        spec = json.loads(one.proto.spec)
        if spec["layout"].get("dragmode") == LET_THE_PAGE_SCROLL:  # no drag mode, and meant as none
            spec["layout"]["dragmode"] = False
        go.Figure(spec)
