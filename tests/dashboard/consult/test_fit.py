"""Lanes on one screen: never higher than it, symptoms a fifth, the furthest out first, the rest in words."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from dashboard.consult import fit
from dashboard.model.changes import CHANGE_SCHEMA
from dashboard.model.leading_changes import Composite
from dashboard.shared.units import Units
from dashboard.timeline.lanes import LANES

SYMPTOMS = [lane for lane in LANES if lane.id == fit.SYMPTOMS]
ROW_PX = 8.0
NAMES = ["load", "volume", "fast", "hills", "shoes", "cadence", "strength"]


def reaches(values: list[float]) -> list[fit.LaneReach]:
    lanes = [
        fit.LaneReach(name, name.title(), z, f"{name} line") for name, z in zip(NAMES, values, strict=False)
    ]
    return sorted(lanes, key=lambda one: -one.z)


LANE_Z = st.lists(st.floats(-3, 9), min_size=1, max_size=7)


@given(room=st.floats(160, 2000), z=LANE_Z)
def test_the_lanes_never_take_more_than_there_is(room, z):
    screen = fit.fit_lanes(room, SYMPTOMS, reaches(z), (), ROW_PX)
    lanes = len(screen.heights)
    least = fit.LEAST_SYMPTOM_PX * len(SYMPTOMS) + fit.LEAST_PX + ROW_PX * 3
    assert sum(screen.heights.values()) + ROW_PX * lanes <= max(room, least) + 1e-6
    assert (
        sum(screen.heights[lane.title] for lane in SYMPTOMS)
        >= min(fit.SYMPTOM_SHARE * room, 2 * fit.MOST_PX) - 1e-6
    )
    assert all(screen.heights[name.title()] >= fit.LEAST_PX - 1e-6 for name in screen.shown[1:])


@given(room=st.floats(160, 2000), z=LANE_Z)
def test_each_lane_is_drawn_or_a_line_and_the_furthest_out_is_drawn(room, z):
    given_lanes = reaches(z)
    screen = fit.fit_lanes(room, SYMPTOMS, given_lanes, (), ROW_PX)
    assert sorted([*screen.shown[1:], *(one.id for one in screen.flat)]) == sorted(
        one.id for one in given_lanes
    )
    assert given_lanes[0].id in screen.shown
    drawn = [one for one in given_lanes if one.id in screen.shown]
    if any(one.has_moved for one in given_lanes):
        assert all(one.has_moved for one in drawn)
        assert min(one.z for one in drawn) >= max(
            (one.z for one in screen.flat if one.has_moved), default=-10
        )


def test_a_pressed_line_is_drawn_in_place_of_the_least_out():
    lanes = reaches([5, 4, 3, 2, 1.5, -1, -2])
    before = fit.fit_lanes(230, SYMPTOMS, lanes, (), ROW_PX)
    after = fit.fit_lanes(230, SYMPTOMS, lanes, ("strength",), ROW_PX)
    assert "strength" not in before.shown
    assert "strength" in after.shown
    assert len(after.shown) == len(before.shown)
    assert after.shown[2] == lanes[0].id


def changed(**rows: tuple[float | None, float | None, float | None]) -> pl.DataFrame:
    table = [
        {"channel": name, "z": z, "usual": usual, "value": value} for name, (z, usual, value) in rows.items()
    ]
    return pl.DataFrame(table, schema=CHANGE_SCHEMA, strict=False) if table else CHANGE_SCHEMA.to_frame()


def test_a_line_says_usual_and_reached_of_the_channel_furthest_out():
    table = changed(
        volume=(0.5, 42_000.0, 44_000.0), longest=(3.0, 12_000.0, 18_000.0), fast=(None, None, None)
    )
    there = [
        ("symptoms", "Symptoms"),
        ("volume", "Volume"),
        ("fast", "Fast minutes"),
        ("load", "Tendon load"),
    ]
    lines = fit.reach_of_lanes(there, table, Composite(1.26, None, 1.26, False, ()), Units())
    assert [one.id for one in lines] == ["volume", "load", "fast"]  # 3.0, a step-up's 2.0, not known
    assert lines[0].line == "Volume, longest run: 12.0 km → 18.0 km"
    assert lines[1].z == fit.STEPPED_UP
    assert "×1.26" in lines[1].line
    assert lines[2].line == "Fast minutes: not known"
    assert not lines[2].has_moved


def test_unknown_load_is_no_zero():
    (one,) = fit.reach_of_lanes(
        [("load", "Tendon load")], changed(), Composite(None, None, None, False, ()), Units()
    )
    assert one.line == "Tendon load: not known"


def test_a_lane_without_a_channel_is_a_name_and_not_unknown():
    (one,) = fit.reach_of_lanes(
        [("strength", "Strength")], changed(), Composite(None, None, None, False, ()), Units()
    )
    assert one.line == "Strength"
    assert not one.has_moved
