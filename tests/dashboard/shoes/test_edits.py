"""What a person says of pairs is kept, checked, outlives imports and can be taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from connectors.errors import ContractError
from connectors.frames import EDIT, SHOE
from dashboard.shared.edit_history import edit_batches
from dashboard.shared.pipeline import analysis_of
from dashboard.shared.units import Units
from dashboard.shoes import edits

LATER = datetime(2026, 9, 1, tzinfo=UTC)
FROM = date(2026, 3, 1)


def pair(store, athlete_id: int, shoe_id: str = "pair") -> dict:
    found = edits.known_pairs(store, athlete_id).filter(pl.col("shoe_id") == shoe_id)
    return found.row(0, named=True)


def rename(store, athlete_id: int, name: str, brand: str | None = None) -> None:
    row = store.read(SHOE, athlete_id).filter(pl.col("shoe_id") == "pair")
    store.write(
        SHOE, row.with_columns(name=pl.lit(name), brand=pl.lit(brand, pl.String), fetched_utc=pl.lit(LATER))
    )


def worn(store, athlete_id: int) -> dict[str, int]:
    return dict(store.activities(athlete_id)["shoe_id"].value_counts().iter_rows())


def test_what_is_said_changes_the_load(store, athlete_id):
    before = analysis_of(store, athlete_id).runs["x_shoe"].mean()
    change = edits.edit_pair(store, athlete_id, "pair", {"kind": "minimalist", "drop_mm": 0})
    assert (
        edits.edit_pair(store, athlete_id, "pair", {"kind": "minimalist", "drop_mm": 0.0}).outcome
        == "unchanged"
    )
    assert analysis_of(store, athlete_id).runs["x_shoe"].mean() > before
    change.undo(store)
    assert analysis_of(store, athlete_id).runs["x_shoe"].mean() == before


def test_a_drop_nobody_makes_is_refused(store, athlete_id):
    with pytest.raises(ContractError, match="drop_mm"):
        edits.edit_pair(store, athlete_id, "pair", {"kind": "racing", "drop_mm": 99.0})
    assert pair(store, athlete_id)["kind"] is None
    with pytest.raises(ContractError, match="not on record"):
        edits.edit_pair(store, athlete_id, "nobody", {"kind": "racing"})


def test_a_word_outlives_the_next_import(store, athlete_id):
    edits.edit_pair(store, athlete_id, "pair", {"name": "Mine", "drop_mm": 6.0})
    rename(store, athlete_id, "Nike Pegasus 39")
    assert (pair(store, athlete_id)["name"], pair(store, athlete_id)["drop_mm"]) == ("Mine", 6.0)


def test_a_mended_match_stays_mended(store, athlete_id):
    rename(store, athlete_id, "Nike Pegasus 39")
    assert pair(store, athlete_id)["match_verdict"] == "sure"
    change = edits.choose_model(store, athlete_id, "pair", "")
    rename(store, athlete_id, "Nike Air Zoom Pegasus 39", "Nike")
    assert (pair(store, athlete_id)["match_verdict"], pair(store, athlete_id)["drop_mm"]) == ("none", None)
    edits.choose_model(store, athlete_id, "pair", "nike-pegasus-38", "therapist")
    assert pair(store, athlete_id)["catalogue_id"] == "nike-pegasus-38"
    assert [
        (one.reason, one.decided_by) for one in edit_batches(store, athlete_id, Units(), record="shoe")
    ] == [
        (edits.MODEL_CHOSEN, "therapist"),
        (edits.MODEL_CHOSEN, "runner"),
    ]
    assert edit_batches(store, athlete_id, Units(), record="activity") == []
    change.undo(store)
    assert pair(store, athlete_id)["catalogue_id"] == "nike-pegasus-38"


def test_two_pairs_under_one_id_are_parted_and_put_back(store, athlete_id):
    edits.edit_pair(store, athlete_id, "pair", {"drop_mm": 4.0, "distance_before_m": 50_000.0})
    before = worn(store, athlete_id)
    change = edits.split_pair(store, athlete_id, "pair", FROM, " The second ")
    second = edits.known_pairs(store, athlete_id).filter(pl.col("name") == "The second").row(0, named=True)
    assert (second["drop_mm"], second["drop_from"], second["distance_before_m"]) == (4.0, "you", None)
    runs = store.activities(athlete_id)
    assert runs.filter(pl.col("local_date") >= FROM)["shoe_id"].unique().to_list() == [second["shoe_id"]]
    assert runs.filter(pl.col("local_date") < FROM)["shoe_id"].unique().to_list() == ["pair"]
    assert (
        store.read(EDIT, athlete_id).filter(pl.col("reason") == edits.PAIR_SPLIT)["batch_id"].n_unique() == 1
    )
    change.undo(store)
    assert worn(store, athlete_id) == before
    assert edits.known_pairs(store, athlete_id)["shoe_id"].to_list() == ["pair"]
    store.undo_edits(athlete_id, change.batch_id, is_undone=False)
    assert edits.known_pairs(store, athlete_id).height == 2


def test_one_pair_under_two_ids_is_put_together_and_parted(store, athlete_id):
    before = worn(store, athlete_id)
    edits.split_pair(store, athlete_id, "pair", FROM, "The second")
    (second,) = [i for i in edits.known_pairs(store, athlete_id)["shoe_id"] if i != "pair"]
    parted = worn(store, athlete_id)
    change = edits.merge_pairs(store, athlete_id, second, "pair")
    assert worn(store, athlete_id) == before
    assert edits.known_pairs(store, athlete_id)["shoe_id"].to_list() == ["pair"]
    change.undo(store)
    assert worn(store, athlete_id) == parted
    with pytest.raises(ContractError, match="with itself"):
        edits.merge_pairs(store, athlete_id, second, second)


@pytest.mark.parametrize(("day", "name"), [(FROM, " "), (date(2020, 1, 1), "Two"), (date(2027, 1, 1), "Two")])
def test_a_split_that_parts_nothing_is_refused(store, athlete_id, day, name):
    with pytest.raises(ContractError, match="Nothing was changed"):
        edits.split_pair(store, athlete_id, "pair", day, name)
    assert store.read(SHOE, athlete_id).height == 1
