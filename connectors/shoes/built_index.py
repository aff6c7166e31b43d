"""The catalogue's word index as built data: read in milliseconds, where building it takes half a second.

Build it again with `python -m connectors.shoes.built_index` after a change of the tables or of how names are read.
"""

from __future__ import annotations

import hashlib
import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from connectors.shoes.match_index import CatalogueIndex, CatalogueRow, ModelLine, build_index
from connectors.shoes.name_tokens import ShoeLexicon

HERE = Path(__file__).parent
BUILT = HERE / "catalogue_index.json"
MADE_FROM = ("catalogue.csv", "aliases.csv", "brands.csv", "words.csv", "name_tokens.py", "match_index.py")
"""Files that the index follows from: a change in one makes the built data stale."""


def inputs_digest(folder: Path = HERE) -> str:
    """Return the digest of all the index is made from, whatever the ends of its lines."""
    digest = hashlib.sha256()
    for name in MADE_FROM:
        content = (folder / name).read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


@cache
def catalogue_index() -> CatalogueIndex:
    """Return the index, read once in a process; built where the built one is stale."""
    return read_index() or build_index()


def read_index(built: Path = BUILT, digest: str | None = None) -> CatalogueIndex | None:
    """Return the built index; None where there is none, or the files it was made from have changed."""
    try:
        document = json.loads(built.read_bytes())
    except (OSError, ValueError):
        return None
    if document.get("digest") != (digest or inputs_digest()):
        return None
    return _from_document(document)


def write_index(index: CatalogueIndex, built: Path = BUILT) -> None:
    """Write the index beside the catalogue, complete or not at all."""
    text = json.dumps(_to_document(index), ensure_ascii=False, separators=(",", ":"))
    part = built.with_suffix(".part")
    part.write_text(text.replace("],[", "],\n[") + "\n", encoding="utf-8", newline="\n")
    os.replace(part, built)


def _to_document(index: CatalogueIndex) -> dict[str, Any]:
    lines = [line for brand in index.lines.values() for line in brand]
    rows = list(dict.fromkeys(row for line in lines for row in line.family))
    at = {row: number for number, row in enumerate(rows)}
    return {
        "digest": inputs_digest(),
        "together": sorted(index.lexicon.together),
        "apart": [[*pair] for pair in index.lexicon.apart.values()],
        "aliases": [[brand, sorted(words), sorted(usual)] for (brand, words), usual in index.aliases.items()],
        "rows": [
            [row.catalogue_id, row.family_id, row.numbers, int(row.is_weatherproof), int(row.is_versioned)]
            for row in rows
        ],
        "lines": [
            [line.brand, line.words, [at[row] for row in line.rows], [at[row] for row in line.family]]
            for line in lines
        ],
    }


def _from_document(document: dict[str, Any]) -> CatalogueIndex:
    lexicon = ShoeLexicon(
        set(document["together"]), {one + two: (one, two) for one, two in document["apart"]}
    )
    aliases = {(brand, frozenset(words)): frozenset(usual) for brand, words, usual in document["aliases"]}
    rows = [
        CatalogueRow(catalogue_id, family_id, tuple(numbers), bool(weatherproof), bool(versioned))
        for catalogue_id, family_id, numbers, weatherproof, versioned in document["rows"]
    ]
    lines: dict[str, list[ModelLine]] = {}
    for brand, words, own, family in document["lines"]:
        line = ModelLine(brand, tuple(words), tuple(rows[i] for i in own), tuple(rows[i] for i in family))
        lines.setdefault(brand, []).append(line)
    return CatalogueIndex(lexicon, aliases, {brand: tuple(of_brand) for brand, of_brand in lines.items()})


if __name__ == "__main__":
    write_index(build_index())
