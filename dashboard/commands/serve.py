"""`heelwise serve`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

from connectors.errors import HeelwiseError
from dashboard.commands.open_store import open_store_option, select_runner

SCRIPT = Path(__file__).resolve().parents[1] / "app.py"
SECONDS_TO_END = 3.0
SAFE = (
    "--server.address=127.0.0.1",
    "--server.showEmailPrompt=false",
    "--browser.gatherUsageStats=false",
    "--client.toolbarMode=minimal",
)


def serve_command(home: Path | None, athlete: str | None, port: int | None, browser: bool) -> None:
    """Start the dashboard and wait until it is stopped."""
    store = open_store_option(home)
    if athlete:
        os.environ["HEELWISE_ATHLETE"] = select_runner(store, athlete).name
    options = [*SAFE] if os.environ.get("HEELWISE_ALLOW_NETWORK") != "1" else [*SAFE[1:]]
    options += [f"--server.port={port}"] if port else []
    options += [] if browser else ["--server.headless=true"]
    before = signal.signal(signal.SIGTERM, _stop)
    server = subprocess.Popen([sys.executable, "-m", "streamlit", "run", str(SCRIPT), *options])
    try:
        status = server.wait()
    except KeyboardInterrupt:
        status = _ended(server)
    finally:
        signal.signal(signal.SIGTERM, before)
    if status not in (0, -signal.SIGINT, -signal.SIGTERM, 130):
        raise HeelwiseError("The dashboard could not be started, or ended early; why stands above.")


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _ended(server: subprocess.Popen[bytes]) -> int:
    """Wait for a server that a terminal told to stop as well, and tell one that nobody has told."""
    try:
        return server.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        server.terminate()
    try:
        return server.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        server.kill()
        return 0
