"""The load of a clinic: many people who signed in, each with an open page, over Streamlit's own socket.

`python tests/clinic_load.py PLAN` is the process that clicks, as the file PLAN says; it prints how far it is, and
writes what came of it beside the plan. Time is counted from the click's message to the end of the run of the script
that answers it. The times between two clicks of a session are exponential, so that now and then many fall together.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, cast

import psutil
import websockets
from clinic_people import Visitor, fill_clinic
from clinic_rig import STICKY, Browser, Clinic, wait_until
from postgres_rig import PostgresRig
from proxy_rig import NAME
from role_rig import lock_rows
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from connectors.store import open_store
from connectors.store.row_security import APP, JOBS
from dashboard.access.person_sessions import COOKIE

EVERY_S = 8.0
LONGEST_S = 120.0
"""s after which a click counts as lost."""
PAGES = ("today", "timeline", "log", "flares", "shoes", "plan", "strength", "mechanics", "runs", "events")
NOT_SHOWN = ("could not be shown", "not shared with you", "did not foresee", "may not open pages")
_ENDS = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_WITH_COMPILE_ERROR)
SEED = 20261129
VIEWS_A_SAMPLE = 10
VIEWS_A_TAB = 20
"""Pages that somebody without a pause opens in one tab before they close it and open another."""
SESSIONS = int(os.environ.get("HEELWISE_LOAD_SESSIONS", "30"))
"""Open pages, each of somebody else who is signed in."""
SHARE_S, BURST_S = 2.0, 10.0
"""s within which 95 of 100 clicks are answered, and all of a burst (access.md, "Load")."""


@dataclass(frozen=True)
class Plan:
    """What is to be clicked: for s with pauses, and then all within a second; or so many views without a pause."""

    port: int
    certificate: str
    sessions: list[tuple[str, int]]
    """The cookies of each session, and the runner that it looks at."""
    seconds: float = 0.0
    views: int = 0


@dataclass
class Clicks:
    """What the sessions met: s from each click to its answer, in the order of the answers."""

    seconds: list[float] = field(default_factory=list)
    burst: list[float] = field(default_factory=list)
    by_page: dict[str, list[float]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    first: float = 0.0
    """s for the first page of every session, one after another."""

    def share(self, part: float) -> float:
        """Return the time within which a share of all clicks was answered, s."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))]

    def __str__(self) -> str:
        shares = ", ".join(f"p{round(100 * one)} {self.share(one):.2f} s" for one in (0.5, 0.95, 0.99))
        slowest = max(self.by_page, key=lambda page: sum(self.by_page[page]) / len(self.by_page[page]))
        burst = f"; burst of {len(self.burst)}: all within {max(self.burst):.1f} s" if self.burst else ""
        return (
            f"{len(self.seconds)} clicks: {shares}, longest {max(self.seconds):.2f} s, slowest page {slowest}{burst}; "
            f"first pages of all: {self.first:.0f} s"
        )


class Session:
    """One open page of somebody who signed in, through the proxy."""

    def __init__(self, plan: Plan, number: int, clicks: Clicks, trust: ssl.SSLContext) -> None:
        self._plan, self._clicks, self._trust = plan, clicks, trust
        self._cookies, self._runner = plan.sessions[number]
        self._chance = random.Random(SEED + number)
        self._socket: websockets.ClientConnection | None = None

    async def open(self) -> None:
        """Open the page's socket, in place of an earlier one."""
        if self._socket is not None:
            await self._socket.close()
        self._socket = await websockets.connect(
            f"wss://{NAME}:{self._plan.port}/_stcore/stream",
            origin=cast(Any, f"https://{NAME}:{self._plan.port}"),
            host="127.0.0.1",
            port=self._plan.port,
            ssl=self._trust,
            server_hostname=NAME,
            additional_headers={"Cookie": self._cookies},
            subprotocols=cast(Any, ["streamlit"]),
            max_size=None,
            ping_timeout=None,
            open_timeout=LONGEST_S,
            proxy=None,
        )

    async def click(self, times: list[float] | None = None, page: str | None = None) -> None:
        """Ask for a page, or any, and wait until it is drawn."""
        page = page or self._chance.choice(PAGES)
        message = BackMsg()
        message.rerun_script.query_string = f"runner={self._runner}"
        message.rerun_script.page_name = page
        began = time.monotonic()
        assert self._socket is not None
        await self._socket.send(message.SerializeToString())
        try:
            fault = await asyncio.wait_for(self._until_drawn(self._socket), LONGEST_S)
        except (TimeoutError, websockets.ConnectionClosed) as error:
            fault = f"not answered: {error!r}"
            await self.open()
        took = time.monotonic() - began
        if fault:
            self._clicks.faults.append(f"{page}: {fault}")
        if times is not None:
            times.append(round(took, 4))
            self._clicks.by_page.setdefault(page, []).append(round(took, 4))

    async def _until_drawn(self, socket: websockets.ClientConnection) -> str | None:
        """Wait for the end of a run of the script; return what went wrong in it."""
        fault, elements = None, 0
        while True:
            message = ForwardMsg.FromString(await socket.recv(decode=False))
            kind = message.WhichOneof("type")
            if kind == "delta":
                elements += 1
                shown = str(message.delta.new_element)
                if any(one in shown for one in NOT_SHOWN):
                    fault = shown[:400]
            elif kind == "script_finished" and message.script_finished in _ENDS:
                return fault or (None if elements > 1 else "an empty page")

    async def live(self, until: float, count: Callable[[], None]) -> None:
        """Click now and then until the end."""
        while (pause := self._chance.expovariate(1 / EVERY_S)) + time.monotonic() < until:
            await asyncio.sleep(pause)
            await self.click(self._clicks.seconds)
            count()

    async def look_through(self, views: int, count: Callable[[], None]) -> None:
        """Look at so many pages without a pause, some in each tab."""
        for number in range(views):
            if number % VIEWS_A_TAB == 0:
                await self.open()
            await self.click(self._clicks.seconds)
            count()


async def _load(plan: Plan) -> Clicks:
    clicks = Clicks()
    trust = ssl.create_default_context(cafile=plan.certificate)
    opened = [Session(plan, number, clicks, trust) for number in range(len(plan.sessions))]
    began = time.monotonic()

    async def begin(some: Sequence[Session]) -> None:
        for number, one in enumerate(some):
            await one.open()
            await one.click(page=PAGES[number % len(PAGES)])

    # Each once, one after another at each process: a server that has just started is not what is measured.
    await asyncio.gather(begin(opened[::2]), begin(opened[1::2]))
    clicks.first = time.monotonic() - began
    done = 0

    def count() -> None:
        nonlocal done
        done += 1
        if done % VIEWS_A_SAMPLE == 0:
            print(done, flush=True)

    print("ready", flush=True)
    if plan.views:
        each = plan.views // len(opened)
        await asyncio.gather(*(one.look_through(each, count) for one in opened))
        return clicks
    until = time.monotonic() + plan.seconds
    await asyncio.gather(*(one.live(until, count) for one in opened))

    async def later(one: Session, delay: float) -> None:
        await asyncio.sleep(delay)
        await one.click(clicks.burst)

    await asyncio.gather(*(later(one, number / len(opened)) for number, one in enumerate(opened)))
    return clicks


def main() -> None:
    """Click from a process of its own, which gives way to what it measures."""
    os.nice(10)
    path = Path(sys.argv[1])
    clicks = asyncio.run(_load(Plan(**json.loads(path.read_text()))))
    path.with_suffix(".done").write_text(json.dumps(vars(clicks)))


@dataclass
class Memory:
    """What the processes of the dashboard hold together, B, each time some views more were drawn."""

    samples: list[int] = field(default_factory=list)
    cpu_s: float = 0.0
    """What the processes have computed for all clicks together."""

    def quarter(self, number: int) -> float:
        """Return the mean of a quarter of the views, the first being 0, in bytes."""
        length = len(self.samples) // 4
        part = self.samples[number * length : (number + 1) * length]
        return sum(part) / max(1, len(part))

    def __str__(self) -> str:
        quarters = ", ".join(f"{self.quarter(number) / 1e6:.0f}" for number in range(4))
        return f"memory by quarter: {quarters} MB; {self.cpu_s:.0f} s of one core"


@dataclass(frozen=True)
class LoadedClinic:
    """A clinic's server with its people: two processes behind the proxy, which see rows as the app's role alone."""

    clinic: Clinic
    visitors: list[Visitor]

    def plan(self, sessions: int, **more: Any) -> Plan:
        """Plan so many sessions, as many at each process, of runners and therapists by turns."""
        proxy = self.clinic.proxy
        sticky = _cookie_of_each(self.clinic)
        step = max(1, len(self.visitors) // sessions)
        chosen = [self.visitors[number * step % len(self.visitors)] for number in range(sessions)]
        cookies = [
            f"{COOKIE}={one.cookie}; {STICKY}={sticky[number % len(sticky)]}"
            for number, one in enumerate(chosen)
        ]
        open_pages = [(cookie, one.athlete_id) for cookie, one in zip(cookies, chosen, strict=True)]
        return Plan(proxy.port, str(proxy.folder / "cert.pem"), open_pages, **more)


def _cookie_of_each(clinic: Clinic) -> list[str]:
    """Return the proxy's cookie for each of the processes."""
    seen: set[str] = set()

    def is_complete() -> bool:
        browser = Browser(clinic.proxy)
        browser.ask("GET", "/sign-in")
        seen.add(browser.cookies[STICKY])
        return len(seen) == len(clinic.servers)

    wait_until(is_complete, 30, "the proxy asks both processes")
    return sorted(seen)


@contextmanager
def loaded_clinic(folder: Path, server: PostgresRig, runners: int) -> Iterator[LoadedClinic]:
    """Start a clinic's server on a database with its roles: so many runners signed in, all others therapists."""
    name = server.fresh()
    url, home = server.url(name), folder / "home"
    before = os.environ.get("HEELWISE_DATABASE")
    os.environ["HEELWISE_DATABASE"] = url
    try:
        with open_store(home) as store:
            visitors = fill_clinic(store, runners, max(0, SESSIONS - runners))
    finally:
        os.environ.pop("HEELWISE_DATABASE")
        if before is not None:
            os.environ["HEELWISE_DATABASE"] = before
    roles = lock_rows(server, url, home)
    secret = folder / "client-secret"
    secret.write_text("a secret of the client alone")
    facts = {
        "HEELWISE_JOBS_DATABASE": roles.url(JOBS),
        "HEELWISE_SIGN_IN_ISSUER": "https://provider.example.org",
        "HEELWISE_SIGN_IN_CLIENT_ID": "heelwise",
        "HEELWISE_SIGN_IN_CLIENT_SECRET_FILE": str(secret),
        "HEELWISE_SIGN_IN_THERAPISTS": "physio",
    }
    with Clinic("caddy", folder, roles.url(APP), names_owner=False, **facts) as clinic:
        yield LoadedClinic(clinic, visitors)
    server.drop(name)


def load(
    clinic: Clinic, folder: Path, plan: Plan, watch: Callable[[], None] | None = None
) -> tuple[Clicks, Memory]:
    """Click as a plan says, and return what came of it; `watch` is called again and again meanwhile."""
    path = folder / "plan.json"
    path.write_text(json.dumps(asdict(plan)))
    given = f"{Path(__file__).parent}{os.pathsep}{Path(__file__).parents[1]}"
    process = subprocess.Popen(
        [sys.executable, __file__, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": given},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    memory = Memory()
    processes = [psutil.Process(one.process.pid) for one in clinic.servers.values()]
    sampling = threading.Thread(target=_sample, args=(processes, process.stdout, memory))
    sampling.start()
    try:
        while watch is not None and process.poll() is None:
            watch()
        assert process.wait(plan.seconds + 10 * plan.views + 1800) == 0
    finally:
        process.kill()
        sampling.join()
    return Clicks(**json.loads(path.with_suffix(".done").read_text())), memory


def _sample(processes: Sequence[psutil.Process], lines: Iterator[str], memory: Memory) -> None:
    before = _computed(processes)
    for _ in lines:
        memory.samples.append(sum(one.memory_full_info().uss for one in processes))
        memory.cpu_s = _computed(processes) - before


def _computed(processes: Sequence[psutil.Process]) -> float:
    return sum(one.cpu_times().user + one.cpu_times().system for one in processes)


if __name__ == "__main__":
    main()
