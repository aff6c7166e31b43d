"""Flares: stretches in which symptoms stood above the runner's own usual, by a rule anyone can check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from dashboard.model.settings import ModelSettings

LOOK_BACK = 28
NEEDED_LOGS = 10
"""Entries needed in the 28 days before to know what is usual. Design choice."""
WITHIN = 3
NEEDED_WITHIN = 2
CALM = 7
CALM_LOGS = 3
CALM_RISE = 1.0
REFRACTORY = 14
SILENCE = 28
"""After this many days without an entry nothing is known of a flare any more. Design choice."""
MATCH_DAYS = 14

SCORE_UP = "score_up"
SCORE_HIGH = "score_high"
STIFFNESS_UP = "stiffness_up"
BY_PERSON = "by_person"
RULES = (SCORE_UP, SCORE_HIGH, STIFFNESS_UP, BY_PERSON)

FLARE_SCHEMA = pl.Schema(
    {
        "onset": pl.Date,  # the person's where one was given, else the rule's
        "onset_rule": pl.Date,
        "onset_person": pl.Date,
        "end": pl.Date,
        "last_high": pl.Date,
        "peak_date": pl.Date,
        "peak_0_10": pl.Float64,
        "peak_stiffness_min": pl.Float64,
        "usual_0_10": pl.Float64,
        "usual_stiffness_min": pl.Float64,
        "rule": pl.String,
        "n_logged": pl.Int64,
        "n_logged_before": pl.Int64,
    }
)

ONSET_EDIT_SCHEMA = pl.Schema({"onset_rule_date": pl.Date, "onset_person_date": pl.Date})
"""What a person said of the rule's flares: another onset, none (null: not a flare), or one the rule did not
find (null rule date)."""


@dataclass(frozen=True)
class _Diary:
    """The diary day by day; NaN and False where nothing was logged."""

    dates: list[date]
    score: np.ndarray
    stiff: np.ndarray
    stiff_least: np.ndarray
    logged: np.ndarray
    usual_score: np.ndarray
    usual_stiff: np.ndarray
    usual_most: np.ndarray


def find_flares(
    days: pl.DataFrame, settings: ModelSettings, edits: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Find flares.

    All design choices. A flare begins on a day with a score at least 2 above usual, or stiffness at least 10 min
    and half as much again above it, on two of three days; or with a score above 5 once, at least 2 above usual
    where that is known. Fourteen days after its end a new one may begin; before, it is the same. Minutes logged as
    a band rise only where they do so wherever in their bands they were: the least of the day against the most of
    the days before. No flare rests on the middle of a band.

    Parameters
    ----------
    days : DataFrame
        DAY_SCHEMA. The score of a day is the largest pain, whenever felt, or morning stiffness of 0-10 that was
        logged; a day not logged is not a calm day.
    settings : ModelSettings
        The `flare_...` numbers.
    edits : DataFrame or None
        EDIT_SCHEMA. Each counts for the rule's flare that begins within 14 days of `onset_rule_date`.

    Returns
    -------
    DataFrame
        FLARE_SCHEMA, in order of onset. `end`: the last day before seven days near the usual; null where that
        was not seen. `rule`: words of RULES, one space between. `usual_...`: median of the 28 days before,
        null with fewer than ten entries. `n_logged` of the flare's days; `n_logged_before` of those 28.
    """
    if days.is_empty():
        return FLARE_SCHEMA.to_frame()
    diary = _diary(days)
    begins, words = _begins(diary, settings)
    rows = [_row(diary, settings, begins, words, at) for at in _onsets(diary, settings, begins)]
    corrected = _edited(rows, diary, settings, begins, edits) if edits is not None else rows
    return pl.DataFrame(corrected, schema=FLARE_SCHEMA).sort("onset").unique("onset", maintain_order=True)


def _diary(days: pl.DataFrame) -> _Diary:
    score = days.select(pl.max_horizontal("pain_0_10", "stiffness_0_10")).to_series()

    def usual(felt: pl.Series) -> np.ndarray:
        return felt.rolling_median(LOOK_BACK, min_samples=NEEDED_LOGS).shift(1).to_numpy()

    ends = days.select(pl.col("stiffness_low_min", "stiffness_high_min").fill_null(pl.col("stiffness_min")))
    logged = days.select(
        pl.any_horizontal(pl.col("pain_0_10", "stiffness_min", "stiffness_0_10").is_not_null())
    )
    return _Diary(
        dates=days["local_date"].to_list(),
        score=score.to_numpy(),
        stiff=days["stiffness_min"].to_numpy(),
        stiff_least=ends["stiffness_low_min"].to_numpy(),
        logged=logged.to_series().to_numpy(),
        usual_score=usual(score),
        usual_stiff=usual(days["stiffness_min"]),
        usual_most=usual(ends["stiffness_high_min"]),
    )


def _stiff_up(stiff: np.ndarray, usual: np.ndarray | float, settings: ModelSettings) -> np.ndarray:
    rise, share = settings.flare_stiffness_rise_min, settings.flare_stiffness_share
    return (stiff >= usual + rise) & (stiff >= usual * (1 + share))


def _begins(diary: _Diary, settings: ModelSettings) -> tuple[np.ndarray, list[str]]:
    """Days on which the rule lets a flare begin, and by which of its parts."""
    up = diary.score >= diary.usual_score + settings.flare_pain_rise
    stiff = _stiff_up(diary.stiff_least, diary.usual_most, settings)
    above = (diary.score > settings.flare_pain_high) & (up | np.isnan(diary.usual_score))
    parts = {SCORE_UP: _twice(up), SCORE_HIGH: above, STIFFNESS_UP: _twice(stiff)}
    begins = _twice(up | stiff) | above
    by_one_each = begins & ~(parts[SCORE_UP] | above | parts[STIFFNESS_UP])
    parts[SCORE_UP] |= by_one_each & up
    parts[STIFFNESS_UP] |= by_one_each & stiff
    return begins, [" ".join(word for word, on in parts.items() if on[i]) for i in range(len(begins))]


def _twice(high: np.ndarray) -> np.ndarray:
    """Days that are high, and at least one of the two after them too."""
    padded = np.concatenate([high, np.zeros(WITHIN - 1, dtype=bool)])
    count = np.sum([padded[i : i + len(high)] for i in range(WITHIN)], axis=0)
    return high & (count >= NEEDED_WITHIN)


def _onsets(diary: _Diary, settings: ModelSettings, begins: np.ndarray) -> list[int]:
    onsets: list[int] = []
    free = 0
    for at in np.nonzero(begins)[0].tolist():
        if at >= free:
            onsets.append(at)
            free = _follow(diary, settings, begins, at)[2]
    return onsets


def _raised(diary: _Diary, settings: ModelSettings, at: int) -> np.ndarray:
    """Logged days that are not near what was usual when the flare began."""
    usual, usual_most = diary.usual_score[at], diary.usual_most[at]
    if np.isnan(usual):
        usual = settings.flare_pain_high - settings.flare_pain_rise - CALM_RISE
    stiff = _stiff_up(diary.stiff_least, usual_most, settings) if np.isfinite(usual_most) else False
    return (diary.score > usual + CALM_RISE) | stiff


def _follow(diary: _Diary, settings: ModelSettings, begins: np.ndarray, at: int) -> tuple[int, bool, int]:
    """Last raised day, whether calm was seen after it, and the day from which another flare may begin."""
    raised = _raised(diary, settings, at)
    last, heard, logs, calm = at, at, 0, False
    for day in range(at + 1, len(raised)):
        heard = day if diary.logged[day] else heard
        if calm and day - last > REFRACTORY:
            return last, True, day
        if begins[day] if calm else raised[day]:
            last, logs, calm = day, 0, False
        else:
            logs += int(diary.logged[day])
            calm = calm or (day - last >= CALM and logs >= CALM_LOGS)
        if not calm and day - heard >= SILENCE:
            return last, False, day
    return last, calm, len(raised)


def _row(
    diary: _Diary,
    settings: ModelSettings,
    begins: np.ndarray,
    words: list[str],
    at: int,
    rule_at: int | None = None,
) -> dict[str, object]:
    """One flare that begins at a day; `rule_at` where the rule had another."""
    last, calm, _ = _follow(diary, settings, begins, at)
    score, stiff = diary.score[at : last + 1], diary.stiff[at : last + 1]
    rule = at if rule_at is None else rule_at
    peak = score if np.isfinite(score).any() else stiff
    return {
        "onset": diary.dates[at],
        "onset_rule": diary.dates[rule] if words[rule] else None,
        "end": diary.dates[last] if calm else None,
        "last_high": diary.dates[last],
        "peak_date": diary.dates[at + int(np.nanargmax(peak))] if np.isfinite(peak).any() else None,
        "peak_0_10": _largest(score),
        "peak_stiffness_min": _largest(stiff),
        "usual_0_10": _known(diary.usual_score[at]),
        "usual_stiffness_min": _known(diary.usual_stiff[at]),
        "rule": words[rule] or BY_PERSON,
        "n_logged": int(diary.logged[at : last + 1].sum()),
        "n_logged_before": int(diary.logged[max(0, at - LOOK_BACK) : at].sum()),
    }


def _largest(values: np.ndarray) -> float | None:
    return float(np.nanmax(values)) if np.isfinite(values).any() else None


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _edited(
    rows: list[dict[str, object]],
    diary: _Diary,
    settings: ModelSettings,
    begins: np.ndarray,
    edits: pl.DataFrame,
) -> list[dict[str, object]]:
    """Apply what a person said: another onset, no flare, or one more."""
    place = {day: i for i, day in enumerate(diary.dates)}
    _, words = _begins(diary, settings)
    edited = list(rows)
    for rule, person in edits.select("onset_rule_date", "onset_person_date").rows():
        match = _nearest(edited, rule)
        if match is not None:
            edited.remove(match)
        if person in place and (match is not None or rule is None):
            ruled = match["onset_rule"] if match is not None else person
            at = place[ruled] if isinstance(ruled, date) else place[person]
            silent = words if match is not None else [""] * len(words)
            row = _row(diary, settings, begins, silent, place[person], at)
            edited.append(row | {"onset_person": person})
    return edited


def _nearest(rows: list[dict[str, object]], rule: date | None) -> dict[str, object] | None:
    near = timedelta(MATCH_DAYS)
    dated = [(row["onset_rule"], row) for row in rows]
    close = [
        (abs(at - rule), row) for at, row in dated if rule and isinstance(at, date) and abs(at - rule) <= near
    ]
    return min(close, key=lambda pair: pair[0])[1] if close else None
