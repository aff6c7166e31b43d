"""Words around doubts: each kind has its own, names are text, numbers carry units."""

from __future__ import annotations

from datetime import date

import pytest

from connectors.edits import EDITABLE
from dashboard.runs.quality import text
from dashboard.runs.quality.checks import QUALITY_CHECKS
from dashboard.runs.quality.quality_check import QualityFlag
from dashboard.shared.units import Units

MILES = Units("mi", "ft")


def flag(kind: str, value: float | None = 12.0, limit: float | None = 6.0, **more) -> QualityFlag:
    return QualityFlag("a", kind, 0, date(2026, 5, 2), "Loop [x](y)", "Run", value, limit, **more)


@pytest.mark.parametrize("check", QUALITY_CHECKS, ids=lambda check: check.id)
def test_every_kind_has_a_title_and_a_sentence(check):
    assert check.title
    for value, limit in ((12.0, 6.0), (None, None), (1.5, None)):
        sentence = text.flag_in_words(flag(check.id, value, limit), Units())
        assert sentence.endswith(".")
        assert "None" not in sentence


def test_no_two_kinds_have_one_title():
    assert len({check.title for check in QUALITY_CHECKS}) == len({check.id for check in QUALITY_CHECKS})
    assert len(QUALITY_CHECKS) == len({check.id for check in QUALITY_CHECKS}) == 24


def test_units_are_those_of_the_reader():
    far = flag("watch", 5_210.0, 5_000.0, correction=(("distance_m", 5_210.0),))
    assert "3.24 mi" in text.flag_in_words(far, MILES)
    assert text.correction(far, MILES) == "Correct to 3.24 mi"
    high = flag("ascent_differs", 1_165.0, 39.0, correction=(("ascent_m", 39.0),))
    assert "3,822 ft" in text.flag_in_words(high, MILES)
    assert text.correction_in_words(10.0, MILES) == "+6.2 easy miles"
    assert text.correction_in_words(-0.01, Units()) == "0.0 easy kilometres"


def test_every_correction_has_a_button():
    fields = {field for kind in QUALITY_CHECKS for field in kind.correction} - {"descent_m"}
    values = {"sport": "Hike", "cadence_scale": 0.5, "uses_recording": False, "local_date": date(2026, 5, 1)}
    for field in fields:
        told = flag("pace", correction=((field, values.get(field, 1_000.0)),))
        assert text.correction(told, Units())
        assert field in EDITABLE["activity"]
    for sport in ("Ride", "Hike", "Run"):
        assert text.SPORT_BUTTONS[sport]
    assert text.correction(flag("elapsed"), Units()) is None


def test_open_doubts_are_named_by_kind():
    found = [flag("watch"), flag("watch"), flag("overlap")]
    said = text.doubted(found)
    assert "watch and service differ (2)" in said
    assert "two runs at the same time (1)" in said
    assert text.doubted([]) is None


def test_a_title_is_left_as_it_was_typed():
    assert text.flag_title(flag("pace")) == "Loop [x](y) · 2 May 2026"
