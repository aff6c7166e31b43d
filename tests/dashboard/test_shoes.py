"""What the runner says of a pair is kept, checked and counted over runs only."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from connectors.errors import ContractError
from connectors.frames import ACTIVITY
from dashboard import shoes
from dashboard.gather import analysis_of


def test_a_pair_is_listed_with_its_runs_only(store, athlete_id):
    last = store.read(ACTIVITY, athlete_id).sort("start_utc").tail(1)
    walk = last.with_columns(
        sport=pl.lit("Walk"),
        source_id=pl.lit("walk"),
        activity_id=pl.lit("walk"),
        local_date=pl.lit(date(2026, 5, 5)),
        start_utc=pl.col("start_utc").dt.offset_by("6d"),
    )
    store.write(ACTIVITY, walk)
    (pair,) = shoes.pairs(store, athlete_id)
    assert (pair["name"], pair["runs"], pair["kind"], pair["drop_mm"]) == ("Plain Pacer 3", 60, None, None)
    assert pair["last_date"] == date(2026, 4, 29)


def test_what_is_said_changes_the_load(store, athlete_id):
    before = analysis_of(store, athlete_id).runs["x_shoe"].mean()
    (pair,) = shoes.pairs(store, athlete_id)
    assert shoes.describe(store, athlete_id, [{**pair, "kind": "minimalist", "drop_mm": 0.0}]) == 1
    assert shoes.describe(store, athlete_id, [{**pair, "kind": "minimalist", "drop_mm": 0.0}]) == 0
    assert shoes.pairs(store, athlete_id)[0]["kind"] == "minimalist"
    assert analysis_of(store, athlete_id).runs["x_shoe"].mean() > before


def test_a_drop_nobody_makes_is_refused(store, athlete_id):
    (pair,) = shoes.pairs(store, athlete_id)
    with pytest.raises(ContractError, match="drop_mm"):
        shoes.describe(store, athlete_id, [{**pair, "drop_mm": 99.0}])
    assert shoes.pairs(store, athlete_id)[0]["drop_mm"] is None
