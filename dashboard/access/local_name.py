"""Whether this machine answers to `<host>.local`: asked on the phone's network, as a phone would ask."""

from __future__ import annotations

import re
import secrets
import socket
import struct
import time
from collections.abc import Iterator

GROUP = ("224.0.0.251", 5353)
WAIT_S = 0.8
_HOST_ADDRESS, _INTERNET, _UNICAST = 1, 1, 0x8000
_IS_ANSWER = 0x8000
_POINTER = 0xC0
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def local_name(host: str | None = None) -> str | None:
    """Return the name that this machine would have on its network; None where its own name cannot be one."""
    label = (socket.gethostname() if host is None else host).partition(".")[0].lower()
    return f"{label}.local" if _LABEL.fullmatch(label) and label != "localhost" else None


def is_answered(name: str, address: str, group: tuple[str, int] = GROUP, wait_s: float = WAIT_S) -> bool:
    """Return whether somebody on the network of an address answers that the name is this address.

    References
    ----------
    RFC 6762, 5.1 and 6.7: one question from a port of its own, answered to that port.
    """
    number = secrets.randbelow(0x10000)
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.bind((address, 0))
            asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(address))
            asking.sendto(question(name, number), group)
            until = time.monotonic() + wait_s
            while (left := until - time.monotonic()) > 0:
                asking.settimeout(left)
                if address in addresses(asking.recv(9000), number):
                    return True
    except OSError:
        return False  # no such network, no route to the group, or nobody answers
    return False


def question(name: str, number: int) -> bytes:
    """Build the question for the IPv4 address of a name."""
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
    header = struct.pack("!6H", number, 0, 1, 0, 0, 0)
    return header + labels + b"\0" + struct.pack("!2H", _HOST_ADDRESS, _INTERNET | _UNICAST)


def addresses(message: bytes, number: int) -> list[str]:
    """Return the IPv4 addresses of an answer to a question; none of what is no answer to it, or broken."""
    try:
        answered, flags, questions, answers = struct.unpack_from("!4H", message)
        if answered != number or not flags & _IS_ANSWER:
            return []
        return list(_records(message, questions, answers))
    except (struct.error, IndexError):
        return []


def _records(message: bytes, questions: int, answers: int) -> Iterator[str]:
    at = 12
    for _ in range(questions):
        at = _after_name(message, at) + 4
    for _ in range(answers):
        at = _after_name(message, at)
        kind, _class, _ttl_s, length = struct.unpack_from("!2HIH", message, at)
        at += 10
        if kind == _HOST_ADDRESS and length == 4:
            yield socket.inet_ntoa(struct.unpack_from("!4s", message, at)[0])
        at += length


def _after_name(message: bytes, at: int) -> int:
    while (length := message[at]) != 0:
        if length & _POINTER:
            return at + 2
        at += length + 1
    return at + 1
