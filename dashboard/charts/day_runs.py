"""The runs of one day in words: how long, how much load, and what made it up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from dashboard import words
from dashboard.units import Units


@dataclass(frozen=True)
class RunWords:
    """One run.

    Parameters
    ----------
    title
        Its name, or its sport and date.
    facts
        Name and value of each figure, in order.
    sentences
        What made the load up, and what it rests on.
    strava_id
        Strava's id of a run that came through the link; None for every other.
    """

    title: str
    facts: list[tuple[str, str]]
    sentences: list[str]
    strava_id: str | None = None


def in_words(
    runs: pl.DataFrame,
    day: date,
    units: Units,
    shoe_names: Mapping[str, str],
    days: int = 1,
    first_runs: pl.DataFrame | None = None,
) -> list[RunWords]:
    """Say what was run on a day.

    Parameters
    ----------
    runs : DataFrame
        RUN_SCHEMA, runs left out as well: they are listed and said to be left out.
    day : date
        Local date; the last one where there are several.
    units : Units
        What the runner reads in.
    shoe_names : mapping of str to str
        Name of each pair by its id.
    days : int
        How many days back, with the day itself: 7 where the picture is drawn week by week.
    first_runs : DataFrame or None
        First runs after 30 days without one, as from `Analysis.first_runs`; None marks none.

    Returns
    -------
    list of RunWords
        In order of start; empty without a run.

    Source
    ------
    ours: a load is shown with its parts, so that it can be doubted.
    """
    chosen = runs.filter(pl.col("local_date").is_between(day - timedelta(days=days - 1), day))
    since = {} if first_runs is None else dict(first_runs.select("activity_id", "days_since").rows())
    rows = chosen.sort("start_utc").iter_rows(named=True)
    return [_run(row, units, shoe_names, since.get(row["activity_id"])) for row in rows]


def nothing(known: bool | None, day: date) -> str:
    """Say that a day has no run: rest, or not known.

    Parameters
    ----------
    known : bool or None
        Whether the record reaches the day.
    day : date
        Local date.

    Returns
    -------
    str
        One sentence.

    Source
    ------
    ours: rest and no record are different facts.
    """
    return (words.NO_RUN_ON if known else words.REST_UNKNOWN).format(day=words.day(day))


def is_known(days: pl.DataFrame, day: date) -> bool:
    """Tell whether the record reaches a day.

    Parameters
    ----------
    days : DataFrame
        DAY_SCHEMA.
    day : date
        Local date.

    Returns
    -------
    bool
        False for a date outside the record.

    Source
    ------
    ours.
    """
    return bool(days.filter(pl.col("local_date") == day)["known"].any())


def _run(row: dict[str, Any], units: Units, shoe_names: Mapping[str, str], since: int | None) -> RunWords:
    metres, seconds = row["distance_m"], row["moving_s"]
    speed = metres / seconds if metres and seconds else None
    shoe = shoe_names.get(row["shoe_id"] or "", words.SHOE_UNKNOWN)
    facts = [
        ("Distance", units.distance_words(metres)),
        ("Load", units.load_words(row["load_tkm"])),
        ("Multiplier", f"×{row['multiplier']:.2f}" if row["multiplier"] is not None else words.NOT_KNOWN),
        ("Pace", units.pace(speed)),
        ("Climb", units.height_words(row["ascent_m"])),
        ("Descent", units.height_words(row["descent_m"])),
        ("Shoe", shoe),
    ]
    title = row["name"] or words.SPORTS.get(row["sport"], row["sport"])
    strava_id = row["source_id"] if row["source"] == "strava_api" else None
    first = [] if since is None else [words.FIRST_RUN_SAID.format(days=since)]
    said = [*first, *_sentences(row, units)]
    return RunWords(f"{title} · {words.day(row['local_date'])}", facts, said, strava_id)


def _sentences(row: dict[str, Any], units: Units) -> list[str]:
    if row.get("is_excluded"):
        return [words.RUN_LEFT_OUT, *_made_of(row, units)]
    return _made_of(row, units)


def _made_of(row: dict[str, Any], units: Units) -> list[str]:
    if row["load_tkm"] is None:
        return [words.RUN_LOAD_UNKNOWN]
    parts = [
        f"{name} ×{row[column]:.2f}" for column, name in words.FACTORS.items() if row[column] is not None
    ]
    told = []
    if row["multiplier"] is not None and parts:
        made_of = ", ".join(parts)
        named = {"multiplier": row["multiplier"], "distance": units.distance_unit, "parts": made_of}
        told.append(words.RUN_MULTIPLIER.format(**named))
    band = {"low": units.load_words(row["load_low_tkm"]), "high": units.load_words(row["load_high_tkm"])}
    if row["load_low_tkm"] is not None and row["load_high_tkm"] is not None:
        told.append((words.RUN_ESTIMATED if row["estimated"] else words.RUN_BAND).format(**band))
    flags = (row["flags"] or "").split()
    return [*told, *(words.FLAGS.get(flag, words.FLAGS_UNSAID.format(flag=flag)) for flag in flags)]
