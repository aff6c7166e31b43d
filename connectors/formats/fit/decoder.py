"""The FIT container: where each message of a file starts and how it is laid out.

One pass over the bytes notes positions and nothing else; `message_table` lifts the numbers out afterwards, so
that no object is made for a single record.
"""

from __future__ import annotations

from array import array
from collections import deque
from dataclasses import dataclass, field

from connectors.errors import UnreadableFile, UnsafeFile

MOST_BYTES = 64 * 1024 * 1024  # ten days at one fat point a second
MOST_MESSAGES = 5_000_000
MOST_LAYOUTS = 1_024  # devices use some thirty; one laid out alike is counted once
MOST_PARTS = 256
(
    FILE_ID,
    SPORT_MESSAGE,
    SESSION_MESSAGE,
    LAP_MESSAGE,
    RECORD_MESSAGE,
    EVENT_MESSAGE,
    DEVICE_MESSAGE,
    ACTIVITY_MESSAGE,
) = 0, 12, 18, 19, 20, 21, 23, 34
FIELD_DESCRIPTION, DEVELOPER = 206, 207
_HEADER_BYTES = 13
COURSE = 6
FILE_KINDS = {  # file type of the FIT profile, of those met that hold no session
    2: "settings",
    3: "settings",
    5: "a workout plan",
    COURSE: "a course",
    15: "all-day monitoring",
    28: "all-day monitoring",
    32: "all-day monitoring",
    34: "a segment",
}


@dataclass(frozen=True)
class FieldPlace:
    """Where one field lies in a message.

    Parameters
    ----------
    offset, size
        Bytes from the message's header byte, and how many.
    kind
        Low five bits of its base type.
    """

    offset: int
    size: int
    kind: int


@dataclass
class MessageLayout:
    """One shape of message, as a definition in the file lays it out.

    Parameters
    ----------
    message
        Number of the kind of message in the FIT profile.
    order
        "<" or ">".
    size
        Bytes of one message with its header byte.
    native
        Field number to its place.
    developer
        (developer index, field number) to its place; its base type is told elsewhere in the file.
    defined_at
        Byte at which the definition stands.
    starts
        Byte at which each message of this layout starts.
    """

    message: int
    order: str
    size: int
    native: dict[int, FieldPlace]
    developer: dict[tuple[int, int], FieldPlace]
    defined_at: int
    starts: array[int] = field(default_factory=lambda: array("I"))


class FilePart:
    """One FIT file inside the bytes; a chained file has several.

    Parameters
    ----------
    data : bytes
        All bytes.
    begin, end : int
        The first byte after the header, and the one after the last that the header promises, as far as it is
        there.
    """

    def __init__(self, data: bytes, begin: int, end: int) -> None:
        self.data = data
        self.end = end
        self.is_damaged = False
        self.is_cut_off = False
        self.layouts: dict[bytes, MessageLayout] = {}
        self._scan(begin)
        if sum(len(layout.starts) for layout in self.layouts.values()) > MOST_MESSAGES:
            raise UnsafeFile(check_sizes(f"more than {MOST_MESSAGES:,} messages"))

    def _scan(self, position: int) -> None:
        data, end = self.data, self.end
        forget = deque[int](maxlen=0).append
        sizes, keep = [0] * 256, [forget] * 256
        known: dict[int, MessageLayout] = {}
        header = 0
        while position < end:
            header = data[position]
            size = sizes[header]
            if size:  # the hot path: a message of a known layout
                keep[header](position)
                position += size
                continue
            if header & 0xC0 != 0x40:
                self.is_damaged = position < end - 2  # some writers count their two bytes of checksum in
                return
            layout, position = self._define(position)
            if layout is None:
                return
            known[header & 0x0F] = layout
            for same in _headers_of(header & 0x0F):
                sizes[same] = layout.size
                keep[same] = layout.starts.append if layout.size > 1 else forget
        if position > end:
            self.is_cut_off = True
            known[header >> 5 & 3 if header & 0x80 else header & 0x0F].starts.pop()

    def _define(self, start: int) -> tuple[MessageLayout | None, int]:
        data = self.data
        count = data[start + 5] if start + 5 < self.end else 0
        after = fields_end = start + 6 + 3 * count
        extra = 0
        if data[start] & 0x20:
            extra = data[fields_end] if fields_end < self.end else 0
            after = fields_end + 1 + 3 * extra
        if after > self.end:
            self.is_cut_off = True
            return None, after
        key = data[start + 2 : after]
        if extra:  # the same numbers may mean another thing once a field has been described anew
            key += str(self._described()).encode()
        if key not in self.layouts:
            if len(self.layouts) >= MOST_LAYOUTS:
                raise UnsafeFile(check_sizes(f"more than {MOST_LAYOUTS:,} layouts"))
            self.layouts[key] = _layout(data, start, count, extra)
        return self.layouts[key], after

    def _described(self) -> int:
        return sum(len(x.starts) for x in self.layouts.values() if x.message == FIELD_DESCRIPTION)

    def count(self, message: int) -> int:
        """Count the messages of one kind.

        Parameters
        ----------
        message : int
            Number of the kind.

        Returns
        -------
        int
            How many whole ones the part holds.
        """
        return sum(len(x.starts) for x in self.layouts.values() if x.message == message)


def file_parts(data: bytes) -> tuple[list[FilePart], bool]:
    """Split a file into the FIT files it holds, one after another.

    Parameters
    ----------
    data : bytes
        One unpacked file.

    Returns
    -------
    tuple of list of Part, and bool
        The parts in order, and whether something follows them that is not FIT.

    Raises
    ------
    UnreadableFile
        When it does not begin as a FIT file does.
    UnsafeFile
        When it is larger, or made of more pieces, than any recording.
    """
    if not data:
        raise UnreadableFile("The file is empty.")
    if len(data) > MOST_BYTES:
        raise UnsafeFile(check_sizes(f"more than {MOST_BYTES // 2**20} MB"))
    if not _begins(data, 0):
        raise UnreadableFile("This is not a FIT file, or its beginning is damaged.")
    parts: list[FilePart] = []
    position = 0
    while _begins(data, position):
        if len(parts) >= MOST_PARTS:
            raise UnsafeFile(check_sizes(f"more than {MOST_PARTS} files in one"))
        begin = position + data[position]
        size = int.from_bytes(data[position + 4 : position + 8], "little")
        end = begin + size if size else len(data)  # a device that lost power never wrote the size
        part = FilePart(data, begin, min(end, len(data)))
        part.is_cut_off |= end > len(data)
        parts.append(part)
        position = next((p for p in (end + 2, end) if _begins(data, p)), end + 2)
    return parts, position < len(data)


def check_sizes(what: str) -> str:
    """Describe that a file holds more than any recording.

    Parameters
    ----------
    what : str
        How much of what.

    Returns
    -------
    str
        One plain sentence on it, and what was done.
    """
    return f"This FIT file holds {what}, which no recording does. It was left out."


def _begins(data: bytes, at: int) -> bool:
    return data[at + 8 : at + 12] == b".FIT" and data[at] >= 12 and at + data[at] <= len(data)


def _headers_of(local: int) -> list[int]:
    """Header bytes that announce a message of this local type: plain, and up to 3 those with a short time."""
    plain = [local | high for high in (0x00, 0x10, 0x20, 0x30)]
    return plain + [0x80 | local << 5 | offset for offset in range(32) if local < 4]


def _layout(data: bytes, start: int, count: int, extra: int) -> MessageLayout:
    is_big = data[start + 2] != 0
    message = int.from_bytes(data[start + 3 : start + 5], "big" if is_big else "little")
    native: dict[int, FieldPlace] = {}
    developer: dict[tuple[int, int], FieldPlace] = {}
    offset, fields_end = 1, start + 6 + 3 * count
    for at in range(start + 6, fields_end, 3):
        native.setdefault(data[at], FieldPlace(offset, data[at + 1], data[at + 2] & 0x1F))
        offset += data[at + 1]
    for at in range(fields_end + 1, fields_end + 1 + 3 * extra, 3):
        developer.setdefault((data[at + 2], data[at]), FieldPlace(offset, data[at + 1], _HEADER_BYTES))
        offset += data[at + 1]
    return MessageLayout(message, ">" if is_big else "<", offset, native, developer, start)
