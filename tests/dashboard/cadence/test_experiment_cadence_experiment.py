"""The experiment is kept, replaced and taken away; what breaks a limit changes nothing."""

from __future__ import annotations

from datetime import date

import pytest

from connectors.errors import HeelwiseError
from dashboard.cadence import experiment
from dashboard.cadence.experiment import CadenceExperiment

DAY = date(2026, 4, 6)


def test_it_is_kept_replaced_and_taken_away(store, athlete_id):
    store.set_settings(athlete_id, {"week_start": "sunday"})
    assert experiment.load_experiment(store, athlete_id) is None
    experiment.save_experiment(store, athlete_id, CadenceExperiment(DAY, 5.0, date(2026, 5, 1)))
    experiment.save_experiment(store, athlete_id, CadenceExperiment(DAY, 7.5))
    assert experiment.load_experiment(store, athlete_id) == CadenceExperiment(DAY, 7.5)
    experiment.remove_experiment(store, athlete_id)
    assert store.settings(athlete_id) == {"week_start": "sunday"}


def test_a_broken_limit_leaves_what_was_there(store, athlete_id):
    experiment.save_experiment(store, athlete_id, CadenceExperiment(DAY))
    with pytest.raises(HeelwiseError, match="Nothing was changed"):
        experiment.save_experiment(store, athlete_id, CadenceExperiment(DAY, 25.0))
    assert experiment.load_experiment(store, athlete_id) == CadenceExperiment(DAY)
