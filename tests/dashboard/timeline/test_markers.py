"""Events in the picture: a line each, at most seven names, none over another, and the same in words."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from connectors.frames import EVENT
from dashboard.diary import text
from dashboard.shared.text import EVENT_KINDS
from dashboard.shared.units import Units
from dashboard.timeline.data import TimelineOptions, timeline_data
from dashboard.timeline.figure import timeline_figure
from dashboard.timeline.markers import EVENT_CHARACTER_PX, MOST_EVENT_LABELS, EventLabel, place_labels
from dashboard.timeline.screen_canvas import ScreenCanvas

START, END = date(2024, 9, 1), date(2025, 5, 31)


def made(*rows) -> pl.DataFrame:
    """Rows of date, kind, last date, note."""
    common = {"athlete_id": 1, "source": "manual", "fetched_utc": datetime(2025, 1, 1, tzinfo=UTC)}
    named = [
        {**common, "source_id": str(n), "date": day, "kind": kind, "end_date": last, "note": note}
        for n, (day, kind, last, note) in enumerate(rows)
    ]
    return pl.DataFrame(named, schema=EVENT.schema)


EVENTS = made(
    (date(2024, 8, 20), "travel", date(2024, 9, 5), "<b>island</b>"),
    (date(2024, 12, 1), "race", None, "<i>ten</i>"),
    (date(2025, 3, 1), "illness", date(2025, 3, 9), None),
    (date(2026, 1, 1), "job", None, None),
)


def drawn(jumping, shoe_names, events=EVENTS, **look):
    return timeline_figure(
        timeline_data(jumping, shoe_names, START, END, TimelineOptions(Units(), **look), None, events)
    )


def test_each_event_is_a_line_through_all_lanes_and_a_bar_over_its_days(jumping, shoe_names):
    plain, with_events = drawn(jumping, shoe_names, None), drawn(jumping, shoe_names)
    more = [shape for shape in with_events.layout.shapes if shape not in plain.layout.shapes]
    lines = [shape for shape in more if (shape.y0, shape.y1) == (0, 1)]
    bars = [shape for shape in more if (shape.y0, shape.y1) == (0, 0)]
    assert [shape.x0 for shape in lines] == ["2024-12-01", "2025-03-01"]
    assert [(shape.x0, shape.x1) for shape in bars] == [
        ("2024-09-01", "2024-09-05"),
        ("2025-03-01", "2025-03-09"),
    ]
    assert with_events.layout.height > plain.layout.height


def test_names_are_words_and_the_hover_says_the_note_escaped(jumping, shoe_names):
    fig = drawn(jumping, shoe_names)
    texts = {note.text for note in fig.layout.annotations}
    assert {"◆ Travel", "◆ Race", "◆ Illness"} <= texts
    (answer,) = [trace for trace in fig.data if trace.name == "Event"]
    assert list(answer.text) == ["Race: &lt;i&gt;ten&lt;/i&gt;", "Illness"]
    assert fig.data[-1].name is None, "the targets for a tap stay last"


@settings(max_examples=50)
@given(
    some.lists(
        some.tuples(some.integers(0, 272), some.sampled_from(list(EVENT_KINDS))), min_size=1, max_size=40
    )
)
@pytest.mark.parametrize("narrow", [False, True])
def test_at_most_seven_names_and_none_over_another(jumping, shoe_names, narrow, said):
    canvas = ScreenCanvas(
        timeline_data(jumping, shoe_names, START, END, TimelineOptions(Units(), is_narrow=narrow))
    )
    told = [EventLabel(START + timedelta(days), (kind,)) for days, kind in sorted(said)]
    placed = place_labels(canvas, told)
    assert len(placed) <= MOST_EVENT_LABELS
    assert [kind for one, _ in placed for kind in one.kinds] == [kind for one in told for kind in one.kinds]
    per_day = canvas.plot_px / canvas.days
    for line in (0, 1):
        spans = []
        for one, at in placed:
            width = len(one.text) * EVENT_CHARACTER_PX
            left = min((one.start - START).days * per_day, canvas.plot_px - width)
            spans += [(left, left + width)] if at == line else []
        assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))


def test_the_same_stands_in_words():
    said = text.events_in_words(EVENTS, START, END)
    assert said is not None
    assert "Travel: <b>island</b> (20 Aug to 5 Sep 2024)" in said
    assert "New job" not in said
    assert text.events_in_words(EVENTS, date(2030, 1, 1), END) is None
    many = made(*((START + timedelta(n), "other", None, str(n)) for n in range(20)))
    cut = text.events_in_words(many, START, END)
    assert cut is not None
    assert "and 8 earlier" in cut
