"""The encodings of text files that devices write."""

from __future__ import annotations

import re

_BLANKS = b" \t\r\n\x0b\x0c\0"
_CONTROL = bytes(set(range(32)) - {9, 10, 13})
_MARKS = (  # longest first: the mark of UTF-32 starts with that of UTF-16
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)""")
_CODEPAGE = re.compile(
    r"(iso-?8859-\d+|(windows-|cp)125\d|latin-?\d|koi8-[ru]|gb(2312|k|18030)|big5|shift_jis|euc-(jp|kr))",
    re.IGNORECASE,
)


def as_utf8(data: bytes) -> bytes:
    """Bring the bytes of a text file to UTF-8.

    Parameters
    ----------
    data : bytes
        The file as it came: UTF-8, UTF-16 or UTF-32 with or without a byte order mark, or a code page
        that its XML declaration names.

    Returns
    -------
    bytes
        UTF-8 from the first sign on: no byte order mark, no blanks before it, no control characters.
        What cannot be decoded becomes a replacement sign.

    Source
    ------
    ours: writers put blanks and marks before the declaration, and devices that lose power leave zeros; one
    encoding also lets one look find what a hostile file declares.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            start = len(mark) if b"<" not in mark else 0
            data = data[start:].decode(name, "replace").encode()
            break
    else:
        declared = _DECLARED.search(data[:300])
        name = declared[1].decode() if declared else "utf-8"
        if _CODEPAGE.fullmatch(name):
            data = data.decode(name, "replace").encode()
    return data.translate(None, _CONTROL).lstrip(_BLANKS).removeprefix(b"\xef\xbb\xbf").lstrip(_BLANKS)
