"""`<host>.local` is offered only where somebody answers to it."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.access import local_name


@contextmanager
def responder(*answers: str, number_shift: int = 0) -> Iterator[tuple[str, int]]:
    """Answer one question as an mDNS responder does: the question again, then each address, the name as a pointer."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as answering:
        answering.bind(("127.0.0.1", 0))
        answering.settimeout(5)

        def serve() -> None:
            asked, sender = answering.recvfrom(9000)
            number = struct.unpack_from("!H", asked)[0] ^ number_shift
            message = struct.pack("!6H", number, 0x8400, 1, len(answers), 0, 0) + asked[12:]
            for address in answers:
                message += struct.pack("!3HIH", 0xC00C, 1, 0x8001, 10, 4) + socket.inet_aton(address)
            answering.sendto(message, sender)

        thread = threading.Thread(target=serve)
        thread.start()
        yield answering.getsockname()
        thread.join(5)


@pytest.mark.parametrize(
    ("answers", "shift", "is_answered"),
    [
        (["127.0.0.1"], 0, True),
        (["10.0.0.9", "127.0.0.1"], 0, True),
        (["10.0.0.9"], 0, False),  # another machine has this name
        ([], 0, False),
        (["127.0.0.1"], 1, False),  # an answer to somebody else's question
    ],
)
def test_a_name_counts_where_its_answer_is_this_machine(answers, shift, is_answered):
    with responder(*answers, number_shift=shift) as group:
        assert local_name.is_answered("desk.local", "127.0.0.1", group, 0.3) is is_answered


def test_nobody_who_answers_is_no_name_and_no_long_wait():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        assert not local_name.is_answered("desk.local", "127.0.0.1", silent.getsockname(), 0.1)
    assert not local_name.is_answered("desk.local", "203.0.113.77", wait_s=0.1)  # no address of this machine


def test_the_question_is_the_one_of_the_standard():
    # RFC 1035, 4.1: header, labels with their length, type A, class IN with the bit for an answer to this port alone
    assert local_name.question("desk.local", 0x1234) == (
        b"\x12\x34\0\0\0\x01\0\0\0\0\0\0" + b"\x04desk\x05local\0" + b"\0\x01\x80\x01"
    )


@given(st.binary(max_size=80), st.integers(0, 0xFFFF))
def test_no_answer_breaks_it(message, number):
    assert isinstance(local_name.addresses(message, number), list)
    assert isinstance(local_name.addresses(struct.pack("!2H", number, 0x8400) + message, number), list)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        *(("Desk", "desk.local"), ("desk.fritz.box", "desk.local"), ("my-mac-2.local", "my-mac-2.local")),
        *(("localhost", None), ("", None), ("über", None), ("a_b", None), ("-a", None)),
    ],
)
def test_the_name_is_the_first_part_of_the_machines_own(host, name):
    assert local_name.local_name(host) == name
