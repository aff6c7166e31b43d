"""The shipped catalogue as a typed frame, and the families of its models."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import polars as pl

from connectors.frames import PLATES, SHOE_KINDS, Column, Contract

CERTAINTIES = ("agreed", "stated", "disagree", "derived", "general")
"""Two tables or more say the same; one says it; sources differ, and all they say is kept; worked out by a rule from
other values; from general knowledge, unchecked."""


def _sourced(name: str) -> dict[str, Column]:
    return {
        f"{name}_source": Column(pl.String, "sources, | between; with =value each where they differ"),
        f"{name}_certainty": Column(pl.String, "how sure it is", one_of=CERTAINTIES),
    }


CATALOGUE = Contract(
    "shoe_catalogue",
    "one version of one model",
    ("catalogue_id",),
    {
        "catalogue_id": Column(pl.String, "readable id: brand, model, version", null=False),
        "family_id": Column(pl.String, "readable id of the model over all its versions", null=False),
        "brand": Column(pl.String, "maker", null=False),
        "model": Column(pl.String, "model without its version", null=False),
        "version": Column(pl.String, "as the maker counts; null where there is but one"),
        "listed_by": Column(pl.String, "sources that name the model, | between", null=False),
        "year": Column(pl.Int32, "year of the first release, the earliest where sources differ", 2000, 2035),
        **_sourced("year"),
        "drop_mm": Column(pl.Float64, "mm, heel over forefoot; the middle where sources differ", -2, 20),
        "drop_low_mm": Column(pl.Float64, "mm, the least any source gives", -2, 20),
        "drop_high_mm": Column(pl.Float64, "mm, the most any source gives", -2, 20),
        **_sourced("drop"),
        "stack_heel_mm": Column(pl.Float64, "mm under the heel", 0, 60),
        **_sourced("stack_heel"),
        "stack_forefoot_mm": Column(pl.Float64, "mm under the forefoot", 0, 60),
        **_sourced("stack_forefoot"),
        "plate": Column(pl.String, "stiff plate in the sole", one_of=PLATES),
        **_sourced("plate"),
        "kind": Column(pl.String, "kind of shoe", one_of=SHOE_KINDS),
        **_sourced("kind"),
    },
)


@cache
def catalogue() -> pl.DataFrame:
    """Return the shipped catalogue, whose rows the tests hold to the contract: not again in every process."""
    data = files("connectors.shoes").joinpath("catalogue.csv").read_bytes()
    return pl.read_csv(data, schema_overrides=dict(CATALOGUE.schema)).match_to_schema(CATALOGUE.schema)
