"""The sentences: from data only, and calm where there is nothing to tell."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from dashboard.shared.units import Units
from dashboard.timeline.text import timeline_alt, timeline_in_words

END = date(2025, 6, 23)


def told(analysis, start, end=END, units=None):
    return timeline_in_words(analysis, start, end, units or Units())


def test_nothing_unusual_is_one_calm_line(steady):
    sentences = told(steady, END - timedelta(days=111))
    assert sentences[0].startswith("Nothing unusual from 4 Mar to 23 Jun 2025")
    assert len(sentences) == 2
    assert "so we cannot tell whether it hurt" in sentences[1]


def test_a_window_is_told_with_its_dates_and_size(jumping):
    window = jumping.windows.row(-1, named=True)
    first = told(jumping, END - timedelta(days=160))[0]
    assert f"×{window['peak_ratio']:.1f} of it" in first
    assert f"{window['from_date'].day}" in first
    assert "rose above what you were used to" in first


def test_an_assumed_window_says_so(jumping):
    loose = type(jumping)(
        **{**jumping.__dict__, "windows": jumping.windows.with_columns(robust=pl.lit(False))}
    )
    assert "our two ways to estimate it disagree" in told(loose, END - timedelta(days=160))[0]


def test_two_windows_are_both_told(jumping):
    sentences = told(jumping, date(2024, 6, 1))
    assert "twice" in sentences[0]


def test_many_windows_are_counted(fifteen_years):
    first = told(fifteen_years, date(2010, 1, 1), date(2024, 12, 31))[0]
    assert f"{fifteen_years.windows.height} times" in first


def test_pain_is_told_with_its_counts(jumping):
    start = END - timedelta(days=160)
    days = jumping.days.filter(pl.col("local_date").is_between(start, END))
    said = " ".join(told(jumping, start))
    assert f"pain on {(days['pain_0_10'] > 0).sum()} of them, at most 4 of 10" in said
    assert f"logged on {days['pain_0_10'].count()} of 161 days" in said


def test_a_spike_is_told_in_the_runners_units(jumping):
    said = " ".join(told(jumping, END - timedelta(days=160), units=Units("mi")))
    assert " mi on " in said
    assert " km on " not in said


def test_habit_needs_six_weeks(jumping):
    assert "42 days" in told(jumping, date(2024, 1, 1), date(2024, 1, 30))[0]


def test_no_run_is_said_plainly(jumping):
    assert (
        told(jumping, date(2030, 1, 1), date(2030, 2, 1))[0]
        == "No run is on record from 1 Jan to 1 Feb 2030."
    )


def test_days_not_known_are_counted(jumping):
    gap = pl.col("local_date") > END - timedelta(days=4)
    days = jumping.days.with_columns(load_tkm=pl.when(~gap).then("load_tkm"))
    sentence = told(type(jumping)(**{**jumping.__dict__, "days": days}), END - timedelta(days=111))
    assert sentence[-1] == "The load of 4 of 112 days is not known, and is drawn hatched."


def test_the_picture_has_a_name_for_a_listener():
    assert timeline_alt(date(2025, 1, 1), date(2025, 1, 31), ["Tendon load", "Shoes"]).startswith(
        "Timeline from 1 to 31 Jan 2025, on one clock: Tendon load, Shoes."
    )


def test_one_day_is_not_called_days(steady, jumping):
    sunday = END - timedelta(days=1)
    assert "No symptoms were logged on this day, so we cannot tell whether it hurt." in told(
        steady, sunday, sunday
    )
    days = [END - timedelta(days=n) for n in range(9)]
    texts = [" ".join(told(jumping, day, day)) for day in days]
    assert any("of 1 day: " in text or "of 1 day, " in text for text in texts)
    assert not any("1 days" in text for text in texts)
