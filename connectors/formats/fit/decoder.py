"""The FIT container: where each message of a file starts and how it is laid out.

One pass over the bytes notes positions and nothing else; `fit_columns` lifts the numbers out afterwards, so
that no object is made for a single record.
"""

from __future__ import annotations

from array import array
from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

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


TIMESTAMP = 253
MOST_ROWS = 4_096  # of a rare kind of message
_TEXT, _BYTES_TYPE = 7, 13
_NUMBERS = {  # low five bits of a base type: numpy code, and the raw value that stands for "not valid"
    0: ("u1", 0xFF),
    1: ("i1", 0x7F),
    2: ("u1", 0xFF),
    3: ("i2", 0x7FFF),
    4: ("u2", 0xFFFF),
    5: ("i4", 0x7FFFFFFF),
    6: ("u4", 0xFFFFFFFF),
    8: ("f4", None),
    9: ("f8", None),
    10: ("u1", 0),
    11: ("u2", 0),
    12: ("u4", 0),
    13: ("u1", 0xFF),
    14: ("i8", 0x7FFFFFFFFFFFFFFF),
    15: ("u8", 0xFFFFFFFFFFFFFFFF),
    16: ("u8", 0),
}
Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]
Row = dict[int, float | str]


@dataclass(frozen=True)
class FitTable:
    """The messages of one kind, in the order of the file.

    Parameters
    ----------
    part
        Where they stand.
    positions
        Byte at which each starts, ascending.
    layouts
        Each layout with the row numbers its messages take.
    """

    part: FilePart
    positions: Positions
    layouts: list[tuple[MessageLayout, Positions | slice]]

    def numbers(self, number: int, element: int = 0) -> Numbers:
        """Lift out one native field.

        Parameters
        ----------
        number : int
            Field number in the FIT profile.
        element : int
            Which one, where the field holds several.

        Returns
        -------
        ndarray, shape (n,)
            Raw numbers, neither scaled nor shifted; NaN where absent, marked "not valid", or of a size that
            does not fit its type.
        """
        out = np.full(len(self.positions), np.nan)
        for layout, rows in self.layouts:
            if number in layout.native:
                self._fill(out, rows, layout, layout.native[number], element)
        return out

    def developer_numbers(self, kinds: dict[tuple[int, tuple[int, int]], int]) -> Numbers:
        """Lift out one developer field.

        Parameters
        ----------
        kinds : dict
            (byte at which a layout is defined, (developer index, field number)) to the field's base type.

        Returns
        -------
        ndarray, shape (n,)
            Raw numbers; NaN where absent, unexplained or marked "not valid".
        """
        out = np.full(len(self.positions), np.nan)
        for layout, rows in self.layouts:
            for key, place in layout.developer.items():
                if (layout.defined_at, key) in kinds:
                    kind = kinds[layout.defined_at, key] & 0x1F
                    self._fill(out, rows, layout, FieldPlace(place.offset, place.size, kind), 0)
        return out

    def _fill(
        self, out: Numbers, rows: Positions | slice, layout: MessageLayout, place: FieldPlace, element: int
    ) -> None:
        if place.kind not in _NUMBERS:
            return
        code, invalid = _NUMBERS[place.kind]
        width = int(code[1])
        if place.size % width or (element + 1) * width > place.size:
            return
        at = self.positions[rows] + (place.offset + element * width)
        out[rows] = _lift(self.part.data, at, layout.order + code, invalid)

    def times(self) -> Numbers:
        """Time of each message.

        Returns
        -------
        ndarray, shape (n,)
            FIT seconds (since 1989-12-31 UTC, or since the device woke up); NaN where unknown.
        """
        own = _written_times(self)
        if not (_headers(self) >= 0x80).any():
            return own
        positions, times = _clock(self.part)
        at = np.searchsorted(positions, self.positions).clip(max=len(positions) - 1)
        return np.where(positions[at] == self.positions, times[at], own)

    def rows(self, fields: tuple[int, ...], texts: tuple[int, ...] = ()) -> list[Row]:
        """Return the messages of a rare kind, each on its own.

        Parameters
        ----------
        fields, texts : tuple of int
            Numbers of the fields that hold a number, and of those that hold text or bytes.

        Returns
        -------
        list of dict
            Field number to raw number, text, or bytes in hexadecimal; what is unknown is absent. No more than
            `MOST_ROWS`, the first ones.
        """
        head = self._head(MOST_ROWS)
        columns = {number: head.numbers(number) for number in fields}
        made: list[Row] = [
            {n: float(column[i]) for n, column in columns.items() if not np.isnan(column[i])}
            for i in range(len(head.positions))
        ]
        for layout, ranks in head.layouts:
            wanted = [(number, layout.native[number]) for number in texts if number in layout.native]
            for line in np.arange(len(made))[ranks].tolist():
                for number, place in wanted:
                    if text := _text(self.part.data, int(head.positions[line]), place):
                        made[line][number] = text
        return made

    def _head(self, most: int) -> FitTable:
        if len(self.positions) <= most:
            return self
        layouts = [(x, rows if isinstance(rows, slice) else rows[rows < most]) for x, rows in self.layouts]
        return FitTable(self.part, self.positions[:most], layouts)


def decode_table(part: FilePart, message: int) -> FitTable:
    """Gather the messages of one kind.

    Parameters
    ----------
    part : FilePart
        One FIT file.
    message : int
        Number of the kind in the FIT profile.

    Returns
    -------
    FitTable
        In file order, also where several layouts take turns; its columns are lifted out when asked for.
    """
    layouts = [x for x in part.layouts.values() if x.message == message and len(x.starts)]
    starts = [np.asarray(layout.starts, dtype=np.int64) for layout in layouts]
    if len(layouts) < 2:
        return FitTable(part, (starts or [np.empty(0, np.int64)])[0], [(x, slice(None)) for x in layouts])
    joined = np.concatenate(starts)
    order = np.argsort(joined, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    ranks = np.split(rank, np.cumsum([len(x) for x in starts])[:-1])
    return FitTable(part, joined[order], list(zip(layouts, ranks, strict=True)))


def _headers(messages: FitTable) -> NDArray[np.uint8]:
    return np.frombuffer(messages.part.data, np.uint8)[messages.positions]


def _written_times(messages: FitTable) -> Numbers:
    times = messages.numbers(TIMESTAMP)
    times[(times < 0) | (times >= 2**32)] = np.nan  # only a file that lies about its types gets here
    return times


def _clock(part: FilePart) -> tuple[Positions, Numbers]:
    """Position and time of every message that carries one, with the shortened times resolved."""
    tables = [
        decode_table(part, message) for message in {x.message for x in part.layouts.values() if len(x.starts)}
    ]
    positions = np.concatenate([t.positions for t in tables])
    order = np.argsort(positions, kind="stable")
    times = np.concatenate([_written_times(t) for t in tables])[order]
    headers = np.concatenate([_headers(t) for t in tables])[order]
    carries = ~np.isnan(times) | (headers >= 0x80)
    return positions[order][carries], _unshorten(times[carries], headers[carries])


def _unshorten(times: Numbers, headers: NDArray[np.uint8]) -> Numbers:
    """Resolve times of five bits: each counts on from the time before it, modulo 32 s."""
    known = ~np.isnan(times)
    low = np.where(known, np.nan_to_num(times) % 32, headers & 31)
    steps = np.zeros(len(times))
    steps[1:] = (low[1:] - low[:-1]) % 32
    steps[known] = 0
    since = np.cumsum(steps)
    last = np.maximum.accumulate(np.where(known, np.arange(len(times)), -1))
    return np.where(last >= 0, times[last] + since - since[last], np.nan)


def _lift(data: bytes, positions: Positions, code: str, invalid: int | None) -> Numbers:
    width = int(code[2])
    window = np.ndarray((len(data) - width + 1,), f"V{width}", data, 0, (1,))  # every byte may begin a number
    raw = window[positions].view(code)
    values = raw.astype(np.float64)
    values[~np.isfinite(values) if invalid is None else raw == invalid] = np.nan
    return values


def _text(data: bytes, start: int, place: FieldPlace) -> str | None:
    raw = data[start + place.offset : start + place.offset + place.size]
    if place.kind == _BYTES_TYPE:
        return raw.hex()
    if place.kind != _TEXT:
        return None
    return raw.split(b"\0", 1)[0].decode("utf-8", "replace").strip() or None
