"""What stands beside the runs, as plain values for the report: added keys, no notes, nothing of age or sex."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from connectors.frames import EVENT, PROGRAMME, STRENGTH, TEST_RESULT
from connectors.store import Store
from dashboard import cadence_experiment
from dashboard import plan as planning
from dashboard.model.clinical import BY_ID, changes
from dashboard.model.progression import progress

SET = (
    "date", "exercise", "kind", "knee", "side", "set_number", "repetitions", "load_kg", "hold_s", "tempo", "pain_0_10",
)  # fmt: skip
PLANNED = (
    "programme", "week", "from_date", "to_date", "exercise", "planned_days", "planned_sets", "planned_repetitions",
    "planned_load_kg", "logged_days", "logged_sets", "logged_repetitions", "logged_load_kg",
)  # fmt: skip


def strength(store: Store, athlete_id: int, since: date | None, until: date | None) -> dict[str, Any]:
    """Give the sets of a period, and its weeks of programmes.

    Parameters
    ----------
    store : Store
        Where they are.
    athlete_id : int
        Runner on this machine, from 1.
    since, until : date or None
        First and last local date; None is the first or last there is.

    Returns
    -------
    dict
        `sets`: one for each set, SI units, None unknown. `programme`: planned and logged by week and exercise, None
        where nobody planned a number. Sets are in no sum of running load.

    Source
    ------
    ours: keys are only ever added to the report.
    """
    ledger = store.read(STRENGTH, athlete_id)
    sets = _within(ledger, since, until).sort("date", "exercise", "side", "set_number", "source_id")
    ends = [day for day in (ledger["date"].max(), until) if isinstance(day, date)]
    planned = store.read(PROGRAMME, athlete_id)
    last = until or max([*ends, *planned["start_date"].to_list()], default=None)
    weeks = progress(planned, ledger, last).filter(_touches(since)) if last else None
    return {
        "sets": [_plain(row) for row in sets.select(SET).iter_rows(named=True)],
        "programme": []
        if weeks is None
        else [_plain(row) for row in weeks.select(PLANNED).iter_rows(named=True)],
    }


def tests(store: Store, athlete_id: int, since: date | None, until: date | None) -> list[dict[str, Any]]:
    """Give the results of a period, each beside the one before it.

    Parameters
    ----------
    store, athlete_id, since, until
        As for `strength`.

    Returns
    -------
    list of dict
        `date`, `measure`, `side`, `value`, `change` (None for a first one), `least_change` and `is_beyond`.

    Source
    ------
    `clinical.changes`.
    """
    changed = _within(changes(store.read(TEST_RESULT, athlete_id)), since, until)
    return [
        {
            "date": row["date"].isoformat(),
            "measure": row["measure"],
            "side": row["side"],
            "value": row["value"],
            "change": row["change"],
            "least_change": BY_ID[row["measure"]].least_change,
            "is_beyond": row["is_beyond"],
        }
        for row in changed.iter_rows(named=True)
    ]


def events(store: Store, athlete_id: int, since: date | None, until: date | None) -> list[dict[str, Any]]:
    """Give what happened in a period: races, illness, travel, visits.

    Parameters
    ----------
    store, athlete_id, since, until
        As for `strength`.

    Returns
    -------
    list of dict
        `date`, `end_date` (None for one day) and `kind`; one that reaches into the period is in it.

    Source
    ------
    ours: words of a person stay on the machine.
    """
    ends = pl.coalesce("end_date", "date")
    first = pl.lit(True) if since is None else ends >= since
    last = pl.lit(True) if until is None else pl.col("date") <= until
    rows = store.read(EVENT, athlete_id).filter(first & last).sort("date", "kind", "source_id")
    return [_plain(row) for row in rows.select("date", "end_date", "kind").iter_rows(named=True)]


def experiment(store: Store, athlete_id: int) -> dict[str, Any] | None:
    """Give the cadence experiment as it is set.

    Parameters
    ----------
    store, athlete_id
        As for `strength`.

    Returns
    -------
    dict or None
        `start`, `target_pct` above the own step rate at the same speed, `end` (None still running); None where none
        is set.

    Source
    ------
    ours.
    """
    found = cadence_experiment.of_runner(store, athlete_id)
    return None if found is None else _plain(vars(found))


def ladder(store: Store, athlete_id: int) -> list[dict[str, Any]]:
    """Give the steps of the return-to-running ladder.

    Parameters
    ----------
    store, athlete_id
        As for `strength`.

    Returns
    -------
    list of dict
        `step`, `walk_s`, `run_s`, `rounds`, `rest_days`, `done_on` (None not yet), `decided_by` (None the template).

    Source
    ------
    `ladder.TEMPLATE`, where nobody set another.
    """
    steps = [_plain(vars(step)) for step in planning.ladder(store, athlete_id)]
    return [{name: value for name, value in step.items() if name != "note"} for step in steps]


def _within(frame: pl.DataFrame, since: date | None, until: date | None) -> pl.DataFrame:
    first = pl.lit(True) if since is None else pl.col("date") >= since
    last = pl.lit(True) if until is None else pl.col("date") <= until
    return frame.filter(first & last)


def _touches(since: date | None) -> pl.Expr:
    return pl.lit(True) if since is None else pl.col("to_date") >= since


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
