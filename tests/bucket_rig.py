"""Buckets for tests: a server that speaks S3 on loopback (moto), and a folder."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.util import find_spec

BUCKET = "recordings"
PYTHON_WITH_MOTO = os.environ.get("HEELWISE_TEST_MOTO_PYTHON", sys.executable)
MISSING = "the S3 server of the tests is not installed: pip install 'moto[server]'"


def has_s3_server() -> bool:
    """Whether moto's server can be started here."""
    return sys.executable != PYTHON_WITH_MOTO or find_spec("moto") is not None


@contextmanager
def s3_server() -> Iterator[str]:
    """Start a server that speaks S3 with one empty bucket; its address."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [PYTHON_WITH_MOTO, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
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
        "AWS_ACCESS_KEY_ID": "tests",
        "AWS_SECRET_ACCESS_KEY": "of-tests",
        "AWS_REGION": "us-east-1",
    }
