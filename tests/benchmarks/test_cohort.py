"""How well planted overloads are found on simulated runners, beside the rules of thumb. Run with -m benchmark -s.

The cohort knows nothing of the model (see cohort_runners.py and cohort_tissue.py); its tendons differ from the
model's numbers and from each other. What is printed is how far the model gets on such runners, not on people.

It is meant to be hard. Wear rises with speed, slope and shoe by other powers than the model's, recordings lack
altitude, cadence or the pair, three overloads a year follow holidays and seasons of slow build-up, and half of the
runners jump by themselves. With the true load in place of the estimated one the same rule finds 15 in 100 more of them.

Two held-out cohorts of 12 runners (other seeds, looked at after the rules were written) part what the rule misses
from what such lives hide. Easy: steady, careful lives and whole records. Hard: the lives above. Recall, recall of
what the record holds, cause named, planted channel furthest out, false windows a runner-year; seeds 4711, 4712:

    easy   .94 .87   .94 .87   .98 .97   1.00 1.00   .00 .00
    hard   .70 .70   .74 .73   .85 .75    .99  .99   .81 .67

What is missed in hard lives and found in easy ones follows from the rule itself: a threshold that a year of jumps has
raised, a habit that months of build-up have raised, and forces of one tendon that are not those of the mean runner.
In easy lives it is hills and speed of which the runner's own tendon makes more than the mean one. The step-ups of the
channels need none of this: nine of ten planted changes of hard lives are among them, furthest out.
Every cause named wrongly in hard lives of seed 4712 (15) was named volume; in 13 of them the time run in the window had
itself risen by 1.16 to 1.9 over the median of the eight weeks before, beside what was planted.
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
from cohort_tables import confusion, false_table, false_windows, misses, notes, table
from cohort_verdicts import Case, cases, seen

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


HELD_OUT, OTHERS = 4711, 12
LEAST_RECALL = {True: 0.8, False: 0.6}
"""Easy and hard: below what was measured, so that a rule that got worse shows, and no seed is fitted."""
LEAST_CAUSE, LEAST_CHANNEL, MOST_FALSE = {True: 0.9, False: 0.7}, 35 / 38, {True: 0.0, False: 1.5}


def shares(every: list[Case]) -> dict[str, float]:
    """Return how many overloads were found, rightly named, and had the planted channel furthest out."""
    known = [case for case in every if case.knowable]
    out = [case for case in known if case.furthest]
    return {
        "recall": float(np.mean([case.mark is not None for case in every])),
        "in the record": float(np.mean([case.mark is not None for case in known])),
        "cause": float(np.mean([bool(case.right) for case in known if case.mark])),
        "channel": float(np.mean([case.changed_channel for case in out])),
        "stepped up": len(out) / len(known),
    }


@pytest.mark.benchmark
@pytest.mark.timeout(600)
@pytest.mark.parametrize("is_easy", [True, False], ids=["easy", "hard"])
@pytest.mark.parametrize("seed", [HELD_OUT, HELD_OUT + 1])
def test_held_out_lives(seed: int, is_easy: bool) -> None:
    told = [seen(number, ModelSettings(), seed, is_easy, is_short=True) for number in range(OTHERS)]
    every, false = cases(told), false_windows(told)
    found = shares(every)
    words = ", ".join(f"{name} {value:.2f}" for name, value in found.items())
    print(
        f"\n{'easy' if is_easy else 'hard'} lives, seed {seed}, {len(every)} overloads: {words}, false {false:.2f}"
    )
    assert found["recall"] >= LEAST_RECALL[is_easy]
    assert found["cause"] >= LEAST_CAUSE[is_easy]
    assert found["channel"] >= LEAST_CHANNEL
    assert false <= MOST_FALSE[is_easy]


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
