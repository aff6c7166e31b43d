"""How a statement fares under other assumptions: lenses across, time constants down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from dashboard.charts.axes import html_table
from dashboard.flares import lead_text
from dashboard.flares.change_text import signed
from dashboard.flares.text import DRIVER_NAMES, FLARE_KINDS, LEADING, LEADING_ASSUMED, LEADING_NONE, LENSES
from dashboard.model.attribution import list_drivers
from dashboard.model.calendar_shifts import ShiftTest
from dashboard.model.linkage import Linkage, p_in_words
from dashboard.model.robustness import same_leading
from dashboard.shared import state_text

ASSUMPTIONS_CAPTION = (
    "Load at its highest, as a multiple of what you were used to, under each lens and each length of memory"
)
OUTPACED, WITHIN = "above, {ratio}", "within, {ratio}"


def assumptions_in_html(held: pl.DataFrame) -> str:
    """Write the answers for one span as a table.

    One tap shows how, not only that, it depends on the model.
    """
    answers = {(row["tau_days"], row["lens"]): row for row in held.iter_rows(named=True)}
    taus = sorted({tau for tau, _ in answers})
    own = {row["tau_days"] for row in answers.values() if row["is_own"]}
    rows = [
        [
            f"{tau:g} days" + (" (yours)" if tau in own else ""),
            *(_answer(answers[tau, lens]) for lens in LENSES),
        ]
        for tau in taus
    ]
    return html_table(["Used to, over", *LENSES.values()], rows, ASSUMPTIONS_CAPTION)


def leading_in_words(led: pl.DataFrame) -> str | None:
    """Describe whether lens A and B name the same largest driver."""
    if led.is_empty():
        return None
    verdict = same_leading(led).row(0, named=True)
    if verdict["leading"] is None:
        return None
    if verdict["robust"]:
        return LEADING.format(name=DRIVER_NAMES[verdict["leading"]].lower())
    rows = sorted(led.iter_rows(named=True), key=lambda row: row["lens"])
    parts = [f"{_name(row['leading'])} by lens {row['lens']}" for row in rows]
    return LEADING_ASSUMED.format(parts=", ".join(parts))


def assumption_part(frame: pl.DataFrame, span: Sequence[Any]) -> pl.DataFrame:
    """Return the rows of one span."""
    return frame.filter((pl.col("from_date") == span[0]) & (pl.col("to_date") == span[1]))


def _name(driver: str | None) -> str:
    return LEADING_NONE if driver is None else DRIVER_NAMES[driver].lower()


def _answer(row: dict[str, Any]) -> str:
    if row["holds"] is None or row["value"] is None:
        return "not known"
    return (OUTPACED if row["holds"] else WITHIN).format(ratio=state_text.ratio(row["value"]))


MOST_CHANNELS = 1
LINKAGE_HEAD = ("Asked", "Flares with it", "By chance", "p")
BEFORE = "Total load above what you were used to in the {lag} days before"
AFTER = "Total load above what you were used to in the {lag} days after (the reverse)"
SPIKES = "A run beyond the longest of 30 days, in the {lag} days before"
CONTROLS = (
    "In your own weeks around the flares, outside flares, total load rose above what you were used to in {exposed} of "
    "{controls} stretches of {lag} days."
)
REVERSE = (
    "Pain can also change training, before or after it is logged: so the days after a flare are asked the same. "
    "What came first need not be the reason."
)
CHANNEL = (
    "{name} stepped up in the {lag} days before {exposed} of {flares} flares; by chance about {expected:.1f} would be "
    "expected ({p}, all parts of training asked)."
)
METHOD = (
    "By chance: the same flares moved together along your calendar, by every number of days from 28 on. p is the share "
    "of those shifts with at least as many."
)
WHAT = {
    "lag_days": "Days before: {value}",
    "tau_days": "What you are used to follows in {value} days",
    "exponent": "Weight of hard steps b = {value}",
    "lens": "Lens {value}",
}


def linkage_in_words(linkage: Linkage) -> list[str]:
    """Describe the finding, or what is missing.

    Gates in words; nothing is shown that the data cannot carry.
    """
    sentences = [*_channels(linkage), linkage.why]
    if linkage.enough_data and linkage.controls:
        counts = {"exposed": linkage.controls_exposed, "controls": linkage.controls, "lag": linkage.lag_days}
        sentences.append(CONTROLS.format(**counts))
    return sentences


def _channels(linkage: Linkage) -> list[str]:
    """The channels that stepped up before flares more often than by chance: said before the load as a whole."""
    linked = linkage.channels.filter("linked").head(MOST_CHANNELS)
    return [
        CHANNEL.format(
            name=lead_text.channel_title(row["channel"]),
            lag=linkage.lag_days,
            exposed=row["exposed"],
            flares=row["flares"],
            expected=row["expected"],
            p=p_in_words(row["p"]),
        )
        for row in linked.iter_rows(named=True)
    ]


def linkage_tests_in_html(linkage: Linkage) -> str:
    """Write the question, its reverse and the session spikes as a table."""
    if not linkage.enough_data:
        return ""
    main = ShiftTest(linkage.flares, linkage.exposed or 0, linkage.expected, linkage.p)
    asked = ((BEFORE, main), (AFTER, linkage.after), (SPIKES, linkage.spikes))
    rows = [[text.format(lag=linkage.lag_days), *_counts(one)] for text, one in asked if one is not None]
    return html_table(LINKAGE_HEAD, rows, "Flares with high load before, after and by chance")


def sensitivity_in_html(linkage: Linkage) -> str:
    """Write the same question under other assumptions as a table.

    Each assumption is changed alone.
    """
    rows = [
        [
            WHAT[row["what"]].format(value=row["value"]) + (" (yours)" if row["is_own"] else ""),
            *_counts(ShiftTest(row["flares"], row["exposed"], row["expected"], row["p"])),
        ]
        for row in linkage.sensitivity.iter_rows(named=True)
    ]
    return html_table(LINKAGE_HEAD, rows, "The same question under other assumptions") if rows else ""


def _counts(one: ShiftTest) -> list[str]:
    expected = "not known" if one.expected is None else f"{one.expected:.1f}"
    p = "not known" if one.p is None else "below 0.01" if one.p < 0.01 else f"{one.p:.2f}"
    return [f"{one.exposed} of {one.flares}", expected, p]


MORNINGS_HEAD = ("Kind of day", "Mornings known", "Stiffness, 0–10", "Stiffness, min", "Pain, 0–10")
MORNING_MEASURES = ("stiffness_0_10", "stiffness_min", "pain_0_10")
MORNINGS_CAPTION = "Change on the next morning against the week before, by kind of session"
NO_MORNINGS = (
    "No next morning is known yet: it takes an entry the morning after a run, and three in the week "
    "before it."
)
NO_KIND = "After no kind of session did the next morning clearly differ from the mornings before it."
HIGHER = "The next morning was higher than those before it after {kinds} sessions, on average."
LOWER = "It was lower after {kinds} days."
MORNINGS_EXPLAINED = (
    "Change from the week before (95 % range). Days without a run are there for comparison, since mornings drift on "
    "their own. A day may be of several kinds."
)


def mornings_in_words(rows: pl.DataFrame) -> list[str]:
    """Describe after which kinds of session the next morning clearly differed.

    A kind is named where the 95 % interval of stiffness or pain leaves zero out.
    """
    if not rows["told"].sum():
        return [NO_MORNINGS]
    up = rows.filter(pl.col("low") > 0)["kind"].unique(maintain_order=True).to_list()
    down = rows.filter(pl.col("high") < 0)["kind"].unique(maintain_order=True).to_list()
    sentences = [HIGHER.format(kinds=list_drivers([FLARE_KINDS[k].lower() for k in up]))] if up else []
    sentences += (
        [LOWER.format(kinds=list_drivers([f"“{FLARE_KINDS[k].lower()}”" for k in down]))]
        if down and up
        else []
    )
    return sentences or [NO_KIND]


def mornings_in_html(mornings: pl.DataFrame) -> str:
    """Write every kind of session as a table; none while no next morning is known."""
    if not mornings["told"].sum():
        return ""
    by_kind: dict[str, dict[str, dict[str, Any]]] = {}
    for row in mornings.iter_rows(named=True):
        by_kind.setdefault(row["kind"], {})[row["measure"]] = row
    rows = [
        [FLARE_KINDS[kind], _known(measures), *(_change(measures[name]) for name in MORNING_MEASURES)]
        for kind, measures in by_kind.items()
    ]
    return html_table(MORNINGS_HEAD, rows, MORNINGS_CAPTION) if rows else ""


def _known(measures: dict[str, dict[str, Any]]) -> str:
    most = max(measures.values(), key=lambda row: row["told"])
    return f"{most['told']} of {most['sessions']}"


def _change(row: dict[str, Any]) -> str:
    if row["change"] is None:
        return "not known"
    if row["low"] is None:
        return f"{signed(row['change'])} (too few)"
    return f"{signed(row['change'])} ({signed(row['low'])} to {signed(row['high'])})"
