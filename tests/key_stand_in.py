"""What the stand-ins of services with a runner's own key share: a real HTTP server on loopback, and its faults.

::

    with GarminStandIn() as garmin:
        garmin.add_runs(100)
        monkeypatch.setenv("HEELWISE_GARMIN_URL", garmin.url)
        garmin.faults += ["500", "reset"]            # the next two calls fail like this
        garmin.fault_for = lambda call: "html" if call.path.endswith("/file") else ""
        garmin.revoke()                              # the key is taken back at the service

`calls` lists every request it got. What it holds is the truth that a sync has to reach.
"""

from __future__ import annotations

import json
import random
import socket
import struct
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

PAGE = "<!doctype html><html><body><h1>Down for maintenance</h1></body></html>"
PASSING = ("reset", "cut", "500", "502", "html", "cut_json", "empty", "odd", "429", "429_bare")
"""Faults after which asking again later gives the truth."""
BODIES: dict[str, tuple[int, Any]] = {
    "500": (500, {"message": "error"}),
    "502": (502, PAGE),
    "html": (200, PAGE),
    "cut_json": (200, b'[{"id": 1, "na'),
    "empty": (200, b""),
    "odd": (200, 7),
    "401": (401, {"error": "Unauthorized"}),
    "403": (403, {"error": "Forbidden"}),
    "404": (404, {"error": "NotFoundException"}),
    "422": (422, {"error": "Unprocessable"}),
    "429": (429, {"error": "Too many requests"}),
    "429_long": (429, {"error": "Too many requests"}),
    "429_bare": (429, {"error": "Too many requests"}),
    "not_zip": (200, b"PK\x03\x04 this is no archive"),
    "empty_file": (200, b""),
    "junk_file": (200, b"no recording at all, but some bytes"),
}


@dataclass
class Call:
    """One request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    authorization: str
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 0
    fault: str = ""


class KeyStandIn:
    """The server and its truth."""

    key = "stand-in-key"

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.activities: dict[str, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}
        self.calls: list[Call] = []
        self.faults: deque[str] = deque()
        self.fault_for: Callable[[Call], str] | None = None
        self.key_works = True
        self.retry_after = "2"
        self.delay_s = 0.0
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.stand_in = self
        self._thread = threading.Thread(target=lambda: self._server.serve_forever(0.02), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def revoke(self) -> None:
        """Take the key back, as its owner can at the service."""
        self.key_works = False

    def edit(self, source_id: str, **changes: Any) -> None:
        with self.lock:
            self.activities[source_id] = {**self.activities[source_id], **changes}

    def delete(self, source_id: str) -> None:
        with self.lock:
            self.activities.pop(source_id, None)
            self.files.pop(source_id, None)

    def count(self, part: str = "") -> int:
        """How many calls had this in their path."""
        return sum(part in call.path for call in self.calls)

    def answer(self, call: Call) -> tuple[int, Any]:
        """The service's own answer: a status and JSON, or bytes."""
        raise NotImplementedError

    def starts(self, count: int, last: datetime | None) -> list[datetime]:
        """One run a day backwards."""
        last = last or datetime.fromtimestamp(self.clock() - 7_200, UTC).replace(microsecond=0)
        return [last - timedelta(days=number) for number in range(count)]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    stand_in: KeyStandIn

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is part of the play."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._answer("POST")

    def _answer(self, method: str) -> None:
        stand_in = self.server.stand_in
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        call = Call(method, parts.path, query, self.headers.get("Authorization") or "", dict(self.headers))
        if stand_in.delay_s:
            time.sleep(stand_in.delay_s)
        with stand_in.lock:
            stand_in.calls.append(call)
            call.fault = stand_in.faults.popleft() if stand_in.faults else ""
            if not call.fault and stand_in.fault_for is not None:
                call.fault = stand_in.fault_for(call)
            answer = None if call.fault else stand_in.answer(call)
        if answer is None:
            self._fail(call)
        else:
            self._send(call, *answer)

    def _fail(self, call: Call) -> None:
        if call.fault == "reset":
            # Closing without a linger makes the kernel send RST instead of a clean end.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
            return
        if call.fault == "cut":
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "100000")
            self.end_headers()
            self.wfile.write(b'[{"id": 1, "na')
            self.wfile.flush()
            self.close_connection = True
            return
        status, body = BODIES[call.fault]
        after = {"429": self.server.stand_in.retry_after, "429_long": "3600"}.get(call.fault)
        self._send(call, status, body, {"Retry-After": after} if after else {})

    def _send(self, call: Call, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        kind = "application/json; charset=utf-8"
        if isinstance(body, str):
            kind, data = "text/plain; charset=utf-8", body.encode()
        else:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
        call.status = status
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


def run_speed(rng: random.Random) -> float:
    """Speed of one made-up run, m/s."""
    return round(rng.uniform(2.4, 3.6), 2)


def serve_until_stopped(stand_in: KeyStandIn, variable: str, service: str, runs: int) -> None:
    """Serve made-up runs to a Heelwise started beside it: the developer's recipe of docs/developers.md."""
    stand_in.add_runs(runs, seconds=300)  # pyright: ignore[reportAttributeAccessIssue]
    with stand_in:
        print(f"export {variable}={stand_in.url}")
        print(f"echo {stand_in.key} | heelwise connect {service} --key-stdin && heelwise sync")
        print(
            "Faults: the next call fails as one of", ", ".join(BODIES), "when you type its name.", flush=True
        )
        for line in sys.stdin:
            if (word := line.strip()) in ("reset", "cut", *BODIES):
                stand_in.faults.append(word)
