"""A planted consult, and the report made of it."""

from __future__ import annotations

import pytest
from consult_builders import TODAY, plant_consult

from connectors.store import Store
from dashboard.report.material import ReportInput, collect


@pytest.fixture
def consult_store(store, athlete_id) -> Store:
    plant_consult(store, athlete_id)
    return store


@pytest.fixture
def consult_input(consult_store) -> ReportInput:
    return collect(consult_store, consult_store.runner(), today=TODAY)
