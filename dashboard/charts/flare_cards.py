"""One flare as a card: when, how high, how long, what was felt, what came before, and the runner's notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from connectors.plural import count
from dashboard import day_words, lead_words, words
from dashboard.charts import assumptions, changes, event_words, waterfall
from dashboard.model.analysis import Analysis
from dashboard.model.driver_words import listed
from dashboard.model.leading_changes import before_flare, lead
from dashboard.model.robustness import verdicts
from dashboard.model.stacked import several
from dashboard.model.symptoms import LOOK_BACK
from dashboard.model.why import Why
from dashboard.units import Units
from dashboard.why_words import (
    FELT,
    HIGHEST,
    ONGOING,
    SPIKE_BEFORE,
    before_in_words,
    rules_in_words,
)

MOST_NOTES = 12
MOST_SAID = 3


@dataclass(frozen=True)
class Card:
    """What is said of one flare.

    Parameters
    ----------
    title, badge
        Its dates; whether what came before is robust.
    facts
        Name and value of each figure, in order.
    found
        By which rule, and what was felt: whole sentences.
    before
        What came before it: whole sentences, the channels that changed first, then the load as a whole.
    first
        How many of them say which channels changed.
    led
        Channels told there.
    driver
        A row of DRIVER_SCHEMA.
    changes
        Rows of CHANGE_SCHEMA.
    changed
        Sentences of each channel that stood out.
    assumed, leading
        HTML table under other assumptions; whether the largest driver is the same.
    notes
        Date, and the runner's own words.
    onset, onset_rule, onset_person
        As in FLARE_SCHEMA.
    """

    title: str
    badge: str | None
    facts: list[tuple[str, str]]
    found: list[str]
    before: list[str]
    first: int
    led: frozenset[str]
    driver: dict[str, Any]
    changes: list[dict[str, Any]]
    changed: list[list[str]]
    assumed: str
    leading: str | None
    notes: list[tuple[str, str]]
    onset: date
    onset_rule: date | None
    onset_person: date | None


def card(
    why: Why,
    analysis: Analysis,
    symptoms: pl.DataFrame,
    place: int,
    units: Units,
    events: pl.DataFrame | None = None,
    shoe_names: Mapping[str, str] | None = None,
) -> Card:
    """Say everything of one flare.

    Parameters
    ----------
    why : Why
        Of the whole history.
    analysis : Analysis
        The same history.
    symptoms : DataFrame
        SYMPTOM.
    place : int
        Row of `why.flares`, from 0.
    units : Units
        What the runner reads in.
    events : DataFrame or None
        EVENT: those of the days before and of the flare stand among the notes.
    shoe_names : mapping of str to str or None
        Name of each pair by its id.

    Returns
    -------
    Card
        Words and rows; pictures are drawn when they are opened.

    Source
    ------
    ours: order in time, with how often the same came without a flare.
    """
    flare = why.flares.row(place, named=True)
    around, settings = why.before_flares, analysis.settings
    span = around.spans.row(place)
    held = assumptions.part(around.held, span)
    verdict = verdicts(held).row(0, named=True)
    rows = assumptions.part(around.changes, span).to_dicts()
    days = int(settings.before_days)
    own = held.filter(pl.col("is_own") & (pl.col("lens") == "B"))
    largest = own["value"][0] if own.height else None
    came = before_in_words(verdict["holds"], verdict["robust"], largest, days)
    stacked = around.stacked.row(place, named=True)["words"] if place < around.stacked.height else None
    found = lead(analysis, why.step_ups, *before_flare(flare["onset"]))
    is_told = bool(found.parts)  # several at once are one event, told once
    together = None if is_told else several(around.drivers[place])[0]
    driver = around.drivers.row(place, named=True)
    led = lead_words.before(analysis, why, place, lead_words.Reader(units, shoe_names or {}))
    rest = [
        came,
        waterfall.in_words(driver),
        together,
        None if is_told else stacked,
        *_spikes(analysis, span, units),
    ]
    said = [*led, *(sentence for sentence in rest if sentence not in led)]
    return Card(
        title=words.span(flare["onset"], flare["last_high"]),
        badge=_badge(verdict),
        facts=_facts(flare),
        found=[rules_in_words(flare["rule"], settings), *_felt(flare, symptoms)],
        before=[sentence for sentence in said if sentence],
        first=len(led),
        led=lead_words.channels(found),
        driver=driver,
        changes=rows,
        changed=changes.in_words(rows, units, days),
        assumed=assumptions.in_html(held),
        leading=assumptions.leading_in_words(assumptions.part(around.led, span)),
        notes=_notes(symptoms, events, span[0], flare["last_high"]),
        onset=flare["onset"],
        onset_rule=flare["onset_rule"],
        onset_person=flare["onset_person"],
    )


def summary(why: Why, analysis: Analysis) -> str:
    """Say how many flares there are, and on how much that rests.

    Parameters
    ----------
    why, analysis
        Of the whole history.

    Returns
    -------
    str
        One sentence.

    Source
    ------
    ours: the logging rate stands beside the count.
    """
    told = pl.any_horizontal(pl.col("pain_0_10", "stiffness_min", "stiffness_0_10").is_not_null())
    logged = int(analysis.days.select(told.sum()).item())
    flares = why.flares.height
    if not logged:
        return "Nothing has been logged yet, so no flare can be found."
    found = "No flare was" if not flares else "One flare was" if flares == 1 else f"{flares} flares were"
    days = f"{count(logged, 'logged day')} of {analysis.days.height:,}"
    return f"{found} found in {days}; a day without an entry is unknown."


def _badge(verdict: dict[str, Any]) -> str | None:
    return None if verdict["robust"] is None else words.ROBUST if verdict["robust"] else words.NOT_ROBUST


def _facts(flare: dict[str, Any]) -> list[tuple[str, str]]:
    usual, length = flare["usual_0_10"], (flare["last_high"] - flare["onset"]).days + 1
    at = "" if flare["peak_date"] is None else f" on {words.day(flare['peak_date'], False)}"
    facts = [("Onset by the rule", _day(flare["onset_rule"]))]
    if flare["onset_person"] is not None:
        facts.append(("Onset by a person", _day(flare["onset_person"])))
    return [
        *facts,
        ("Peak", words.NOT_KNOWN if flare["peak_0_10"] is None else f"{flare['peak_0_10']:g} of 10{at}"),
        ("Length", count(length, "day") + ("" if flare["end"] else " so far")),
        ("Logged in it", f"{flare['n_logged']} of {count(length, 'day')}"),
        ("Usual before it", words.NOT_KNOWN if usual is None else f"{usual:g} of 10"),
        ("Logged before it", f"{flare['n_logged_before']} of {LOOK_BACK} days"),
    ]


def _day(day: date | None) -> str:
    return "not found" if day is None else words.day(day)


def _felt(flare: dict[str, Any], symptoms: pl.DataFrame) -> list[str]:
    within = symptoms.filter(pl.col("date").is_between(flare["onset"], flare["last_high"]))
    most = {name: within[name].max() for name in FELT}
    longest = within.filter(pl.col("morning_stiffness_min") == pl.col("morning_stiffness_min").max())
    if longest.height:
        row = longest.row(0, named=True)
        lasted, band = row["morning_stiffness_min"], row["morning_stiffness_band"]
        most["morning_stiffness_min"] = day_words.BANDS[band] if band else day_words.minutes(lasted, lasted)
    parts = [text.format(value=most[name]) for name, text in FELT.items() if most[name] is not None]
    said = [HIGHEST.format(parts=listed(parts))] if parts else []
    return said if flare["end"] else [*said, ONGOING.format(day=words.day(flare["last_high"]))]


def _spikes(analysis: Analysis, span: tuple[date, date], units: Units) -> list[str]:
    seen = analysis.distance_spikes.filter(pl.col("local_date").is_between(*span))
    return [
        SPIKE_BEFORE.format(
            distance=units.distance_words(row["longest_m"] * row["distance_ratio"]),
            day=words.day(row["local_date"]),
            ratio=row["distance_ratio"],
        )
        for row in seen.sort("distance_ratio", descending=True).head(MOST_SAID).iter_rows(named=True)
    ]


def _notes(
    symptoms: pl.DataFrame, events: pl.DataFrame | None, first: date, last: date
) -> list[tuple[str, str]]:
    """The runner's words and what happened, by date; events are few, so they are never cut off."""
    told = symptoms.filter(pl.col("date").is_between(first, last) & (pl.col("note").str.len_chars() > 0))
    said = told.sort("date", "source_id").head(MOST_NOTES).select("date", "note").rows()
    happened = event_words.notes(events, first, last) if events is not None else []
    return [(words.day(day), text) for day, text in sorted([*said, *happened], key=lambda one: one[0])]
