"""What a source says of one shoe: the claims the catalogue is merged from.

A source is a table someone else made (`connectors.shoes.tables`), our own `known.csv`, or the catalogue as it is:
every value there names its sources, so the catalogue alone tells again what each of them said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

GENERAL = "general knowledge"
"""Source of a value no table gives: what is widely written of the model, from memory, unchecked."""

WORKED_OUT = "heel less drop"
FIELDS = ("year", "drop_mm", "stack_heel_mm", "stack_forefoot_mm", "plate", "kind")
NUMBERS = FIELDS[:4]


@dataclass(frozen=True)
class Claim:
    """One value one source gives of one shoe.

    Parameters
    ----------
    brand
        Our name.
    name
        Model and version in one.
    shown
        Model and version apart, where the source has them apart.
    field
        One of `FIELDS`.
    value
        Number or word.
    source
        Name of the source.
    certainty
        "stated", "general" or "derived".
    """

    brand: str
    name: str
    shown: tuple[str, str] | None
    field: str
    value: float | str | None
    source: str
    certainty: str


def known_claims(rows: list[dict[str, str]]) -> Iterator[Claim]:
    """Read `known.csv`: values from general knowledge.

    Parameters
    ----------
    rows : list of dict
        Brand, model, version and the fields.

    Yields
    ------
    Claim
        One for each value; one with None where a shoe has none at all, so that its name is kept.
    """
    for row in rows:
        yield from _claims(row, GENERAL, "general")


def catalogue_claims(rows: list[dict[str, str]], but: frozenset[str]) -> Iterator[Claim]:
    """Tell from the catalogue what each source said.

    Parameters
    ----------
    rows : list of dict
        The rows of `catalogue.csv`.
    but : frozenset of str
        Sources that are read anew, so that what they said before no longer counts.

    Yields
    ------
    Claim
        One for each value and source.
    """
    for row in rows:
        shown = (row["model"], row["version"])
        whole = " ".join(shown).strip()
        for source in frozenset(row["listed_by"].split("|")) - but:
            yield Claim(row["brand"], whole, shown, "kind", None, source, "stated")
        for name in FIELDS:
            value, told = row[name], row[column_of(name, "source")]
            for part in filter(None, told.split("|")):
                source, _, other = part.partition("=")
                if source in but or source == WORKED_OUT:
                    continue
                certainty = row[column_of(name, "certainty")]
                given = certainty if certainty in ("general", "derived") else "stated"
                read = _value(name, other or value)
                given = "general" if source == GENERAL else given
                yield Claim(row["brand"], whole, shown, name, read, source, given)


def _claims(row: dict[str, str], source: str, certainty: str) -> Iterator[Claim]:
    shown = (row["model"].strip(), row["version"].strip())
    given = [name for name in FIELDS if row[name].strip()]
    for name in given or ["kind"]:
        value = _value(name, row[name].strip())
        yield Claim(row["brand"], " ".join(shown).strip(), shown, name, value, source, certainty)


def _value(name: str, text: str) -> float | str | None:
    return (float(text) if name in NUMBERS else text) if text else None


def column_of(name: str, what: str) -> str:
    """Name the column that holds the source or the certainty of a field.

    Parameters
    ----------
    name : str
        One of `FIELDS`.
    what : str
        "source" or "certainty".

    Returns
    -------
    str
        "drop_source" for "drop_mm" and "source".
    """
    return f"{name.removesuffix('_mm')}_{what}"
