"""Only this machine may ask: addresses, the way out, and the server itself."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.access import web_security

ROOT = Path(__file__).resolve().parents[3]
APP = ROOT / "dashboard" / "app.py"


class Config:
    def __init__(self, **options):
        self.options = {name.replace("_", "."): value for name, value in options.items()}

    def get_option(self, key):
        return self.options.get(key)

    def set_option(self, key, value):
        self.options[key] = value


@pytest.mark.parametrize(
    "address", ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1", "[::1]", " 127.0.0.1 "]
)
def test_loopback_addresses_are_known(address):
    assert web_security.is_loopback(address)


@pytest.mark.parametrize(
    "address", [None, "", "0.0.0.0", "::", "192.168.1.5", "example.org", "localhost.example.org"]
)
def test_everything_else_is_not(address):
    assert not web_security.is_loopback(address)
    assert "did not start" in (web_security.refusal_of(address) or "")


def test_no_setting_allows_the_network_any_more(capsys):
    with pytest.raises(SystemExit):
        web_security.hold_to_loopback(Config(server_address="0.0.0.0"), {web_security.ALLOW: "1"})
    assert "serve --phone" in capsys.readouterr().err


def test_a_setting_that_does_nothing_any_more_is_named(capsys):
    web_security.hold_to_loopback(Config(server_address="127.0.0.1"), {web_security.ALLOW: "1"})
    assert "does nothing any more" in capsys.readouterr().err
    web_security.hold_to_loopback(Config(server_address="127.0.0.1"), {})
    assert capsys.readouterr().err == ""


def test_hold_refuses_in_one_sentence_and_a_status(capsys):
    with pytest.raises(SystemExit) as stop:
        web_security.hold_to_loopback(Config(server_address="0.0.0.0"), {})
    assert stop.value.code == 1
    assert "0.0.0.0" in capsys.readouterr().err


def test_hold_closes_what_is_open_by_default():
    config = Config(server_address="127.0.0.1")
    web_security.hold_to_loopback(config, {})
    assert config.options["browser.gatherUsageStats"] is False
    assert config.options["server.allowedHosts"] == web_security.LOOPBACK_HOSTS
    assert config.options["server.trustedUserHeaders"] == {"x-heelwise-session": "session"}


def test_hold_keeps_hosts_that_were_named():
    config = Config(server_address="127.0.0.1")
    config.options["server.allowedHosts"] = ["my.host"]
    web_security.hold_to_loopback(config, {})
    assert config.options["server.allowedHosts"] == ["my.host"]


def test_both_places_streamlit_reads_hold_the_same_configuration():
    from_root = (ROOT / ".streamlit" / "config.toml").read_text()
    from_script = (ROOT / "dashboard" / ".streamlit" / "config.toml").read_text()
    assert from_root == from_script


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(tmp_path, *options, **environment):
    """`streamlit run` from a folder without configuration, a home without credentials, and no terminal."""
    (tmp_path / "elsewhere").mkdir()
    known = {k: v for k, v in os.environ.items() if not k.startswith(("STREAMLIT_", "HEELWISE_"))}
    return subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(APP), f"--server.port={free_port()}", *options],
        cwd=tmp_path / "elsewhere",
        env={**known, "HOME": str(tmp_path), "HEELWISE_HOME": str(tmp_path / "home"), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.parametrize("address", ["0.0.0.0", "::"])
def test_the_server_refuses_to_be_reached_from_outside(tmp_path, address):
    server = start(tmp_path, f"--server.address={address}")
    said, _ = server.communicate(timeout=60)
    assert server.returncode == 1
    assert "did not start" in said
    assert "Traceback" not in said
