"""What the report tells of the running and the heel, in the sentences of the pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import polars as pl

from connectors.plural import count as plural
from connectors.plural import percent
from connectors.source import SOURCES, source_titles
from dashboard.flares import cards, lead_text, tables
from dashboard.flares.figures import unusual_changes
from dashboard.model.attribution import list_drivers
from dashboard.model.channels import NEW_AFTER_DAYS
from dashboard.model.date_window import full_range
from dashboard.model.linkage import p_in_words
from dashboard.report import blocks, doubts
from dashboard.report.blocks import ReportGrid, ReportItem
from dashboard.report.material import ReportInput
from dashboard.settings import formulas
from dashboard.shared import state_text
from dashboard.shared import text as shared_text
from dashboard.shared.glossary import EASY_KM, FLARE, STEP_UP, USED_TO, glossary_lines
from dashboard.shared.units import Units
from dashboard.timeline import text as timeline_text
from dashboard.timeline.text import drivers_by_window, went_with
from dashboard.today import text as today_text
from dashboard.today.status import current_load

FACT_METRES = 1000.0
MANY_HOURS_S = 36_000.0
"""From this time on whole hours are fine enough."""


def time_words(seconds: float | None) -> str:
    """Write the time run in a period: whole hours where they are many, minutes where few."""
    if seconds is None or seconds >= MANY_HOURS_S:
        return shared_text.NOT_KNOWN if seconds is None else f"{seconds / 3600:,.0f} h"
    return shared_text.rough_duration_words(seconds) if seconds >= 30 else f"{seconds:.0f} s"


def record_facts(report_input: ReportInput, days: int) -> list[tuple[str, str]]:
    """Return the key figures of the period.

    What an interview asks first: how often, how far, how long, how hilly.
    """
    totals, units = report_input.document["totals"], report_input.units
    longest = max((run["distance_km"] or 0.0 for run in report_input.document["runs"]), default=0.0)
    far = None if totals["distance_km"] is None else totals["distance_km"] * FACT_METRES
    climb, fall = (units.height_words(totals[name]) for name in ("ascent_m", "descent_m"))
    return [
        ("Runs", f"{totals['runs']:,}"),
        ("Runs a week", f"{totals['runs'] / days * 7:.1f}"),
        ("Distance", units.distance_words(far)),
        ("Longest run", units.distance_words(longest * FACT_METRES if longest else None)),
        ("Time", time_words(totals["moving_s"])),
        ("Climb", climb),
        ("Descent", fall),
        ("Estimated tendon load", units.load_words(totals["load_tkm"])),
        (
            "Symptoms logged",
            f"{report_input.document['coverage']['symptom_days']:,} of {plural(days, 'day')}",
        ),
    ]


def sources_section(report_input: ReportInput, days: int) -> list[ReportItem]:
    """Describe where the data came from, how much of it is known, what is estimated, and by which settings.

    A figure is worth as much as what it stands on.
    """
    runs, cover = report_input.document["runs"], report_input.document["coverage"]
    by_source = Counter(run["source"] for run in runs)
    source_counts = [
        f"{source_titles().get(name, name)} {count:,}" for name, count in sorted(by_source.items())
    ]
    lines = [
        blocks.SOURCES.format(sources=list_drivers(source_counts)) if source_counts else blocks.NO_SOURCES
    ]
    if runs:
        counts = {name: cover[f"with_{name}"] for name in ("samples", "cadence", "altitude", "shoe")}
        lines.append(blocks.COVERED.format(runs=plural(cover["runs"], "run"), **counts))
        guessed = sum(run["estimated"] for run in runs)
        lines += [blocks.ONE_ESTIMATED_RUN] if guessed == 1 else []
        lines += [blocks.ESTIMATED_RUNS.format(count=guessed)] if guessed > 1 else []
    lines += [blocks.LOGGED.format(logged=cover["symptom_days"], days=plural(days, "day"))] if days else []
    lines += [f"{one.attribution}." for one in SOURCES if one.attribution and by_source[one.id]]
    made_by = blocks.MADE_BY.format(
        version=report_input.document["heelwise"], model=report_input.document["model"]
    )
    return [ReportItem((*lines, report_input.document["settings"]["words"], made_by))]


def certainty_section(report_input: ReportInput) -> list[ReportItem]:
    """Describe which steps of the model are measured, extrapolated, or a choice.

    Read from the model's own list, as the Method page does.
    """
    steps = [
        (one.certainty, _short(one.title)) for one in formulas.list_formulas(report_input.analysis.settings)
    ]
    steps += [(row["Certainty"], _short(row["Factor"])) for row in formulas.factor_rows()]
    by_grade = {grade: [name for certainty, name in steps if certainty == grade] for grade in blocks.GRADES}
    return [
        ReportItem(
            tuple(text.format(things=list_drivers(by_grade[grade])) for grade, text in blocks.GRADES.items())
        )
    ]


def not_known_section() -> list[ReportItem]:
    """Describe in short what no data here can tell.

    The Method page says more on each.
    """
    return [ReportItem(tuple(short for short, _ in formulas.NOT_KNOWN))]


def reading_section(report_input: ReportInput) -> list[ReportItem]:
    """Describe how to read the page."""
    lines = (shared_text.ESTIMATED, shared_text.ORDER_ONLY, shared_text.RECORD_AND_DISCUSS, blocks.YOU)
    terms = glossary_lines(report_input.units, EASY_KM, USED_TO, STEP_UP, FLARE)
    return [ReportItem((" ".join(lines),)), *(ReportItem((line,)) for line in terms)]


def _short(title: str) -> str:
    """A title without its aside, as it stands in a list."""
    plain = title.split(" (", maxsplit=1)[0].split(",", maxsplit=1)[0]
    return plain[0].lower() + plain[1:]


SHOWN = ("Peak", "Length", "Logged", "Before")
"""Facts of a flare; where a person moved its onset, all are shown."""
MOST_WINDOWS, MOST_FLARES, MOST_CHANGES, MOST_PAIRS, MOST_FIRST = 3, 2, 2, 4, 1


def stands_out_section(report_input: ReportInput) -> list[ReportItem]:
    """Describe which channels changed most, then the load; drivers and flares have sections of their own."""
    start, end = _period(report_input)
    sentences = timeline_text.timeline_in_words(
        report_input.analysis,
        start,
        end,
        report_input.units,
        report_input.why,
        report_input.shoe_names,
        with_drivers=False,
    )
    return [ReportItem((one,)) for one in sentences]


def doubted(report_input: ReportInput) -> list[ReportItem]:
    """Describe what of the record is open to doubt and would change the picture."""
    return [ReportItem((line,)) for line in doubts.in_words(report_input.doubted, report_input.units)]


def closing_section(report_input: ReportInput) -> list[ReportItem]:
    """Describe where load stands on the last day, and what was unusual in the fortnight to it, as on Today."""
    _, end = _period(report_input)
    now = current_load(report_input.analysis, end)
    lines = today_text.load_in_words(now)
    recent = report_input.why.recent.spans
    if recent.height and recent["to_date"][0] <= end:
        first, led_channels = lead_text.in_fortnight(
            report_input.analysis, report_input.why, reader(report_input)
        )
        before = int(report_input.analysis.settings.before_days)
        more = today_text.unusual_in_words(report_input.why, now, report_input.units, before, led_channels)
        more = more[: MOST_CHANGES - bool(first)]
        lines = [*first, *lines, *more] if first else [*more, *lines]
    return [ReportItem(tuple(lines))]


def windows_section(report_input: ReportInput) -> list[ReportItem]:
    """Describe the largest windows of the period: which channels changed, how far load went, and with what."""
    start, end = _period(report_input)
    every = report_input.analysis.windows.with_row_index("place")
    seen = every.filter((pl.col("from_date") <= end) & (pl.col("to_date") >= start))
    if seen.is_empty():
        return [ReportItem((_calm(report_input),))]
    driven = drivers_by_window(report_input.why, report_input.analysis.windows)
    items = []
    for row in seen.sort("peak_ratio", descending=True).head(MOST_WINDOWS).sort("from_date").to_dicts():
        driver = driven[row["from_date"], row["to_date"]]
        sure = blocks.WINDOW_ROBUST if row["robust"] else blocks.WINDOW_ASSUMED
        most = state_text.at_most(row["peak_ratio"])
        at_most = sure.format(most=most, day=shared_text.day_in_words(row["peak_date"], False))
        went = went_with(driver, with_less=False) or driver["why"]
        led = lead_text.in_window(
            report_input.analysis, report_input.why, row["place"], reader(report_input)
        )[:MOST_FIRST]
        lines = (*led, at_most, *([went] if went else []))
        items.append(ReportItem(lines, shared_text.span_in_words(row["from_date"], row["to_date"])))
    return [*items, *_more(seen.height - MOST_WINDOWS, blocks.ONE_MORE_WINDOW, blocks.MORE_WINDOWS)]


def flares_section(report_input: ReportInput) -> list[ReportItem]:
    """Describe the last flares of the period: which channels changed first, then load, what was felt, and the rest.

    The runner's notes stay on the runner's machine. One flare leaves room for more of what changed than two.
    """
    start, end = _period(report_input)
    rows = report_input.why.flares.with_row_index("place")
    seen = rows.filter((pl.col("onset") <= end) & (pl.col("last_high") >= start)).sort("onset")
    if seen.is_empty():
        days = (end - start).days + 1
        logged = report_input.document["coverage"]["symptom_days"]
        return [
            ReportItem(
                (
                    blocks.NO_FLARE
                    if logged
                    else shared_text.UNLOGGED.format(in_days=shared_text.in_days(days)),
                )
            )
        ]
    items, before = [], int(report_input.analysis.settings.before_days)
    for place in seen["place"].tail(MOST_FLARES):
        card = cards.flare_card(
            report_input.why,
            report_input.analysis,
            report_input.symptoms,
            place,
            report_input.units,
            shoe_names=report_input.shoe_names,
        )
        shown = [fact for fact in card.facts if fact[0] in SHOWN or card.onset_person]
        facts = " · ".join(f"{name}: {value}" for name, value in shown)
        items.append(ReportItem((*card.before[: card.first + 1], f"{facts}."), card.title))
        items.append(ReportItem(tuple(card.before[card.first + 1 :])))
        changed = [row for row in unusual_changes(card.changes) if row["channel"] not in card.led]
        most = 0 if card.led else MOST_CHANGES // min(seen.height, MOST_FLARES)
        items += [
            ReportItem((today_text.change_line(row, report_input.units, before),)) for row in changed[:most]
        ]
    return [*items, *_more(seen.height - MOST_FLARES, blocks.ONE_MORE_FLARE, blocks.MORE_FLARES)]


def linkage_section(report_input: ReportInput) -> list[ReportItem]:
    """Describe whether load usually came first, and how often it came after."""
    linkage = report_input.why.linkage
    lines = [*tables.linkage_in_words(linkage), blocks.FROM_ALL_RUNS]
    after = linkage.after
    if linkage.enough_data and after is not None:
        counts = {"lag": linkage.lag_days, "exposed": after.exposed, "flares": after.flares}
        reverse = (
            blocks.REVERSE_UNTOLD.format(**counts)
            if after.p is None
            else blocks.REVERSE.format(**counts, p=p_in_words(after.p))
        )
        lines.insert(-1, reverse)
    return [ReportItem(tuple(lines))]


def shoes_section(report_input: ReportInput) -> list[ReportItem]:
    """Describe how far each pair ran in the period, which was new in it, and what was not recorded.

    Exposure, not blame.
    """
    start, end = _period(report_input)
    ran = report_input.analysis.runs.filter(pl.col("distance_m") > 0)
    first = dict(ran.drop_nulls("shoe_id").group_by("shoe_id").agg(pl.col("local_date").min()).iter_rows())
    inside = ran.filter(pl.col("local_date").is_between(start, end))
    total = float(inside["distance_m"].sum())
    if not total:
        return [ReportItem((blocks.NO_PAIRS,))]
    sums = (
        inside.group_by("shoe_id")
        .agg(pl.col("distance_m").sum())
        .sort("distance_m", "shoe_id", descending=True)
    )
    known = sums.drop_nulls("shoe_id")
    unknown = total - float(known["distance_m"].sum())
    items = [
        ReportItem(
            (_pair(report_input, shoe, metres, metres / total, first[shoe]),),
            report_input.shoe_names.get(shoe, shared_text.SHOE_NAMELESS),
        )
        for shoe, metres in known.head(MOST_PAIRS).iter_rows()
    ]
    items += _more(known.height - MOST_PAIRS, blocks.ONE_MORE_PAIR, blocks.MORE_PAIRS)
    return items + (
        [ReportItem((blocks.PAIR_UNKNOWN.format(share=percent(unknown / total)),))] if unknown > 1 else []
    )


def _pair(report_input: ReportInput, shoe: str, metres: float, share: float, first: date) -> str:
    start, _ = _period(report_input)
    known_from = full_range(report_input.analysis)[0] + timedelta(days=NEW_AFTER_DAYS)
    is_new, drop = first >= max(start, known_from), report_input.drops.get(shoe)
    template = {
        (False, False): blocks.PAIR,
        (False, True): blocks.PAIR_DROP,
        (True, False): blocks.PAIR_NEW,
        (True, True): blocks.PAIR_NEW_DROP,
    }[is_new, drop is not None]
    far = report_input.units.distance_words(metres)
    return template.format(distance=far, share=percent(share), day=shared_text.day_in_words(first), drop=drop)


def reader(report_input: ReportInput) -> lead_text.Reader:
    """Return for whom the report is written: the runner's units, and the names of the pairs."""
    return lead_text.Reader(report_input.units, report_input.shoe_names)


def _calm(report_input: ReportInput) -> str:
    """Describe that there is no window, only as far as load and habit are known."""
    ratios = [day["ratio"] for day in report_input.document["days"]]
    if not any(one is not None for one in ratios):
        is_withheld = report_input.analysis.is_withheld
        return shared_text.HABIT_WITHHELD if is_withheld else shared_text.HABIT_UNKNOWN
    return blocks.NO_WINDOW_KNOWN if None in ratios else blocks.NO_WINDOW


def _more(count: int, one: str, many: str) -> list[ReportItem]:
    return [] if count < 1 else [ReportItem((one if count == 1 else many.format(count=count),))]


def _period(report_input: ReportInput) -> tuple[date, date]:
    if report_input.start is None or report_input.end is None:
        raise ValueError("a section needs a period")
    return report_input.start, report_input.end


TABLE_METRES = 1000.0
MOST_WEEKS, MOST_MONTHS = 18, 24
TableDay = dict[str, Any]


def table_grid(report_input: ReportInput) -> ReportGrid | None:
    """Build a table of the days of the period that fits a page.

    A picture is never the only way to a value.
    """
    days = report_input.document["days"]
    if not days:
        return None
    last = date.fromisoformat(days[-1]["date"])
    months = len({day["date"][:7] for day in days})
    by, name = _grain(len(days), months, last)
    stretches: dict[str, list[TableDay]] = {}
    for day in reversed(days):
        stretches.setdefault(name(day["date"]), []).append(day)
    units = report_input.units
    head = [
        by,
        f"Distance ({units.distance_unit})",
        f"Load ({units.load_unit})",
        "Highest ratio",
        "Highest pain",
        "Stiff (min)",
        "Days logged",
    ]
    rows = [_row(key, part, units) for key, part in stretches.items()]
    return ReportGrid(blocks.TABLE_TITLE, head, rows, tuple(_row_in_words(by, row, units) for row in rows))


def _row_in_words(by: str, row: list[str], units: Units) -> str:
    """Write a row as one line; what is not known is left out of it."""
    texts = (
        f"{{}} {units.distance_unit}",
        f"{{}} {units.load_unit}",
        "×{}",
        "pain {}",
        "stiff {} min",
        "{} logged",
    )
    known = [text.format(cell) for text, cell in zip(texts, row[1:], strict=True) if cell != "–"]
    return f"{by} {row[0]}: {', '.join(known)}"


def _grain(count: int, months: int, last: date) -> tuple[str, Callable[[str], str]]:
    if count <= MOST_WEEKS * 7:

        def week(text: str) -> str:
            back = (last - date.fromisoformat(text)).days // 7 * 7
            return shared_text.day_in_words(date.fromordinal(last.toordinal() - back))

        return blocks.WEEKS, week
    if months <= MOST_MONTHS:
        return blocks.MONTHS, lambda text: f"{date.fromisoformat(text):%b %Y}"
    return blocks.YEARS, lambda text: text[:4]


def _row(name: str, days: list[TableDay], units: Units) -> list[str]:
    far, heavy = _total(days, "distance_km"), _total(days, "load_tkm")
    ratio, pain, stiff = (_highest(days, key) for key in ("ratio", "pain_0_10", "stiffness_min"))
    logged = sum(day["pain_0_10"] is not None or day["stiffness_min"] is not None for day in days)
    return [
        name,
        "–" if far is None else f"{units.distance(far * TABLE_METRES):.1f}",
        "–" if heavy is None else f"{units.load(heavy):.1f}",
        "–" if ratio is None else f"{ratio:.2f}",
        "–" if pain is None else f"{pain:g}",
        "–" if stiff is None else f"{stiff:g}",
        str(logged),
    ]


def _total(days: list[TableDay], key: str) -> float | None:
    """Null where a day is not known: a sum with a hole would read as less running."""
    values = [day[key] for day in days]
    return None if None in values else float(sum(values))


def _highest(days: list[TableDay], key: str) -> float | None:
    return max((day[key] for day in days if day[key] is not None), default=None)
