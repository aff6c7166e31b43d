"""The Timeline in words: two or three sentences on what happened, and the name of the picture for a listener."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from connectors.plural import count
from dashboard import lead_words, words
from dashboard.charts.drivers import by_window, flares_in_words, went_with
from dashboard.model.analysis import Analysis
from dashboard.model.leading_changes import composite
from dashboard.model.step_ups import touching
from dashboard.model.why import Why
from dashboard.units import Units

DAY = pl.col("local_date")


def in_words(
    analysis: Analysis,
    start: date,
    end: date,
    units: Units,
    why: Why | None = None,
    shoe_names: Mapping[str, str] | None = None,
    with_drivers: bool = True,
) -> list[str]:
    """Say what happened between two dates, from the data only: the channels that changed first, then the load.

    Parameters
    ----------
    analysis : Analysis
        Runs, dense days, windows and spikes of the whole history.
    start, end : date
        First and last local date shown.
    units : Units
        What the runner reads in.
    why : Why or None
        Step-ups, flares and drivers of the same analysis; None leaves them out.
    shoe_names : mapping of str to str or None
        Name of each pair by its id.
    with_drivers : bool
        Whether flares and what a window went with are told; not where they stand beside it.

    Returns
    -------
    list of str
        Whole sentences: the channels furthest out, load against habit, longest runs, what was logged, what is not
        known.

    Source
    ------
    ours: order of events, no verdict.
    """
    days = analysis.days.filter(DAY.is_between(start, end))
    runs = analysis.runs.filter(DAY.is_between(start, end))
    spikes = analysis.distance_spikes.filter(DAY.is_between(start, end))
    windows = analysis.windows.filter((pl.col("from_date") <= end) & (pl.col("to_date") >= start))
    felt = _symptoms(days, start, end)
    driven = why if with_drivers else None
    flared = flares_in_words(why.flares, start, end) if why and with_drivers else None
    felt = f"{felt} {flared}" if flared else felt
    if runs.is_empty():
        return [words.NO_RECORD.format(span=words.span(start, end)), felt]
    calm = windows.is_empty() and spikes.is_empty() and not _any(days, "pain_0_10")
    missing = _unknown(days)
    reader = lead_words.Reader(units, shoe_names or {})
    led = lead_words.of_span(analysis, why, start, end, reader) if why else []
    is_still = why is None or touching(why.step_ups.rows, start, end).is_empty()
    if calm and not led and is_still and _any(days, "acute_tkm") and not missing and days["ratio"].count():
        return [words.NOTHING_UNUSUAL.format(span=words.span(start, end)), felt]
    load = _driven(_load(analysis, windows, start, end), analysis, windows, driven)
    if why and not led and is_still and windows.is_empty() and lead_words.is_known(analysis, why, start, end):
        led = [lead_words.NO_STEP_UP.format(span=words.span(start, end))]
    return [
        *led,
        *load,
        *_spikes(spikes, runs, start, end, units),
        felt,
        *missing,
    ]


def alt(start: date, end: date, names: list[str]) -> str:
    """Name the picture for those who hear it.

    Parameters
    ----------
    start, end : date
        First and last local date shown.
    names : list of str
        Names of the lanes shown.

    Returns
    -------
    str
        One sentence.

    Source
    ------
    ours: the sentences above the picture and the table below it carry the values.
    """
    return words.TIMELINE_ALT.format(span=words.span(start, end), lanes=", ".join(names))


def _any(days: pl.DataFrame, column: str) -> bool:
    return bool((days[column] > 0).any())


def _load(analysis: Analysis, windows: pl.DataFrame, start: date, end: date) -> list[str]:
    if windows.is_empty():
        told = lead_words.load_in_words(composite(analysis, start, end))
        return [words.HABIT_UNKNOWN] if told is None else [told]
    said = words.dates(start, end)
    rows = list(windows.sort("from_date").iter_rows(named=True))
    spans = [said(row["from_date"], row["to_date"]) for row in rows]
    ratios = [row["peak_ratio"] for row in rows]
    largest = max(range(len(rows)), key=ratios.__getitem__)
    peak = said(rows[largest]["peak_date"], rows[largest]["peak_date"])
    named = {"first": spans[largest], "ratio": ratios[largest], "peak": peak, "count": len(rows)}
    if len(rows) == 1:
        template = words.ONE_WINDOW if rows[0]["robust"] else words.ONE_WINDOW_ASSUMED
        return [template.format(**named)]
    loose = sum(not row["robust"] for row in rows)
    if len(rows) > 3:
        template = words.MANY_WINDOWS_ASSUMED if loose else words.MANY_WINDOWS
        return [template.format(**named, loose=loose)]
    order = ("first", "second", "third")
    named = dict(zip(order, spans, strict=False))
    named |= {f"{place}_ratio": ratio for place, ratio in zip(order, ratios, strict=False)}
    told = [(words.TWO_WINDOWS if len(rows) == 2 else words.THREE_WINDOWS).format(**named)]
    if loose:
        told.append((words.ONE_ASSUMED if loose == 1 else words.SOME_ASSUMED).format(count=loose))
    return told


def _driven(said: list[str], analysis: Analysis, windows: pl.DataFrame, why: Why | None) -> list[str]:
    """Add what the largest window went with to the sentence on windows."""
    if why is None or windows.is_empty():
        return said
    largest = windows.sort("peak_ratio").row(-1, named=True)
    told = went_with(by_window(why, analysis.windows)[largest["from_date"], largest["to_date"]])
    if told is None:
        return said
    if windows.height > 1:
        told = words.LARGEST_WENT.format(told=told[0].lower() + told[1:])
    return [*said[:-1], f"{said[-1]} {told}"]


def _spikes(spikes: pl.DataFrame, runs: pl.DataFrame, start: date, end: date, units: Units) -> list[str]:
    if spikes.is_empty():
        return []
    largest = spikes.sort("distance_ratio", "local_date", descending=True).row(0, named=True)
    run = runs.filter(pl.col("activity_id") == largest["activity_id"])
    metres = run["distance_m"][0] if run.height else largest["longest_m"] * largest["distance_ratio"]
    day = words.dates(start, end)(largest["local_date"], largest["local_date"])
    named = {"distance": units.distance_words(metres), "day": day, "ratio": largest["distance_ratio"]}
    template = words.ONE_SPIKE if spikes.height == 1 else words.MANY_SPIKES
    return [template.format(count=spikes.height, **named)]


def _symptoms(days: pl.DataFrame, start: date, end: date) -> str:
    length = (end - start).days + 1
    told = pl.any_horizontal(pl.col("pain_0_10", "stiffness_min", "stiffness_0_10").is_not_null())
    logged = days.filter(told)
    if logged.is_empty():
        return words.UNLOGGED.format(in_days=words.in_days(length))
    painful = logged.filter(pl.col("pain_0_10") > 0).sort("pain_0_10", DAY, descending=[True, False])
    if painful.height:
        day = painful["local_date"][0]
        said = words.dates(start, end)(day, day)
        named = {"painful": painful.height, "most": painful["pain_0_10"][0], "day": said}
        return words.PAIN.format(logged=logged.height, days=count(length, "day"), **named)
    stiff = logged.filter((pl.col("stiffness_min") > 0) | (pl.col("stiffness_0_10") > 0)).height
    template = words.STIFF if stiff else words.NO_PAIN
    return template.format(logged=logged.height, days=count(length, "day"), stiff=stiff)


def _unknown(days: pl.DataFrame) -> list[str]:
    unknown = days["load_tkm"].null_count()
    return [words.UNKNOWN_DAYS.format(unknown=unknown, days=count(days.height, "day"))] if unknown else []
