"""How much of a window is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from dashboard.shared.coverage import coverage_html, coverage_parts, lacking_parts

LAST = date(2025, 6, 23)


def test_coverage_is_counted_in_the_window(jumping):
    said = {one.words: one for one in coverage_parts(jumping, LAST - timedelta(days=6), LAST)}
    assert said["runs"].count == "5"
    assert said["runs"].share is None
    assert said["runs with a shoe"].count == "5 of 5"
    assert said["runs with a shoe"].share == 1
    assert said["runs with heart rate"].share == 0
    assert said["days with symptoms logged"].count.endswith(" of 7")
    assert "runs left out by hand" not in said


def test_a_shared_screen_has_the_runs_and_what_is_not_known_of_all_of_them(jumping):
    parts = coverage_parts(jumping, LAST - timedelta(days=6), LAST)
    names = [one.name for one in lacking_parts(parts)]
    assert names[0] == "runs"
    assert "with_shoe" not in names
    assert {one.name for one in parts if one.share == 0} <= set(names)


def test_one_is_not_called_many(jumping):
    sunday = LAST - timedelta(days=1)
    said = {one.name: (one.count, one.words) for one in coverage_parts(jumping, sunday, sunday)}
    assert said["runs"] == ("1", "run")
    assert said["with_shoe"] == ("1 of 1", "run with a shoe")
    assert said["symptom_days"][1] == "day with symptoms logged"


def test_what_is_left_out_is_counted_beside(jumping):
    out = replace(jumping, excluded=jumping.runs.tail(2))
    found = next(one for one in coverage_parts(out, LAST - timedelta(days=6), LAST) if one.name == "left_out")
    assert found.count == "2 of 7"
    assert "hw-out" in coverage_html([found])


def test_a_window_without_a_run(jumping):
    parts = coverage_parts(jumping, date(2020, 1, 1), date(2020, 1, 7))
    assert [one.share for one in parts if one.name == "with_shoe"] == [None]
    assert "aria-label='How much is known'" in coverage_html(parts)


def test_the_bar_repeats_the_count_and_is_not_read_aloud(jumping):
    html = coverage_html(coverage_parts(jumping, LAST - timedelta(days=6), LAST))
    assert "aria-hidden='true'><s style='width:100%'>" in html
