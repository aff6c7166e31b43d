"""Doubts about what one import brought in: the checks of the Runs page, on these sessions alone."""

from __future__ import annotations

from datetime import date

import polars as pl

from connectors.frames import ACTIVITY
from connectors.source import ImportResult, Skipped
from connectors.store import Store
from dashboard.runs.quality import service
from dashboard.runs.quality.facts import no_facts, sample_facts
from dashboard.runs.quality.text import flag_in_words
from dashboard.shared import text
from dashboard.shared.units import units_from_settings


def import_doubts(store: Store, athlete_id: int, result: ImportResult) -> list[Skipped]:
    """Return one sentence for each doubt about a session that this import changed or brought anew."""
    if result.import_id is None or not result.activities["new"] + result.activities["updated"]:
        return []
    brought = set(store.changed_ids(result.import_id, ACTIVITY))
    rows = store.read(ACTIVITY, athlete_id)
    ids = {
        row[0] for row in rows.select("activity_id", "source", "source_id").iter_rows() if row[1:] in brought
    }
    wanted = rows.filter(pl.col("activity_id").is_in(list(ids)), pl.col("sample_rows") > 0)["activity_id"]
    samples = store.samples.scan(athlete_id, wanted.to_list())
    facts = sample_facts(samples) if wanted.len() else no_facts()
    units = units_from_settings(store.settings(athlete_id))
    return [
        Skipped(
            f"{text.day_in_words(flag.local_date)}, {flag.name or flag.sport}", flag_in_words(flag, units)
        )
        for flag in service.list_flags(store, athlete_id, facts, date.today())
        if flag.activity_id in ids or flag.other_id in ids
    ]
