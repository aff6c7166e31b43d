"""What Settings says of phones: what is open, what a home network protects, what to try when nothing arrives."""

from __future__ import annotations

from datetime import datetime

from connectors.store.devices import Device, DeviceScope
from dashboard.access import phone_address
from dashboard.access.devices import LIFETIME
from dashboard.access.listeners import PhoneChoice
from dashboard.shared import text

TITLE = "Use it on my phone"
LET_IN = "Let paired phones reach this machine"
NETWORK = "On which network"
CLOSED = "No phone can reach this machine now."
NO_NETWORK = (
    "This machine is on no private network now, so no phone can reach it. Join your Wi-Fi, then open this page "
    "again."
)
OPEN = "Open for paired phones at `{address}`. Nobody else is answered there; the dashboard stays on this machine."
ONLY_AT_MACHINE = "Phones are paired and removed on the machine that Heelwise runs on."
CHOOSE_RUNNER = "Choose a runner first: a phone is paired with one runner."
PLAIN = """This address has no encryption (plain HTTP). What that means on a home network:

- A phone that is not paired gets nothing, and a paired one sees the log of one runner alone: no load, no chart, no \
earlier values.
- Somebody who has your Wi-Fi password and listens on purpose can read what the phone sends, and copy its pairing. The \
pairing changes daily; once an earlier value comes again, both are ended and it is said here.
- The page takes entries while it is open, also without a connection. It cannot be opened while this machine is out of \
reach.

With a certificate of your own, or behind a proxy with one, all of it is encrypted, the phone opens the log anywhere, \
and *everything* can be allowed."""
PLAIN_TITLE = "What this protects on a home network, and what not"
SCOPES: dict[DeviceScope, str] = {"log_only": "Log only", "everything": "Everything"}
SCOPE = "What the phone may do"
SCOPE_HELP = (
    "*Log only* writes the log and sees no load, chart or earlier value. *Everything* opens every page."
)
SCAN = "Scan this with the phone's camera, then press *Pair this phone* there."
BY_HAND = "Or open `{address}/pair` on the phone and type **{code}**. Good for five minutes, for one phone."
ADDRESS = "Address in the code"
ADDRESS_HELP = "A name stays when the number changes. Where the phone does not find the name, use the number."
CODE_ALT = (
    "A code for the phone's camera. It holds the address of this machine and a secret that is good once."
)
ASKS = "**{name}** asks to be paired with {runner} ({scope})."
NUMBER = "Does the phone show this number?"
YES, NO = "Yes, pair it", "No"
COLLECTING = "Confirmed. The phone opens the log now."
PAIRED = "{name} is paired with {runner}."
REFUSED = "Refused. Nothing was paired."
OVER = "This code is over: it is good for five minutes. Show a new one."
JOIN = (
    "On the phone, open the app from the home screen and type **{code}**. It is good for five minutes, once, and makes "
    "the app the same device."
)
NOBODY_PAIRED = "No phone is paired."
ENDED = (
    "Ended: an earlier value of its pairing came again. Somebody may have copied it, or the phone was restored from a "
    "backup. Scan again if it is yours."
)
REMOVE_ASKED = (
    "Remove {name}? A page that is open there goes blank at once. This cannot be undone; the phone can be paired "
    "anew."
)
NOTHING_ARRIVES = "Nothing arrived for two minutes. In this order:"


def opened(address: str) -> str:
    """Return that the phone's address is open."""
    return OPEN.format(address=address)


def by_hand(address: str, code: str) -> str:
    """Return how a phone without a camera gets in."""
    return BY_HAND.format(address=address, code=code)


def moved(device: Device, choice: PhoneChoice) -> str:
    """Return that a phone looks for this machine where it is no longer."""
    host = phone_address.host_of(device.address)
    return f"It looks for {host}, and this machine is at {choice.network.address} now: scan again."


def lapsed(device: Device) -> str:
    """Return that a phone must scan again since it was not used for long."""
    return f"Not used for {LIFETIME[device.is_tls].days} days: scan again."


def seen(device: Device, now: datetime) -> str:
    """Return when a phone last asked; times are those of the reader's zone."""
    when = device.seen.astimezone(now.tzinfo)
    day = "today" if when.date() == now.date() else text.day_in_words(when.date())
    return f"last seen {day} at {when:%H:%M}"


def checklist(address: str, has_name: bool) -> list[str]:
    """Return what to try when no phone arrives, the likeliest first; the firewall comes last."""
    steps = [
        "Is the phone in the same Wi-Fi as this machine, and not on mobile data? Many routers keep a guest network "
        "apart.",
        f"Type `{address}/pair` into the phone's browser by hand.",
    ]
    return (
        [*steps, "Choose the number as the address above: some phones do not find names."]
        if has_name
        else steps
    )


def firewall(choice: PhoneChoice, has_command: bool) -> str:
    """Return what a firewall on this machine must let through; the command follows where it is known."""
    if has_command:
        return (
            "A firewall on this machine may be in the way. This opens the one port, for this network alone:"
        )
    return (
        "A firewall on this machine may be in the way: it must let "
        f"port {choice.port} (TCP) through from {choice.network.prefix}."
    )
