"""A stand-in for Strava: a real HTTP server on loopback, with a switch for everything that can go wrong.

::

    with StandIn() as strava:
        strava.add_runs(450)                       # made-up runs with streams and gear
        monkeypatch.setenv("HEELWISE_STRAVA_URL", strava.url)
        strava.faults += ["503", "reset"]          # the next two API calls fail like this
        strava.edit(activity_id, name="Renamed")
        strava.delete(activity_id)
        strava.refuses = True                      # the athlete says no
        strava.unticked = {"profile:read_all"}     # the athlete unticks a scope
        strava.revoke_all()                        # access taken away on strava.com

What it holds is the truth that a sync has to reach: `activities`, `streams`, `gear`, `athlete`, `zones`.
`calls` lists every request it got; `beyond_limit` counts those sent although a limit was spent and had been told.
"""

from __future__ import annotations

import base64
import json
import math
import random
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

SCOPES = ("read", "activity:read_all", "profile:read_all")
WINDOW_S = 900
DAY_S = 86_400
TOKEN_S = 21_600
ZONES = {
    "heart_rate": {"custom_zones": False, "zones": [{"min": 0, "max": 120}, {"min": 120, "max": -1}]},
}
FAULTS = (
    "reset",  # the connection breaks before an answer
    "cut",  # it breaks in the middle of the answer
    "cut_json",  # the answer is whole, its JSON is not
    "late",  # no answer within `late_s`
    "500",
    "502",
    "503",
    "html",  # 200 with a page for people
    "html_503",
    "empty",  # 200 without a body
    "odd",  # 200 with JSON of another shape
    "401",  # the token is dead
    "scope",  # 401: a scope is missing
    "403_inactive",
    "403_athletes",
    "404",
    "404_empty",
    "429",
    "429_text",  # `errors` is a text
    "429_bare",  # without any rate header
)
PASSING = ("reset", "cut", "cut_json", "500", "502", "503", "html", "html_503", "empty", "odd", "429_bare")
"""Faults after which asking again later gives the truth."""


@dataclass
class Call:
    """One request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    status: int = 0
    fault: str = ""
    token: str = ""


@dataclass
class Grant:
    """One athlete's consent."""

    scopes: tuple[str, ...]
    access_token: str
    refresh_token: str
    expires_at: int
    alive: bool = True
    old_access: set[str] = field(default_factory=set)


class StandIn:
    """The server and its truth. All times are of `clock`, in seconds since 1970."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.activities: dict[int, dict[str, Any]] = {}
        self.streams: dict[int, dict[str, list[Any]]] = {}
        self.gear: dict[str, dict[str, Any]] = {}
        self.hidden: set[int] = set()  # counted in pages, but not sent
        self.unlisted_gear: set[str] = set()  # retired pairs that GET /athlete leaves out
        self.athlete: dict[str, Any] = {
            "id": 134815,
            "firstname": "Made",
            "lastname": "Up",
            "resource_state": 3,
        }
        self.zones: dict[str, Any] = dict(ZONES)
        self.stream_shape = "by_type"  # "by_type", "list" or "plain"
        self.overall_limit = (200, 2_000)
        self.read_limit = (100, 1_000)
        self.rate_headers = "both"  # "both", "overall", "empty" or "none"
        self.used = [0, 0]
        self.window = (0, 0)
        self.beyond_limit = 0
        self.faults: deque[str] = deque()
        self.fault_for: Callable[[Call], str] | None = None
        self.special: dict[str, tuple[int, Any]] = {}  # answers of a test's own, by the name of the fault
        self.broken: set[int] = set()  # activities whose streams answer 500, always
        self.late_s = 2.0
        self.delay_s = 0.0
        self.calls: list[Call] = []
        # OAuth
        self.client_id, self.client_secret = "12345", "stand-in-secret"
        self.refuses = False
        self.unticked: set[str] = set()
        self.forged_state: str | None = None
        self.athlete_limit_reached = False
        self.rotates = True
        self.has_revoke = True  # False: only the older oauth/deauthorize is there
        self.codes: dict[str, tuple[str, ...]] = {}
        self.grants: list[Grant] = []
        self.refreshes = 0
        self._bodies: dict[tuple[int, str, str], bytes] = {}
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.stand_in = self
        self._thread = threading.Thread(
            target=lambda: self._server.serve_forever(0.02), name="strava-stand-in", daemon=True
        )

    def __enter__(self) -> StandIn:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    # The truth

    def add_runs(
        self, count: int, last: datetime | None = None, seconds: int = 0, seed: int = 1
    ) -> list[int]:
        """Add made-up runs, one a day backwards from `last`, with streams of `seconds` where above 0."""
        rng = random.Random(seed)
        last = last or datetime.fromtimestamp(self.clock() - 7_200, UTC).replace(microsecond=0)
        self.add_gear("g1", "Blue pair")
        self.add_gear("g2", "Old pair", retired=True, listed=False)
        ids = []
        for number in range(count):
            activity_id = max(self.activities, default=9_100_000_000_000_000) + rng.randrange(1, 9)
            length = seconds or rng.randrange(1_200, 5_400)
            self.activities[activity_id] = made_run(
                activity_id,
                last - timedelta(days=number),
                length,
                rng,
                gear="g1" if number < count / 2 else "g2",
            )
            if seconds:
                self.streams[activity_id] = made_streams(seconds, rng)
            ids.append(activity_id)
        return ids

    def add_gear(self, gear_id: str, name: str, retired: bool = False, listed: bool = True) -> None:
        self.gear[gear_id] = {
            "id": gear_id, "primary": False, "name": name, "nickname": "", "resource_state": 3,
            "retired": retired, "distance": 100_000, "converted_distance": 100.0, "brand_name": "Maker",
            "model_name": name, "description": "", "notification_distance": 0,
        }  # fmt: skip
        if not listed:
            self.unlisted_gear.add(gear_id)

    def edit(self, activity_id: int, **changes: Any) -> None:
        with self.lock:
            self.activities[activity_id] = {**self.activities[activity_id], **changes}

    def delete(self, activity_id: int) -> None:
        with self.lock:
            self.activities.pop(activity_id, None)
            self.streams.pop(activity_id, None)

    # OAuth

    def grant(self, scopes: tuple[str, ...] = SCOPES, lasts_s: int = TOKEN_S) -> Grant:
        """Give consent without a browser; what a code exchange would give."""
        made = Grant(scopes, _secret("access"), _secret("refresh"), int(self.clock()) + lasts_s)
        with self.lock:
            self.grants.append(made)
        return made

    def revoke_all(self) -> None:
        """Take access away, as the athlete can on strava.com."""
        with self.lock:
            for grant in self.grants:
                grant.alive = False

    def expire_tokens(self) -> None:
        with self.lock:
            for grant in self.grants:
                grant.expires_at = int(self.clock()) - 1

    # Counting

    def count(self, ending: str = "") -> int:
        """How many API calls ended like this."""
        return sum(not c.path.startswith("/oauth") and c.path.endswith(ending) for c in self.calls)

    def spend(self) -> bool:
        """Count one API call; whether it stays within the limits."""
        now = (int(self.clock()) // WINDOW_S, int(self.clock()) // DAY_S)
        if now[0] != self.window[0]:
            self.used[0] = 0
        if now[1] != self.window[1]:
            self.used[1] = 0
        self.window = now
        limits = [min(self.overall_limit[i], self.read_limit[i]) for i in (0, 1)]
        within = all(used < limit for used, limit in zip(self.used, limits, strict=True))
        self.used = [used + 1 for used in self.used]
        self.beyond_limit += not within
        return within

    def limit_headers(self) -> dict[str, str]:
        def pair(values: Any) -> str:
            return ",".join(str(value) for value in values)

        if self.rate_headers == "none":
            return {}
        overall = {"X-RateLimit-Limit": pair(self.overall_limit), "X-RateLimit-Usage": pair(self.used)}
        if self.rate_headers == "overall":
            return overall
        used = "," if self.rate_headers == "empty" else pair(self.used)
        return {**overall, "X-ReadRateLimit-Limit": pair(self.read_limit), "X-ReadRateLimit-Usage": used}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    stand_in: StandIn

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is part of the play."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    @property
    def strava(self) -> StandIn:
        return self.server.stand_in

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        return formatdate(self.strava.clock() if timestamp is None else timestamp, usegmt=True)

    def do_GET(self) -> None:
        self._answer("GET", {})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self._answer("POST", dict(parse_qsl(self.rfile.read(length).decode())))

    def _answer(self, method: str, form: dict[str, str]) -> None:
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        path = parts.path.removeprefix("/api/v3") or "/"
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        call = Call(method, path, query, token=token)
        with self.strava.lock:
            self.strava.calls.append(call)
        if path == "/oauth/authorize":
            self._authorize(call)
        elif path.startswith("/oauth/"):
            self._oauth(call, form)
        else:
            self._api(call)

    def _send(self, call: Call, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        kind = "application/json; charset=utf-8"
        if isinstance(body, str):
            kind, data = "text/html; charset=utf-8", body.encode()
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

    # Sign-in

    def _authorize(self, call: Call) -> None:
        strava, asked = self.strava, call.query
        back = urlsplit(asked.get("redirect_uri", ""))
        if asked.get("client_id") != strava.client_id or not back.hostname:
            self._send(call, 400, _error("Application", "client_id", "invalid"))
            return
        state = strava.forged_state if strava.forged_state is not None else asked.get("state", "")
        if strava.refuses:
            answer = {"state": state, "error": "access_denied"}
        else:
            scopes = tuple(s for s in asked.get("scope", "read").split(",") if s not in strava.unticked)
            code = _secret("code")
            with strava.lock:
                strava.codes[code] = scopes
            answer = {"state": state, "code": code, "scope": ",".join(scopes)}
        query = "&".join(part for part in (back.query, urlencode(answer)) if part)
        call.status = 302
        self.send_response(302)
        self.send_header("Location", urlunsplit(back._replace(query=query)))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _oauth(self, call: Call, form: dict[str, str]) -> None:
        strava = self.strava
        fault = strava.fault_for(call) if strava.fault_for else ""
        if fault and self._fail(call, fault):
            return
        if call.path == "/oauth/token":
            with strava.lock:
                status, body = self._token(form)
            self._send(call, status, body)
        elif call.path in ("/oauth/revoke", "/oauth/deauthorize"):
            with strava.lock:
                status, body = self._revoke(call, form)
            self._send(call, status, body)
        else:
            self._send(call, 404, _NOT_FOUND)

    def _token(self, form: dict[str, str]) -> tuple[int, Any]:
        strava = self.strava
        if form.get("client_id") != strava.client_id:
            return 400, _error("Application", "client_id", "invalid")
        if form.get("client_secret") != strava.client_secret:
            return 401, {"message": "Authorization Error", "errors": [
                {"resource": "Application", "field": "", "code": "invalid"}]}  # fmt: skip
        if form.get("grant_type") == "authorization_code":
            scopes = strava.codes.pop(form.get("code", ""), None)
            if scopes is None:
                return 400, _error("RequestToken", "code", "invalid")
            if strava.athlete_limit_reached:
                return 403, _ATHLETES
            return 200, {**_token_body(strava.grant(scopes), strava), "athlete": strava.athlete}
        given = form.get("refresh_token")
        grant = next((g for g in strava.grants if g.refresh_token == given and g.alive), None)
        if form.get("grant_type") != "refresh_token" or grant is None:
            return 400, _error("RefreshToken", "refresh_token", "invalid")
        strava.refreshes += 1
        if grant.expires_at - strava.clock() <= 3_600:
            grant.access_token, grant.expires_at = _secret("access"), int(strava.clock()) + TOKEN_S
            if strava.rotates:
                grant.refresh_token = _secret("refresh")
        return 200, _token_body(grant, strava)

    def _revoke(self, call: Call, form: dict[str, str]) -> tuple[int, Any]:
        strava = self.strava
        if call.path == "/oauth/revoke":
            if not strava.has_revoke:
                return 404, _NOT_FOUND
            pair = f"{strava.client_id}:{strava.client_secret}".encode()
            if self.headers.get("Authorization") != f"Basic {base64.b64encode(pair).decode()}":
                return 401, {"message": "Authorization Error", "errors": []}
            given = form.get("token", "")
        else:
            given = call.query.get("access_token") or form.get("access_token") or call.token
        for grant in strava.grants:
            if grant.alive and given in (grant.access_token, grant.refresh_token):
                grant.alive = False
                return 200, {"access_token": given} if call.path.endswith("deauthorize") else {}
        # RFC 7009: an unknown token is no error; the older way says 401.
        return (200, {}) if call.path == "/oauth/revoke" else (401, _BAD_TOKEN)

    # Data

    def _api(self, call: Call) -> None:
        strava = self.strava
        if strava.delay_s:
            time.sleep(strava.delay_s)
        with strava.lock:
            within = strava.spend()
            fault = strava.fault_for(call) if strava.fault_for else ""
            if not fault and strava.faults:
                fault = strava.faults.popleft()
            headers = strava.limit_headers()
        if fault and self._fail(call, fault):
            return
        if not within:
            self._send(call, 429, _LIMIT, headers)
            return
        with strava.lock:
            refused = self._may_not(call)
            status, body = refused or self._data(call)
        self._send(call, status, body, headers)

    def _may_not(self, call: Call) -> tuple[int, Any] | None:
        strava = self.strava
        grant = next((g for g in strava.grants if g.access_token == call.token and g.alive), None)
        if grant is None or grant.expires_at < strava.clock():
            return 401, _BAD_TOKEN
        needed = "profile:read_all" if call.path == "/athlete/zones" else "activity:read_all"
        if needed not in grant.scopes and call.path != "/athlete":
            missing = needed.removesuffix("_all") + "_permission"
            return 401, {
                "message": "Authorization Error",
                "errors": [{"resource": "AccessToken", "field": missing, "code": "missing"}],
            }
        return None

    def _data(self, call: Call) -> tuple[int, Any]:
        strava = self.strava
        match call.path.strip("/").split("/"):
            case ["athlete"]:
                shoes = [
                    _short(g) for i, g in strava.gear.items() if i not in strava.unlisted_gear and i[0] == "g"
                ]
                return 200, {**strava.athlete, "shoes": shoes, "bikes": []}
            case ["athlete", "zones"]:
                return 200, strava.zones
            case ["athlete", "activities"]:
                return self._list(call.query)
            case ["gear", gear_id]:
                return (200, strava.gear[gear_id]) if gear_id in strava.gear else (404, _NOT_FOUND)
            case ["activities", number]:
                found = strava.activities.get(int(number))
                return (200, {**found, "resource_state": 3}) if found else (404, _NOT_FOUND)
            case ["activities", number, "streams"]:
                return self._streams(int(number), call.query)
        return 404, _NOT_FOUND

    def _list(self, query: dict[str, str]) -> tuple[int, Any]:
        page, per_page = int(query.get("page", 1)), int(query.get("per_page", 30))
        if per_page > 200:
            return 400, _error("Application", "per_page", "invalid")
        rows = list(self.strava.activities.values())
        for name, keep in (("before", lambda t, limit: t < limit), ("after", lambda t, limit: t > limit)):
            if name in query:
                rows = [row for row in rows if keep(true_start(row), float(query[name]))]
        oldest_first = "after" in query and "before" not in query
        rows.sort(key=lambda row: (true_start(row), row["id"]), reverse=not oldest_first)
        shown = rows[(page - 1) * per_page : page * per_page]
        sent = [row for row in shown if row["id"] not in self.strava.hidden]
        return 200, [{k: v for k, v in row.items() if k != "_true_start"} for row in sent]

    def _streams(self, activity_id: int, query: dict[str, str]) -> tuple[int, Any]:
        strava = self.strava
        if activity_id in strava.broken:
            return 500, {"message": "error"}
        found = strava.streams.get(activity_id)
        if activity_id not in strava.activities or not found:
            return 404, {"message": "Resource Not Found", "errors": []}
        key = (activity_id, query.get("keys", "distance"), strava.stream_shape)
        if key not in strava._bodies or strava._bodies[key][1] is not found:
            keys = key[1].split(",")
            shaped = _shaped({k: v for k, v in found.items() if k in keys}, strava.stream_shape)
            strava._bodies[key] = (json.dumps(shaped).encode(), found)
        return 200, strava._bodies[key][0]

    def _fail(self, call: Call, fault: str) -> bool:
        """Play a fault; False when it only takes time."""
        call.fault = fault
        headers = {} if fault == "429_bare" else self.strava.limit_headers()
        if fault == "late":
            time.sleep(self.strava.late_s)
            return False
        if fault == "reset":
            # A zero linger makes closing send RST instead of a clean end.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
            return True
        if fault == "cut":
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "100000")
            self.end_headers()
            self.wfile.write(b'[{"id": 1, "na')
            self.wfile.flush()
            self.close_connection = True
            return True
        status, body = self.strava.special.get(fault) or _FAULT_BODIES[fault]
        self._send(call, status, body, headers)
        return True


def _error(resource: str, field_name: str, code: str) -> dict[str, Any]:
    return {"message": "Bad Request", "errors": [{"resource": resource, "field": field_name, "code": code}]}


_NOT_FOUND = {"message": "Record Not Found", "errors": []}
_BAD_TOKEN = {
    "message": "Authorization Error",
    "errors": [{"resource": "AccessToken", "field": "access_token", "code": "invalid"}],
}
_LIMIT = {
    "message": "Rate Limit Exceeded",
    "errors": [{"resource": "Application", "field": "overall rate limit", "code": "exceeded"}],
}
_INACTIVE = {
    "message": "Forbidden",
    "errors": [{"resource": "Application", "field": "Status", "code": "Inactive"}],
}
_ATHLETES = {
    "message": "Forbidden",
    "errors": [{"resource": "Application", "field": "limit of connected athletes", "code": "exceeded"}],
}
_PAGE = "<!doctype html><html><body><h1>Strava is down for maintenance</h1></body></html>"
_FAULT_BODIES: dict[str, tuple[int, Any]] = {
    "500": (500, {"message": "error"}),
    "502": (502, "<html>502 Bad Gateway</html>"),
    "503": (503, {"message": "Service Unavailable"}),
    "html": (200, _PAGE),
    "html_503": (503, _PAGE),
    "cut_json": (200, b'[{"id": 1, "na'),
    "empty": (200, b""),
    "odd": (200, 7),
    "401": (401, _BAD_TOKEN),
    "scope": (401, {"message": "Authorization Error", "errors": [
        {"resource": "AccessToken", "field": "activity:read_permission", "code": "missing"}]}),
    "403_inactive": (403, _INACTIVE),
    "403_athletes": (403, _ATHLETES),
    "404": (404, _NOT_FOUND),
    "404_empty": (404, b""),
    "429": (429, _LIMIT),
    "429_text": (429, {"errors": "Rate Limit Exceeded", "status": 429, "message": "Too Many Requests"}),
    "429_bare": (429, _LIMIT),
}  # fmt: skip


def _secret(kind: str) -> str:
    return f"{kind}-{random.SystemRandom().getrandbits(160):040x}"


def _token_body(grant: Grant, strava: StandIn) -> dict[str, Any]:
    return {
        "token_type": "Bearer",
        "access_token": grant.access_token,
        "refresh_token": grant.refresh_token,
        "expires_at": grant.expires_at,
        "expires_in": int(grant.expires_at - strava.clock()),
    }


def _short(gear: dict[str, Any]) -> dict[str, Any]:
    kept = (
        "id",
        "primary",
        "name",
        "nickname",
        "resource_state",
        "retired",
        "distance",
        "converted_distance",
    )
    return {name: gear[name] for name in kept}


def _shaped(streams: dict[str, list[Any]], shape: str) -> Any:
    if shape == "plain":
        return streams
    rows = {
        name: {"data": data, "series_type": "distance", "original_size": len(data), "resolution": "high"}
        for name, data in streams.items()
    }
    return rows if shape == "by_type" else [{"type": name, **row} for name, row in rows.items()]


def true_start(activity: dict[str, Any]) -> float:
    """When it began, s since 1970; also where the athlete hides it."""
    shown = activity.get("_true_start") or activity["start_date"]
    return datetime.fromisoformat(shown).timestamp()


def made_run(
    activity_id: int,
    start: datetime,
    seconds: int,
    rng: random.Random,
    gear: str | None = "g1",
    **changes: Any,
) -> dict[str, Any]:
    """One summary as the list gives it."""
    speed = rng.uniform(2.4, 3.6)
    local = start + timedelta(hours=2 if 3 < start.month < 11 else 1)
    return {
        "resource_state": 2, "athlete": {"id": 134815, "resource_state": 1}, "name": f"Run {activity_id % 1_000}",
        "distance": round(speed * seconds, 1), "moving_time": seconds, "elapsed_time": seconds + 30,
        "total_elevation_gain": rng.choice([12, 40.5, 103.0]), "type": "Run", "sport_type": "Run",
        "workout_type": None, "id": activity_id, "start_date": start.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "start_date_local": local.strftime("%Y-%m-%dT%H:%M:%SZ"), "timezone": "(GMT+01:00) Europe/Berlin",
        "utc_offset": (local - start).total_seconds(), "map": {"id": f"a{activity_id}", "summary_polyline": ""},
        "trainer": False, "commute": False, "manual": False, "private": False, "visibility": "everyone",
        "flagged": False, "gear_id": gear, "start_latlng": [], "end_latlng": [], "average_speed": speed,
        "max_speed": speed + 1, "average_cadence": 84.5, "has_heartrate": True, "average_heartrate": 146.8,
        "max_heartrate": 171.0, "heartrate_opt_out": False, "upload_id": activity_id + 7,
        "device_name": "Made-up watch", **changes,
    }  # fmt: skip


def made_streams(seconds: int, rng: random.Random) -> dict[str, list[Any]]:
    """Streams of one run, a point a second."""
    speed = rng.uniform(2.4, 3.6)
    every = range(seconds + 1)
    return {
        "time": list(every),
        "distance": [round(speed * second, 1) for second in every],
        "latlng": [[round(50 + speed * second / 111_000, 6), 8.0] for second in every],
        "altitude": [round(120 + 15 * math.sin(second / 180), 1) for second in every],
        "velocity_smooth": [round(speed, 2)] * len(every),
        "heartrate": [140 + second % 17 for second in every],
        "cadence": [84 + second % 3 for second in every],
        "temp": [18] * len(every),
        "moving": [True] * len(every),
        "grade_smooth": [0.0] * len(every),
    }
