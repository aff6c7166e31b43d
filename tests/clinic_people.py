"""The people of a clinic's server as a load needs them: runners with a full record each, and their therapists."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import polars as pl
from clinic_server import sign_in

from connectors.demo import DemoFrames, demo_frames
from connectors.store import Store

SEEN_BY_EACH = 3
"""Records that each therapist was granted."""


@dataclass(frozen=True)
class Visitor:
    """Somebody who is signed in: the value of their session's cookie, and whose record they look at."""

    cookie: str
    athlete_id: int


def fill_clinic(store: Store, runners: int, therapists: int) -> list[Visitor]:
    """Begin the records of so many runners, each with the training of the made-up one, and sign everybody in."""
    frames = demo_frames(1)
    visitors = []
    for number in range(runners):
        person, cookie = sign_in(store, f"runner-{number}")
        athlete_id = store.grants.begin_record(person, f"Runner {number}", is_own=True).athlete_id
        _write_record(store, athlete_id, frames, visitors[0].athlete_id if visitors else None)
        visitors.append(Visitor(cookie, athlete_id))
    until = date.today() + timedelta(days=30)
    for number in range(therapists):
        person, cookie = sign_in(store, f"therapist-{number}", is_therapist=True)
        seen = [visitors[(number + step) % runners].athlete_id for step in range(SEEN_BY_EACH)]
        for athlete_id in set(seen):
            store.grants.give(athlete_id, person, "see", until, by=None, now=datetime.now(UTC))
        visitors.append(Visitor(cookie, seen[0]))
    return visitors


def _write_record(store: Store, athlete_id: int, frames: DemoFrames, like: int | None) -> None:
    """Write a record; recordings are those of a runner who has the same, by a second name of each file."""
    store.write_many([(contract, _of(frame, athlete_id)) for contract, frame in frames.rows()])
    if like is None:
        with store.working(athlete_id):
            for activity_id, seconds in frames.samples.items():
                store.samples.write(athlete_id, activity_id, seconds)
        return
    there, here = (store.samples.of_runner(one) for one in (like, athlete_id))
    shutil.copytree(there, here, copy_function=os.link)


def _of(frame: pl.DataFrame, athlete_id: int) -> pl.DataFrame:
    return frame.with_columns(pl.lit(athlete_id, frame.schema["athlete_id"]).alias("athlete_id"))
