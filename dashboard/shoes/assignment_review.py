"""Runs whose pair is missing or in doubt, what is suggested for them, and putting them right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from connectors.edits import Edit
from connectors.frames import EDIT, EVENT
from connectors.store import Store
from dashboard.shared.undo import Change, record_edits
from dashboard.shoes.assignment import LEFT_AS_IS, assignment_guesses, assignment_issues
from dashboard.shoes.assignment_rules import load_rules

LATEST_DAYS = 60
"""Runs so long before the last one are asked about one by one; older ones in groups."""
LAST_PAIRS = 3
_SHOWN = ("activity_id", "local_date", "start_utc", "sport", "distance_m", "moving_s", "kept_flags")


@dataclass(frozen=True)
class IssueGroup:
    """Runs doubted for one reason."""

    doubt: str
    shoe_id: str | None
    since: date | None
    kind: str | None
    runs: tuple[dict[str, Any], ...]

    @property
    def key(self) -> str:
        """Name of the group, the same at every reading."""
        return f"{self.doubt}_{self.runs[0]['activity_id']}"

    @property
    def first(self) -> date:
        """First local date."""
        return self.runs[0]["local_date"]

    @property
    def last(self) -> date:
        """Last local date."""
        return self.runs[-1]["local_date"]

    def changes(self, choice: str | None = None) -> dict[str, str]:
        """Describe which runs would get another pair."""
        wanted = {run["activity_id"]: choice or run["suggested_id"] for run in self.runs}
        return {one: shoe for one, shoe in wanted.items() if shoe is not None and shoe != self.shoe_id}


@dataclass(frozen=True)
class AssignmentReview:
    """Everything there is to ask about pairs."""

    waiting: tuple[dict[str, Any], ...]
    groups: tuple[IssueGroup, ...]


AS_SUGGESTED = "As suggested."
"""Ends the reason of an edit that took a suggestion over: such a run is no evidence for the next suggestion."""


def suggested_runs(store: Store, athlete_id: int) -> list[str]:
    """Return the runs whose pair is a suggestion taken over for a group, and nobody's own answer since."""
    newest = (
        store.read(EDIT, athlete_id)
        .filter(pl.col("field") == "shoe_id", ~pl.col("is_undone"))
        .sort("fetched_utc", maintain_order=True)
        .group_by("record_id", maintain_order=True)
        .last()
    )
    return newest.filter(pl.col("reason").str.ends_with(AS_SUGGESTED))["record_id"].to_list()


def review_assignments(store: Store, athlete_id: int) -> AssignmentReview:
    """Look through every run's pair.

    See `shoe_doubts` and `shoe_guess`.
    """
    runs, pairs = store.activities(athlete_id), store.shoes(athlete_id)
    if pairs.is_empty():
        return AssignmentReview((), ())
    races = store.read(EVENT, athlete_id).filter(pl.col("kind") == "race")["date"].to_list()
    issues = assignment_issues(runs, pairs, races)
    wrong = issues.filter(pl.col("doubt") != "missing")["activity_id"].to_list()
    doubted = [*wrong, *suggested_runs(store, athlete_id)]
    guesses = assignment_guesses(
        runs, pairs, issues["activity_id"].to_list(), load_rules(store, athlete_id), doubted
    )
    rows = issues.join(guesses, on="activity_id", how="left", maintain_order="left").join(
        runs.select(*_SHOWN), on="activity_id", how="left", maintain_order="left"
    )
    return AssignmentReview(_waiting(rows, runs, pairs), _groups(_settled(rows)))


def _settled(rows: pl.DataFrame) -> pl.DataFrame:
    """Drop habit's word on a pair worn alone, but for runs of another kind: else it is too often wrong."""
    # Stretches of 90 days set to one pair in two public histories of changing pairs: 49 of 84 such
    # suggestions were right.
    unsure = (pl.col("doubt") == "alone") & ~pl.col("is_other_kind") & (pl.col("by") == "habit")
    return rows.with_columns(
        pl.when(unsure.fill_null(False)).then(None).otherwise(name).alias(name)
        for name in ("suggested_id", "by")
    )


def _groups(rows: pl.DataFrame) -> tuple[IssueGroup, ...]:
    by_kind = pl.when(pl.col("doubt") == "other_kind").then("kind")
    parts = rows.with_columns(group=pl.struct("doubt", "shoe_id", by_kind.alias("of"), "since"))
    groups = []
    for _, part in parts.group_by("group", maintain_order=True):
        one = part.row(0, named=True)
        kind = one["kind"] if one["doubt"] == "other_kind" else None
        runs = tuple(part.drop("group", "doubt", "since", "kind").to_dicts())
        groups.append(IssueGroup(one["doubt"], one["shoe_id"], one["since"], kind, runs))
    return tuple(sorted(groups, key=lambda group: (group.last, group.key), reverse=True))


def _waiting(rows: pl.DataFrame, runs: pl.DataFrame, pairs: pl.DataFrame) -> tuple[dict[str, Any], ...]:
    missing = rows.filter(pl.col("doubt") == "missing")
    last = runs["local_date"].max()
    if missing.is_empty() or not isinstance(last, date):
        return ()
    latest = missing.filter(pl.col("local_date") >= last - timedelta(LATEST_DAYS)).reverse()
    worn = runs.filter(pl.col("shoe_id").is_in(pairs["shoe_id"].implode())).sort("start_utc", descending=True)
    gone = set(pairs.filter(pl.col("is_retired").fill_null(False))["shoe_id"])
    return tuple({**run, "pairs": _last_pairs(run, worn, gone)} for run in latest.to_dicts())


def _last_pairs(run: Mapping[str, Any], worn: pl.DataFrame, gone: set[str]) -> list[str]:
    """Return what is suggested, then the pairs worn last before the run, those still in use first."""
    before = (
        worn.filter(pl.col("start_utc") <= run["start_utc"])["shoe_id"].unique(maintain_order=True).to_list()
    )
    others = [one for one in worn["shoe_id"].unique(maintain_order=True) if one not in before]
    known = [*before, *others]
    order = [*([run["suggested_id"]] if run["suggested_id"] else []), *(p for p in known if p not in gone)]
    return list(dict.fromkeys(order or known))[:LAST_PAIRS]


def assign_pairs(
    store: Store, athlete_id: int, pairs: Mapping[str, str], decided_by: str, reason: str | None
) -> Change:
    """Store which pair was worn on some runs, as one batch of edits."""
    edits = [Edit("activity", one, "shoe_id", shoe) for one, shoe in pairs.items()]
    return record_edits(store, athlete_id, edits, decided_by, reason)


def leave_as_is(
    store: Store, athlete_id: int, doubt: str, runs: Iterable[Mapping[str, Any]], decided_by: str
) -> Change:
    """Note that a person looked at runs in doubt and leaves them as they are.

    Asked once, and not again; other flags a person keeps stay.
    """
    word = LEFT_AS_IS.format(doubt=doubt)
    edits = [
        Edit(
            "activity",
            run["activity_id"],
            "kept_flags",
            " ".join(sorted({*(run["kept_flags"] or "").split(), word})),
        )
        for run in runs
    ]
    return record_edits(store, athlete_id, edits, decided_by, None)
