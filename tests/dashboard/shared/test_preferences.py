"""Year of birth and sex: optional, checked, and turned into an age."""

from __future__ import annotations

from datetime import date

import pytest

from connectors.errors import HeelwiseError
from dashboard.shared import preferences


def test_an_age_is_the_one_reached_in_the_year():
    assert preferences.age_on(date(2026, 1, 1), {"birth_year": "1986"}) == 40
    assert preferences.age_on(date(2026, 1, 1), {}) is None


@pytest.mark.parametrize("text", ["86", "later", "1700", "2999"])
def test_a_year_must_be_one(store, athlete_id, text):
    with pytest.raises(HeelwiseError, match=text):
        preferences.save_preference(store, athlete_id, {"birth_year": text})
    assert "birth_year" not in store.settings(athlete_id)


def test_neither_need_be_said(store, athlete_id):
    preferences.save_preference(store, athlete_id, {"birth_year": "1986", "sex": "male"})
    preferences.save_preference(store, athlete_id, {"birth_year": "", "sex": ""})
    assert not {"birth_year", "sex"} & {name for name, value in store.settings(athlete_id).items() if value}
