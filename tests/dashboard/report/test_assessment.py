"""A: the therapist's opinions, in their own words, and nothing else."""

from __future__ import annotations

from dataclasses import replace

from consult_builders import VISIT

from dashboard.report.assessment import assessment_section, opinion_in_words
from dashboard.report.consult_record import ConsultRecord, Opinion


def test_opinions_stand_with_their_words_and_day(consult_input):
    assert [line for item in assessment_section(consult_input).items for line in item.lines] == [
        "Longest run: PT: likely – two long runs in a week (28 Apr 2026)",
        "Climb: PT: no (28 Apr 2026)",
    ]


def test_a_note_without_an_opinion_stands_alone():
    assert opinion_in_words(Opinion("fast", None, " two  track\nsessions ", VISIT)) == (
        "PT: two track sessions (28 Apr 2026)"
    )


def test_without_an_opinion_nothing_is_concluded(consult_input):
    section = assessment_section(replace(consult_input, consult=ConsultRecord()))
    assert [line for item in section.items for line in item.lines] == ["No opinion noted."]
