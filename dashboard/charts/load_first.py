"""Whether load usually came first, as sentences and tables: observed beside expected, and the reverse beside both."""

from __future__ import annotations

from dashboard import lead_words
from dashboard.charts.rows import table
from dashboard.model.linkage import Linkage, p_in_words
from dashboard.model.shifts import Shifted

MOST_CHANNELS = 1
HEAD = ("Asked", "Flares with it", "By chance", "p")
BEFORE = "Total load above habit in the {lag} days before"
AFTER = "Total load above habit in the {lag} days after (the reverse)"
SPIKES = "A run beyond the longest of 30 days, in the {lag} days before"
CONTROLS = (
    "In your own weeks around the flares, outside flares, total load outpaced habit in {exposed} of {controls} "
    "stretches of {lag} days."
)
REVERSE = (
    "Pain can also change training, before or after it is logged: so the days after a flare are asked the same. "
    "What came first need not be the reason."
)
CHANNEL = (
    "{name} stepped up in the {lag} days before {exposed} of {flares} flares; by chance about {expected:.1f} would be "
    "expected ({p}, all channels asked)."
)
METHOD = (
    "By chance: the same flares moved together along your calendar, by every number of days from 28 on. p is the share "
    "of those shifts with at least as many."
)
WHAT = {
    "lag_days": "Days before: {value}",
    "tau_days": "Habit follows in {value} days",
    "exponent": "Weight of hard steps b = {value}",
    "lens": "Lens {value}",
}


def in_words(found: Linkage) -> list[str]:
    """Say the finding, or what is missing.

    Parameters
    ----------
    found : Linkage
        Of the whole history.

    Returns
    -------
    list of str
        Whole sentences.

    Source
    ------
    ours: gates in words; nothing is shown that the data cannot carry.
    """
    said = [*_channels(found), found.why]
    if found.enough_data and found.controls:
        named = {"exposed": found.controls_exposed, "controls": found.controls, "lag": found.lag_days}
        said.append(CONTROLS.format(**named))
    return said


def _channels(found: Linkage) -> list[str]:
    """The channels that stepped up before flares more often than by chance: said before the load as a whole."""
    linked = found.channels.filter("linked").head(MOST_CHANNELS)
    return [
        CHANNEL.format(
            name=lead_words.named(row["channel"]),
            lag=found.lag_days,
            exposed=row["exposed"],
            flares=row["flares"],
            expected=row["expected"],
            p=p_in_words(row["p"]),
        )
        for row in linked.iter_rows(named=True)
    ]


def tests_in_html(found: Linkage) -> str:
    """Lay the question, its reverse and the session spikes side by side.

    Parameters
    ----------
    found : Linkage
        With enough data.

    Returns
    -------
    str
        HTML; empty without enough data.

    Source
    ------
    ours.
    """
    if not found.enough_data:
        return ""
    main = Shifted(found.flares, found.exposed or 0, found.expected, found.p)
    asked = ((BEFORE, main), (AFTER, found.after), (SPIKES, found.spikes))
    rows = [[text.format(lag=found.lag_days), *_counts(one)] for text, one in asked if one is not None]
    return table(HEAD, rows, "Flares with high load before, after and by chance")


def sensitivity_in_html(found: Linkage) -> str:
    """Lay the same question under other assumptions out.

    Parameters
    ----------
    found : Linkage
        Of the whole history.

    Returns
    -------
    str
        HTML; empty without enough data.

    Source
    ------
    ours: each assumption is changed alone.
    """
    rows = [
        [
            WHAT[row["what"]].format(value=row["value"]) + (" (yours)" if row["is_own"] else ""),
            *_counts(Shifted(row["flares"], row["exposed"], row["expected"], row["p"])),
        ]
        for row in found.sensitivity.iter_rows(named=True)
    ]
    return table(HEAD, rows, "The same question under other assumptions") if rows else ""


def _counts(one: Shifted) -> list[str]:
    expected = "not known" if one.expected is None else f"{one.expected:.1f}"
    p = "not known" if one.p is None else "below 0.01" if one.p < 0.01 else f"{one.p:.2f}"
    return [f"{one.exposed} of {one.flares}", expected, p]
