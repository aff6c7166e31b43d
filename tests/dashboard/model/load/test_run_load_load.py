""""""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.frames import SHOE_FACT
from dashboard.model.schemas import RUN_SCHEMA
from dashboard.model.settings import ModelSettings

PARTS = ("x_steps", "x_speed", "x_hills", "x_cadence", "x_shoe")
USUAL = ModelSettings()
PURE = [HealthCheck.function_scoped_fixture]  # the fixture holds builders without any state


def easy_history(made, count: int = 2, seconds: int = 3600):
    """Build runs that settle easy speed at 3 m/s and the line at 140 + 10 * speed."""
    frames, rows = {}, []
    rng = np.random.default_rng(3)
    for i in range(900, 900 + count):
        speed = np.repeat(3.0 + 0.4 * rng.standard_normal(seconds // 60), 60)
        frames[f"{i:04x}"] = made.recording(seconds, speed, 140 + 10 * speed)
        rows.append(made.recorded(i, frames[f"{i:04x}"]))
    return rows, frames


def one_run(made, frame, settings=USUAL, facts=None, **activity):
    rows, frames = easy_history(made)
    row = made.recorded(1, frame, **activity)
    runs, personal = made.loads([*rows, row], frames | {"0001": frame}, settings, facts)
    return runs.filter(pl.col("activity_id") == "0001").row(0, named=True), personal


def product(run) -> float:
    return math.prod(run[name] for name in PARTS)


def test_one_km_easy_and_flat_is_one_tendon_km(made) -> None:
    _, personal = one_run(made, made.recording(600))
    easy, line = personal.easy_mps, personal.cadence_at(personal.easy_mps)
    run, _ = one_run(made, made.recording(1000, easy, line))
    km = run["distance_m"] / 1000
    assert run["load_tkm"] == pytest.approx(km, rel=1e-4)
    assert run["load_a_tkm"] == pytest.approx(km, rel=1e-4)
    assert run["load_c_tkm"] == pytest.approx(km, rel=1e-4)
    assert [run[name] for name in PARTS] == pytest.approx([1] * 5, abs=1e-4)
    assert run["steps"] == pytest.approx(1000 * line / 120, rel=1e-5)
    assert run["flags"] == ""
    assert not run["estimated"]


def test_a_steady_run_is_the_plain_formula(made) -> None:
    frame = made.recording(1800, 4.0, 172.0, 4.0)
    run, personal = one_run(made, frame)
    easy, line = personal.easy_mps, personal.cadence_at
    angle = math.degrees(math.atan(0.04))
    hill = 1 + 0.228654 * angle / 3
    rho = 172 / line(4.0)
    expected = {
        "x_steps": (1000 / 4 * 172) / (1000 / easy * line(easy)),
        "x_speed": (4 / easy) ** 1.11,
        "x_hills": hill**3,
        "x_cadence": rho ** (-1.45 * 3),
        "x_shoe": 1.0,
    }
    if angle > 3:
        expected["x_hills"] = (1.228654 + (1.46165 - 1.228654) * (angle - 3) / 3) ** 3
    if rho >= 1:
        expected["x_cadence"] = rho ** (-0.39 * 3)
    assert {name: run[name] for name in PARTS} == pytest.approx(expected, rel=5e-5)
    assert run["multiplier"] == pytest.approx(math.prod(expected.values()), rel=5e-5)
    assert run["load_tkm"] == pytest.approx(run["multiplier"] * 7.2, rel=1e-9)


def test_uphill_weighs_more_and_downhill_less_in_every_lens(made) -> None:
    flat, up, down = (one_run(made, made.recording(900, 3.0, 170.0, g))[0] for g in (0.0, 6.0, -6.0))
    for lens in ("load_tkm", "load_a_tkm", "load_c_tkm", "x_hills"):
        assert down[lens] < flat[lens] < up[lens]


@settings(max_examples=15, deadline=None, suppress_health_check=PURE)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([None, 0.0, 5.0]),
    st.booleans(),
    st.sampled_from(["conventional", "minimalist", "maximalist"]),
)
def test_shares_of_any_run_multiply_to_its_load(made, seed, grade, has_cadence, kind) -> None:
    rng = np.random.default_rng(seed)
    speed = np.clip(3 + rng.standard_normal(300), 0, 7)
    grades = None if grade is None else grade * rng.standard_normal(300)
    frame = made.recording(300, speed, 165 + 10 * rng.standard_normal(300) if has_cadence else None, grades)
    facts = shoe_fact(kind=kind)
    runs, _ = made.loads([made.recorded(1, frame)], {"0001": frame}, None, facts)
    run = runs.row(0, named=True)
    assert product(run) == pytest.approx(run["multiplier"], rel=1e-9)
    assert run["load_low_tkm"] <= run["load_tkm"] <= run["load_high_tkm"]


def shoe_fact(**facts) -> pl.DataFrame:
    row = {"shoe_id": "pair"} | facts
    return pl.DataFrame(
        {name: pl.Series([row.get(name)], dtype=c.dtype) for name, c in SHOE_FACT.columns.items()}
    )


def test_shoe_and_treadmill_count_under_one_name(made) -> None:
    frame = made.recording(600, grade=None)
    outdoors, _ = one_run(made, made.recording(600))
    indoors, _ = one_run(made, frame, facts=shoe_fact(kind="minimalist"), is_indoor=True)
    assert indoors["x_shoe"] == pytest.approx((1.12 * 1.125) ** 3)
    assert outdoors["x_shoe"] == 1
    assert indoors["flags"] == "treadmill"


def test_the_slope_of_a_treadmill_is_unknown_and_not_flat(made) -> None:
    outdoors, _ = one_run(made, made.recording(600))
    indoors, _ = one_run(made, made.recording(600, grade=12.0), is_indoor=True)
    assert indoors["x_hills"] == 1
    assert not indoors["has_altitude"]
    assert indoors["load_high_tkm"] / indoors["load_tkm"] == pytest.approx(1.02 * 1.447, rel=0.01)
    assert indoors["load_low_tkm"] / indoors["load_tkm"] == pytest.approx(0.98)
    assert outdoors["load_high_tkm"] / outdoors["load_tkm"] == pytest.approx(1.02)


def test_virtual_runs_are_on_a_treadmill(made) -> None:
    run, _ = one_run(made, made.recording(600), sport="VirtualRun")
    assert "treadmill" in run["flags"]
    assert run["is_indoor"]


def test_row_order_does_not_matter(made) -> None:
    rng = np.random.default_rng(5)
    frame = made.recording(900, 3 + 0.5 * rng.standard_normal(900), 165 + 9 * rng.standard_normal(900))
    a, _ = one_run(made, frame)
    b, _ = one_run(made, frame.sample(fraction=1, shuffle=True, seed=1))
    assert a["load_tkm"] == pytest.approx(b["load_tkm"], rel=1e-12)
    assert a["x_cadence"] == pytest.approx(b["x_cadence"], rel=1e-12)


@settings(max_examples=10, deadline=None, suppress_health_check=PURE)
@given(st.integers(1, 599), st.integers(0, 1000))
def test_a_run_cut_in_two_weighs_the_same(made, cut: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    whole = made.recording(600, 3 + 0.5 * rng.standard_normal(600), 165 + 9 * rng.standard_normal(600))
    frames = {"0001": whole, "0002": whole.head(cut), "0003": whole.tail(600 - cut)}
    runs, _ = made.loads([made.recorded(i, frames[f"{i:04x}"]) for i in (1, 2, 3)], frames)
    first, second, third = runs["load_tkm"]
    assert second + third == pytest.approx(first, rel=1e-6)
    a = runs["load_a_tkm"]
    assert a[1] + a[2] == pytest.approx(a[0], rel=1e-6)


def test_walking_inside_a_run_weighs_little(made) -> None:
    walked, personal = one_run(made, made.recording(600, 1.4, 110.0, 5.0))
    ratio = (4.49 / 8.58) / (personal.easy_mps / 3) ** 0.37
    steps = (1000 / 1.4 * 110) / (1000 / personal.easy_mps * personal.cadence_at(personal.easy_mps))
    assert walked["multiplier"] == pytest.approx(steps * ratio**3, rel=1e-5)
    assert walked["x_hills"] == pytest.approx(1)
    silent, _ = one_run(made, made.recording(600, 1.4, None))
    assert silent["load_tkm"] == pytest.approx(walked["load_tkm"], rel=1e-5)


def test_standing_adds_nothing(made) -> None:
    ran = made.recording(600, 3.0, None)
    stood = made.recording(1200, [3.0] * 600 + [0.0] * 600, None)
    assert one_run(made, stood)[0]["load_tkm"] == pytest.approx(one_run(made, ran)[0]["load_tkm"], rel=1e-9)


def test_without_cadence_the_own_line_counts_the_steps(made) -> None:
    run, personal = one_run(made, made.recording(600, 3.5, None))
    assert run["steps"] == pytest.approx(600 * personal.cadence_at(3.5) / 120, rel=1e-6)
    assert run["x_cadence"] == 1
    assert run["cadence_spm"] is None
    assert run["flags"] == "no_cadence"
    assert run["load_high_tkm"] / run["load_tkm"] == pytest.approx(1.02 * 1.15)


def test_a_lost_foot_pod_is_not_standing(made) -> None:
    lost = made.recording(600, 3.0, [170.0] * 300 + [0.0] * 300)
    kept = made.recording(600, 3.0, 170.0)
    got, want = one_run(made, lost)[0], one_run(made, kept)[0]
    assert got["load_tkm"] == pytest.approx(want["load_tkm"], rel=0.03)


def test_seconds_of_unknown_speed_count_as_the_mean(made) -> None:
    holed = made.recording(600, [3.0] * 400 + [None] * 200)
    run, _ = one_run(made, holed, distance_m=1800.0)
    whole, _ = one_run(made, made.recording(600))
    assert run["load_tkm"] == pytest.approx(whole["load_tkm"], rel=1e-6)
    assert run["flags"] == ""


def test_a_gap_in_the_recording_is_filled_to_the_distance(made) -> None:
    frame = made.recording(600)
    run, _ = one_run(made, frame, distance_m=3600.0, moving_s=1200.0)
    whole, _ = one_run(made, frame)
    assert run["load_tkm"] == pytest.approx(2 * whole["load_tkm"], rel=1e-6)
    assert run["flags"] == "partial_samples"
    assert product(run) == pytest.approx(run["multiplier"], rel=1e-9)
    assert run["load_high_tkm"] / run["load_tkm"] > whole["load_high_tkm"] / whole["load_tkm"]


def test_a_crop_on_the_service_wins_over_the_file(made) -> None:
    frame = made.recording(1200)
    run, _ = one_run(made, frame, distance_m=1800.0)
    assert run["distance_m"] == 1800
    assert run["load_tkm"] == pytest.approx(one_run(made, frame)[0]["load_tkm"] / 2, rel=1e-6)
    assert run["flags"] == "distance_differs"


def test_a_small_difference_in_distance_changes_nothing_but_the_km(made) -> None:
    frame = made.recording(600)
    run, _ = one_run(made, frame, distance_m=1750.0)
    assert run["load_tkm"] == pytest.approx(one_run(made, frame)[0]["load_tkm"], rel=1e-9)
    assert product(run) == pytest.approx(run["multiplier"], rel=1e-9)
    assert run["multiplier"] == pytest.approx(run["load_tkm"] / 1.75, rel=1e-9)


def test_a_treadmill_without_distance_in_its_samples_falls_back_to_the_summary(made) -> None:
    frame = made.recording(1800, 0.0, 172.0, None)
    run, personal = one_run(made, frame, distance_m=0.0, is_indoor=True)
    assert run["distance_m"] is None
    assert run["estimated"]
    assert run["has_samples"]
    assert "no_distance" in run["flags"]
    assert run["load_tkm"] == pytest.approx(1.8 * personal.easy_mps * run["multiplier"], rel=1e-6)
    assert run["load_high_tkm"] > 1.5 * run["load_tkm"]


def test_altitude_missing_from_samples_is_taken_from_the_climb(made) -> None:
    frame = made.recording(1800, grade=None)
    told, _ = one_run(made, frame, ascent_m=150.0, descent_m=150.0)
    untold, _ = one_run(made, frame)
    assert told["x_hills"] > 1
    assert untold["x_hills"] == 1
    assert "no_altitude" in untold["flags"]
    assert product(told) == pytest.approx(told["multiplier"], rel=1e-9)
    assert told["load_a_tkm"] > untold["load_a_tkm"]


def test_fast_seconds_and_cadence_deviation(made) -> None:
    rows, frames = easy_history(made, 6)
    frame = made.recording(600, [3.0] * 500 + [5.0] * 100, [176.0] * 500 + [190.0] * 100)
    runs, personal = made.loads([*rows, made.recorded(1, frame)], frames | {"0001": frame})
    run = runs.filter(pl.col("activity_id") == "0001").row(0, named=True)
    assert personal.fast_mps == pytest.approx(personal.easy_mps * 1.15)
    assert run["fast_s"] == 100
    want = (500 * (176 / personal.cadence_at(3) - 1) * 170 + 0 * 100) / (500 * 170 + 100 * 190) * 100
    assert run["cadence_deviation_pct"] == pytest.approx(want, abs=0.05)


def test_without_samples_the_summary_is_used_and_marked(made) -> None:
    row = made.activity(
        1, distance_m=10_000.0, moving_s=3500.0, cadence_spm=170.0, ascent_m=50.0, descent_m=50.0
    )
    run = made.loads([row])[0].row(0, named=True)
    assert run["estimated"]
    assert run["flags"] == "no_samples"
    assert run["fast_s"] is None
    assert run["has_cadence"]
    assert not run["has_samples"]
    assert run["load_tkm"] == pytest.approx(10, rel=0.05)
    assert run["load_low_tkm"] < run["load_tkm"] < run["load_high_tkm"]
    assert product(run) == pytest.approx(run["multiplier"], rel=1e-9)


def test_summaries_learn_from_the_runs_that_have_both(made) -> None:
    rng = np.random.default_rng(9)
    rows, frames = [], {}
    for i in range(12):
        grade = np.repeat(6 * rng.standard_normal(30), 60)
        frames[f"{i:04x}"] = made.recording(1800, 3.0, 170.0, grade)
        rows.append(made.recorded(i, frames[f"{i:04x}"]))
    bare = made.activity(50, distance_m=5400.0, moving_s=1800.0, cadence_spm=170.0)
    runs, _ = made.loads([*rows, bare], frames)
    seen, guessed = runs.filter(~pl.col("estimated")), runs.filter(pl.col("estimated"))
    assert guessed["load_tkm"].item() == pytest.approx(seen["load_tkm"].median(), rel=0.02)
    few, _ = made.loads([*rows[:9], bare], frames)
    assert few.filter(pl.col("estimated"))["load_tkm"].item() < guessed["load_tkm"].item()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"distance_m": 9000.0}, {"no_time"}),
        ({"moving_s": 3000.0}, {"no_distance"}),
        ({"moving_s": 3000.0, "distance_m": 0.0}, {"no_distance"}),
        ({"distance_m": 9000.0, "moving_s": 791_508.0}, {"odd_time"}),
    ],
)
def test_what_is_missing_is_filled_from_the_easy_speed_and_said(made, facts, words) -> None:
    run = made.loads([made.activity(1, **facts)])[0].row(0, named=True)
    assert run["load_tkm"] == pytest.approx(9, rel=0.01)
    assert words <= set(run["flags"].split())
    assert run["load_low_tkm"] < 9 < run["load_high_tkm"]


@pytest.mark.parametrize("facts", [{}, {"moving_s": 791_508.0}, {"distance_m": 0.0, "moving_s": 0.0}])
def test_a_run_of_which_nothing_is_known_has_no_load_rather_than_none(made, facts) -> None:
    run = made.loads([made.activity(1, **facts)])[0].row(0, named=True)
    assert run["load_tkm"] is None
    assert run["multiplier"] is None
    assert run["load_a_tkm"] is None
    assert run["distance_m"] is None


def test_a_walk_recorded_as_a_run_weighs_less_than_running_it(made) -> None:
    walked, ran = (
        made.loads([made.activity(1, distance_m=8000.0, moving_s=s, ascent_m=0.0, descent_m=0.0)])[0]
        for s in (8000 / 1.3, 8000 / 2.6)
    )
    assert walked["load_tkm"].item() < 0.4 * ran["load_tkm"].item()


def test_other_sports_do_not_count_and_flags_are_passed_on(made) -> None:
    rows = [
        made.activity(1, sport="Ride", distance_m=40_000.0, moving_s=5000.0),
        made.activity(2, sport="Walk", distance_m=5000.0, moving_s=4000.0),
        made.activity(
            3, sport="TrailRun", distance_m=5000.0, moving_s=2000.0, flags="hidden_start", shoe_id=None
        ),
    ]
    runs, _ = made.loads(rows)
    assert runs["activity_id"].to_list() == ["0003"]
    words = {"hidden_start", "no_altitude", "no_cadence", "no_samples", "no_shoe"}
    assert set(runs["flags"].item().split()) == words
    assert runs["flags"].item() == " ".join(sorted(words))


def test_no_runs_at_all(made) -> None:
    runs, personal = made.loads([])
    assert runs.schema == RUN_SCHEMA
    assert runs.is_empty()
    assert personal.easy_from == "default"


def test_a_recording_that_has_gone_missing(made) -> None:
    row = made.activity(1, distance_m=5000.0, moving_s=1700.0, samples_id="gone")
    run = made.loads([row])[0].row(0, named=True)
    assert run["estimated"]
    assert not run["has_samples"]


def test_exponent_is_the_setting(made) -> None:
    frame = made.recording(600, 4.5)
    b1, _ = one_run(made, frame, ModelSettings(exponent=1))
    b3, _ = one_run(made, frame)
    assert b3["x_speed"] == pytest.approx(b1["x_speed"] ** 3, rel=1e-6)
    assert b1["load_c_tkm"] == pytest.approx(b3["load_c_tkm"], rel=1e-6)


def test_a_device_whose_speed_reads_high_is_believed_in_its_steps(made) -> None:
    frame = made.recording(600).with_columns(distance_m=pl.col("second").cast(pl.Float32) * 2.8)
    run, _ = one_run(made, frame, distance_m=1680.0)
    whole, _ = one_run(made, made.recording(600))
    assert run["flags"] == ""
    assert run["load_tkm"] == pytest.approx(whole["load_tkm"], rel=1e-6)
    assert product(run) == pytest.approx(run["multiplier"], rel=1e-9)


def test_distance_of_the_samples_is_used_where_the_summary_has_none(made) -> None:
    frame = made.recording(601).with_columns(distance_m=pl.col("second").cast(pl.Float32) * 2.9)
    run, _ = one_run(made, frame, distance_m=None, moving_s=None)
    assert run["distance_m"] == pytest.approx(1740)
    assert run["moving_s"] == 601
    assert run["flags"] == ""


def shoe_band(made, **facts) -> tuple[float, float]:
    told = {"kind": "conventional", "drop_mm": 10.0, "is_plated": False} | facts
    types = {"kind": pl.String, "drop_mm": pl.Float64, "is_plated": pl.Boolean}
    types |= {"drop_low_mm": pl.Float64, "drop_high_mm": pl.Float64}
    pair = pl.DataFrame(
        {"shoe_id": "pair", **told}, schema_overrides={k: v for k, v in types.items() if k in told}
    )
    row = made.activity(1, distance_m=10_000.0, moving_s=3_000.0)
    run = made.loads([row], shoe_facts=pair)[0].row(0, named=True)
    assert run["load_low_tkm"] <= run["load_tkm"] <= run["load_high_tkm"]
    return run["x_shoe_low"] / run["x_shoe"], run["x_shoe_high"] / run["x_shoe"]


def test_what_is_not_known_of_a_shoe_widens_the_band(made) -> None:
    assert shoe_band(made) == (1.0, 1.0)
    assert shoe_band(made, kind=None, drop_mm=None, is_plated=None) == pytest.approx((0.95**3, 1.12**3))
    assert shoe_band(made, kind="minimalist") == pytest.approx(((1.05 / 1.12) ** 3, (1.2 / 1.12) ** 3))
    assert shoe_band(made, drop_mm=4.0) == pytest.approx(((1 / 1.03) ** 3, (1.06 / 1.03) ** 3))
    assert shoe_band(made, is_plated=True) == pytest.approx((0.95**3, 1.05**3))
    assert shoe_band(made, kind="racing", is_plated=None) == shoe_band(made, kind="racing", is_plated=True)
    asked = shoe_band(made, drop_mm=None, drop_low_mm=6.0, drop_high_mm=10.0)
    assert asked == pytest.approx((1.0, 1.04**3))
    assert shoe_band(made, drop_mm=None)[1] > asked[1]


def test_a_run_without_a_pair_is_as_unknown_as_one_in_an_unknown_pair(made) -> None:
    runs = made.loads(
        [
            made.activity(n, distance_m=10_000.0, moving_s=3_000.0, shoe_id=s)
            for n, s in ((1, None), (2, "odd"))
        ]
    )[0]
    for name in ("load_low_tkm", "load_high_tkm"):
        assert runs[name].n_unique() == 1
    assert ["no_shoe" in flags.split() for flags in runs["flags"]] == [True, False]
    assert ["no_shoe_facts" in flags.split() for flags in runs["flags"]] == [False, True]
