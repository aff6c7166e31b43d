"""The list of runners: one summary row for each, made again in the background, and an order with its reason."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from statistics import median
from typing import Any

import polars as pl

from connectors.errors import HeelwiseError
from connectors.frames import (
    ACTIVITY,
    EDIT,
    GUARDRAIL,
    PROGRAMME,
    SHOE,
    SHOE_FACT,
    STRENGTH,
    SYMPTOM,
    VISIT,
)
from connectors.store import Runner, Store
from connectors.store.summaries import Summary
from dashboard.plan.limit_review import limit_reviews
from dashboard.shared import pipeline, visits
from dashboard.shared.text import WARNING_SIGN
from dashboard.strength.progress import programme_progress

FORTNIGHT = 14
"""Days looked back on for symptoms and for what was logged; short enough to be now."""
RISEN_BY = 2.0
"""Of 10, above the last visit: twice the smallest difference that means something to a person. Design choice."""
SILENT_DAYS = 7
SCORES = (
    "morning_pain_0_10",
    "pain_start_0_10",
    "pain_during_0_10",
    "pain_after_0_10",
    "morning_stiffness_0_10",
)
UNTIL_A_VISIT_DAYS = 28
"""Days looked back on for limits where no visit is on record. Design choice: two fortnights."""
_PARTS = (SYMPTOM, VISIT, STRENGTH, PROGRAMME, GUARDRAIL)
_OF_LIMITS = (ACTIVITY, EDIT, SHOE, SHOE_FACT)
"""What a limit is held against; read for those who have one, since it takes the load of every run."""
_refreshing = threading.Lock()


@dataclass(frozen=True)
class RunnerSummary:
    """What the list shows of one runner; None is unknown. Dates are ISO."""

    day: str
    side: str | None = None
    last_visit: str | None = None
    review: str | None = None
    symptoms_now: float | None = None
    symptoms_then: float | None = None
    logged_days: int = 0
    last_logged: str | None = None
    sets_done: int | None = None
    sets_agreed: int | None = None
    warning_sign: str | None = None
    limits_set: int | None = None
    """Limits that a person set and that counted since the last visit; None where there is none."""
    limits_kept: int = 0
    limits_unknown: int = 0
    limit_crossed: str | None = None
    """Title of the first limit that was not kept."""


@dataclass(frozen=True)
class ListedRunner:
    """One row of the list: whose, what is known, why it stands where it stands, and from when it is if not of now."""

    runner: Runner
    summary: RunnerSummary
    rank: int
    reason: str
    stale_since: float | None = None


def fingerprint(versions: Mapping[str, int], sign: str | None, day: date) -> str:
    """Return what a summary was made from: the versions of its parts, and the day."""
    parts = (*_PARTS, *_OF_LIMITS) if versions.get(GUARDRAIL.name) else _PARTS
    return f"{day} " + " ".join(f"{versions.get(part.name, 0)}" for part in parts) + f" {sign or ''}"


def summarise(store: Store, athlete_id: int, today: date) -> RunnerSummary:
    """Work out the summary of one runner: diary, visits, sets; and the load of every run where a limit is set."""
    symptoms = store.read(SYMPTOM, athlete_id)
    visit = visits.visit_before(store, athlete_id, today + timedelta(days=1))
    agreed = visits.agreed_at(store, athlete_id)
    days = _worst_by_day(symptoms)
    recent = {day for day in days if today - timedelta(days=FORTNIGHT) < day <= today}
    done, planned = _sets(store, athlete_id, today)
    return RunnerSummary(
        day=today.isoformat(),
        side=_side(symptoms),
        last_visit=_iso(visit),
        review=_iso(agreed.review if agreed else None),
        symptoms_now=_middle(days, today),
        symptoms_then=_middle(days, visit) if visit else None,
        logged_days=len(recent),
        last_logged=_iso(max(days, default=None)),
        sets_done=done,
        sets_agreed=planned,
        warning_sign=store.bookmarks(athlete_id).get(WARNING_SIGN),
        **_limits(store, athlete_id, visit, today),
    )


def has_limits(store: Store, athlete_id: int) -> bool:
    """Return whether a person set a limit; what it is held against takes the load of every run."""
    return not store.read(GUARDRAIL, athlete_id).is_empty()


def _limits(store: Store, athlete_id: int, visit: date | None, today: date) -> dict[str, Any]:
    """Look back on the limits that counted since the last visit; one of several periods of a limit counts once."""
    if not has_limits(store, athlete_id):
        return {}
    since = visit or today - timedelta(days=UNTIL_A_VISIT_DAYS)
    reviews = limit_reviews(store, athlete_id, pipeline.analysis_of(store, athlete_id), since, today)
    verdicts: dict[str, set[str]] = {}
    for one in reviews:
        verdicts.setdefault(one.rule.title, set()).add(one.verdict)
    crossed = [title for title, each in verdicts.items() if "crossed" in each]
    unknown = [title for title, each in verdicts.items() if each == {"unknown"}]
    return {
        "limits_set": len(verdicts) or None,
        "limits_kept": len(verdicts) - len(crossed) - len(unknown),
        "limits_unknown": len(unknown),
        "limit_crossed": crossed[0] if crossed else None,
    }


def _worst_by_day(symptoms: pl.DataFrame) -> dict[date, float | None]:
    worst = (
        symptoms.select("date", worst=pl.max_horizontal(SCORES)).group_by("date").agg(pl.col("worst").max())
    )
    return dict(worst.iter_rows())


def _middle(days: Mapping[date, float | None], until: date) -> float | None:
    """Return the median of the worst score of each logged day of a fortnight."""
    scores = [
        score
        for day, score in days.items()
        if score is not None and until - timedelta(days=FORTNIGHT) < day <= until
    ]
    return float(median(scores)) if scores else None


def _side(symptoms: pl.DataFrame) -> str | None:
    sides = symptoms.sort("date").drop_nulls("side").tail(30)["side"]
    return None if sides.is_empty() else str(sides.mode().sort()[0])


def _sets(store: Store, athlete_id: int, today: date) -> tuple[int | None, int | None]:
    """Return the sets done and agreed of the weeks that today lies in; None without a programme."""
    progress = programme_progress(store.read(PROGRAMME, athlete_id), store.read(STRENGTH, athlete_id), today)
    now = progress.filter(
        pl.lit(today).is_between("from_date", "to_date"), pl.col("planned_sets").is_not_null()
    )
    if now.is_empty():
        return None, None
    return int(now["logged_sets"].sum()), round(now["planned_sets"].sum())


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def list_runners(store: Store, today: date) -> list[ListedRunner]:
    """List every real runner who is not put away, from the stored rows alone; nothing is waited for."""
    summaries, versions = store.summaries(), store.versions()
    rows = [
        _listed(one, summaries.get(one.athlete_id), versions.get(one.athlete_id, {}), today)
        for one in store.runners()
        if not one.is_demo and not one.is_archived
    ]
    return sorted(rows, key=lambda row: (row.rank, _by_visit(row), row.runner.label.casefold()))


def _by_visit(row: ListedRunner) -> str:
    """Order the rest by last visit, the longest ago first; no visit yet comes last."""
    return row.summary.last_visit or "9999"


def _listed(one: Runner, stored: Summary | None, versions: Mapping[str, int], today: date) -> ListedRunner:
    if stored is None:
        return ListedRunner(one, RunnerSummary(today.isoformat()), 6, "not worked out yet", 0.0)
    known = {field.name for field in fields(RunnerSummary)}
    summary = RunnerSummary(**{name: value for name, value in stored.value.items() if name in known})
    rank, reason = why(summary, today)
    is_fresh = stored.fingerprint == fingerprint(versions, summary.warning_sign, today)
    return ListedRunner(one, summary, rank, reason, None if is_fresh else stored.made_s)


def why(summary: RunnerSummary, today: date) -> tuple[int, str]:
    """Return where a runner stands in the list and why: an order, no score."""
    if summary.warning_sign and (today - date.fromisoformat(summary.warning_sign)).days < FORTNIGHT:
        return 1, "a sign to show a doctor was answered yes"
    if summary.review and date.fromisoformat(summary.review) < today:
        return 2, "review overdue"
    now, then = summary.symptoms_now, summary.symptoms_then
    if now is not None and then is not None and now >= then + RISEN_BY:
        return 3, f"symptoms {now - then:g} of 10 above the last visit"
    if summary.limit_crossed:
        return 4, f"limit not kept: {summary.limit_crossed}"
    last = summary.last_logged
    if last is None or (today - date.fromisoformat(last)).days >= SILENT_DAYS:
        return 5, "nothing logged for 7 days" if last else "nothing logged yet"
    return 6, ""


def refresh(store: Store, today: date, only: Iterable[int] | None = None) -> int:
    """Make again each summary that no longer fits its runner's record; returns how many were."""
    summaries, versions = store.summaries(), store.versions()
    wanted = {one.athlete_id for one in store.runners() if not one.is_demo and not one.is_archived}
    made = 0
    for athlete_id in sorted(wanted if only is None else wanted & set(only)):
        sign = store.bookmarks(athlete_id).get(WARNING_SIGN)
        mark = fingerprint(versions.get(athlete_id, {}), sign, today)
        stored = summaries.get(athlete_id)
        if stored is None or stored.fingerprint != mark:
            store.save_summary(athlete_id, mark, asdict(summarise(store, athlete_id, today)))
            made += 1
    return made


def refresh_shown(store: Store, today: date, athlete_id: int) -> None:
    """Make the summary of the runner shown again: at once where that is quick, else beside the page."""
    if has_limits(store, athlete_id):
        refresh_in_background(store, today, [athlete_id])
    else:
        refresh(store, today, [athlete_id])


def refresh_in_background(
    store: Store, today: date, only: Iterable[int] | None = None
) -> threading.Thread | None:
    """Make stale summaries again beside the page; None while that is going on already, or nothing is stale."""
    wanted = None if only is None else set(only)
    stale = [
        row
        for row in list_runners(store, today)
        if row.stale_since is not None and (wanted is None or row.runner.athlete_id in wanted)
    ]
    if not stale or not _refreshing.acquire(blocking=False):
        return None
    thread = threading.Thread(
        target=_refresh_and_release, args=(store, today, only), name="heelwise-runners", daemon=True
    )
    thread.start()
    return thread


def _refresh_and_release(store: Store, today: date, only: Iterable[int] | None) -> None:
    try:
        refresh(store, today, only)
    except HeelwiseError:
        return  # the row stays stale, with its date; the store's own page says what is wrong with it
    finally:
        _refreshing.release()


def sort_rows(rows: list[ListedRunner], column: str | None, today: date) -> list[ListedRunner]:
    """Sort by a column, what is unknown last; equal rows by label. Without a column, the list's own order."""
    if column is None or column not in COLUMNS:
        return rows
    value = COLUMNS[column]

    def key(row: ListedRunner) -> tuple[bool, Any, str]:
        known = value(row, today)
        return (known is None, 0 if known is None else known, row.runner.label.casefold())

    return sorted(rows, key=key)


COLUMNS: Mapping[str, Any] = {
    "label": lambda row, today: row.runner.label.casefold(),
    "heel": lambda row, today: row.summary.side,
    "visit": lambda row, today: _days(row.summary.last_visit, today),
    "review": lambda row, today: row.summary.review,
    "symptoms": lambda row, today: None if row.summary.symptoms_now is None else -row.summary.symptoms_now,
    "logged": lambda row, today: row.summary.logged_days,
    "sets": lambda row, today: (
        row.summary.sets_done / row.summary.sets_agreed
        if row.summary.sets_done is not None and row.summary.sets_agreed
        else None
    ),
    "limits": lambda row, today: (
        row.summary.limits_kept / row.summary.limits_set if row.summary.limits_set else None
    ),
    "reason": lambda row, today: row.rank,
}
"""How each column sorts; symptoms the highest first."""


def _days(day: str | None, today: date) -> int | None:
    return None if day is None else (today - date.fromisoformat(day)).days
