"""Edits: what a person says of sessions and pairs, its history, and taking it back."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

import polars as pl
from sqlalchemy import Connection, select, update

from connectors import source
from connectors.edits import Edit, apply_edits, edit_rows
from connectors.errors import ContractError
from connectors.frames import ACTIVITY, EDIT, SHOE, SHOE_FACT, UTC_TIME
from connectors.store.database import StorePart, check_runner, upsert
from connectors.store.digests import tracked
from connectors.store.field_changes import CHANGE_TIMES, latest_known
from connectors.store.key_values import increment_version
from connectors.store.rows import read_rows, write_rows
from connectors.store.tables import MATCH_TABLE, TABLES

_FACTS = ("kind", "drop_mm", "is_plated")


class EditStore(StorePart):
    """What persons say."""

    def edit(
        self, athlete_id: int, edits: Sequence[Edit], decided_by: str = "runner", reason: str | None = None
    ) -> str:
        """Write one batch of edits of a person, whole or not at all.

        Appended, never changed, so the history of edits is the table itself.
        """
        now = datetime.now(UTC)
        batch_id = f"{now:%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}"
        rows = edit_rows(edits, athlete_id, batch_id, now, decided_by, reason)
        with self._database.writing() as connection:
            write_rows(connection, EDIT, rows)
        return batch_id

    def undo_edits(self, athlete_id: int, batch_id: str, is_undone: bool = True) -> int:
        """Undo a batch of edits, or redo it.

        What was said before it counts again; the act stays in the history.
        """
        table = TABLES[EDIT.name]
        of_batch = (table.c.athlete_id == athlete_id, table.c.batch_id == batch_id)
        with self._database.writing() as connection:
            check_runner(connection, [{"athlete_id": athlete_id}])
            change = update(table).where(*of_batch, table.c.is_undone == int(not is_undone))
            with tracked(connection, athlete_id, table, table.c.batch_id == batch_id):
                changed = connection.execute(change.values(is_undone=int(is_undone))).rowcount
            if changed:
                increment_version(connection, athlete_id, EDIT.name)
        return changed

    def shoes(self, athlete_id: int) -> pl.DataFrame:
        """Read the pairs of one runner, with what a source states and a person says of each.

        One door, so that no page sees a pair another way.
        """
        read = partial(self._read_shoes, athlete_id=athlete_id)
        return self._database.remembered(("shoes", athlete_id, self._left_out), read).clone()

    def _read_shoes(self, connection: Connection, athlete_id: int) -> pl.DataFrame:
        pairs = read_rows(connection, SHOE, athlete_id).unique("shoe_id", keep="first", maintain_order=True)
        facts = read_rows(connection, SHOE_FACT, athlete_id).select("shoe_id", *_FACTS)
        edits = read_rows(connection, EDIT, athlete_id)
        if self._left_out:
            pairs = pairs.filter(~pl.col("source").is_in(self._left_out))
        facts = facts.unique("shoe_id", keep="last", maintain_order=True)
        known = apply_edits(
            pairs.join(facts, on="shoe_id", how="left", maintain_order="left"), edits, "shoe", {}
        )
        plated = pl.when(pl.col("plate").is_not_null()).then(pl.col("plate") != "none").otherwise("is_plated")
        merged = pl.col("same_as").is_in(known["shoe_id"].implode()) & (
            pl.col("same_as") != pl.col("shoe_id")
        )
        # A split makes a pair and names it in one act: with the act taken back, nothing speaks for the pair.
        unmade = (pl.col("source") == "manual") & pl.col("edited").is_null()
        return known.filter(~merged.fill_null(False), ~unmade).with_columns(is_plated=plated)

    def shoe_names(self, athlete_id: int) -> dict[str, str]:
        """Return the name of each pair of one runner by its `shoe_id`."""
        return dict(self.shoes(athlete_id).select("shoe_id", "name").iter_rows())


def same_pairs(edits: pl.DataFrame) -> dict[str, str]:
    """Return the pair each merged pair really is.

    One pair that came under two ids is one pair in every sum.
    """
    ids = edits.filter(pl.col("record") == "shoe").select(shoe_id="record_id").unique()
    merged = apply_edits(ids, edits, "shoe", {}).filter(pl.col("same_as").is_not_null())
    one_step = dict(merged.select("shoe_id", "same_as").iter_rows())
    final = {}
    for shoe_id, target in one_step.items():
        seen, now = {shoe_id}, target
        while now in one_step and now not in seen:
            seen.add(now)
            now = one_step[now]
        if now not in seen:
            final[shoe_id] = now
    return final


# A recording's own file holds every second; the API's streams may be thinned. It wins unless clearly shorter.
FILE_LEAD = 1.1
STREAMS = "streams"
"""Begins the mark of samples that came as a service's channels."""
_FILLED = (
    "ascent_m",
    "descent_m",
    "cadence_spm",
    "heart_rate_bpm",
    "max_heart_rate_bpm",
    "timezone",
    "utc_offset_s",
)
_ANYBODY = (
    "perceived_exertion_0_10",
    "feel_0_100",
    "contact_left_pct",
    "impact_m",
)
"""Taken from the leading record, else from the next that knows it."""


def merge_duplicates(
    activities: pl.DataFrame, matches: pl.DataFrame, left_out: Sequence[str] = ()
) -> pl.DataFrame:
    """Merge the records of one run.

    The service knows best what the runner edited, the recording knows best what was measured.
    """
    groups = duplicate_groups(matches, set(activities["activity_id"].to_list()))
    if left_out:
        activities = activities.filter(~pl.col("source").is_in(left_out))
    if not groups:
        return activities.with_columns(_own_samples().alias("samples_id"))
    activity_id = pl.col("activity_id")
    ranks = {one.id: one.rank for one in source.SOURCES}
    recorded = [one.id for one in source.SOURCES if one.has_recordings]
    marked = activities.with_row_index("place").with_columns(
        activity_id.replace_strict(list(groups), list(groups.values()), default=activity_id).alias("group"),
        _own_samples().alias("samples_id"),
        pl.col("source").replace_strict(ranks, return_dtype=pl.Int64).alias("rank"),
        pl.col("sample_rows")
        .mul(pl.when(pl.col("source").is_in(recorded) & ~is_streamed()).then(FILE_LEAD).otherwise(1.0))
        .alias("weight"),
    )
    primary = marked.sort("rank", "place").unique("group", keep="first", maintain_order=True)
    measured = (
        marked.filter(pl.col("samples_id").is_not_null())
        .sort(pl.col("weight"), "rank", "place", descending=[True, False, False])
        .unique("group", keep="first", maintain_order=True)
        .select("group", "sample_rows", "samples_id", *_FILLED)
    )
    beside = primary.drop("samples_id").join(measured, on="group", how="left", suffix="|recorded")
    by_rank = marked.sort("rank", "place").group_by("group", maintain_order=True)
    known = by_rank.agg(
        *(pl.col(name).drop_nulls().first().alias(f"{name}|known") for name in _ANYBODY),
        *(latest_known(name).alias(f"{name}|latest") for name in CHANGE_TIMES),
    )
    beside = beside.join(known, on="group", how="left", maintain_order="left")
    filled = [pl.coalesce(name, f"{name}|recorded") for name in _FILLED]
    filled += [pl.coalesce(name, f"{name}|known") for name in _ANYBODY]
    filled += [pl.col(f"{name}|latest").alias(name) for name in CHANGE_TIMES]
    rows = pl.coalesce("sample_rows|recorded", "sample_rows").alias("sample_rows")
    return beside.with_columns(*filled, rows).sort("place").select(*activities.columns, "samples_id")


def is_streamed() -> pl.Expr:
    """Whether samples came as channels that a service made, and not as the recording's own file."""
    return pl.col("file_hash").fill_null("").str.starts_with(STREAMS)


def _own_samples() -> pl.Expr:
    return pl.when(pl.col("sample_rows") > 0).then(pl.col("activity_id"))


def duplicate_groups(matches: pl.DataFrame, known: set[str]) -> dict[str, str]:
    """Return which records are one run.

    A person's word comes before the rule's.
    """
    pairs = matches.filter(pl.col("activity_id").is_in(known) & pl.col("same_as").is_in(known))
    by_person = pl.col("decided_by") == "person"
    apart = set(pairs.filter(by_person & ~pl.col("is_same")).select("activity_id", "same_as").iter_rows())
    joined = pairs.filter("is_same").sort(~by_person, "activity_id", "same_as")
    members: dict[str, frozenset[str]] = {}
    for one, other in joined.select("activity_id", "same_as").iter_rows():
        left, right = members.get(one, frozenset({one})), members.get(other, frozenset({other}))
        # A third record that fits both must not bring together what the runner set apart.
        if any((min(a, b), max(a, b)) in apart for a in left for b in right):
            continue
        both = left | right
        members.update(dict.fromkeys(both, both))
    return {activity_id: min(group) for activity_id, group in members.items()}


MATCH_DECIDERS = ("rule", "person")
_KEY = ("athlete_id", "activity_id", "same_as")
MATCH_SCHEMA = pl.Schema(
    {
        "activity_id": pl.String,
        "same_as": pl.String,
        "decided_by": pl.String,
        "is_same": pl.Boolean,
        "decided_utc": UTC_TIME,
    }
)


class MatchStore(StorePart):
    """Several records of one run."""

    def activities(self, athlete_id: int) -> pl.DataFrame:
        """Read the real sessions of one runner, several records of one run put together.

        All records are kept, and the putting together is done anew at each reading, so it can be undone.
        """
        read = partial(self._read_activities, athlete_id=athlete_id)
        return self._database.remembered(("activities", athlete_id, self._left_out), read).clone()

    def _read_activities(self, connection: Connection, athlete_id: int) -> pl.DataFrame:
        records = read_rows(connection, ACTIVITY, athlete_id)
        decided = read_matches(connection, athlete_id)
        edits = read_rows(connection, EDIT, athlete_id)
        return _as_edited(merge_duplicates(records, decided, self._left_out), records, decided, edits)

    def matches(self, athlete_id: int) -> pl.DataFrame:
        """Read what was decided on pairs of activities.

        A pair has one row whichever way round it was found.
        """
        with self._database.reading() as connection:
            return read_matches(connection, athlete_id)

    def decide_matches(self, athlete_id: int, rows: Sequence[tuple[str, str, bool, str]]) -> None:
        """Write decisions; what a person decided is only changed by a person.

        A choice that the next import undoes would be no choice.
        """
        if any(one == other or by not in MATCH_DECIDERS for one, other, _, by in rows):
            raise ContractError("A match needs two activities and a rule or a person. Nothing was stored.")
        with self._database.writing() as connection:
            changed = _changed(read_matches(connection, athlete_id), rows)
            if changed:
                now = {"athlete_id": athlete_id, "decided_utc": time.time_ns() // 1_000}
                with tracked(connection, athlete_id, MATCH_TABLE):
                    upsert(connection, MATCH_TABLE, [row | now for row in changed], _KEY)
                increment_version(connection, athlete_id, ACTIVITY.name)


def _as_edited(
    sessions: pl.DataFrame, records: pl.DataFrame, decided: pl.DataFrame, edits: pl.DataFrame
) -> pl.DataFrame:
    groups = duplicate_groups(decided, set(records["activity_id"].to_list())) if edits.height else {}
    shown = {groups[one]: one for one in sessions["activity_id"].to_list() if one in groups}
    same = {record: shown[group] for record, group in groups.items() if group in shown}
    rows = apply_edits(sessions, edits, "activity", same)
    trusted = pl.col("uses_recording").fill_null(True)
    rows = rows.with_columns(pl.when(trusted).then("samples_id").alias("samples_id"))
    pairs = same_pairs(edits)
    return rows.with_columns(pl.col("shoe_id").replace(pairs)) if pairs else rows


def read_matches(connection: Connection, athlete_id: int) -> pl.DataFrame:
    """Read decisions inside a transaction."""
    query = select(*(MATCH_TABLE.c[name] for name in MATCH_SCHEMA)).where(
        MATCH_TABLE.c.athlete_id == athlete_id
    )
    rows = [tuple(row) for row in connection.execute(query)]
    stored_schema = pl.Schema(
        {name: pl.String if kind == pl.String else pl.Int64 for name, kind in MATCH_SCHEMA.items()}
    )
    return (
        pl.DataFrame(rows, schema=stored_schema, orient="row")
        .cast(MATCH_SCHEMA)
        .sort("activity_id", "same_as")
    )


def write_matches(connection: Connection, athlete_id: int, decided: pl.DataFrame) -> None:
    """Write decisions as they are, with who made them and when.

    For what was decided on another machine.
    """
    before = read_matches(connection, athlete_id)
    fresh = decided.join(before, on=decided.columns, how="anti", maintain_order="left")
    if fresh.is_empty():
        return
    rows = fresh.with_columns(
        pl.lit(athlete_id).alias("athlete_id"),
        pl.col("is_same").cast(pl.Int64),
        pl.col("decided_utc").cast(pl.Int64),
    )
    with tracked(connection, athlete_id, MATCH_TABLE):
        upsert(connection, MATCH_TABLE, rows.to_dicts(), _KEY)
    increment_version(connection, athlete_id, ACTIVITY.name)


def _changed(before: pl.DataFrame, rows: Sequence[tuple[str, str, bool, str]]) -> list[dict[str, object]]:
    held = {(row[0], row[1]): (row[2], row[3]) for row in before.iter_rows()}
    changed: dict[tuple[str, str], dict[str, object]] = {}
    for one, other, is_same, decided_by in rows:
        pair = (min(one, other), max(one, other))
        by_person = held.get(pair, ("rule", None))[0] == "person"
        if held.get(pair) == (decided_by, is_same) or (by_person and decided_by == "rule"):
            continue
        held[pair] = (decided_by, is_same)
        words = {"activity_id": pair[0], "same_as": pair[1], "decided_by": decided_by}
        changed[pair] = {**words, "is_same": int(is_same)}
    return list(changed.values())
