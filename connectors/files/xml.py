"""Reading XML that somebody else's device wrote, or that somebody means harm with."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

import lxml.etree

from connectors.errors import UnreadableFile, UnsafeFile
from connectors.files.charset import as_utf8

V = TypeVar("V")
MOST_BYTES = 64 * 1024 * 1024  # two days at one point a second; a tree takes some twelve times its file
_DOCTYPE = re.compile(rb"(?>\s+|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)


@dataclass(frozen=True)
class Document:
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


class FieldNames(dict[object, V | None], Generic[V]):
    """Full tag, namespace and all, to what we keep of it; a tag is taken apart once only.

    Parameters
    ----------
    names : dict
        Local name in lower case to what we keep. A tag that is not there gives None.
    """

    def __init__(self, names: dict[str, V]) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, tag: object) -> V | None:
        """Take one new tag apart and keep the answer."""
        found = self._names.get(local_name(tag))
        self[tag] = found
        return found


def local_name(tag: object) -> str:
    """Give the name of a tag without its namespace or prefix, declared or not.

    Parameters
    ----------
    tag : object
        What lxml calls the tag: text, or a function for comments and entities.

    Returns
    -------
    str
        Lower case; empty for what is not an element.

    Source
    ------
    ours: writers disagree on prefixes and leave them undeclared; the local names agree.
    """
    return tag.rsplit("}", 1)[-1].rsplit(":", 1)[-1].lower() if isinstance(tag, str) else ""


def read_xml(data: bytes, root_name: str, title: str) -> Document:
    """Read a whole XML file into a tree without trusting it.

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
    Document
        The tree; elements that were still open at the end of a cut file are closed.

    Raises
    ------
    UnsafeFile
        Larger than any honest recording, or it declares a document type or entities.
    UnreadableFile
        Not XML, or XML of another kind.

    Source
    ------
    ours: entities grow a small file without bound, and no recording needs them. The nesting limit of the
    parser stays on, because no recording is nested deep.
    """
    if len(data) > MOST_BYTES:
        raise UnsafeFile(
            f"This {title} file is larger than {MOST_BYTES // 2**20} MB, more than any recording needs. "
            "It was not read."
        )
    text = as_utf8(data)
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
    return Document(root, re.search(closing, text[-4096:], re.IGNORECASE) is not None)


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
    """Give the text of an element.

    Parameters
    ----------
    element : Element or None
        None for one that is not there.

    Returns
    -------
    str or None
        Blanks at the ends removed, at most 200 characters; None when nothing is left.

    Source
    ------
    ours: a title longer than a line is no title.
    """
    text = "" if element is None else (element.text or "").strip()
    return text[:200] or None


def number_of(element: lxml.etree._Element | None) -> float | None:
    """Give the number an element holds.

    Parameters
    ----------
    element : Element or None
        None for one that is not there.

    Returns
    -------
    float or None
        Finite; None where there is no number.

    Source
    ------
    ours: unknown is null.
    """
    try:
        value = float((text_of(element) or "").replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def child(element: lxml.etree._Element | None, *names: str) -> lxml.etree._Element | None:
    """Find an element below another by local names, one for each level.

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

    Source
    ------
    ours: lxml finds by namespace, and writers disagree on those.
    """
    for name in names:
        if element is None:
            return None
        element = next(children(element, name), None)
    return element


def children(element: lxml.etree._Element, name: str) -> Iterator[lxml.etree._Element]:
    """Find the direct children of one local name, in file order.

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

    Source
    ------
    ours: see `child`.
    """
    is_it = FieldNames({name: True})
    return (found for found in element if is_it[found.tag])
