"""The lane of strength work: there only with a set, counted, and told by more than colour."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
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
