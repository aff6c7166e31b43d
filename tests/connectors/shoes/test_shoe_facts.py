"""What is known of a pair: the person before the source before the catalogue."""

from __future__ import annotations

import polars as pl
import pytest

from connectors.edits import apply_edits
from connectors.frames import EDIT, SHOE, SHOE_FACT
from connectors.shoes.catalogue import catalogue
from connectors.shoes.shoe_facts import needs_answer, shoe_facts

PEGASUS = "nike-pegasus-39"


def shoes(name: str = "Nike Pegasus 39", edited: str = "", **facts) -> pl.DataFrame:
    """One row as `Store.shoes` gives it."""
    frame = apply_edits(
        pl.DataFrame([{"shoe_id": "a", "name": name}], schema=SHOE.schema).with_columns(
            pl.lit(None, SHOE_FACT.columns[c].dtype).alias(c) for c in ("kind", "drop_mm", "is_plated")
        ),
        EDIT.empty(),
        "shoe",
        {},
    )
    return frame.with_columns(
        edited=pl.lit(edited or None), **{c: pl.lit(v, frame.schema[c]) for c, v in facts.items()}
    )


def one(frame: pl.DataFrame) -> dict:
    return shoe_facts(frame).row(0, named=True)


@pytest.fixture
def model() -> dict:
    return catalogue().filter(pl.col("catalogue_id") == PEGASUS).row(0, named=True)


def test_a_sure_match_gives_what_the_catalogue_knows(model):
    pair = one(shoes())
    assert (pair["match_verdict"], pair["catalogue_id"]) == ("sure", PEGASUS)
    for name in ("kind", "drop_mm", "drop_low_mm", "drop_high_mm", "plate", "stack_heel_mm"):
        assert pair[name] == model[name], name
    assert {pair[f"{name}_from"] for name in ("kind", "drop", "plate")} == {"catalogue"}
    assert pair["is_plated"] is False


def test_the_source_comes_before_the_catalogue_and_the_person_before_both(model):
    stated = one(shoes(drop_mm=7.0, is_plated=True))
    assert (stated["drop_mm"], stated["drop_low_mm"], stated["drop_high_mm"]) == (7.0, 7.0, 7.0)
    assert (stated["drop_from"], stated["kind_from"]) == ("source", "catalogue")
    assert (stated["is_plated"], stated["plate"], stated["plate_from"]) == (True, None, "source")
    said = one(shoes(drop_mm=5.0, plate="carbon", edited="drop_mm plate", kind="racing"))
    assert (said["drop_mm"], said["drop_from"]) == (5.0, "you")
    assert (said["plate"], said["is_plated"], said["plate_from"]) == ("carbon", True, "you")
    assert (said["kind"], said["kind_from"]) == ("racing", "source")


def test_a_person_may_say_that_it_is_unknown():
    pair = one(shoes(edited="drop_mm plate"))
    assert (pair["drop_mm"], pair["drop_low_mm"], pair["drop_high_mm"]) == (None, None, None)
    assert (pair["plate"], pair["is_plated"], pair["drop_from"]) == (None, None, "you")


def test_a_pair_in_doubt_has_a_range_only():
    pair = one(shoes("Nike Pegasus"))
    assert pair["match_verdict"] == "ask"
    assert (pair["drop_mm"], pair["kind"], pair["plate"], pair["catalogue_id"]) == (None, None, None, None)
    assert pair["drop_low_mm"] <= pair["drop_high_mm"]
    assert pair["drop_from"] == "catalogue"
    assert PEGASUS in pair["candidates"]
    assert 0 < pair["match_certainty"] < 1
    assert needs_answer(shoe_facts(shoes("Nike Pegasus"))).height == 1


def test_the_model_a_person_chose_counts_as_sure(model):
    pair = one(shoes("Old faithful", catalogue_id=PEGASUS, edited="catalogue_id"))
    assert (pair["match_verdict"], pair["match_certainty"], pair["drop_mm"]) == (
        "chosen",
        1.0,
        model["drop_mm"],
    )


def test_none_of_them_leaves_the_pair_unknown():
    pair = one(shoes(catalogue_id="", edited="catalogue_id"))
    assert (pair["match_verdict"], pair["catalogue_id"], pair["drop_mm"]) == ("none", None, None)
    assert pair["drop_from"] is None


def test_a_nickname_stays_unknown():
    pair = one(shoes("Old faithful"))
    assert (pair["match_verdict"], pair["match_certainty"], pair["candidates"]) == ("unknown", 0.0, [])
    assert pair["drop_low_mm"] is None


def test_a_lift_raises_the_drop_under_the_foot():
    pair = one(shoes(heel_lift_mm=6.0, drop_mm=4.0))
    assert (pair["drop_mm"], pair["shoe_drop_mm"]) == (10.0, 4.0)
    assert one(shoes("Old faithful", heel_lift_mm=6.0))["drop_mm"] is None


def test_no_pair_at_all():
    assert shoe_facts(shoes().clear()).is_empty()
