"""The phone's log beside Streamlit's own, on a phone: 4x slower processor, slow 4G. With -m benchmark -s."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from statistics import median

import pytest
from chromium import CHROMIUM, OWN_ARGUMENTS
from phone_app import COOKIE
from playwright.sync_api import Browser, Page, sync_playwright

from connectors.demo import add_demo
from connectors.store import open_store
from dashboard.phone import log_document

ROOT = Path(__file__).resolve().parents[2]
SLOWER = 4
SLOW_4G = {
    "offline": False,
    "latency": 562.5,
    "downloadThroughput": 1.44e6 / 8,
    "uploadThroughput": 0.675e6 / 8,
}
"""The preset of Chromium's own tools: ms, and byte/s."""
MOST_S = 2.0
ROUNDS = 5
READY = "performance.now() / 1000"


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("phone") / "home"
    with open_store(folder) as store:
        add_demo(store)
    return folder


def started(command: list[str], home: Path, alive: str) -> tuple[subprocess.Popen[bytes], str]:
    """Start a server on a free port, and wait until it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    known = {k: v for k, v in os.environ.items() if not k.startswith(("STREAMLIT_", "HEELWISE_"))}
    process = subprocess.Popen(
        [sys.executable, *(part.format(port=port) for part in command)],
        cwd=ROOT,
        env={**known, "HEELWISE_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    until = time.monotonic() + 90
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(url + alive, timeout=1).read()
        except OSError:
            time.sleep(0.2)
        else:
            return process, url
    process.kill()
    raise AssertionError("the server did not answer")


def times_s(browser: Browser, url: str, ready: str, rounds: int, **more: str) -> list[float]:
    """Open a page again and again in one browser, throttled; s from the start of the way there to the first button."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True, **more
    )
    context.add_cookies([{"name": COOKIE, "value": "7.1", "url": url}])
    took = []
    for _ in range(rounds):
        page: Page = context.new_page()
        tools = context.new_cdp_session(page)
        tools.send("Network.enable")
        tools.send("Network.emulateNetworkConditions", SLOW_4G)
        tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(f"{url}/log", wait_until="commit")
        page.wait_for_selector(ready, timeout=120_000)
        took.append(page.evaluate(READY))
        page.close()
    context.close()
    return took


@pytest.mark.benchmark
@pytest.mark.timeout(900)
def test_the_phones_log_is_there_in_two_seconds_and_streamlits_beside_it(home):
    own = ["tests/phone_app.py", "{port}"]
    whole = ["-m", "streamlit", "run", "dashboard/app.py", "--server.port={port}", "--server.headless=true"]
    first_button = '[class*="st-key-stiffness"] button, [class*="st-key-large_taps"] button'
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=[*OWN_ARGUMENTS])
        process, url = started(own, home, "/manifest.webmanifest")
        try:
            plain = times_s(browser, url, "html[data-ready]", ROUNDS + 1, service_workers="block")
            safe = times_s(browser, url, "html[data-ready]", ROUNDS + 1)
        finally:
            process.terminate()
            process.wait(20)
        process, url = started(whole, home, "/_stcore/health")
        try:
            streamlit = times_s(browser, url, first_button, 3)
        finally:
            process.terminate()
            process.wait(20)
        browser.close()
    size = len(log_document.page()) + len(log_document.script())
    print(
        f"\nfirst tap, s: cold {plain[0]:.2f}, warm by HTTP {median(plain[1:]):.2f}, by HTTPS (worker) "
        f"{median(safe[1:]):.2f}; Streamlit's log cold {streamlit[0]:.2f}, warm {median(streamlit[1:]):.2f}; "
        f"page and script {size:,} byte"
    )
    assert median(plain[1:]) < MOST_S
    assert median(safe[1:]) < MOST_S
    assert size < 60_000
