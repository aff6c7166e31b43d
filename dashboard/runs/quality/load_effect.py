"""The load of a part of the runs, with the runner's measures held as they are: quick enough for a what-if."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import polars as pl

from connectors.edits import Edit, apply_edits, edit_rows
from connectors.shoes.shoe_facts import shoe_facts
from connectors.store import Store
from dashboard.model.load.recordings import recordings_for
from dashboard.model.load.run_inputs import select_runs
from dashboard.model.load.run_load import CALIBRATE_FROM, run_loads
from dashboard.model.load.runner_profile import RunnerProfile
from dashboard.model.load.seconds import ScanSamples
from dashboard.model.settings import ModelSettings
from dashboard.runs.quality.quality_check import LEAVE_OUT, QualityFlag
from dashboard.shared.pipeline import known_until, scan_samples

COMPANIONS = 6 * CALIBRATE_FROM
"""Recorded runs taken along, so that runs without a recording are still set against this runner's own. Design
choice."""


def with_companions(activities: pl.DataFrame, wanted: list[str]) -> pl.DataFrame:
    """Return the sessions asked for, and the latest recorded ones beside them: `COMPANIONS`."""
    is_wanted = pl.col("activity_id").is_in(wanted)
    recorded = pl.col("samples_id").is_not_null() & (pl.col("distance_m") > 0)
    counted = pl.col("is_excluded").fill_null(False).not_()
    others = activities.filter(
        is_wanted.not_() & recorded & counted & pl.col("sport").is_in(["Run", "TrailRun"])
    )
    latest = others.sort("start_utc", "activity_id").tail(COMPANIONS)
    return pl.concat([activities.filter(is_wanted), latest])


def part_loads(
    activities: pl.DataFrame,
    samples: ScanSamples,
    shoe_facts: pl.DataFrame,
    personal: RunnerProfile,
    settings: ModelSettings,
) -> pl.DataFrame:
    """Compute the load of some runs with the runner's profile as it is.

    A few corrected runs hardly move what is usual.
    """
    recordings = recordings_for(activities, samples, settings)
    return run_loads(select_runs(activities, shoe_facts), recordings, personal, settings)


RECENT_DAYS = 28


@dataclass(frozen=True)
class LoadEffect:
    """Change of load, after minus before."""

    total_tkm: float = 0.0
    recent_tkm: float = 0.0
    by_session: Mapping[str, float] = field(default_factory=dict)


def load_effect(
    store: Store,
    athlete_id: int,
    flags: Sequence[QualityFlag],
    personal: RunnerProfile,
    settings: ModelSettings,
) -> LoadEffect:
    """Compute the load of the doubted sessions twice: as they are, and with every remedy applied.

    The same model both times, so that the difference is what the person would see.
    """
    edits = _edits(flags)
    if not edits:
        return LoadEffect()
    touched = sorted({edit.record_id for edit in edits})
    sessions, shoes = store.activities(athlete_id), shoe_facts(store.shoes(athlete_id))
    samples = scan_samples(store, athlete_id)
    part = with_companions(sessions, touched)
    before, after = (
        _loads(part_loads(frame, samples, shoes, personal, settings), touched)
        for frame in (part, _laid(part, edits, athlete_id))
    )
    change = _change(before, after, known_until(sessions))
    return LoadEffect(
        float(change["change"].sum()),
        float(change["recent"].sum()),
        dict(change.select("activity_id", "change").rows()),
    )


def _edits(flags: Sequence[QualityFlag]) -> list[Edit]:
    """One word on each field of a session, the gravest flag's first; a session left out needs no other."""
    corrections: dict[str, dict[str, object]] = {}
    for flag in sorted(flags, key=lambda one: one.severity):
        for name, value in flag.remedy:
            corrections.setdefault(flag.activity_id, {}).setdefault(name, value)
    return [
        Edit("activity", session, name, value)
        for session, values in corrections.items()
        for name, value in (LEAVE_OUT if "is_excluded" in values else values.items())
    ]


def _laid(sessions: pl.DataFrame, edits: Sequence[Edit], athlete_id: int) -> pl.DataFrame:
    rows = edit_rows(edits, athlete_id, "proposed", datetime.now(UTC), "runner", None)
    laid = apply_edits(sessions.rename({"edited": "edited_before"}), rows, "activity", {})
    trusted = pl.col("uses_recording").fill_null(True)
    return laid.with_columns(
        samples_id=pl.when(trusted).then("samples_id"),
        edited=pl.concat_str(["edited_before", "edited"], separator=" ", ignore_nulls=True),
    )


def _loads(runs: pl.DataFrame, touched: list[str]) -> pl.DataFrame:
    counted = runs.filter(pl.col("activity_id").is_in(touched), pl.col("is_excluded").not_())
    return counted.select("activity_id", "local_date", pl.col("load_tkm").fill_null(0.0))


def _change(before: pl.DataFrame, after: pl.DataFrame, until: date | None) -> pl.DataFrame:
    since = until - timedelta(days=RECENT_DAYS - 1) if until else None

    def recent(load: str, day: str) -> pl.Expr:
        return pl.when(pl.col(day).is_between(pl.lit(since), pl.lit(until))).then(pl.col(load)).fill_null(0.0)

    both = before.join(after, on="activity_id", how="full", coalesce=True, suffix="_after")
    return both.select(
        "activity_id",
        change=pl.col("load_tkm_after").fill_null(0.0) - pl.col("load_tkm").fill_null(0.0),
        recent=recent("load_tkm_after", "local_date_after") - recent("load_tkm", "local_date"),
    ).sort("activity_id")
