"""The messages of one kind in a FIT file as columns of numbers, lifted out from where the decoder found them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from connectors.formats.fit.decoder import FieldPlace, FilePart, MessageLayout

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
