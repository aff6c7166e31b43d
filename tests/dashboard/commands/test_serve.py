"""`heelwise serve --phone`: what is wrong is said before anything starts, and what the terminal shows."""

from __future__ import annotations

import re
import socket
import tomllib
from pathlib import Path

import pytest
from own_certificate import own_certificate

from connectors.errors import HeelwiseError
from dashboard.access import listeners
from dashboard.access.interfaces import Network
from dashboard.access.listeners import PhoneChoice
from dashboard.commands import serve

WIFI = Network("wlan0", "127.0.0.1", "127.0.0.0/8")
CABLE = Network("eth0", "127.0.0.2", "127.0.0.0/8")
"""Addresses that a test may bind; that they are private is looked at where they are listed."""


def test_what_matters_of_the_settings_is_repeated_wherever_the_command_is_started():
    settings = tomllib.loads((Path(__file__).parents[3] / ".streamlit" / "config.toml").read_text())
    given = dict(one.removeprefix("--").split("=") for one in serve.SAFE)
    for name, value in given.items():
        section, key = name.split(".")
        assert str(settings[section][key]).casefold() == value, name
    assert given["server.fileWatcherType"] == "none", (
        "a changed file would take modules away under an open page"
    )


def test_without_phone_nothing_is_opened_and_its_options_are_refused():
    assert serve.phone_choice(serve.NO_PHONE) is None
    with pytest.raises(HeelwiseError, match="need --phone"):
        serve.phone_choice((False, None, 8571, None, None))


def test_one_network_is_taken_and_of_several_one_is_asked_for():
    choice = serve.phone_choice((True, None, 18571, None, None), [WIFI])
    assert choice == PhoneChoice(WIFI, 18571)
    with pytest.raises(
        HeelwiseError, match=r"several networks:\n  Wi-Fi \(wlan0\)(.|\n)*--phone-address 127.0.0.1"
    ):
        serve.phone_choice((True, None, None, None, None), [WIFI, CABLE])
    chosen = serve.phone_choice((True, "127.0.0.2", 18571, None, None), [WIFI, CABLE])
    assert chosen is not None
    assert chosen.network == CABLE


@pytest.mark.parametrize(
    ("among", "says"), [([], "no private network"), ([WIFI], "no private address of this")]
)
def test_an_address_that_is_not_there_is_refused(among, says):
    with pytest.raises(HeelwiseError, match=says):
        serve.phone_choice((True, "192.168.9.9", None, None, None), among)


def test_a_port_that_another_program_holds_is_named():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(HeelwiseError, match=f"Port {port} of 127.0.0.1 could not be opened"):
            serve.phone_choice((True, None, port, None, None), [WIFI])


def test_certificate_and_key_belong_together(tmp_path):
    cert, key = own_certificate(tmp_path, "127.0.0.1")
    other = tmp_path / "other"
    other.mkdir()
    _, wrong = own_certificate(other, "127.0.0.1")
    choice = serve.phone_choice((True, None, 18571, cert, key), [WIFI])
    assert choice is not None
    assert choice.address == "https://127.0.0.1:18571"
    with pytest.raises(HeelwiseError, match="belong together: give both"):
        serve.phone_choice((True, None, None, cert, None), [WIFI])
    for bad in (wrong, cert, tmp_path / "none.pem"):
        with pytest.raises(HeelwiseError, match="could not be used"):
            serve.phone_choice((True, None, None, cert, bad), [WIFI])


def test_the_server_is_told_exactly_what_was_chosen(tmp_path):
    choice = PhoneChoice(WIFI, 8571, Path("c.pem"), Path("k.pem"))
    environment = serve.environment_of(choice)
    assert environment[listeners.PHONE] == "127.0.0.1:8571"
    assert Path(environment[listeners.PHONE_CERT]).is_absolute()


def test_the_terminal_says_what_plain_http_protects_and_what_not():
    said = serve.announcement(PhoneChoice(WIFI, 8571))
    assert "Phone: http://127.0.0.1:8571/pair" in said
    assert "without encryption" in said
    assert "does not hide" in said
    with_tls = serve.announcement(PhoneChoice(WIFI, 8571, Path("c.pem"), Path("k.pem")))
    assert "Phone: https://127.0.0.1:8571/pair" in with_tls
    assert "without encryption" not in with_tls


def test_the_code_is_read_back_as_the_address():
    """Each half block is two rows of the code: the picture holds exactly the modules of the symbol."""
    import segno

    said = serve.announcement(PhoneChoice(WIFI, 8571))
    lines = re.findall(r"\033\[30;107m(.*)\033\[0m", said)
    rows = []
    for line in lines:
        rows.append([int(sign in "▀█") for sign in line])
        rows.append([int(sign in "▄█") for sign in line])
    wanted = [
        [int(bool(one)) for one in row]
        for row in segno.make("http://127.0.0.1:8571/pair", error="m", micro=False).matrix_iter(border=2)
    ]
    assert rows[: len(wanted)] == wanted


def test_a_choice_is_remembered_as_it_was_made():
    for choice in (
        PhoneChoice(Network("wlan0", "192.168.1.20", "192.168.1.0/24"), 8571),
        PhoneChoice(Network("wlan0", "192.168.1.20", "192.168.1.0/24"), 9000, Path("/c.pem"), Path("/k.pem")),
    ):
        assert listeners.from_setting(listeners.to_setting(choice)) == choice
    for nothing in (None, "", "null", "[]", "{}", '["wlan0", "8.8.8.8", "8.8.8.0/24", 8571, null, null]'):
        assert listeners.from_setting(nothing) is None
