"""Bytes of a text file to text, whatever program saved it last."""

from __future__ import annotations

import unicodedata
from functools import partial

_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
LEGACY = ("cp1252", "cp1250", "mac_roman", "cp1251", "cp1254", "cp932", "gb18030", "big5", "cp949")
"""What spreadsheets outside Unicode write, the most usual first: of two that fit alike, the earlier wins."""

_HINTS = ("上午", "下午", "跑步", "年", "月", "日", "午前", "午後", "ラン", "오전", "오후", "달리기", "бег")
_SAMPLE_BYTES = 1 << 16
_SAMPLE_NUL = 4_096


def decode_text(data: bytes, is_head: bool = False) -> str:
    """Decode a text file."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if wide := _wide_encoding(data):
        return data.decode(wide, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if is_head and error.start >= len(data) - 3 and error.reason == "unexpected end of data":
            return data[: error.start].decode("utf-8")
    return data.decode(_legacy_encoding(data[:_SAMPLE_BYTES]), errors="replace")


def _wide_encoding(data: bytes) -> str:
    """UTF-16 without a mark: every second byte of Latin text is zero."""
    sample = data[:_SAMPLE_NUL]
    if len(sample) < 4 or b"\0" not in sample:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 * half and odd < 0.1 * half else ""


def _legacy_encoding(sample: bytes) -> str:
    return min(LEGACY, key=partial(_strangeness, sample))


def _strangeness(sample: bytes, encoding: str) -> float:
    """How unlike a text the bytes are in an encoding: signs within words, capitals after small letters."""
    text = sample.decode(encoding, errors="replace")
    wide = sum(ord(c) > 0x2E7F for c in text)
    points = 20.0 * text.count("\ufffd") - 5.0 * sum(min(text.count(hint), 3) for hint in _HINTS)
    for before, sign in zip(" " + text, text, strict=False):
        if sign < "\x80" and before < "\x80":
            continue
        points += _pair_points(before, sign)
    return points + 0.5 * wide


def _pair_points(before: str, sign: str) -> float:
    kind, earlier = unicodedata.category(sign), unicodedata.category(before)
    if sign > "\x7f" and kind == "Cc":
        return 5
    if kind[0] == "L" and earlier[0] == "L" and _script(before) != _script(sign):
        return 3
    if kind == "Lu" and earlier == "Ll":
        return 3
    if sign > "\x7f" and kind[0] != "L" and earlier[0] == "L" and sign not in "’“”–—…½°´€\u00a0":
        return 2
    if before > "\x7f" and earlier[0] in "SN" and kind[0] == "L" and before not in "°½€":
        return 2
    return 0.2 if sign in "œŒæÆ" else 0.0


def _script(sign: str) -> str:
    if sign < "\u0250":
        return "latin"
    return "cyrillic" if "\u0400" <= sign < "\u0530" else "wide" if sign > "\u2e7f" else "other"
