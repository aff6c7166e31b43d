"""A: the therapist's opinions, in their own words, and nothing else."""

from __future__ import annotations

from dataclasses import replace

from consult_builders import ONSET_PT, TODAY, VISIT

from dashboard.report.assessment import assessment_section, opinion_in_words
from dashboard.report.consult_record import ConsultRecord
from dashboard.report.material import collect
from dashboard.shared.opinions import Opinion, save_opinion


def test_opinions_stand_with_their_words_and_day(consult_input):
    assert [line for item in assessment_section(consult_input).items for line in item.lines] == [
        "Longest run: PT: likely – two long runs in a week (28 Apr 2026)",
        "Climb: PT: no (28 Apr 2026)",
    ]


def test_a_note_without_an_opinion_stands_alone():
    assert opinion_in_words(Opinion(VISIT, "fast", None, " two  track\nsessions ", None, None)) == (
        "PT: two track sessions (28 Apr 2026)"
    )


def test_without_an_opinion_nothing_is_concluded(consult_input):
    section = assessment_section(replace(consult_input, consult=ConsultRecord()))
    assert [line for item in section.items for line in item.lines] == ["No opinion noted."]


def test_an_opinion_on_another_flare_is_not_told_of_this_one(consult_store, athlete_id, consult_input):
    flares = consult_input.why.flares
    save_opinion(
        consult_store, athlete_id, VISIT, ONSET_PT, flares, "cadence", "possible", "after the new pair"
    )
    told = str(assessment_section(collect(consult_store, consult_store.runner(), today=TODAY)))
    assert "possible – after the new pair" in told
    before = collect(consult_store, consult_store.runner(), until=ONSET_PT, today=TODAY)
    assert "after the new pair" not in str(assessment_section(before))
