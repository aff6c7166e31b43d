"""What must be true to move on: each criterion with a source, and unknown where nothing was logged."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.frames import STRENGTH, SYMPTOM, TEST_RESULT
from connectors.manual_rows import result_rows, strength_rows, symptom_rows
from dashboard.strength import criteria
from dashboard.strength.criteria import (
    CUSTOM,
    TO_PLYOMETRIC,
    TO_SLOW_HEAVY,
    ProgrammeFacts,
    criteria_for,
    judged,
)
from dashboard.strength.prescription import next_week, rows_in_week
from dashboard.strength.prescription_text import criteria_table
from dashboard.strength.programmes import programme_frame
from dashboard.strength.templates import STAGED, TEMPLATES, find_template, template_rows

START = date(2026, 4, 6)
NOW = datetime(2026, 6, 1, tzinfo=UTC)
HEAVY = TEMPLATES[0]


def made(template=HEAVY) -> list[dict]:
    more = {"athlete_id": 1, "source": "manual", "fetched_utc": NOW}
    rows = template_rows(template, START, "therapist")
    return [{**one, **more, "source_id": f"{n:03d}"} for n, one in enumerate(rows)]


def facts(
    strength=None, symptoms=None, results=None, today=START + timedelta(days=13), week=2
) -> ProgrammeFacts:
    rows = made()
    return criteria.programme_facts(
        rows_in_week(rows, week),
        programme_frame(rows),
        STRENGTH.empty() if strength is None else strength,
        SYMPTOM.empty() if symptoms is None else symptoms,
        TEST_RESULT.empty() if results is None else results,
        today,
    )


def states(known: ProgrammeFacts) -> dict[str, str]:
    return {one.criterion.id: one.state for one in judged(TO_PLYOMETRIC, known)}


def test_nothing_logged_is_neither_met_nor_missed_but_the_sets_were_not_done():
    found = states(facts())
    assert found.pop("done") == "not_met"
    assert set(found.values()) == {"unknown"}


def test_every_criterion_has_its_source():
    for one in {*TO_PLYOMETRIC, *TO_SLOW_HEAVY}:
        assert one.source.startswith(CUSTOM) or any(year in one.source for year in ("2007", "2015", "2020"))


def test_the_stages_ask_for_more_as_they_go():
    staged = find_template(STAGED)
    assert staged is not None
    rows = made(staged)
    asked = {}
    for week in range(1, 20):
        coming = next_week(rows, week)
        if coming is not None:
            after = [row for row in rows if row["week_from"] == coming]
            asked[coming] = criteria_for(rows_in_week(rows, week), after)
    assert asked[3] == TO_SLOW_HEAVY
    assert asked[4] == criteria.TO_HEAVIER
    assert asked[15] == TO_PLYOMETRIC
    assert asked[18] == criteria.TO_HEAVIER


def test_what_follows_the_last_step():
    kinds = {
        one.name: criteria.following_kind(rows_in_week(made(one), one.steps[-1].week_to)) for one in TEMPLATES
    }
    assert kinds == {
        "Heavy slow resistance": "plyometric",
        "Eccentric heel drops": "plyometric",
        "Isometric holds": "slow_heavy",
        "Short heavy holds": "slow_heavy",
        "Return to plyometrics (Silbernagel)": None,
        STAGED: None,
        "Foot, ankle, hip and trunk": None,
    }


def sets_of(days: list[int], pain: float | None = 2.0, count: int = 3):
    rows = [
        {
            "date": START + timedelta(days=day),
            "exercise": step.exercise,
            "side": "both",
            "repetitions": 12,
            "pain_0_10": pain,
        }
        for day in days
        for step in HEAVY.steps[:3]
        for _ in range(count)
    ]
    return strength_rows(rows, 1, NOW)


def mornings(values: dict[int, float]):
    rows = [
        {"date": START + timedelta(days=day), "morning_pain_0_10": value} for day, value in values.items()
    ]
    return symptom_rows(rows, 1, NOW)


def test_a_step_done_calmly_is_met():
    known = facts(
        sets_of([0, 2, 4, 7, 9, 11]),
        mornings(dict.fromkeys(range(14), 1.0)),
        result_rows(
            [
                {"date": START, "measure": "heel_rise_reps", "side": side, "value": value}
                for side, value in (("left", 23.0), ("right", 25.0))
            ]
            + [{"date": START, "measure": "hop_pain_0_10", "side": "left", "value": 1.0}],
            1,
            NOW,
        ),
    )
    assert set(states(known).values()) == {"met"}
    table = {line[0]: line[1] for line in criteria_table(judged(TO_PLYOMETRIC, known), known)}
    assert table["Pain during the sets at most 5 of 10"] == "✓ met (most 2, on 6 days)"
    assert table["Settled by the next morning after every day with sets"] == "✓ met (6 of 6 days)"
    assert table["At least 80 % of the planned sets of the last two weeks done"] == "✓ met (100 %)"
    assert table["Weaker leg at least 90 % of the other in heel rises"] == "✓ met (92 %)"


@pytest.mark.parametrize(
    ("change", "missed"),
    [
        ({"set_pain": 6.0}, "set_pain"),
        ({"settled": 3, "mornings": 4}, "settled"),
        ({"week_rise": True}, "no_rise"),
        ({"done_share": 0.79}, "done"),
        ({"heel_rises": 9.0}, "rises"),
        ({"symmetry": 0.89}, "symmetry"),
        ({"hop_pain": 3.0}, "hop_pain"),
    ],
)
def test_each_is_missed_by_itself(change, missed):
    calm = {
        "set_pain": 5.0,
        "settled": 4,
        "mornings": 4,
        "week_rise": False,
        "done_share": 0.8,
        "heel_rises": 10.0,
        "symmetry": 0.9,
        "hop_pain": 2.0,
    }
    assert set(states(ProgrammeFacts(**calm)).values()) == {"met"}
    found = states(ProgrammeFacts(**(calm | change)))
    assert [name for name, state in found.items() if state == "not_met"] == [missed]


def test_a_rise_of_the_mornings_is_seen_and_too_few_are_not_known():
    rising = mornings(dict.fromkeys(range(7), 1.0) | dict.fromkeys(range(7, 14), 3.0))
    assert facts(symptoms=rising).week_rise is True
    assert facts(symptoms=mornings({0: 1.0, 12: 3.0})).week_rise is None


def test_an_old_test_says_nothing_of_now():
    old = result_rows(
        [{"date": START - timedelta(days=20), "measure": "hop_pain_0_10", "side": "left", "value": 1.0}],
        1,
        NOW,
    )
    assert facts(results=old).hop_pain is None


def test_only_full_weeks_are_counted_once_there_is_one():
    done = sets_of([0, 2, 4])
    assert facts(done, today=START + timedelta(days=8)).done_share == 1.0  # the second week has only begun
    begun = facts(sets_of([0, 2]), today=START + timedelta(days=2), week=1)
    assert begun.done_share == pytest.approx(2 / 3)


@given(st.lists(st.integers(0, 13), max_size=6), st.none() | st.integers(0, 10).map(float))
def test_more_is_never_counted_than_was_planned(days, pain):
    share = facts(sets_of(days, pain, 5)).done_share
    assert share is not None
    assert 0 <= share <= 1
