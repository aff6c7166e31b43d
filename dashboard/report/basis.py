"""What the report rests on: key figures, sources, coverage, settings, evidence, and what nobody knows."""

from __future__ import annotations

from collections import Counter

from connectors.plural import count as plural
from dashboard import formulas, words
from dashboard import report_words as said
from dashboard.model.driver_words import listed
from dashboard.report.material import Material
from dashboard.report.parts import Item

METRES = 1000.0


def facts(of: Material, days: int) -> list[tuple[str, str]]:
    """Give the key figures of the period.

    Parameters
    ----------
    of : Material
        With a period.
    days : int
        Its length, d.

    Returns
    -------
    list of tuple of str
        Name and value.

    Source
    ------
    ours: what an interview asks first: how often, how far, how long, how hilly.
    """
    totals, units = of.document["totals"], of.units
    longest = max((run["distance_km"] or 0.0 for run in of.document["runs"]), default=0.0)
    hours = words.NOT_KNOWN if totals["moving_s"] is None else f"{totals['moving_s'] / 3600:,.0f} h"
    far = None if totals["distance_km"] is None else totals["distance_km"] * METRES
    climb, fall = (units.height_words(totals[name]) for name in ("ascent_m", "descent_m"))
    return [
        ("Runs", f"{totals['runs']:,}"),
        ("Runs a week", f"{totals['runs'] / days * 7:.1f}"),
        ("Distance", units.distance_words(far)),
        ("Longest run", units.distance_words(longest * METRES if longest else None)),
        ("Time", hours),
        ("Climb", climb),
        ("Descent", fall),
        ("Estimated tendon load", units.load_words(totals["load_tkm"])),
        ("Symptoms logged", f"{of.document['coverage']['symptom_days']:,} of {plural(days, 'day')}"),
    ]


def rests_on(of: Material, days: int) -> list[Item]:
    """Say where the data came from, how much of it is known, what is estimated, and by which settings.

    Parameters
    ----------
    of : Material
        With a period.
    days : int
        Its length, d.

    Returns
    -------
    list of Item
        One paragraph.

    Source
    ------
    ours: a figure is worth as much as what it stands on.
    """
    runs, cover = of.document["runs"], of.document["coverage"]
    by_source = Counter(run["source"] for run in runs)
    named = [f"{words.SOURCE_NAMES.get(name, name)} {count:,}" for name, count in sorted(by_source.items())]
    lines = [said.SOURCES.format(sources=listed(named)) if named else said.NO_SOURCES]
    if runs:
        counts = {name: cover[f"with_{name}"] for name in ("samples", "cadence", "altitude", "shoe")}
        lines.append(said.COVERED.format(runs=plural(cover["runs"], "run"), **counts))
        guessed = sum(run["estimated"] for run in runs)
        lines += [said.ONE_ESTIMATED_RUN] if guessed == 1 else []
        lines += [said.ESTIMATED_RUNS.format(count=guessed)] if guessed > 1 else []
    lines += [said.LOGGED.format(logged=cover["symptom_days"], days=plural(days, "day"))] if days else []
    lines += [words.POWERED_BY_STRAVA + "."] if by_source["strava_api"] else []
    made_by = said.MADE_BY.format(version=of.document["heelwise"], model=of.document["model"])
    return [Item((*lines, of.document["settings"]["words"], made_by))]


def how_sure(of: Material) -> list[Item]:
    """Say which steps of the model are measured, extrapolated, or a choice.

    Parameters
    ----------
    of : Material
        For the settings.

    Returns
    -------
    list of Item
        One paragraph.

    Source
    ------
    ours: read from the model's own list, as the Method page does.
    """
    steps = [(one.certainty, _short(one.title)) for one in formulas.formulas(of.analysis.settings)]
    steps += [(row["Certainty"], _short(row["Factor"])) for row in formulas.factor_rows()]
    by_grade = {grade: [name for certainty, name in steps if certainty == grade] for grade in said.GRADES}
    return [Item(tuple(text.format(things=listed(by_grade[grade])) for grade, text in said.GRADES.items()))]


def not_known() -> list[Item]:
    """Say in short what no data here can tell.

    Returns
    -------
    list of Item
        One paragraph.

    Source
    ------
    ours: the Method page says more on each.
    """
    return [Item(tuple(short for short, _ in formulas.NOT_KNOWN))]


def reading(of: Material) -> list[Item]:
    """Say how to read the page.

    Parameters
    ----------
    of : Material
        For the version.

    Returns
    -------
    list of Item
        One paragraph.

    Source
    ------
    ours.
    """
    lines = (words.ESTIMATED, words.ORDER_ONLY, words.RECORD_AND_DISCUSS, said.YOU)
    return [Item((" ".join(lines),))]


def _short(title: str) -> str:
    """A title without its aside, as it stands in a list."""
    plain = title.split(" (", maxsplit=1)[0].split(",", maxsplit=1)[0]
    return plain[0].lower() + plain[1:]
