"""How well planted overloads are found on simulated runners, beside the rules of thumb. Run with -m benchmark -s.

The cohort knows nothing of the model (see cohort_runners.py and cohort_tissue.py); its tendons differ from the
model's numbers and from each other. What is printed is how far the model gets on such runners, not on people.

It is meant to be hard. Wear rises with speed, slope and shoe by other powers than the model's, recordings lack
altitude, cadence or the pair, three overloads a year follow holidays and seasons of slow build-up, and half of the
runners jump by themselves. With the true load in place of the estimated one the same rule finds 15 in 100 more of them.
"""

from __future__ import annotations

import time
from dataclasses import replace

import cohort_records as records
import cohort_runners as cohort
import cohort_sessions as sessions
import cohort_tissue as tissue
import numpy as np
import polars as pl
import pytest
import training_rules as rules
from cohort_tables import confusion, false_table, misses, notes, table
from cohort_verdicts import cases, seen

from connectors.frames import ACTIVITY, SAMPLE, checked
from dashboard.model.settings import ModelSettings

RUNNERS = 40


@pytest.mark.benchmark
@pytest.mark.timeout(1200)
def test_cohort() -> None:
    began, settings = time.perf_counter(), ModelSettings()
    told = [seen(number, settings) for number in range(RUNNERS)]
    every = cases(told)
    print(
        f"\n{RUNNERS} simulated runners, {RUNNERS * cohort.YEARS} runner-years, {len(every)} planted overloads"
    )
    print(
        "\n".join(
            [
                *table(every),
                "",
                *misses(every),
                "",
                *confusion(every),
                "",
                *false_table(told),
                "",
                *notes(told),
            ]
        )
    )
    print(f"took {time.perf_counter() - began:.0f} s")
    assert len(every) > 200


@pytest.fixture(scope="module")
def lives() -> list[cohort.Runner]:
    return [cohort.grown(number) for number in (0, 1, 2)]


def test_the_planted_weeks_rise_by_what_is_stated(lives: list[cohort.Runner]) -> None:
    for runner in lives:
        assert len(runner.plants) >= 5
        for plant in runner.plants:
            reached = np.nanmax(runner.jump[plant.first : plant.last + 7])
            assert reached >= cohort.LEAST_PLANTED
            assert reached == pytest.approx(plant.amount, rel=0.12)


def test_a_careful_runner_rises_nowhere_else(lives: list[cohort.Runner]) -> None:
    beside = np.ones(cohort.DAYS, dtype=bool)
    for plant in lives[0].plants:
        beside[plant.first : plant.last + 11] = False
    assert np.nanquantile(lives[0].jump[beside], 0.99) < 1.3


def test_each_cause_changes_what_it_says_and_no_more(lives: list[cohort.Runner]) -> None:
    tendon, plain = (
        lives[0].habits.tendon,
        next(s for s in lives[0].sessions if s.kind == "easy" and not s.plant),
    )
    plain = replace(plain, on_belt=False)
    was = sessions.blocks(tendon, plain)
    for cause in cohort.CAUSES:
        now_session = sessions.changed(plain, cause, 0.5, 3, 1.0)
        now = sessions.blocks(tendon, now_session)
        assert tissue.wear(tendon, now) > tissue.wear(tendon, was)
        assert (len(now.speed) > len(was.speed)) == (cause in ("volume", "long run", "several"))
        assert (now.slope.std() > was.slope.std() + 1) == (cause in ("hills", "several"))
        assert (now_session.shoe == 3) == (cause in ("shoe", "several"))


def test_records_keep_the_contract_and_lose_what_the_device_loses(lives: list[cohort.Runner]) -> None:
    record = records.recorded(lives[1])
    told = record.activities.drop("samples_id").with_columns(fetched_utc="start_utc")
    checked(told, ACTIVITY)
    ids = record.activities["samples_id"].drop_nulls().to_list()
    one = record.samples(ids).filter(pl.col("activity_id") == ids[0]).drop("activity_id").collect()
    checked(one, SAMPLE)
    assert one["second"].to_list() == list(range(one.height))


def test_rules_of_thumb_say_what_they_are_known_for() -> None:
    steady = np.tile([5e3, 0, 8e3, 0, 6e3, 0, 11e3], 12)
    jump = steady.copy()
    jump[56:63] *= 2
    for rule in (rules.acwr, rules.ten_percent, rules.long_sessions):
        assert rule(steady) == []
        assert rules.found(rule(jump), 56, 62) is not None
