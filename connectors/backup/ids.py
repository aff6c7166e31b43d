"""Our ids hold the runner's number, which differs from machine to machine: they are made anew on the way in."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from connectors.frames import ACTIVITY, SHOE
from connectors.source import stable_id
from connectors.store.whole import Whole

_IDS = ("activity_id", "same_as", "shoe_id", "record_id")
_MATCH_KEY = ("activity_id", "same_as")


def moved(whole: Whole, athlete_id: int) -> tuple[Whole, dict[str, str]]:
    """Give one runner's rows the number they have on this machine.

    Parameters
    ----------
    whole : Whole
        As on the machine they come from.
    athlete_id : int
        Runner on this machine, from 1.

    Returns
    -------
    tuple of Whole and dict of str to str
        The rows with the new number and new ids wherever one is named, settings and edits included; and old id
        to new id.

    Source
    ------
    ours: an id is a hash of runner, source and id at the source; with an old one the next import of the same
    file would not find the run again.
    """
    new = _new_ids(whole, athlete_id)
    frames = {name: _renamed(frame, new, athlete_id) for name, frame in whole.frames.items()}
    matches = _renamed(whole.matches, new, athlete_id)
    if matches.height:
        # The lesser id of the two comes first.
        pair = [
            pl.min_horizontal(_MATCH_KEY).alias("activity_id"),
            pl.max_horizontal(_MATCH_KEY).alias("same_as"),
        ]
        matches = matches.with_columns(pair)
    words = [
        {name: _in_text(text, new) for name, text in told.items()}
        for told in (whole.settings, whole.bookmarks)
    ]
    return Whole(frames, matches, *words), new


def _new_ids(whole: Whole, athlete_id: int) -> dict[str, str]:
    """Old id to new one, where it is the hash it should be; any other is the same on every machine."""
    found = {}
    for contract, name in ((ACTIVITY, "activity_id"), (SHOE, "shoe_id")):
        rows = whole.frames[contract.name].select("athlete_id", "source", "source_id", name)
        for before, source, source_id, mine in rows.iter_rows():
            if mine == stable_id(before, source, source_id):
                found[mine] = stable_id(athlete_id, source, source_id)
    return {old: fresh for old, fresh in found.items() if old != fresh}


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
