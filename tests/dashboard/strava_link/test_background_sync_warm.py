"""What the server does before the first page is asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from dashboard.strava_link.background_sync import FIRST_PAGE_S

ROOT = Path(__file__).resolve().parents[3]
ENTERED = """
import asyncio, sys, threading
assert "pandas" not in sys.modules
import dashboard.app
from dashboard.strava_link import background_sync

seen = []
def begin(thread):
    seen.append((thread.name, hasattr(sys.modules.get("pandas"), "Series"), getattr(thread, "interval", 0.0)))

threading.Thread.start = begin

async def serve():
    async with background_sync.lifespan(None):
        print(seen)

asyncio.run(serve())
"""


def test_libraries_of_two_pages_are_whole_before_any_thread_starts_and_the_first_page_goes_first(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", ENTERED],
        cwd=ROOT,
        env={**os.environ, "HEELWISE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    later = [(f"heelwise-{name}", True, FIRST_PAGE_S) for name in ("check", "sync", "watch")]
    started = str([("heelwise-warm", True, 0.0), *later])
    assert done.stdout.strip() == started, done.stderr
