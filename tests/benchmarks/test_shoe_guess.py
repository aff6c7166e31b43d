"""How often the suggested pair is right on real histories, beside "the pair of the run before". -m benchmark -s.

Two ways to ask: every labelled run left out once, with what came before and after; and told only what came before,
as for the latest run. The widths of the habit were fitted to these same histories, so the figures flatter it a little.
"""

from __future__ import annotations

import polars as pl
import pytest
from shoe_histories import real_histories

from dashboard.shoes.assignment import assignment_guesses
from dashboard.shoes.assignment_rules import rule_in_words


def _before(runs: pl.DataFrame, shoes: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    told = []
    for activity_id, start in known.select("activity_id", "start_utc").iter_rows():
        own = pl.col("activity_id") == activity_id
        past = runs.filter(pl.col("start_utc") <= start).with_columns(
            shoe_id=pl.when(own).then(None).otherwise("shoe_id")
        )
        told.append(assignment_guesses(past, shoes, [activity_id]))
    return pl.concat(told)


def _line(name: str, told: pl.DataFrame) -> str:
    made = told.filter(pl.col("suggested_id").is_not_null())
    right = (made["suggested_id"] == made["shoe_id"]).sum()
    made_share, right_share = made.height / told.height, right / made.height
    return f"{name:28} {told.height:4} runs, suggested {made_share:5.1%}, right {right_share:5.1%}"


@pytest.mark.benchmark
@pytest.mark.real_data
def test_how_often_habit_is_right(real_data, tmp_path):
    ways: dict[str, list[pl.DataFrame]] = {"left one out": [], "told the past": []}
    same_as_before = total = 0
    for name, store, athlete_id in real_histories(real_data, tmp_path):
        runs, shoes = store.activities(athlete_id), store.shoes(athlete_id)
        known = rule_in_words(runs).filter(pl.col("shoe_id").is_not_null())
        worn = known.select("activity_id", "shoe_id")
        same_as_before += (known["shoe_id"] == known["shoe_id"].shift(1)).sum()
        total += known.height
        asked = {
            "left one out": assignment_guesses(runs, shoes, known["activity_id"].to_list()),
            "told the past": _before(runs, shoes, known),
        }
        for way, told in asked.items():
            ways[way].append(told.join(worn, on="activity_id"))
            print(_line(f"{name}, {way}", ways[way][-1]))
    for way, parts in ways.items():
        print(_line(f"all, {way}", pl.concat(parts)))
    print(f"the pair of the run before: right {same_as_before / total:.1%} of {total}")
    assert total == 890
