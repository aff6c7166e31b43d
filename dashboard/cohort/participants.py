"""Who is in a cohort: the rows of participants.csv, else each file of the folder."""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from connectors.csv_text import unguard
from connectors.errors import HeelwiseError
from connectors.local_date import zone_name
from connectors.plural import count

LIST_NAME = "participants.csv"
SEXES = ("female", "male", "other")
FIELDS = ("athlete", "files", "sex", "birth_year", "timezone")
BIRTH_YEARS = range(1900, 2101)
LIST_BYTES = 256 << 20


@dataclass(frozen=True)
class Participant:
    """One athlete and their files; `refused` is a reason that is known before a file is opened."""

    kind: str
    name: str
    files: tuple[str, ...]
    sex: str | None = None
    birth_year: int | None = None
    timezone: str | None = None
    refused: str | None = None


def read_participants(source: Path) -> list[Participant]:
    """List who is in a folder, in the order of their names; without a list each file or folder in it is an athlete."""
    if not source.is_dir():
        raise HeelwiseError("SRC is not a folder. Nothing was written; check the path.")
    names = sorted(path.name for path in source.iterdir() if not path.name.startswith("."))
    lists = [name for name in names if name.casefold() == LIST_NAME]
    if len(lists) > 1:
        raise HeelwiseError(f"SRC holds {LIST_NAME} more than once. Nothing was written; leave one.")
    chosen = (
        _listed(source, source / lists[0])
        if lists
        else [Participant("file", name, (name,)) for name in names]
    )
    if not chosen:
        raise HeelwiseError(
            "SRC holds no file to read. Nothing was written; put one export a file into it, as docs/cohort.md says."
        )
    return sorted(_without_shared(chosen), key=lambda one: (one.kind, one.name))


def _listed(source: Path, path: Path) -> list[Participant]:
    text = _text(path)
    # A spreadsheet writes semicolons where the comma is the decimal sign.
    first, delimiter = text.partition("\n")[0], ","
    if ";" in first and "," not in first:
        delimiter = ";"
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error:
        raise HeelwiseError(f"{LIST_NAME} is not a table of cells. Nothing was written.") from None
    heads = [cell.strip().casefold() for cell in rows[0][1]] if rows else []
    unknown = len([head for head in heads if head not in FIELDS])
    if "athlete" not in heads or "files" not in heads or unknown or len(set(heads)) != len(heads):
        raise HeelwiseError(
            f"{LIST_NAME} must have the columns athlete and files, may have sex, birth_year and timezone, and no "
            "other and none twice. Nothing was written; see docs/cohort.md."
        )
    people = [_row(source, heads, row, line) for line, row in rows[1:] if any(cell.strip() for cell in row)]
    if not people:
        raise HeelwiseError(f"{LIST_NAME} names no athlete. Nothing was written.")
    twice = [name for name, times in Counter(one.name for one in people).items() if times > 1]
    if twice:
        raise HeelwiseError(
            f"{LIST_NAME} names {count(len(twice), 'athlete', 'athletes')} in more than one row. Nothing was "
            "written; an athlete is one row, with all files in it, a semicolon between them."
        )
    return people


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LIST_BYTES:
            raise HeelwiseError(f"{LIST_NAME} is larger than any list of athletes. Nothing was written.")
        return path.read_text(encoding="utf-8-sig")
    except (UnicodeDecodeError, OSError):
        raise HeelwiseError(
            f"{LIST_NAME} cannot be read as UTF-8 text. Nothing was written; save it as CSV UTF-8."
        ) from None


def _row(source: Path, heads: Sequence[str], row: Sequence[str], number: int) -> Participant:
    if any(cell.strip() for cell in row[len(heads) :]):
        raise _wrong(number, "it has more cells than the first line; files of one athlete stand in one cell")
    cells = dict(zip(heads, (unguard(cell.strip()) for cell in row), strict=False))
    name, files = cells.get("athlete", ""), [part.strip() for part in cells.get("files", "").split(";")]
    files = tuple(dict.fromkeys(part for part in files if part))
    if not name or not files:
        raise _wrong(number, "athlete and files must both be there")
    sex, year, zone = (cells.get(key) or None for key in ("sex", "birth_year", "timezone"))
    if sex is not None and sex.casefold() not in SEXES:
        raise _wrong(number, f"sex is one of {', '.join(SEXES)}, or empty")
    if year is not None and not (year.isascii() and year.isdigit() and int(year) in BIRTH_YEARS):
        raise _wrong(number, "birth_year is a year of four digits, or empty")
    if zone is not None and zone_name(zone) is None:
        raise _wrong(number, "timezone is a name such as Europe/Oslo, or empty")
    born = int(year) if year else None
    person = Participant("row", name, files, sex.casefold() if sex else None, born, zone)
    missing = [one for one in files if not _is_inside(source, one)]
    return replace(person, refused="file_missing") if missing else person


def _wrong(number: int, rule: str) -> HeelwiseError:
    return HeelwiseError(f"Line {number} of {LIST_NAME}: {rule}. Nothing was written.")


def _is_inside(source: Path, name: str) -> bool:
    """Whether a name is of something in the folder; a link in it may lead to wherever the exports lie."""
    path = PurePath(os.path.normpath(name))
    try:
        return not path.is_absolute() and path.parts[:1] not in ((), ("..",)) and (source / path).exists()
    except (OSError, ValueError):
        return False


def _without_shared(people: Sequence[Participant]) -> Iterable[Participant]:
    """Refuse whoever names a file that another one names, too."""
    times = Counter(file for one in people for file in one.files)
    for one in people:
        is_shared = any(times[file] > 1 for file in one.files)
        yield replace(one, refused="same_file") if is_shared and one.refused is None else one
