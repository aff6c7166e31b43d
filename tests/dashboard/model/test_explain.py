"""The whole answer, on the made-up runner whose story is known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from connectors.demo import PLANTED, demo_frames
from connectors.frames import SYMPTOM
from dashboard.model import explain
from dashboard.model.analysis import Analysis, adapt
from dashboard.model.changes import several_changes
from dashboard.model.explain import FlareExplanation, explain_flares
from dashboard.model.load.factor import DRIVERS
from dashboard.model.load.run_load import load_runs
from dashboard.model.robustness import robust_flares, same_leading
from dashboard.model.schemas import RUN_SCHEMA
from dashboard.model.settings import ModelSettings

TODAY = date(2026, 5, 4)
SETTINGS = ModelSettings()
FLARED = [p for p in PLANTED if p.flare_day is not None]
OVERLOADS = [p for p in PLANTED if "overload" in (p.kind, p.kind.split("_")[0]) or p.kind == "stacked"]
CAUSES = {
    "half as much again within a week": {"volume"},
    "two track sessions a week and more of everything": {"volume", "speed"},
    "two weeks of steep trails on a trip": {"volume", "hills"},
    "a little more, faster, hillier, slower steps, a new shoe": {"hills", "cadence", "shoe"},
    "three long weeks before the race": {"volume"},
}


@pytest.fixture(scope="module")
def told() -> SimpleNamespace:
    frames = demo_frames(1, TODAY)
    activities = frames.activities.with_columns(
        samples_id=pl.when(pl.col("sample_rows") > 0).then("activity_id")
    )

    def samples(ids: list[str]) -> pl.LazyFrame:
        return pl.concat([frames.samples[i].with_columns(activity_id=pl.lit(i)) for i in ids]).lazy()

    runs, personal = load_runs(activities, samples, frames.shoe_facts, SETTINGS)
    analysis = adapt(runs, frames.symptoms, SETTINGS, activities["local_date"].max(), personal)
    return SimpleNamespace(
        analysis=analysis, why=explain_flares(analysis, frames.symptoms), symptoms=frames.symptoms
    )


def planted_flare(number: int) -> date:
    planted = FLARED[number]
    assert planted.flare_day is not None
    return planted.dates(TODAY)[0] + timedelta(planted.flare_day - planted.from_day)


def test_every_planted_flare_is_found_within_two_days_and_no_other(told: SimpleNamespace) -> None:
    onsets = told.why.flares["onset"].to_list()
    assert len(onsets) == len(FLARED)
    for number, onset in enumerate(onsets):
        assert abs(onset - planted_flare(number)) <= timedelta(2)


@pytest.mark.parametrize("planted", OVERLOADS, ids=lambda p: p.what)
def test_every_planted_overload_has_a_window_with_its_causes(told: SimpleNamespace, planted) -> None:
    analysis: Analysis = told.analysis
    start, end = planted.dates(TODAY)
    touching = (analysis.windows["from_date"] <= end + timedelta(7)) & (analysis.windows["to_date"] >= start)
    assert touching.sum() == 1
    row = told.why.windows.drivers.filter(touching).row(0, named=True)
    named = {name for name in ("volume", "speed", "hills", "cadence", "shoe") if row[f"share_{name}"] >= 0.1}
    assert named == CAUSES[planted.what]
    assert sum(
        row[f"share_{name}"] for name in ("volume", "speed", "hills", "cadence", "shoe")
    ) == pytest.approx(1)


def test_what_nobody_asks_for_is_not_worked_out(told: SimpleNamespace, monkeypatch) -> None:
    known = told.why
    expected = (known.windows.drivers, known.linkage.why, known.step_ups.rows, known.recent.changes)
    asked = []
    for name in ("link_test", "morning_responses", "changes", "find_step_ups", "lens_ratios"):
        worked_out = getattr(explain, name)
        monkeypatch.setattr(explain, name, lambda *given, w=worked_out, n=name: asked.append(n) or w(*given))
    why = explain_flares(told.analysis, told.symptoms)
    assert why.windows.drivers.equals(expected[0])
    assert asked == []
    assert why.linkage.why == expected[1]
    assert why.linkage is why.linkage
    assert asked == ["lens_ratios", "find_step_ups", "link_test"]
    assert why.step_ups.rows.equals(expected[2])
    assert why.recent.changes.equals(expected[3])
    assert asked == ["lens_ratios", "find_step_ups", "link_test", "changes"]


def test_there_is_no_window_that_nobody_planted(told: SimpleNamespace) -> None:
    assert told.analysis.windows.height == len(OVERLOADS)


def test_only_the_stacked_weeks_are_several_changes_together(told: SimpleNamespace) -> None:
    said = several_changes(told.why.windows.drivers)
    assert [sentence is not None for sentence in said] == [False, False, False, True, False]


def test_the_spell_with_nothing_before_it_is_said_to_have_none(told: SimpleNamespace) -> None:
    held = robust_flares(told.why.before_flares.held)
    assert held["holds"].to_list() == [True, True, True, False, True]
    assert held["robust"].to_list() == [True, True, True, True, False]
    link = told.why.linkage
    assert (link.enough_data, link.flares, link.exposed, link.linked) == (True, 5, 4, True)
    assert link.after is not None
    assert link.after.p is not None
    assert link.after.p > 0.2


def test_climb_of_the_trip_and_its_descent_stand_apart(told: SimpleNamespace) -> None:
    row = told.why.windows.drivers.row(2, named=True)
    assert row["x_climb"] > 1.1
    assert row["x_descent"] < 1
    trip = told.why.before_flares.changes.filter(pl.col("to_date") == planted_flare(2) - timedelta(1))
    both = trip.filter(pl.col("channel").is_in(["climb", "descent"]))
    assert both["unusual"].to_list() == [True, True]
    assert (both["rank"] <= 3).all()


def test_slow_steps_and_the_lowest_pair_stand_out_before_the_last_flare(told: SimpleNamespace) -> None:
    last = told.why.before_flares.spans["to_date"].max()
    rows = {
        r["channel"]: r for r in told.why.before_flares.changes.filter(pl.col("to_date") == last).to_dicts()
    }
    assert rows["cadence"]["rank"] == 1
    assert rows["cadence"]["value"] == pytest.approx(-3.0, abs=0.5)
    assert (rows["cadence"]["with_flare"], rows["cadence"]["without_flare"]) == (1, 0)
    assert rows["shoe_new"]["unusual"]


def test_the_build_without_a_flare_is_a_counter_example(told: SimpleNamespace) -> None:
    first = told.why.before_flares.changes.filter(pl.col("channel") == "volume").row(0, named=True)
    assert first["with_flare"] >= 3
    assert first["without_flare"] >= 1


def test_leading_drivers_are_compared_across_lenses(told: SimpleNamespace) -> None:
    verdict = same_leading(told.why.windows.led)
    assert verdict["leading"].to_list()[0] == "volume"
    assert verdict["robust"].to_list()[0] is True


def test_the_last_fortnight_is_calm(told: SimpleNamespace) -> None:
    recent = told.why.recent
    assert recent.spans.height == 1
    assert recent.drivers["why"].item() is not None or recent.drivers["rise"].item() < 1.3


def test_a_person_who_moves_an_onset_moves_the_days_before_it(told: SimpleNamespace) -> None:
    rule = told.why.flares["onset_rule"][0]
    edits = pl.DataFrame({"onset_rule_date": [rule], "onset_person_date": [rule - timedelta(5)]})
    moved: FlareExplanation = explain_flares(told.analysis, told.symptoms, edits)
    assert moved.before_flares.spans["to_date"][0] == rule - timedelta(6)


def test_an_empty_record_says_nothing(made: SimpleNamespace) -> None:
    empty = adapt(made.run_days([]), SYMPTOM.empty(), SETTINGS)
    explanation = explain_flares(empty, SYMPTOM.empty())
    assert explanation.flares.is_empty()
    assert not explanation.linkage.enough_data


def test_loads_alone_or_a_diary_alone_do_not_stop_it(made: SimpleNamespace) -> None:
    load = adapt(made.run_days([5.0, 0.0] * 100), SYMPTOM.empty(), SETTINGS)
    explanation = explain_flares(load, SYMPTOM.empty())
    assert "3 flares" in explanation.linkage.why
    diary = pl.DataFrame(
        {
            n: pl.Series([made.first] if n == "date" else [None], dtype=c.dtype)
            for n, c in SYMPTOM.columns.items()
        }
    )
    alone = explain_flares(adapt(made.run_days([]), diary, SETTINGS), diary)
    assert alone.recent.spans.is_empty()


def some_runs(rng: np.random.Generator, days: int, missing: float) -> pl.DataFrame:
    """Draw runs of which any number may be missing or zero."""
    at = np.sort(rng.choice(days, size=int(rng.integers(0, 2 * days // 3 + 1))))
    known: dict[str, list[object]] = {
        "activity_id": [str(i) for i in range(len(at))],
        "local_date": [TODAY + timedelta(int(d)) for d in at],
        "start_utc": [datetime(2026, 5, 4, tzinfo=UTC) + timedelta(int(d)) for d in at],
        "shoe_id": [("a", "b", None)[int(rng.integers(3))] for _ in at],
    }
    for name, dtype in RUN_SCHEMA.items():
        if dtype == pl.Float64:
            drawn = rng.lognormal(size=len(at)) * (rng.random(len(at)) > 0.1)
            known[name] = [None if rng.random() < missing else float(v) for v in drawn]
    return pl.DataFrame(
        {n: pl.Series(known.get(n, [None] * len(at)), dtype=t) for n, t in RUN_SCHEMA.items()}
    )


def some_diary(rng: np.random.Generator, days: int) -> pl.DataFrame:
    at = rng.choice(days + 60, size=int(rng.integers(0, days)), replace=False)
    felt = {
        "date": [TODAY + timedelta(int(d)) for d in at],
        "morning_pain_0_10": rng.integers(0, 11, len(at)),
        "morning_stiffness_min": rng.integers(0, 60, len(at)),
    }
    return pl.DataFrame(
        {n: pl.Series(felt.get(n, [None] * len(at)), dtype=c.dtype) for n, c in SYMPTOM.columns.items()}
    )


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("seed", range(30))
def test_whatever_is_missing_what_is_said_is_a_number_or_not_known(seed: int) -> None:
    rng = np.random.default_rng(seed)
    days = int(rng.integers(2, 400))
    diary = some_diary(rng, days)
    explanation = explain_flares(adapt(some_runs(rng, days, 0.15 * (seed % 3)), diary, SETTINGS), diary)
    for around in (explanation.before_flares, explanation.windows, explanation.recent):
        for frame in (around.drivers, around.changes, around.stacked, around.held, around.led):
            numbers = frame.select(pl.col(pl.Float64).is_finite().fill_null(True).all())
            assert all(numbers.row(0)) if numbers.width else True
        shares = around.drivers.select(pl.sum_horizontal(f"share_{n}" for n in DRIVERS))["share_volume"]
        told = around.drivers["why"].is_null()
        assert shares.filter(told).to_list() == pytest.approx([1.0] * int(told.sum()))
        assert around.drivers["share_volume"].is_not_null().to_list() == told.to_list()
