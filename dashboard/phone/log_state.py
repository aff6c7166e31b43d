"""What the phone's log shows: which days are logged, today's own entry, today's plan, and runs to speak of."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from connectors.frames import PLAN, PROGRAMME, STRENGTH, SYMPTOM
from connectors.store import Store
from dashboard.access.identity import Identity
from dashboard.diary import entries, text
from dashboard.diary.questions import questions_of
from dashboard.diary.run_to_ask import answered_fields, first_run, runs_to_ask
from dashboard.plan import planned_runs
from dashboard.plan import text as plan_text
from dashboard.shared.units import Units, units_from_settings
from dashboard.strength import prescription_text
from dashboard.strength.progress import week_of

DATES_APART = timedelta(days=2)
"""How far the phone's date may lie from the server's before the server's is used."""


def pairing_of(identity: Identity, athlete_id: int) -> str:
    """Return a mark of whose log a phone writes: taps from under another mark are not sent to this one."""
    return f"{identity.kind}-{identity.device_id or 0}-{athlete_id}"


def phone_date(given: str | None, now: datetime) -> date:
    """Return the phone's local date; the server's own where none, or an impossible one, was sent."""
    here = now.astimezone().date()
    try:
        day = date.fromisoformat(given or "")
    except ValueError:
        return here
    return day if abs(day - here) <= DATES_APART else here


def log_state(store: Store, identity: Identity, athlete_id: int, today: date) -> dict[str, Any]:
    """Return what the page draws: nothing earlier than today but whether a day is logged or a run spoken of."""
    runner = next(one for one in store.runners() if one.athlete_id == athlete_id)
    units = units_from_settings(store.settings(athlete_id))
    symptoms = store.read(SYMPTOM, athlete_id)
    days = entries.last_14_days(symptoms, today)
    runs = runs_to_ask(store, athlete_id, today)
    pairs = entries.recent_pairs(store, athlete_id)
    names = store.shoe_names(athlete_id)
    pairs |= {run["shoe_id"]: names[run["shoe_id"]] for run in runs if run["shoe_id"] in names}
    return {
        "whose": pairing_of(identity, athlete_id),
        "label": runner.label,
        "is_demo": runner.is_demo,
        "today": today.isoformat(),
        "days": [{"date": one.date.isoformat(), "is_logged": one.is_logged} for one in days],
        "entry": _entry(entries.entries_on(symptoms, today)),
        "runs": [_run(run, symptoms, today, units) for run in runs],
        "ask_first": first_run(runs, symptoms, today),
        "pairs": [[pair, name] for pair, name in pairs.items()],
        "planned": _planned(store, athlete_id, today, units, names),
        "weight_unit": units.weight_unit,
        "kg_per_unit": units.kilograms(1.0),
    }


def _entry(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return today's own entry; with one for each heel only the words, since an answer belongs to one of them."""
    if not rows:
        return None
    fields = [one.field for group in ("morning", "more", "heel") for one in questions_of(group)]
    return {
        "words": [text.entry_in_words(row) for row in rows],
        "is_morning": bool(entries.with_morning_entry(rows)),
        "values": {name: _plain(rows[0][name]) for name in fields} if len(rows) == 1 else {},
        "is_several": len(rows) > 1,
    }


def _plain(value: Any) -> Any:
    """Return a score of the scale as the whole number that its button has."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _run(run: dict[str, Any], symptoms: pl.DataFrame, today: date, units: Units) -> dict[str, Any]:
    effort, pair, is_today = run["perceived_exertion_0_10"], run["shoe_id"], run["local_date"] == today
    return {
        "id": run["activity_id"],
        "date": run["local_date"].isoformat(),
        "label": text.run_label(run, units),
        "answered": answered_fields(run, symptoms),
        "values": {
            "perceived_exertion_0_10": None if effort is None or not is_today else round(effort),
            "shoe_id": pair if is_today else None,
        },
    }


def _planned(
    store: Store, athlete_id: int, today: date, units: Units, names: dict[str, str]
) -> dict[str, Any]:
    """Return today's single planned runs, and the exercises of this week's programmes with what is logged today."""
    rows = store.read(PLAN, athlete_id).filter(pl.col("date") == today, pl.col("span") == "run")
    runs = [one for one in planned_runs.single_runs(rows) if planned_runs.is_run(one)]
    done = store.read(STRENGTH, athlete_id).filter(pl.col("date") == today)
    counts = dict(done.group_by("exercise").len().iter_rows())
    exercises = [
        {
            "name": row["exercise"],
            "words": prescription_text.prescription_in_words(row, units),
            "logged": counts.get(row["exercise"], 0),
            **{name: row[name] for name in ("sets", "repetitions", "load_kg", "hold_s")},
        }
        for row in store.read(PROGRAMME, athlete_id).sort("start_date", "source_id").to_dicts()
        if row["week_from"] <= week_of(row["start_date"], today) <= row["week_to"]
    ]
    return {"runs": [plan_text.run_in_words(one, units, names) for one in runs], "exercises": exercises}
