"""Another machine of the network: a network namespace joined by a veth pair, or this machine's own outer address."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from live_server import START_S

from dashboard.access import interfaces

ROOT = Path(__file__).resolve().parents[1]
CLIENT = Path(__file__).with_name("far_client.py")
MAY_SPLIT = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("ip") is not None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class FarNetwork:
    """`address` is where a phone reaches this machine; `run` speaks from the phone's side."""

    def __init__(self) -> None:
        self.namespace: str | None = None
        self.interface = ""
        if MAY_SPLIT and self._split():
            return
        known = [one for one in interfaces.networks() if not one.title.startswith("Inside")]
        self.address = known[0].address if known else ""

    def _split(self) -> bool:
        number = os.getpid() % 200 + 20
        name = f"heel{os.getpid() % 10_000}"
        self.namespace, self.interface = name, f"wl{name}"
        self.address, self.prefix = f"10.{number}.7.1", f"10.{number}.7"
        far = f"e{name}"
        try:
            self._ip("netns", "add", name)
            self._ip("link", "add", self.interface, "type", "veth", "peer", "name", far)
            self._ip("link", "set", far, "netns", name)
            self._ip("addr", "add", f"{self.address}/24", "dev", self.interface)
            self._ip("link", "set", self.interface, "up")
            for given in (("addr", "add", f"{self.prefix}.2/24", "dev", far), ("link", "set", far, "up")):
                self._ip("-n", name, *given)
            self._ip("-n", name, "link", "set", "lo", "up")
        except subprocess.CalledProcessError:
            self.close()
            self.namespace = None
            return False
        return True

    def _ip(self, *given: str) -> None:
        subprocess.run(["ip", *given], check=True, capture_output=True)

    def move(self, old: str, new: str | None) -> None:
        """Take an address of this machine away and give it another, as a router does."""
        self._ip("addr", "del", f"{old}/24", "dev", self.interface)
        if new is not None:
            self._ip("addr", "add", f"{new}/24", "dev", self.interface)

    def run(self, requests: list[dict], address: str, port: int) -> list[dict]:
        """Send raw requests from the phone's side and return each status line and body."""
        inside = ["ip", "netns", "exec", self.namespace] if self.namespace else []
        done = subprocess.run(
            [*inside, sys.executable, str(CLIENT), address, str(port)],
            input=json.dumps(requests),
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        return json.loads(done.stdout)

    def close(self) -> None:
        if self.namespace is None:
            return
        for given in (["link", "del", self.interface], ["netns", "del", self.namespace]):
            subprocess.run(["ip", *given], check=False, capture_output=True)


class PhoneServer:
    """`streamlit run dashboard/app.py` with the phone's listener open."""

    def __init__(self, folder: Path, address: str, **environment: str) -> None:
        self.port, self.phone_port = free_port(), free_port()
        self.home = folder / "home"
        self.log = folder / "server.log"
        known = {k: v for k, v in os.environ.items() if not k.startswith(("STREAMLIT_", "HEELWISE_"))}
        place = {"HEELWISE_PHONE": f"{address}:{self.phone_port}"} if address else {}
        self.output = self.log.open("w")
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "streamlit", "run", "dashboard/app.py"),
                *(f"--server.port={self.port}", "--server.headless=true"),
            ],
            cwd=ROOT,
            env={**known, "HOME": str(folder), "HEELWISE_HOME": str(self.home), **place, **environment},
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=subprocess.STDOUT,
        )

    def wait(self) -> None:
        until = time.monotonic() + START_S
        while True:
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < until, self.log.read_text()
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/alive", timeout=1).read()
            except OSError:
                time.sleep(0.2)
            else:
                return

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        self.output.close()
        assert "Traceback" not in self.log.read_text()


def answers(address: str, port: int) -> bool:
    """Return whether anything listens at an address of this machine."""
    try:
        socket.create_connection((address, port), timeout=1).close()
    except OSError:
        return False
    return True


def wait_until(is_so, seconds: float) -> float:
    """Wait for something to become true; returns after how many s it did."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < seconds, "it did not happen in time"
        time.sleep(0.1)
    return time.monotonic() - began
