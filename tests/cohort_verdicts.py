"""What the model and the rules of thumb make of the cohort's records, and which planted overloads they find."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import cohort_records as records
import cohort_runners as cohort
import numpy as np
import polars as pl
import training_rules as rules
from planted_causes import CHANNELS
from training_rules import Mark

from connectors.frames import SYMPTOM
from dashboard.model.adaptation import adapt_days
from dashboard.model.analysis import Analysis, adapt
from dashboard.model.attribution import before_windows, drivers, weighted_steps_by_day
from dashboard.model.changes import several_changes
from dashboard.model.channels import novelty
from dashboard.model.load.run_load import load_runs
from dashboard.model.outpaced_windows import outpaced_windows
from dashboard.model.settings import ModelSettings
from dashboard.model.step_ups import DOSE, find_step_ups

ON_TRUE_LOAD = "model's rule, true load"
LEADING = {"volume": "volume", "speed": "speed", "hills": "hills", "shoe": "shoe", "long run": "volume"}


@dataclass(frozen=True)
class Seen:
    """What the model and the rules said of one runner."""

    runner: cohort.Runner
    device: records.Device
    marks: dict[str, list[Mark]]
    robust: list[bool]
    together: list[bool]  # whether the model says that several drivers made it up
    leading: list[str | None]
    stepped: list[tuple[int, int, str, float]]  # first and last day, channel and z of each step-up of a dose
    ratio: np.ndarray  # the model's, from the first simulated day
    held: np.ndarray  # load over what it is held against: habit, or the line back from a break
    threshold: np.ndarray  # the runner's own
    load: np.ndarray  # the model's, of each day


def model_marks(days: pl.DataFrame, windows: pl.DataFrame, settings: ModelSettings) -> list[Mark]:
    """Windows as day numbers; the rule could speak on the third high day of seven."""
    high = days["is_high"].fill_null(False).to_numpy()
    counted = np.convolve(high, np.ones(7))[: len(high)]
    origin = days["local_date"][0]
    marks = []
    for first, last in windows.select("from_date", "to_date").rows():
        a, b = (first - origin).days, (last - origin).days
        enough = np.nonzero(high[a:] & (counted[a:] >= settings.outpaced_days))[0]
        marks.append(Mark(a, b, a + int(enough[0])))
    return marks


def moved(marks: list[Mark], by: int) -> list[Mark]:
    return [Mark(m.first + by, m.last + by, m.spoken + by) for m in marks]


def seen(
    number: int,
    settings: ModelSettings,
    seed: int = cohort.SEED,
    is_easy: bool = False,
    is_short: bool = False,
) -> Seen:
    """Return what is made of one runner; a short answer leaves the other settings and rules of thumb out."""
    runner = cohort.grown(number, seed, is_easy)
    record = records.recorded(runner)
    runs, _ = load_runs(record.activities, record.samples, record.shoe_facts, settings)
    until = records.FIRST_DAY + timedelta(days=cohort.DAYS - 1)
    told = adapt(runs, SYMPTOM.empty(), settings, until)
    by = (told.days["local_date"][0] - records.FIRST_DAY).days
    named = drivers(weighted_steps_by_day(runs, told.days, settings), before_windows(told.windows))
    marks = {"model": moved(model_marks(told.days, told.windows, settings), by)}
    marks |= {} if is_short else rule_marks(runs)
    marks["model, robust only"] = [
        m for m, held in zip(marks["model"], told.windows["robust"], strict=True) if held
    ]
    for name, other in ({} if is_short else others(settings)).items():
        again = adapt(runs, SYMPTOM.empty(), other, until)
        marks[name] = moved(model_marks(again.days, again.windows, other), by)
    marks[ON_TRUE_LOAD] = moved(on_true_load(told.days, runner.load[by:], settings), by)
    together = [words is not None for words in several_changes(named)]
    days = told.days.with_columns(held=pl.col("acute_tkm") / pl.col("held_against_tkm"))
    ratio, held, threshold, load = (
        np.concatenate([np.full(by, np.nan), days[c].to_numpy()])
        for c in ("ratio", "held", "threshold", "load_tkm")
    )
    return Seen(
        runner, record.device, marks, told.windows["robust"].to_list(), together, named["leading"].to_list(),
        stepped(told, runs, settings, by), ratio, held, threshold, np.nan_to_num(load),
    )  # fmt: skip


def stepped(
    told: Analysis, runs: pl.DataFrame, settings: ModelSettings, by: int
) -> list[tuple[int, int, str, float]]:
    """Step-ups of the dose channels as day numbers."""
    found = find_step_ups(novelty(runs, told.days, settings), runs, told.days, settings)
    origin = told.days["local_date"][0]
    return [
        ((first - origin).days + by, (last - origin).days + by, channel, z)
        for first, last, channel, z in found.rows.select("from_date", "to_date", "channel", "z").rows()
        if channel in DOSE
    ]


def on_true_load(days: pl.DataFrame, load: np.ndarray, settings: ModelSettings) -> list[Mark]:
    """What the rule alone would say if the load of every step were known: no fault of the estimate is left."""
    again = adapt_days(days.with_columns(load_tkm=pl.Series(load[: days.height])), settings)
    return model_marks(again, outpaced_windows(again, settings), settings)


def others(settings: ModelSettings) -> dict[str, ModelSettings]:
    """The same with one number changed, to see what hangs on it."""
    changed = {"tau_days": (28.0, 60.0), "outpaced_ratio": (1.2, 1.4), "outpaced_days": (2.0, 5.0)}
    return {
        f"model, {name} {value:g}": replace(settings, **{name: value})
        for name, values in changed.items()
        for value in values
    }


def rule_marks(runs: pl.DataFrame) -> dict[str, list[Mark]]:
    metres, longest = np.zeros(cohort.DAYS), np.zeros(cohort.DAYS)
    for day, distance in runs.select("local_date", "distance_m").rows():
        at = (day - records.FIRST_DAY).days
        metres[at] += distance
        longest[at] = max(longest[at], distance)
    return {
        "distance ACWR > 1.5": rules.acwr(metres),
        "10 % rule": rules.ten_percent(metres),
        "session > 1.1 x longest": rules.long_sessions(longest),
        "session > 1.3 x longest": rules.long_sessions(longest, 1.3),
    }


@dataclass(frozen=True)
class Case:
    """One planted overload and what was made of it."""

    who: Seen
    plant: cohort.Plant
    mark: Mark | None
    robust: bool | None
    right: bool | None
    leading: str | None
    furthest: str | None  # dose channel furthest out among the step-ups that touch the planted days

    @property
    def changed_channel(self) -> bool:
        """Whether the channel furthest out is one that was planted."""
        return self.furthest in CHANNELS[self.plant.cause]

    @property
    def knowable(self) -> bool:
        """Whether the record holds the cause at all: a shoe nobody told of leaves no trace in it."""
        if self.plant.cause == "shoe":
            return self.who.device.shoes == "stated"
        later = self.plant.first >= self.who.device.changes_on
        altitude = self.who.device.later if later else self.who.device.altitude
        return not (self.plant.cause == "hills" and altitude == "none")


def cases(cohort_seen: list[Seen]) -> list[Case]:
    every = []
    for who in cohort_seen:
        marks = who.marks["model"]
        for plant in who.runner.plants:
            mark = rules.found(marks, plant.first, plant.last)
            hit, at = mark is not None, marks.index(mark) if mark is not None else 0
            right = _named_right(plant.cause, who.leading[at], who.together[at]) if hit else None
            out = [s for s in who.stepped if s[1] >= plant.first and s[0] <= plant.last + rules.AFTER]
            furthest = max(out, key=lambda s: s[3])[2] if out else None
            robust, leading = (who.robust[at], who.leading[at]) if hit else (None, None)
            every.append(Case(who, plant, mark, robust, right, leading, furthest))
    return every


def _named_right(cause: str, leading: str | None, together: bool) -> bool:
    return together if cause == "several" else leading == LEADING[cause]
