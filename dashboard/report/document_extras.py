"""Keys `plan` and `guardrails` of the report."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl

from connectors.frames import EVENT, PROGRAMME, STRENGTH, TEST_RESULT, VISIT
from connectors.store import Store
from dashboard.cadence import experiment as cadence_experiment
from dashboard.diary.statements import episodes_json, statements_json
from dashboard.model.analysis import Analysis
from dashboard.plan import service
from dashboard.plan.guardrails.base import Violation, load_guardrails
from dashboard.plan.limits import is_checked, limit_unit, limit_value, violations
from dashboard.plan.planned_runs import monday
from dashboard.strength.clinical_tests import BY_ID, result_changes
from dashboard.strength.progress import programme_progress

KEYS = ("local_date", "load_tkm", "acute_tkm", "habitual_tkm", "ratio", "ratio_low", "ratio_high")


NO_DAY = date(2000, 1, 1)
"""Stands for today where no day is known: nothing is planned then, so nothing is reckoned from it."""


def plan_json(store: Store, athlete_id: int, analysis: Analysis) -> dict[str, Any]:
    """Return plan and guardrails as plain values.

    The same as on the Plan page.
    """
    start = analysis.days.filter("known")["local_date"].max()
    today = start if isinstance(start, date) else NO_DAY
    first = service.project_plan(store, athlete_id, analysis, today, today)
    last = max((run.date for run in first.plan), default=today)
    until = max(today, monday(last) + timedelta(days=6)) if first.plan else today
    projection = service.project_plan(store, athlete_id, analysis, until, today) if until > today else first
    return {
        "plan": _plan(store, athlete_id, analysis, projection, today),
        "guardrails": _guardrails(projection),
    }


def _plan(
    store: Store, athlete_id: int, analysis: Analysis, seen: service.PlanProjection, today: date
) -> dict[str, Any]:
    weeks = service.done_and_planned(store, athlete_id, analysis, seen, today).to_dicts()
    days = seen.projection.filter("is_planned").select(KEYS).rename({"local_date": "date"}).to_dicts()
    return {
        "runs": [
            {
                "date": run.date.isoformat(),
                "distance_km": None if run.distance_m is None else run.distance_m / 1000,
                "fast_s": run.fast_s,
                "ascent_m": run.ascent_m,
                "descent_m": run.descent_m,
                "shoe": run.shoe_id,
                "load_tkm": load,
            }
            for run, load in zip(seen.plan, seen.loads, strict=True)
        ],
        "days": [{**day, "date": day["date"].isoformat()} for day in days],
        "weeks": [
            {
                "from": week["week"].isoformat(),
                **{f"{n}_km": _km(week[f"{n}_m"]) for n in ("planned", "done", "difference")},
            }
            for week in weeks
        ],
    }


def _guardrails(seen: service.PlanProjection) -> list[dict[str, Any]]:
    crossed = violations(seen.plan, seen.limits, seen.context)
    return [
        {
            "id": rule.id,
            "value": seen.limits[rule.id].value if rule.has_value else seen.context.threshold,
            "unit": limit_unit(rule, seen.limits[rule.id]),
            "is_on": seen.limits[rule.id].is_on,
            "decided_by": seen.limits[rule.id].decided_by,
            "checked": is_checked(rule, seen.limits[rule.id], seen.plan, seen.context),
            "measure": seen.limits[rule.id].measure if rule.week else None,
            "amount_a_week": limit_value(rule, seen.limits[rule.id], seen.context.usual)
            if rule.week
            else None,
            "from": _date(seen.limits[rule.id].from_date),
            "until": _date(seen.limits[rule.id].until_date),
            "crossed": _crossed(crossed[rule.id]) if rule.id in crossed else None,
        }
        for rule in load_guardrails()
    ]


def _crossed(violations: list[Violation]) -> list[dict[str, Any]]:
    return [
        {"date": one.date.isoformat(), "amount": one.amount, "limit": one.limit, "kind": one.kind}
        for one in violations
    ]


def _date(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _km(metres: float | None) -> float | None:
    return None if metres is None else metres / 1000


SET_FIELDS = (
    "date", "exercise", "kind", "knee", "side", "set_number", "repetitions", "load_kg", "hold_s", "tempo", "pain_0_10",
)  # fmt: skip
PLANNED = (
    "programme", "week", "from_date", "to_date", "exercise", "planned_days", "planned_sets", "planned_repetitions",
    "planned_load_kg", "logged_days", "logged_sets", "logged_repetitions", "logged_load_kg",
)  # fmt: skip


VISIT_FIELDS = ("date", "topic", "subject", "opinion", "on_date", "note")


def entered_json(store: Store, athlete_id: int, since: date | None, until: date | None) -> dict[str, Any]:
    """Return what a person entered in a period, beside runs and symptoms."""
    return {
        "strength": strength_json(store, athlete_id, since, until),
        "tests": tests_json(store, athlete_id, since, until),
        "events": events_json(store, athlete_id, since, until),
        "episodes": episodes_json(store, athlete_id),
        "statements": statements_json(store, athlete_id, since, until),
        "cadence_experiment": experiment_json(store, athlete_id),
        "ladder": ladder_json(store, athlete_id),
        "visits": visits_json(store, athlete_id, since, until),
    }


def strength_json(store: Store, athlete_id: int, since: date | None, until: date | None) -> dict[str, Any]:
    """Return the sets of a period, and its weeks of programmes.

    Keys are only ever added to the report.
    """
    ledger = store.read(STRENGTH, athlete_id)
    sets = _within(ledger, since, until).sort("date", "exercise", "side", "set_number", "source_id")
    ends = [day for day in (ledger["date"].max(), until) if isinstance(day, date)]
    planned = store.read(PROGRAMME, athlete_id)
    last = until or max([*ends, *planned["start_date"].to_list()], default=None)
    weeks = programme_progress(planned, ledger, last).filter(_touches(since)) if last else None
    return {
        "sets": [_plain(row) for row in sets.select(SET_FIELDS).iter_rows(named=True)],
        "programme": []
        if weeks is None
        else [_plain(row) for row in weeks.select(PLANNED).iter_rows(named=True)],
    }


def tests_json(store: Store, athlete_id: int, since: date | None, until: date | None) -> list[dict[str, Any]]:
    """Return the results of a period, each beside the one before it.

    `clinical_tests.result_changes`.
    """
    changed = _within(result_changes(store.read(TEST_RESULT, athlete_id)), since, until)
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


def events_json(
    store: Store, athlete_id: int, since: date | None, until: date | None
) -> list[dict[str, Any]]:
    """Return what happened in a period: races, illness, travel, visits.

    Words of a person stay on the machine.
    """
    ends = pl.coalesce("end_date", "date")
    first = pl.lit(True) if since is None else ends >= since
    last = pl.lit(True) if until is None else pl.col("date") <= until
    rows = store.read(EVENT, athlete_id).filter(first & last).sort("date", "kind", "source_id")
    return [_plain(row) for row in rows.select("date", "end_date", "kind").iter_rows(named=True)]


def visits_json(
    store: Store, athlete_id: int, since: date | None, until: date | None
) -> list[dict[str, Any]]:
    """Return what was noted at the consults of a period; these words were written for the page."""
    rows = _within(store.read(VISIT, athlete_id), since, until).sort("date", "topic", "subject", "source_id")
    return [_plain(row) for row in rows.select(VISIT_FIELDS).iter_rows(named=True)]


def experiment_json(store: Store, athlete_id: int) -> dict[str, Any] | None:
    """Return the cadence experiment as it is set."""
    experiment = cadence_experiment.load_experiment(store, athlete_id)
    return None if experiment is None else _plain(vars(experiment))


def ladder_json(store: Store, athlete_id: int) -> list[dict[str, Any]]:
    """Return the steps of the return-to-running ladder.

    `ladder.LADDER_TEMPLATE`, where nobody set another.
    """
    steps = [_plain(vars(step)) for step in service.load_ladder(store, athlete_id)]
    return [{name: value for name, value in step.items() if name != "note"} for step in steps]


def _within(frame: pl.DataFrame, since: date | None, until: date | None) -> pl.DataFrame:
    first = pl.lit(True) if since is None else pl.col("date") >= since
    last = pl.lit(True) if until is None else pl.col("date") <= until
    return frame.filter(first & last)


def _touches(since: date | None) -> pl.Expr:
    return pl.lit(True) if since is None else pl.col("to_date") >= since


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
