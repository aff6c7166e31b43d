"""A pair in words: what is known of it, where from, how far it ran, and which model it is taken for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from connectors.plural import count
from connectors.shoes.catalogue import catalogue
from connectors.shoes.pairs import ASK, CHOSEN, NONE_OF_THEM, SURE
from dashboard import words
from dashboard.units import Units

KINDS = {
    "conventional": "conventional",
    "minimalist": "minimalist",
    "maximalist": "maximalist",
    "racing": "racing",
    "trail": "trail",
    "barefoot": "barefoot",
}
PLATES = {"none": "none", "nylon": "nylon", "carbon": "carbon", "other": "of another kind"}
INSERTS = {"insole": "insole", "orthosis": "orthosis", "other": "another insert"}
FROM = {"you": "as you said", "source": "as its source says", "catalogue": "from the catalogue"}
FROM_EACH = "{value}, {origin}"
PLATED = "yes"
DROP = "{drop:g} mm, {origin}"
DROP_RANGE = "{drop:g} mm ({low:g} to {high:g}), {origin}"
DROP_OPEN = "{low:g} to {high:g} mm, by the models it may be"
STACK = "{heel:g} and {forefoot:g} mm"
LIFT = "{lift:g} mm: {drop:g} mm under the foot"
LIFT_ALONE = "{lift:g} mm"
AGE = "{days}, since {day}"
HERE_AND_BEFORE = "{here}, and {before} before"
MATCHES = {
    SURE: "Taken for {model}, certainty {certainty:.0f} of 100.",
    CHOSEN: "{model}, as you said.",
    NONE_OF_THEM: "Not a model of the catalogue, as you said.",
    ASK: "Which model it is needs your answer; the best guess has certainty {certainty:.0f} of 100.",
}
NO_MATCH = "Its name tells no model; what is not said of it stays unknown."
ONLY_NAME = "{name}"
WITH_DROP = "{name} (drop {drop:g} mm)"
WITH_YEAR = "{name} ({year})"
WITH_BOTH = "{name} ({year}, drop {drop:g} mm)"


def facts(pair: Mapping[str, Any], units: Units) -> list[tuple[str, str]]:
    """List what is known of one pair.

    Parameters
    ----------
    pair : mapping
        A row as from `rotation.ages`.
    units : Units
        What the runner reads in.

    Returns
    -------
    list of tuple of str
        Names and values; what is not known says so, inserts and lifts only where there are some.

    Source
    ------
    ours: where a fact is from stands beside it.
    """
    here = units.distance_words(pair["distance_m"])
    before = pair["distance_before_m"]
    ran = here if not before else HERE_AND_BEFORE.format(here=here, before=units.distance_words(before))
    told = [("Run here", ran)]
    if pair["days"] is not None:
        told.append(("Age", AGE.format(days=count(pair["days"], "day"), day=words.day(pair["first_date"]))))
    if pair["last_date"] is not None:
        told.append(("Last run", words.day(pair["last_date"])))
    told += [("Drop of the shoe", _drop(pair)), ("Kind", _from(KINDS.get(pair["kind"]), pair["kind_from"]))]
    plate = PLATES.get(pair["plate"]) or (PLATED if pair["is_plated"] else None)
    told.append(("Plate", _from(plate, pair["plate_from"])))
    if pair["stack_heel_mm"] is not None and pair["stack_forefoot_mm"] is not None:
        stack = STACK.format(heel=pair["stack_heel_mm"], forefoot=pair["stack_forefoot_mm"])
        told.append(("Heel and forefoot", stack))
    if pair["heel_lift_mm"]:
        text = LIFT_ALONE if pair["drop_mm"] is None else LIFT
        told.append(("Heel lift", text.format(lift=pair["heel_lift_mm"], drop=pair["drop_mm"])))
    if pair["insert"]:
        told.append(("Insert", INSERTS[pair["insert"]]))
    return told


def _from(value: str | None, origin: str | None) -> str:
    return FROM_EACH.format(value=value, origin=FROM[origin]) if value and origin else words.NOT_KNOWN


def _drop(pair: Mapping[str, Any]) -> str:
    drop, low, high = pair["shoe_drop_mm"], pair["drop_low_mm"], pair["drop_high_mm"]
    lift = pair["heel_lift_mm"] or 0.0
    if low is None or high is None:
        return words.NOT_KNOWN
    if drop is None:
        return DROP_OPEN.format(low=low - lift, high=high - lift)
    text = DROP if low == high else DROP_RANGE
    return text.format(drop=drop, low=low - lift, high=high - lift, origin=FROM[pair["drop_from"]])


def match(pair: Mapping[str, Any]) -> str:
    """Say which model a pair is taken for, and how sure that is.

    Parameters
    ----------
    pair : mapping
        A row as from `known_pairs`.

    Returns
    -------
    str
        One sentence.

    Source
    ------
    ours.
    """
    text = MATCHES.get(pair["match_verdict"], NO_MATCH)
    model = model_names([pair["catalogue_id"]]).get(pair["catalogue_id"], "") if pair["catalogue_id"] else ""
    return text.format(model=model, certainty=100 * (pair["match_certainty"] or 0.0))


def model_names(ids: list[str] | None = None) -> dict[str, str]:
    """Name models of the catalogue as a reader tells them apart.

    Parameters
    ----------
    ids : list of str or None
        `catalogue_id`; None is all, in the order of the catalogue.

    Returns
    -------
    dict of str to str
        Id to brand, model, version, year and drop, in the order given.

    Source
    ------
    ours: drop and year, since versions often differ in nothing else.
    """
    rows = catalogue() if ids is None else catalogue().filter(pl.col("catalogue_id").is_in(ids))
    columns = ("catalogue_id", "brand", "model", "version", "year", "drop_mm")
    named = {row[0]: _model_name(*row[1:]) for row in rows.select(columns).iter_rows()}
    return named if ids is None else {one: named[one] for one in ids if one in named}


def _model_name(brand: str, model: str, version: str | None, year: int | None, drop: float | None) -> str:
    name = " ".join(part for part in (brand, model, version) if part)
    texts = {(False, False): ONLY_NAME, (True, False): WITH_YEAR, (False, True): WITH_DROP}
    return texts.get((year is not None, drop is not None), WITH_BOTH).format(name=name, year=year, drop=drop)
