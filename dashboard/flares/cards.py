"""One flare as a card: when, how high, how long, what was felt, what came before, and the runner's notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from connectors.plural import count
from dashboard.diary import text as diary_text
from dashboard.flares import figures, lead_text, tables
from dashboard.flares.text import FELT, HIGHEST, ONGOING, SPIKE_BEFORE, before_in_words, rules_in_words
from dashboard.model.analysis import Analysis
from dashboard.model.attribution import list_drivers
from dashboard.model.changes import several_changes
from dashboard.model.explain import FlareExplanation
from dashboard.model.flares import LOOK_BACK
from dashboard.model.leading_changes import before_flare, lead
from dashboard.model.robustness import robust_flares
from dashboard.shared import text as shared_text
from dashboard.shared.units import Units

MOST_NOTES = 12
MOST_CHANGES = 3

DATED_ONLY = "No morning is logged yet; what stands here was dated by hand."
ONSET_NAMES = {"runner": "Onset (runner)", "therapist": "Onset (PT)", None: "Onset (by hand)"}


@dataclass(frozen=True)
class FlareCard:
    """What is said of one flare."""

    title: str
    badge: str | None
    facts: list[tuple[str, str]]
    observed: list[str]
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


def flare_card(
    explanation: FlareExplanation,
    analysis: Analysis,
    symptoms: pl.DataFrame,
    place: int,
    units: Units,
    events: pl.DataFrame | None = None,
    shoe_names: Mapping[str, str] | None = None,
    decided_by: Mapping[date, str] | None = None,
) -> FlareCard:
    """Describe everything of one flare.

    Order in time, with how often the same came without a flare.
    """
    flare = explanation.flares.row(place, named=True)
    around = explanation.before_flares
    span = around.spans.row(place)
    held = tables.assumption_part(around.held, span)
    rows = tables.assumption_part(around.changes, span).to_dicts()
    led = lead_text.before(analysis, explanation, place, lead_text.Reader(units, shoe_names or {}))
    rest = [*_before(explanation, analysis, place, held), *_spikes(analysis, span, units)]
    return FlareCard(
        title=shared_text.span_in_words(flare["onset"], flare["last_high"]),
        badge=_badge(robust_flares(held).row(0, named=True)),
        facts=_facts(flare, decided_by or {}),
        observed=[rules_in_words(flare["rule"], analysis.settings), *_felt(flare, symptoms)],
        before=[*led, *(sentence for sentence in rest if sentence not in led)],
        first=len(led),
        led=lead_text.channels(lead(analysis, explanation.step_ups, *before_flare(flare["onset"]))),
        driver=around.drivers.row(place, named=True),
        changes=rows,
        changed=figures.changes_in_words(rows, units, int(analysis.settings.before_days)),
        assumed=tables.assumptions_in_html(held),
        leading=tables.leading_in_words(tables.assumption_part(around.led, span)),
        notes=_notes(symptoms, events, span[0], flare["last_high"]),
        onset=flare["onset"],
        onset_rule=flare["onset_rule"],
        onset_person=flare["onset_person"],
    )


def _before(explanation: FlareExplanation, analysis: Analysis, place: int, held: pl.DataFrame) -> list[str]:
    """What the load did before a flare, its drivers, and several changes at once."""
    around, onset = explanation.before_flares, explanation.flares["onset"][place]
    verdict = robust_flares(held).row(0, named=True)
    own = held.filter(pl.col("is_own") & (pl.col("lens") == "B"))
    largest = own["value"][0] if own.height else None
    came = before_in_words(verdict["holds"], verdict["robust"], largest, int(analysis.settings.before_days))
    sentences = [came, figures.drivers_in_words(around.drivers.row(place, named=True))]
    if not lead(analysis, explanation.step_ups, *before_flare(onset)).parts:  # those are one event, told once
        stacked = around.stacked.row(place, named=True)["words"] if place < around.stacked.height else None
        sentences += [several_changes(around.drivers[place])[0], stacked]
    return [sentence for sentence in sentences if sentence]


def flares_summary(explanation: FlareExplanation, analysis: Analysis) -> str:
    """Describe how many flares there are, and on how much that rests.

    The logging rate stands beside the count.
    """
    is_logged = pl.any_horizontal(pl.col("pain_0_10", "stiffness_min", "stiffness_0_10").is_not_null())
    logged = int(analysis.days.select(is_logged.sum()).item())
    flares = explanation.flares.height
    if not logged:
        return DATED_ONLY if flares else "Nothing has been logged yet, so no flare can be found."
    how_many = "No flare was" if not flares else "One flare was" if flares == 1 else f"{flares} flares were"
    days = f"{count(logged, 'logged day')} of {analysis.days.height:,}"
    return f"{how_many} found in {days}; a day without an entry is unknown."


def _badge(verdict: dict[str, Any]) -> str | None:
    return (
        None
        if verdict["robust"] is None
        else shared_text.ROBUST
        if verdict["robust"]
        else shared_text.NOT_ROBUST
    )


def _facts(flare: dict[str, Any], decided_by: Mapping[date, str]) -> list[tuple[str, str]]:
    usual, length = flare["usual_0_10"], (flare["last_high"] - flare["onset"]).days + 1
    at = "" if flare["peak_date"] is None else f" on {shared_text.day_in_words(flare['peak_date'], False)}"
    facts = [("Onset (rule)", _day(flare["onset_rule"]))]
    if flare["onset_person"] is not None:
        name = ONSET_NAMES[decided_by.get(flare["onset_person"])]
        facts.append((name, _day(flare["onset_person"])))
    return [
        *facts,
        (
            "Peak",
            shared_text.NOT_KNOWN if flare["peak_0_10"] is None else f"{flare['peak_0_10']:g} of 10{at}",
        ),
        ("Length", count(length, "day") + ("" if flare["end"] else " so far")),
        ("Logged", f"{flare['n_logged']} of {count(length, 'day')}"),
        ("Before", shared_text.NOT_KNOWN if usual is None else f"{usual:g} of 10"),
        ("Logged before", f"{flare['n_logged_before']} of {LOOK_BACK} days"),
    ]


def _day(day: date | None) -> str:
    return "not found" if day is None else shared_text.day_in_words(day)


def _felt(flare: dict[str, Any], symptoms: pl.DataFrame) -> list[str]:
    within = symptoms.filter(pl.col("date").is_between(flare["onset"], flare["last_high"]))
    most = {name: within[name].max() for name in FELT}
    longest = within.filter(pl.col("morning_stiffness_min") == pl.col("morning_stiffness_min").max())
    if longest.height:
        row = longest.row(0, named=True)
        lasted, band = row["morning_stiffness_min"], row["morning_stiffness_band"]
        most["morning_stiffness_min"] = (
            shared_text.BANDS[band] if band else shared_text.minutes_in_words(lasted, lasted)
        )
    parts = [text.format(value=most[name]) for name, text in FELT.items() if most[name] is not None]
    sentences = [HIGHEST.format(parts=list_drivers(parts))] if parts else []
    return (
        sentences
        if flare["end"]
        else [*sentences, ONGOING.format(day=shared_text.day_in_words(flare["last_high"]))]
    )


def _spikes(analysis: Analysis, span: tuple[date, date], units: Units) -> list[str]:
    seen = analysis.distance_spikes.filter(pl.col("local_date").is_between(*span))
    return [
        SPIKE_BEFORE.format(
            distance=units.distance_words(row["longest_m"] * row["distance_ratio"]),
            day=shared_text.day_in_words(row["local_date"]),
            ratio=row["distance_ratio"],
        )
        for row in seen.sort("distance_ratio", descending=True).head(MOST_CHANGES).iter_rows(named=True)
    ]


def _notes(
    symptoms: pl.DataFrame, events: pl.DataFrame | None, first: date, last: date
) -> list[tuple[str, str]]:
    """The runner's words and what happened, by date; events are few, so they are never cut off."""
    noted = symptoms.filter(pl.col("date").is_between(first, last) & (pl.col("note").str.len_chars() > 0))
    own = noted.sort("date", "source_id").head(MOST_NOTES).select("date", "note").rows()
    happened = diary_text.event_notes(events, first, last) if events is not None else []
    return [
        (shared_text.day_in_words(day), text)
        for day, text in sorted([*own, *happened], key=lambda one: one[0])
    ]
