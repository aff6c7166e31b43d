"""Which dates the Timeline shows."""

from __future__ import annotations

from datetime import date, timedelta

from dashboard.model.analysis import Analysis

WINDOW_LENGTHS = {"4 weeks": 28, "16 weeks": 112, "1 year": 365, "3 years": 1096}
USUAL_WINDOW = "16 weeks"
ALL_DATES, OWN_DATES, AROUND_FLARE = "All", "Dates", "Around this flare"
WINDOW_CHOICES = (*WINDOW_LENGTHS, ALL_DATES, OWN_DATES)
BEFORE_ONSET_DAYS, AFTER_ONSET_DAYS = 84, 28
"""Twelve weeks hold a build-up, four the worst of most flares. Design choice."""
BESIDE_ONSET_DAYS = 7


def full_range(analysis: Analysis) -> tuple[date, date]:
    """Return the first and last date of the record.

    Parameters
    ----------
    analysis : Analysis
        With at least one day.

    Returns
    -------
    tuple of date
        First and last local date.
    """
    first, last = analysis.days["local_date"].min(), analysis.days["local_date"].max()
    if not isinstance(first, date) or not isinstance(last, date):
        return date(2000, 1, 1), date(2000, 1, 1)
    return first, last


def last_days(first: date, last: date, days: int) -> tuple[date, date]:
    """Return the last days of a range.

    Parameters
    ----------
    first, last : date
        Ends of the range, both inside.
    days : int
        Days asked for, at least 1; fewer where the range is shorter.

    Returns
    -------
    tuple of date
        First and last date, both inside.
    """
    return max(first, last - timedelta(days=days - 1)), last


def choose_range(analysis: Analysis, choice: str | None, dates: object = None) -> tuple[date, date]:
    """Return the dates of a choice.

    A window ends where the record ends, so that the newest is always seen.

    Parameters
    ----------
    analysis : Analysis
        With at least one day.
    choice : str or None
        One of `WINDOW_CHOICES`; None is `USUAL_WINDOW`.
    dates : object
        What a date widget gave: two dates, or anything while the second is not chosen yet.

    Returns
    -------
    tuple of date
        First and last local date, inside the record, at least four weeks where the record has them.
    """
    first, last = full_range(analysis)
    if choice == ALL_DATES:
        return first, last
    if choice == OWN_DATES:
        given = [day for day in dates if isinstance(day, date)] if isinstance(dates, list | tuple) else []
        if len(given) == 2:
            start, end = max(given[0], first), min(given[1], last)
            return (start, end) if start < end else (first, last)
    return last_days(first, last, WINDOW_LENGTHS.get(choice or "", WINDOW_LENGTHS[USUAL_WINDOW]))


def neighbours(
    analysis: Analysis, start: date, end: date
) -> tuple[tuple[date, date] | None, tuple[date, date] | None]:
    """Return the dates of equal length before and after some dates.

    Parameters
    ----------
    analysis : Analysis
        With at least one day.
    start, end : date
        First and last local date shown.

    Returns
    -------
    tuple
        Dates before and after, inside the record and of the same length; None where the record ends already.
    """
    first, last = full_range(analysis)
    length = end - start
    back, on = max(first, start - length), min(last, end + length)
    return (back, back + length) if back < start else None, (on - length, on) if on > end else None


def around_onset(analysis: Analysis, onset: date) -> tuple[date, date]:
    """Return the dates around the onset of a flare.

    Parameters
    ----------
    analysis : Analysis
        With at least one day.
    onset : date
        Local date on which the flare begins.

    Returns
    -------
    tuple of date
        Twelve weeks before to four weeks after, cut where the record begins and ends; the onset is always inside.
    """
    first, last = full_range(analysis)
    start = max(first, onset - timedelta(days=BEFORE_ONSET_DAYS))
    return holding(start, min(last, onset + timedelta(days=AFTER_ONSET_DAYS)), onset)


def holding(start: date, end: date, onset: date | None) -> tuple[date, date]:
    """Return dates widened until an onset lies inside them.

    Parameters
    ----------
    start, end : date
        First and last local date.
    onset : date or None
        None widens nothing.

    Returns
    -------
    tuple of date
        The same dates where they hold the onset; else with it and a week beyond it.
    """
    if onset is None or start <= onset <= end:
        return start, end
    beside = timedelta(days=BESIDE_ONSET_DAYS)
    return min(start, onset - beside), max(end, onset + beside) if onset > end else end


def has_source(analysis: Analysis, source: str) -> bool:
    """Return whether any run came from a source.

    Some sources want to be named where their data stands.

    Parameters
    ----------
    analysis : Analysis
        What is drawn.
    source : str
        As in the contract.

    Returns
    -------
    bool
        True with one run at least.
    """
    return bool((analysis.every_run["source"] == source).any())
