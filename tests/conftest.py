"""Fixtures shared by all tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from postgres_rig import PostgresRig, databases_of_a_test, shared_server
from streamlit import config

from connectors.store import Runner, Store, open_store
from dashboard.shared.demo_start import show_demo

# Speed is measured in tests/benchmarks; a busy machine must not fail a property. CI draws the same examples for the
# same test every time, so that a change is judged by what it changes; new ones are drawn wherever people run them.
settings.register_profile("untimed", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("untimed")
# As the server has it (connectors/collector.py): a search through all there is takes longer the more tests there are.
config.set_option("runner.postScriptGC", False)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Give each worker one stretch of the tests, and let who is done early take from the others.

    By its own rule xdist deals tests out in turn, and every worker makes what a folder or a file shares anew.
    """
    if getattr(config.option, "numprocesses", None) and config.option.dist == "no":
        config.option.dist = "worksteal"


REAL_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of public recordings kept beside the project; the test is skipped where it is absent."""
    if not REAL_DATA.is_dir():
        pytest.skip("the folder of real recordings is not here")
    return REAL_DATA


ON_BOTH = ("tests/connectors/store/",)
"""Folders whose tests of the store run on SQLite and on PostgreSQL, but for those marked `sqlite_only`."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test of the store on both databases."""
    folder = metafunc.definition.path.relative_to(metafunc.config.rootpath).as_posix()
    uses_store = "store" in metafunc.fixturenames or hasattr(metafunc.module, "open_store")
    is_of_one = metafunc.definition.get_closest_marker("postgres") is not None
    if folder.startswith(ON_BOTH) and uses_store and not is_of_one:
        kinds: list[object] = ["sqlite"]
        if metafunc.definition.get_closest_marker("sqlite_only") is None:
            kinds.append(pytest.param("postgres", marks=pytest.mark.postgres))
        metafunc.parametrize("on_database", kinds, indirect=True)


@pytest.fixture(autouse=True)
def on_database(request, monkeypatch) -> Iterator[str]:
    """The database of every store that this test opens: a file of its home folder, or one fresh PostgreSQL database."""
    kind = getattr(request, "param", "sqlite")
    if kind == "sqlite":
        monkeypatch.delenv("HEELWISE_DATABASE", raising=False)
        yield kind
        return
    server, template = (request.getfixturevalue(name) for name in ("postgres_server", "postgres_template"))
    with databases_of_a_test(server, template):
        yield kind


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory) -> PostgresRig:
    """The PostgreSQL server of this test run; skipped with a sentence where PostgreSQL is not installed."""
    folder = tmp_path_factory.getbasetemp()
    return shared_server(folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder)


@pytest.fixture(scope="session")
def postgres_template(postgres_server, tmp_path_factory) -> str:
    """A database with an empty store, to copy in a fraction of the time that making one takes."""
    name = postgres_server.fresh()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEELWISE_DATABASE", postgres_server.url(name))
        open_store(tmp_path_factory.mktemp("template")).close()
    return name


@pytest.fixture
def postgres_url(postgres_server) -> Iterator[str]:
    """The address of a fresh, empty database."""
    name = postgres_server.fresh()
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory) -> Path:
    """The folder of an empty store on SQLite, to copy in less than half the time that making one takes."""
    folder = tmp_path_factory.mktemp("empty") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("HEELWISE_DATABASE", raising=False)
        open_store(folder).close()
    return folder


@pytest.fixture
def store(tmp_path, on_database, empty_home) -> Iterator[Store]:
    """An empty store; `tests/dashboard/conftest.py` fills it."""
    if on_database == "sqlite":
        shutil.copytree(empty_home, tmp_path / "home", dirs_exist_ok=True)
    with open_store(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def runner(store) -> Runner:
    """The one runner of the store."""
    return store.runner(create=True)


@pytest.fixture(scope="session")
def shared_demo(tmp_path_factory) -> Path:
    """Folder of the made-up runner as a first start makes it: looked at as it is, copied by whoever changes it."""
    folder = tmp_path_factory.mktemp("demo") / "home"
    with open_store(folder) as store:
        show_demo(store, folder)
    return folder


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name bytes by their length: some hold the time they were packed, and workers must agree on every name."""
    return f"{len(val)} bytes" if isinstance(val, bytes) else None
