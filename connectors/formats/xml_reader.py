"""The encodings of text files that devices write."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

import lxml.etree

from connectors.errors import UnreadableFile, UnsafeFile

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


def to_utf8(data: bytes) -> bytes:
    """Bring the bytes of a text file to UTF-8.

    Writers put blanks and marks before the declaration, and devices that lose power leave zeros; one encoding also
    lets one look find what a hostile file declares.

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


VALUE = TypeVar("VALUE")
MOST_BYTES = 64 * 1024 * 1024  # two days at one point a second; a tree takes some twelve times its file
_DOCTYPE = re.compile(rb"(?>\s+|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)


@dataclass(frozen=True)
class XmlDocument:
    """One XML file, read as far as it goes.

    Parameters
    ----------
    root
        The outermost element.
    is_whole
        Whether the closing tag of the root is there; False for a file that was cut off.
    """

    root: lxml.etree._Element
    is_whole: bool


class FieldNames(dict[object, VALUE | None], Generic[VALUE]):
    """Full tag, namespace and all, to what we keep of it; a tag is taken apart once only.

    Parameters
    ----------
    names : dict
        Local name in lower case to what we keep. A tag that is not there gives None.
    """

    def __init__(self, names: dict[str, VALUE]) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, tag: object) -> VALUE | None:
        """Parse one new tag and cache the result."""
        field = self._names.get(local_name(tag))
        self[tag] = field
        return field


def local_name(tag: object) -> str:
    """Return the name of a tag without its namespace or prefix, declared or not.

    Writers disagree on prefixes and leave them undeclared; the local names agree.

    Parameters
    ----------
    tag : object
        What lxml calls the tag: text, or a function for comments and entities.

    Returns
    -------
    str
        Lower case; empty for what is not an element.
    """
    return tag.rsplit("}", 1)[-1].rsplit(":", 1)[-1].lower() if isinstance(tag, str) else ""


def read_xml(data: bytes, root_name: str, title: str) -> XmlDocument:
    """Read a whole XML file into a tree without trusting it.

    Entities grow a small file without bound, and no recording needs them. The nesting limit of the parser stays on,
    because no recording is nested deep.

    Parameters
    ----------
    data : bytes
        The file, unpacked, in any encoding devices use.
    root_name : str
        Local name the outermost element must have; case does not matter.
    title : str
        What a reader calls this kind of file.

    Returns
    -------
    XmlDocument
        The tree; elements that were still open at the end of a cut file are closed.

    Raises
    ------
    UnsafeFile
        Larger than any honest recording, or it declares a document type or entities.
    UnreadableFile
        Not XML, or XML of another kind.
    """
    if len(data) > MOST_BYTES:
        raise UnsafeFile(
            f"This {title} file is larger than {MOST_BYTES // 2**20} MB, more than any recording needs. "
            "It was not read."
        )
    text = to_utf8(data)
    if b"<!ENTITY" in text or b"<!ATTLIST" in text or _DOCTYPE.match(text):
        raise UnsafeFile(
            f"This {title} file declares a document type or entities, which no recording does. "
            "It was not read."
        )
    root = _tree(text)
    if root is None:
        raise UnreadableFile(
            f"This is not a {title} file: it is empty or not XML. Nothing was taken from it."
        )
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnsafeFile(f"This {title} file declares a document type. It was not read.")
    if local_name(root.tag) != root_name.lower():
        raise UnreadableFile(
            f"This is not a {title} file: it starts with <{local_name(root.tag)[:40]}>. "
            "Nothing was taken from it."
        )
    closing = rb"</(?:[\w.-]+:)?" + root_name.encode() + rb"\s*>"
    return XmlDocument(root, re.search(closing, text[-4096:], re.IGNORECASE) is not None)


def _tree(text: bytes) -> lxml.etree._Element | None:
    parser = lxml.etree.XMLParser(
        recover=True,
        no_network=True,
        resolve_entities=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        return lxml.etree.fromstring(text, parser)
    except (lxml.etree.XMLSyntaxError, ValueError):
        return None  # the caller says so in words


def text_of(element: lxml.etree._Element | None) -> str | None:
    """Return the text of an element.

    A title longer than a line is no title.

    Parameters
    ----------
    element : Element or None
        None for one that is not there.

    Returns
    -------
    str or None
        Blanks at the ends removed, at most 200 characters; None when nothing is left.
    """
    text = "" if element is None else (element.text or "").strip()
    return text[:200] or None


def number_of(element: lxml.etree._Element | None) -> float | None:
    """Return the number an element holds.

    Unknown is null.

    Parameters
    ----------
    element : Element or None
        None for one that is not there.

    Returns
    -------
    float or None
        Finite; None where there is no number.
    """
    try:
        value = float((text_of(element) or "").replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def child_of(element: lxml.etree._Element | None, *names: str) -> lxml.etree._Element | None:
    """Find an element below another by local names, one for each level.

    Lxml finds by namespace, and writers disagree on those.

    Parameters
    ----------
    element : Element or None
        Where to start.
    *names : str
        Local names in lower case, outermost first.

    Returns
    -------
    Element or None
        The first that fits; None when there is none.
    """
    for name in names:
        if element is None:
            return None
        element = next(children_of(element, name), None)
    return element


def children_of(element: lxml.etree._Element, name: str) -> Iterator[lxml.etree._Element]:
    """Find the direct children of one local name, in file order.

    See `child_of`.

    Parameters
    ----------
    element : Element
        Their parent.
    name : str
        Local name in lower case.

    Returns
    -------
    iterator of Element
        May be empty.
    """
    is_it = FieldNames({name: True})
    return (child for child in element if is_it[child.tag])
