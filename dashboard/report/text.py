"""The report to paste: one page of plain text, without names, titles or places."""

from __future__ import annotations

from collections import Counter
from textwrap import wrap
from typing import Any

from dashboard import day_words, words
from dashboard.units import Units

METRES = 1000.0
MOST_MONTHS = 12
MOST_LINES = 8
LEAST_SHARE = 0.15
BANDS = {"small": "more than 10 %", "moderate": "more than 30 %", "large": "more than double"}


def render(document: dict[str, Any], units: Units | None = None) -> str:
    """Write a report as plain text of one page.

    Parameters
    ----------
    document : dict
        As `document.compose` gives it.
    units : Units or None
        Units to write in; None is kilometres and metres.

    Returns
    -------
    str
        Lines of at most 96 characters. No name of a runner, run, shoe or place, and no note.

    Source
    ------
    ours: what a physical therapist can paste into a record.
    """
    into = units or Units()
    parts = [
        _head(document),
        _volume(document, into),
        _months(document, into),
        _windows(document),
        _spikes(document),
        _symptoms(document),
        _flares(document),
        _load_first(document),
        [
            "How to read this",
            f"  {words.ESTIMATED} {document['settings']['words']}",
            f"  {words.ORDER_ONLY}",
            f"  {words.RECORD_AND_DISCUSS}",
            f"  {words.SEEK_CARE}",
        ],
    ]
    lines = [line for part in parts if part for line in (*part, "")]
    return "\n".join(_wrapped(lines)).rstrip()


def _head(document: dict[str, Any]) -> list[str]:
    period, cover = document["period"], document["coverage"]
    days = len(document["days"])
    made_up = (
        ["  This runner is made up: an example, not a person."] if document["athlete"]["is_demo"] else []
    )
    if not days:
        return ["Heelwise summary", *made_up, "  There is nothing in this period."]
    sources = Counter(run["source"] for run in document["runs"])
    known = ", ".join(f"{words.SOURCE_NAMES.get(s, s)} ({n} runs)" for s, n in sorted(sources.items()))
    return [
        "Heelwise summary",
        *made_up,
        f"  Period: {period['from']} to {period['to']} ({days} days)",
        f"  Sources: {known or 'no runs'}; symptom log on {cover['symptom_days']} of {days} days",
        f"  Of {cover['runs']} runs: {cover['with_samples']} with second-by-second data, "
        f"{cover['with_cadence']} with cadence, {cover['with_altitude']} with altitude, "
        f"{cover['with_shoe']} with a shoe named",
        f"  Heelwise {document['heelwise']}, model {document['model']}",
    ]


def _volume(document: dict[str, Any], units: Units) -> list[str]:
    totals = document["totals"]
    if not totals["runs"]:
        return []
    estimated = sum(run["estimated"] for run in document["runs"])
    hours = "not known" if totals["moving_s"] is None else f"{totals['moving_s'] / 3600:,.0f} h"
    return [
        "Running",
        f"  {totals['runs']} runs, {_far(totals['distance_km'], units)}, {hours}, up "
        f"{units.height_words(totals['ascent_m'])}, down {units.height_words(totals['descent_m'])}",
        f"  Estimated tendon load {units.load_words(totals['load_tkm'])}; "
        f"{estimated} {'run from its' if estimated == 1 else 'runs from their'} summary only",
    ]


def _months(document: dict[str, Any], units: Units) -> list[str]:
    months: dict[str, list[dict[str, Any]]] = {}
    for day in document["days"]:
        months.setdefault(day["date"][:7], []).append(day)
    if not document["totals"]["runs"]:
        return []
    shown = list(months.items())[-MOST_MONTHS:]
    unit = units.distance_unit
    load = f"load {units.load_unit}"
    head = f"  month     {unit:>6}  {load:>9}  highest ratio  highest pain  days logged"
    return ["By month", head, *[_month(name, days, units) for name, days in shown]]


def _month(name: str, days: list[dict[str, Any]], units: Units) -> str:
    distance = _total(days, "distance_km")
    load = _total(days, "load_tkm")
    ratio = _highest(days, "ratio")
    pain = _highest(days, "pain_0_10")
    logged = sum(day["pain_0_10"] is not None or day["stiffness_min"] is not None for day in days)
    far = "-" if distance is None else f"{units.distance(distance * METRES):.0f}"
    heavy = "-" if load is None else f"{units.load(load):.0f}"
    return (
        f"  {name}   {far:>6}  {heavy:>9}  {'-' if ratio is None else f'{ratio:.2f}':>13}"
        f"  {'-' if pain is None else f'{pain:g}':>12}  {logged:>11}"
    )


def _windows(document: dict[str, Any]) -> list[str]:
    found = document["outpaced"]
    if not found:
        return ["When load outpaced habit", "  No such window in this period."] if document["runs"] else []
    lines = [
        f"  {one['from']} to {one['to']}: highest {one['peak_ratio']:.2f} times habit on {one['peak_date']}"
        + _made_of(one)
        + ("" if one["robust"] else " (depends on the assumptions of the model)")
        for one in found[-MOST_LINES:]
    ]
    return [
        "When load outpaced habit (last 7 days against what the runner was used to)",
        *_earlier(found),
        *lines,
    ]


def _spikes(document: dict[str, Any]) -> list[str]:
    found = document["spikes"]
    if not found:
        return []
    lines = [
        f"  {one['date']}: {one['distance_ratio']:.2f} times ({BANDS.get(one['band'], one['band'])})"
        for one in found[-MOST_LINES:]
    ]
    return ["Runs longer than the longest of the 30 days before", *_earlier(found), *lines]


def _earlier(found: list[Any]) -> list[str]:
    more = len(found) - MOST_LINES
    return [f"  ({more} earlier ones are not listed)"] if more > 0 else []


def _symptoms(document: dict[str, Any]) -> list[str]:
    logged = [d for d in document["days"] if d["pain_0_10"] is not None or d["stiffness_min"] is not None]
    if not logged:
        return ["Symptoms", "  Nothing was logged in this period: unknown, not none."]
    painful = sum((day["pain_0_10"] or 0) > 0 for day in logged)
    stiff = sum((day["stiffness_min"] or 0) > 0 for day in logged)
    worst = max(logged, key=lambda day: day["pain_0_10"] or 0)
    lines = [
        "Symptoms",
        f"  Logged on {len(logged)} days: some pain on {painful}, some morning stiffness on {stiff}",
    ]
    if painful:
        lines.append(f"  Highest pain {worst['pain_0_10']:g} of 10, on {worst['date']}")
    recent = [_entry(day) for day in logged[-7:]]
    return [*lines, "  Last entries (pain of 10, stiffness in minutes): " + "; ".join(recent)]


def _entry(day: dict[str, Any]) -> str:
    pain = "?" if day["pain_0_10"] is None else f"{day['pain_0_10']:g}"
    ends = (day["stiffness_low_min"], day["stiffness_high_min"])
    stiff = "?" if day["stiffness_min"] is None else day_words.minutes(*ends)
    return f"{day['date']} {pain}, {stiff}"


def _made_of(one: dict[str, Any]) -> str:
    parts = [f"{d['factor']} ×{d['multiplier']:.2f}" for d in one["drivers"] if d["share"] >= LEAST_SHARE]
    return f"; rise with {', '.join(parts)}" if parts else ""


def _flares(document: dict[str, Any]) -> list[str]:
    found = document["flares"]
    if not found:
        return []
    lines = [_flare(one) for one in found[-MOST_LINES:]]
    return ["Flares (symptoms above the runner's own usual, by a fixed rule)", *_earlier(found), *lines]


def _flare(one: dict[str, Any]) -> str:
    peak = "not known" if one["peak_0_10"] is None else f"{one['peak_0_10']:g} of 10"
    moved = f" (by a person; by the rule {one['onset_rule'] or 'none'})" if one["onset_person"] else ""
    return f"  {one['onset']}{moved} to {one['end'] or 'not seen'}, highest {peak}. {_came(one)}"


def _came(one: dict[str, Any]) -> str:
    if one["load_came_before"] is None:
        return "Load before it is not known."
    sure = "" if one["robust"] else " (depends on the assumptions of the model)"
    if not one["load_came_before"]:
        return f"Load had not outpaced habit before it{sure}."
    return f"Load had outpaced habit before it{sure}{_made_of(one)}."


def _load_first(document: dict[str, Any]) -> list[str]:
    found = document["linkage"]
    said = ["Does load usually come first?", f"  {found['why']}"]
    if found["enough_data"] and found["after_exposed"] is not None:
        p = "" if found["after_p"] is None else f" (p = {found['after_p']:.2f})"
        said.append(
            f"  The reverse, load in the days after: {found['after_exposed']} of {found['flares']}{p}."
        )
    return said


def _far(km: float | None, units: Units) -> str:
    return units.distance_words(None if km is None else km * METRES)


def _total(days: list[dict[str, Any]], key: str) -> float | None:
    known = [day[key] for day in days if day[key] is not None]
    return sum(known) if known else None


def _highest(days: list[dict[str, Any]], key: str) -> float | None:
    return max((day[key] for day in days if day[key] is not None), default=None)


def _wrapped(lines: list[str], width: int = 96) -> list[str]:
    out: list[str] = []
    for line in lines:
        out += wrap(line, width, subsequent_indent="    ") if len(line) > width else [line]
    return out
