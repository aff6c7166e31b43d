"""A ZIP inside a ZIP: opened in place, one level deep, under the caps of any other member."""

from __future__ import annotations

import io
import os
import struct
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from connectors.errors import UnsafeFile
from connectors.gunzip import CHUNK_BYTES, FREE_BYTES, MOST_RATIO

IN_MEMORY_BYTES = 64 << 20
"""A packed inner ZIP up to this size is unpacked in memory, a larger one into a nameless temporary file."""

MOST_INNER_BYTES = 4 << 30
MOST_INNER_TOTAL_BYTES = 16 << 30
_LOCAL_HEADER = struct.Struct("<4s22xHH")


@dataclass
class Allowance:
    """What all inner ZIPs of one archive together may still take."""

    members: int
    unpacked_bytes: int = MOST_INNER_TOTAL_BYTES


def open_inner(
    path: Path, outer: zipfile.ZipFile, entry: zipfile.ZipInfo, allowance: Allowance | None = None
) -> zipfile.ZipFile:
    """Open a ZIP that is a member of another."""
    # A stored inner ZIP is read where it lies. A packed one is unpacked first, since its list of members
    # stands at its end.
    stream = _window(path, entry) if entry.compress_type == zipfile.ZIP_STORED else None
    if stream is None:
        stream = _unpacked(outer, entry, allowance or Allowance(members=0))
    try:
        return _InnerZip(stream)
    except BaseException:
        stream.close()
        raise


def _window(path: Path, entry: zipfile.ZipInfo) -> IO[bytes]:
    """The bytes of a stored member, seekable, through a file handle of their own."""
    with path.open("rb") as stream:
        stream.seek(entry.header_offset)
        mark, name_bytes, extra_bytes = _LOCAL_HEADER.unpack(stream.read(_LOCAL_HEADER.size))
        if mark != b"PK\x03\x04":
            raise zipfile.BadZipFile("no local header where the directory says")
    begin = entry.header_offset + _LOCAL_HEADER.size + name_bytes + extra_bytes
    return io.BufferedReader(_Window(path, begin, entry.compress_size), 1 << 16)


def _unpacked(outer: zipfile.ZipFile, entry: zipfile.ZipInfo, allowance: Allowance) -> IO[bytes]:
    stream = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - closed by the ZIP
    total = 0
    try:
        with outer.open(entry) as packed:
            while piece := packed.read(CHUNK_BYTES):
                total += len(piece)
                _hold(total, entry, allowance)
                stream.write(piece)
    except BaseException:
        stream.close()
        raise
    allowance.unpacked_bytes -= total
    stream.seek(0)
    return stream  # type: ignore[return-value]


def _hold(total: int, entry: zipfile.ZipInfo, allowance: Allowance) -> None:
    most = min(MOST_INNER_BYTES, allowance.unpacked_bytes)
    far = total > FREE_BYTES and total > MOST_RATIO * max(entry.compress_size, 1)
    if total > most or far:
        raise UnsafeFile("It unpacks to more than any takeout does. It was left out; the rest is read.")


class _InnerZip(zipfile.ZipFile):
    """A ZIP that closes the stream it was given."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        super().__init__(stream)

    def close(self) -> None:
        super().close()
        self._stream.close()


class _Window(io.RawIOBase):
    """A stretch of a file as a file of its own."""

    def __init__(self, path: Path, begin: int, size: int) -> None:
        self._file = path.open("rb", buffering=0)
        self._begin, self._size, self._at = begin, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise OSError("before the beginning")
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer) -> int:  # the type of io.RawIOBase is not public
        wanted = min(len(buffer), max(0, self._size - self._at))
        self._file.seek(self._begin + self._at)
        piece = self._file.read(wanted) if wanted else b""
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def close(self) -> None:
        self._file.close()
        super().close()
