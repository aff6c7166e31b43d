"""The made-up runner, made and computed once; and what a report is made from."""

from __future__ import annotations

from datetime import date

import pytest

from connectors.demo import add_demo
from connectors.store import Runner, Store, open_store
from dashboard.gather import analysis_of, why_of
from dashboard.report.page import Page, laid_out


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Store:
    kept = open_store(tmp_path_factory.mktemp("demo"))
    add_demo(kept, date(2026, 11, 25))  # the same story on every day
    return kept


@pytest.fixture(scope="session")
def demo_runner(demo) -> Runner:
    return demo.runner()


@pytest.fixture(scope="session")
def demo_ready(demo, demo_runner):
    analysis = analysis_of(demo, demo_runner.athlete_id)
    return analysis, why_of(demo, demo_runner.athlete_id, analysis)


@pytest.fixture(scope="session")
def demo_page(demo, demo_runner, demo_ready) -> Page:
    from dashboard.report.material import material

    return laid_out(material(demo, demo_runner, ready=demo_ready))
