"""Networks by names a person knows: what the systems' listings say, and knowing one again."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.access import interfaces
from dashboard.access.interfaces import Network

LISTING = json.dumps(
    [
        {"ifname": "lo", "addr_info": [{"family": "inet", "local": "127.0.0.1", "prefixlen": 8}]},
        {"ifname": "wlan0", "addr_info": [{"family": "inet", "local": "192.168.1.20", "prefixlen": 24}]},
        {"ifname": "eth0", "addr_info": [{"family": "inet", "local": "203.0.114.7", "prefixlen": 24}]},
        {"ifname": "docker0", "addr_info": [{"family": "inet", "local": "172.17.0.1", "prefixlen": 16}]},
        {
            "ifname": "tailscale0",
            "addr_info": [{"family": "inet", "local": "100.101.102.103", "prefixlen": 32}],
        },
        {"ifname": "down0", "addr_info": []},
    ]
)
IFCONFIG = """lo0: flags=8049<UP,LOOPBACK,RUNNING,MULTICAST> mtu 16384
\tinet 127.0.0.1 netmask 0xff000000
en0: flags=8863<UP,BROADCAST,SMART,RUNNING,SIMPLEX,MULTICAST> mtu 1500
\tether a4:83:e7:00:00:00
\tinet6 fe80::1%en0 prefixlen 64 secured scopeid 0xb
\tinet 192.168.178.31 netmask 0xffffff00 broadcast 192.168.178.255
utun3: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> mtu 1280
\tinet 100.64.1.2 --> 100.64.1.2 netmask 0xffffffff
"""


def test_only_private_addresses_of_the_linux_listing_are_offered():
    listed = interfaces.parse_ip_listing(LISTING)
    assert [(one.interface, one.address, one.prefix) for one in listed] == [
        ("wlan0", "192.168.1.20", "192.168.1.0/24"),
        ("docker0", "172.17.0.1", "172.17.0.0/16"),
        ("tailscale0", "100.101.102.103", "100.101.102.103/32"),
    ]
    assert [one.title.split(" (")[0] for one in listed] == [
        "Wi-Fi",
        "Inside this machine",
        "Private network over the internet",
    ]


def test_the_listing_of_macos_is_read():
    listed = interfaces.parse_ifconfig(IFCONFIG)
    assert [(one.interface, one.address, one.prefix) for one in listed] == [
        ("en0", "192.168.178.31", "192.168.178.0/24")
    ]


@pytest.mark.parametrize("text", ["", "no json", "[]", "{", "null"])
def test_a_listing_that_says_nothing_is_no_network(text):
    assert interfaces.parse_ip_listing(text) == []


HOME = Network("wlan0", "192.168.1.20", "192.168.1.0/24")


def test_a_network_is_known_again_by_interface_and_prefix():
    moved = Network("wlan0", "192.168.1.77", "192.168.1.0/24")
    assert interfaces.find_again(HOME, [moved]) == moved
    assert interfaces.find_again(HOME, [moved, HOME]) == HOME
    assert interfaces.find_again(HOME, [Network("wlan0", "192.168.2.20", "192.168.2.0/24")]) is None
    assert interfaces.find_again(HOME, [Network("eth0", "192.168.1.20", "192.168.1.0/24")]) is None
    assert interfaces.find_again(HOME, []) is None


@pytest.mark.parametrize(
    ("address", "is_so"),
    [
        ("10.0.0.1", True),
        ("172.31.255.1", True),
        ("192.168.0.1", True),
        ("169.254.7.7", True),
        ("100.64.0.1", True),
        ("127.0.0.2", False),
        ("0.0.0.0", False),
        ("8.8.8.8", False),
        ("100.128.0.1", False),
        ("::1", False),
        ("fd00::2", False),
        ("home", False),
    ],
)
def test_private_is_what_the_internet_does_not_lead_to(address, is_so):
    assert interfaces.is_private(address) == is_so


@given(st.ip_addresses(v=4))
def test_no_public_address_is_ever_offered(address):
    if address.is_global:
        assert not interfaces.is_private(str(address))
