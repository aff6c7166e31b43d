"""Keys `plan` and `guardrails` of the report."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from connectors.store import Store
from dashboard import outlook
from dashboard.model.analysis import Analysis
from dashboard.model.guardrail_checks import crossings, untold
from dashboard.model.guardrails import GUARDRAILS, Crossing
from dashboard.model.planned import monday

KEYS = ("local_date", "load_tkm", "acute_tkm", "habitual_tkm", "ratio", "ratio_low", "ratio_high")


NO_DAY = date(2000, 1, 1)
"""Stands for today where no day is known: nothing is planned then, so nothing is reckoned from it."""


def plan_section(store: Store, athlete_id: int, analysis: Analysis) -> dict[str, Any]:
    """Give plan and guardrails as plain values.

    Parameters
    ----------
    store : Store
        Where they are kept.
    athlete_id : int
        Runner on this machine, from 1.
    analysis : Analysis
        Of the same runner.

    Returns
    -------
    dict
        `plan`: `runs` planned (kilometres, seconds, metres, tkm; null not said or not known), `days` projected to
        the end of the last planned week, `weeks` with planned and done. `guardrails`: each with its value, unit,
        who set it, `crossed` (null where it is off) and whether it could be checked. No note of a person is in it.

    Raises
    ------
    StoreError
        When the store cannot be read.

    Source
    ------
    ours: the same as on the Plan page.
    """
    start = analysis.days.filter("known")["local_date"].max()
    today = start if isinstance(start, date) else NO_DAY
    first = outlook.outlook(store, athlete_id, analysis, today, today)
    last = max((run.date for run in first.plan), default=today)
    until = max(today, monday(last) + timedelta(days=6)) if first.plan else today
    seen = outlook.outlook(store, athlete_id, analysis, until, today)
    return {"plan": _plan(store, athlete_id, analysis, seen, today), "guardrails": _guardrails(seen)}


def _plan(
    store: Store, athlete_id: int, analysis: Analysis, seen: outlook.Outlook, today: date
) -> dict[str, Any]:
    weeks = outlook.done_beside(store, athlete_id, analysis, seen, today).to_dicts()
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


def _guardrails(seen: outlook.Outlook) -> list[dict[str, Any]]:
    crossed = crossings(seen.plan, seen.limits, seen.ground)
    return [
        {
            "id": rule.id,
            "value": seen.limits[rule.id].value if rule.has_value else seen.ground.threshold,
            "unit": rule.unit,
            "is_on": seen.limits[rule.id].is_on,
            "decided_by": seen.limits[rule.id].decided_by,
            "checked": not untold(rule.id, seen.plan, seen.ground),
            "crossed": _crossed(crossed[rule.id]) if rule.id in crossed else None,
        }
        for rule in GUARDRAILS
    ]


def _crossed(found: list[Crossing]) -> list[dict[str, Any]]:
    return [
        {"date": one.date.isoformat(), "amount": one.amount, "limit": one.limit, "kind": one.kind}
        for one in found
    ]


def _km(metres: float | None) -> float | None:
    return None if metres is None else metres / 1000
