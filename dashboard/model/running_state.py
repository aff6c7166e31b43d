"""The state of a runner's record on each day: new, ordinary, irregular, on a break or on the way back.

What a runner is used to means something only where running was regular. The rules are design choices; see
`ModelSettings` for the numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from dashboard.model.schemas import NEEDED_OF_WEEK, WEEK
from dashboard.model.settings import ModelSettings

WEEKS = 12
NEW_DAYS = WEEK * WEEKS
NEEDED_WEEKS = 8
"""Weeks of the twelve that must be known before running is called regular or not."""
HALF_YEAR = 182
TOLERANCE = 1e-9

NEW, ORDINARY, IRREGULAR, BREAK, WAY_BACK = "new", "ordinary", "irregular", "break", "way_back"
STATES = (NEW, ORDINARY, IRREGULAR, BREAK, WAY_BACK)
_CODE = {name: code for code, name in enumerate(STATES)}
_NONE = -1

BREAK_SCHEMA = pl.Schema(
    {
        "from_date": pl.Date,  # first day with little or no running
        "to_date": pl.Date,  # last of them; of an open break the last known day
        "is_open": pl.Boolean,
        "days": pl.Int64,  # known days of the break
        "counts": pl.Boolean,  # whether running was regular before: only then it is told, and a way back follows
        "level_tkm": pl.Float64,  # load of a day that the line back rises to; null where it does not count
        "line_days": pl.Int64,  # known days in which it rises
        "way_back_from": pl.Date,  # null while the break is open, and where it does not count
        "way_back_to": pl.Date,
        "way_back_is_open": pl.Boolean,
    }
)


@dataclass(frozen=True)
class Break:
    """One break and the way back after it, in positions of days; ends are exclusive."""

    start: int
    end: int
    is_open: bool
    days: int
    counts: bool
    level: float
    line_days: int
    back_end: int
    back_is_open: bool


@dataclass(frozen=True)
class Regularity:
    """How regularly a runner ran in the twelve weeks up to each day.

    Parameters
    ----------
    run_weeks, known_weeks : ndarray of int, shape (days,)
        Blocks of seven days with a run, and blocks that are known, among the last twelve.
    is_known, is_regular : ndarray of bool, shape (days,)
        Whether at least eight weeks are known, and whether enough of these hold a run.
    """

    run_weeks: np.ndarray
    known_weeks: np.ndarray
    is_known: np.ndarray
    is_regular: np.ndarray


@dataclass(frozen=True)
class Course:
    """States of one series of loads.

    Parameters
    ----------
    codes : ndarray of int, shape (days,)
        Position in `STATE_LEVELS`; -1 not known.
    line : ndarray, shape (days,)
        Line back, tkm a day; NaN when not on the way back.
    breaks : tuple of Break
        Breaks of at least `break_days` known days, in order.
    """

    codes: np.ndarray
    line: np.ndarray
    breaks: tuple[Break, ...]

    def is_in(self, *states: str) -> np.ndarray:
        """Return for each day whether it is in one of the states.

        Parameters
        ----------
        *states : str
            Names of states.

        Returns
        -------
        ndarray of bool, shape (days,)
            False where the state is not known.
        """
        return np.isin(self.codes, [_CODE[state] for state in states])

    def names(self) -> pl.Series:
        """Return the state of each day by name; null not known."""
        return pl.Series("state", [STATES[c] if c >= 0 else None for c in self.codes.tolist()], pl.String)


def build_regularity(load: np.ndarray, ran: np.ndarray, settings: ModelSettings) -> Regularity:
    """Count the weeks with a run among the last twelve.

    Parameters
    ----------
    load : ndarray, shape (days,)
        tkm a day; NaN not known.
    ran : ndarray of bool, shape (days,)
        Whether any run is on record, whatever is known of its load.
    settings : ModelSettings
        `regular_share`.

    Returns
    -------
    Regularity
        Blocks d−6…d, d−13…d−7, … of each day d. A block without a run and with fewer than five known days is
        unknown and left out.
    """
    known = np.isfinite(load)
    week_known, week_ran = _rolling(known), _rolling(ran)
    has_run = week_ran > 0
    is_known = has_run | (week_known >= NEEDED_OF_WEEK)
    run_weeks, known_weeks = _blocks(has_run), _blocks(is_known)
    needed = settings.regular_share * known_weeks - TOLERANCE
    enough = known_weeks >= NEEDED_WEEKS
    return Regularity(run_weeks, known_weeks, enough, enough & (run_weeks >= needed))


def _rolling(values: np.ndarray) -> np.ndarray:
    """Sum of the last seven days, of fewer at the start."""
    total = np.concatenate([[0], np.cumsum(values)])
    day = np.arange(len(values)) + 1
    return total[day] - total[np.maximum(day - WEEK, 0)]


def _blocks(weeks: np.ndarray) -> np.ndarray:
    """Sum of the values 0, 7, … 77 days earlier."""
    total = np.zeros(len(weeks), dtype=np.int64)
    for block in range(WEEKS):
        back = block * WEEK
        total[back:] += weeks[: max(len(weeks) - back, 0)]
    return total


def build_course(
    load: np.ndarray,
    acute: np.ndarray,
    habit: np.ndarray,
    held: np.ndarray,
    regular: Regularity,
    ladder: np.ndarray,
    settings: ModelSettings,
) -> Course:
    """Compute the state of each day of a record, from its first known day to its last.

    Parameters
    ----------
    load, acute, habit : ndarray, shape (days,)
        tkm a day: load, mean of seven days, and what the runner is used to by the end of the day.
    held : ndarray, shape (days,)
        Habit of seven days earlier; NaN in the first six weeks.
    regular : Regularity
        From the runs.
    ladder : ndarray of bool, shape (days,)
        Days with a run while a return ladder is in use: the first of them after a break ends it.
    settings : ModelSettings
        Of breaks and lines.

    Returns
    -------
    Course
        Where the acute mean is unknown, the state of the day before goes on.
    """
    breaks = tuple(_find_breaks(load, acute, habit, held, regular, ladder, settings))
    codes = np.where(
        regular.is_known, np.where(regular.is_regular, _CODE[ORDINARY], _CODE[IRREGULAR]), _NONE
    ).astype(np.int64)
    line = np.full(len(load), np.nan)
    known_load = np.cumsum(np.isfinite(load))
    known_week = np.cumsum(np.isfinite(acute))
    for one in (each for each in breaks if each.counts):
        before = known_load[one.start - 1] if one.start else 0
        relearnt = one.start + int(
            np.searchsorted(known_load[one.start : one.end] - before, settings.break_days)
        )
        codes[relearnt : one.end] = _CODE[BREAK]
    for number, one in enumerate(breaks):
        at = slice(one.end, _line_end(breaks, number))
        after = known_week[at] - (known_week[one.end - 1] if one.end else 0) - 1
        rise = np.minimum(np.maximum(after, 0) / max(one.line_days, 1), 1.0)
        line[at] = one.level * (settings.break_share + (1 - settings.break_share) * rise)
        back = codes[at]
        codes[at] = np.where(back == _CODE[BREAK], back, _CODE[WAY_BACK])
    codes[:NEW_DAYS] = _CODE[NEW]
    return Course(_carried(codes, np.isfinite(acute)), line, breaks)


def _line_end(breaks: Sequence[Break], number: int) -> int:
    """Position at which a line back ends: by itself, or where the line after a later break takes its place."""
    one = breaks[number]
    following = breaks[number + 1].end if number + 1 < len(breaks) else one.back_end
    return max(min(one.back_end, following), one.end)


def _carried(codes: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Let the state of the day before go on where the acute mean is unknown, after the first twelve weeks."""
    at = np.arange(len(codes))
    source = np.maximum.accumulate(np.where(known | (at < NEW_DAYS), at, 0))
    return codes[source] if len(codes) else codes


def _find_breaks(
    load: np.ndarray,
    acute: np.ndarray,
    habit: np.ndarray,
    held: np.ndarray,
    regular: Regularity,
    ladder: np.ndarray,
    settings: ModelSettings,
) -> list[Break]:
    low = np.nonzero(_below(acute, settings.break_share * held))[0]
    known = np.concatenate([[0], np.cumsum(np.isfinite(load))])
    breaks: list[Break] = []
    at = 0
    while (place := int(np.searchsorted(low, at))) < len(low):
        start = int(low[place])
        passed, is_open = _end_of_break(acute, start, settings.break_share * float(held[start]))
        known_at = int(np.searchsorted(known, known[start] + settings.break_days))
        stepped = known_at + np.nonzero(ladder[known_at:passed])[0]
        end = int(stepped[0]) if len(stepped) else passed
        days = int(known[end] - known[start])
        is_open = is_open and not len(stepped)
        if days >= settings.break_days:
            last = breaks[-1] if breaks else None
            one = _build_break(start, end, is_open, days, acute, regular, last, settings)
            breaks.append(_with_way_back(one, acute, habit, settings))
        at = max(passed, start + 1)
    return breaks


def _below(acute: np.ndarray, limit: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        return acute < limit - TOLERANCE * np.abs(limit)


def _end_of_break(acute: np.ndarray, start: int, limit: float) -> tuple[int, bool]:
    """Position of the first day that is no longer low, and whether none has come yet."""
    with np.errstate(invalid="ignore"):
        over = acute[start + 1 :] >= limit - TOLERANCE * abs(limit)
    later = np.nonzero(over)[0]
    return (start + 1 + int(later[0]), False) if len(later) else (len(acute), True)


def _build_break(
    start: int,
    end: int,
    is_open: bool,
    days: int,
    acute: np.ndarray,
    regular: Regularity,
    last: Break | None,
    settings: ModelSettings,
) -> Break:
    """Return a break its level and the length of its line; the way back is added later."""
    before = acute[max(start - WEEK - NEW_DAYS + 1, 0) : max(start - WEEK + 1, 0)]
    level = float(np.nanmean(before)) if np.isfinite(before).any() else np.nan
    counts = bool(regular.is_regular[max(start - HALF_YEAR, 0) : start].any()) and np.isfinite(level)
    length = days
    if last is not None and last.counts and last.end <= start < last.back_end and end - start < HALF_YEAR:
        counts, length = True, last.line_days + days
        level = max(last.level, level) if np.isfinite(level) else last.level
    line = int(min(max(length, settings.line_least_days), settings.line_most_days))
    return Break(start, end, is_open, days, counts, level, line, end, False)


def _with_way_back(one: Break, acute: np.ndarray, habit: np.ndarray, settings: ModelSettings) -> Break:
    """Find the end of the way back as if no further break came; a later break cuts it short where states are set."""
    if one.is_open or not one.counts:
        return one
    passed = np.cumsum(np.isfinite(acute[one.end :])) - 1
    with np.errstate(invalid="ignore"):
        caught_up = habit[one.end :] >= settings.way_back_share * one.level
    over = (passed >= min(settings.line_least_days, one.line_days)) & caught_up
    over |= passed >= one.line_days + settings.way_back_tail_days
    later = np.nonzero(over)[0]
    end = one.end + int(later[0]) if len(later) else len(acute)
    return replace(one, back_end=end, back_is_open=not len(later))


def build_breaks(course: Course, dates: pl.Series) -> pl.DataFrame:
    """Return the breaks of a course by date.

    Parameters
    ----------
    course : Course
        Of the record, from its first known day on.
    dates : Series of Date
        Of the same days.

    Returns
    -------
    DataFrame, one row for each break
        BREAK_SCHEMA; `to_date` and `way_back_to` inclusive.
    """
    day = dates.to_list()
    rows = []
    for number, one in enumerate(course.breaks):
        following = course.breaks[number + 1].start if number + 1 < len(course.breaks) else one.back_end
        end = max(min(one.back_end, following), one.end)
        has_back = one.counts and not one.is_open and end > one.end
        rows.append(
            {
                "from_date": day[one.start],
                "to_date": day[one.end - 1],
                "is_open": one.is_open,
                "days": one.days,
                "counts": one.counts,
                "level_tkm": one.level if one.counts else None,
                "line_days": one.line_days if one.counts else None,
                "way_back_from": day[one.end] if has_back else None,
                "way_back_to": day[end - 1] if has_back else None,
                "way_back_is_open": has_back and one.back_is_open and end == one.back_end,
            }
        )
    return pl.DataFrame(rows, schema=BREAK_SCHEMA)
