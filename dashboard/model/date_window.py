"""Which dates the Timeline shows."""

from __future__ import annotations

from datetime import date, timedelta

from dashboard.model.analysis import Analysis

WINDOW_LENGTHS = {"16 weeks": 112, "1 year": 365, "3 years": 1096}
ALL_DATES, OWN_DATES = "All", "Dates"
WINDOW_CHOICES = (*WINDOW_LENGTHS, ALL_DATES, OWN_DATES)


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
        One of `WINDOW_CHOICES`; None is the first.
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
    return last_days(first, last, WINDOW_LENGTHS.get(choice or "", WINDOW_LENGTHS["16 weeks"]))


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
