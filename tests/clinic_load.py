"""The load of a clinic: many open sessions whose people click now and then, over Streamlit's own socket.

`python tests/clinic_load.py SECONDS SESSIONS ADDRESS [ADDRESS ...]` is the process that clicks; it prints what came of
it as JSON. Time is counted from the click's message to the end of the run of the script that answers it. The times
between two clicks of a session are exponential, so that now and then many fall together.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import websockets
from live_server import Server
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from connectors.demo import add_demo
from connectors.store import open_store

EVERY_S = 8.0
LONGEST_S = 60.0
PAGES = ("today", "timeline", "log", "flares", "shoes", "plan", "strength", "mechanics", "runs", "events")
QUERY = "runner=1"
NOT_SHOWN = "could not be shown"
SEED = 20261129
SAMPLE_S = 2.0


@dataclass
class Clicks:
    """What the sessions met: s from each click to its answer, in the order of the answers."""

    seconds: list[float] = field(default_factory=list)
    burst: list[float] = field(default_factory=list)
    by_page: dict[str, list[float]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def share(self, part: float) -> float:
        """Return the time within which a share of all clicks was answered, s."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))]

    def __str__(self) -> str:
        shares = ", ".join(f"p{round(100 * one)} {self.share(one):.2f} s" for one in (0.5, 0.95, 0.99))
        slowest = max(self.by_page, key=lambda page: sum(self.by_page[page]) / len(self.by_page[page]))
        burst = f"; burst of {len(self.burst)}: all within {max(self.burst):.1f} s" if self.burst else ""
        return f"{len(self.seconds)} clicks: {shares}, longest {max(self.seconds):.2f} s, slowest page {slowest}{burst}"


class Session:
    """One open page."""

    def __init__(self, socket: websockets.ClientConnection, clicks: Clicks, chance: random.Random) -> None:
        self._socket, self._clicks, self._chance = socket, clicks, chance

    async def click(self, times: list[float] | None = None, page: str | None = None) -> None:
        """Ask for a page, or any, and wait until it is drawn."""
        page = page or self._chance.choice(PAGES)
        message = BackMsg()
        message.rerun_script.query_string = QUERY
        message.rerun_script.page_name = page
        began = time.monotonic()
        await self._socket.send(message.SerializeToString())
        fault = await asyncio.wait_for(self._until_drawn(), LONGEST_S)
        took = time.monotonic() - began
        if fault:
            self._clicks.faults.append(f"{page}: {fault}")
        if times is not None:
            times.append(took)
            self._clicks.by_page.setdefault(page, []).append(took)

    async def _until_drawn(self) -> str | None:
        """Wait for the end of a run of the script; return what went wrong in it."""
        fault = None
        while True:
            message = ForwardMsg.FromString(await self._socket.recv(decode=False))
            kind = message.WhichOneof("type")
            if kind == "delta" and NOT_SHOWN in str(message.delta.new_element):
                fault = str(message.delta.new_element)[:400]
            elif kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return fault

    async def live(self, until: float) -> None:
        """Click now and then until the end."""
        while (pause := self._chance.expovariate(1 / EVERY_S)) + time.monotonic() < until:
            await asyncio.sleep(pause)
            await self.click(self._clicks.seconds)


async def _load(seconds: float, sessions: int, addresses: Sequence[str]) -> Clicks:
    clicks = Clicks()
    options: dict[str, Any] = {"subprotocols": ["streamlit"], "max_size": None, "ping_timeout": None}
    opened = []
    for number in range(sessions):
        address = addresses[number % len(addresses)]
        place = f"ws://{address.partition('://')[2]}/_stcore/stream"
        socket = await websockets.connect(place, origin=address, open_timeout=60, **options)  # type: ignore[arg-type]
        opened.append(Session(socket, clicks, random.Random(SEED + number)))
    # Each page once in each process, one after the other: a server that has just started is not what is measured.
    for number, one in enumerate(opened):
        await one.click(page=PAGES[number // len(addresses) % len(PAGES)])
    print("ready", flush=True)
    until = time.monotonic() + seconds
    await asyncio.gather(*(one.live(until) for one in opened))

    async def later(one: Session, delay: float) -> None:
        await asyncio.sleep(delay)
        await one.click(clicks.burst)

    await asyncio.gather(*(later(one, number / sessions) for number, one in enumerate(opened)))
    return clicks


def main() -> None:
    """Click from a process of its own, which gives way to what it measures."""
    os.nice(10)
    clicks = asyncio.run(_load(float(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))
    print(json.dumps(vars(clicks)))


@dataclass
class Memory:
    """What the processes of the dashboard hold together, sampled while they are clicked at: (s, bytes)."""

    samples: list[tuple[float, int]] = field(default_factory=list)
    cpu_s: float = 0.0
    """What the processes have computed for all clicks together."""

    def quarter(self, number: int) -> float:
        """Return the mean of a quarter of the time, the first being 0, in bytes."""
        length = len(self.samples) // 4
        part = self.samples[number * length : (number + 1) * length]
        return sum(held for _, held in part) / len(part)

    def __str__(self) -> str:
        quarters = ", ".join(f"{self.quarter(number) / 1e6:.0f}" for number in range(4))
        return f"memory by quarter: {quarters} MB; {self.cpu_s:.0f} s of one core"


@contextmanager
def two_processes(folder: Path, database: str) -> Iterator[list[Server]]:
    """Start two processes of the dashboard on one folder and one database, with the made-up runner in it."""
    with open_store(folder / "home") as store:
        add_demo(store)
    running = []
    for name in ("one", "two"):
        (folder / name).mkdir()
        facts = {"HEELWISE_HOME": str(folder / "home"), "HEELWISE_DATABASE": database}
        running.append(Server(folder / name, **facts))
    for server in running:
        server.wait()
    yield running
    for server in running:
        server.stop()


def load(servers: Sequence[Server], seconds: float, sessions: int) -> tuple[Clicks, Memory]:
    """Click at some servers for s, with so many open sessions, and return what came of it."""
    command = [sys.executable, __file__, str(seconds), str(sessions), *(one.url for one in servers)]
    path = f"{Path(__file__).parent}{os.pathsep}{Path(__file__).parents[1]}"
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path}
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    memory, is_over = Memory(), threading.Event()
    watched = [psutil.Process(one.process.pid) for one in servers]
    watch = threading.Thread(target=_watch, args=(watched, memory, is_over))
    watch.start()
    try:
        out = process.communicate(timeout=seconds + 300)[0]
    finally:
        is_over.set()
        watch.join()
        process.kill()
    assert process.returncode == 0
    return Clicks(**json.loads(out)), memory


def _watch(watched: Sequence[psutil.Process], memory: Memory, is_over: threading.Event) -> None:
    began, before = time.monotonic(), _computed(watched)
    while not is_over.wait(SAMPLE_S):
        held = sum(one.memory_full_info().uss for one in watched)
        memory.samples.append((time.monotonic() - began, held))
        memory.cpu_s = _computed(watched) - before


def _computed(watched: Sequence[psutil.Process]) -> float:
    return sum(one.cpu_times().user + one.cpu_times().system for one in watched)


if __name__ == "__main__":
    main()
