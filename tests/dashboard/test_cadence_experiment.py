"""The experiment is kept, replaced and taken away; what breaks a limit changes nothing."""

from __future__ import annotations

from datetime import date

import pytest

from connectors.errors import HeelwiseError
from dashboard import cadence_experiment
from dashboard.model.experiment import Experiment

DAY = date(2026, 4, 6)


def test_it_is_kept_replaced_and_taken_away(store, athlete_id):
    store.set_settings(athlete_id, {"week_start": "sunday"})
    assert cadence_experiment.of_runner(store, athlete_id) is None
    cadence_experiment.keep(store, athlete_id, Experiment(DAY, 5.0, date(2026, 5, 1)))
    cadence_experiment.keep(store, athlete_id, Experiment(DAY, 7.5))
    assert cadence_experiment.of_runner(store, athlete_id) == Experiment(DAY, 7.5)
    cadence_experiment.take_away(store, athlete_id)
    assert store.settings(athlete_id) == {"week_start": "sunday"}


def test_a_broken_limit_leaves_what_was_there(store, athlete_id):
    cadence_experiment.keep(store, athlete_id, Experiment(DAY))
    with pytest.raises(HeelwiseError, match="Nothing was changed"):
        cadence_experiment.keep(store, athlete_id, Experiment(DAY, 25.0))
    assert cadence_experiment.of_runner(store, athlete_id) == Experiment(DAY)
