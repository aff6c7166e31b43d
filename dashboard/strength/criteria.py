"""What must be true to move on in a programme: each criterion with its source, held against what was logged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import polars as pl

from dashboard.model.pain_rule import MORNING, NEEDED_MORNINGS, pain_rule, settled_mornings
from dashboard.strength.prescription import loads_calf
from dashboard.strength.progress import programme_progress, week_of

LOOK_BACK_DAYS = 14
"""Dates of sets and mornings that are looked at. Design choice."""
TEST_DAYS = 28
"""How old a test may be to speak of now. Design choice."""
MOST_PAIN = 5.0
HEEL_RISES = 10
DONE_SHARE, SYMMETRY, HOP_PAIN = 0.8, 0.9, 2.0
"""By convention and not from a study: sets done of planned, weaker leg of the other, pain on hopping of 10."""

CriterionState = Literal["met", "not_met", "unknown"]
SILBERNAGEL_2007 = "Silbernagel 2007, Am J Sports Med 35:897"
SILBERNAGEL_2020 = "Silbernagel 2020, J Athl Train 55:438 (PMC7249277), table 2"
HEAVY_SOURCE = "Beyer 2015, as in UpToDate graphic 103058"
CUSTOM = "custom"


@dataclass(frozen=True)
class ProgrammeFacts:
    """What was logged of a programme lately; what is None was not logged."""

    set_pain: float | None = None
    set_pain_days: int = 0
    settled: int = 0
    mornings: int = 0
    week_rise: bool | None = None
    done_share: float | None = None
    heel_rises: float | None = None
    symmetry: float | None = None
    hop_pain: float | None = None


@dataclass(frozen=True)
class Criterion:
    """One condition for the next step: its words, where it is from, and how it is read."""

    id: str
    text: str
    source: str
    value: Callable[[ProgrammeFacts], float | None]
    is_met: Callable[[float], bool]


@dataclass(frozen=True)
class CriterionResult:
    """One criterion against the log."""

    criterion: Criterion
    state: CriterionState
    value: float | None


def _settled_share(facts: ProgrammeFacts) -> float | None:
    return facts.settled / facts.mornings if facts.mornings else None


def _rise(facts: ProgrammeFacts) -> float | None:
    return None if facts.week_rise is None else float(facts.week_rise)


SET_PAIN = Criterion(
    "set_pain",
    f"Pain during the sets at most {MOST_PAIN:g} of 10",
    SILBERNAGEL_2007,
    lambda facts: facts.set_pain,
    lambda value: value <= MOST_PAIN,
)
SETTLED = Criterion(
    "settled",
    "Settled by the next morning after every day with sets",
    f"{SILBERNAGEL_2007}; {HEAVY_SOURCE}",
    _settled_share,
    lambda value: value >= 1,
)
NO_RISE = Criterion(
    "no_rise",
    "Mornings no worse than the week before",
    SILBERNAGEL_2007,
    _rise,
    lambda value: not value,
)
DONE = Criterion(
    "done",
    f"At least {DONE_SHARE * 100:.0f} % of the planned sets of the last two weeks done",
    f"{CUSTOM}; that the step before is handled: {SILBERNAGEL_2007}",
    lambda facts: facts.done_share,
    lambda value: value >= DONE_SHARE,
)
RISES = Criterion(
    "rises",
    f"At least {HEEL_RISES} single-leg heel rises on the weaker leg",
    f"{SILBERNAGEL_2020}: difficulty with 10 marks the first phase",
    lambda facts: facts.heel_rises,
    lambda value: value >= HEEL_RISES,
)
EVEN = Criterion(
    "symmetry",
    f"Weaker leg at least {SYMMETRY * 100:.0f} % of the other in heel rises",
    CUSTOM,
    lambda facts: facts.symmetry,
    lambda value: value >= SYMMETRY,
)
HOPS = Criterion(
    "hop_pain",
    f"Pain on hopping at most {HOP_PAIN:g} of 10",
    CUSTOM,
    lambda facts: facts.hop_pain,
    lambda value: value <= HOP_PAIN,
)
TO_HEAVIER = (SET_PAIN, SETTLED, NO_RISE, DONE)
TO_SLOW_HEAVY = (SET_PAIN, SETTLED, NO_RISE, RISES)
TO_PLYOMETRIC = (*TO_HEAVIER, RISES, EVEN, HOPS)


def criteria_for(
    now: Sequence[Mapping[str, Any]], coming: Sequence[Mapping[str, Any]]
) -> tuple[Criterion, ...]:
    """Return what must be true for the next step: most for the first hops, less for another load of one kind."""
    kinds_now, kinds_then = ({row["kind"] for row in rows} for rows in (now, coming))
    if "plyometric" in kinds_then - kinds_now:
        return TO_PLYOMETRIC
    if kinds_now == {"isometric"} and kinds_then & {"slow_heavy", "eccentric"}:
        return TO_SLOW_HEAVY
    return TO_HEAVIER


def following_kind(now: Sequence[Mapping[str, Any]]) -> str | None:
    """Return the kind of calf work that usually follows the last step of a programme; None after the hops."""
    kinds = {row["kind"] for row in now}
    if "plyometric" in kinds:
        return None
    if kinds & {"slow_heavy", "eccentric"} and loads_calf(now):
        return "plyometric"
    return "slow_heavy" if kinds == {"isometric"} and loads_calf(now) else None


def judged(criteria: Sequence[Criterion], facts: ProgrammeFacts) -> list[CriterionResult]:
    """Hold each criterion against the facts; what was not logged is not known, and neither met nor missed."""
    results = []
    for one in criteria:
        value = one.value(facts)
        state = "unknown" if value is None else "met" if one.is_met(value) else "not_met"
        results.append(CriterionResult(one, state, value))
    return results


def programme_facts(
    rows: Sequence[Mapping[str, Any]],
    programme: pl.DataFrame,
    strength: pl.DataFrame,
    symptoms: pl.DataFrame,
    results: pl.DataFrame,
    today: date,
) -> ProgrammeFacts:
    """Gather what was logged of the rows of a programme that hold now."""
    first = today - timedelta(days=LOOK_BACK_DAYS - 1)
    names = [row["exercise"] for row in rows]
    sets = strength.filter(pl.col("exercise").is_in(names) & pl.col("date").is_between(first, today))
    felt = sets.drop_nulls("pain_0_10")
    settled = settled_mornings(symptoms.filter(pl.col("date") <= today), sets["date"].unique().to_list())
    tests = results.filter(pl.col("date").is_between(today - timedelta(days=TEST_DAYS - 1), today))
    rises = _last_of_sides(tests, "heel_rise_reps")
    return ProgrammeFacts(
        set_pain=_number(felt["pain_0_10"].max()),
        set_pain_days=felt["date"].n_unique(),
        settled=sum(settled.values()),
        mornings=len(settled),
        week_rise=_week_rise(symptoms, today),
        done_share=_done_share(programme, strength, today),
        heel_rises=min(rises, default=None),
        symmetry=min(rises) / max(rises) if len(rises) == 2 and max(rises) > 0 else None,
        hop_pain=max(_last_of_sides(tests, "hop_pain_0_10"), default=None),
    )


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _last_of_sides(tests: pl.DataFrame, measure: str) -> list[float]:
    last = tests.filter(pl.col("measure") == measure).sort("date", "source_id").group_by("side").agg(
        pl.col("value").last()
    )  # fmt: skip
    return last["value"].to_list()


def _week_rise(symptoms: pl.DataFrame, today: date) -> bool | None:
    """Whether mornings rose on the week before; None where either week has too few mornings."""
    state = pain_rule(symptoms, today, MOST_PAIN)
    if any(one.part == "week" for one in state.crossed):
        return True
    mornings = symptoms.filter(pl.any_horizontal(pl.col(MORNING).is_not_null()))["date"].unique()
    back = [(today - day).days for day in mornings.to_list()]
    enough = all(sum(low <= n < low + 7 for n in back) >= NEEDED_MORNINGS for low in (0, 7))
    return False if enough else None


def _done_share(programme: pl.DataFrame, strength: pl.DataFrame, today: date) -> float | None:
    """Sets done of those planned in the last two full weeks, in the first week of that; None where none was planned."""
    progress = programme_progress(programme, strength, today)
    if progress.is_empty():
        return None
    week = week_of(progress["start_date"][0], today)
    full = progress.filter((pl.col("to_date") <= today) & (pl.col("week") > week - 3))
    lately = full.filter(pl.col("week") >= pl.col("week").max() - 1) if full.height else progress
    planned = lately["planned_sets"].sum()
    if not planned or lately["planned_sets"].null_count():
        return None
    done = lately.select(pl.min_horizontal("logged_sets", "planned_sets").sum()).item()
    return float(done) / float(planned)
