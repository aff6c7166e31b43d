"""The address in the code, the best first; and what opens a firewall."""

from __future__ import annotations

import pytest
from own_certificate import own_certificate

from dashboard.access import local_name, phone_address
from dashboard.access.interfaces import Network
from dashboard.access.listeners import PhoneChoice

HOME = Network("wlan0", "192.168.1.20", "192.168.1.0/24")
PLAIN = PhoneChoice(HOME, 8571)


def test_a_name_that_is_answered_comes_first_and_one_that_is_not_is_left_out():
    name = local_name.local_name()
    asked = []

    def answers(host: str, address: str) -> bool:
        asked.append((host, address))
        return True

    number = "http://192.168.1.20:8571"
    expected = [f"http://{name}:8571", number] if name else [number]
    assert phone_address.addresses(PLAIN, answers) == expected
    assert asked == ([(name, HOME.address)] if name else [])
    assert phone_address.addresses(PLAIN, lambda *_: False) == [number]


def test_the_names_of_a_certificate_come_first_and_patterns_are_none(tmp_path):
    files = own_certificate(tmp_path, HOME.address, "heel.example.org", "*.example.org")
    choice = PhoneChoice(HOME, 8571, *files)
    assert phone_address.addresses(choice, lambda *_: False) == [
        "https://heel.example.org:8571",
        "https://192.168.1.20:8571",
    ]


def test_a_certificate_that_cannot_be_read_has_no_names(tmp_path):
    assert phone_address.certificate_hosts(tmp_path / "missing.pem") == []
    (tmp_path / "bad.pem").write_text("no certificate")
    assert phone_address.certificate_hosts(tmp_path / "bad.pem") == []


@pytest.mark.parametrize(
    ("address", "is_elsewhere"),
    [
        ("192.168.1.20:8571", False),
        ("192.168.1.20:9000", False),
        ("192.168.1.77:8571", True),
        ("desk.local:8571", False),
        ("heel.example.org", False),
        (None, False),
        ("", False),
        ("[::1", False),
        ("not an address:x:y", False),
    ],
)
def test_only_a_number_can_be_out_of_date(address, is_elsewhere):
    assert phone_address.is_elsewhere(address, PLAIN) is is_elsewhere


@pytest.mark.parametrize(
    ("platform", "there", "words"),
    [
        ("linux", "ufw", "sudo ufw allow proto tcp from 192.168.1.0/24 to any port 8571"),
        ("linux", "firewall-cmd", "source address=192.168.1.0/24 port port=8571 protocol=tcp accept"),
        ("linux", "nft", "ip saddr 192.168.1.0/24 tcp dport 8571 accept"),
        ("darwin", "", "socketfilterfw --add"),
        ("win32", "", "-LocalPort 8571 -RemoteAddress 192.168.1.0/24"),
    ],
)
def test_the_firewalls_command_opens_one_port_for_one_network(platform, there, words):
    commands = phone_address.firewall_commands(
        PLAIN, platform, lambda name: name if name == there else None, "/usr/bin/python3"
    )
    assert words in "\n".join(commands)


def test_without_a_known_firewall_there_is_no_command():
    assert phone_address.firewall_commands(PLAIN, "linux", lambda _: None) == []


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({}, None),
        ({"HEELWISE_PUBLIC_URL": "https://heel.example.org"}, None),
        ({"HEELWISE_PUBLIC_URL": "http://heel.example.org", "HEELWISE_PROXY_LISTEN": "8600"}, None),
        (
            {"HEELWISE_PUBLIC_URL": " https://heel.example.org/ ", "HEELWISE_PROXY_LISTEN": "8600"},
            "https://heel.example.org",
        ),
    ],
)
def test_a_public_address_counts_with_a_proxy_and_tls(environment, address):
    assert phone_address.public_address(environment) == address
