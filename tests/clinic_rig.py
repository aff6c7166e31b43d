"""A clinic's server on loopback: two real processes on one database, behind a real Caddy or nginx."""

from __future__ import annotations

import re
import secrets
import signal
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, Self

import httpx
import psutil
from live_server import Server
from proxy_rig import CADDY, NAME, NGINX, Proxy, free_port
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit_socket import rerun, run, session_of
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

DEPLOY = Path(__file__).resolve().parents[1] / "deploy"
PROCESSES = ("one", "two")
STICKY = "heelwise_server"
OWNER_NAME = "robin"
XSRF = "_streamlit_xsrf"


class ClinicProxy(Proxy):
    """The proxy with the file of `deploy/`, in front of the sockets of two processes."""

    def __init__(self, kind: str, folder: Path, sockets: Path, names_owner: bool = False) -> None:
        self._sockets, self._names_owner = sockets, names_owner
        super().__init__(kind, folder, 0)

    def _caddy(self, site: str, app_port: int, cert: Path, key: Path, person_line: str) -> str:
        text = (DEPLOY / "Caddyfile").read_text().replace("/run/heelwise", str(self._sockets))
        text = text.replace("{$HEELWISE_HOST} {", f"https://{NAME}:{self.port} {{\n\ttls {cert} {key}")
        if self._names_owner:
            text = text.replace(
                "\t\tlb_policy cookie", f"\t\theader_up Remote-User {OWNER_NAME}\n\t\tlb_policy cookie"
            )
        return CADDY.format(http_port=free_port(), site=text)

    def _nginx(self, site: str, app_port: int, cert: Path, key: Path, person_line: str) -> str:
        text = (DEPLOY / "nginx.conf").read_text().replace("/run/heelwise", str(self._sockets))
        text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl")
        text = text.replace("/etc/heelwise/cert.pem", str(cert)).replace("/etc/heelwise/key.pem", str(key))
        if self._names_owner:
            text = text.replace(
                'proxy_set_header Remote-User "";', f"proxy_set_header Remote-User {OWNER_NAME};"
            )
        # The processes of nginx run as another user where root has started it, as in most installations.
        return "user root;\n" + NGINX.format(folder=self.folder, site=text)


class Clinic:
    """Two processes and a proxy; with `names_owner` the proxy says that the owner asks, as one with a sign-in does."""

    def __init__(
        self, kind: str, folder: Path, database: str | None, names_owner: bool = True, **environment: str
    ) -> None:
        self.home = folder / "home"
        self.sockets = Path(tempfile.mkdtemp(prefix="hw-"))  # the path of a socket has 107 bytes at most
        (folder / kind).mkdir()
        self.proxy = ClinicProxy(kind, folder / kind, self.sockets, names_owner)
        self.environment = {
            "HEELWISE_HOME": str(self.home),
            "HEELWISE_PUBLIC_URL": f"https://{NAME}:{self.proxy.port}",
            **({"HEELWISE_DATABASE": database} if database else {}),
            **(
                {"HEELWISE_PROXY_HEADER": "Remote-User", "HEELWISE_PROXY_OWNERS": OWNER_NAME}
                if names_owner
                else {}
            ),
            **environment,
        }
        self.folder = folder
        self.servers = {name: self._started(name) for name in PROCESSES}
        try:
            for server in self.servers.values():
                server.wait()
        except BaseException:
            self.__exit__()
            raise

    def _started(self, name: str) -> Server:
        place = self.folder / f"{name}-{secrets.token_hex(2)}"
        place.mkdir(parents=True)
        listen = f"unix:{self.sockets / name}.sock"
        return Server(place, **self.environment, HEELWISE_PROXY_LISTEN=listen)

    def __enter__(self) -> Self:
        self.proxy.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.proxy.__exit__()
        for server in self.servers.values():
            if server.process.poll() is None:
                server.stop()

    def kill(self, name: str) -> None:
        """Kill one process with all that it has started: nothing can be said or written any more."""
        server = self.servers[name]
        server.process.send_signal(signal.SIGSTOP)  # starts nothing more from here on
        started = psutil.Process(server.process.pid).children(recursive=True)
        server.process.send_signal(signal.SIGKILL)
        for one in started:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        server.process.wait(10)
        server.output.close()

    def restart(self, name: str) -> None:
        """Start a process again that was killed."""
        self.servers[name] = self._started(name)
        self.servers[name].wait()

    def ask(self, name: str, method: str, path: str, cookie: str = "", **more: Any) -> httpx.Response:
        """Ask one process past the sticky cookie, as its proxy does."""
        transport = httpx.HTTPTransport(uds=str(self.sockets / f"{name}.sock"))
        headers = {"Host": NAME, "X-Forwarded-Proto": "https", "Origin": f"https://{NAME}"}
        with httpx.Client(transport=transport, timeout=60) as client:
            given = {**headers, **({"Cookie": cookie} if cookie else {})}
            return client.request(method, f"http://{NAME}{path}", headers=given, **more)

    def said(self) -> str:
        """Return all that the processes wrote."""
        return "\n".join(server.said.read_text() for server in self.servers.values())


class Browser:
    """What a browser does with a proxy's cookie: keep it, send it, and take a newer one."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self.cookies: dict[str, str] = {}

    def _headers(self) -> dict[str, str]:
        return (
            {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
            if self.cookies
            else {}
        )

    def _take(self, lines: list[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value

    @property
    def origin(self) -> str:
        return f"https://{NAME}:{self._proxy.port}"

    def ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        given = {**self._headers(), "Origin": self.origin, **(headers or {})}
        answer = self._proxy.ask(method, path, given, **more)
        self._take(answer.headers.get_list("set-cookie"))
        return answer

    def socket(self) -> ClientConnection:
        given: dict[str, Any] = {"origin": self.origin, "subprotocols": ["streamlit"], "max_size": None}
        opened = self._proxy.socket("/_stcore/stream", self._headers(), open_timeout=30, **given)
        assert opened.response is not None
        self._take(opened.response.headers.get_all("set-cookie"))
        return opened

    def socket_within(self, seconds: float) -> ClientConnection:
        """Open a socket as a page does that has lost its own: again and again, for s at most."""
        until = time.monotonic() + seconds
        while True:
            try:
                return self.socket()
            except (InvalidStatus, OSError):
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def upload(self, socket: ClientConnection, drawn: list, name: str, content: bytes) -> tuple[str, Any]:
        """Send a file as the page's uploader does; return the number of the answer and the state of the widget."""
        session = session_of(drawn)
        message = BackMsg()
        message.file_urls_request.request_id = secrets.token_hex(4)
        message.file_urls_request.file_names.append(name)
        message.file_urls_request.session_id = session
        socket.send(message.SerializeToString())
        urls = _answer(socket, "file_urls_response").file_urls_response.file_urls[0]
        path = "/" + urls.upload_url.lstrip("/")
        self.ask("GET", "/_stcore/health")  # hands out the cookie that an upload repeats in a header
        answer = self.ask("PUT", path, {"X-Xsrftoken": self.cookies[XSRF]}, files={"file": (name, content)})
        states = WidgetStates()
        uploader = states.widgets.add(id=uploader_of(drawn))
        facts = uploader.file_uploader_state_value.uploaded_file_info.add(name=name, size=len(content))
        facts.file_id = urls.file_id
        facts.file_urls.CopyFrom(urls)
        return str(answer.status_code), states


def until_closed(socket: ClientConnection, seconds: float = 10) -> ConnectionClosed:
    """Read a socket to its end, and return how it ended."""
    try:
        while True:
            socket.recv(timeout=seconds)
    except ConnectionClosed as closed:
        return closed


def _answer(socket: ClientConnection, kind: str) -> Any:
    while True:
        payload = socket.recv(timeout=60)
        assert isinstance(payload, bytes)
        message = ForwardMsg.FromString(payload)
        if message.WhichOneof("type") == kind:
            return message


def uploader_of(drawn: list) -> str:
    """Return the id of the page's field for files to import."""
    elements = [one.delta.new_element for one in drawn if one.HasField("delta")]
    return next(one.file_uploader.id for one in elements if one.HasField("file_uploader"))


def press(
    socket: ClientConnection, button: str, query: str, page: str, page_hash: str, states: Any = None
) -> list:
    """Press a button of a page, with what else stands on it."""
    pressed = WidgetStates()
    if states is not None:
        pressed.CopyFrom(states)
    pressed.widgets.add(id=button, trigger_value=True)
    return run(socket, rerun(query, page_hash, page, pressed))


def button_of(drawn: list, part: str) -> str:
    """Return the id of the one button whose key ends in something."""
    elements = [one.delta.new_element for one in drawn if one.HasField("delta")]
    ids = [one.button.id for one in elements if one.HasField("button")]
    return next(one for one in ids if re.search(part, one))


def wait_until(is_there: Callable[[], bool], seconds: float, what: str) -> float:
    """Wait until something holds, and return the s it took."""
    began = time.monotonic()
    while not is_there():
        assert time.monotonic() - began < seconds, f"{what}: not within {seconds:g} s"
        time.sleep(0.05)
    return time.monotonic() - began
