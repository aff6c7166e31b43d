"""The kind of a FIT file by its first bytes."""

from __future__ import annotations

import pytest
from fit_writer import FILE_ID, FitWriter, fit_run
from takeout_writer import fit_of_kind

from connectors.formats.fit.file_kind import file_type, kind_words
from connectors.formats.fit.strength_sets import exercise_name


@pytest.mark.parametrize("kind", [1, 2, 4, 6, 15, 32, 44, 49, 200])
def test_the_type_is_read(kind):
    assert file_type(fit_of_kind(kind)) == kind


@pytest.mark.parametrize("header", [12, 14])
@pytest.mark.parametrize("big_endian", [False, True])
def test_the_type_is_read_wherever_it_stands(header, big_endian):
    fit = FitWriter(big_endian)
    fit.define(3, FILE_ID, [(3, "uint32z"), (4, "uint32"), (1, "uint16"), (0, "enum")])
    fit.write(3, 5, 6, 1, 32)
    assert kind_words(fit.bytes(header)[:64]) == "all-day monitoring"


def test_a_recording_has_no_kind():
    assert file_type(fit_run(seconds=5)) == 4
    assert kind_words(fit_run(seconds=5)) is None


@pytest.mark.parametrize(
    "head",
    [b"", b"x" * 40, fit_of_kind(32)[:14], fit_of_kind(32)[:20], b"\x0e" + bytes(7) + b".FIT" + bytes(20)],
)
def test_what_does_not_say_may_be_a_recording(head):
    assert kind_words(head) is None


def test_exercises_are_named_by_their_numbers():
    assert exercise_name(1, 18) == "Standing calf raise"
    assert exercise_name(1, 9_999) == "Calf raise"
    assert exercise_name(65534, None) is None
    assert exercise_name(None, 3) is None
    assert exercise_name(9_000, 3) == "FIT exercise 9000"
