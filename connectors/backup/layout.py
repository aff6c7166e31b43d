"""What lies in a backup and what it is called."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from connectors.errors import UnreadableFile
from connectors.frames import STORED
from connectors.store.runners import LONGEST_NAME, Runner

FORMAT = 1
"""Counted up when an older Heelwise could no longer read the file. A new table or column does not need it."""
MANIFEST = "manifest.json"
README = "README.txt"
LOCKED = b"age-encryption.org/"
"""How a file closed with a passphrase begins (the age format, age-encryption.org/v1)."""
LEFT_HERE = ("strava.budget", "strava.standing", "strava.stop", "watch.folder")
"""Bookmarks that belong to this machine's own link and folders, and stay on it."""

_MEMBER = re.compile(
    r"\d{1,9}/(tables/[a-z_]{1,40}\.(parquet|csv)|words\.json|samples/[0-9a-z]{2,64}\.parquet)"
)

SAVE_THE_REST = "; `heelwise restore --what-is-whole` brings in all that is whole and names what is not"

TEXT = """\
This is a Heelwise backup: a runner's history, symptom log, shoes, plans and settings. It holds no tokens
and no places, and no list of imports: what an import replaced stays on the machine it ran on. It can be read
without Heelwise.

manifest.json           version of this format, the runners, and a SHA-256 of every other file
<n>/tables/*.csv        one table each, to read with any program (UTF-8, comma; an empty cell is unknown)
<n>/tables/*.parquet    the same tables, exact to the bit: these are what a restore reads
<n>/samples/*.parquet   one recording each, a row a second; named by activity_id of the activity table
<n>/words.json          settings

Columns end in their unit: _s seconds, _m metres, _mps metres per second, _spm steps per minute, both feet,
_0_10 a score from 0 to 10. Times are UTC, `local_date` and `date` are the runner's own calendar.

To bring it back:  heelwise restore FILE
"""


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself.

    Parameters
    ----------
    made_by
        Version of Heelwise.
    made_utc
        ISO time.
    runners
        Folder in the file to the runner as on the machine it comes from.
    files
        Member to the SHA-256 of its content, in hexadecimal digits; all members but the manifest.
    """

    made_by: str
    made_utc: str
    runners: dict[str, Runner]
    files: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        """Give what is written into the file.

        Returns
        -------
        dict
            Plain JSON values.

        Source
        ------
        ours.
        """
        runners = [{"folder": folder, **asdict(one)} for folder, one in self.runners.items()]
        return {
            "heelwise_backup": FORMAT,
            "made_by": self.made_by,
            "made_utc": self.made_utc,
            "runners": runners,
            "files": self.files,
        }


def parse_manifest(told: Any) -> Manifest:
    """Read what a backup says of itself.

    Parameters
    ----------
    told : Any
        JSON values as they came.

    Returns
    -------
    Manifest
        Names and numbers are of the right kind; whether the file keeps them is not yet known.

    Raises
    ------
    UnreadableFile
        When it is no manifest of ours, or of a later format.

    Source
    ------
    ours: a file from elsewhere is believed in nothing that was not looked at.
    """
    if not isinstance(told, dict) or not isinstance(told.get("heelwise_backup"), int):
        raise UnreadableFile("This is not a Heelwise backup. Nothing was changed.")
    if told["heelwise_backup"] > FORMAT:
        raise UnreadableFile(
            f"This backup was made by a later Heelwise ({told.get('made_by')}). Nothing was changed. Update "
            "Heelwise and try again."
        )
    try:
        runners = {str(int(one["folder"])): _runner(one) for one in told["runners"]}
        files = {str(name): str(digest) for name, digest in told["files"].items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise broken("its list of contents is not whole") from error
    if any(not may_hold(name) for name in files if name != README):
        raise broken("it lists a file that no backup has")
    return Manifest(str(told.get("made_by")), str(told.get("made_utc")), runners, files)


def may_hold(name: str) -> bool:
    """Tell whether a backup may hold a member of this name.

    Parameters
    ----------
    name : str
        Path inside the file.

    Returns
    -------
    bool
        True for tables, recordings and settings of a runner.

    Source
    ------
    ours: only names made by `writing` are opened.
    """
    return _MEMBER.fullmatch(name) is not None


def table(folder: str, name: str, ending: str) -> str:
    """Name the member of one table.

    Parameters
    ----------
    folder : str
        Of the runner.
    name : str
        Contract name, or "match".
    ending : str
        "parquet" or "csv".

    Returns
    -------
    str
        Path inside the file.

    Source
    ------
    ours.
    """
    return f"{folder}/tables/{name}.{ending}"


def broken(how: str, can_be_saved: bool = False) -> UnreadableFile:
    """Make the error for a damaged backup.

    Parameters
    ----------
    how : str
        What is wrong, as the end of a sentence.
    can_be_saved : bool
        Whether the rest of it can be brought in.

    Returns
    -------
    UnreadableFile
        To raise.

    Source
    ------
    ours.
    """
    return UnreadableFile(
        f"This backup is damaged: {how}. Nothing was changed. Copy the file again from where it came, or use "
        f"an earlier backup{SAVE_THE_REST if can_be_saved else ''}."
    )


TABLE_NAMES = tuple(contract.name for contract in STORED)


def _runner(told: dict[str, Any]) -> Runner:
    name = told["name"]
    if not isinstance(name, str) or not 0 < len(name.strip()) <= LONGEST_NAME or not name.isprintable():
        raise ValueError("no name")
    return Runner(int(told["athlete_id"]), name, bool(told["is_demo"]), bool(told.get("is_archived")))
