"""The tables that the cohort's benchmark prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import cohort_runners as cohort
import cohort_tissue as tissue
import numpy as np
import training_rules as rules
from cohort_verdicts import ON_TRUE_LOAD, Case, Seen
from training_rules import Mark

from dashboard.model.load.factor import DRIVERS

REASONS = ("load", "habit", "way back", "threshold", "days")
NEEDED_DAYS = 3
ROSE_BY_ITSELF = 1.3
"""A window beside the plants is no mistake where the true week had risen by this much over the true past."""


def share(values: Iterable[object]) -> str:
    held = [bool(v) for v in values]
    return f"{np.mean(held):6.2f}" if held else "     -"


def line(name: str, some: list[Case]) -> str:
    hit = [c for c in some if c.mark is not None]
    marked = [max(0, c.mark.first - c.plant.first) for c in hit if c.mark]
    spoken = [max(0, c.mark.spoken - c.plant.first) for c in hit if c.mark]
    delays = (
        f"{np.median(marked):6.0f} {np.median(spoken):7.0f} {np.quantile(spoken, 0.9):5.0f}"
        if hit
        else " " * 20
    )
    cause = share(c.right for c in hit)
    out = [c for c in some if c.furthest is not None]
    return (
        f"{name:26s} {len(some):5d} {share(c.mark for c in some)} {delays} {cause} {share(c.robust for c in hit)} "
        f"{share(c.furthest for c in some)} {share(c.changed_channel for c in out)}"
    )


def table(every: list[Case]) -> list[str]:
    head = f"{'planted':26s} {'n':>5s} recall  first  spoken  p90  cause robust stepped channel"
    lines = [
        "days after the first planted day: first marked, and when the rule could speak (median, p90)",
        head,
    ]
    for cause in cohort.CAUSES:
        some = [c for c in every if c.plant.cause == cause]
        lines.append(line(cause, some))
        if any(not c.knowable for c in some):
            lines.append(line("  of these in the record", [c for c in some if c.knowable]))
    both = [
        replace(
            c, mark=c.mark or rules.found(c.who.marks["session > 1.1 x longest"], c.plant.first, c.plant.last)
        )
        for c in every
        if c.plant.cause == "long run"
    ]
    lines.append(f"{'long run, session marks too':26s} {len(both):5d} {share(c.mark for c in both)}")
    lines += [line("all", every), line("all in the record", [c for c in every if c.knowable])]
    amounts = ((1.38, 1.5), (1.5, 1.65), (1.65, 1.8), (1.8, 2.1))
    for low, high in amounts:
        inside = [c for c in every if c.knowable and low <= c.plant.amount < high]
        lines.append(line(f"  true week x {low:.2f}-{high:.2f}", inside))
    for low, high in ((2.2, 3.0), (3.0, 3.7), (3.7, 4.5)):
        powers = [c for c in every if c.knowable and low <= c.who.runner.habits.tendon.wear_power < high]
        lines.append(line(f"  true wear power {low}-{high}", powers))
    hills = [c for c in every if c.knowable and c.plant.cause == "hills"]
    for low, high in ((0.01, 0.025), (0.025, 0.04)):
        relief = [c for c in hills if low <= c.who.runner.habits.tendon.pull_per_down < high]
        lines.append(line(f"  hills, relief down {low:g}-{high:g}", relief))
    return lines


def misses(every: list[Case]) -> list[str]:
    """Why plants of the record were missed, in the order in which the way to a window is gone."""
    lines = [
        "missed, in the record: the load itself was estimated too low (its week < 1.3 of the past by the generator's "
        "own ruler); habit was still high from months before; it was a way back, held against the line; the own "
        "threshold lay above, by how this runner runs; the ratio was there for too few days"
    ]
    for cause in cohort.CAUSES:
        missed = [c for c in every if c.plant.cause == cause and c.knowable and c.mark is None]
        whole = sum(c.plant.cause == cause and c.knowable for c in every)
        reasons = [why_missed(c) for c in missed]
        counts = ", ".join(f"{reason} {reasons.count(reason)}" for reason in REASONS)
        lines.append(f"{cause:26s} {len(missed):3d} of {whole:3d}: {counts}")
    return lines


def why_missed(case: Case) -> str:
    at = slice(case.plant.first, case.plant.last + rules.AFTER)
    who = case.who
    if np.nanmax(tissue.jumps(who.load)[at]) < ROSE_BY_ITSELF:
        return "load"
    if np.nanmax(who.ratio[at]) < ROSE_BY_ITSELF:
        return "habit"
    if np.nanmax(who.held[at]) < ROSE_BY_ITSELF:
        return "way back"
    return "threshold" if (who.held[at] >= ROSE_BY_ITSELF).sum() >= NEEDED_DAYS else "days"


def false_table(cohort_seen: list[Seen]) -> list[str]:
    lines = [
        "marks beside the planted weeks, a runner-year: all; while the true week was below "
        f"{ROSE_BY_ITSELF} of the true past",
        f"{'rule':26s} recall  spoken   careful: all  false   as it comes: all  false",
    ]
    for rule in cohort_seen[0].marks:
        plants = [(s, p) for s in cohort_seen for p in s.runner.plants]
        marks = [(rules.found(s.marks[rule], p.first, p.last), p) for s, p in plants]
        delay = np.median([max(0, m.spoken - p.first) for m, p in marks if m])
        parts = []
        for careful in (True, False):
            group = [s for s in cohort_seen if s.runner.habits.careful is careful]
            beside = [(m, s) for s in group for m in _beside(s, rule)]
            false = [m for m, s in beside if _true_peak(s, m) < ROSE_BY_ITSELF]
            years = len(group) * cohort.YEARS
            parts.append((len(beside) / years, len(false) / years))
        (a, b), (c, d) = parts
        lines.append(
            f"{rule:26s} {share(m for m, _ in marks)} {delay:7.0f} {a:14.2f} {b:6.2f} {c:18.2f} {d:6.2f}"
        )
    return lines


def false_windows(cohort_seen: list[Seen]) -> float:
    """Windows a runner-year beside the planted weeks, in weeks whose true load hardly rose."""
    beside = [(m, s) for s in cohort_seen for m in _beside(s, "model")]
    false = sum(_true_peak(s, m) < ROSE_BY_ITSELF for m, s in beside)
    return false / len(cohort_seen) / cohort.YEARS


def _beside(who: Seen, rule: str) -> list[Mark]:
    spans = [(p.first, p.last) for p in who.runner.plants]
    return [m for m in rules.beside(who.marks[rule], spans) if m.last >= 49]


def _true_peak(who: Seen, mark: Mark) -> float:
    around = who.runner.jump[max(0, mark.first - 2) : mark.last + 3]
    return float(np.nanmax(around)) if np.isfinite(around).any() else 0.0


def confusion(every: list[Case]) -> list[str]:
    lines = [f"{'leading driver as named':26s}" + "".join(f"{name:>9s}" for name in DRIVERS) + "     none"]
    for cause in cohort.CAUSES:
        named = [c.leading or "none" for c in every if c.plant.cause == cause and c.mark is not None]
        lines.append(f"{cause:26s}" + "".join(f"{named.count(name):9d}" for name in (*DRIVERS, "none")))
    return lines


def notes(cohort_seen: list[Seen]) -> list[str]:
    careful = [s for s in cohort_seen if s.runner.habits.careful]
    marks = [(s, m) for s in careful for m in _beside(s, "model")]
    lines = ["model windows beside the plants of careful runners, whose true week never rises so:"]
    grown = [_building(s) for s in careful]
    days = np.concatenate(grown)
    rates = [float(_building(s)[m.first : m.last + 1].max()) for s, m in marks]
    for low, high in ((0.03, 0.04), (0.04, 0.05)):
        inside, years = sum(low <= r < high for r in rates), ((days >= low) & (days < high)).sum() / 365
        lines.append(
            f"  slow build-ups of {low:.0%}-{high:.0%} a week and six weeks after: {inside} in {years:.0f} years"
        )
    elsewhere = [mark for mark, rate in zip(marks, rates, strict=True) if rate == 0]
    back = sum(bool(s.runner.away[max(0, m.first - 42) : m.last + 1].any()) for s, m in elsewhere)
    years = (days == 0).sum() / 365
    lines.append(
        f"  elsewhere: {len(elsewhere)} in {years:.0f} years; {back} within six weeks of a holiday or illness"
    )
    agreed = sum(
        any(t.first <= m.last + 7 and t.last >= m.first - 7 for t in s.marks[ON_TRUE_LOAD]) for s, m in marks
    )
    lines.append(
        f"  all: {len(marks)}; {agreed} of them also by the same rule on the true load (a longer memory than the "
        f"five weeks of the generator), {len(marks) - agreed} only because the load was estimated"
    )
    lines.append("  a year by what measures altitude: " + ", ".join(_by_device(careful)))
    lines.append("  a year by share of runs on a treadmill: " + ", ".join(_by_treadmill(careful)))
    unled = sum(s.leading[s.marks["model"].index(m)] is None for s, m in marks)
    lines.append(
        f"  of which the drivers say that load had not risen over the eight weeks before: {unled} of {len(marks)}"
    )
    return [*lines, *_of_all(cohort_seen)]


def _of_all(cohort_seen: list[Seen]) -> list[str]:
    robust = [
        held
        for s in cohort_seen
        for m, held in zip(s.marks["model"], s.robust, strict=True)
        if m in _beside(s, "model")
    ]
    not_planted = [cause for s in cohort_seen for cause in s.runner.not_planted]
    return [
        f"windows beside the plants that are called robust: {share(robust)}",
        "could not be brought to the amount and were not planted: "
        + ", ".join(f"{cause} {not_planted.count(cause)}" for cause in cohort.CAUSES),
    ]


def _building(who: Seen) -> np.ndarray:
    """Growth a week on each day of a slow build-up and of the six weeks after it, 0 elsewhere."""
    growth = who.runner.building.copy()
    for day in np.nonzero((growth[:-1] > 0) & (growth[1:] == 0))[0].tolist():
        growth[day + 1 : day + 43] = growth[day]
    return growth


def _by_treadmill(careful: list[Seen]) -> list[str]:
    words = []
    for belt in sorted({s.runner.habits.belt_share for s in careful}):
        group = [s for s in careful if s.runner.habits.belt_share == belt]
        rate = sum(len(_beside(s, "model")) for s in group) / len(group) / cohort.YEARS
        words.append(f"{belt:.0%} {rate:.2f} ({len(group)} runners)")
    return words


def _by_device(careful: list[Seen]) -> list[str]:
    words = []
    for kind in ("barometer", "satellites", "none", "changed"):
        group = [
            s
            for s in careful
            if kind == ("changed" if s.device.later != s.device.altitude else s.device.altitude)
        ]
        rate = sum(len(_beside(s, "model")) for s in group) / max(len(group), 1) / cohort.YEARS
        words.append(f"{kind} {rate:.2f} ({len(group)} runners)")
    return words
