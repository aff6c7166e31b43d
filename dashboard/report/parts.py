"""The parts a page of the report is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    """One thing told: what it is of, and the sentences.

    Parameters
    ----------
    said
        Whole sentences.
    lead
        What it is of, such as dates or a pair of shoes; empty for none.
    """

    said: tuple[str, ...]
    lead: str = ""

    @property
    def lines(self) -> list[str]:
        """Lead and sentences as one paragraph, for a reader of plain text."""
        text = " ".join(self.said)
        return [f"{self.lead}: {text}" if self.lead else text]


@dataclass(frozen=True)
class Section:
    """Things told under one heading.

    Parameters
    ----------
    title
        The heading.
    items
        In order; a section without any is left out.
    """

    title: str
    items: list[Item]


@dataclass(frozen=True)
class Grid:
    """A table.

    Parameters
    ----------
    caption
        What it says.
    head
        One name for each column.
    rows
        Texts; the first of a row names it.
    """

    caption: str
    head: list[str]
    rows: list[list[str]]
