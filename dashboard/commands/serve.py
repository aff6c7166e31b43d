"""`heelwise serve`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import typer

from dashboard.commands.opening import opened, whose

SCRIPT = Path(__file__).resolve().parents[1] / "app.py"
SAFE = (
    "--server.address=127.0.0.1",
    "--server.showEmailPrompt=false",
    "--browser.gatherUsageStats=false",
)


def run(home: Path | None, athlete: str | None, port: int | None, browser: bool) -> None:
    """Start the dashboard and wait until it is stopped.

    Parameters
    ----------
    home, athlete
        As for `opening.opened` and `opening.whose`.
    port : int or None
        None lets the server choose.
    browser : bool
        Whether to open a browser window.

    Raises
    ------
    Exit
        With the server's own status.
    """
    store = opened(home)
    if athlete:
        os.environ["HEELWISE_ATHLETE"] = whose(store, athlete).name
    options = [*SAFE] if os.environ.get("HEELWISE_ALLOW_NETWORK") != "1" else [*SAFE[1:]]
    options += [f"--server.port={port}"] if port else []
    options += [] if browser else ["--server.headless=true"]
    server = subprocess.Popen([sys.executable, "-m", "streamlit", "run", str(SCRIPT), *options])
    try:
        status = server.wait()
    except KeyboardInterrupt:  # the server got the same signal and stops by itself
        status = server.wait()
    raise typer.Exit(0 if status in (0, -2, 130) else 1)
