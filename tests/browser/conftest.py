"""Servers with folders of their own, and Chromium."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path

import pytest
from chromium import CHROMIUM, OWN_ARGUMENTS
from live_server import Server
from proxy_rig import NAME, Proxy, is_here
from sign_in_rig import CLIENT_ID, CLIENT_SECRET, HostileProvider, free_port, served
from typed_fields import ZONE

from connectors.store import open_store
from dashboard.access import interfaces

LONGEST = ("test_whole_path.py", "test_fresh_servers.py")
"""Files of one or two tests of a minute and more: begun first, so that no worker waits at the end for another's."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    items.sort(key=lambda one: one.path.name not in LONGEST)


@pytest.fixture(scope="session", autouse=True)
def chromium_is_there():
    if CHROMIUM is None:
        if os.environ.get("HEELWISE_REQUIRE_BROWSER") == "1":
            pytest.fail("Chromium is not installed, and here the browser tests may not be skipped")
        pytest.skip("Chromium is not installed")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    # The made-up host of a proxy lies on this machine.
    own = [*OWN_ARGUMENTS, "--host-resolver-rules=MAP heelwise.example.org 127.0.0.1"]
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": own}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {
        **browser_context_args,
        "timezone_id": ZONE,
        "viewport": {"width": 1440, "height": 900},
    }


@pytest.fixture
def phone_place():
    """Return an address of this machine that another could reach, and a free port on it."""
    networks = interfaces.networks()
    if not networks:
        pytest.skip("this machine is on no private network")
    with socket.socket() as probe:
        probe.bind((networks[0].address, 0))
        return networks[0].address, probe.getsockname()[1]


@pytest.fixture
def serve(tmp_path):
    """Start a server on an empty folder or on a copy of a home, with more in its environment.

    A second one needs a folder by name.
    """
    started: list[Server] = []

    def start(folder: str = "", home: Path | None = None, **environment: str) -> Server:
        (tmp_path / folder).mkdir(exist_ok=True)
        if home is not None:
            shutil.copytree(home, tmp_path / folder / "home")
        started.append(Server(tmp_path / folder, **environment))
        started[-1].wait()
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def behind_caddy(tmp_path, serve):
    """Start a server behind Caddy where persons sign in, and return its public address and their provider."""
    if not is_here("caddy"):
        pytest.skip("caddy is not installed")
    provider, listen = HostileProvider(), free_port()
    secret = tmp_path / "client-secret"
    secret.write_text(CLIENT_SECRET)
    (tmp_path / "proxy").mkdir()
    with served(provider.app(), provider.port), Proxy("caddy", tmp_path / "proxy", listen) as proxy:

        def start(**environment: str) -> tuple[str, HostileProvider]:
            serve(
                HEELWISE_PROXY_LISTEN=str(listen),
                HEELWISE_PUBLIC_URL=f"https://{NAME}:{proxy.port}",
                HEELWISE_SIGN_IN_ISSUER=provider.issuer,
                HEELWISE_SIGN_IN_CLIENT_ID=CLIENT_ID,
                HEELWISE_SIGN_IN_CLIENT_SECRET_FILE=str(secret),
                **environment,
            )
            return f"https://{NAME}:{proxy.port}", provider

        yield start


@pytest.fixture
def fresh(serve) -> Server:
    """A server on an empty folder: a first start."""
    return serve()


@pytest.fixture
def begun(serve, shared_demo) -> Server:
    """A server of one's own that shows the made-up runner, as a first start leaves it."""
    return serve(home=shared_demo)


@pytest.fixture(scope="session")
def demo(tmp_path_factory, shared_demo):
    """A server that shows the made-up runner, shared by the tests that change nothing."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copytree(shared_demo, folder / "home")
    server = Server(folder)
    server.wait()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def two_patients(tmp_path_factory, shared_demo):
    """A server with the made-up runner and somebody else, for the tests of one module."""
    folder = tmp_path_factory.mktemp("two")
    with open_store(shutil.copytree(shared_demo, folder / "home")) as store:
        store.add_runner("Quentin Otherperson")
    server = Server(folder)
    server.wait()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def kept_context(browser, browser_context_args):
    """One context for tests that leave nothing in it: the scripts of Streamlit and Plotly stay compiled."""
    context = browser.new_context(**browser_context_args)
    yield context
    context.close()


@pytest.fixture
def kept_page(kept_context):
    """A page of its own in the context that is kept."""
    page = kept_context.new_page()
    yield page
    page.close()


@pytest.fixture
def only_here(page):
    """Every request of the page must go to this machine; told at the end of the test."""
    away: list[str] = []
    allowed = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")
    page.on("request", lambda request: None if request.url.startswith(allowed) else away.append(request.url))
    page.on("websocket", lambda socket: None if socket.url.startswith(allowed) else away.append(socket.url))
    yield page
    assert away == []
