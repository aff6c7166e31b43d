"""The lists of words: every row is of a known kind, eleven languages have places, complaints and denials."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from connectors.statements.words import KINDS, find_hits, fold, languages, split_words

ROWS = list(
    csv.DictReader(
        files("connectors.statements").joinpath("words.csv").read_text(encoding="utf-8").splitlines()
    )
)


def test_every_row_has_a_known_kind_and_stands_once():
    assert {row["kind"] for row in ROWS} <= set(KINDS)
    keys = [tuple(row.values()) for row in ROWS]
    assert len(keys) == len(set(keys))


def test_there_are_eleven_languages():
    assert set(languages()) == {"en", "de", "nl", "fr", "es", "pt", "it", "pl", "sv", "da", "no"}


@pytest.mark.parametrize("language", ["en", "de", "nl", "fr", "es", "pt", "it", "pl", "sv", "da", "no"])
@pytest.mark.parametrize(
    "kind", ["place_achilles", "place_calf", "pain", "complaint", "alone", "negation", "side_left", "trap"]
)
def test_every_language_has_each_main_kind(language, kind):
    assert any(row["language"] == language and row["kind"] == kind for row in ROWS)


def test_an_open_end_has_letters_enough_before_its_star():
    assert not [row for row in ROWS if "*" in row["word"] and len(row["word"].strip("*").split()[0]) < 3]


def test_a_trap_takes_what_it_touches():
    hits = find_hits(split_words("knee raises, sore knee"))
    assert [(hit.kind, hit.first) for hit in hits if hit.language == "en"] == [
        ("trap", 0),
        ("pain", 2),
        ("place_knee", 3),
    ]


def test_folding_takes_accents_and_joined_letters_off():
    assert fold("Łydka Læggen Fuß Lesão HÄLSENA") == "lydka laeggen fuss lesao halsena"
