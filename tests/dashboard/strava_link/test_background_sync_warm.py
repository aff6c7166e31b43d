"""What the server does before the first page is asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ENTERED = """
import asyncio, sys, threading
from dashboard.strava_link import background_sync

seen = []
threading.Thread.start = lambda thread: seen.append((thread.name, hasattr(sys.modules.get("pandas"), "Series")))

async def serve():
    async with background_sync.lifespan(None):
        print(seen)

assert "pandas" not in sys.modules
asyncio.run(serve())
"""


def test_libraries_of_two_pages_are_whole_before_any_thread_starts(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", ENTERED],
        cwd=ROOT,
        env={**os.environ, "HEELWISE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    started = "[('heelwise-warm', True), ('heelwise-check', True), ('heelwise-sync', True), ('heelwise-watch', True)]"
    assert done.stdout.strip() == started, done.stderr
