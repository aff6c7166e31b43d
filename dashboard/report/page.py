"""The report as one page of words: the model from which text, HTML and PDF are written."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

from connectors.plural import count
from connectors.store import MADE_UP as MARKED
from connectors.store.runners import FIRST_NAME
from dashboard import report_words as said
from dashboard import words
from dashboard.charts.picture import Look, Picture, picture
from dashboard.report import basis, sections, table
from dashboard.report.material import Material
from dashboard.report.parts import Grid, Section

MOST_INITIALS = 4
LONGEST_LABEL = 60
BESIDE = 6
"""Sections from the agreed step on, the last of a page: what stands beside the story where there is room for two
columns."""


@dataclass(frozen=True)
class Page:
    """Everything a reader of the report reads, in order.

    Parameters
    ----------
    title
        What it is.
    label
        Initials or the name that was chosen; empty for none.
    period
        In words; empty where there is nothing.
    remarks
        Sentences that must be read first: made up, empty, something left out.
    facts
        Name and value of each key figure.
    picture
        What the lanes are drawn from; None where there is nothing.
    sections
        In order.
    grid
        The picture in numbers; None where there is nothing.
    care
        When not to look at a chart.
    """

    title: str
    label: str
    period: str
    remarks: list[str]
    facts: list[tuple[str, str]]
    picture: Picture | None
    sections: list[Section]
    grid: Grid | None
    care: str = words.SEEK_CARE


def laid_out(of: Material, name: str | None = None) -> Page:
    """Lay the report of one runner out.

    Parameters
    ----------
    of : Material
        What it is made from.
    name : str or None
        What stands for the runner; None is the initials, empty is nothing.

    Returns
    -------
    Page
        No title or place of a run, no time of day, no note of the diary. A shoe's name is the runner's own; the
        agreed step is told in the words it was written in for this page.

    Source
    ------
    ours: what a physical therapist asks for, in the order of a consult.
    """
    remarks = [said.MADE_UP] if of.runner.is_demo else []
    remarks += [of.left_out] if of.left_out else []
    label = initials(of.runner.name) if name is None else " ".join(name.split())[:LONGEST_LABEL]
    if of.start is None or of.end is None:
        rests = [
            Section(said.DOUBTED, sections.doubted(of)),
            Section(said.AGREED, sections.agreed(of)),
            Section(said.RESTS_ON, basis.rests_on(of, 0)),
            Section(said.READING, basis.reading(of)),
        ]
        return Page(said.TITLE, label, "", [*remarks, said.EMPTY], [], None, rests, None)
    days = (of.end - of.start).days + 1
    return Page(
        title=said.TITLE,
        label=label,
        period=said.PERIOD.format(span=words.span(of.start, of.end), days=count(days, "day")),
        remarks=remarks,
        facts=basis.facts(of, days),
        picture=picture(of.analysis, of.shoe_names, of.start, of.end, Look(of.units), of.why),
        sections=_sections(of, days),
        grid=table.grid(of),
    )


def _sections(of: Material, days: int) -> list[Section]:
    return [
        Section(said.STANDS_OUT, sections.stands_out(of)),
        Section(said.DOUBTED, sections.doubted(of)),
        Section(said.CHANGED_LAST, sections.at_the_end(of)),
        Section(said.WINDOWS, sections.windows(of)),
        Section(said.FLARES, sections.flares(of)),
        Section(said.LOAD_FIRST, sections.load_first(of)),
        Section(said.AGREED, sections.agreed(of)),
        Section(said.SHOES, sections.shoes(of)),
        Section(said.RESTS_ON, basis.rests_on(of, days)),
        Section(said.HOW_SURE, basis.how_sure(of)),
        Section(said.NOT_KNOWN, basis.not_known()),
        Section(said.READING, basis.reading(of)),
    ]


def told(page: Page) -> list[dict[str, Any]]:
    """Give the sentences of the page as plain values, for the JSON report.

    Parameters
    ----------
    page : Page
        As laid out.

    Returns
    -------
    list of dict
        `title`, and `said`: every sentence in order.

    Source
    ------
    ours: whoever reads the JSON reads the same words.
    """
    return [
        {"title": section.title, "said": [line for item in section.items for line in item.lines]}
        for section in page.sections
        if section.items
    ]


def initials(name: str) -> str:
    """Shorten a runner's name to initials.

    Parameters
    ----------
    name : str
        As on this machine.

    Returns
    -------
    str
        Such as "R. P."; empty for the name that Heelwise itself gave.

    Source
    ------
    ours: a page that is left on a desk names nobody.
    """
    plain = unicodedata.normalize("NFC", name.removesuffix(MARKED)).strip()
    if plain.casefold() == FIRST_NAME.casefold():
        return ""
    letters = [next((sign for sign in word if sign.isalpha()), "") for word in plain.split()]
    return " ".join(f"{letter.upper()}." for letter in [one for one in letters if one][:MOST_INITIALS])
