"""What the daily load shows before logged complaints of ten real people, beside the rules of thumb. -m benchmark -s.

PMData (Thambawita 2020, doi:10.1145/3339825.3394926): five months of a wrist device and of reports on a phone. The
people are no cohort of runners, complaints name a region ("left_foot", "right_knee") and hardly ever the tendon, and
there are a handful of them. Nothing can be concluded from it, and nothing is asserted but that it can be read.
"""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import training_rules as rules
from model_builders import analyse

from connectors.frames import ACTIVITY, SHOE_FACT, SYMPTOM
from dashboard.model.analysis import Analysis
from dashboard.model.settings import ModelSettings

FOLDER = "injury/itsalamhere+health-logs-streamlit"
SPORTS = {"Run": "Run", "Treadmill": "Run", "Walk": "Walk"}
LOWER_LIMB = ("foot", "leg", "knee", "thigh", "hip")
QUIET_DAYS = 14
BEFORE = 14
KNOWN = 0.8


@dataclass(frozen=True)
class Person:
    """One person: what was trained, what the model says, and where complaints began."""

    name: str
    told: Analysis
    onsets: list[date]
    reports: int


def activities(folder: Path) -> pl.DataFrame:
    rows = []
    for entry in json.loads((folder / "fitbit" / "exercise.json").read_text()):
        start = datetime.fromisoformat(entry["startTime"])
        seconds = entry["activeDuration"] / 1000
        assert entry.get("distanceUnit") in (None, "Kilometer")
        steps = entry.get("steps")
        rows.append(
            {
                "activity_id": str(entry["logId"]),
                "start_utc": start,  # the clock of the wrist; only its date is used
                "local_date": start.date(),
                "sport": SPORTS.get(entry["activityName"], "Workout"),
                "is_indoor": entry["activityName"] == "Treadmill",
                "distance_m": entry["distance"] * 1000 if entry.get("distance") else None,
                "moving_s": seconds,
                "cadence_spm": 60 * steps / seconds if steps and seconds else None,
                "ascent_device_m": entry.get("elevationGain"),
            }
        )
    frame = pl.DataFrame(rows, infer_schema_length=None).with_columns(
        athlete_id=pl.lit(1), source=pl.lit("file"), source_id="activity_id"
    )
    columns = ACTIVITY.columns.items()
    typed = frame.with_columns(pl.col("start_utc").dt.replace_time_zone("UTC"))
    return typed.select(
        (pl.col(n) if n in frame.columns else pl.lit(None)).cast(c.dtype).alias(n) for n, c in columns
    ).with_columns(samples_id=pl.lit(None, pl.String))


def onsets(folder: Path) -> tuple[list[date], int]:
    """Dates on which a complaint of the lower limb begins after two weeks without one, and how many reports."""
    path = folder / "pmsys" / "injury.csv"
    if not path.is_file():
        return [], 0
    reports = pl.read_csv(path)
    dated = [
        (datetime.fromisoformat(when).date(), ast.literal_eval(what))
        for when, what in reports.select("effective_time_frame", "injuries").rows()
    ]
    begun, last = [], None
    for day, regions in sorted(dated, key=lambda entry: entry[0]):
        if not any(region.endswith(LOWER_LIMB) for region in regions):
            continue
        if last is None or (day - last).days > QUIET_DAYS:
            begun.append(day)
        last = day
    return begun, len(dated)


def read(folder: Path) -> Person:
    def none(_ids: object) -> pl.LazyFrame:
        raise AssertionError("there are no recordings to read")

    told = analyse(activities(folder), none, SHOE_FACT.empty(), SYMPTOM.empty(), ModelSettings())
    return Person(folder.name, told, *onsets(folder))


def marked_days(person: Person) -> dict[str, np.ndarray]:
    """Days that the model or a rule marks, by day of the record."""
    days = person.told.days
    origin, count = days["local_date"][0], days.height
    longest, metres = np.zeros(count), np.zeros(count)
    for day, distance in person.told.runs.select("local_date", "distance_m").drop_nulls().rows():
        at = (day - origin).days
        metres[at] += distance
        longest[at] = max(longest[at], distance)
    windows = [
        rules.Mark((a - origin).days, (b - origin).days, 0)
        for a, b in person.told.windows.select("from_date", "to_date").rows()
    ]
    every = {
        "model windows": windows,
        "distance ACWR > 1.5": rules.acwr(metres),
        "10 % rule": rules.ten_percent(metres, origin.weekday()),
        "session > 1.1 x longest": rules.long_sessions(longest),
    }
    marked = {name: np.zeros(count, dtype=bool) for name in every}
    for name, marks in every.items():
        for mark in marks:
            marked[name][mark.first : mark.last + 1] = True
    return marked


def before(values: np.ndarray, day: int) -> np.ndarray:
    return values[max(0, day - BEFORE) : day]


def share_of(days: list[int], marked: np.ndarray) -> float:
    """Share of a person's days that have a marked day before them."""
    return float(np.mean([bool(before(marked, d).any()) for d in days])) if days else 0.0


@pytest.mark.benchmark
@pytest.mark.real_data
def test_pmdata(real_data: Path) -> None:
    people = [read(folder) for folder in sorted((real_data / FOLDER).glob("p*"))]
    assert len(people) == 10
    names = list(marked_days(people[0]))
    exposed, judged, expected = dict.fromkeys(names, 0), 0, dict.fromkeys(names, 0.0)
    print(
        f"\n{'person':7s} {'runs':>5s} {'days':>5s} {'windows':>8s} {'reports':>8s} {'onsets':>7s} {'judged':>7s}"
    )
    for person in people:
        ratio, origin = person.told.days["ratio"].to_numpy(), person.told.days["local_date"][0]
        marks = marked_days(person)
        known = np.isfinite(ratio)
        whole = [d for d in range(len(ratio)) if before(known, d).sum() >= KNOWN * BEFORE]
        at = [(onset - origin).days for onset in person.onsets]
        judgeable = [d for d in at if d in whole]
        judged += len(judgeable)
        for name in names:
            exposed[name] += sum(bool(before(marks[name], d).any()) for d in judgeable)
            expected[name] += len(judgeable) * share_of(whole, marks[name])
        print(
            f"{person.name:7s} {person.told.runs.height:5d} {len(ratio):5d} {person.told.windows.height:8d} "
            f"{person.reports:8d} {len(at):7d} {len(judgeable):7d}"
        )
    print(f"\nlower-limb complaints that began with a known load before them: {judged}")
    print(f"{'in the 14 days before':26s} complaints, and as many of the same person's days would have given")
    for name in names:
        print(f"{name:26s} {exposed[name]:10d} {expected[name]:10.1f}")
    print(
        "Too few complaints, none known to be of the tendon: this shows that the data can be read, no more."
    )
