"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from connectors.store import Runner, Store, open_store

# Speed is measured in tests/benchmarks; a busy machine must not fail a property. CI draws the same examples for the
# same test every time, so that a change is judged by what it changes; new ones are drawn wherever people run them.
settings.register_profile("untimed", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("untimed")

REAL_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of public recordings kept beside the project; the test is skipped where it is absent."""
    if not REAL_DATA.is_dir():
        pytest.skip("the folder of real recordings is not here")
    return REAL_DATA


@pytest.fixture
def store(tmp_path) -> Iterator[Store]:
    """An empty store; `tests/dashboard/conftest.py` fills it."""
    with open_store(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def runner(store) -> Runner:
    """The one runner of the store."""
    return store.runner(create=True)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name bytes by their length: some hold the time they were packed, and workers must agree on every name."""
    return f"{len(val)} bytes" if isinstance(val, bytes) else None
