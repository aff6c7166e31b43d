"""How long a command and a fresh server take to start, against the libraries alone. Run with -m benchmark -s."""

# Processor time, not the clock: other programs on the machine do not count.

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import psutil
import pytest
from run_builders import made_up
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit_socket import connected, rerun

from connectors.demo import add_demo
from connectors.frames import ACTIVITY
from connectors.store import open_store

ROOT = Path(__file__).resolve().parents[2]
ROUNDS, FEW_ROUNDS = 5, 3
BARE = "import streamlit, polars, plotly.graph_objects"
MOST = 1.5
"""A report of 23 runs, of the imports alone."""
WANTED_FIRST, MOST_FIRST = 1.4, 1.6
"""The first chart of a fresh server, of a bare app's: what screens.md asks for, and what holds the line until then."""
BARE_APP = """
import pandas, polars, plotly.graph_objects as go, streamlit as st
st.plotly_chart(go.Figure(go.Bar(x=[1, 2, 3], y=[3, 1, 2])))
"""


def _processor_s(*command: str) -> float:
    """Least processor time of a few processes, user and system, with bytecode as an installed program has it."""
    wanted = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    took = []
    for _ in range(ROUNDS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL, env=wanted)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(took)


@pytest.mark.benchmark
def test_a_report_of_23_runs_starts_quickly(tmp_path):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with open_store(tmp_path) as store:
        mine = store.add_runner("Someone").athlete_id
        same = {"athlete_id": mine, "source": "file", "fetched_utc": now, "sport": "Run", "shoe_id": None}
        runs = made_up(60, (20,)).runs.head(23)
        names = ("activity_id", "source_id", "start_utc", "local_date", "distance_m", "moving_s")
        store.write(ACTIVITY, runs.select(names).with_columns(pl.lit(v).alias(k) for k, v in same.items()))
    bare = _processor_s("-c", BARE)
    report = _processor_s("-c", "from dashboard.cli import main; main()", "report", "--home", str(tmp_path))
    print(
        f"\nimports alone {bare:.2f} s, a report {report:.2f} s: {report / bare:.2f} times; wanted < {MOST:g}"
    )
    assert report < MOST * bare


def _first_chart_s(app: Path, page: str, query: str, folder: Path) -> float:
    """Processor time of a server from its start until the first chart is sent."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    known = {k: v for k, v in os.environ.items() if not k.startswith(("STREAMLIT_", "HEELWISE_"))}
    known.pop("PYTHONDONTWRITEBYTECODE", None)
    command = (sys.executable, "-m", "streamlit", "run", str(app))
    server = subprocess.Popen(
        [*command, f"--server.port={port}", "--server.headless=true"],
        cwd=ROOT,
        env={**known, "HOME": str(folder), "HEELWISE_HOME": str(folder / "home")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        until = time.monotonic() + 120
        while not _answers(f"{address}/_stcore/health"):
            assert server.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
        with connected(address) as page_socket:
            page_socket.send(rerun(query, page_name=page).SerializeToString())
            while True:
                payload = page_socket.recv(timeout=120)
                assert isinstance(payload, bytes)
                message = ForwardMsg.FromString(payload)
                if message.delta.new_element.WhichOneof("type") == "plotly_chart":
                    used = psutil.Process(server.pid).cpu_times()
                    return used.user + used.system
                assert message.WhichOneof("type") != "script_finished", "no chart was drawn"
    finally:
        server.terminate()
        server.wait(20)


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=1).read()
    except OSError:
        return False
    return True


@pytest.mark.benchmark
@pytest.mark.timeout(600)
def test_a_fresh_server_draws_its_first_chart(tmp_path):
    with open_store(tmp_path / "home") as store:
        one = add_demo(store).athlete_id
    bare_app = tmp_path / "bare.py"
    bare_app.write_text(BARE_APP)
    own_app = ROOT / "dashboard" / "app.py"
    bare = min(_first_chart_s(bare_app, "", "", tmp_path) for _ in range(FEW_ROUNDS))
    own = min(_first_chart_s(own_app, "timeline", f"?runner={one}", tmp_path) for _ in range(FEW_ROUNDS))
    print(
        f"\nfirst chart: bare app {bare:.2f} s of processor, Timeline of the demo {own:.2f} s: {own / bare:.2f} times; "
        f"wanted < {WANTED_FIRST:g}, asked < {MOST_FIRST:g}"
    )
    assert own < MOST_FIRST * bare
