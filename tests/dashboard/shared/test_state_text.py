"""States of a record, the runner's own threshold and first runs after a break: drawn, and said in words."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from connectors.frames import SYMPTOM
from dashboard.model.analysis import Analysis, adapt
from dashboard.model.schemas import RUN_SCHEMA
from dashboard.model.settings import ModelSettings
from dashboard.shared import state_text
from dashboard.shared.units import Units
from dashboard.timeline import table
from dashboard.timeline import text as timeline_text
from dashboard.timeline.data import TimelineOptions, timeline_data
from dashboard.timeline.figure import timeline_figure
from dashboard.timeline.markers import windows_in_view
from dashboard.timeline.print_figure import draw_svg as on_paper

FIRST = date(2024, 1, 1)
WEEK = (0, 2, 4, 5, 6)


def on(number: int) -> date:
    return FIRST + timedelta(days=number)


def ran(make_run, kilometres: dict[int, float], days: int) -> Analysis:
    rows = [make_run(n, on(n), 1000.0 * km) for n, km in kilometres.items() if km]
    frame = pl.DataFrame(rows, schema=RUN_SCHEMA)
    return adapt(frame, SYMPTOM.empty(), ModelSettings(), on(days - 1))


@pytest.fixture(scope="module")
def returning(make_run) -> Analysis:
    """Sixty steady weeks, six weeks off, eight weeks at first half and then all of the old level."""
    kilometres = {7 * w + d: 8.0 for w in range(60) for d in WEEK}
    kilometres |= {7 * w + d: 4.0 if w < 70 else 8.0 for w in range(66, 74) for d in WEEK}
    return ran(make_run, kilometres, 7 * 74)


@pytest.fixture(scope="module")
def now_and_then(make_run) -> Analysis:
    """Two runs in every fourth week."""
    kilometres = {7 * w + d: 10.0 for w in range(0, 60, 4) for d in (1, 4)}
    return ran(make_run, kilometres, 7 * 60)


def drawn(analysis, names, start, end, **look):
    return timeline_figure(timeline_data(analysis, names, start, end, TimelineOptions(Units(), **look)))


def texts(fig) -> str:
    return " | ".join(note.text for note in fig.layout.annotations)


def named(fig, name):
    return [trace for trace in fig.data if trace.name == name]


def state_shapes(fig) -> list:
    return [s for s in fig.layout.shapes if s.type == "line" and s.yref.startswith("y") and s.line.width == 3]


def test_a_break_and_the_way_back_are_drawn_and_named(returning, shoe_names):
    fig = drawn(returning, shoe_names, on(7 * 56), on(7 * 74 - 1))
    assert "on a break" in texts(fig)
    assert "on the way back" in texts(fig)
    patterns = {shape.line.dash for shape in state_shapes(fig)}
    assert len(patterns) == 2, "states differ by pattern, not by colour alone"
    (answer,) = named(fig, "State")
    assert set(answer.text) == {"on a break", "on the way back"}


def test_the_line_back_is_dotted_and_only_on_the_way_back(returning, shoe_names):
    fig = drawn(returning, shoe_names, on(7 * 56), on(7 * 74 - 1))
    (line,) = named(fig, "Way back to your old level")
    seen = returning.days.filter(pl.col("local_date") >= on(7 * 56))
    back = (seen["state"] == "way_back").to_list()
    assert [value == value for value in line.y] == back
    assert line.line.dash not in (None, "solid")
    assert not named(drawn(returning, shoe_names, on(300), on(390)), "Way back to your old level")


def test_load_on_the_way_back_is_told_against_the_line(returning, shoe_names):
    fig = drawn(returning, shoe_names, on(7 * 56), on(7 * 74 - 1))
    (load,) = named(fig, "Load")
    assert any("of the way back" in text for text in load.text)
    assert " used to" in load.text[0]


def test_the_threshold_is_a_line_that_says_what_it_is(returning, shoe_names):
    fig = drawn(returning, shoe_names, on(7 * 50), on(7 * 56))
    (line,) = named(fig, "Your threshold")
    assert line.text[0] == "×1.30, the least"
    day = returning.days.filter(pl.col("local_date") == on(7 * 50))
    expected = 7 * day["held_against_tkm"].item() * day["threshold"].item()
    assert line.y[0] == pytest.approx(expected, rel=1e-3)
    assert state_text.threshold(1.42, 1.3, 0.85) == "×1.42, above 85 % of your year"


def test_irregular_running_has_neither_band_nor_threshold(now_and_then, shoe_names):
    fig = drawn(now_and_then, shoe_names, on(200), on(400))
    assert "irregular running" in texts(fig)
    assert not named(fig, "Your threshold")
    assert (
        windows_in_view(timeline_data(now_and_then, shoe_names, on(200), on(400), TimelineOptions(Units())))
        == []
    )


def test_the_first_twelve_weeks_are_a_new_record(returning, shoe_names):
    assert "new record" in texts(drawn(returning, shoe_names, on(0), on(120)))
    assert state_text.on_day(returning, on(50)) == [state_text.NEW_RECORD]
    assert state_text.on_day(returning, on(84)) == []


def test_ordinary_running_is_left_open(returning, shoe_names):
    fig = drawn(returning, shoe_names, on(300), on(390))
    assert not state_shapes(fig)
    assert state_text.in_span(returning, on(300), on(390)) is None


def test_states_are_told_with_what_they_rest_on(returning, now_and_then):
    assert state_text.on_day(now_and_then, on(300)) == [
        "You ran in 3 of the last 12 weeks; it takes 8 to know what you are used to."
    ]
    said = state_text.on_day(returning, on(7 * 64))
    assert said == [f"Little or no running since {on(420).day} {on(420):%b %Y}."]
    (back,) = state_text.on_day(returning, on(7 * 68))
    assert back.startswith("6 weeks off. On the way back: ")
    assert back.endswith(" % of the 12 weeks before the break.")
    span = state_text.in_span(returning, on(7 * 56), on(7 * 74 - 1))
    assert "on a break from" in span
    assert "on the way back from" in span


def test_the_plain_mean_stands_beside_habit_with_why_habit_lags(returning):
    (said,) = state_text.beside_habit(returning, on(400), Units())
    mean = "the plain mean of the last 12 weeks is 40.0 easy kilometres"
    assert f"What you are used to is 40.0 easy kilometres a week; {mean}." in said
    assert state_text.WHY_LAG in said


def test_a_ratio_above_three_is_told_as_more():
    assert state_text.ratio(3.01) == "more than ×3"
    assert state_text.ratio(2.999) == "×3.00"
    assert state_text.ratio(1.42, 1) == "×1.4"
    assert state_text.at_most(3.01) == "more than ×3"
    assert state_text.at_most(1.47) == "at most ×1.47"
    assert state_text.at_most(1.47, 1, "at its most") == "at its most ×1.5"


def test_a_window_says_how_far_above_the_runners_year_it_stood(jumping, shoe_names):
    told = [row for row in jumping.windows.to_dicts() if row["above_share_of_year"] is not None]
    assert told
    assert all("of your last year" in state_text.window(row) for row in told)
    row = jumping.windows.row(-1, named=True)
    assert f"×{row['threshold']:.2f}" in state_text.window(row)


def test_the_first_run_after_a_break_has_its_own_mark(returning, shoe_names):
    fig = drawn(returning, shoe_names, on(7 * 56), on(7 * 74 - 1))
    (mark,) = named(fig, "◁ First run")
    assert list(mark.text) == ["first run for 43 days"]
    assert mark.marker.symbol == "triangle-left-open"
    assert "first run for 43 days" in texts(fig)
    (run,) = timeline_text.day_runs_in_words(
        returning.every_run, on(462), Units(), shoe_names, 1, returning.first_runs
    )
    assert run.sentences[0].startswith("First run for 43 days")


def test_paper_draws_the_same(returning, shoe_names):
    sheet = on_paper(
        timeline_data(returning, shoe_names, on(7 * 56), on(7 * 74 - 1), TimelineOptions(Units()))
    )
    for text in ("on a break", "on the way back", "first run for 43 days", "way back", "your threshold"):
        assert text in sheet, text


def test_the_table_names_state_and_threshold(returning):
    frame = table.timeline_table(returning, on(7 * 62), on(7 * 70), Units())
    assert set(frame["State"]) >= {"on a break", "on the way back"}
    assert frame["Your threshold"].null_count() == 0


def test_a_phone_names_the_lines(returning, shoe_names):
    fig = drawn(returning, shoe_names, on(7 * 56), on(7 * 74 - 1), is_narrow=True)
    assert "way back" in texts(fig)
    assert "your threshold" in texts(fig)
