"""What would change if every open doubt were settled as proposed: in tendon load, for each run and in all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import polars as pl

from connectors.edits import Edit, edit_rows, lay_over
from connectors.shoes.pairs import known_pairs
from connectors.store import Store
from dashboard.gather import known_until
from dashboard.model.personal import Personal
from dashboard.model.quality import LEAVE_OUT, Flag
from dashboard.model.quality_loads import part_loads, with_companions
from dashboard.model.settings import ModelSettings

RECENT_DAYS = 28


@dataclass(frozen=True)
class Effect:
    """Change of load, after minus before.

    Parameters
    ----------
    total_tkm, recent_tkm
        Of the whole record, and of the last 28 days up to the last date on record.
    by_session
        Session to the change of its own load, tkm.
    """

    total_tkm: float = 0.0
    recent_tkm: float = 0.0
    by_session: Mapping[str, float] = field(default_factory=dict)


def effect(
    store: Store, athlete_id: int, found: Sequence[Flag], personal: Personal, settings: ModelSettings
) -> Effect:
    """Work the load of the doubted sessions out twice: as they are, and with every remedy laid over them.

    Parameters
    ----------
    store : Store
        Where the record is; not written to.
    athlete_id : int
        Whose.
    found : sequence of Flag
        Open flags; those without a remedy change nothing.
    personal : Personal
        The runner's measures, held as they are.
    settings : ModelSettings
        Numbers of the model.

    Returns
    -------
    Effect
        All zero where there is nothing to do. A load not known counts as none.

    Source
    ------
    ours: the same model both times, so that the difference is what the person would see.
    """
    edits = _edits(found)
    if not edits:
        return Effect()

    def samples(ids: Sequence[str]) -> pl.LazyFrame:
        return store.samples.scan(athlete_id, ids)

    touched = sorted({edit.record_id for edit in edits})
    sessions, shoes = store.activities(athlete_id), known_pairs(store.shoes(athlete_id))
    part = with_companions(sessions, touched)
    before, after = (
        _loads(part_loads(frame, samples, shoes, personal, settings), touched)
        for frame in (part, _laid(part, edits, athlete_id))
    )
    change = _change(before, after, known_until(sessions))
    return Effect(
        float(change["change"].sum()),
        float(change["recent"].sum()),
        dict(change.select("activity_id", "change").rows()),
    )


def _edits(found: Sequence[Flag]) -> list[Edit]:
    """One word on each field of a session, the gravest flag's first; a session left out needs no other."""
    told: dict[str, dict[str, object]] = {}
    for flag in sorted(found, key=lambda one: one.severity):
        for name, value in flag.remedy:
            told.setdefault(flag.activity_id, {}).setdefault(name, value)
    return [
        Edit("activity", session, name, value)
        for session, values in told.items()
        for name, value in (LEAVE_OUT if "is_excluded" in values else values.items())
    ]


def _laid(sessions: pl.DataFrame, edits: Sequence[Edit], athlete_id: int) -> pl.DataFrame:
    rows = edit_rows(edits, athlete_id, "proposed", datetime.now(UTC), "runner", None)
    laid = lay_over(sessions.rename({"edited": "edited_before"}), rows, "activity", {})
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
