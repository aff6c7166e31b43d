"""One runner with a bit of everything, for tests of backups in all the shapes people give them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import polars as pl
from polars.testing import assert_frame_equal

from connectors.edits import Edit
from connectors.frames import ACTIVITY, SAMPLE, SHOE, STORED, SYMPTOM
from connectors.source import stable_id
from connectors.store import Store

NOW = datetime(2026, 5, 1, 6, tzinfo=UTC)


def rows(contract, *given: dict) -> pl.DataFrame:
    return pl.DataFrame(list(given), schema_overrides=dict(contract.schema))


def provenance(athlete_id: int, source: str, source_id: str) -> dict:
    return {"athlete_id": athlete_id, "source": source, "source_id": source_id, "fetched_utc": NOW}


def fill(store: Store, name: str, note: str = "a word") -> int:
    """One runner with two records of one run, a pair, an edit, a setting and a recording."""
    me = store.add_runner(name).athlete_id
    shoe_id = stable_id(me, "strava_export", "g1")
    ids = {source: stable_id(me, source, "r1") for source in ("strava_export", "file")}
    store.write(
        SHOE, rows(SHOE, {**provenance(me, "strava_export", "g1"), "shoe_id": shoe_id, "name": "=Pacer"})
    )
    run = {"start_utc": NOW, "local_date": date(2026, 5, 1), "sport": "Run", "distance_m": 10_000.1}
    store.write(
        ACTIVITY,
        rows(
            ACTIVITY,
            *(
                {**provenance(me, source, "r1"), "activity_id": ids[source], "shoe_id": shoe_id, **run}
                for source in ids
            ),
        ).with_columns(sample_rows=pl.when(pl.col("source") == "file").then(3)),
    )
    store.decide_matches(me, [(*ids.values(), True, "rule")])
    day = {"date": date(2026, 5, 2), "morning_pain_0_10": 3.0, "note": note}
    store.write(SYMPTOM, rows(SYMPTOM, {**provenance(me, "manual", "d"), **day}))
    store.edit(
        me, [Edit("activity", ids["file"], "shoe_id", shoe_id), Edit("shoe", shoe_id, "plate", "carbon")]
    )
    store.set_settings(me, {"distance_unit": "mi", "shoe_rules": json.dumps([shoe_id])})
    store.set_bookmarks(me, {"strava.gear": json.dumps({"g1": shoe_id}), "strava.budget": "{}"})
    samples = pl.DataFrame({"second": [0, 1, 2], "speed_mps": [3.0, None, 3.1]})
    store.samples.write(
        me,
        ids["file"],
        samples.select(
            (pl.col(n) if n in samples.columns else pl.lit(None)).cast(c.dtype).alias(n)
            for n, c in SAMPLE.columns.items()
        ),
    )
    return me


def same(one: Store, mine: int, other: Store, theirs: int) -> None:
    for contract in STORED:
        assert_frame_equal(one.read(contract, mine), other.read(contract, theirs))
    assert_frame_equal(one.matches(mine), other.matches(theirs))
    assert one.settings(mine) == other.settings(theirs)
