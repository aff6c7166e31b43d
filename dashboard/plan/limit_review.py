"""Looking back on limits that persons set: whether each was kept, on which days it was not, and which are unknown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Literal

import polars as pl

from connectors.frames import GUARDRAIL, SYMPTOM
from connectors.shoes.shoe_facts import shoe_facts
from connectors.store import Store
from dashboard.model.analysis import Analysis
from dashboard.model.pain_rule import PainState, pain_rule
from dashboard.plan.guardrails.base import (
    TOLERANCE,
    WEEK_TOLERANCE,
    Guardrail,
    PlanContext,
    WeekChannel,
    load_guardrails,
    watched_pairs,
)
from dashboard.plan.limits import DAY, GuardrailLimit, History, limit_histories, limit_on, limit_value
from dashboard.plan.planned_runs import PlannedRun, done_runs, monday
from dashboard.plan.usual_week import UsualWeek, usual_week

LOOK_BACK_DAYS = 60
TRACES = {"time": 60.0, "height": 10.0}
"""What a recording finds in a day where there was none: below it, none was kept to. Design choice."""
LimitVerdict = Literal["kept", "crossed", "unknown"]


@dataclass(frozen=True)
class OverDay:
    """One date on which a limit was not kept: what that day had, and what the week had come to, or the day alone."""

    date: date
    amount: float
    total: float


@dataclass(frozen=True)
class LimitReview:
    """One limit over the dates on which it counted."""

    rule: Guardrail
    limit: GuardrailLimit
    first: date
    last: date
    value: float | None
    """What was held against; None where the usual week was not known when the limit was set."""
    over: tuple[OverDay, ...]
    unknown: tuple[date, ...]
    """Dates that the record does not reach, or whose runs do not say how much."""

    @property
    def verdict(self) -> LimitVerdict:
        """Return whether it was kept: not kept wherever one day is over it, unknown where no day says anything."""
        if self.over:
            return "crossed"
        days = (self.last - self.first).days + 1
        return "unknown" if self.value is None or len(self.unknown) >= days else "kept"


def limit_reviews(
    store: Store, athlete_id: int, analysis: Analysis, since: date, today: date
) -> tuple[LimitReview, ...]:
    """Read the limits of one runner and look back on each that counted after a date."""
    return review_limits(
        store.read(GUARDRAIL, athlete_id),
        analysis,
        store.read(SYMPTOM, athlete_id),
        shoe_facts(store.shoes(athlete_id)),
        since,
        today,
    )


def review_limits(
    rows: pl.DataFrame,
    analysis: Analysis,
    symptoms: pl.DataFrame,
    shoes: pl.DataFrame,
    since: date,
    today: date,
) -> tuple[LimitReview, ...]:
    """Look back on every limit that a person set and that counted after a date, in the order of the list."""
    histories = limit_histories(rows)
    record = _Record(analysis, symptoms, shoes)
    reviews = []
    for rule in load_guardrails():
        if rule.id not in histories or not rule.has_value:
            continue
        for limit, first, last in limit_periods(rule, histories[rule.id], since + DAY, today):
            reviewed = record.review(rule, limit, first, last, today)
            if reviewed is not None:
                reviews.append(reviewed)
    return tuple(reviews)


def limit_periods(
    rule: Guardrail, history: History, first: date, last: date
) -> Iterator[tuple[GuardrailLimit, date, date]]:
    """Return each limit set by a person with the dates on which it counted, from the day after it was set."""
    day = first
    while day <= last:
        limit = limit_on(rule, history, day)
        changes = [one.from_date for one in history if one.from_date and one.from_date > day]
        ends = [limit.until_date + DAY] if limit.until_date else []
        following = min([*changes, *ends, last + DAY])
        begins = max(day, limit.from_date + DAY) if limit.from_date else day
        if limit.decided_by is not None and limit.is_on and begins < following:
            yield replace(limit, then=None, ended=None), begins, following - DAY
        day = following


class _Record:
    """What a runner did, as a limit is held against it."""

    def __init__(self, analysis: Analysis, symptoms: pl.DataFrame, shoes: pl.DataFrame) -> None:
        self.analysis, self.symptoms, self.shoes = analysis, symptoms, shoes
        self.days = {row["local_date"]: row for row in analysis.days.iter_rows(named=True)}
        self.usual_before = cache(self._usual_before)

    def review(
        self, rule: Guardrail, limit: GuardrailLimit, first: date, last: date, today: date
    ) -> LimitReview | None:
        """Hold one limit against some dates; today counts only where something is known of it."""
        channel = rule.week.day if rule.week else "known"
        if last == today and self._day(today, channel) is None:
            last -= DAY
        if last < first:
            return None
        usual = self.usual_before(limit.from_date or first)
        value = limit_value(rule, limit, usual)
        dates = [first + n * DAY for n in range((last - first).days + 1)]
        if rule.week is not None:
            over = [] if value is None else self._over_week(rule.week, value, dates)
            unknown = [day for day in dates if self._day(day, channel) is None]
        elif rule.is_of_log:
            over, unknown = self._over_log(limit.value, dates)
        else:
            over = self._over_runs(rule, limit.value, dates, usual)
            unknown = [day for day in dates if self._day(day, channel) is None]
        return LimitReview(rule, limit, first, last, value, tuple(over), tuple(unknown))

    def _usual_before(self, day: date) -> UsualWeek:
        """The usual week as it was known when a limit was set."""
        known = pl.col("local_date") <= day
        analysis = self.analysis
        runs, days = analysis.runs.filter(known), analysis.days.filter(known)
        return usual_week(runs, days, analysis.personal, analysis.settings)

    def _day(self, day: date, channel: str) -> float | None:
        """Amount of one day; None where no record reaches it, or a run of it does not say."""
        row = self.days.get(day)
        if row is None or not row["known"]:
            return None
        return row[channel] if row["runs"] or channel in ("known", "runs") else 0.0

    def _over_week(self, channel: WeekChannel, value: float, dates: Sequence[date]) -> list[OverDay]:
        """Days that took their week beyond the limit, or added to it after that."""
        over: list[OverDay] = []
        total, week = 0.0, None
        trace = 0.0 if value else TRACES.get(channel.kind, 0.0)
        for day in dates:
            if monday(day) != week:
                total, week = 0.0, monday(day)
            amount = self._day(day, channel.day) or 0.0
            amount = amount if amount >= trace else 0.0
            total += amount
            if amount and total > value * (1 + WEEK_TOLERANCE) + TOLERANCE:
                over.append(OverDay(day, amount, total))
        return over

    def _over_log(self, value: float, dates: Sequence[date]) -> tuple[list[OverDay], list[date]]:
        """Days with more pain during or after a run than the limit, and days with a run and no entry."""
        crossed = pain_rule(self.symptoms, dates[-1], value, len(dates)).crossed
        over = [OverDay(one.date, one.amount, one.amount) for one in crossed if one.part == "run"]
        logged = set(self.symptoms["date"])
        return over, [day for day in dates if self._day(day, "runs") != 0 and day not in logged]

    def _over_runs(
        self, rule: Guardrail, value: float, dates: Sequence[date], usual: UsualWeek
    ) -> list[OverDay]:
        """Hold what was run against a guardrail as if it had been the plan."""
        first, last = dates[0], dates[-1]
        runs = self.analysis.runs
        before = done_runs(runs, first - timedelta(days=LOOK_BACK_DAYS), first - DAY)
        inside = done_runs(runs, first, last)
        watched, pair = watched_pairs(runs.filter(pl.col("local_date") < first), self.shoes)
        loads = _loads(runs, (*before, *inside))
        context = PlanContext(usual, before, first - DAY, PainState((), ()), watched, pair, load_of=loads.get)
        return [OverDay(one.date, one.amount, one.amount) for one in rule.check(inside, value, context)]


def _loads(runs: pl.DataFrame, done: Sequence[PlannedRun]) -> dict[PlannedRun, float | None]:
    """Load of each run that was done, found by its date, length and pair."""
    known = {
        (row["local_date"], row["distance_m"], row["shoe_id"]): row["load_tkm"]
        for row in runs.iter_rows(named=True)
    }
    return {run: known.get((run.date, run.distance_m, run.shoe_id)) for run in done}
