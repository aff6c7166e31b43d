"""The lane of strength work: there only with a set, counted, and told by more than colour."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from connectors.frames import STRENGTH
from connectors.manual_rows import strength_rows
from dashboard.shared.units import Units
from dashboard.timeline.data import TimelineOptions, timeline_data
from dashboard.timeline.figure import timeline_figure
from dashboard.timeline.table import timeline_table

START, END = date(2025, 1, 1), date(2025, 4, 22)
NOW = datetime(2025, 6, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def ledger():
    days = [START + timedelta(n) for n in range(0, 60, 2)]
    sets = [{"date": day, "exercise": "Raise", "kind": "slow_heavy"} for day in days for _ in range(3)]
    sets += [{"date": day, "exercise": "Hop", "kind": "plyometric"} for day in days[20:]]
    return strength_rows(sets, 1, NOW)


def drawn(jumping, shoe_names, strength, **look):
    return timeline_figure(
        timeline_data(jumping, shoe_names, START, END, TimelineOptions(Units(), **look), strength=strength)
    )


def names(plain) -> str:
    return " ".join(note.text for note in plain.layout.annotations)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_kind_is_stacked_with_a_pattern_and_a_name(jumping, shoe_names, ledger, theme):
    plain = drawn(jumping, shoe_names, ledger, theme=theme)
    heavy, hops = [trace for trace in plain.data if trace.stackgroup == "strength"]
    assert hops.fillpattern.shape
    assert not heavy.fillpattern.shape
    assert max(heavy.y) == 12
    assert "slow and heavy" in names(plain)
    assert "plyometric" in names(plain)
    (total,) = [trace for trace in plain.data if trace.name == "Sets"]
    assert np.nanmax(total.y) == 16
    assert "4 plyometric" in " ".join(total.text)


@pytest.mark.parametrize("strength", [None, STRENGTH.empty()])
def test_without_a_set_there_is_no_lane(jumping, shoe_names, strength):
    assert "Strength" not in names(drawn(jumping, shoe_names, strength))


def test_no_load_changes_with_it(jumping, shoe_names, ledger):
    def lanes(strength):
        found = timeline_data(
            jumping, shoe_names, START, END, TimelineOptions(Units()), strength=strength
        ).lanes
        return found.select("local_date", "load_7d_tkm", "habitual_7d_tkm", "ratio")

    assert lanes(ledger).equals(lanes(None))


def test_the_table_says_the_same(jumping, ledger):
    rows = timeline_table(jumping, START, END, Units(), ledger)
    counts = dict(zip(rows["Date"], rows["Sets of exercises, last 7 days"], strict=True))
    assert (counts[START], counts[START + timedelta(6)], counts[END]) == (3, 12, 0)
    assert (
        "Sets of exercises, last 7 days"
        not in timeline_table(jumping, START, END, Units(), STRENGTH.empty()).columns
    )


def with_sessions(jumping, *sports: str):
    """The same runner with one session of each sport, on days without a set."""
    rows = [(START + timedelta(81 + n), sport, 2700.0) for n, sport in enumerate(sports)]
    others = pl.DataFrame(rows, schema=jumping.others.schema, orient="row")
    return replace(jumping, others=others)


@pytest.mark.parametrize("sport", ["PhysicalTherapy", "WeightTraining", "Workout"])
def test_a_session_without_sets_is_a_ring_and_no_count(jumping, shoe_names, ledger, sport):
    plain = drawn(with_sessions(jumping, sport), shoe_names, ledger)
    (rings,) = [trace for trace in plain.data if trace.name == "Session"]
    assert len(rings.x) == 1
    assert "45 min, sets not logged" in rings.text[0]
    assert "session, sets unknown" in names(plain)
    heavy, _ = [trace for trace in plain.data if trace.stackgroup == "strength"]
    assert max(heavy.y) == 12


def test_sessions_alone_bring_the_lane_and_other_sports_do_not(jumping, shoe_names):
    alone = drawn(with_sessions(jumping, "WeightTraining"), shoe_names, STRENGTH.empty())
    assert "Strength" in names(alone)
    ride = drawn(with_sessions(jumping, "Ride"), shoe_names, STRENGTH.empty())
    assert "session, sets unknown" not in names(ride)


def test_a_session_on_a_day_with_sets_is_no_ring(jumping, shoe_names, ledger):
    others = pl.DataFrame([(START, "WeightTraining", 60.0)], schema=jumping.others.schema, orient="row")
    plain = drawn(replace(jumping, others=others), shoe_names, ledger)
    assert not [trace for trace in plain.data if trace.name == "Session"]


def test_the_table_says_unknown_and_not_none(jumping, ledger):
    rows = timeline_table(with_sessions(jumping, "Workout"), START, END, Units(), ledger)
    day = START + timedelta(81)
    sets = dict(zip(rows["Date"], rows["Sets of exercises, last 7 days"], strict=True))
    sessions = dict(zip(rows["Date"], rows["Sessions without sets, last 7 days"], strict=True))
    assert (sets[day], sessions[day]) == (None, 1)
    assert (sets[day - timedelta(8)], sessions[day - timedelta(8)]) == (0, 0)
