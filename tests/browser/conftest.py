"""Servers with folders of their own, and Chromium."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path

import pytest
from live_server import Server

from connectors.demo import add_demo
from connectors.store import open_store
from dashboard.access import interfaces

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"


@pytest.fixture(scope="session", autouse=True)
def chromium_is_there():
    if not Path(CHROMIUM).exists():
        if os.environ.get("HEELWISE_REQUIRE_BROWSER") == "1":
            pytest.fail("Chromium is not installed, and here the browser tests may not be skipped")
        pytest.skip("Chromium is not installed")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    # The made-up host of a proxy lies on this machine.
    own = ["--no-sandbox", "--host-resolver-rules=MAP heelwise.example.org 127.0.0.1"]
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": own}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {
        **browser_context_args,
        "timezone_id": "Europe/Amsterdam",
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
    """Start a server on an empty folder, with more in its environment; a second one needs a folder by name."""
    started: list[Server] = []

    def start(folder: str = "", **environment: str) -> Server:
        (tmp_path / folder).mkdir(exist_ok=True)
        started.append(Server(tmp_path / folder, **environment))
        started[-1].wait()
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def fresh(tmp_path):
    """A server on an empty folder: a first start."""
    server = Server(tmp_path)
    server.wait()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """A server that shows the made-up runner, shared by the tests that change nothing."""
    server = Server(tmp_path_factory.mktemp("demo"))
    server.wait()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def two_patients(tmp_path_factory):
    """A server with the made-up runner and somebody else, for the tests of one module."""
    folder = tmp_path_factory.mktemp("two")
    with open_store(folder / "home") as store:
        add_demo(store)
        store.add_runner("Quentin Otherperson")
    server = Server(folder)
    server.wait()
    yield server
    server.stop()


@pytest.fixture
def only_here(page):
    """Every request of the page must go to this machine; told at the end of the test."""
    away: list[str] = []
    allowed = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")
    page.on("request", lambda request: None if request.url.startswith(allowed) else away.append(request.url))
    page.on("websocket", lambda socket: None if socket.url.startswith(allowed) else away.append(socket.url))
    yield page
    assert away == []
