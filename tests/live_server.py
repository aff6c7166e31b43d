"""The real server as a process of its own, on a free port with a folder of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
START_S = 240.0
"""Longest wait for a server on a machine that does much else; it ends earlier where its process has ended."""


class Server:
    """`streamlit run dashboard/app.py` as the README says it."""

    def __init__(self, folder: Path, **environment: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.home = folder / "home"
        self.said = folder / "server.log"
        known = {k: v for k, v in os.environ.items() if not k.startswith(("STREAMLIT_", "HEELWISE_"))}
        self.output = self.said.open("w")
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "streamlit", "run", "dashboard/app.py"),
                *(f"--server.port={self.port}", "--server.headless=true"),
            ],
            cwd=ROOT,
            env={**known, "HOME": str(folder), "HEELWISE_HOME": str(self.home), **environment},
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=subprocess.STDOUT,
        )

    def wait(self) -> None:
        until = time.monotonic() + START_S
        while time.monotonic() < until:
            assert self.process.poll() is None, self.said.read_text()
            try:
                urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=10).read()
            except OSError:
                time.sleep(0.1)
            else:
                return
        pytest.fail(f"the server did not answer within {START_S:g} s: " + self.said.read_text())

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        self.output.close()
        assert "Traceback" not in self.said.read_text()
