"""`heelwise serve`, with `--phone` for paired phones of one private network."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import segno
import typer

from connectors.errors import HeelwiseError
from dashboard.access import interfaces, listeners
from dashboard.access.interfaces import Network
from dashboard.access.listeners import PhoneChoice
from dashboard.commands.open_store import open_store_option, select_runner

SCRIPT = Path(__file__).resolve().parents[1] / "app.py"
SECONDS_TO_END = 3.0
SECONDS_TO_OPEN = 60.0
SAFE = (
    "--server.address=127.0.0.1",
    "--server.showEmailPrompt=false",
    "--server.fileWatcherType=none",
    "--browser.gatherUsageStats=false",
    "--client.toolbarMode=minimal",
)
PLAIN = (
    "This is plain HTTP, without encryption. Only paired phones are let in, and they may fill in the log and see "
    "nothing else. It does not hide what they send from whoever can listen on this network: use it at home, not in a "
    "café or on a guest network. With --phone-cert and --phone-key the phone speaks TLS."
)
TLS = (
    "The phone speaks TLS with the certificate you gave: what it sends is hidden from others on this network. Only "
    "paired phones are let in."
)
PAIR = "Open it on the phone, and confirm the phone in the dashboard: Data & settings, Settings, Use it on my phone."
PhoneOptions = tuple[bool, str | None, int | None, Path | None, Path | None]
NO_PHONE: PhoneOptions = (False, None, None, None, None)


def serve_command(
    home: Path | None, athlete: str | None, port: int | None, browser: bool, phone: PhoneOptions = NO_PHONE
) -> None:
    """Start the dashboard and wait until it is stopped."""
    choice = phone_choice(phone)
    store = open_store_option(home)
    if athlete:
        os.environ["HEELWISE_ATHLETE"] = select_runner(store, athlete).name
    options = [*SAFE]
    options += [f"--server.port={port}"] if port else []
    options += [] if browser else ["--server.headless=true"]
    before = signal.signal(signal.SIGTERM, _stop)
    environment = {**os.environ, **(environment_of(choice) if choice else {})}
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(SCRIPT), *options], env=environment
    )
    try:
        status = server.wait() if choice is None else _wait_with_phone(server, choice)
    except KeyboardInterrupt:
        status = _ended(server)
    finally:
        signal.signal(signal.SIGTERM, before)
    if status not in (0, -signal.SIGINT, -signal.SIGTERM, 130):
        raise HeelwiseError("The dashboard could not be started, or ended early; why stands above.")


def phone_choice(phone: PhoneOptions, among: Sequence[Network] | None = None) -> PhoneChoice | None:
    """Return where the phone's listener is to be opened, after everything that can be wrong with it was looked at."""
    is_wanted, address, port, cert, key = phone
    if not is_wanted:
        if any(given is not None for given in (address, port, cert, key)):
            raise HeelwiseError("The options --phone-… need --phone; the dashboard was not started.")
        return None
    network = _network(address, list(interfaces.networks() if among is None else among))
    _check_certificate(cert, key)
    choice = PhoneChoice(network, port or listeners.USUAL_PORT, cert, key)
    listeners.bind(network.address, choice.port).close()
    return choice


def _network(address: str | None, among: Sequence[Network]) -> Network:
    if not among:
        raise HeelwiseError(
            "This machine is on no private network now, so no phone could reach it. Connect it first."
        )
    titles = "\n".join(f"  {one.title}" for one in among)
    if address is None and len(among) > 1:
        raise HeelwiseError(
            f"This machine is on several networks:\n{titles}\nChoose the one the phone is on, for example "
            f"--phone-address {among[0].address}."
        )
    network = among[0] if address is None else interfaces.find(address, among)
    if network is None:
        raise HeelwiseError(f"{address} is no private address of this machine. It has:\n{titles}")
    return network


def _check_certificate(cert: Path | None, key: Path | None) -> None:
    if (cert is None) != (key is None):
        raise HeelwiseError("--phone-cert and --phone-key belong together: give both, or neither.")
    if cert is None:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key, password="")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "they are no certificate and key that belong together"
        raise HeelwiseError(f"The certificate and key of the phone could not be used: {why}.") from error


def environment_of(choice: PhoneChoice) -> dict[str, str]:
    """Return what the server reads to open the phone's listener."""
    place = {listeners.PHONE: f"{choice.network.address}:{choice.port}"}
    if choice.cert is not None and choice.key is not None:
        place |= {
            listeners.PHONE_CERT: str(choice.cert.resolve()),
            listeners.PHONE_KEY: str(choice.key.resolve()),
        }
    return place


def announcement(choice: PhoneChoice) -> str:
    """Return what the terminal shows for the phone: the address, its QR code and what it protects."""
    address = f"{choice.address}/pair"
    rows = segno.make(address, error="m", micro=False).matrix_iter(border=2)
    return "\n".join(
        ["", _blocks([list(row) for row in rows]), f"  Phone: {address}", "", PAIR, _safety(choice), ""]
    )


def _safety(choice: PhoneChoice) -> str:
    return TLS if choice.is_tls else PLAIN


def _blocks(rows: list[list[int]]) -> str:
    """Return a QR code as text, two rows of it in each line; light on a dark terminal and dark on a light one alike."""
    # The colours are set, since a code in the terminal's own would be inverted on one of the two.
    pairs = zip(rows[::2], [*rows[1::2], [0] * len(rows[0])], strict=False)
    signs = {(0, 0): " ", (1, 0): "▀", (0, 1): "▄", (1, 1): "█"}
    lines = ("".join(signs[upper, lower] for upper, lower in zip(*pair, strict=True)) for pair in pairs)
    return "\n".join(f"\033[30;107m{line}\033[0m" for line in lines)


def _wait_with_phone(server: subprocess.Popen[bytes], choice: PhoneChoice) -> int:
    """Say where the phone is answered once it is, and again when this machine's address has changed."""
    if _opens(server, choice):
        typer.echo(announcement(choice))
    now: PhoneChoice | None = choice
    while True:
        try:
            return server.wait(listeners.LOOK_EVERY_S)
        except subprocess.TimeoutExpired:
            now = _tell_of_change(choice, now)


def _tell_of_change(choice: PhoneChoice, before: PhoneChoice | None) -> PhoneChoice | None:
    network = interfaces.find_again((before or choice).network)
    if network is None:
        if before is not None:
            typer.echo(listeners.GONE)
        return None
    now = PhoneChoice(network, choice.port, choice.cert, choice.key)
    if now != before:
        typer.echo(announcement(now))
        if network.address != choice.network.address:
            typer.echo(f"Your phone looks for {choice.network.address}; scan again.\n")
    return now


def _opens(server: subprocess.Popen[bytes], choice: PhoneChoice) -> bool:
    """Wait until the phone's listener answers; False where the server has ended, or does not open it in a minute."""
    until = time.monotonic() + SECONDS_TO_OPEN
    while server.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection((choice.network.address, choice.port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return True
    return False


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _ended(server: subprocess.Popen[bytes]) -> int:
    """Wait for a server that a terminal told to stop as well, and tell one that nobody has told."""
    try:
        return server.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        server.terminate()
    try:
        return server.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        server.kill()
        return 0
