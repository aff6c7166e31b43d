"""S: side and site, episode, onsets by who said them, the day, events; never a word of the diary."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from consult_builders import ONSET, ONSET_PT, TODAY

from connectors.frames import SYMPTOM
from dashboard.report.material import collect
from dashboard.report.subjective import day_lines, heel, onsets_in_words, subjective_section


def lines(report_input) -> list[str]:
    return [line for item in subjective_section(report_input).items for line in item.lines]


def entries(*rows: dict) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SYMPTOM.schema)


def test_a_planted_consult_is_told_as_it_was_typed(consult_input):
    assert lines(consult_input) == [
        "Left Achilles, insertion",
        "Episode: 10 to 21 Apr 2026, peak 6 of 10 on 14 Apr, logged on 12 of 12 days",
        "Onset (rule): 12 Apr 2026 · Onset (PT): 10 Apr 2026",
        "24-hour pattern of 10, now (most since 10 Apr): first steps 0 (6), start of run 0 (6), warms up on 5 of 10 "
        "run days, during the run not logged, after the run not logged, morning after a run 0 (6).",
        "Stiff 45 min on 14 Apr → 5 min now.",
        "Settles by the next morning on 22 of 26 run days in the last 4 weeks.",
        "Goal: half marathon, race on 4 Oct 2026.",
        "Earlier episodes: Achilles at the heel, left: 1 May 2023 to Jun 2023 (from memory).",
        "Medication: fluoroquinolone no; steroid not asked.",
        "Work, standing: nurse, on her feet 8 hours.",
        "Events: Race 5 Apr 2026",
    ]


def test_lines_of_the_intake_card_stand_as_they_are(consult_input):
    record = replace(consult_input.consult, intake_lines=("Goal: half marathon on 4 Oct 2026",))
    assert "Goal: half marathon on 4 Oct 2026" in lines(replace(consult_input, consult=record))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "Side and site not logged"),
        ([{"side": "right"}], "Right Achilles"),
        ([{"side": "both", "site": "midportion"}], "Both Achilles, mid-portion"),
        ([{"side": "left", "site": "other"}] * 2 + [{"side": "right"}], "Left Achilles, elsewhere"),
    ],
)
def test_side_and_site_are_those_logged_most(rows, words):
    assert heel(entries(*({"date": date(2026, 4, 1), **row} for row in rows))) == words


@pytest.mark.parametrize(("who", "words"), [("therapist", "Onset (PT)"), ("runner", "Onset (runner)")])
def test_an_onset_names_who_said_it(who, words):
    decision = {"decided_by": who, "onset_person_date": ONSET_PT}
    assert onsets_in_words({"onset_rule": ONSET}, [decision]) == [
        "Onset (rule): 12 Apr 2026",
        f"{words}: 10 Apr 2026",
    ]
    assert onsets_in_words({"onset_rule": None}, [decision])[0] == "Onset (rule): not found"


def test_without_a_flare_the_log_behind_it_is_said(store):
    told = lines(collect(store, store.runner(), today=TODAY))
    assert "Episode: no flare on record in these dates; symptoms logged on 2 of 112 days" in told
    early = collect(store, store.runner(), date(2026, 1, 1), date(2026, 2, 1))
    assert "Episode: nothing logged in these 32 days, so no flare can be found" in lines(early)


def test_where_nothing_was_logged_the_day_is_not_told(store, consult_input):
    record = replace(consult_input.consult, symptoms=SYMPTOM.empty())
    assert day_lines(replace(consult_input, consult=record)) == []


def test_an_earlier_page_says_by_when(consult_store):
    earlier = collect(consult_store, consult_store.runner(), until=date(2026, 4, 15), today=TODAY)
    assert "by 15 Apr 2026" in " ".join(day_lines(earlier))
    assert "now" not in " ".join(day_lines(earlier))


def test_only_events_of_the_period_stand_and_a_spell_has_both_dates(consult_input):
    spell = consult_input.consult.events.row(0, named=True) | {
        "kind": "illness",
        "date": date(2026, 2, 2),
        "end_date": date(2026, 2, 6),
    }
    old = spell | {"date": date(2025, 2, 2), "end_date": None}
    schema = consult_input.consult.events.schema
    record = replace(consult_input.consult, events=pl.DataFrame([old, spell], schema=schema))
    assert lines(replace(consult_input, consult=record))[-1] == "Events: Illness 2 to 6 Feb 2026"
