"""When a diary and a record say that a physical therapist should have a look."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

import polars as pl

from dashboard.model.schemas import WEEK

LASTING_WEEKS = 3
NEEDED_LOGS = 2
"""Entries in a week below which nothing is said of that week."""
FELT_0_10 = 2.0
FELT_MIN = 5.0
"""From here on an entry counts as symptoms: below, a score is near the noise of saying it."""
BLOCKS = 3
USUAL_WEEKS = 8
LATELY_WEEKS = 2
LESS = 0.5
STILL_RUNNING = 0.5


class CareReason(StrEnum):
    """Why a physical therapist should have a look."""

    EVERY_BLOCK = "every_block"
    LIMITS_BOTH = "limits_both"
    LIMITS_SPEED = "limits_speed"
    LIMITS_HILLS = "limits_hills"
    LASTING = "lasting"


def care_reason(
    days: pl.DataFrame, windows: pl.DataFrame, flares: pl.DataFrame, today: date, within_days: int
) -> CareReason | None:
    """Return whether, and why, a physical therapist should have a look.

    The three reasons (symptoms over two to three weeks, a flare in every training block, symptoms that limit hills
    or speed work) are common clinical advice; no trial sets a number. The numbers are ours, design choices.
    Lasting: in each of the last three weeks at least two entries, and half of them with a score of at least 2 of 10
    or stiffness of at least 5 minutes. Every block: each of the last three stretches in which load outpaced habit
    had a flare begin in it or within `within_days` after it, the last within half a year. Limits: symptoms lasting
    as above, and in the last two weeks less than half of the usual fast minutes, or climb and descent, of the eight
    weeks before those three, while at least half of the usual distance was run.

    Parameters
    ----------
    days : DataFrame
        DAY_SCHEMA.
    windows : DataFrame
        As from `outpaced_windows.outpaced_windows`.
    flares : DataFrame
        FLARE_SCHEMA.
    today : date
        Local date of the reader.
    within_days : int
        How soon after a rise in load a flare counts as following it, d.

    Returns
    -------
    CareReason or None
        One reason, the one that says most; None where none is seen, which is not the same as all being well.
    """
    lasting = _is_lasting(days, today)
    limits = _limited(days, today) if lasting else None
    if _every_block(windows, flares, today, within_days):
        return CareReason.EVERY_BLOCK
    return limits or (CareReason.LASTING if lasting else None)


def _is_lasting(days: pl.DataFrame, today: date) -> bool:
    score = pl.max_horizontal("pain_0_10", "stiffness_0_10")
    least = pl.coalesce("stiffness_low_min", "stiffness_min")
    logged = days.select(
        "local_date",
        logged=score.is_not_null() | least.is_not_null(),
        felt=(score >= FELT_0_10).fill_null(False) | (least >= FELT_MIN).fill_null(False),
    ).filter("logged")
    for back in range(LASTING_WEEKS):
        last = today - timedelta(days=WEEK * back)
        week = logged.filter(pl.col("local_date").is_between(last - timedelta(days=WEEK - 1), last))
        if week.height < NEEDED_LOGS or week["felt"].sum() * 2 < week.height:
            return False
    return True


def _every_block(windows: pl.DataFrame, flares: pl.DataFrame, today: date, within_days: int) -> bool:
    last = windows.filter(pl.col("from_date") <= today).sort("from_date").tail(BLOCKS)
    onsets = flares["onset"].to_list()
    if last.height < BLOCKS or (today - last["to_date"].max()).days > WEEK * 26:  # pyright: ignore
        return False
    reach = timedelta(days=within_days)
    spans = last.select("from_date", "to_date").rows()
    return all(any(first <= onset <= end + reach for onset in onsets) for first, end in spans)


def _limited(days: pl.DataFrame, today: date) -> CareReason | None:
    lately = _mean_of_a_week(days, today, LATELY_WEEKS)
    usual = _mean_of_a_week(days, today - timedelta(weeks=LASTING_WEEKS), USUAL_WEEKS)
    if not _is_part(lately["distance_m"], usual["distance_m"], STILL_RUNNING):
        return None
    speed = _is_less(lately["fast_s"], usual["fast_s"])
    hills = _is_less(lately["slope_m"], usual["slope_m"])
    if speed and hills:
        return CareReason.LIMITS_BOTH
    return CareReason.LIMITS_SPEED if speed else CareReason.LIMITS_HILLS if hills else None


def _mean_of_a_week(days: pl.DataFrame, last: date, weeks: int) -> dict[str, float | None]:
    """Sums of a week; null where a day that was run, or reached by no record, does not say."""
    since = last - timedelta(days=weeks * WEEK - 1)
    inside = days.filter(pl.col("local_date").is_between(since, last) & pl.col("known"))
    slope = (pl.col("ascent_m") + pl.col("descent_m")).alias("slope_m")
    wanted = inside.select("distance_m", "fast_s", slope)
    if inside.height < weeks * WEEK - WEEK:
        return dict.fromkeys(wanted.columns)
    return {
        name: None if wanted[name].null_count() else float(wanted[name].sum()) / inside.height * WEEK
        for name in wanted.columns
    }


def _is_less(now: float | None, usual: float | None) -> bool:
    return now is not None and usual is not None and usual > 0 and now < LESS * usual


def _is_part(now: float | None, usual: float | None, share: float) -> bool:
    return now is not None and usual is not None and usual > 0 and now >= share * usual
