"""The fast sums against a slow and plain reference that works out every second."""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.model.load import factor, weighted_sums
from dashboard.model.load.recordings import recording_data
from dashboard.model.load.runner_profile import RunnerProfile
from dashboard.model.load.seconds import clean_seconds, relative_to_runner
from dashboard.model.load.weighted_sums import CLOSE
from dashboard.model.settings import ModelSettings

PERSONAL = RunnerProfile(2.9, 3.4, 138.0, 9.5, "samples", "samples", 1e5)
USUAL = ModelSettings()
NUMBERS = {
    "exponent": (1, 9), "vitro_exponent": (4.7, 9.3), "speed_exponent": (0.2, 0.45), "hill_strength": (0, 1.25),
    "cadence_strength": (0, 2), "walking_force_bw": (4.2, 6.7), "walk_below_spm": (110, 150),
    "walk_below_mps": (1, 2.5),
}  # fmt: skip
PURE = [HealthCheck.function_scoped_fixture]  # the fixture holds builders without any state


def slow(frames: dict[str, pl.DataFrame], numbers: ModelSettings) -> pl.DataFrame:
    """Every sum by its definition: one second at a time, the factors themselves, one column for each sum."""
    rows = []
    for name, frame in sorted(frames.items()):
        known = clean_seconds(frame.with_columns(activity_id=pl.lit(name)).lazy(), numbers)
        table = known.sort("activity_id").collect().with_columns(relative_to_runner(PERSONAL))
        force = {d: factor.force_product(d, "second", numbers) for d in weighted_sums.VARYING}
        weight = {d: factor.weight_product(d, "second", numbers) for d in weighted_sums.VARYING}
        steps = pl.when(pl.col("speed_mps").is_not_null()).then(factor.steps_per_second(numbers))
        metres, b, c = pl.col("speed_mps"), numbers.exponent, numbers.vitro_exponent
        sums = {}
        for choice in product((0, 1), repeat=3):
            taken = pl.lit(1.0)
            for driver, on in zip(weighted_sums.VARYING, choice, strict=True):
                taken = taken * force[driver].pow(b) if on else taken
            digits = "".join(map(str, choice))
            sums |= {f"steps_{digits}": steps * taken, f"metres_{digits}": metres * taken}
        hills, flat = force["hills"], force["speed"] * force["cadence"]
        sums |= {
            "climb": steps * (hills.pow(b) - 1).clip(lower_bound=0.0),
            "descent": steps * (1 - hills.pow(b)).clip(lower_bound=0.0),
            "c_0": steps * flat.pow(c),
            "c_1": steps * (flat * hills).pow(c),
            "a_0": metres * weight["speed"] * weight["cadence"],
            "a_1": metres * weight["speed"] * weight["cadence"] * weight["hills"],
            "fast_s": (pl.col("walking").not_() & (metres > PERSONAL.fast_mps)).cast(pl.Float64),
        }
        rows.append(
            {"activity_id": name}
            | table.select(pl.sum_horizontal(v).sum().alias(n) for n, v in sums.items()).row(0, named=True)
        )
    return pl.DataFrame(rows)


def fast(made, frames: dict[str, pl.DataFrame], numbers: ModelSettings = USUAL, **how) -> pl.DataFrame:
    recordings = recording_data(made.scan(frames), sorted(frames), numbers, **how)
    return weighted_sums.weighted_sums(recordings.seconds, PERSONAL, numbers)


def worst(got: pl.DataFrame, want: pl.DataFrame) -> float:
    """The largest distance, as a share of all steps or metres where a sum of its own is smaller."""
    assert got["activity_id"].to_list() == want["activity_id"].to_list()
    off = 0.0
    for name in want.columns[1:]:
        plain = "metres_000" if name[0] in "ma" else "steps_000"
        least = want.select(pl.max_horizontal(name, plain, pl.lit(1e-9))).to_series()
        # A second within half a level of the fast speed may fall on either side of it.
        spared = 1.0 if name == "fast_s" else 0.0
        apart = ((got[name] - want[name]).abs() - spared).clip(lower_bound=0.0)
        off = max(off, float((apart / least).max()))
    return off


def random_recording(made, seed: int, count: int) -> pl.DataFrame:
    """Running, walking, standing, glitches and gaps, in no order that makes sense."""
    rng = np.random.default_rng(seed)

    def holed(values: np.ndarray, share: float) -> list[float | None]:
        return [None if gone else float(v) for v, gone in zip(values, rng.random(count) < share, strict=True)]

    pace = rng.choice([0.0, 1.3, 2.9, 4.0, 15.0], count, p=[0.05, 0.1, 0.6, 0.24, 0.01])
    speed = np.clip(pace + 0.4 * rng.standard_normal(count), 0, 60)
    cadence = np.clip(140 + 9 * speed + 12 * rng.standard_normal(count), 0, 300)
    grade = np.clip(5 * rng.standard_normal(count), -45, 45)
    share = rng.choice([0, 0.1, 1.0], 3, p=[0.4, 0.5, 0.1])
    return made.recording(count, holed(speed, share[0]), holed(cadence, share[1]), holed(grade, share[2]))


@settings(max_examples=15, deadline=None, suppress_health_check=PURE)
@given(
    st.integers(0, 2**32 - 1),
    st.lists(st.integers(1, 9_000), min_size=1, max_size=4),
    st.fixed_dictionaries({name: st.floats(*bounds) for name, bounds in NUMBERS.items()}),
)
def test_any_recordings_under_any_settings_sum_to_the_slow_reference(made, seed, lengths, numbers) -> None:
    chosen = ModelSettings(**numbers)
    frames = {f"{i:04x}": random_recording(made, seed + i, n) for i, n in enumerate(lengths)}
    assert worst(fast(made, frames, chosen), slow(frames, chosen)) < CLOSE


@settings(max_examples=15, deadline=None, suppress_health_check=PURE)
@given(
    *(
        st.lists(st.one_of(st.none(), st.floats(low, high, width=32)), min_size=20, max_size=20)
        for low, high in ((0, 60), (0, 300), (-45, 45))
    )
)
def test_any_seconds_at_all_sum_to_the_slow_reference(made, speed, cadence, grade) -> None:
    frames = {"0001": made.recording(20, speed, cadence, grade)}
    assert worst(fast(made, frames), slow(frames, USUAL)) < CLOSE


def test_a_usual_run_is_far_closer_than_the_bound(made) -> None:
    rng = np.random.default_rng(2)
    speed = 2.9 + 0.3 * rng.standard_normal(5000)
    frame = made.recording(
        5000, speed, 140 + 9 * speed + 2 * rng.standard_normal(5000), 3 * rng.standard_normal(5000)
    )
    assert worst(fast(made, {"0001": frame}), slow({"0001": frame}, USUAL)) < 1e-5


def test_unknown_seconds_add_nothing(made) -> None:
    known = made.recording(300, 3.1, 171.0, 2.0)
    holed = made.recording(300 + 77, [3.1] * 300 + [None] * 77, [171.0] * 377, [2.0] * 377)
    a, b = fast(made, {"0001": known}), fast(made, {"0001": holed})
    assert a.row(0)[1:] == pytest.approx(b.row(0)[1:], rel=1e-12)
    nothing = fast(made, {"0001": made.recording(60, None, None, None)})
    assert set(nothing.row(0)[1:]) == {0.0}


def test_row_order_and_company_do_not_matter(made) -> None:
    frames = {f"{i:04x}": random_recording(made, i, 100 * i) for i in range(1, 36)}
    mixed = {name: frame.sample(fraction=1, shuffle=True, seed=1) for name, frame in frames.items()}
    together, shuffled = fast(made, frames), fast(made, dict(reversed(mixed.items())))
    assert together["activity_id"].to_list() == sorted(frames)
    for name in weighted_sums.LEVELS_SUMMED:
        assert shuffled[name].to_list() == pytest.approx(together[name].to_list(), rel=1e-10, abs=1e-9)
    alone = fast(made, {"0011": frames["0011"]})
    assert together.row(16)[1:] == pytest.approx(alone.row(0)[1:], rel=1e-10)


def test_what_is_not_held_in_memory_is_read_again(made) -> None:
    frames = {f"{i:04x}": random_recording(made, i, 300) for i in range(70)}
    assert fast(made, frames, hold_s=10_000).equals(fast(made, frames))
    assert fast(made, frames, hold_s=0).equals(fast(made, frames))


def test_no_recording_gives_no_row(made) -> None:
    assert fast(made, {}).equals(weighted_sums.no_weighted_sums())
    assert recording_data(made.scan({}), ["0001"], USUAL).facts.is_empty()
