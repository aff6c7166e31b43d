"""What is said first of some dates: the channels that changed most, and only then the load as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from connectors.plural import count
from dashboard.flares.change_text import amount, count_in_words
from dashboard.model.analysis import Analysis
from dashboard.model.attribution import list_drivers
from dashboard.model.channels import WEEK
from dashboard.model.explain import CurrentChanges, FlareExplanation
from dashboard.model.leading_changes import (
    BEFORE_DAYS,
    MOST_LEADING,
    NEEDED_PARTS,
    Composite,
    Lead,
    LeadingChange,
    before_flare,
    is_logged_after,
    lead,
)
from dashboard.model.settings import ModelSettings
from dashboard.model.step_ups import DOSE, NEEDED_YEAR_WEEKS, SHOE_CHANNELS, is_enough
from dashboard.shared import state_text
from dashboard.shared import text as shared_text
from dashboard.shared.units import Units

NAMES = {
    "volume": "running volume",
    "longest": "the longest run",
    "fast": "fast running",
    "speed": "running speed",
    "climb": "climb on hills",
    "descent": "descent on hills",
    "cadence": "cadence",
    "run_days": "days with a run",
    "hard_gap": "hard days closer together",
    "shoe_new": "shoes",
    "drop": "drop of the shoes",
}
REACHED = {
    "volume": "{value} a week, usually {usual}",
    "longest": "{value}, usually {usual}",
    "fast": "{value} a week, usually {usual}",
    "speed": "{value} on average, usually {usual}",
    "climb": "{value} a week, usually {usual}",
    "descent": "{value} a week, usually {usual}",
    "cadence": "{value} at the same speed, usually {usual}",
    "run_days": "{value} a week, usually {usual}",
    "hard_gap": "{value}, usually {usual}",
    "shoe_new": "{value} of the distance in a new or lower pair{pair}, usually {usual}",
    "drop": "mean drop {value}{pair}, usually {usual}",
}
HILLS = "climb and descent on hills"
HILLS_BOTH = "{climb} up and {descent} down a week, usually {climb_usual} and {descent_usual}"
HILLS_ALIKE = "{climb} up and {descent} down a week, usually {climb_usual} each"
SHOES_BOTH = "{told}, and {drop}"
MOST = "{name} changed most: {told}, {when}"
NEXT = "next, {name}: {told}, {when}"
MOST_BEFORE = "Before the flare of {day}, {name} changed most: {told}, {when}"
NEXT_BEFORE = "before that of {day}, {name}: {told}, {when}"
IN_ALL = "Over all these dates, {name} changed most: {told}, {when}."
SINCE, FROM = "since {day}", "from {span}"
AFTER = "A flare began {days} later."
AFTER_THIS = "This flare began {days} later."
AFTER_THAT = "That flare began {days} later."
AFTER_NONE = "No flare is on record in the {days} days after."
TOGETHER = "Several things changed together, in order of their first day: {parts}."
PART = "{name} ({day})"
ALSO = "Also far from usual: {parts}."
ALSO_PART = "{name} ({when})"
NO_STEP_UP = "Nothing in training stepped up from {span}."
ONLY_MADE_OF_LOAD = "Nothing in training stepped up from {span} but what is worked out from load: {parts}."
MADE_PART = "{name} ({told}), {when}"
SHORT_OF = "{name} {was} furthest from usual, short of a step-up: {told}."
SMALL_BEFORE = "Before the flare of {day}: {told}"
SMALL_IN = "Around {span}: {told}"

HARDLY = 1.3
USED_TO = "what you were used to"
USED_TO_OR_BACK = "what you were used to, or of the way back to your old level where that is higher"
LOAD_BELOW = "Total load did not rise: {most} of {held}."
LOAD_HARDLY = "Total load hardly changed: {most} of {held}."
LOAD_ROSE = "Total load rose: {most} of {held}, below your own threshold."
LOAD_OUTPACED = "Total load rose above your own threshold: {most} of {held}."

MOST_ALSO, MOST_PARTS = 3, 5
HILL_CHANNELS = ("climb", "descent")
NEARLY = 1.5
"""From this z a channel without a step-up is told before several small changes. Design choice."""


@dataclass(frozen=True)
class Reader:
    """For whom it is said."""

    units: Units
    shoe_names: Mapping[str, str]


@dataclass(frozen=True)
class _ChannelWords:
    """What is said of one channel, or of two that belong together."""

    name: str
    reached: str
    when: str
    channels: tuple[str, ...]
    since: date
    until: date

    @property
    def named(self) -> dict[str, str]:
        return {"name": self.name, "told": self.reached, "when": self.when}


def of_span(
    analysis: Analysis, explanation: FlareExplanation, start: date, end: date, reader: Reader
) -> list[str]:
    """Describe which channels changed most in some dates; the load as a whole is for the sentences after."""
    leading = lead(analysis, explanation.step_ups, start, end, reader.shoe_names, explanation.flares)
    flared = _before_flares(analysis, explanation, start, end, reader)
    if flared:
        channels_told = [one for _, one, _ in flared]
        rest = changes_in_words(leading, start, end, reader, flared=channels_told)
        return [_before_flares_in_words(flared, _with_year(start, end)), *_after_that(flared[0]), *rest]
    sentences = changes_in_words(leading, start, end, reader)
    if not leading.changes:
        return [*_small(explanation, start, end), *sentences]
    return [*sentences[:1], *_followed(leading, analysis, explanation), *sentences[1:]]


def before(analysis: Analysis, explanation: FlareExplanation, place: int, reader: Reader) -> list[str]:
    """Describe which channels changed most before a flare, and how often the same came without one."""
    onset, around = explanation.flares["onset"][place], explanation.before_flares
    return before_day(analysis, explanation, onset, _rows(around, place), reader, _stacked(around, place))


def before_day(
    analysis: Analysis,
    explanation: FlareExplanation,
    onset: date,
    rows: Sequence[Mapping[str, Any]],
    reader: Reader,
    small: str | None = None,
    after_this: str = AFTER_THIS,
) -> list[str]:
    """Describe which channels changed most before a day that a person chose; `after_this` names what then began."""
    leading = lead(
        analysis, explanation.step_ups, *before_flare(onset), reader.shoe_names, explanation.flares
    )
    sentences = changes_in_words(leading, *before_flare(onset), reader)
    if not leading.changes:
        return [*_furthest(rows, small, reader, analysis.settings), *sentences]
    first, days = leading.changes[0], int(analysis.settings.before_days)
    gap = (onset - first.since).days
    after = [after_this.format(days=count(gap, "day"))] if 0 < gap <= BEFORE_DAYS else []
    return [*sentences[:1], *after, *_again(rows, first.channel, days), *sentences[1:]]


def channels(leading: Lead) -> frozenset[str]:
    """Return the channels that are told first, with those that are told as one with them."""
    led = {one.channel for one in leading.changes}
    pairs = [pair for pair in (SHOE_CHANNELS, HILL_CHANNELS) if led & set(pair)]
    mates = {one.channel for one in leading.others for pair in pairs if one.channel in pair}
    return frozenset(led | mates)


def in_window(analysis: Analysis, explanation: FlareExplanation, place: int, reader: Reader) -> list[str]:
    """Describe which channels changed most in a window of load."""
    start, end = analysis.windows.select("from_date", "to_date").row(place)
    leading = lead(analysis, explanation.step_ups, start, end, reader.shoe_names, explanation.flares)
    sentences = changes_in_words(leading, start, end, reader)
    if leading.changes:
        return sentences
    return [
        *_furthest(
            _rows(explanation.windows, place), _stacked(explanation.windows, place), reader, analysis.settings
        ),
        *sentences,
    ]


def in_fortnight(
    analysis: Analysis, explanation: FlareExplanation, reader: Reader
) -> tuple[list[str], frozenset[str]]:
    """Describe which channels changed most in the last fortnight with a known load."""
    spans = explanation.recent.spans
    if spans.is_empty():
        return [], frozenset()
    start, end = spans.select("from_date", "to_date").row(0)
    leading = lead(analysis, explanation.step_ups, start, end, reader.shoe_names, explanation.flares)
    sentences = of_span(analysis, explanation, start, end, reader)
    first = leading.changes or leading.others[:1]
    if not first:
        return sentences, frozenset()
    again = _again(_rows(explanation.recent, 0), first[0].channel, int(analysis.settings.before_days))
    if not leading.changes:
        return [*sentences, *again], frozenset({first[0].channel})
    return [*sentences[:1], *again, *sentences[1:]], channels(leading)


def changes_in_words(
    leading: Lead, start: date, end: date, reader: Reader, flared: Sequence[_ChannelWords] = ()
) -> list[str]:
    """Describe the one or two channels furthest out, all of them where several came together, and the rest."""
    led = _groups(leading, start, end, reader)
    if not led and not flared:
        return _made_of_load(leading, start, end, reader)
    if not led:
        sentences, done = [], {channel for one in flared for channel in one.channels}
    elif flared:
        said_of = {channel for one in flared for channel in one.channels}
        sentences = [IN_ALL.format(**led[0].named)] if led[0].channels[0] not in said_of else []
        done = said_of | set(led[0].channels)
    else:
        parts = [MOST.format(**_begun(led[0])), *(NEXT.format(**one.named) for one in led[1:])]
        sentences, done = ["; ".join(parts) + "."], {channel for one in led for channel in one.channels}
    parts = _together(leading, flared[0] if flared else led[0])
    if parts:
        groups = [
            PART.format(
                name=NAMES[one.channel], day=shared_text.day_in_words(one.since, _with_year(start, end))
            )
            for one in parts[:MOST_PARTS]
        ]
        sentences.append(TOGETHER.format(parts=list_drivers(groups)))
    done |= {one.channel for one in parts}
    every = (*leading.changes, *leading.others)
    rest = {one.channel: one for one in reversed(every) if one.channel not in done}
    also = [
        ALSO_PART.format(name=NAMES[one.channel], when=_when(one.since, one.until, start, end))
        for one in list(rest.values())[::-1][:MOST_ALSO]
    ]
    return [*sentences, *([ALSO.format(parts=list_drivers(also))] if also else [])]


def _made_of_load(leading: Lead, start: date, end: date, reader: Reader) -> list[str]:
    """What stepped up where no channel that may lead a sentence did."""
    parts = [
        MADE_PART.format(**one.named)
        for one in (_one(other, start, end, reader) for other in leading.others[:1])
    ]
    span = shared_text.span_in_words(start, end)
    return [ONLY_MADE_OF_LOAD.format(span=span, parts=list_drivers(parts))] if parts else []


def load_in_words(load: Composite) -> str | None:
    """Describe how the load as a whole stood; it is said after the channels."""
    if load.peak_ratio is None:
        return None
    text = LOAD_OUTPACED if load.is_window else _calm_load(load.peak_ratio)
    held = USED_TO_OR_BACK if "way_back" in load.states else USED_TO
    words = "at its most" if load.is_window else "at most"
    return text.format(most=state_text.at_most(load.peak_ratio, words=words), held=held)


def channel_title(channel: str) -> str:
    """Return the name of a channel as a sentence begins with it."""
    return capitalise(NAMES[channel])


def is_known(analysis: Analysis, explanation: FlareExplanation, start: date, end: date) -> bool:
    """Return whether step-ups could have been found on some of these dates."""
    if analysis.days.is_empty() or not explanation.step_ups.z:
        return False
    first = analysis.days["local_date"][0]
    low = max((start - first).days, NEEDED_YEAR_WEEKS * WEEK)
    high = (end - first).days + 1
    return any(
        bool((explanation.step_ups.z[name][low:high] > -1e9).any())
        for name in DOSE
        if name in explanation.step_ups.z
    )


def _calm_load(ratio: float) -> str:
    return LOAD_BELOW if ratio < 1 else LOAD_HARDLY if ratio <= HARDLY else LOAD_ROSE


def _groups(leading: Lead, start: date, end: date, reader: Reader) -> list[_ChannelWords]:
    """What leads, at most two; share and drop of the same shoes, and climb and descent, are told as one."""
    more = [one for one in leading.others if one.channel in DOSE] if leading.changes else []
    groups: list[_ChannelWords] = []
    for one in (*leading.changes, *more):
        if len(groups) == MOST_LEADING or any(one.channel in other.channels for other in groups):
            continue
        pair = next((both for both in (SHOE_CHANNELS, HILL_CHANNELS) if one.channel in both), None)
        mate = None if pair is None else _mate(one, pair, (*leading.changes, *leading.others))
        groups.append(_one(one, start, end, reader) if mate is None else _both(one, mate, start, end, reader))
    return groups


def _mate(one: LeadingChange, pair: tuple[str, str], every: Sequence[LeadingChange]) -> LeadingChange | None:
    return next(
        (
            other for other in every
            if other.channel in pair and other.channel != one.channel
            and other.since <= one.until and other.until >= one.since
        ),
        None,
    )  # fmt: skip


def _one(one: LeadingChange, start: date, end: date, reader: Reader) -> _ChannelWords:
    when = _when(one.since, one.until, start, end)
    return _ChannelWords(
        NAMES[one.channel], _reached(one, reader), when, (one.channel,), one.since, one.until
    )


def _both(one: LeadingChange, mate: LeadingChange, start: date, end: date, reader: Reader) -> _ChannelWords:
    by_channel = {part.channel: part for part in (one, mate)}
    when = _when(one.since, one.until, start, end)
    if one.channel in SHOE_CHANNELS:
        share, drop = (by_channel[name] for name in SHOE_CHANNELS)
        name = NAMES["shoe_new"]
        sentence = SHOES_BOTH.format(
            told=_reached(share, reader), drop=_reached(drop, reader, with_pair=False)
        )
    else:
        up, down = (by_channel[name] for name in HILL_CHANNELS)
        heights = {
            "climb": up.reached,
            "descent": down.reached,
            "climb_usual": up.usual,
            "descent_usual": down.usual,
        }
        height_words = {name: reader.units.height_words(metres) for name, metres in heights.items()}
        text = HILLS_ALIKE if height_words["climb_usual"] == height_words["descent_usual"] else HILLS_BOTH
        name, sentence = HILLS, text.format(**height_words)
    return _ChannelWords(name, sentence, when, (one.channel, mate.channel), one.since, one.until)


def _begun(one: _ChannelWords) -> dict[str, str]:
    return one.named | {"name": capitalise(one.name)}


def _before_flares(
    analysis: Analysis, explanation: FlareExplanation, start: date, end: date, reader: Reader
) -> list[tuple[date, _ChannelWords, int]]:
    """What led the 28 days before each flare that began in these dates: onset, channel, days between; newest first."""
    seen = []
    for place, onset in sorted(enumerate(explanation.flares["onset"]), key=lambda one: one[1], reverse=True):
        if not start <= onset <= end:
            continue
        first, last = before_flare(onset)
        leading = lead(analysis, explanation.step_ups, first, last, reader.shoe_names, explanation.flares)
        led = _groups(leading, min(first, start), end, reader) or _nearly(
            explanation.before_flares, place, start, end, reader, analysis.settings
        )
        if led:
            seen.append((onset, led[0], (onset - led[0].since).days))
    return seen[:MOST_LEADING]


def _nearly(
    around: CurrentChanges, place: int, start: date, end: date, reader: Reader, settings: ModelSettings
) -> list[_ChannelWords]:
    """The channel furthest out where none stepped up, if it is far enough out to be told before anything else."""
    rows = [row for row in _unusual(_rows(around, place), reader, settings) if row["z"] >= NEARLY]
    return [
        _ChannelWords(
            NAMES[row["channel"]],
            _row_in_words(row, reader),
            _when(row["since"], row["date"], start, end),
            (row["channel"],),
            row["since"],
            row["date"],
        )
        for row in rows[:1]
    ]


def _before_flares_in_words(flared: Sequence[tuple[date, _ChannelWords, int]], with_year: bool) -> str:
    texts = (MOST_BEFORE, NEXT_BEFORE)
    sentences = [
        text.format(day=shared_text.day_in_words(onset, with_year), **one.named)
        for text, (onset, one, _) in zip(texts, flared, strict=False)
    ]
    return "; ".join(sentences) + "."


def _after_that(flared: tuple[date, _ChannelWords, int]) -> list[str]:
    days = flared[2]
    return [AFTER_THAT.format(days=count(days, "day"))] if 0 < days <= BEFORE_DAYS else []


def _together(leading: Lead, first: _ChannelWords) -> list[LeadingChange]:
    """Parts that came in the same dates as what leads, each channel once; empty below three."""
    near = [one for one in leading.parts if one.since <= first.until and one.until >= first.since]
    once = list({one.channel: one for one in reversed(near)}.values())[::-1]
    return sorted(once, key=lambda one: one.since) if len(once) >= NEEDED_PARTS else []


def _reached(one: LeadingChange, reader: Reader, with_pair: bool = True) -> str:
    pair = f" ({one.shoe_name})" if one.shoe_name and with_pair else ""
    value, usual = (amount(one.channel, number, reader.units) for number in (one.reached, one.usual))
    return REACHED[one.channel].format(value=value, usual=usual, pair=pair)


def _when(since: date, until: date, start: date, end: date) -> str:
    with_year = _with_year(min(start, since), end)
    if (end - until).days < WEEK:
        return SINCE.format(day=shared_text.day_in_words(since, with_year))
    return FROM.format(span=shared_text.span_in_words(since, until, with_year))


def _with_year(start: date, end: date) -> bool:
    return start.year != end.year


def _followed(leading: Lead, analysis: Analysis, explanation: FlareExplanation) -> list[str]:
    """Whether a flare began after what leads: said of both outcomes, where enough was logged."""
    if not leading.changes:
        return []
    one = leading.changes[0]
    if one.flare_after_days is not None:
        return [AFTER.format(days=count(one.flare_after_days, "day"))]
    if any(row["onset"] <= one.since <= row["last_high"] for row in explanation.flares.to_dicts()):
        return []
    return [AFTER_NONE.format(days=BEFORE_DAYS)] if is_logged_after(analysis.days, one.since) else []


def _small(explanation: FlareExplanation, start: date, end: date) -> list[str]:
    """Several small changes at once, before a flare or in a window of these dates."""
    sentences = []
    for place, row in enumerate(explanation.flares.to_dicts()):
        if start <= row["onset"] <= end:
            stacked = _stacked(explanation.before_flares, place)
            sentences += (
                [SMALL_BEFORE.format(day=shared_text.day_in_words(row["onset"]), told=_lower(stacked))]
                if stacked
                else []
            )
    for place, (first, last) in enumerate(explanation.windows.spans.select("from_date", "to_date").rows()):
        if not sentences and first <= end and last >= start:
            stacked = _stacked(explanation.windows, place)
            sentences += (
                [SMALL_IN.format(span=shared_text.span_in_words(first, last), told=_lower(stacked))]
                if stacked
                else []
            )
    return sentences[-1:]


def _furthest(
    changed: Sequence[Mapping[str, Any]], small: str | None, reader: Reader, settings: ModelSettings
) -> list[str]:
    """The channel furthest out where none stepped up, and several small ones at once."""
    rows = _unusual(changed, reader, settings)
    if not rows:
        return [small] if small else []
    row = rows[0]
    sentence = SHORT_OF.format(
        name=capitalise(NAMES[row["channel"]]),
        was="were" if row["channel"] == "shoe_new" else "was",
        told=_row_in_words(row, reader),
    )
    if not small:
        return [sentence]
    is_far = row["z"] >= NEARLY and _is_enough(row, settings)
    return [sentence, small] if is_far else [small, sentence]


def _unusual(
    rows: Sequence[Mapping[str, Any]], reader: Reader, settings: ModelSettings
) -> list[Mapping[str, Any]]:
    """Doses that differ from usual as they are written, those far enough to matter for a tendon first."""
    doses = [row for row in rows if row["unusual"] and row["channel"] in DOSE and row["usual"] is not None]
    written = [
        [amount(row["channel"], row[name], reader.units) for name in ("value", "usual")] for row in doses
    ]
    unusual = [row for row, (value, usual) in zip(doses, written, strict=True) if value != usual]
    return sorted(unusual, key=lambda row: not _is_enough(row, settings))


def _is_enough(row: Mapping[str, Any], settings: ModelSettings) -> bool:
    value, usual = (np.array([row[name]], dtype=float) for name in ("value", "usual"))
    return bool(is_enough(row["channel"], value, usual, settings)[0])


def _again(rows: Sequence[Mapping[str, Any]], channel: str, days: int) -> list[str]:
    """How often the same came with a flare after it, and how often without."""
    return [count_in_words(row, days) for row in rows if row["channel"] == channel and row["unusual"]]


def _row_in_words(row: Mapping[str, Any], reader: Reader) -> str:
    value, usual = (amount(row["channel"], row[name], reader.units) for name in ("value", "usual"))
    return REACHED[row["channel"]].format(value=value, usual=usual, pair="")


def _rows(around: CurrentChanges, place: int) -> list[dict[str, Any]]:
    start, end = around.spans.select("from_date", "to_date").row(place)
    return around.changes.filter((pl.col("from_date") == start) & (pl.col("to_date") == end)).to_dicts()


def _stacked(around: CurrentChanges, place: int) -> str | None:
    return around.stacked["words"][place] if place < around.stacked.height else None


def capitalise(text: str) -> str:
    """Return a sentence with a capital, and the rest of it as it is."""
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
