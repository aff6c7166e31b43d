"""A programme in a physical therapist's words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from connectors.manual_rows import strength_rows
from dashboard.shared.units import Units
from dashboard.strength import prescription_text as text
from dashboard.strength.programmes import programme_frame
from dashboard.strength.progress import programme_progress
from dashboard.strength.templates import STAGED, TEMPLATES, find_template, template_rows

START = date(2026, 4, 6)
HEAVY = TEMPLATES[0]
RM = "Heaviest weight that allows 15"
FIELDS = ("sets", "repetitions", "load_kg", "hold_s", "tempo", "times_per_week", "note")


def row(**values) -> dict:
    return dict.fromkeys(FIELDS) | values


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (
            {
                "sets": 3,
                "repetitions": 15,
                "tempo": "3-0-3",
                "times_per_week": 3,
                "note": "Heaviest weight that allows 15",
            },
            "3 × 15 at 15RM, 3 s up, 3 s down, 3 times a week",
        ),
        ({"sets": 3, "repetitions": 15, "times_per_week": 14}, "3 × 15, twice a day"),
        ({"sets": 5, "repetitions": 1, "hold_s": 45.0, "times_per_week": 7}, "5 × 45 s, every day"),
        ({"sets": 5, "repetitions": 4, "hold_s": 3.0, "times_per_week": 1}, "5 × 4 × 3 s, once a week"),
        (
            {"sets": 3, "repetitions": 8, "load_kg": 22.5, "tempo": "2-1-4"},
            "3 × 8, with 22.5 kg, 2 s up, 1 s hold, 4 s down",
        ),
        ({"sets": 3, "repetitions": 8, "tempo": "slow"}, "3 × 8, tempo slow"),
        ({"sets": 1}, "1 set"),
        (
            {"times_per_week": 2.5, "note": "Each leg; slowly"},
            "as many as it takes, 2.5 times a week, each leg; slowly",
        ),
        ({}, "as many as it takes"),
    ],
)
def test_a_row_reads_as_it_is_prescribed(values, words):
    assert text.prescription_in_words(row(**values), Units()) == words


@pytest.fixture
def heavy():
    made = template_rows(HEAVY, START, "therapist")
    more = {"athlete_id": 1, "source": "manual", "fetched_utc": datetime(2026, 4, 6, tzinfo=UTC)}
    return [{**one, **more, "source_id": str(n)} for n, one in enumerate(made)]


def test_this_week_stands_beside_what_is_prescribed(heavy):
    name = HEAVY.steps[0].exercise
    done = [
        {
            "date": START + timedelta(days=8),
            "exercise": name,
            "side": "both",
            "repetitions": 12,
            "load_kg": 20.0,
            "pain_0_10": pain,
        }
        for pain in (1.0, 3.0, None)
    ]
    strength = strength_rows(done, 1, datetime(2026, 5, 1, tzinfo=UTC))
    today = START + timedelta(days=9)
    progress = programme_progress(programme_frame(heavy), strength, today)
    table = text.week_table(heavy, progress, strength, today, Units())
    assert [line[0] for line in table] == [step.exercise for step in HEAVY.steps if step.week_from == 2]
    assert table[0][1:] == [
        "3 × 12 at 12RM, 3 s up, 3 s down, 3 times a week",
        "3 of 9 sets, on 1 of 3 days, up to 20 kg, pain up to 3",
    ]
    assert table[1][2] == "0 of 9 sets"


def test_what_comes_next_is_named_with_its_day(heavy):
    words = text.coming_in_words(heavy, START + timedelta(days=9), Units())
    assert words is not None
    assert words.startswith("From week 4, 27 Apr 2026 on: Seated calf raise, weighted 4 × 10 at 10RM")
    assert text.coming_in_words(heavy, START + timedelta(weeks=11), Units()) is None


def test_a_programme_is_seen_whole_before_it_is_started():
    lines = text.outline(template_rows(HEAVY, START, "runner"), Units())
    assert len(lines) == 5
    assert lines[0] == (
        "Week 1: Seated calf raise, weighted, Leg-press calf raise, Standing calf raise with barbell: "
        "3 × 15 at 15RM, 3 s up, 3 s down, 3 times a week."
    )
    assert lines[-1].startswith("Weeks 9–12: ")


def test_rest_is_named_where_it_is_printed():
    assert text.rest_in_words(HEAVY.name) == "Rest: 2 to 3 min between sets, 5 min between exercises."
    assert text.rest_in_words("Eccentric heel drops") is None


def test_authors_are_named():
    labels = {one.label for one in TEMPLATES}
    assert {"Heavy slow resistance (Beyer 2015)", "Eccentric heel drops (Alfredson 1998)"} <= labels
    assert find_template("Heavy slow resistance") is HEAVY


def test_what_must_be_true_is_named_before_a_programme_is_started():
    staged = find_template(STAGED)
    assert staged is not None
    heavy, hops = text.phase_lines(template_rows(staged, START, "runner"))
    assert heavy.startswith(
        "Before slow heavy work, by week 3 or later: pain during the sets at most 5 of 10; settled"
    )
    assert hops.startswith("Before the first plyometric work, by week 15 or later: ")
    assert "pain on hopping at most 2 of 10." in hops
    assert text.phase_lines(template_rows(HEAVY, START, "runner")) == []
