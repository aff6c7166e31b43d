"""What changed before a date: how far, how unusual for this runner, since when, and how often without a flare."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from dashboard.model.analysis import Analysis
from dashboard.model.attribution import list_drivers
from dashboard.model.channels import CHANNELS, WEEK, Channel, Novelty, novelty
from dashboard.model.day_table import day_numbers
from dashboard.model.load.factor import DRIVERS
from dashboard.model.settings import ModelSettings
from dashboard.model.step_ups import StepUps, find_step_ups, order_changes, usual_range

UNUSUAL = 1.0
"""A week this many of its own spreads beyond the eight before counts as a change. Design choice."""
SAME_AT_MOST = 2.0
JOIN_DAYS = 7
NEEDED_LOGGED = 0.5

CHANGE_SCHEMA = pl.Schema(
    {
        "from_date": pl.Date,  # the days looked at
        "to_date": pl.Date,
        "channel": pl.String,
        "date": pl.Date,  # last day of the week that stands out most
        "value": pl.Float64,
        "usual": pl.Float64,
        "usual_low": pl.Float64,
        "usual_high": pl.Float64,
        "z": pl.Float64,
        "unusual": pl.Boolean,
        "stepped_up": pl.Boolean,
        "rank": pl.Int64,
        "of_weeks": pl.Int64,
        "since": pl.Date,
        "with_flare": pl.Int64,
        "without_flare": pl.Int64,
        "not_told": pl.Int64,
    }
)


def changes(
    novelty: Novelty,
    spans: pl.DataFrame,
    flares: pl.DataFrame,
    days: pl.DataFrame,
    settings: ModelSettings,
    step_ups: StepUps | None = None,
) -> pl.DataFrame:
    """Return for each span of days and each channel what stood out most.

    What came before a flare says little until it is known how often it came without one.

    Parameters
    ----------
    novelty : Novelty
        Of the whole history.
    spans : DataFrame
        `from_date`, `to_date`: the days before a flare, an outpaced window, the last fortnight.
    flares : DataFrame
        FLARE_SCHEMA, for the counter-examples.
    days : DataFrame
        DAY_SCHEMA, for which days were logged.
    settings : ModelSettings
        `before_days`: how soon after a change a flare counts as after it.
    step_ups : StepUps or None
        Of the whole history; None is none.

    Returns
    -------
    DataFrame, one row for each span and channel
        CHANGE_SCHEMA, in the order of `step_ups.order_changes`. `stepped_up`: whether a step-up of the channel
        touches the span. The week of the span with the largest `z`: `value`, `usual` with the 10th and 90th
        percentile of the eight weeks before; `rank` of that z among the `of_weeks` weeks of the whole record that
        do not overlap; `since`, first day of the stretch that is unusual. `with_flare`, `without_flare`: how often
        the same change (as far out, or two spreads) came with a flare within the days after it, this time
        included, and how often not; `not_told`: too little was logged then. Null where not known.
    """
    after = _after(flares, days, novelty.first, settings)
    dates = days["local_date"]
    usual = (
        step_ups.usual
        if step_ups is not None
        else {name: usual_range(v) for name, v in novelty.values.items()}
    )
    rows = []
    for start, end in spans.select("from_date", "to_date").rows():
        first, last = (int(n) - novelty.first for n in day_numbers(pl.Series([start, end])))
        for channel in CHANNELS:
            z = novelty.z[channel.id]
            at = _peak(z, first, last)
            row = (
                None if at is None else _change(novelty, channel, at, dates, after, usual[channel.id][:, at])
            )
            stepped = step_ups is not None and bool(
                step_ups.within[channel.id][max(first, 0) : max(last + 1, 0)].any()
            )
            values = {"from_date": start, "to_date": end, "channel": channel.id, "stepped_up": stepped}
            rows.append(values | (row or {}))
    return order_changes(pl.DataFrame(rows, schema=CHANGE_SCHEMA))


def _peak(z: np.ndarray, first: int, last: int) -> int | None:
    start = max(first, 0)
    part = z[start : max(last + 1, 0)]
    return start + int(np.nanargmax(part)) if np.isfinite(part).any() else None


def _change(
    novelty: Novelty,
    channel: Channel,
    at: int,
    dates: pl.Series,
    after: tuple[np.ndarray, np.ndarray],
    usual: np.ndarray,
) -> dict[str, object]:
    z, values = novelty.z[channel.id], novelty.values[channel.id]
    others = np.concatenate([z[at + WEEK :: WEEK], z[at % WEEK : at : WEEK]])
    others = others[np.isfinite(others)]
    size = float(z[at])
    low, middle, high = (float(value) if np.isfinite(value) else None for value in usual)
    known = size >= UNUSUAL
    counts = _counter_examples(z, min(size, SAME_AT_MOST), after) if known else (None, None, None)
    return {
        "date": dates[at],
        "value": float(values[at]),
        "usual": middle,
        "usual_low": low,
        "usual_high": high,
        "z": size,
        "unusual": known,
        "rank": 1 + int((others > size).sum()),
        "of_weeks": 1 + len(others),
        "since": dates[_since(z, at)] if known else None,
        **dict(zip(("with_flare", "without_flare", "not_told"), counts, strict=True)),
    }


def _since(z: np.ndarray, at: int) -> int:
    low = np.nonzero(~(z[:at] >= UNUSUAL))[0]
    return int(low[-1]) + 1 if len(low) else 0


def _after(
    flares: pl.DataFrame, days: pl.DataFrame, first: int, settings: ModelSettings
) -> tuple[np.ndarray, np.ndarray]:
    """Running counts of onsets and of logged days."""
    onsets = np.zeros(days.height + 1)
    at = day_numbers(flares["onset"]) - first
    np.add.at(onsets, at[(at >= 0) & (at < days.height)] + 1, 1)
    answers = days.select(
        pl.any_horizontal(pl.col("pain_0_10", "stiffness_min", "stiffness_0_10").is_not_null())
    )
    logged = np.concatenate([[0], np.cumsum(answers.to_series().to_numpy())])
    reach = int(settings.before_days)
    ahead = np.minimum(np.arange(days.height) + reach + 1, days.height)
    return np.vstack([np.cumsum(onsets)[:-1], np.cumsum(onsets)[ahead]]), (logged[ahead] - logged[:-1]) / (
        reach + 1
    )


def _counter_examples(
    z: np.ndarray, size: float, after: tuple[np.ndarray, np.ndarray]
) -> tuple[int, int, int]:
    """Stretches at least as far out: with an onset from their first day to some weeks after, without, not told."""
    at = np.nonzero(z >= size - 1e-9)[0]
    if not len(at):
        return 0, 0, 0
    cut = np.nonzero(np.diff(at) > JOIN_DAYS)[0]
    starts, ends = at[np.concatenate([[0], cut + 1])], at[np.concatenate([cut, [len(at) - 1]])]
    (before, ahead), logged = after
    came = ahead[ends] - before[starts] > 0
    is_logged = logged[ends] >= NEEDED_LOGGED
    return int(came.sum()), int((~came & is_logged).sum()), int((~came & ~is_logged).sum())


CHANGE_DAYS = 28


def changes_before(analysis: Analysis, flares: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return for each channel what stood out most in the four weeks before a day.

    The same rule as for flares, on a day that a person chose.

    Parameters
    ----------
    found : Analysis
        Runs, days and settings of the whole history.
    flares : DataFrame
        FLARE_SCHEMA, for the counter-examples.
    day : date
        Such as an onset that a person moved.

    Returns
    -------
    DataFrame, one row for each channel
        CHANGE_SCHEMA, in the order of `step_ups.order_changes`.
    """
    span = pl.DataFrame(
        {"from_date": [day - timedelta(days=CHANGE_DAYS)], "to_date": [day - timedelta(days=1)]}
    )
    weeks = novelty(analysis.runs, analysis.days, analysis.settings)
    stepped = find_step_ups(weeks, analysis.runs, analysis.days, analysis.settings)
    return changes(weeks, span, flares, analysis.days, analysis.settings, stepped)


SMALL = (0.5, 1.5)
NEEDED_SMALL = 3
NEEDED_INDEX = 1.5
NEEDED_KNOWN = 4
LEAST_SHARE = 0.1
MOST_SHARE = 0.5
"""Several drivers made up a rise when at least three have a tenth of it and none has half. Design choice."""
NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven")
SENTENCE = "{count} small changes in the same week: {names}."
SEVERAL = "{count} changes together made up the rise, none of them half of it alone: {names}."

STACKED_SCHEMA = pl.Schema(
    {
        "from_date": pl.Date,
        "to_date": pl.Date,
        "date": pl.Date,
        "index": pl.Float64,
        "small": pl.List(pl.String),
        "badge": pl.Boolean,
        "words": pl.String,
    }
)


def stacked_index(novelty: Novelty) -> np.ndarray:
    """Combine the changes of a week.

    No study tests whether changes add up. The reason is arithmetic: five changes of 2 to 8 % multiply to a third
    more load.

    Parameters
    ----------
    novelty : Novelty
        Every channel on every date.

    Returns
    -------
    ndarray, shape (days,)
        Root of the sum of squared z of the channels that rose; NaN where fewer than four are known.
    """
    z = _stack(novelty)
    rose = np.maximum(np.nan_to_num(z), 0.0)
    known = np.isfinite(z).sum(axis=0) >= NEEDED_KNOWN
    return np.where(known, np.sqrt((rose**2).sum(axis=0)), np.nan)


def _stack(novelty: Novelty) -> np.ndarray:
    return np.array([novelty.z[channel.id] for channel in CHANNELS if channel.in_index])


def _is_small(z: np.ndarray) -> np.ndarray:
    return (z >= SMALL[0]) & (z < SMALL[1])


def stacked_changes(novelty: Novelty, spans: pl.DataFrame) -> pl.DataFrame:
    """Find in each span of days the week in which most came together.

    As `stacked_index`.

    Parameters
    ----------
    novelty : Novelty
        Every channel on every date.
    spans : DataFrame
        `from_date`, `to_date`.

    Returns
    -------
    DataFrame, one row for each span
        STACKED_SCHEMA. The day with the largest index, of the days with the badge where there is one: at least
        three channels with z from 0.5 to 1.5 and an index of 1.5. `small`: those channels. `words`: one sentence
        with the badge, else null.
    """
    index, small = stacked_index(novelty), _is_small(_stack(novelty))
    badge = (small.sum(axis=0) >= NEEDED_SMALL) & (np.nan_to_num(index) >= NEEDED_INDEX)
    stackable = [channel for channel in CHANNELS if channel.in_index]
    rows = []
    for start, end in spans.select("from_date", "to_date").rows():
        first, last = (int(n) - novelty.first for n in day_numbers(pl.Series([start, end])))
        days = np.arange(max(first, 0), min(last + 1, len(index)))
        chosen = days[badge[days]] if badge[days].any() else days[np.isfinite(index[days])]
        row: dict[str, object] = {"from_date": start, "to_date": end}
        if len(chosen):
            at = int(chosen[np.argmax(index[chosen])])
            which = [c for c, on in zip(stackable, small[:, at], strict=True) if on]
            words = _sentence(SENTENCE, [c.title.lower() for c in which]) if badge[at] else None
            day = pl.Series([novelty.first + at], dtype=pl.Int32).cast(pl.Date).item()
            row |= {"date": day, "index": float(index[at]), "small": [c.id for c in which]}
            row |= {"badge": bool(badge[at]), "words": words}
        rows.append(row)
    return pl.DataFrame(rows, schema=STACKED_SCHEMA)


def several_changes(driven: pl.DataFrame) -> list[str | None]:
    """Return for each rise whether several drivers made it up together.

    Design choice.

    Parameters
    ----------
    driven : DataFrame
        DRIVER_SCHEMA.

    Returns
    -------
    list of str or None
        One sentence, where at least three drivers have a tenth of what raised the load and none has half of it; else
        None. A driver that lowered the load is no part of that.
    """
    reasons: list[str | None] = []
    for row in driven.iter_rows(named=True):
        raised = {name: max(row[f"share_{name}"] or 0.0, 0.0) for name in DRIVERS}
        total = sum(raised.values()) or 1.0
        shares = {name: share / total for name, share in raised.items()}
        part = sorted((n for n, s in shares.items() if s >= LEAST_SHARE), key=lambda n: -shares[n])
        together = len(part) >= NEEDED_SMALL and max(shares.values()) < MOST_SHARE
        reasons.append(_sentence(SEVERAL, part) if together else None)
    return reasons


def _sentence(text: str, names: list[str]) -> str:
    return text.format(count=NUMBERS[len(names)], names=list_drivers(names))
