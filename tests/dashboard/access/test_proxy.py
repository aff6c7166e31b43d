"""What the environment says of a proxy: a listener of this machine, believed by a secret or a socket alone."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from connectors.errors import HeelwiseError
from dashboard.access import listeners
from dashboard.access.identity import OWNER
from dashboard.access.proxy import Proxy, proxy_from

PUBLIC = {"HEELWISE_PUBLIC_URL": "https://Heel.example:8443"}


def test_without_a_listener_there_is_no_proxy():
    assert proxy_from({}) is None
    assert proxy_from({"HEELWISE_PROXY_HEADER": "Remote-User", **PUBLIC}) is None


def test_a_port_an_address_or_a_socket_is_a_listener():
    port = proxy_from({"HEELWISE_PROXY_LISTEN": "8572", **PUBLIC})
    assert port == Proxy("127.0.0.1", 8572, None, ("heel.example",))
    v6 = proxy_from({"HEELWISE_PROXY_LISTEN": "[::1]:8572", **PUBLIC})
    assert v6
    assert (v6.host, v6.port) == ("::1", 8572)
    path = proxy_from({"HEELWISE_PROXY_LISTEN": "unix:/run/heel.sock", **PUBLIC})
    assert path
    assert path.socket_path == Path("/run/heel.sock")


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"HEELWISE_PROXY_LISTEN": "8572"}, "HEELWISE_PUBLIC_URL"),
        ({"HEELWISE_PROXY_LISTEN": "0.0.0.0:8572", **PUBLIC}, "this machine alone"),
        ({"HEELWISE_PROXY_LISTEN": "0", **PUBLIC}, "a port"),
        ({"HEELWISE_PROXY_LISTEN": "heel", **PUBLIC}, "a port"),
        ({"HEELWISE_PROXY_LISTEN": "8572", "HEELWISE_PROXY_HEADER": "Remote-User", **PUBLIC}, "names nobody"),
        (
            {
                "HEELWISE_PROXY_LISTEN": "8572",
                "HEELWISE_PROXY_HEADER": "Remote-User",
                "HEELWISE_PROXY_OWNERS": "nora",
                **PUBLIC,
            },
            "any program of this machine could write that header",
        ),
        (
            {"HEELWISE_PROXY_LISTEN": "8572", "HEELWISE_PROXY_SECRET_FILE": "/nowhere/secret", **PUBLIC},
            "could not be read",
        ),
    ],
)
def test_what_is_not_safe_is_refused_with_a_sentence(environment, says):
    with pytest.raises(HeelwiseError, match=says):
        proxy_from(environment)


def test_a_short_secret_is_refused_and_a_long_one_is_read_without_its_line_end(tmp_path):
    secret = tmp_path / "secret"
    given = {"HEELWISE_PROXY_LISTEN": "8572", "HEELWISE_PROXY_SECRET_FILE": str(secret), **PUBLIC}
    secret.write_text("short\n")
    with pytest.raises(HeelwiseError, match="shorter than 20"):
        proxy_from(given)
    secret.write_text("x" * 32 + "\n")
    proxied = proxy_from(given)
    assert proxied
    assert proxied.secret == b"x" * 32


def test_over_a_socket_the_person_counts_without_a_secret_and_over_a_port_never():
    nora = {b"tailscale-user-login": [b"Nora@example.org"]}
    by_socket = Proxy(
        socket_path=Path("/run/heel.sock"), header=b"tailscale-user-login", owners=("nora@example.org",)
    )
    assert by_socket.person(nora) == OWNER
    assert by_socket.person({b"tailscale-user-login": [b"tom@example.org"]}) is None
    by_port = Proxy(port=8572, header=b"tailscale-user-login", owners=("nora@example.org",))
    assert by_port.person(nora) is None


def test_the_socket_is_for_its_owner_and_group_alone_and_is_made_anew(tmp_path):
    path = tmp_path / "heel.sock"
    for _ in range(2):
        listeners.bind_proxy(Proxy(socket_path=path)).close()
        assert stat.S_IMODE(path.stat().st_mode) == 0o660


def test_a_file_that_is_no_socket_is_not_deleted_for_one(tmp_path):
    path = tmp_path / "heel.sock"
    path.write_text("mine")
    with pytest.raises(HeelwiseError, match="could not be made"):
        listeners.bind_proxy(Proxy(socket_path=path))
    assert path.read_text() == "mine"
