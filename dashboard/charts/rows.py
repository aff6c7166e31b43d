"""A plain table for a page: real rows and headers, readable by a listener and on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape


def table(head: Sequence[str], rows: Sequence[Sequence[str]], caption: str) -> str:
    """Write a table.

    Parameters
    ----------
    head : sequence of str
        One name for each column.
    rows : sequence of sequence of str
        Texts; the first of a row names it.
    caption : str
        What the table says, for a listener.

    Returns
    -------
    str
        HTML; every text is escaped.

    Source
    ------
    ours: a grid that needs a mouse is no table.
    """
    top = "".join(f"<th scope='col'>{escape(name)}</th>" for name in head)
    body = "".join(
        f"<tr><th scope='row'>{escape(row[0])}</th>"
        + "".join(f"<td>{escape(text)}</td>" for text in row[1:])
        + "</tr>"
        for row in rows
    )
    return (
        f"<div class='hw-scroll' tabindex='0' role='region' aria-label='{escape(caption, quote=True)}'>"
        f"<table class='hw-rows'><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )
