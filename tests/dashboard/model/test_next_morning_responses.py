"""The morning after, on diaries whose answer is known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from connectors.frames import STRENGTH, SYMPTOM
from dashboard.model.day_table import dense_days
from dashboard.model.next_morning import RESPONSE_SCHEMA, morning_responses, next_morning_rows, session_kinds
from dashboard.model.schemas import RUN_SCHEMA

FIRST = date(2024, 1, 1)
EASY = {
    "distance_m": 8000.0,
    "fast_s": 0.0,
    "ascent_m": 20.0,
    "descent_m": 20.0,
    "shoe_id": "old",
    "load_tkm": 8.0,
}


def runs_of(facts: dict[int, dict[str, object]]) -> pl.DataFrame:
    rows = []
    for number, said in facts.items():
        day = FIRST + timedelta(number)
        when = {
            "activity_id": f"{number}",
            "local_date": day,
            "start_utc": datetime(2024, 1, 1, tzinfo=UTC) + timedelta(number),
        }
        rows.append(EASY | when | said)
    return pl.DataFrame({n: pl.Series([r.get(n) for r in rows], dtype=d) for n, d in RUN_SCHEMA.items()})


def diary(stiffness: dict[int, float], name: str = "morning_stiffness_0_10") -> pl.DataFrame:
    known = {"date": [FIRST + timedelta(d) for d in stiffness], name: list(stiffness.values())}
    return pl.DataFrame(
        {
            n: pl.Series(known.get(n, [None] * len(stiffness)), dtype=c.dtype)
            for n, c in SYMPTOM.columns.items()
        }
    )


def kinds(facts: dict[int, dict[str, object]]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for day, kind in session_kinds(runs_of(facts)).select("local_date", "kind").rows():
        found.setdefault((day - FIRST).days, set()).add(kind)
    return found


STEADY = {number: {} for number in range(0, 60, 2)}


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({}, {"easy"}),
        ({"distance_m": 10_500.0}, {"long"}),
        ({"fast_s": 400.0}, {"fast"}),
        ({"ascent_m": 300.0, "descent_m": 300.0}, {"hilly"}),
        ({"shoe_id": "another"}, {"new_shoe"}),
        ({"distance_m": 12_000.0, "fast_s": 900.0}, {"long", "fast"}),
        ({"fast_s": None}, set()),
        ({"fast_s": None, "distance_m": 12_000.0}, {"long"}),
    ],
)
def test_kinds_are_relative_to_the_runs_before(facts: dict[str, object], kind: set[str]) -> None:
    assert kinds(STEADY | {60: facts}).get(60, set()) == kind


def test_a_pair_is_new_for_its_first_fifty_km_only() -> None:
    found = kinds(STEADY | {number: {"shoe_id": "another"} for number in range(60, 80, 2)})
    assert [n for n, kind in found.items() if "new_shoe" in kind] == [60, 62, 64, 66, 68, 70, 72]


def test_the_morning_after_is_compared_with_the_seven_before_it() -> None:
    days = dense_days(runs_of(STEADY), diary(dict.fromkeys(range(20), 1.0) | {20: 4.0}))
    changed = next_morning_rows(diary(dict.fromkeys(range(20), 1.0) | {20: 4.0}), days)[
        "stiffness_0_10"
    ].to_list()
    assert changed[19] == pytest.approx(3.0)
    assert changed[10] == pytest.approx(0.0)
    assert changed[20] is None  # nothing logged the morning after
    assert changed[1] is None  # two mornings before it are not enough


def test_the_session_that_is_followed_by_stiffness_is_told_from_the_others() -> None:
    rng = np.random.default_rng(1)
    facts = {n: ({"fast_s": 600.0} if n % 6 == 0 else {}) for n in range(0, 240, 2)}
    felt = {
        n: float(np.clip(1 + 0.3 * rng.standard_normal() + (2.0 if (n - 1) % 6 == 0 else 0.0), 0, 10))
        for n in range(240)
    }
    runs, told = runs_of(facts), diary(felt)
    rows = morning_responses(runs, dense_days(runs, told), told)
    assert rows.schema == RESPONSE_SCHEMA
    row = {
        k: rows.filter((pl.col("kind") == k) & (pl.col("measure") == "stiffness_0_10")).row(0, named=True)
        for k in ("fast", "easy", "rest")
    }
    assert row["fast"]["low"] > 1.0
    assert row["fast"]["low"] < row["fast"]["change"] < row["fast"]["high"]
    assert row["easy"]["high"] < 0.1
    assert row["fast"]["higher"] >= 38
    assert rows.filter(pl.col("measure") == "pain_0_10")["told"].to_list() == [0] * 3


def test_five_mornings_are_needed_for_an_interval() -> None:
    facts = STEADY | {n: {"fast_s": 600.0} for n in (20, 26, 32, 38)}
    told = diary(dict.fromkeys(range(60), 1.0))
    runs = runs_of(facts)
    fast = (
        morning_responses(runs, dense_days(runs, told), told)
        .filter(pl.col("kind") == "fast")
        .row(0, named=True)
    )
    assert (fast["sessions"], fast["told"], fast["change"]) == (4, 4, 0.0)
    assert (fast["low"], fast["why"]) == (
        None,
        "4 of 5 sessions with an entry the morning after: too few for an interval.",
    )


def test_days_of_exercises_are_a_kind_of_their_own() -> None:
    told = diary(dict.fromkeys(range(60), 1.0))
    runs = runs_of(STEADY)
    days = dense_days(runs, told)
    done = (
        STRENGTH.empty()
        .select(pl.col("date"))
        .vstack(pl.DataFrame({"date": [FIRST + timedelta(11), FIRST + timedelta(12)]}))
    )
    rows = morning_responses(runs, days, told, done)
    assert (
        rows.filter(pl.col("kind") == "rehab")["sessions"].to_list() == [1] * 3
    )  # on the other day was a run
    assert "rehab" not in morning_responses(runs, days, told)["kind"].to_list()


def test_no_diary_gives_counts_without_changes() -> None:
    runs = runs_of(STEADY)
    rows = morning_responses(runs, dense_days(runs, SYMPTOM.empty()), SYMPTOM.empty())
    assert rows["change"].null_count() == rows.height
    assert rows["told"].sum() == 0


def test_minutes_tapped_as_a_band_give_no_mean_of_middles() -> None:
    minutes = diary(dict.fromkeys(range(20), 10.0), "morning_stiffness_min")
    days = pl.DataFrame({"local_date": [FIRST + timedelta(d) for d in range(20)]})
    assert next_morning_rows(minutes, days)["stiffness_min"].count() > 10
    tapped = minutes.with_columns(morning_stiffness_band=pl.lit("5-15"))
    assert next_morning_rows(tapped, days)["stiffness_min"].count() == 0
