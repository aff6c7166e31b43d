"""Which Strava account an export belongs to, as far as it says."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from connectors.archive import Archive
from connectors.errors import SourceError

SERVICE = "strava"
_PROFILE = "profile.csv"
_PROFILE_BYTES = 1 << 20
_IN_NAME = re.compile(r"export_(\d{4,12})(?!\d)", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,12}")


def export_account(archive: Archive) -> str | None:
    """Return the number of the account: from the first column of profile.csv, else from the export's own name.

    Nothing else of profile.csv is used or stored. None where neither says.
    """
    return next(_in_profiles(archive), None) or _in_names(archive)


def export_accounts(archive: Archive) -> set[str]:
    """Return the numbers of all accounts whose profile.csv lies in an archive; an honest export holds one."""
    return set(_in_profiles(archive))


def _in_profiles(archive: Archive) -> Iterator[str]:
    names = [name for name in archive.names() if name.rpartition("/")[2].casefold() == _PROFILE]
    for name in sorted(names, key=lambda one: one.count("/")):
        try:
            text = archive.read(name, _PROFILE_BYTES).decode("utf-8-sig", "replace")
        except SourceError:
            continue  # the export's name may still say it
        rows = csv.reader(io.StringIO(text))
        head, first = next(rows, []), next(rows, [])
        number = first[0].strip() if head and first else ""
        if _NUMBER.fullmatch(number):
            yield number


def _in_names(archive: Archive) -> str | None:
    tables = [name for name in archive.names() if name.casefold().endswith("activities.csv")]
    for name in (archive.path.name, *(part for table in tables for part in table.split("/")[:-1])):
        number = _IN_NAME.search(name)
        if number:
            return number.group(1)
    return None
