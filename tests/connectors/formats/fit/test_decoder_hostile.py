"""FIT bytes that nobody's device wrote: sessions under contract, or one clear sentence; nothing else."""

from __future__ import annotations

import struct

import pytest
from fit_writer import (
    DEVELOPER_DATA_ID,
    FIELD_DESCRIPTION,
    RECORD,
    START,
    FitWriter,
    add_file_id,
    add_session,
    add_timer,
    fit_run,
    stamp,
)
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from connectors.errors import SourceError
from connectors.formats.fit.sessions import parse_fit
from connectors.frames import POINT, checked

MANY = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def rich_file() -> bytes:
    """A bit of everything: events, developer fields, short times, packed distance, two sessions, a chained file."""
    fit = FitWriter()
    add_file_id(fit)
    fit.define(8, DEVELOPER_DATA_ID, [(1, "byte", 16), (3, "uint8")])
    fit.write(8, b"0123456789abcdef", 0)
    fit.define(
        9, FIELD_DESCRIPTION, [(0, "uint8"), (1, "uint8"), (2, "uint8"), (3, "string", 16), (6, "uint8")]
    )
    fit.write(9, 0, 0, 132, "Power", 1)
    fit.define(0, RECORD, [(253, "uint32"), (3, "uint8"), (8, "byte", 3)], [(0, 2, 0, "uint16")])
    fit.define(1, RECORD, [(4, "uint8"), (5, "uint32")])
    for second in range(20):
        fit.write(0, stamp(START) + second, 120 + second, bytes([second, 16, second]), 200 + second)
        fit.write_short(1, stamp(START) + second + 1, 85, second * 300)
        if second in (5, 9):
            add_timer(fit, START, 4 if second == 5 else 0)
    add_session(fit, START, 10, distance=3000)
    add_session(fit, START, 20, sport=2, distance=9000)
    return fit.bytes() + fit_run(seconds=4, big_endian=True)


RICH = rich_file()


def survives(data: bytes) -> None:
    try:
        sessions = parse_fit(data)
    except SourceError as error:
        sentence = str(error)
    else:
        sentence = "."
        assert sessions
        for session in sessions:
            assert checked(session.points, POINT).equals(session.points)
            assert session.points.height <= len(data) // 2
            for value in (session.distance_m, session.timer_s, session.elapsed_s):
                assert value is None or 0 <= value < 2**32
    assert sentence.endswith(".")
    assert "Traceback" not in sentence


def test_the_rich_file_is_read_whole():
    first, second, chained = parse_fit(RICH)
    assert first.points.height + second.points.height > 30
    assert chained.points.height == 5
    assert not [note for s in (first, second, chained) for note in s.notes if "damaged" in note]


@MANY
@given(st.binary(max_size=600))
@example(b"\x0e\x20\x54\x08\x00\x00\x00\x00.FIT\x00\x00\x40")
@example(b"\xff" * 300)
def test_any_bytes(data):
    survives(data)


@MANY
@given(st.binary(max_size=600))
def test_any_bytes_behind_a_good_header(body):
    survives(struct.pack("<BBHI4sH", 14, 32, 2132, len(body), b".FIT", 0) + body)


@MANY
@given(
    st.lists(st.tuples(st.integers(0, len(RICH) - 1), st.integers(0, 255)), min_size=1, max_size=12),
    st.integers(0, len(RICH)),
)
def test_a_good_file_with_bytes_changed_and_the_end_cut(changes, size):
    data = bytearray(RICH)
    for at, value in changes:
        data[at] = value
    survives(bytes(data))
    survives(bytes(data[:size]))


@MANY
@given(st.integers(0, len(RICH)), st.integers(0, len(RICH)), st.integers(0, len(RICH)))
def test_a_good_file_with_a_stretch_moved(begin, end, to):
    begin, end = sorted((begin, end))
    rest = RICH[:begin] + RICH[end:]
    survives(rest[:to] + RICH[begin:end] + rest[to:])


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([0, 18, 19, 20, 21, 23, 34, 206, 207, 999]),
            st.lists(st.tuples(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255)), max_size=8),
            st.lists(st.tuples(st.integers(0, 5), st.integers(0, 20), st.integers(0, 3)), max_size=3),
            st.booleans(),
            st.binary(max_size=200),
        ),
        max_size=8,
    )
)
def test_any_layout_of_the_messages_we_read(messages):
    body = bytearray()
    for message, fields, developer, is_big, content in messages:
        head = struct.pack(">HB" if is_big else "<HB", message, len(fields))
        body += bytes([0x40 | (0x20 if developer else 0), 0, is_big]) + head
        body += b"".join(bytes(f) for f in fields)
        if developer:
            body += bytes([len(developer)]) + b"".join(bytes(f) for f in developer)
        size = sum(f[1] for f in [*fields, *developer])
        body += b"\x00" + content[:size].ljust(size, b"\x07")
    survives(struct.pack("<BBHI4sH", 14, 32, 2132, len(body), b".FIT", 0) + bytes(body))


@pytest.mark.parametrize(
    "field",
    [(20, 3, 1, 2), (18, 5, 1, 0), (21, 0, 1, 0), (206, 0, 1, 2)],
    ids=["records", "sessions", "events", "descriptions"],
)
def test_a_million_tiny_messages_take_no_more_memory_than_their_share(field):
    import tracemalloc

    message, number, size, kind = field
    definition = bytes([0x40, 0, 0]) + struct.pack("<HB", message, 1) + bytes([number, size, kind])
    body = definition + bytes([0, 1]) * 1_000_000
    data = struct.pack("<BBHI4sH", 14, 32, 2132, len(body), b".FIT", 0) + body
    tracemalloc.start()
    survives(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 400 * 2**20
