"""Our ids hold the runner's number, which differs from machine to machine: they are made anew on the way in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from connectors.errors import UnreadableFile
from connectors.frames import ACTIVITY, SHOE
from connectors.source import stable_id
from connectors.store.runners import LONGEST_NAME, Runner, RunnerExport

_IDS = ("activity_id", "same_as", "shoe_id", "record_id")
_MATCH_KEY = ("activity_id", "same_as")


def with_new_ids(export: RunnerExport, athlete_id: int) -> tuple[RunnerExport, dict[str, str]]:
    """Renumber one runner's rows for this machine."""
    # An id is a hash of runner, source and id at the source; with an old one the next import of the same file
    # would not find the run again.
    new = _new_ids(export, athlete_id)
    frames = {name: _renamed(frame, new, athlete_id) for name, frame in export.frames.items()}
    matches = _renamed(export.matches, new, athlete_id)
    if matches.height:
        # The lesser id of the two comes first.
        pair = [
            pl.min_horizontal(_MATCH_KEY).alias("activity_id"),
            pl.max_horizontal(_MATCH_KEY).alias("same_as"),
        ]
        matches = matches.with_columns(pair)
    words = [
        {name: _in_text(text, new) for name, text in texts.items()}
        for texts in (export.settings, export.bookmarks)
    ]
    return RunnerExport(frames, matches, *words), new


def _new_ids(export: RunnerExport, athlete_id: int) -> dict[str, str]:
    """Old id to new one, where it is the hash it should be; any other is the same on every machine."""
    new_ids = {}
    for contract, name in ((ACTIVITY, "activity_id"), (SHOE, "shoe_id")):
        rows = export.frames[contract.name].select("athlete_id", "source", "source_id", name)
        for before, source, source_id, own_id in rows.iter_rows():
            if own_id == stable_id(before, source, source_id):
                new_ids[own_id] = stable_id(athlete_id, source, source_id)
    return {old: fresh for old, fresh in new_ids.items() if old != fresh}


def _renamed(frame: pl.DataFrame, new: Mapping[str, str], athlete_id: int) -> pl.DataFrame:
    names = [name for name in _IDS if name in frame.columns]
    changed = [pl.col(name).replace(new).alias(name) for name in names] if new else []
    if new and {"record_id", "value"} <= set(frame.columns):
        changed.append(pl.col("value").replace(new).alias("value"))
    if "athlete_id" in frame.columns:
        changed.append(pl.lit(athlete_id, frame.schema["athlete_id"]).alias("athlete_id"))
    return frame.with_columns(changed)


def _in_text(text: str, new: Mapping[str, str]) -> str:
    for old, fresh in new.items():
        if old in text:
            text = text.replace(old, fresh)
    return text


FORMAT = 1
"""Counted up when an older Heelwise could no longer read the file. A new table or column does not need it."""
MANIFEST = "manifest.json"
README = "README.txt"
LOCKED = b"age-encryption.org/"
"""How a file closed with a passphrase begins (the age format, age-encryption.org/v1)."""
LEFT_HERE = (
    *(
        f"{service}.{part}"
        for service in ("strava", "garmin", "intervals")
        for part in ("budget", "standing", "stop")
    ),
    "watch.folder",
    "reminder",
    "reminder_address",
)
"""Bookmarks that belong to this machine's own links, folders and addresses: they stay on it and none is brought in."""

_MEMBER = re.compile(
    r"\d{1,9}/(tables/[a-z_]{1,40}\.(parquet|csv)|words\.json|samples/[0-9a-z]{2,64}\.parquet)"
)

SAVE_THE_REST = "; `heelwise restore --what-is-whole` brings in all that is whole and names what is not"

TEXT = """\
This is a Heelwise backup: a runner's history, symptom log, shoes, plans and settings. It holds no tokens
and no places, and no list of imports: what an import replaced stays on the machine it ran on. Titles of sessions,
which may name streets, are in it unless they were left out. It can be read without Heelwise.

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
    """What a backup says of itself."""

    made_by: str
    made_utc: str
    runners: dict[str, Runner]
    files: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        """Return what is written into the file."""
        runners = [{"folder": folder, **asdict(one)} for folder, one in self.runners.items()]
        return {
            "heelwise_backup": FORMAT,
            "made_by": self.made_by,
            "made_utc": self.made_utc,
            "runners": runners,
            "files": self.files,
        }


def parse_manifest(content: Any) -> Manifest:
    """Read what a backup says of itself.

    A file from elsewhere is believed in nothing that was not looked at.
    """
    if not isinstance(content, dict) or not isinstance(content.get("heelwise_backup"), int):
        raise UnreadableFile("This is not a Heelwise backup. Nothing was changed.")
    if content["heelwise_backup"] > FORMAT:
        raise UnreadableFile(
            f"This backup was made by a later Heelwise ({content.get('made_by')}). Nothing was changed. Update "
            "Heelwise and try again."
        )
    try:
        runners = {str(int(one["folder"])): _runner(one) for one in content["runners"]}
        files = {str(name): str(digest) for name, digest in content["files"].items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise damaged_backup("its list of contents is not whole") from error
    if any(not is_known_member(name) for name in files if name != README):
        raise damaged_backup("it lists a file that no backup has")
    return Manifest(str(content.get("made_by")), str(content.get("made_utc")), runners, files)


def is_known_member(name: str) -> bool:
    """Return whether a backup may hold a member of this name.

    Only names made by `writing` are opened.
    """
    return _MEMBER.fullmatch(name) is not None


def table_member(folder: str, name: str, ending: str) -> str:
    """Name the member of one table."""
    return f"{folder}/tables/{name}.{ending}"


def damaged_backup(how: str, can_be_saved: bool = False) -> UnreadableFile:
    """Build the error for a damaged backup."""
    return UnreadableFile(
        f"This backup is damaged: {how}. Nothing was changed. Copy the file again from where it came, or use "
        f"an earlier backup{SAVE_THE_REST if can_be_saved else ''}."
    )


def _runner(entry: dict[str, Any]) -> Runner:
    name = entry["name"]
    if not isinstance(name, str) or not 0 < len(name.strip()) <= LONGEST_NAME or not name.isprintable():
        raise ValueError("no name")
    return Runner(int(entry["athlete_id"]), name, bool(entry["is_demo"]), bool(entry.get("is_archived")))
