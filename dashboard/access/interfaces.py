"""The networks this machine is on, by names a person knows, and knowing one again after its address changed."""

from __future__ import annotations

import ipaddress
import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass

LISTING_S = 3.0
_SHARED = ipaddress.ip_network("100.64.0.0/10")
"""Addresses of a provider or of an overlay such as Tailscale (RFC 6598)."""
_KINDS = (
    (re.compile(r"^(wl|wifi|ath)"), "Wi-Fi"),
    (re.compile(r"^(en|eth|em)"), "Network"),
    (re.compile(r"^(tailscale|utun|wg|tun|zt)"), "Private network over the internet"),
    (re.compile(r"^(docker|br-|veth|virbr|vmnet|lxc|podman)"), "Inside this machine"),
)
USUAL_PREFIX = 24


@dataclass(frozen=True)
class Network:
    """One private address of this machine; interface and prefix know it again when the address has changed."""

    interface: str
    address: str
    prefix: str

    @property
    def title(self) -> str:
        """What a person calls it, with the address."""
        kind = next((title for pattern, title in _KINDS if pattern.match(self.interface)), "Network")
        return f"{kind} ({self.interface}): {self.address}"


def networks() -> list[Network]:
    """List the private IPv4 networks that this machine is on, those with other devices first."""
    listed = _by_ip_command() if sys.platform.startswith("linux") else _by_ifconfig()
    found_ones = listed or _by_route()
    last = _KINDS[-1][0]
    return sorted(found_ones, key=lambda one: (bool(last.match(one.interface)), one.interface, one.address))


def find(address: str, among: Iterable[Network] | None = None) -> Network | None:
    """Return the network on which this machine has an address."""
    return next((one for one in (networks() if among is None else among) if one.address == address), None)


def find_again(chosen: Network, among: Iterable[Network] | None = None) -> Network | None:
    """Return a network that was chosen before, with the address that this machine has on it now."""
    now = list(networks() if among is None else among)
    same = [one for one in now if (one.interface, one.prefix) == (chosen.interface, chosen.prefix)]
    return next((one for one in same if one.address == chosen.address), same[0] if same else None)


def is_private(address: str) -> bool:
    """Return whether an address is one that the internet does not lead to, and not this machine's own."""
    try:
        number = ipaddress.ip_address(address)
    except ValueError:
        return False
    if number.version != 4 or number.is_loopback or number.is_unspecified:
        return False
    return number.is_private or number in _SHARED


def _network(interface: str, address: str, length: int) -> list[Network]:
    if not is_private(address):
        return []
    prefix = ipaddress.ip_network(f"{address}/{length}", strict=False)
    return [Network(interface, address, str(prefix))]


def _output(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LISTING_S, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout if done.returncode == 0 else ""


def _by_ip_command() -> list[Network]:
    return parse_ip_listing(_output("ip", "-j", "-4", "addr", "show", "up"))


def parse_ip_listing(text: str) -> list[Network]:
    """Parse what `ip -j -4 addr` prints (iproute2)."""
    try:
        interfaces = json.loads(text or "[]") or []
    except ValueError:
        return []
    return [
        network
        for one in interfaces
        for info in one.get("addr_info", [])
        for network in _network(one.get("ifname", ""), info.get("local", ""), info.get("prefixlen", 32))
    ]


_NAME = re.compile(r"^(\S+?):? ")
_INET = re.compile(r"^\s+inet (\d+\.\d+\.\d+\.\d+) netmask 0x([0-9a-f]{8})")


def _by_ifconfig() -> list[Network]:
    return parse_ifconfig(_output("ifconfig", "-u") or _output("ifconfig"))


def parse_ifconfig(text: str) -> list[Network]:
    """Parse what `ifconfig` of macOS and the BSDs prints."""
    listed: list[Network] = []
    interface = ""
    for line in text.splitlines():
        if name := _NAME.match(line):
            interface = name[1].rstrip(":")
        elif inet := _INET.match(line):
            listed += _network(interface, inet[1], int(inet[2], 16).bit_count())
    return listed


def _by_route() -> list[Network]:
    """Return the address that this machine would send from, where no listing is to be had; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 9))
            address = probe.getsockname()[0]
        except OSError:
            return []
    return _network("this machine's network", address, USUAL_PREFIX)
