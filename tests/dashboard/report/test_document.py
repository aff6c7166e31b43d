"""Flares, drivers and linkage under the keys of the contract, for the made-up runner."""

from __future__ import annotations

import json
from datetime import date

import polars as pl
import pytest

from connectors.demo import demo_frames
from dashboard.model.analysis import adapt
from dashboard.model.explain import FlareExplanation, explain_flares
from dashboard.model.linkage import Linkage
from dashboard.model.load.run_load import load_runs
from dashboard.model.settings import ModelSettings
from dashboard.model.step_ups import channel_rank
from dashboard.report import document

CHANGE_KEYS = (
    "channel", "reached", "usual", "usual_low", "usual_high", "z", "rank", "of_weeks", "since", "with_flare",
    "without_flare", "not_told",
)  # fmt: skip
FACTORS = {"volume", "speed", "hills", "cadence", "shoe"}


@pytest.fixture(scope="module")
def why() -> FlareExplanation:
    frames = demo_frames(1, date(2026, 5, 4))
    rows = frames.activities.with_columns(samples_id=pl.when(pl.col("sample_rows") > 0).then("activity_id"))

    def samples(ids: list[str]) -> pl.LazyFrame:
        return pl.concat([frames.samples[i].with_columns(activity_id=pl.lit(i)) for i in ids]).lazy()

    runs, personal = load_runs(rows, samples, frames.shoe_facts, ModelSettings())
    return explain_flares(adapt(runs, frames.symptoms, ModelSettings(), None, personal), frames.symptoms)


def test_shares_of_every_window_and_flare_sum_to_one(why: FlareExplanation) -> None:
    told = [*document.windows_json(why).values(), *document.flares_json(why)]
    assert len(told) == 10
    for one in told:
        assert {part["factor"] for part in one["drivers"]} == FACTORS
        assert sum(part["share"] for part in one["drivers"]) == pytest.approx(1, abs=1e-5)
        assert one["drivers"] == sorted(one["drivers"], key=lambda part: -part["share"])
        assert one["story"].startswith("The estimated load of a week was ×")


def test_flares_have_the_keys_of_the_contract_and_the_rule_in_words(why: FlareExplanation) -> None:
    found = document.flares_json(why)
    assert {"onset", "end", "peak_0_10", "rule", "drivers"} <= set(found[0])
    assert [f["onset"] for f in found] == [d.isoformat() for d in why.flares["onset"]]
    assert [f["load_came_before"] for f in found] == [True, True, True, False, True]


def test_a_period_holds_the_flares_that_touch_it(why: FlareExplanation) -> None:
    onset, last = why.flares.select("onset", "last_high").row(1)
    assert [f["onset"] for f in document.flares_json(why, last, last)] == [onset.isoformat()]
    assert document.flares_json(why, date(2030, 1, 1)) == []


def test_linkage_counts_flares_with_load_before_them(why: FlareExplanation) -> None:
    told = document.linkage_json(why.linkage)
    assert (told["enough_data"], told["flares"], told["exposed"]) == (True, 5, 4)
    assert 0 < told["p"] <= 0.05
    assert "4 of 5 flares" in told["why"]
    json.dumps([told, document.flares_json(why)], allow_nan=False)


def test_too_little_is_null_and_not_zero() -> None:
    told = document.linkage_json(Linkage(False, "Too little.", 1, 14))
    assert [told[k] for k in ("exposed", "expected", "p", "after_p")] == [None] * 4


def test_changes_before_a_flare_stand_in_their_order(why: FlareExplanation) -> None:
    keys = list(CHANGE_KEYS)
    for number, flare in enumerate(document.flares_json(why)):
        assert flare["changes"]
        assert all(list(one) == keys for one in flare["changes"])
        assert all(one["z"] is not None for one in flare["changes"])
        start, end = why.before_flares.spans.row(number)
        touching = why.step_ups.rows.filter((pl.col("from_date") <= end) & (pl.col("to_date") >= start))
        stepped = set(touching["channel"])
        order = [
            (one["channel"] not in stepped, channel_rank(one["channel"]), -one["z"])
            for one in flare["changes"]
        ]
        assert order == sorted(order)


def test_step_ups_of_a_period_are_those_that_touch_it(why: FlareExplanation) -> None:
    every = document.step_ups(why, None, None)
    assert len(every) == why.step_ups.rows.height
    keys = {
        "from", "to", "channel", "usual", "usual_low", "usual_high", "reached", "z", "above_share_of_year",
    }  # fmt: skip
    assert all(set(one) == keys for one in every)
    last = date.fromisoformat(every[0]["to"])
    touching = document.step_ups(why, last, last)
    assert every[0] in touching
    assert len(touching) < len(every)
    assert document.step_ups(why, date(2030, 1, 1), None) == []


def test_linkage_says_how_many_flares_are_needed_and_asks_each_channel(why: FlareExplanation) -> None:
    told = document.linkage_json(why.linkage)
    assert told["flares_needed"] >= 3
    assert 0 <= told["base_rate"] <= 0.95
    for one in told["channels"]:
        assert one["channel"] != "hard_gap"
        assert 0 < one["p"] <= 1
    json.dumps(told)
