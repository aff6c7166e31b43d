"""What changed before the onset, one entry for each channel, with what is not known as an entry too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dashboard import lead_words, words
from dashboard.change_words import CHANNEL_NAMES, amount, change_in_words
from dashboard.model.analysis import Analysis
from dashboard.model.first_changes import BEFORE_DAYS, changes_before
from dashboard.model.leading_changes import before_flare, composite
from dashboard.model.why import Why
from dashboard.units import Units

MOST = 6
UNKNOWN = "Not enough data: {names}."
USUAL = "Within your usual: {value}, usually {usual}."
NO_ONSET = "No onset is chosen and no flare is on record, so there is no day to look back from."
NOTHING = "In the {days} days before {day} no channel is known well enough to compare."
SUMMARY = (
    "The {days} days before {day}, against the eight weeks before each: what stepped up first, the furthest from usual "
    "first."
)


@dataclass(frozen=True)
class FirstChange:
    """One channel.

    Parameters
    ----------
    channel
        Its id; "unknown" for those of which nothing is known.
    title
        Its name.
    sentences
        How far, how unusual, since when, how often without a flare.
    """

    channel: str
    title: str
    sentences: list[str]


def rows(found: Analysis, why: Why, onset: date | None, units: Units) -> list[FirstChange]:
    """List what changed before an onset.

    Parameters
    ----------
    found : Analysis
        Of the whole history.
    why : Why
        Its flares are the counter-examples.
    onset : date or None
        None lists nothing.
    units : Units
        What the runner reads in.

    Returns
    -------
    list of FirstChange
        At most six, the furthest from usual first; what is not known is the last.

    Source
    ------
    ours: a list to accept or strike out, not a verdict.
    """
    if onset is None:
        return []
    table = changes_before(found, why.flares, onset).to_dicts()
    known = [row for row in table if row["z"] is not None]
    missing = [CHANNEL_NAMES[row["channel"]] for row in table if row["z"] is None]
    listed = [_entry(row, units, int(found.settings.before_days)) for row in known]
    shown = listed[: MOST - bool(missing)]
    if missing:
        told = UNKNOWN.format(names=", ".join(missing))
        shown.append(FirstChange("unknown", "Not known", [told]))
    return shown


def leading(found: Analysis, why: Why, onset: date | None, reader: lead_words.Reader) -> list[str]:
    """Say which channels changed most before an onset, and then how the load as a whole stood.

    Parameters
    ----------
    found, why
        Of the whole history.
    onset : date or None
        None says nothing.
    reader : Reader
        Units and names.

    Returns
    -------
    list of str
        Whole sentences, the channels first.
    """
    if onset is None:
        return []
    table = changes_before(found, why.flares, onset).to_dicts()
    load = lead_words.load_in_words(composite(found, *before_flare(onset)))
    return [*lead_words.before_day(found, why, onset, table, reader), *([load] if load else [])]


def summary(onset: date | None, shown: list[FirstChange]) -> str:
    """Say what the list is.

    Parameters
    ----------
    onset : date or None
        The day looked back from.
    shown : list of FirstChange
        From `rows`.

    Returns
    -------
    str
        One sentence.

    Source
    ------
    ours.
    """
    if onset is None:
        return NO_ONSET
    sentence = SUMMARY if any(one.channel != "unknown" for one in shown) else NOTHING
    return sentence.format(days=BEFORE_DAYS, day=words.day(onset))


def _entry(row: dict, units: Units, before_days: int) -> FirstChange:
    channel = row["channel"]
    if row["unusual"]:
        said = change_in_words(row, units, before_days)
    else:
        said = [
            USUAL.format(
                value=amount(channel, row["value"], units), usual=amount(channel, row["usual"], units)
            )
        ]
    return FirstChange(channel, CHANNEL_NAMES[channel], said)
