"""Which flare is talked about, and how its onset is typed and named."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.consult import flare_choice
from dashboard.model.flares import FLARE_SCHEMA

TODAY = date(2026, 11, 29)
SEPTEMBER = date(2026, 9, 8)
FLARES = pl.DataFrame(
    [{"onset": SEPTEMBER - timedelta(days=100 * n), "onset_rule": SEPTEMBER} for n in range(8)],
    schema=FLARE_SCHEMA,
)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-09-08", SEPTEMBER),
        (" 8 Sep 2026 ", SEPTEMBER),
        ("8 september", SEPTEMBER),
        ("8. Sept", SEPTEMBER),
        ("30 Dec", date(2025, 12, 30)),  # the last one there was
        ("31 Feb", None),
        ("2026-13-01", None),
        ("last week", None),
        ("8", None),
    ],
)
def test_a_day_is_read_as_people_write_it(typed, day):
    assert flare_choice.parse_day(typed, TODAY) == day


@given(st.text(max_size=30))
def test_whatever_is_typed_never_fails(typed):
    day = flare_choice.parse_day(typed, TODAY)
    assert day is None or isinstance(day, date)


@given(st.dates(date(2000, 1, 1), TODAY))
def test_every_day_comes_back_as_it_is_shown(day):
    assert flare_choice.parse_day(str(day), TODAY) == day


def test_the_flare_talked_about_always_has_a_button():
    newest = flare_choice.onsets_offered(FLARES, None)
    assert newest == sorted(newest, reverse=True)
    assert len(newest) == flare_choice.MOST_FLARES
    oldest = FLARES["onset"].min()
    assert flare_choice.onsets_offered(FLARES, oldest)[-1] == oldest
    assert flare_choice.onsets_offered(FLARES, SEPTEMBER) == newest


@pytest.mark.parametrize(
    ("onset", "decided", "label"),
    [
        (SEPTEMBER, None, "Onset by the rule: 8 Sep 2026"),
        (SEPTEMBER, "therapist", "Onset (PT): 8 Sep 2026"),
        (SEPTEMBER, "runner", "Onset (runner): 8 Sep 2026"),
        (date(2026, 9, 5), None, "Onset, typed: 5 Sep 2026"),
        (date(2026, 2, 1), None, "Onset, typed: 1 Feb 2026"),
    ],
)
def test_the_label_names_who_dated_it(steady, onset, decided, label):
    decisions = [{"onset_person_date": onset, "decided_by": decided}] if decided else []
    assert flare_choice.flare_choice(steady, FLARES[:1], decisions, onset).label == label


def test_now_looks_back_from_the_day_after_the_last(steady):
    now = flare_choice.flare_choice(steady, FLARES, [], None)
    assert now.label is None
    assert now.day == steady.days["local_date"].max() + timedelta(days=1)
    assert flare_choice.other_onsets(now) == []


def test_a_moved_onset_says_what_the_rule_and_the_record_have(steady):
    moved = flare_choice.flare_choice(steady, FLARES[:1], [], date(2026, 9, 5))
    assert flare_choice.other_onsets(moved) == [
        "Onset by the rule: 8 Sep 2026.",
        "Onset on record: 8 Sep 2026.",
    ]
