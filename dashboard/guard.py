"""Keeps the dashboard on this machine: refuses any address that other machines can reach."""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any, Protocol

ALLOW = "HEELWISE_ALLOW_NETWORK"
LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"]


class Options(Protocol):
    """What the guard needs of the server's configuration: two functions of `streamlit.config`."""

    get_option: Callable[[str], Any]
    set_option: Callable[..., Any]


def is_loopback(address: str | None) -> bool:
    """Tell whether only this machine can reach an address.

    Parameters
    ----------
    address : str or None
        Host name or IP address a server binds; None and "" mean every interface.

    Returns
    -------
    bool
        True for localhost, 127.0.0.0/8 and ::1. Any other name is False, as it may resolve to anything.

    Source
    ------
    ours: RFC 1122 and RFC 4291 loopback ranges; names are not looked up, so that the answer cannot change.
    """
    if not address:
        return False
    bare = address.strip().strip("[]").lower()
    if bare == "localhost":
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False


def refusal(address: str | None, environment: Mapping[str, str]) -> str | None:
    """Say why the dashboard will not serve on an address.

    Parameters
    ----------
    address : str or None
        As for `is_loopback`.
    environment : Mapping
        The process environment; `HEELWISE_ALLOW_NETWORK=1` allows every address.

    Returns
    -------
    str or None
        One plain sentence and the way out; None when it may serve.

    Source
    ------
    ours: health notes have no login in front of them, so only this machine may ask for them.
    """
    if is_loopback(address) or environment.get(ALLOW) == "1":
        return None
    return (
        f"Heelwise did not start: it was asked to listen on {address or 'every network interface'}, where other "
        "machines could read your training and symptoms without a password. Start it with `heelwise serve`, "
        f"or add --server.address 127.0.0.1. If you have put a login in front of it, set {ALLOW}=1 and "
        "STREAMLIT_SERVER_ALLOWED_HOSTS to its host name."
    )


def hold(config: Options, environment: Mapping[str, str] | None = None) -> None:
    """Stop this process before it serves, unless its address is safe; then close what Streamlit leaves open.

    Parameters
    ----------
    config : Options
        The server's configuration.
    environment : Mapping or None
        As for `refusal`; None is the environment of this process.

    Raises
    ------
    SystemExit
        With status 1, after the reason was written to standard error.

    Source
    ------
    ours: Streamlit reads its configuration from the current folder and the script's own folder only;
    without one it listens everywhere and answers to any host name.
    """
    known = os.environ if environment is None else environment
    reason = refusal(config.get_option("server.address"), known)
    if reason is not None:
        sys.stderr.write(reason + "\n")
        sys.stderr.flush()
        raise SystemExit(1)
    config.set_option("browser.gatherUsageStats", False)
    if not config.get_option("server.allowedHosts") and known.get(ALLOW) != "1":
        config.set_option("server.allowedHosts", LOOPBACK_HOSTS)
