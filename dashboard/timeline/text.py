"""The runs of one day in words: how long, how much load, and what made it up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from connectors.plural import count
from connectors.source import source_by_id
from dashboard.flares import lead_text
from dashboard.model.analysis import Analysis
from dashboard.model.attribution import LESS, RISE_NAMES, ROSE_TO, list_drivers
from dashboard.model.explain import FlareExplanation
from dashboard.model.leading_changes import composite
from dashboard.model.load.factor import DRIVERS
from dashboard.model.step_ups import touching
from dashboard.shared import state_text, text
from dashboard.shared.units import Units


@dataclass(frozen=True)
class RunInWords:
    """One run."""

    title: str
    facts: list[tuple[str, str]]
    sentences: list[str]
    url: str | None = None


def day_runs_in_words(
    runs: pl.DataFrame,
    day: date,
    units: Units,
    shoe_names: Mapping[str, str],
    days: int = 1,
    first_runs: pl.DataFrame | None = None,
) -> list[RunInWords]:
    """Say what was run on a day.

    A load is shown with its parts, so that it can be doubted.
    """
    chosen = runs.filter(pl.col("local_date").is_between(day - timedelta(days=days - 1), day))
    since = {} if first_runs is None else dict(first_runs.select("activity_id", "days_since").rows())
    rows = chosen.sort("start_utc").iter_rows(named=True)
    return [_run(row, units, shoe_names, since.get(row["activity_id"])) for row in rows]


def no_run_in_words(known: bool | None, day: date) -> str:
    """Say that a day has no run: rest, or not known.

    Rest and no record are different facts.
    """
    return (text.NO_RUN_ON if known else text.REST_UNKNOWN).format(day=text.day_in_words(day))


def is_day_known(days: pl.DataFrame, day: date) -> bool:
    """Tell whether the record reaches a day."""
    return bool(days.filter(pl.col("local_date") == day)["known"].any())


def _run(row: dict[str, Any], units: Units, shoe_names: Mapping[str, str], since: int | None) -> RunInWords:
    metres, seconds = row["distance_m"], row["moving_s"]
    speed = metres / seconds if metres and seconds else None
    shoe = shoe_names.get(row["shoe_id"] or "", text.SHOE_UNKNOWN)
    facts = [
        ("Distance", units.distance_words(metres)),
        ("Load", units.load_words(row["load_tkm"])),
        ("Multiplier", f"×{row['multiplier']:.2f}" if row["multiplier"] is not None else text.NOT_KNOWN),
        ("Pace", units.pace(speed)),
        ("Climb", units.height_words(row["ascent_m"])),
        ("Descent", units.height_words(row["descent_m"])),
        ("Shoe", shoe),
    ]
    title = row["name"] or text.SPORTS.get(row["sport"], row["sport"])
    url = source_by_id(row["source"]).url_of(row["source_id"])
    first = [] if since is None else [text.FIRST_RUN_SENTENCE.format(days=since)]
    sentences = [*first, *_sentences(row, units)]
    return RunInWords(f"{title} · {text.day_in_words(row['local_date'])}", facts, sentences, url)


def _sentences(row: dict[str, Any], units: Units) -> list[str]:
    if row.get("is_excluded"):
        return [text.RUN_LEFT_OUT, *_made_of(row, units)]
    return _made_of(row, units)


def _made_of(row: dict[str, Any], units: Units) -> list[str]:
    if row["load_tkm"] is None:
        return [text.RUN_LOAD_UNKNOWN]
    parts = [f"{name} ×{row[column]:.2f}" for column, name in text.FACTORS.items() if row[column] is not None]
    sentences = []
    if row["multiplier"] is not None and parts:
        made_of = ", ".join(parts)
        values = {"multiplier": row["multiplier"], "distance": units.distance_unit, "parts": made_of}
        sentences.append(text.RUN_MULTIPLIER.format(**values))
    band = {"low": units.load_words(row["load_low_tkm"]), "high": units.load_words(row["load_high_tkm"])}
    if row["load_low_tkm"] is not None and row["load_high_tkm"] is not None:
        sentences.append((text.RUN_ESTIMATED if row["estimated"] else text.RUN_BAND).format(**band))
    flags = (row["flags"] or "").split()
    return [*sentences, *(text.FLAGS.get(flag, text.FLAGS_UNSAID.format(flag=flag)) for flag in flags)]


DateSpan = tuple[date, date]
MOST_DRIVERS = 3


def drivers_by_window(explanation: FlareExplanation, windows: pl.DataFrame) -> dict[DateSpan, dict[str, Any]]:
    """Return the drivers of each outpaced window by its dates."""
    spans = windows.select("from_date", "to_date").rows()
    return dict(zip(spans, explanation.windows.drivers.to_dicts(), strict=True))


def went_with(row: Mapping[str, Any], with_less: bool = True) -> str | None:
    """Say in one short sentence what a rise went with.

    What each driver multiplied the load by, against the eight weeks before.
    """
    if row["leading"] is None:
        return None
    order = sorted(DRIVERS, key=lambda name: -row[f"share_{name}"])
    up = [f"{RISE_NAMES[n]} (×{row[f'x_{n}']:.2f})" for n in order if row[f"share_{n}"] >= ROSE_TO]
    down = [f"{LESS[n]} (×{row[f'x_{n}']:.2f})" for n in order if with_less and row[f"share_{n}"] <= -ROSE_TO]
    template = text.WENT_WITH_AND if down else text.WENT_WITH
    return template.format(up=list_drivers(up), down=list_drivers(down))


def flares_in_words(flares: pl.DataFrame, start: date, end: date) -> str | None:
    """Say when flares began and how long they lasted."""
    seen = flares.filter((pl.col("onset") <= end) & (pl.col("last_high") >= start)).sort("onset")
    if seen.is_empty():
        return None
    in_words = text.dates_in_words(start, end)
    spans = [in_words(row["onset"], row["last_high"]) for row in seen.iter_rows(named=True)]
    if len(spans) == 1:
        return text.ONE_FLARE.format(span=spans[0])
    if len(spans) <= MOST_DRIVERS:
        return text.FEW_FLARES.format(count=len(spans), spans=list_drivers(spans))
    return text.MANY_FLARES.format(count=len(spans), last=spans[-1])


def windows_on(row: Mapping[str, Any], span: DateSpan, ratio: float) -> str:
    """Say of a day that it lies in a window, and what that window went with."""
    sentence = text.IN_WINDOW.format(span=text.span_in_words(*span), most=state_text.at_most(ratio, 1))
    return " ".join(part for part in (sentence, went_with(row)) if part)


def day_in_words(explanation: FlareExplanation, windows: pl.DataFrame, day: date) -> list[str]:
    """Say in which window or flare a day lies."""
    driven = drivers_by_window(explanation, windows)
    inside = windows.filter((pl.col("from_date") <= day) & (pl.col("to_date") >= day))
    sentences = [
        f"{windows_on(driven[span], span, row['peak_ratio'])} {state_text.window(row)}"
        for row in inside.iter_rows(named=True)
        for span in [(row["from_date"], row["to_date"])]
    ]
    sore = explanation.flares.filter((pl.col("onset") <= day) & (pl.col("last_high") >= day))
    return [
        *sentences,
        *(text.IN_FLARE.format(span=text.span_in_words(r["onset"], r["last_high"])) for r in sore.to_dicts()),
    ]


DAY = pl.col("local_date")


def timeline_in_words(
    analysis: Analysis,
    start: date,
    end: date,
    units: Units,
    explanation: FlareExplanation | None = None,
    shoe_names: Mapping[str, str] | None = None,
    with_drivers: bool = True,
) -> list[str]:
    """Say what happened between two dates, from the data only: the channels that changed first, then the load.

    Order of events, no verdict.
    """
    days = analysis.days.filter(DAY.is_between(start, end))
    runs = analysis.runs.filter(DAY.is_between(start, end))
    spikes = analysis.distance_spikes.filter(DAY.is_between(start, end))
    windows = analysis.windows.filter((pl.col("from_date") <= end) & (pl.col("to_date") >= start))
    felt = _symptoms(days, start, end)
    driven = explanation if with_drivers else None
    flared = flares_in_words(explanation.flares, start, end) if explanation and with_drivers else None
    felt = f"{felt} {flared}" if flared else felt
    if runs.is_empty():
        return [text.NO_RECORD.format(span=text.span_in_words(start, end)), felt]
    calm = windows.is_empty() and spikes.is_empty() and not _any(days, "pain_0_10")
    missing = _unknown(days)
    reader = lead_text.Reader(units, shoe_names or {})
    led = lead_text.of_span(analysis, explanation, start, end, reader) if explanation else []
    is_still = explanation is None or touching(explanation.step_ups.rows, start, end).is_empty()
    if calm and not led and is_still and _any(days, "acute_tkm") and not missing and days["ratio"].count():
        return [text.NOTHING_UNUSUAL.format(span=text.span_in_words(start, end)), felt]
    load = _driven(_load(analysis, windows, start, end), analysis, windows, driven)
    if (
        explanation
        and not led
        and is_still
        and windows.is_empty()
        and lead_text.is_known(analysis, explanation, start, end)
    ):
        led = [lead_text.NO_STEP_UP.format(span=text.span_in_words(start, end))]
    return [*led, *load, *_spikes(spikes, runs, start, end, units), felt, *missing]


def timeline_alt(start: date, end: date, names: list[str]) -> str:
    """Name the picture for those who hear it.

    The sentences above the picture and the table below it carry the values.
    """
    return text.TIMELINE_ALT.format(span=text.span_in_words(start, end), lanes=", ".join(names))


def _any(days: pl.DataFrame, column: str) -> bool:
    return bool((days[column] > 0).any())


def _load(analysis: Analysis, windows: pl.DataFrame, start: date, end: date) -> list[str]:
    if windows.is_empty():
        sentence = lead_text.load_in_words(composite(analysis, start, end))
        unknown = text.HABIT_WITHHELD if analysis.is_withheld else text.HABIT_UNKNOWN
        return [unknown] if sentence is None else [sentence]
    in_words = text.dates_in_words(start, end)
    rows = list(windows.sort("from_date").iter_rows(named=True))
    spans = [
        f"{'on' if row['from_date'] == row['to_date'] else 'from'} {in_words(row['from_date'], row['to_date'])}"
        for row in rows
    ]
    ratios = [row["peak_ratio"] for row in rows]
    largest = max(range(len(rows)), key=ratios.__getitem__)
    peak = in_words(rows[largest]["peak_date"], rows[largest]["peak_date"])
    values = {
        "first": spans[largest],
        "most": state_text.at_most(ratios[largest], 1),
        "peak": peak,
        "count": len(rows),
    }
    if len(rows) == 1:
        template = text.ONE_WINDOW if rows[0]["robust"] else text.ONE_WINDOW_ASSUMED
        return [template.format(**values)]
    loose = sum(not row["robust"] for row in rows)
    if len(rows) > 3:
        template = text.MANY_WINDOWS_ASSUMED if loose else text.MANY_WINDOWS
        return [template.format(**values, loose=loose)]
    order = ("first", "second", "third")
    values = dict(zip(order, spans, strict=False))
    for place, ratio in zip(order, ratios, strict=False):
        values |= {
            f"{place}_ratio": state_text.ratio(ratio, 1),
            f"{place}_most": state_text.at_most(ratio, 1),
        }
    sentence = [(text.TWO_WINDOWS if len(rows) == 2 else text.THREE_WINDOWS).format(**values)]
    if loose:
        sentence.append((text.ONE_ASSUMED if loose == 1 else text.SOME_ASSUMED).format(count=loose))
    return sentence


def _driven(
    sentences: list[str], analysis: Analysis, windows: pl.DataFrame, explanation: FlareExplanation | None
) -> list[str]:
    """Add what the largest window went with to the sentence on windows."""
    if explanation is None or windows.is_empty():
        return sentences
    largest = windows.sort("peak_ratio").row(-1, named=True)
    sentence = went_with(
        drivers_by_window(explanation, analysis.windows)[largest["from_date"], largest["to_date"]]
    )
    if sentence is None:
        return sentences
    if windows.height > 1:
        sentence = text.LARGEST_WENT.format(told=sentence[0].lower() + sentence[1:])
    return [*sentences[:-1], f"{sentences[-1]} {sentence}"]


def _spikes(spikes: pl.DataFrame, runs: pl.DataFrame, start: date, end: date, units: Units) -> list[str]:
    if spikes.is_empty():
        return []
    largest = spikes.sort("distance_ratio", "local_date", descending=True).row(0, named=True)
    run = runs.filter(pl.col("activity_id") == largest["activity_id"])
    metres = run["distance_m"][0] if run.height else largest["longest_m"] * largest["distance_ratio"]
    day = text.dates_in_words(start, end)(largest["local_date"], largest["local_date"])
    values = {"distance": units.distance_words(metres), "day": day, "ratio": largest["distance_ratio"]}
    template = text.ONE_SPIKE if spikes.height == 1 else text.MANY_SPIKES
    return [template.format(count=spikes.height, **values)]


def _symptoms(days: pl.DataFrame, start: date, end: date) -> str:
    length = (end - start).days + 1
    is_logged = pl.any_horizontal(pl.col("pain_0_10", "stiffness_min", "stiffness_0_10").is_not_null())
    logged = days.filter(is_logged)
    if logged.is_empty():
        return text.UNLOGGED.format(in_days=text.in_days(length))
    painful = logged.filter(pl.col("pain_0_10") > 0).sort("pain_0_10", DAY, descending=[True, False])
    if painful.height:
        day = painful["local_date"][0]
        when = text.dates_in_words(start, end)(day, day)
        values = {"painful": painful.height, "most": painful["pain_0_10"][0], "day": when}
        return text.PAIN.format(logged=logged.height, days=count(length, "day"), **values)
    stiff = logged.filter((pl.col("stiffness_min") > 0) | (pl.col("stiffness_0_10") > 0)).height
    template = text.STIFF if stiff else text.NO_PAIN
    return template.format(logged=logged.height, days=count(length, "day"), stiff=stiff)


def _unknown(days: pl.DataFrame) -> list[str]:
    unknown = days["load_tkm"].null_count()
    return [text.UNKNOWN_DAYS.format(unknown=unknown, days=count(days.height, "day"))] if unknown else []


PICTURE_TITLE = "Timeline, {span}"
BARS_NAME = ("load above what", "you are used to")
DOTTED_NAME = ("dotted: the two", "estimates disagree")
PICTURE_ALT = (
    "Timeline from {span}, on one clock: {lanes}. The sentences and the table of this report say the same."
)
