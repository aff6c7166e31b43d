"""Step-ups by hand, and on made-up runners in whom one thing changed."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import planted_causes as planted
import polars as pl
import pytest

from dashboard.model.analysis import Analysis, adapt
from dashboard.model.changes import CHANGE_SCHEMA
from dashboard.model.explain import FlareExplanation, explain_flares
from dashboard.model.leading_changes import before_flare, lead
from dashboard.model.outpaced_windows import joined_stretches
from dashboard.model.settings import ModelSettings
from dashboard.model.step_ups import (
    DOSE,
    channel_rank,
    is_enough,
    is_leading,
    order_changes,
    share_of_year,
    usual_range,
)

SETTINGS = ModelSettings()
SEEDS = range(4)


def told(runner: planted.Runner) -> tuple[Analysis, FlareExplanation]:
    analysis = adapt(runner.runs, runner.symptoms, SETTINGS, planted.day(runner.days - 1))
    return analysis, explain_flares(analysis, runner.symptoms)


@pytest.fixture(scope="module", params=SEEDS)
def grown(request) -> tuple[planted.Runner, Analysis, FlareExplanation]:
    runner = planted.grow(request.param)
    return runner, *told(runner)


def test_the_channel_that_changed_is_first_in_list_and_lead(grown) -> None:
    runner, analysis, why = grown
    assert why.flares["onset"].to_list() == [planted.day(one.onset) for one in runner.plants]
    for place, one in enumerate(runner.plants):
        start, end = before_flare(planted.day(one.onset))
        found = lead(analysis, why.step_ups, start, end, runner.names, why.flares)
        span = why.before_flares.spans.row(place)
        listed = why.before_flares.changes.filter(
            (pl.col("from_date") == span[0]) & (pl.col("to_date") == span[1])
        )
        assert found.changes[0].channel in planted.CHANNELS[one.cause], one
        assert listed["channel"][0] in planted.CHANNELS[one.cause], one
        assert listed["stepped_up"][0]


@pytest.mark.parametrize(
    ("seed", "cause"),
    [(5, "long run"), (8, "shoe"), (11, "shoe"), (27, "speed"), (33, "long run"), (36, "shoe")],
)
def test_a_change_is_first_also_beside_weeks_that_happened_to_be_even_or_after_another(
    seed: int, cause: str
) -> None:
    runner = planted.grow(seed)
    analysis, why = told(runner)
    (one,) = [one for one in runner.plants if one.cause == cause]
    found = lead(analysis, why.step_ups, *before_flare(planted.day(one.onset)), runner.names, why.flares)
    assert found.changes[0].channel in planted.CHANNELS[cause]


def test_what_leads_says_from_where_to_where_since_when_and_what_followed(grown) -> None:
    runner, analysis, why = grown
    shoe = next(one for one in runner.plants if one.cause == "shoe")
    found = lead(analysis, why.step_ups, *before_flare(planted.day(shoe.onset)), runner.names, why.flares)
    pair = next(one for one in found.changes if one.channel == "shoe_new")
    assert (pair.shoe_id, pair.shoe_name) == ("flat", "Flat One")
    assert pair.usual == pytest.approx(0.0, abs=0.3)
    assert pair.reached == pytest.approx(1.0, abs=0.3)
    assert planted.day(shoe.first) <= pair.since <= planted.day(shoe.first + 10)
    assert pair.flare_onset == planted.day(shoe.onset)
    assert pair.flare_after_days == (planted.day(shoe.onset) - pair.since).days
    speed = next(one for one in runner.plants if one.cause == "speed")
    first = lead(analysis, why.step_ups, *before_flare(planted.day(speed.onset))).changes[0]
    assert first.usual is not None
    assert first.reached > first.usual
    assert first.shoe_id is None


def test_several_at_once_are_one_event_in_order_of_date(grown) -> None:
    runner, analysis, why = grown
    several = next(one for one in runner.plants if one.cause == "several")
    found = lead(analysis, why.step_ups, planted.day(several.first - 7), planted.day(several.last + 7))
    assert len({one.channel for one in found.parts}) >= 3
    assert [one.since for one in found.parts] == sorted(one.since for one in found.parts)


def test_calm_years_stay_calm(grown) -> None:
    runner, _, why = grown
    doses = why.step_ups.rows.filter(pl.col("channel") != "hard_gap")
    calm = doses.filter(pl.col("to_date") < planted.day(runner.plants[0].first))
    assert calm.height <= 6 * runner.plants[0].first / 365


@pytest.mark.parametrize("seed", range(20, 26))
def test_a_year_without_any_change_has_few_step_ups(seed: int) -> None:
    runner = planted.grow(seed, causes=(), calm_days=730)
    _, why = told(runner)
    assert why.step_ups.rows.height <= 12
    assert why.flares.is_empty()


def test_a_change_that_no_flare_follows_is_a_step_up_all_the_same() -> None:
    runner = planted.grow(3, ("hills", "shoe"), with_flare=False)
    analysis, why = told(runner)
    for one in runner.plants:
        found = lead(
            analysis, why.step_ups, planted.day(one.first), planted.day(one.last), runner.names, why.flares
        )
        assert found.changes[0].channel in planted.CHANNELS[one.cause]
        assert found.changes[0].flare_onset is None


def test_the_load_comes_after_and_is_told_against_what_it_is_held_against(grown) -> None:
    runner, analysis, why = grown
    shoe = next(one for one in runner.plants if one.cause == "shoe")
    found = lead(analysis, why.step_ups, *before_flare(planted.day(shoe.onset))).composite
    assert found.peak_ratio is not None
    assert 1.0 < found.peak_ratio < 1.6
    assert found.states == ("ordinary",)
    empty = lead(analysis, why.step_ups, planted.day(-400), planted.day(-390))
    assert (empty.changes, empty.composite.peak_ratio, empty.composite.states) == ((), None, ())


def test_hard_gap_never_leads_and_run_days_only_alone() -> None:
    assert not is_leading("hard_gap")
    assert is_leading("run_days")
    assert [channel_rank(name) for name in ("volume", "run_days", "hard_gap")] == [0, 1, 2]
    assert "run_days" not in DOSE
    runner = planted.grow(1, ("volume",))
    analysis, why = told(runner)
    extra = why.step_ups.rows.with_columns(channel=pl.lit("hard_gap"), z=pl.lit(99.0))
    days = why.step_ups.rows.with_columns(channel=pl.lit("run_days"), z=pl.lit(50.0))
    one = runner.plants[0]
    span = (planted.day(one.first), planted.day(one.last))

    def leads(rows: pl.DataFrame) -> list[str]:
        step_ups = type(why.step_ups)(why.step_ups.first, rows, {}, {}, {}, {})
        return [change.channel for change in lead(analysis, step_ups, *span).changes]

    assert leads(extra) == []
    assert leads(pl.concat([extra, days])) == ["run_days"]
    assert set(leads(pl.concat([why.step_ups.rows, extra, days]))) <= set(DOSE)


def test_order_of_a_list() -> None:
    rows = [
        ("volume", 1.0, False), ("hard_gap", 9.0, True), ("run_days", 5.0, True), ("climb", 2.5, True),
        ("fast", 4.0, True), ("speed", 3.0, False), ("drop", None, False), ("run_days", 0.1, False),
    ]  # fmt: skip
    day = planted.day(0)
    frame = pl.DataFrame(
        [
            {"from_date": day, "to_date": day, "channel": name, "z": z, "stepped_up": up}
            for name, z, up in rows
        ],
        schema=CHANGE_SCHEMA,
    )
    got = order_changes(frame)["channel"].to_list()
    assert got == ["fast", "climb", "run_days", "hard_gap", "speed", "volume", "run_days", "drop"]


def test_usual_is_the_median_of_the_known_ones_of_eight_weeks() -> None:
    values = np.full(80, np.nan)
    for week, value in enumerate((10, 20, 30, 40, 50, 60, 70, 80), start=1):
        values[70 - 7 * week] = value
    low, middle, high = usual_range(values)[:, 70]
    assert (low, middle, high) == pytest.approx(
        np.quantile([10, 20, 30, 40, 50, 60, 70, 80], [0.1, 0.5, 0.9])
    )
    values[70 - 7] = np.nan
    assert usual_range(values)[1, 70] == 50
    assert np.isnan(usual_range(np.full(20, np.nan))).all()


def test_share_of_the_year_by_weeks_with_ties_by_half() -> None:
    values = np.zeros(400)
    values[399 - 7 * np.arange(1, 53)] = np.arange(1, 53)
    values[399] = 26
    assert share_of_year(values, 1)[399] == pytest.approx((25 + 0.5) / 52)
    assert share_of_year(values, -1)[399] == pytest.approx((26 + 0.5) / 52)
    short = np.arange(100, dtype=float)
    assert np.isnan(share_of_year(short, 1)[7 * 12 - 1])
    assert share_of_year(short, 1)[7 * 12] == 1.0


ENOUGH = [
    ("fast", 700, 100, True), ("fast", 650, 100, False), ("fast", 700, 400, True), ("fast", 620, 400, False),
    ("fast", 1200, 900, False), ("fast", 1500, 900, True), ("climb", 260, 160, True), ("climb", 250, 160, False),
    ("climb", 1300, 1000, True), ("climb", 1290, 1000, False), ("descent", 300, 150, True),
    ("volume", 24_000, 20_000, True), ("volume", 23_900, 20_000, False), ("longest", 12_000, 10_000, True),
    ("drop", 7, 10, True), ("drop", 7.1, 10, False), ("cadence", -2.0, 0.5, True), ("cadence", -1.9, 5, False),
    ("speed", 3.09, 3.0, True), ("speed", 3.08, 3.0, False), ("run_days", 5, 3.5, True), ("run_days", 4, 3, False),
    ("hard_gap", 2, 4, True), ("hard_gap", 3, 4, False), ("shoe_new", 0.5, 0.4, True), ("volume", 5, np.nan, False),
]  # fmt: skip


@pytest.mark.parametrize(("channel", "value", "usual", "want"), ENOUGH)
def test_enough_to_matter(channel: str, value: float, usual: float, want: bool) -> None:
    assert is_enough(channel, np.array([value]), np.array([usual]), SETTINGS)[0] == want


def test_stretches_are_three_of_seven_joined_over_a_week() -> None:
    met = np.zeros(60, dtype=bool)
    met[[10, 12, 15]] = True
    assert joined_stretches(met, 3, 7) == [(10, 15)]
    met[[23, 25, 27]] = True
    assert joined_stretches(met, 3, 7) == [(10, 27)]
    met[23] = False
    met[29] = True
    assert joined_stretches(met, 3, 7) == [(10, 15), (25, 29)]
    assert joined_stretches(np.zeros(5, dtype=bool), 3, 7) == []


def test_a_row_gives_the_day_with_the_largest_z(grown) -> None:
    _, analysis, why = grown
    first = analysis.days["local_date"][0]
    for row in why.step_ups.rows.iter_rows(named=True):
        start, end, peak = ((row[n] - first).days for n in ("from_date", "to_date", "peak_date"))
        met = why.step_ups.meets[row["channel"]]
        z = np.where(met, why.step_ups.z[row["channel"]], -np.inf)
        assert met[start]
        assert met[end]
        assert start <= peak <= end
        assert row["z"] == z[start : end + 1].max() == z[peak]
        assert row["z"] >= 2
        assert row["above_share_of_year"] >= 0.9


def test_settings_move_the_rule() -> None:
    runner = planted.grow(2, ("volume", "speed"))
    analysis = adapt(runner.runs, runner.symptoms, SETTINGS, planted.day(runner.days - 1))
    strict = adapt(runner.runs, runner.symptoms, ModelSettings(step_up_z=4.0), planted.day(runner.days - 1))
    many, few = (explain_flares(one, runner.symptoms).step_ups.rows.height for one in (analysis, strict))
    assert few < many


def test_the_shortest_record_has_none(made) -> None:
    analysis = adapt(made.run_days([5.0] * 10), made.no_symptoms, SETTINGS)
    assert explain_flares(analysis, made.no_symptoms).step_ups.rows.is_empty()
    nothing = adapt(made.run_days([]), made.no_symptoms, SETTINGS)
    found = lead(
        nothing, explain_flares(nothing, made.no_symptoms).step_ups, made.first, made.first + timedelta(9)
    )
    assert found.changes == ()
