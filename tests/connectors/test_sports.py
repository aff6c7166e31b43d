"""Sport names in eight languages."""

from __future__ import annotations

import csv
import unicodedata
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.frames import RUN_SPORTS
from connectors.sports import FOOT_SPORTS, sport_name, sport_names

TABLE = list(csv.reader(files("connectors").joinpath("sport_names.csv").read_text("utf-8").splitlines()))
WORDS = [(sport, word) for sport, *cells in TABLE[1:] for word in "|".join(cells).split("|") if word]


@pytest.mark.parametrize(
    ("text", "sport"),
    [
        ("Run", "Run"),
        ("Hardloopsessie", "Run"),
        ("Lauf", "Run"),
        ("Course à pied", "Run"),
        ("Carrera", "Run"),
        ("Corrida", "Run"),
        ("Corsa", "Run"),
        ("Bieg", "Run"),
        ("Trail Run", "TrailRun"),
        ("TrailRun", "TrailRun"),
        ("Virtual Run", "VirtualRun"),
        ("Trilha", "Hike"),
        ("Caminhada", "Walk"),
        ("Spaziergang", "Walk"),
        ("Football (Soccer)", "Soccer"),
        ("Piłka nożna", "Soccer"),
        ("FUSSBALL", "Soccer"),
        ("Stair-Stepper", "StairStepper"),
        ("Treinamento com peso", "WeightTraining"),
        ("Fietsrit", "Ride"),
        ("Pedalada", "Ride"),
        ("Virtual Ride", "VirtualRide"),
        ("Ice Skate", "IceSkate"),
        ("Rock Climb", "RockClimbing"),
        ("Stand Up Paddling", "StandUpPaddling"),
        ("ride", "Ride"),
        ("trail_running", "TrailRun"),
        ("Course\u00a0à\u202fpied", "Run"),
        ("  course   a pied ", "Run"),
    ],
)
def test_names_seen_in_exports(text, sport):
    assert sport_name(text) == sport


@pytest.mark.parametrize("text", ["Quidditch", "", "   ", "-", None, "Unknown"])
def test_unknown_names_are_told_as_unknown(text):
    assert sport_name(text) is None


def test_no_word_means_two_sports():
    meant: dict[str, set[str]] = {}
    for sport, word in WORDS:
        meant.setdefault(word.casefold(), set()).add(sport)
    assert {word: sports for word, sports in meant.items() if len(sports) > 1} == {}


def test_every_sport_has_a_word_in_every_language():
    assert TABLE[0][2:] == ["en", "nl", "de", "fr", "es", "pt", "it", "pl"]
    assert [row[0] for row in TABLE[1:] if len(row) != len(TABLE[0]) or not all(row[2:])] == []


def test_every_name_of_ours_is_known_by_itself():
    assert all(sport_name(name) == name for name in sport_names())
    assert set(RUN_SPORTS) <= set(FOOT_SPORTS) <= set(sport_names())


@given(
    st.sampled_from(WORDS),
    st.sampled_from(["NFC", "NFD"]),
    st.booleans(),
    st.sampled_from(["", " ", "\u00a0"]),
)
def test_case_accents_and_blanks_do_not_matter(pair, form, big, blank):
    sport, word = pair
    letters = unicodedata.normalize(form, word.upper() if big else word.lower())
    bare = "".join(c for c in unicodedata.normalize("NFD", letters) if not unicodedata.combining(c))
    assert sport_name(blank + letters + blank) == sport
    assert sport_name(bare) == sport


@given(st.text(max_size=40))
def test_any_text_gets_an_answer(text):
    assert sport_name(text) in {None, *sport_names()}
