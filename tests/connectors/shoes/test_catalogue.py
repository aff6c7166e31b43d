"""The shipped catalogue: every row of it, and what it is read into."""

from __future__ import annotations

import re

import polars as pl
import pytest

from connectors.frames import SHOE_KINDS, checked
from connectors.shoes.catalogue import CATALOGUE, CERTAINTIES, PLATES, catalogue
from connectors.shoes.catalogue_build import FIELDS, GENERAL, column_of, sort_catalogue
from connectors.shoes.name_tokens import brands, word_rows

ROWS = word_rows("catalogue.csv")
KNOWN = word_rows("known.csv")


def test_it_covers_what_runners_have_worn():
    assert len(ROWS) >= 1_200
    assert len({(row["brand"], row["model"], row["version"]) for row in ROWS}) == len(ROWS)
    assert len({row["brand"] for row in ROWS}) >= 40


def test_the_frame_keeps_its_contract():
    frame = catalogue()
    assert frame.schema == CATALOGUE.schema
    assert checked(frame, CATALOGUE).equals(frame)
    assert frame.height == len(ROWS)
    assert frame["catalogue_id"].is_unique().all()


def test_rows_are_sorted():
    assert [sort_catalogue(row) for row in ROWS] == sorted(sort_catalogue(row) for row in ROWS)


def test_ids_are_readable_and_families_hold_their_versions():
    for row in ROWS:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["catalogue_id"]), row
        assert row["catalogue_id"].startswith(row["family_id"]), row


def test_words_come_from_closed_sets():
    assert {row["plate"] for row in ROWS} <= {*PLATES, ""}
    assert {row["kind"] for row in ROWS} <= {*SHOE_KINDS, ""}
    assert {row["brand"] for row in ROWS} <= set(brands())
    assert {row[column_of(field, "certainty")] for row in ROWS for field in FIELDS} <= {*CERTAINTIES, ""}


@pytest.mark.parametrize("field", FIELDS)
def test_every_value_names_its_source_and_its_certainty(field):
    for row in ROWS:
        given = [
            bool(row[name]) for name in (field, column_of(field, "source"), column_of(field, "certainty"))
        ]
        assert len(set(given)) == 1, row


def test_general_knowledge_is_called_so():
    for row in ROWS:
        for field in FIELDS:
            if row[column_of(field, "certainty")] in ("stated", "agreed"):
                assert set(row[column_of(field, "source")].split("|")) - {GENERAL}, row
            if row[column_of(field, "source")] == GENERAL:
                marked = field == "stack_forefoot_mm" and row["stack_forefoot_certainty"] == "disagree"
                assert marked or row[column_of(field, "certainty")] == "general", row


def test_where_sources_differ_all_they_say_is_kept():
    differing = [row for row in ROWS if row["drop_certainty"] == "disagree"]
    assert differing
    for row in differing:
        said = {float(part.partition("=")[2]) for part in row["drop_source"].split("|")}
        assert (min(said), max(said)) == (float(row["drop_low_mm"]), float(row["drop_high_mm"])), row
        assert min(said) <= float(row["drop_mm"]) <= max(said), row


def test_the_range_holds_the_drop():
    known = catalogue().drop_nulls("drop_mm")
    assert (known["drop_low_mm"] <= known["drop_mm"]).all()
    assert (known["drop_mm"] <= known["drop_high_mm"]).all()


def test_heights_add_up_or_are_marked():
    off = (pl.col("stack_heel_mm") - pl.col("stack_forefoot_mm") - pl.col("drop_mm")).abs() > 1
    marked = pl.any_horizontal(
        pl.col(f"{name}_certainty") == "disagree" for name in ("drop", "stack_heel", "stack_forefoot")
    )
    assert catalogue().filter(off & ~marked).is_empty()


@pytest.mark.parametrize(
    ("catalogue_id", "drop_mm", "plate", "kind"),
    [
        ("asics-gel-pulse-13", 10, "none", "conventional"),
        ("brooks-ghost-12", 12, "none", "conventional"),
        ("hoka-clifton-6", 5, "none", "maximalist"),
        ("altra-lone-peak-5", 0, "none", "trail"),
        ("merrell-vapor-glove-4", 0, "none", "minimalist"),
        ("nike-vaporfly-3", 8, "carbon", "racing"),
        ("saucony-endorphin-speed-3", 8, "nylon", "conventional"),
        ("barefoot-no-shoes", 0, "none", "barefoot"),
    ],
)
def test_shoes_everyone_knows(catalogue_id, drop_mm, plate, kind):
    row = catalogue().row(by_predicate=pl.col("catalogue_id") == catalogue_id, named=True)
    assert (row["drop_mm"], row["plate"], row["kind"]) == (drop_mm, plate, kind)


def test_the_table_people_edit_is_in_order():
    keys = [(row["brand"], row["model"], row["version"]) for row in KNOWN]
    assert len(keys) == len(set(keys))
    assert {row["brand"] for row in KNOWN} <= set(brands())
    assert {row["plate"] for row in KNOWN} <= {*PLATES, ""}
    assert {row["kind"] for row in KNOWN} <= set(SHOE_KINDS)


def test_small_tables_have_every_cell():
    for name in ("brands.csv", "words.csv", "aliases.csv", "sources.csv", "corrections.csv"):
        assert all(None not in row and None not in row.values() for row in word_rows(name)), name
