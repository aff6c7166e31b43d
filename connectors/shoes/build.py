"""Make the catalogue again: `python -m connectors.shoes.build FOLDER`.

FOLDER holds the tables that `sources.csv` lists; those that are not there count with what the catalogue already
says of them, so that it grows with one table at hand as with all. Without FOLDER only `known.csv` is read anew.
The same inputs give the same bytes.
"""

from __future__ import annotations

import csv
import io
import os
import sys
from pathlib import Path

from connectors.shoes.claims import GENERAL, catalogue_claims, known_claims
from connectors.shoes.merging import merged
from connectors.shoes.tables import source_claims, sources_in

HERE = Path(__file__).parent


def built(folder: Path | None, catalogue: Path, known: Path = HERE / "known.csv") -> str:
    """Make the text of the catalogue.

    Parameters
    ----------
    folder : Path or None
        Where the tables lie; None reads none.
    catalogue : Path
        The catalogue as it is; a path where nothing is starts from none.
    known : Path
        The table that people edit.

    Returns
    -------
    str
        CSV, one row for each model and version, sorted.

    Raises
    ------
    UnreadableFile
        When a table is not what the list says; nothing is written.

    Source
    ------
    ours: the catalogue names its sources with each value, so it is a source itself.
    """
    anew = (sources_in(folder) if folder else frozenset()) | {GENERAL}
    claims = list(known_claims(_rows(known)))
    claims += catalogue_claims(_rows(catalogue), anew)
    claims += source_claims(folder) if folder else ()
    rows = merged(claims)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def main(arguments: list[str]) -> None:
    """Write the catalogue beside this module.

    Parameters
    ----------
    arguments : list of str
        At most one: the folder of the tables.
    """
    target = HERE / "catalogue.csv"
    text = built(Path(arguments[0]) if arguments else None, target)
    part = target.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, target)


if __name__ == "__main__":
    main(sys.argv[1:])
