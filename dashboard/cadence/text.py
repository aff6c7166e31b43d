"""The cadence experiment in sentences: what is known, what is not yet, and what neither shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from connectors.plural import count
from dashboard.cadence.experiment import (
    NEEDED_RUNS,
    BeforeAfter,
    CadenceChange,
    CadenceEffect,
    CadenceExperiment,
    ExperimentSide,
)
from dashboard.flares.change_text import signed
from dashboard.model.load.runner_profile import RunnerProfile
from dashboard.model.mechanics import DYNAMICS, SECOND_COLUMNS, band_edges
from dashboard.shared import text
from dashboard.shared.units import Units

SET = "Since {day}, {target} % above your own cadence at the same speed."
SET_UNTIL = "From {span}, {target} % above your own cadence at the same speed."
NOT_BEGUN = "The experiment begins on {day}."
FEW_BEFORE = (
    "The eight weeks before, {span}, hold {runs} with cadence and {minutes:.0f} min of flat running; {needed} runs "
    "and 30 min are needed to know what was your own."
)
FEW_SINCE = (
    "So far there are {runs} with cadence and {minutes:.0f} min of flat running since the start; the comparison comes "
    "with {needed} runs and 30 min."
)
CHANGED = (
    "At the same speed your cadence is {change} % against the eight weeks before (95 % interval {low} to {high}), over "
    "{since} against {before}."
)
CHANGED_PLAIN = (
    "At the same speed your cadence is {change} % against the weeks before, over {since} against {before}."
)
REACHED = "In {share:.0f} % of the flat running since then it was at the target, counted from 1 % below it."
TWO_SIDES = (
    "Two sides: {steps} % steps in a {distance}, and an estimated {force} % load for each step ({force_low} to "
    "{force_high}). Together that is {km} % load for the {distance} ({km_low} to {km_high}), if speed, hills and shoes "
    "stay the same."
)
BALANCED = "The range holds zero: on these assumptions it is not clear which side is the larger."
METHOD = (
    "The load of a step follows Van Hooren 2024 (19 runners on a treadmill, extrapolated), against your line of the "
    "weeks before; the range halves and doubles that effect. Counted in lens A, which knows no exponent, the load of "
    "the {distance} changes by {lens_a} %. What you ran holds speed, hills and shoes as well, and takes cadence "
    "against your line over the whole record, so it may differ more."
)
MORNINGS = (
    "Mornings drift on their own, and much else changes in the same weeks: a difference here is no proof of an effect, "
    "and none is no proof of its absence."
)
NO_MORNINGS = "No morning after a run was logged on either side, so symptoms cannot be set side by side."
NO_TREATMENT = (
    "In the laboratory 5 % quicker steps lowered the peak stress of a step on the Achilles tendon (Lyght 2016, 19 "
    "women); no study used here shows that it settles symptoms. This is a record of what you try, not a treatment; "
    "talk it over with your physical therapist."
)


def setting_in_words(experiment: CadenceExperiment) -> str:
    """Describe what was set."""
    target = f"{experiment.target_pct:g}"
    if experiment.end is None:
        return SET.format(day=text.day_in_words(experiment.start), target=target)
    return SET_UNTIL.format(span=text.span_in_words(experiment.start, experiment.end), target=target)


def experiment_in_words(experiment: CadenceExperiment, change: CadenceChange, today: date) -> list[str]:
    """Describe how step rate changed at the same speed, or what is missing."""
    if experiment.start > today:
        return [NOT_BEGUN.format(day=text.day_in_words(experiment.start))]
    if change.line is None:
        before = change.before
        return [FEW_BEFORE.format(span=text.span_in_words(before.first, before.last), **_amount(before))]
    if change.change_pct is None or change.at_target is None:
        return [FEW_SINCE.format(**_amount(change.since))]
    values = {
        "change": signed(change.change_pct),
        "since": _runs(change.since.runs),
        "before": _runs(change.before.runs),
    }
    reached = REACHED.format(share=change.at_target * 100)
    if change.low_pct is None or change.high_pct is None:
        return [CHANGED_PLAIN.format(**values), reached]
    return [CHANGED.format(low=signed(change.low_pct), high=signed(change.high_pct), **values), reached]


def both_sides_in_words(effect: CadenceEffect, distance: str) -> list[str]:
    """Describe what the step rate alone makes of steps and load.

    Less for each step is not less for a km.
    """
    forces = sorted(percent(one.step_load) for one in _spread(effect))
    loads = sorted(percent(one.km_load) for one in _spread(effect))
    sentence = TWO_SIDES.format(
        distance=distance,
        steps=signed(percent(effect.published.steps)),
        force=signed(percent(effect.published.step_load)),
        force_low=signed(forces[0]),
        force_high=signed(forces[-1]),
        km=signed(percent(effect.published.km_load)),
        km_low=signed(loads[0]),
        km_high=signed(loads[-1]),
    )
    return [sentence, BALANCED] if loads[0] < 0 < loads[-1] else [sentence]


def method_in_words(effect: CadenceEffect, distance: str) -> str:
    """Describe how both sides were worked out."""
    return METHOD.format(distance=distance, lens_a=signed(percent(effect.lens_a)))


def percent(ratio: float) -> float:
    """Turn a ratio into a change."""
    return (ratio - 1) * 100


def _spread(effect: CadenceEffect) -> tuple[BeforeAfter, BeforeAfter, BeforeAfter]:
    return effect.halved, effect.published, effect.doubled


def _runs(number: int) -> str:
    return count(number, "run")


def _amount(side: ExperimentSide) -> dict[str, object]:
    return {"runs": _runs(side.runs), "minutes": side.seconds / 60, "needed": NEEDED_RUNS}


EASY_BAND = " · easy"


@dataclass(frozen=True)
class MechanicsMeasure:
    """One measure."""

    column: str
    title: str
    unit: Callable[[Units], str]
    shown: Callable[..., Any]
    digits: int = 0
    signed: bool = False

    def amount(self, value: float | None, units: Units) -> str:
        """Write a value with its unit."""
        if value is None:
            return text.NOT_KNOWN
        rounded = round(self.shown(value, units), self.digits) or 0.0  # no sign on nothing
        number = f"{rounded:{'+' if self.signed and rounded else ''}.{self.digits}f}".replace("-", "−")
        return f"{number} {self.unit(units)}"


MECHANICS_MEASURES = {
    one.column: one
    for one in (
        MechanicsMeasure(
            "cadence_deviation_pct",
            "Cadence at the same speed",
            lambda _: "%",
            lambda v, _: v,
            1,
            signed=True,
        ),
        MechanicsMeasure("cadence_spm", "Cadence", lambda _: "steps/min", lambda v, _: v),
        MechanicsMeasure(
            "step_length_mm",
            "Step length",
            lambda units: units.height_unit,
            lambda v, units: units.height(v / 1000),
            2,
        ),
        MechanicsMeasure("contact_ms", "Contact time", lambda _: "ms", lambda v, _: v),
        MechanicsMeasure(
            "contact_left_pct", "Contact time, left foot", lambda _: "% of both", lambda v, _: v, 1
        ),
        MechanicsMeasure("vertical_oscillation_mm", "Vertical oscillation", lambda _: "mm", lambda v, _: v),
        MechanicsMeasure("form_power_w", "Form power", lambda _: "W", lambda v, _: v),
    )
}
"""By column, in the order of the switches."""


def known_measures(rows: pl.DataFrame) -> list[str]:
    """Name the measures of which something is known.

    Nobody is offered an empty picture.
    """
    return [column for column in MECHANICS_MEASURES if rows[column].count()]


def band_name(personal: RunnerProfile, band: int, units: Units) -> str:
    """Name a band of speed by its pace.

    Runners know their paces, not m/s.
    """
    low, high = band_edges(personal, band)
    quick, slow = units.pace(high).removesuffix(f" {units.pace_unit}"), units.pace(low)
    return f"{quick}–{slow}{EASY_BAND if band == 0 else ''}"


def mechanics_table(frame: pl.DataFrame, personal: RunnerProfile, units: Units) -> pl.DataFrame:
    """Return every row with its values and the minutes behind it.

    A picture is never the only way to a value.
    """
    by_run = "local_date" in frame.columns
    date = "local_date" if by_run else "from_date"
    measured = frame.filter(pl.col("seconds") > 0).sort(
        date, "activity_id" if by_run else "band", "band", descending=[True, False, False]
    )
    names = {band: band_name(personal, band, units) for band in measured["band"].unique()}
    shown = [one for one in MECHANICS_MEASURES.values() if measured[one.column].count()]
    return measured.select(
        pl.col(date).alias("Date" if by_run else "From"),
        *([] if by_run else [pl.col("runs").alias("Runs")]),
        pl.col("band").replace_strict(names, return_dtype=pl.String).alias("Pace"),
        (pl.col("seconds") / 60).round(1).alias("Level running (min)"),
        *(_column(one.column, units) for one in shown),
        *(
            (pl.col(SECOND_COLUMNS[one.column]) / 60).round(1).alias(f"{one.title} known (min)")
            for one in shown
            if SECOND_COLUMNS[one.column] != "seconds"
        ),
    )


def _column(column: str, units: Units) -> pl.Expr:
    one = MECHANICS_MEASURES[column]
    digits = max(one.digits, 1)
    return one.shown(pl.col(column), units).round(digits).alias(f"{one.title} ({one.unit(units)})")


MEASURED = (
    "{title} at {band}: {last} in the {step} from {day}; from {low} to {high} over the {count} {step}s known."
)
NOTHING_MEASURED = (
    "{title} is not known in any {step} shown: it takes five minutes of flat running in a band."
)
MECHANICS_EXPLAINED = "Panels share one scale; a gap is a stretch with less than five minutes in that band."
STEP_LENGTH = (
    "Step length is the device's own where it recorded one, else speed over cadence; it grows with speed."
)
DEVICES = (
    "These numbers are the device's own: another device, or a pod on the other shoe, may read differently."
)
NO_DYNAMICS = (
    "Contact time and its share of each foot, vertical oscillation and form power appear here once a file holds them; "
    "none does yet."
)


def mechanics_in_words(
    series: pl.DataFrame,
    measure: MechanicsMeasure,
    bands: Sequence[int],
    personal: RunnerProfile,
    units: Units,
    step: str,
) -> str:
    """Describe the last value of the band run in most, and how far it has ranged.

    One band in words, all in the table.
    """
    wanted = series.filter(pl.col("band").is_in(list(bands))).drop_nulls(measure.column)
    if wanted.is_empty():
        return NOTHING_MEASURED.format(title=measure.title, step=step)
    most = wanted.group_by("band").agg(pl.col("seconds").sum()).sort("seconds", "band")["band"][-1]
    line = wanted.filter(pl.col("band") == most).sort("from_date")
    known = line[measure.column]
    rising = known.sort()
    low, high = (measure.amount(rising[at], units) for at in (0, -1))
    return MEASURED.format(
        title=measure.title,
        band=band_name(personal, most, units).split(" · ")[0],
        last=measure.amount(known[-1], units),
        step=step,
        day=text.day_in_words(line["from_date"][-1]),
        low=low,
        high=high,
        count=line.height,
    )


def mechanics_caption(column: str, known: Sequence[str]) -> str:
    """Describe what a reader needs to know of the picture."""
    sentences = [MECHANICS_EXPLAINED]
    sentences += [STEP_LENGTH] if column == "step_length_mm" else []
    sentences += [DEVICES] if column in DYNAMICS else []
    sentences += [] if set(known) & set(DYNAMICS) else [NO_DYNAMICS]
    return " ".join(sentences)
