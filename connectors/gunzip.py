"""Unpacking under a cap: bytes are counted as they come out, and nothing is believed of a header."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from connectors.errors import UnreadableFile, UnsafeFile

CHUNK_BYTES = 1 << 20
RECORDING_BYTES = 200 << 20
TABLE_BYTES = 100 << 20
FREE_BYTES = 16 << 20
MOST_RATIO = 200
"""The most repetitive recordings seen unpack to about 40 times their size; a bomb to 1,000 times and more."""

_GZIP = b"\x1f\x8b"
_GZIP_BITS = 31
FEED_BYTES = 1 << 16


def decompress(data: bytes, name: str, most: int = RECORDING_BYTES, cut_off: bool = False) -> bytes:
    """Decompress one gzip layer, if there is one.

    One layer and no more; a gzip inside a gzip is not unpacked again.
    """
    if not data:
        raise UnreadableFile(f"{name} is empty.")
    if not data.startswith(_GZIP):
        if name.lower().endswith(".gz") and not _looks_plain(data):
            raise UnreadableFile(f"{name} is damaged and could not be unpacked. It was left out.")
        return data
    try:
        content, is_complete = _gunzip(data, name, most)
    except zlib.error as error:
        raise UnreadableFile(f"{name} is damaged and could not be unpacked. It was left out.") from error
    if not is_complete and not (cut_off and content):
        raise UnreadableFile(f"{name} is cut off and could not be unpacked. It was left out.")
    if not content:
        raise UnreadableFile(f"{name} is empty.")
    return content


def read_capped(read: Callable[[int], bytes], name: str, most: int, packed: int) -> bytes:
    """Read a stream to its end, or refuse it.

    See `MOST_RATIO`.
    """
    pieces: list[bytes] = []
    total = 0
    while piece := read(CHUNK_BYTES):
        total += len(piece)
        _hold(total, packed, name, most)
        pieces.append(piece)
    return b"".join(pieces)


def _gunzip(data: bytes, name: str, most: int) -> tuple[bytes, bool]:
    """Content of all gzip members in a row, and whether the last one ended."""
    pieces: list[bytes] = []
    total = 0
    layer = zlib.decompressobj(wbits=_GZIP_BITS)
    for start in range(0, len(data), FEED_BYTES):
        left, full = data[start : start + FEED_BYTES], False
        while left or full:
            if layer.eof:
                if not left.startswith(_GZIP[:1]):
                    return b"".join(pieces), True
                layer = zlib.decompressobj(wbits=_GZIP_BITS)
            piece = layer.decompress(left, CHUNK_BYTES)
            total += len(piece)
            _hold(total, len(data), name, most)
            pieces.append(piece)
            left = layer.unused_data if layer.eof else layer.unconsumed_tail
            full = len(piece) == CHUNK_BYTES and not layer.eof
    return b"".join(pieces), layer.eof


def _hold(total: int, packed: int, name: str, most: int) -> None:
    if total > most:
        raise UnsafeFile(f"{name} unpacks to more than {most >> 20} MB. It was left out; the rest is read.")
    if total > FREE_BYTES and total > MOST_RATIO * max(packed, 1):
        raise UnsafeFile(
            f"{name} unpacks to more than {MOST_RATIO} times its size, which no recording does. "
            "It was left out; the rest is read."
        )


def _looks_plain(data: bytes) -> bool:
    """Whether this is a FIT or XML file whose gzip layer is already off."""
    return data[8:12] == b".FIT" or data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
