"""Write FIT files for tests: any message, or a whole made-up run in one call.

A whole run::

    data = fit_run(seconds=600, speed_mps=3.0, cadence=85, sport=1, sub_sport=3)

Message by message, with raw numbers as they stand in the file (altitude 20 m is (20 + 500) * 5)::

    fit = FitWriter()
    fit.define(0, 20, [(253, "uint32"), (3, "uint8")])   # local type 0 is a record: time and heart rate
    fit.write(0, stamp(start), 150)
    data = fit.bytes()
"""

from __future__ import annotations

import struct
from datetime import UTC, datetime

FIT_EPOCH_S = 631_065_600
START = datetime(2025, 3, 8, 9, 0, tzinfo=UTC)
FILE_ID, SESSION, LAP, RECORD, EVENT, DEVICE_INFO, ACTIVITY = 0, 18, 19, 20, 21, 23, 34
FIELD_DESCRIPTION, DEVELOPER_DATA_ID = 206, 207
TYPES = {  # name: base type byte, struct letter ("s" takes bytes or text)
    "enum": (0x00, "B"),
    "sint8": (0x01, "b"),
    "uint8": (0x02, "B"),
    "sint16": (0x83, "h"),
    "uint16": (0x84, "H"),
    "sint32": (0x85, "i"),
    "uint32": (0x86, "I"),
    "string": (0x07, "s"),
    "float32": (0x88, "f"),
    "float64": (0x89, "d"),
    "uint8z": (0x0A, "B"),
    "uint16z": (0x8B, "H"),
    "uint32z": (0x8C, "I"),
    "byte": (0x0D, "s"),
}
INVALID = {"enum": 0xFF, "uint8": 0xFF, "sint8": 0x7F, "sint16": 0x7FFF, "uint16": 0xFFFF}
INVALID |= {"sint32": 0x7FFFFFFF, "uint32": 0xFFFFFFFF}


def stamp(time: datetime) -> int:
    """Seconds of a FIT time."""
    return int(time.timestamp()) - FIT_EPOCH_S


def crc16(data: bytes) -> int:
    """Checksum at the end of a FIT file."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


class FitWriter:
    """One FIT file under construction.

    `define(local, message, fields, developer)` lays a message out: fields are (number, type) or
    (number, type, bytes); developer fields are (number, bytes, developer index, type).
    `write(local, *values)` writes one; None is the type's "not valid"; developer values follow the native ones.
    `write_short(local, offset, *values)` does so with a time of five bits in the header.
    `raw(data)` appends bytes as they are. `bytes()` gives the file.
    """

    def __init__(self, big_endian: bool = False) -> None:
        self.order = ">" if big_endian else "<"
        self.body = bytearray()
        self._types: dict[int, list[tuple[str, int]]] = {}

    def define(self, local: int, message: int, fields: list[tuple], developer: list[tuple] = ()) -> None:
        sized = [(f[0], f[1], f[2] if len(f) > 2 else _width(f[1])) for f in fields]
        self.body += bytes([0x40 | local | (0x20 if developer else 0), 0, self.order == ">"])
        self.body += struct.pack(f"{self.order}HB", message, len(sized))
        for number, kind, size in sized:
            self.body += bytes([number, size, TYPES[kind][0]])
        if developer:
            self.body += bytes([len(developer)])
            for number, size, index, _ in developer:
                self.body += bytes([number, size, index])
        self._types[local] = [(kind, size) for _, kind, size in sized]
        self._types[local] += [(kind, size) for _, size, _, kind in developer]

    def write(self, local: int, *values: object) -> None:
        self._message(local, local, values)

    def write_short(self, local: int, offset: int, *values: object) -> None:
        self._message(0x80 | local << 5 | offset & 31, local, values)

    def raw(self, data: bytes) -> None:
        self.body += data

    def bytes(self, header: int = 14, crc: bool = True, size: int | None = None) -> bytes:
        """The file: `header` of 12 or 14 bytes, checksum or zero, and a `size` to lie about."""
        stated = len(self.body) if size is None else size
        head = struct.pack("<BBHI4s", header, 0x20, 2132, stated, b".FIT")
        if header == 14:
            head += struct.pack("<H", crc16(head) if crc else 0)
        whole = head + bytes(self.body)
        return whole + struct.pack("<H", crc16(whole) if crc else 0)

    def _message(self, header: int, local: int, values: tuple) -> None:
        kinds = self._types[local]
        assert len(kinds) == len(values), "one value for each field of the definition"
        self.body.append(header)
        for (kind, size), value in zip(kinds, values, strict=True):
            self.body += self._packed(kind, size, value)

    def _packed(self, kind: str, size: int, value: object) -> bytes:
        letter = TYPES[kind][1]
        if isinstance(value, str):
            value = value.encode()
        if isinstance(value, bytes) or letter == "s":
            return (value or b"")[:size].ljust(size, b"\0")
        if value is None:
            return (
                b"\xff" * size if letter in "fd" else struct.pack(self.order + letter, INVALID.get(kind, 0))
            )
        return struct.pack(self.order + letter, value)


def _width(kind: str) -> int:
    return struct.calcsize(TYPES[kind][1])


def add_session(fit: FitWriter, start: datetime, seconds: float, **totals: int | None) -> None:
    """Append a session. Totals in raw numbers: sport, sub_sport, distance (cm), timer (ms), rpe, cadence."""
    fields = [(253, "uint32"), (2, "uint32"), (5, "enum"), (6, "enum"), (7, "uint32"), (8, "uint32")]
    fit.define(5, SESSION, [*fields, (9, "uint32"), (18, "uint8"), (193, "uint8"), (22, "uint16")])
    begin, elapsed = stamp(start), round(seconds * 1000)
    get = totals.get
    fit.write(
        5,
        begin + round(seconds),
        begin,
        get("sport", 1),
        get("sub_sport", 0),
        elapsed,
        get("timer", elapsed),
        get("distance"),
        get("cadence"),
        get("rpe"),
        get("ascent"),
    )


def add_file_id(
    fit: FitWriter, kind: int = 4, maker: int = 1, product: int = 3992, created: datetime | None = None
) -> None:
    """Append the head of a file: kind 4 is an activity; the default device is a Forerunner 255."""
    fields, values = [(0, "enum"), (1, "uint16"), (2, "uint16")], [kind, maker, product]
    if created is not None:
        fields, values = [*fields, (4, "uint32")], [*values, stamp(created)]
    fit.define(4, FILE_ID, fields)
    fit.write(4, *values)


def add_timer(fit: FitWriter, time: datetime, event_type: int) -> None:
    """Append a timer event: 0 start, 1 stop, 4 stop all."""
    fit.define(6, EVENT, [(253, "uint32"), (0, "enum"), (1, "enum")])
    fit.write(6, stamp(time), 0, event_type)


def fit_run(
    start: datetime = START,
    seconds: int = 600,
    speed_mps: float = 3.0,
    cadence: int | None = 85,
    heart_rate: int | None = 150,
    altitude_m: float | None = 20.0,
    sport: int = 1,
    sub_sport: int = 0,
    utc_offset_s: int = 3600,
    rpe: int | None = None,
    place: tuple[float, float] | None = (0.0, -30.0),
    big_endian: bool = False,
    is_dated: bool = False,
) -> bytes:
    """A made-up steady run, one record a second from 0 to `seconds`, on the open sea unless told otherwise.

    `cadence` is of one leg, `rpe` 0 to 100 as watches write it, `place` degrees north and east of the start; `is_dated`
    puts the start into the head of the file, as watches do.
    """
    fit = FitWriter(big_endian)
    add_file_id(fit, created=start if is_dated else None)
    fields = [(253, "uint32"), (5, "uint32"), (73, "uint32"), (78, "uint32"), (3, "uint8"), (4, "uint8")]
    fit.define(0, RECORD, [*fields, (0, "sint32"), (1, "sint32")])
    for second in range(seconds + 1):
        north, east = (None, None) if place is None else (place[0] + second * speed_mps / 111_195, place[1])
        fit.write(
            0,
            stamp(start) + second,
            round(second * speed_mps * 100),
            round(speed_mps * 1000),
            None if altitude_m is None else round((altitude_m + 500) * 5),
            heart_rate,
            cadence,
            None if north is None else round(north * 2**31 / 180),
            None if east is None else round(east * 2**31 / 180),
        )
    distance = round(seconds * speed_mps * 100)
    add_session(
        fit, start, seconds, sport=sport, sub_sport=sub_sport, distance=distance, cadence=cadence, rpe=rpe
    )
    fit.define(7, ACTIVITY, [(253, "uint32"), (5, "uint32")])
    fit.write(7, stamp(start) + seconds, stamp(start) + seconds + utc_offset_s)
    return fit.bytes()
