"""The made-up runner: whole, physical, always the same, and with the answer that was planted."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from connectors.demo import NAME, PLANTED, DemoFrames, add_demo, demo_frames
from connectors.demo.diary import COURSES
from connectors.demo.training import first_date
from connectors.frames import (
    ACTIVITY,
    EVENT,
    INTAKE,
    PROGRAMME,
    RUN_SPORTS,
    SAMPLE,
    SHOE,
    SHOE_FACT,
    STRENGTH,
    SYMPTOM,
    TEST_RESULT,
    checked,
)
from connectors.store import open_store

TODAY = date(2026, 11, 23)
LAST = TODAY - timedelta(1)


@pytest.fixture(scope="module")
def frames() -> DemoFrames:
    return demo_frames(3, TODAY)


@pytest.fixture(scope="module")
def runs(frames: DemoFrames) -> pl.DataFrame:
    return frames.activities.filter(pl.col("sport").is_in(RUN_SPORTS))


def test_every_frame_keeps_its_contract(frames: DemoFrames) -> None:
    pairs = (
        (frames.activities, ACTIVITY),
        (frames.shoes, SHOE),
        (frames.shoe_facts, SHOE_FACT),
        (frames.symptoms, SYMPTOM),
        (frames.events, EVENT),
        (frames.strength, STRENGTH),
        (frames.results, TEST_RESULT),
        (frames.programme, PROGRAMME),
        (frames.intake, INTAKE),
    )
    for frame, contract in pairs:
        checked(frame, contract)
        assert set(frame["source"]) == {"demo"}
        assert set(frame["athlete_id"]) == {3}
    for samples in frames.samples.values():
        checked(samples, SAMPLE)


def test_it_is_the_same_every_time(frames: DemoFrames) -> None:
    again = demo_frames(3, TODAY)
    assert again.activities.equals(frames.activities)
    assert again.symptoms.equals(frames.symptoms)
    assert again.strength.equals(frames.strength)
    assert all(again.samples[i].equals(s) for i, s in frames.samples.items())


def test_another_weekday_moves_the_end_and_not_the_past(frames: DemoFrames) -> None:
    later = demo_frames(3, TODAY + timedelta(2))
    assert first_date(TODAY + timedelta(2)) == first_date(TODAY)
    settled = frames.activities.height - 3  # smoothing lets the last run feel what follows it
    assert later.activities.head(settled).equals(frames.activities.head(settled))
    for id_ in list(frames.samples)[:-1:40]:
        metres = later.samples[id_]["distance_m"] - frames.samples[id_]["distance_m"]
        assert metres.head(-10).abs().max() < 0.01


@pytest.mark.parametrize("ahead", range(7))
def test_it_lasts_eighteen_months_up_to_yesterday(ahead: int) -> None:
    today = TODAY + timedelta(ahead)
    assert first_date(today).weekday() == 0
    assert 548 <= (today - timedelta(1) - first_date(today)).days + 1 <= 555


def test_dates_reach_from_start_to_yesterday(frames: DemoFrames) -> None:
    days = frames.activities["local_date"]
    assert days.min() >= first_date(TODAY)
    assert LAST - timedelta(3) <= days.max() <= LAST
    assert frames.symptoms["date"].max() <= LAST


def test_four_to_five_runs_a_week_and_other_sports_beside(runs: pl.DataFrame, frames: DemoFrames) -> None:
    weeks = ((LAST - first_date(TODAY)).days + 1) / 7
    assert 3.8 < runs.height / weeks < 5
    assert set(frames.activities["sport"]) == {"Run", "TrailRun", "Ride", "Walk"}


def test_the_odd_cases_are_there(runs: pl.DataFrame, frames: DemoFrames) -> None:
    manual = runs.filter(pl.col("sample_rows").is_null())
    assert manual.height == 1
    assert manual["activity_id"][0] not in frames.samples
    assert 3 <= runs["is_indoor"].sum() <= 8
    assert 3 <= runs["shoe_id"].null_count() <= 15
    assert 3 <= (runs["cadence_spm"].is_null() & runs["sample_rows"].is_not_null()).sum() <= 15
    assert runs.filter(pl.col("is_indoor"))["ascent_m"].null_count() == runs["is_indoor"].sum()
    assert set(runs["timezone"]) == {"Europe/Vienna", "Atlantic/Madeira"}
    assert (runs["elapsed_s"] > runs["moving_s"]).sum() > 50
    assert {"race", "travel", "new_shoe"} == set(frames.events["kind"])


def test_shoes_are_worn_and_described(runs: pl.DataFrame, frames: DemoFrames) -> None:
    assert set(runs["shoe_id"].drop_nulls()) == set(frames.shoes["shoe_id"])
    facts = frames.shoe_facts
    assert facts["drop_mm"].to_list() == [10, 10, 6, 4, 0, 8]
    assert facts.filter("is_plated")["kind"].to_list() == ["racing"]
    assert "trail" in set(facts["kind"])


def test_totals_are_those_of_the_seconds(runs: pl.DataFrame, frames: DemoFrames) -> None:
    for row in runs.filter(pl.col("sample_rows") > 0).iter_rows(named=True):
        samples = frames.samples[row["activity_id"]]
        assert samples.height == row["sample_rows"] == row["moving_s"]
        assert samples["distance_m"][-1] == pytest.approx(row["distance_m"])
        assert samples["second"][-1] + 1 == row["elapsed_s"]
        assert samples["second"].is_sorted()


def test_distance_is_the_sum_of_speed(frames: DemoFrames) -> None:
    for samples in list(frames.samples.values())[::25]:
        covered = samples["speed_mps"].cast(pl.Float64).cum_sum()
        assert (covered - samples["distance_m"]).abs().max() < 0.5
        assert samples["speed_mps"].is_between(1.5, 5.5).all()


def test_grade_is_what_altitude_and_distance_say(runs: pl.DataFrame, frames: DemoFrames) -> None:
    outside = runs.filter(pl.col("ascent_m") > 20)["activity_id"].to_list()
    for id_ in outside[::20]:
        samples = frames.samples[id_]
        metres, altitude = (samples[c].cast(pl.Float64).to_numpy() for c in ("distance_m", "altitude_m"))
        inside = (metres > 25) & (metres < metres[-1] - 25)
        rise = np.interp(metres + 25, metres, altitude) - np.interp(metres - 25, metres, altitude)
        wrong = np.abs(rise * 2 - samples["grade_pct"].to_numpy())[inside]
        assert wrong.max() < 0.8  # altitude is written in steps of 0.2 m, which is 0.4 % over 50 m
        assert abs(altitude[-1] - altitude[0]) < 8  # out and back


def test_climb_is_that_of_the_altitude(runs: pl.DataFrame, frames: DemoFrames) -> None:
    hilly = runs.filter(pl.col("ascent_m") > 150)
    assert hilly.height > 5
    for row in hilly.iter_rows(named=True):
        rise = frames.samples[row["activity_id"]]["altitude_m"].cast(pl.Float64).diff()
        assert row["ascent_m"] == pytest.approx(rise.clip(0).sum(), rel=0.08)
        assert row["descent_m"] == pytest.approx(-rise.clip(None, 0).sum(), rel=0.08)


def test_the_diary_is_kept_on_most_days_and_nothing_is_nought(frames: DemoFrames) -> None:
    days = (LAST - first_date(TODAY)).days + 1
    assert 0.8 < frames.symptoms.height / days < 0.9
    assert (frames.symptoms["morning_pain_0_10"] == 0).mean() > 0.6
    assert frames.symptoms["morning_pain_0_10"].null_count() == 0
    without_run = frames.symptoms.filter(pl.col("pain_during_0_10").is_null())
    assert without_run.height > 100


def test_each_spell_stands_out_from_the_days_before_it(frames: DemoFrames) -> None:
    start = first_date(TODAY)
    for course in COURSES:
        onset = start + timedelta(course.from_day)
        before = frames.symptoms.filter(
            pl.col("date").is_between(onset - timedelta(28), onset, closed="left")
        )
        after = frames.symptoms.filter(pl.col("date").is_between(onset, onset + timedelta(6)))
        assert after["morning_pain_0_10"].max() >= before["morning_pain_0_10"].median() + 2


def test_planted_flares_lie_where_the_symptoms_are() -> None:
    assert {p.flare_day for p in PLANTED if p.flare_day is not None} == {c.from_day for c in COURSES}
    assert {"overload", "stacked", "overload_without_flare", "spell_without_overload", "holiday"} == {
        p.kind for p in PLANTED
    }


def test_the_holiday_is_without_runs(runs: pl.DataFrame) -> None:
    [holiday] = [p for p in PLANTED if p.kind == "holiday"]
    assert runs.filter(pl.col("local_date").is_between(*holiday.dates(TODAY))).is_empty()


def test_the_stacked_weeks_change_everything_a_little(runs: pl.DataFrame, frames: DemoFrames) -> None:
    [stacked] = [p for p in PLANTED if p.kind == "stacked"]
    first, last = stacked.dates(TODAY)
    during = runs.filter(pl.col("local_date").is_between(first, last))
    before = runs.filter(pl.col("local_date").is_between(first - timedelta(56), first, closed="left"))

    def a_week(frame: pl.DataFrame, column: str, weeks: int) -> float:
        return frame[column].sum() / weeks

    assert 1.03 < a_week(during, "distance_m", 3) / a_week(before, "distance_m", 8) < 1.15
    assert a_week(during, "ascent_m", 3) > 1.5 * a_week(before, "ascent_m", 8)
    assert during["cadence_spm"].mean() < before["cadence_spm"].mean() - 3
    new = frames.shoes.filter(pl.col("source_id") == "lowest")["shoe_id"][0]
    assert (during["shoe_id"] == new).sum() > during.height / 3
    assert new not in set(before["shoe_id"])


def test_planted_overloads_are_found_and_nothing_else(frames: DemoFrames) -> None:
    from model_builders import analyse

    from dashboard.model.settings import ModelSettings

    activities = frames.activities.with_columns(
        samples_id=pl.when(pl.col("sample_rows") > 0).then("activity_id")
    )
    seconds = pl.concat([s.with_columns(activity_id=pl.lit(i)) for i, s in frames.samples.items()]).lazy()
    analysis = analyse(activities, lambda _: seconds, frames.shoe_facts, frames.symptoms, ModelSettings())
    overloads = [p.dates(TODAY) for p in PLANTED if "overload" in p.kind[:8] or p.kind == "stacked"]
    windows = analysis.windows.select("from_date", "to_date", "peak_ratio").rows()
    assert len(windows) == len(overloads) == 5
    for (first, last), (from_date, to_date, peak) in zip(overloads, windows, strict=True):
        assert first <= from_date <= last
        assert to_date <= last + timedelta(7)
        assert peak >= 1.3


def test_it_goes_into_the_store_and_replaces_itself(tmp_path: Path, frames: DemoFrames) -> None:
    with open_store(tmp_path) as store:
        runner = store.add_runner("Kim")
        add_demo(store, TODAY)
        demo = add_demo(store, TODAY)
        assert [(r.name, r.is_demo) for r in store.runners()] == [("Kim", False), (NAME, True)]
        assert demo.athlete_id != runner.athlete_id
        kept = store.activities(demo.athlete_id)
        assert kept.height == frames.activities.height
        ids = kept["samples_id"].drop_nulls().to_list()
        assert len(ids) == len(frames.samples)
        rows = store.samples.scan(demo.athlete_id, ids).select(pl.len()).collect().item()
        assert rows == sum(s.height for s in frames.samples.values())
        assert store.read(SYMPTOM, demo.athlete_id).height == frames.symptoms.height
        assert store.activities(runner.athlete_id).is_empty()
        assert not store.check()
