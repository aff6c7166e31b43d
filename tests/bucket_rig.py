"""A server that speaks S3 on loopback, for recordings in a bucket.

What a store asks of a bucket is PUT, GET, DELETE and a list, answered here by `http.server` from a dictionary. Where
`HEELWISE_TEST_MOTO_PYTHON` names the Python of an environment with moto's server, that one is started instead: its
packages want an older python-dateutil than ours, so it stands in none of the locks.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape, unescape

BUCKET = "recordings"
KEY_ID = "tests"
_MOTO = "HEELWISE_TEST_MOTO_PYTHON"
_NO_BUCKET = "<Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message></Error>"
_NO_KEY = "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>"
_DENIED = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"


class _Bucket(BaseHTTPRequestHandler):
    """One bucket, kept in the memory of its server."""

    protocol_version = "HTTP/1.1"
    objects: dict[str, tuple[bytes, str]]

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_PUT(self) -> None:
        """Keep an object."""
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if name := self._name():
            self.objects[name] = content, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
            self._answer(200, b"")

    def do_GET(self) -> None:
        """Return an object, or the list of all."""
        if (name := self._name()) is None:
            return
        if not name:
            self._list()
        elif name in self.objects:
            self._answer(200, self.objects[name][0])
        else:
            self._answer(404, _NO_KEY.encode())

    def do_DELETE(self) -> None:
        """Delete an object; one that is not there is as good."""
        if name := self._name():
            self.objects.pop(name, None)
            self._answer(204, b"")

    def do_POST(self) -> None:
        """Delete the objects that a list names."""
        listed = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self._name() == "" and urlsplit(self.path).query.startswith("delete"):
            names = [unescape(name) for name in re.findall(r"<Key>(.*?)</Key>", listed)]
            for name in names:
                self.objects.pop(name, None)
            gone = "".join(f"<Deleted><Key>{escape(name)}</Key></Deleted>" for name in names)
            self._answer(200, f"<DeleteResult>{gone}</DeleteResult>".encode())

    def _name(self) -> str | None:
        """Return the object's name; None where the request was refused already."""
        bucket, _, name = unquote(urlsplit(self.path).path).lstrip("/").partition("/")
        if f"Credential={KEY_ID}/" not in self.headers.get("Authorization", ""):
            self._answer(403, _DENIED.encode())
        elif bucket != BUCKET:
            self._answer(404, _NO_BUCKET.encode())
        else:
            return name
        return None

    def _list(self) -> None:
        prefix = parse_qs(urlsplit(self.path).query).get("prefix", [""])[0]
        rows = "".join(
            f"<Contents><Key>{escape(name)}</Key><LastModified>{written}</LastModified><Size>{len(content)}</Size>"
            "<ETag>x</ETag></Contents>"
            for name, (content, written) in sorted(self.objects.items())
            if name.startswith(prefix)
        )
        self._answer(
            200, f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>".encode()
        )

    def _answer(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", '"x"')
        self.send_header("Last-Modified", formatdate(usegmt=True))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def s3_server() -> Iterator[str]:
    """Start a server that speaks S3 with one empty bucket; its address."""
    if os.environ.get(_MOTO):
        with _moto_server(os.environ[_MOTO]) as url:
            yield url
        return
    handler = type("Bucket", (_Bucket,), {"objects": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def _moto_server(python: str) -> Iterator[str]:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [python, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        _make_bucket(process, f"{url}/{BUCKET}")
        yield url
    finally:
        process.kill()
        process.wait()


def _make_bucket(process: subprocess.Popen[bytes], address: str) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(urllib.request.Request(address, method="PUT"), timeout=10):
                return
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.2)


def s3_settings(endpoint: str) -> dict[str, str]:
    """Return the environment of a store whose recordings lie in the bucket of a server."""
    return {
        "HEELWISE_SAMPLES": f"s3://{BUCKET}/clinic",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": KEY_ID,
        "AWS_SECRET_ACCESS_KEY": "of-tests",
        "AWS_REGION": "us-east-1",
    }
