""""""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from dashboard.model.analysis import adapt
from dashboard.model.line_back import against_line
from dashboard.model.settings import ModelSettings

SETTINGS = ModelSettings()


def loads(after: int) -> list[float]:
    week = np.array([10.0, 0, 10, 0, 10, 10, 10])
    return [*np.tile(week, 60), *np.zeros(42), *np.tile(0.5 * week, after)]


def test_the_next_step_stands_beside_the_line(made) -> None:
    days = adapt(made.run_days(loads(2)), made.no_symptoms, SETTINGS).days
    last = days.row(-1, named=True)
    assert last["state"] == "way_back"
    found = against_line(days, last["local_date"] + timedelta(1), 8.0)
    assert found is not None
    assert found.acute_tkm == pytest.approx((float(days["load_tkm"][-6:].sum()) + 8.0) / 7)
    assert found.line_tkm == last["line_tkm"]
    assert found.share == pytest.approx(found.acute_tkm / found.line_tkm)
    later = against_line(days, last["local_date"] + timedelta(10), 7.0)
    assert later is not None
    assert later.acute_tkm == pytest.approx(1.0)


def test_there_is_no_line_in_ordinary_weeks_or_for_what_is_done(made) -> None:
    ordinary = adapt(made.run_days(loads(0)[: 60 * 7]), made.no_symptoms, SETTINGS).days
    assert against_line(ordinary, made.first + timedelta(500), 5.0) is None
    back = adapt(made.run_days(loads(2)), made.no_symptoms, SETTINGS).days
    assert against_line(back, back["local_date"][-1], 5.0) is None
    assert against_line(adapt(made.run_days([]), made.no_symptoms, SETTINGS).days, made.first, 5.0) is None
