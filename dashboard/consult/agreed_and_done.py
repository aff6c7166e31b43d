"""What was agreed at the last visit and what was done of it: limits, sets, ladder, and tests then and now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from connectors.frames import LADDER, PROGRAMME, STRENGTH
from connectors.plural import count
from connectors.store import Store
from dashboard.model.analysis import Analysis
from dashboard.plan.ladder import read_ladder, step_in_words
from dashboard.plan.limit_review import limit_reviews
from dashboard.plan.limit_text import reviews_in_words
from dashboard.shared import text, visits
from dashboard.shared.units import Units
from dashboard.strength.clinical_tests import BY_ID, is_beyond, result_changes
from dashboard.strength.progress import programme_progress

AGREED = "Agreed: {note}"
REVIEW = "Review was set for {day}."
NOTHING_AGREED = "No step, limit, programme or ladder was noted at that visit."
SETS = "{programme}: {done} of {planned} sets done in {weeks} ({parts})."
SETS_OPEN = "{programme}: {done} sets done in {weeks}; how many were agreed is not said."
SETS_SO_FAR = "{programme}: {done} of {planned} sets done so far this week."
LADDER_UP = "Ladder: {before} → {now}."
LADDER_SAME = "Ladder: {before}, no further step since."
NO_STEP = "no step"
TESTED = "{name}: {before} ({before_day}) → {now} ({day}): {change}{beyond}."
TESTED_FIRST = "{name}: {now} ({day}), not tested before that visit."
NOT_TESTED = "{name}: {before} ({before_day}), not tested since."
NO_TESTS = "No test is on record."


def agreed_in_words(
    store: Store, athlete_id: int, analysis: Analysis, visit: date, today: date, units: Units
) -> list[str]:
    """Describe what was agreed at a visit and what was done of it."""
    notes = visits.visit_notes(store, athlete_id, visit)
    agreed, review = notes.get(("agreed", None), {}), notes.get(("review", None), {})
    lines = [AGREED.format(note=agreed["note"])] if agreed.get("note") else []
    lines += [REVIEW.format(day=text.day_in_words(review["on_date"]))] if review.get("on_date") else []
    lines += reviews_in_words(limit_reviews(store, athlete_id, analysis, visit, today), units)
    lines += sets_in_words(store.read(PROGRAMME, athlete_id), store.read(STRENGTH, athlete_id), visit, today)
    lines += ladder_in_words(store.read(LADDER, athlete_id), visit, today)
    return lines or [NOTHING_AGREED]


def sets_in_words(programme: pl.DataFrame, strength: pl.DataFrame, visit: date, today: date) -> list[str]:
    """Describe the sets of each programme in the weeks that ended since a visit, or in the one under way."""
    weeks = programme_progress(programme, strength, today).filter(pl.col("to_date") > visit)
    lines = []
    for (name, _), rows in weeks.group_by("programme", "start_date", maintain_order=True):
        ended = rows.filter(pl.col("to_date") < today)
        lines.append(_sets(str(name), ended if ended.height else rows, is_ended=ended.height > 0))
    return lines


def _sets(name: str, rows: pl.DataFrame, is_ended: bool) -> str:
    done, weeks = int(rows["logged_sets"].sum()), count(rows["week"].n_unique(), "week")
    if rows["planned_sets"].null_count():
        return SETS_OPEN.format(programme=name, done=done, weeks=weeks)
    planned = f"{rows['planned_sets'].sum():g}"
    if not is_ended:
        return SETS_SO_FAR.format(programme=name, done=done, planned=planned)
    each = rows.group_by("exercise", maintain_order=True).agg(pl.col("logged_sets", "planned_sets").sum())
    parts = "; ".join(f"{exercise} {own} of {asked:g}" for exercise, own, asked in each.rows())
    return SETS.format(programme=name, done=done, planned=planned, weeks=weeks, parts=parts)


def ladder_in_words(rows: pl.DataFrame, visit: date, today: date) -> list[str]:
    """Describe the highest step of the ladder done by a visit and now; nothing where no step was done."""
    steps = read_ladder(rows)

    def reached(day: date) -> str:
        done = [one for one in steps if one.done_on is not None and one.done_on <= day]
        last = max(done, key=lambda one: (one.done_on or date.min, one.step), default=None)
        return NO_STEP if last is None else f"step {last.step} ({step_in_words(last)})"

    before, now = reached(visit), reached(today)
    if now == NO_STEP:
        return []
    return [LADDER_SAME.format(before=before) if before == now else LADDER_UP.format(before=before, now=now)]


def results_in_words(results: pl.DataFrame, visit: date, today: date) -> list[str]:
    """Describe each test as it stood by a visit and now."""
    by_day = result_changes(results).filter(pl.col("date") <= today).sort("date")
    lines = []
    for measure in BY_ID.values():
        own = by_day.filter(pl.col("measure") == measure.id)
        for side in own["side"].unique().sort():
            of_side = own.filter(pl.col("side").eq_missing(pl.lit(side)))
            name = measure.title + (f", {text.SIDE_NAMES[side].lower()}" if side else "")
            lines.append(_test(name, measure.id, of_side, visit))
    return lines or [NO_TESTS]


def _test(name: str, measure: str, rows: pl.DataFrame, visit: date) -> str:
    before, now = (
        _last(rows.filter(part).iter_rows(named=True))
        for part in (pl.col("date") <= visit, pl.col("date") > visit)
    )
    values = {
        "name": name,
        **({"before": f"{before[1]:g}", "before_day": text.day_in_words(before[0], False)} if before else {}),
        **({"now": f"{now[1]:g}", "day": text.day_in_words(now[0], False)} if now else {}),
    }
    if before is None:
        return TESTED_FIRST.format(**values)
    if now is None:
        return NOT_TESTED.format(**values)
    change = now[1] - before[1]
    beyond = " (counts as a change)" if is_beyond(measure, change) else " (too small to count as a change)"
    return TESTED.format(**values, change=_signed(change), beyond=beyond if change else "")


def _signed(change: float) -> str:
    return f"{change:+g}".replace("-", "−") if change else "no change"


def _last(rows: Iterable[dict]) -> tuple[date, float] | None:
    dated = [(row["date"], row["value"]) for row in rows]
    return dated[-1] if dated else None
