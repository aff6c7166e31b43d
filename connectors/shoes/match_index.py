"""The catalogue by brand and word, ready to be searched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from connectors.shoes.catalogue import catalogue
from connectors.shoes.name_tokens import AliasTable, ShoeLexicon, aliases_of, core_tokens, read_gear_text


class CatalogueRow(NamedTuple):
    """One row of the catalogue, read as a text is."""

    catalogue_id: str
    family_id: str
    numbers: tuple[str, ...]
    is_weatherproof: bool
    is_versioned: bool


class ModelLine(NamedTuple):
    """Rows of one brand whose names differ by their number alone."""

    brand: str
    words: tuple[str, ...]
    rows: tuple[CatalogueRow, ...]
    family: tuple[CatalogueRow, ...]


@dataclass(frozen=True)
class CatalogueIndex:
    """The catalogue, ready to be searched."""

    lexicon: ShoeLexicon
    aliases: AliasTable
    lines: dict[str, tuple[ModelLine, ...]]

    def of(self, brand: str | None) -> tuple[ModelLine, ...]:
        """Return the lines of one brand, or of all."""
        if brand is not None:
            return self.lines.get(brand, ())
        return tuple(line for lines in self.lines.values() for line in lines)


def build_index() -> CatalogueIndex:
    """Build the index from the catalogue."""
    names = catalogue().select("brand", "model", "version", "catalogue_id", "family_id").rows()
    lexicon = ShoeLexicon()
    lexicon.learn(f"{brand} {model} {version or ''}" for brand, model, version, _, _ in names)
    aliases = aliases_of(lexicon)
    grouped: dict[str, dict[frozenset[str], list[CatalogueRow]]] = {}
    for brand, model, version, catalogue_id, family_id in names:
        reading = read_gear_text(f"{model} {version or ''}", lexicon, brand)
        versioned = read_gear_text(model, lexicon, brand).numbers != reading.numbers
        row = CatalogueRow(catalogue_id, family_id, reading.numbers, reading.is_weatherproof, versioned)
        if words := core_tokens(reading, aliases):
            grouped.setdefault(brand, {}).setdefault(words, []).append(row)
    lines = {brand: _lines(brand, models) for brand, models in grouped.items()}
    return CatalogueIndex(lexicon, aliases, lines)


def _lines(brand: str, models: dict[frozenset[str], list[CatalogueRow]]) -> tuple[ModelLine, ...]:
    lines = []
    for words, rows in models.items():
        wider = (row for others, more in models.items() if others > words for row in more)
        kin = [row for row in wider if row.family_id == rows[0].family_id]
        lines.append(ModelLine(brand, tuple(sorted(words)), tuple(rows), (*rows, *kin)))
    return tuple(lines)
