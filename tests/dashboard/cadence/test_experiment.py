"""What a runner may set for the cadence experiment, and back from the store."""

from __future__ import annotations

from datetime import date

import pytest

from connectors.errors import HeelwiseError
from dashboard.cadence.experiment import (
    END_KEY,
    START_KEY,
    TARGET_KEY,
    CadenceExperiment,
    experiment_settings,
    read_experiment,
    validate_experiment,
)

DAY = date(2026, 5, 4)


@pytest.mark.parametrize(
    "experiment",
    [CadenceExperiment(DAY), CadenceExperiment(DAY, 7.5, date(2026, 6, 1)), CadenceExperiment(DAY, 1.0, DAY)],
)
def test_what_is_written_is_read_back(experiment: CadenceExperiment) -> None:
    texts = {name: text for name, text in experiment_settings(experiment).items() if text is not None}
    assert read_experiment(texts | {"week_start": "monday"}) == experiment


def test_nothing_set_is_none_and_taking_away_clears_all() -> None:
    assert read_experiment({"week_start": "monday"}) is None
    assert experiment_settings(None) == {START_KEY: None, TARGET_KEY: None, END_KEY: None}


def test_the_target_is_five_per_cent_unless_said() -> None:
    assert read_experiment({START_KEY: "2026-05-04"}) == CadenceExperiment(DAY, 5.0, None)


@pytest.mark.parametrize("target", [0.5, 10.5, -5.0, float("nan")])
def test_a_target_beyond_what_was_measured_is_refused(target: float) -> None:
    with pytest.raises(HeelwiseError, match="from 1 to 10 %"):
        validate_experiment(CadenceExperiment(DAY, target))


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(HeelwiseError, match="before it starts"):
        validate_experiment(CadenceExperiment(DAY, 5.0, date(2026, 5, 3)))


@pytest.mark.parametrize(
    "texts",
    [
        {START_KEY: "soon"},
        {START_KEY: "2026-05-04", TARGET_KEY: "much"},
        {START_KEY: "2026-05-04", END_KEY: "-"},
    ],
)
def test_what_cannot_be_read_is_said_with_what_to_do(texts: dict[str, str]) -> None:
    with pytest.raises(HeelwiseError, match="set it again on the Cadence page"):
        read_experiment(texts)
