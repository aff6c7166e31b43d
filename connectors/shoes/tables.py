"""The tables other people made: a reader for each that `sources.csv` lists.

A new table is a row in `sources.csv`, and a reader here where no reader fits.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from connectors.errors import UnreadableFile
from connectors.shoes.claims import Claim
from connectors.shoes.spelling import brand_name
from connectors.shoes.words import brands, rows_of

THICK_HEEL_MM = 38.0
"""From here on a shoe that is no racer counts as maximalist where nobody says its kind; ours: Sinclair et al. 2015
measured a Hoka, and no paper draws the line."""

_OPEN_GROUND = ("Trail", "Mud", "Snow")


def source_claims(folder: Path) -> Iterator[Claim]:
    """Read the tables of `sources.csv` as far as they are there.

    Parameters
    ----------
    folder : Path
        Where the tables lie.

    Yields
    ------
    Claim
        In the order of the list and of the files' names.

    Raises
    ------
    UnreadableFile
        When a table is not what the list says.
    """
    for source in rows_of("sources.csv"):
        for path in sorted(folder.glob(source["files"])):
            try:
                yield from READERS[source["reader"]](path, source["source"])
            except (KeyError, ValueError, TypeError) as error:
                sentence = f"{path.name} is not a table as {source['source']} writes it; nothing was changed."
                raise UnreadableFile(sentence) from error


def sources_in(folder: Path) -> frozenset[str]:
    """Name the sources of `sources.csv` whose files are all there.

    Parameters
    ----------
    folder : Path
        Where the tables lie.

    Returns
    -------
    frozenset of str
        Names of sources.
    """
    return frozenset(row["source"] for row in rows_of("sources.csv") if list(folder.glob(row["files"])))


def _listing(path: Path, source: str) -> Iterator[Claim]:
    """A table with the drop of men's and women's shoe as texts ("10mm") and no stack."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            name, brand = row["product"].strip(), brand_name(row["product"])
            if not brand or name == "NaN":
                continue
            drops = {_number(row[f"heel_to_toe_{sex}"]) for sex in ("men", "women")}
            year = re.search(r"\b20\d\d\b", row["release_date"])
            ground = "trail" if row["terrain"].strip().startswith(_OPEN_GROUND) else "conventional"
            kind = brands()[brand].kind or ground
            for drop in sorted(drop for drop in drops if drop is not None):
                yield _stated(brand, name, "drop_mm", drop, source)
            yield _stated(brand, name, "year", float(year[0]) if year else None, source)
            yield Claim(brand, name, None, "kind", kind, source, "derived")
            if brand != "On":
                # Every plated model on sale by mid-2020 stands in known.csv; On's boards are left unknown.
                yield Claim(brand, name, None, "plate", "none", source, "derived")


def _finder(path: Path, source: str) -> Iterator[Claim]:
    """Records with model and version apart, drop, and one stack height, taken as the heel's."""
    for row in json.loads(path.read_text(encoding="utf-8")):
        brand, ride, category = brand_name(row["brand"]), row["ride"], row["fit"]["category"]
        if not brand:
            continue
        name = f"{row['model']} {str(row['version']).lower().removeprefix('v')}"
        heel, racer = float(ride["stack_height_mm"]), "rac" in category or "super" in category
        kind = _kind(brand, racer, row["use_case"]["terrain"], heel)
        yield _stated(brand, name, "year", float(row["release_year"]), source)
        yield _stated(brand, name, "drop_mm", float(ride["drop_mm"]), source)
        yield _stated(brand, name, "stack_heel_mm", heel, source)
        yield Claim(brand, name, None, "kind", kind, source, "derived")


def _selector(path: Path, source: str) -> Iterator[Claim]:
    """Rows with drop, one stack height, taken as the heel's, and whether there is a plate."""
    plates = {"yes": "carbon", "no": "none", "nylon": "nylon"}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            brand, name = brand_name(row["Brand"]), row["Model"].strip()
            if not brand:
                continue
            heel = _number(row["Stack Height (mm)"])
            kind = _kind(brand, row["Category"].strip() == "Racing", "road", heel or 0.0)
            yield _stated(brand, name, "drop_mm", _number(row["Heel Drop (mm)"]), source)
            yield _stated(brand, name, "stack_heel_mm", heel, source)
            yield _stated(brand, name, "plate", plates[row["Carbon Plate"].strip().lower()], source)
            yield Claim(brand, name, None, "kind", kind, source, "derived")


READERS: Mapping[str, Callable[[Path, str], Iterator[Claim]]] = {
    "listing": _listing,
    "finder": _finder,
    "selector": _selector,
}


def _stated(brand: str, name: str, field: str, value: float | str | None, source: str) -> Claim:
    return Claim(brand, name, None, field, value, source, "stated")


def _kind(brand: str, is_racer: bool, terrain: str, heel_mm: float) -> str:
    if brands()[brand].kind and not is_racer:
        return brands()[brand].kind
    if is_racer:
        return "racing"
    return "trail" if terrain == "trail" else "maximalist" if heel_mm >= THICK_HEEL_MM else "conventional"


def _number(text: str) -> float | None:
    """First number of a text ("Men: 10mm"); the one with a slipped unit ("8m") too."""
    found = re.search(r"\d+(?:\.\d+)?", text)
    return float(found[0]) if found else None
