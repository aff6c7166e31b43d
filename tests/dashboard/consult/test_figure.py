"""One bar for each channel on one clock, in order of date, with the onset beside them."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from dashboard.consult import figure
from dashboard.model.changes import CHANGE_SCHEMA
from dashboard.model.step_ups import STEP_UP_SCHEMA
from dashboard.shared.units import Units

ONSET = date(2026, 9, 8)
SPAN = {"from_date": ONSET - timedelta(days=28), "to_date": ONSET - timedelta(days=1)}


def row(channel: str, since: date, until: date, *, stepped: bool = False, unusual: bool = True) -> dict:
    known = {"value": 30_000.0, "usual": 20_000.0, "z": 2.5}
    return (
        {"channel": channel, "since": since, "date": until, "stepped_up": stepped, "unusual": unusual}
        | known
        | SPAN
    )


CHANGED = pl.DataFrame(
    [
        row("volume", date(2026, 8, 30), date(2026, 9, 3)),
        row("longest", date(2026, 8, 12), date(2026, 8, 20), stepped=True),
        row("climb", date(2026, 8, 1), date(2026, 8, 2), unusual=False),
    ],
    schema=CHANGE_SCHEMA,
)
STEP_UPS = pl.DataFrame(
    [{"channel": "longest", "from_date": date(2026, 8, 14), "to_date": date(2026, 9, 20), "z": 3.0}],
    schema=STEP_UP_SCHEMA,
)


def test_bars_stand_in_order_of_date_and_only_what_was_out_of_usual():
    bars = figure.change_bars(CHANGED, STEP_UPS, ONSET)
    assert [(bar.channel, bar.start, bar.is_step_up) for bar in bars] == [
        ("longest", date(2026, 8, 14), True),
        ("volume", date(2026, 8, 30), False),
    ]
    assert figure.changes_clock_in_words(bars).startswith("2 changes on one clock, the earliest first: ")


def test_a_step_up_is_filled_and_another_change_is_outlined():
    bars = figure.change_bars(CHANGED, STEP_UPS, ONSET)
    drawn = figure.changes_clock_figure(bars, ONSET, True, 400, Units(), "light")
    assert drawn is not None
    first, second = drawn.data
    assert first.fillcolor != second.fillcolor
    assert max(map(str, first.x)) <= str(ONSET + timedelta(days=29))
    lines = [shape for shape in drawn.layout.shapes if str(shape.x0) == str(ONSET)]
    assert any(shape.line.dash == "dash" for shape in lines)
    texts = [note.text for note in drawn.layout.annotations]
    assert "Onset, 8 Sep" in texts
    assert "Longest run: 30.0 km, usually 20.0 km" in texts


def test_nothing_out_of_usual_is_said_and_not_drawn():
    bars = figure.change_bars(CHANGED.filter(~pl.col("unusual")), STEP_UPS, ONSET)
    assert bars == []
    assert figure.changes_clock_figure(bars, ONSET, True, 400, Units(), "light") is None
    assert figure.changes_clock_in_words(bars) == figure.NONE
