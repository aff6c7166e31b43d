"""What a runner may set for the cadence experiment, and back from the store."""

from __future__ import annotations

from datetime import date

import pytest

from connectors.errors import HeelwiseError
from dashboard.model.experiment import END, START, TARGET, Experiment, as_settings, checked, from_settings

DAY = date(2026, 5, 4)


@pytest.mark.parametrize(
    "experiment", [Experiment(DAY), Experiment(DAY, 7.5, date(2026, 6, 1)), Experiment(DAY, 1.0, DAY)]
)
def test_what_is_written_is_read_back(experiment: Experiment) -> None:
    texts = {name: text for name, text in as_settings(experiment).items() if text is not None}
    assert from_settings(texts | {"week_start": "monday"}) == experiment


def test_nothing_set_is_none_and_taking_away_clears_all() -> None:
    assert from_settings({"week_start": "monday"}) is None
    assert as_settings(None) == {START: None, TARGET: None, END: None}


def test_the_target_is_five_per_cent_unless_said() -> None:
    assert from_settings({START: "2026-05-04"}) == Experiment(DAY, 5.0, None)


@pytest.mark.parametrize("target", [0.5, 10.5, -5.0, float("nan")])
def test_a_target_beyond_what_was_measured_is_refused(target: float) -> None:
    with pytest.raises(HeelwiseError, match="from 1 to 10 %"):
        checked(Experiment(DAY, target))


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(HeelwiseError, match="before it starts"):
        checked(Experiment(DAY, 5.0, date(2026, 5, 3)))


@pytest.mark.parametrize(
    "texts", [{START: "soon"}, {START: "2026-05-04", TARGET: "much"}, {START: "2026-05-04", END: "-"}]
)
def test_what_cannot_be_read_is_said_with_what_to_do(texts: dict[str, str]) -> None:
    with pytest.raises(HeelwiseError, match="set it again on the Cadence page"):
        from_settings(texts)
