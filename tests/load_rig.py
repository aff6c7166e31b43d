"""Many sessions at once against the real server: each opens pages as a browser's socket does, then leaves.

A session speaks Streamlit's own socket: it asks for a page, answers what the page asks for, and waits until the run of
the script has ended. `Server` counts what the server's process holds: open files by kind, and memory.
"""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PAGE_S = 300.0
"""Longest wait for one page while all the others are drawn."""
_NOT_SHOWN = "could not be shown"


@dataclass
class Visited:
    """What a round of sessions met."""

    pages: int = 0
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True)
class Held:
    """What a process holds: open files by what they are, threads, and bytes of memory of its own."""

    files: Counter[str]
    threads: int
    memory: int

    @property
    def handles(self) -> int:
        return sum(self.files.values())

    def __str__(self) -> str:
        kinds = ", ".join(f"{number} {what}" for what, number in sorted(self.files.items()))
        return f"{self.handles} handles ({kinds}), {self.threads} threads, {self.memory / 1e6:.0f} MB"


def held_by(pid: int) -> Held:
    """Count what a process holds now."""
    files: Counter[str] = Counter()
    for entry in os.listdir(f"/proc/{pid}/fd"):
        try:
            target = os.readlink(f"/proc/{pid}/fd/{entry}")
        except FileNotFoundError:
            continue
        files[_kind(target)] += 1
    process = psutil.Process(pid)
    return Held(files, process.num_threads(), process.memory_full_info().uss)


def _kind(target: str) -> str:
    if target.startswith("/"):
        name = Path(target).name
        return re.sub(r"[0-9a-f]{8,}", "*", name)
    return target.partition(":")[0]


async def _visit(port: int, paths: tuple[str, ...], query: str, visited: Visited) -> None:
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    origin = f"http://127.0.0.1:{port}"
    async with websockets.connect(
        address, subprotocols=["streamlit"], origin=origin, max_size=None, ping_timeout=None, open_timeout=60
    ) as socket:
        for path in paths:
            message = BackMsg()
            message.rerun_script.query_string = query
            message.rerun_script.page_name = path
            await socket.send(message.SerializeToString())
            fault = await asyncio.wait_for(_until_drawn(socket), PAGE_S)
            visited.pages += 1
            if fault is not None:
                visited.faults.append(f"{path}: {fault}")


async def _until_drawn(socket: websockets.ClientConnection) -> str | None:
    """Wait for the end of a run of the script; what went wrong in it, else None."""
    fault = None
    async for data in socket:
        message = ForwardMsg.FromString(data)
        kind = message.WhichOneof("type")
        if kind == "delta":
            element = message.delta.new_element
            shown = str(element)
            if element.WhichOneof("type") == "exception" or _NOT_SHOWN in shown:
                fault = shown[:400]
        elif kind == "session_event" and message.session_event.HasField("script_compilation_exception"):
            fault = str(message.session_event)[:400]
        elif kind == "script_finished" and message.script_finished in (
            ForwardMsg.FINISHED_SUCCESSFULLY,
            ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
        ):
            return fault
    return "the server ended the session"


def visit_at_once(port: int, pairs: list[tuple[str, str]], query: str) -> Visited:
    """Let one session for each pair open its two pages, all at the same time, then leave."""
    visited = Visited()

    async def all_at_once() -> None:
        await asyncio.gather(*(_visit(port, pair, query, visited) for pair in pairs))

    began = time.monotonic()
    asyncio.run(all_at_once())
    visited.seconds = time.monotonic() - began
    return visited


def settled(pid: int, longest_s: float = 20.0) -> Held:
    """Return what a process holds once its handles have stayed the same for two seconds."""
    until = time.monotonic() + longest_s
    now = held_by(pid)
    while time.monotonic() < until:
        before = now
        time.sleep(2)
        now = held_by(pid)
        if now.handles == before.handles:
            break
    return now
