"""Symptom entries made by hand, on the page or on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from connectors.frames import STRENGTH, SYMPTOM
from connectors.manual_rows import BAND_MIDDLES_MIN, symptom_id, symptom_rows
from connectors.store import Store
from dashboard.model.next_morning import FollowedBy, followed_by, latest_pairs, latest_runs
from dashboard.shared.undo import Change, correct_rows, replace_rows

MORNING_FIELDS = ("morning_stiffness_0_10", "morning_stiffness_min", "morning_pain_0_10")
MOST_LISTED = 30
SCORES = (*MORNING_FIELDS, "pain_start_0_10", "pain_during_0_10", "pain_after_0_10")
_FROM_BEFORE = (
    "side",
    "site",
    *MORNING_FIELDS,
    "morning_stiffness_band",
)  # what a morning takes over from the one before
_STIFFNESS = ("morning_stiffness_min", "morning_stiffness_band")  # one answer, given in either way


@dataclass(frozen=True)
class SymptomEntry:
    """What was said of one date and side; None is unknown, 0 is none."""

    date: date
    side: str | None = None
    site: str | None = None
    morning_stiffness_0_10: float | None = None
    morning_stiffness_min: float | None = None
    morning_stiffness_band: str | None = None
    morning_pain_0_10: float | None = None
    pain_start_0_10: float | None = None
    warmed_up: bool | None = None
    pain_during_0_10: float | None = None
    pain_after_0_10: float | None = None
    is_same_as_before: bool | None = None
    note: str | None = None


def nothing_felt_on(day: date, side: str | None = None) -> SymptomEntry:
    """Return the entry that says: no stiffness and no pain this morning.

    "none" is an answer, an empty day is not.
    """
    return SymptomEntry(
        day, side, morning_stiffness_band="0", **dict.fromkeys(MORNING_FIELDS, 0.0), is_same_as_before=False
    )


def same_as_before(rows: Iterable[Mapping[str, Any]]) -> list[SymptomEntry]:
    """Return the entries that say: as the morning before.

    A morning like the last is a true answer, and is told from one thought over.
    """
    return [
        SymptomEntry(
            row["date"] + timedelta(days=1),
            **{name: row[name] for name in _FROM_BEFORE},
            is_same_as_before=True,
        )
        for row in rows
        if any(row[name] is not None for name in MORNING_FIELDS)
    ]


def save_entry(store: Store, athlete_id: int, *answers: SymptomEntry) -> Change:
    """Store entries of one date; what one leaves open keeps what was said before of that date and side.

    Stiffness is known in the morning and pain after the run, and both are one day.
    """
    stored = _stored(store, athlete_id, [symptom_id(one.date, one.side) for one in answers])
    return replace_rows(
        store, SYMPTOM, athlete_id, answered_rows(athlete_id, answers, stored), list(stored.values())
    )


def answered_rows(
    athlete_id: int,
    answers: Sequence[SymptomEntry],
    stored: Mapping[str, Mapping[str, Any]],
    when: datetime | None = None,
) -> list[dict[str, Any]]:
    """Build the rows of answers over those stored of the same date and side, by their id."""
    rows = [_over(asdict(one), stored.get(symptom_id(one.date, one.side))) for one in answers]
    built = symptom_rows(rows, athlete_id, when or datetime.now(UTC)).to_dicts()
    for row in built:
        before = stored.get(row["source_id"])
        row["source"] = before["source"] if before else row["source"]
    return built


def amend_entry(store: Store, row: Mapping[str, Any], **changes: Any) -> Change:
    """Change what a stored entry says; another side makes it the entry of that side.

    An entry thought over is no longer the same as the day before.
    """
    there = None
    if changes.get("side", row["side"]) != row["side"]:
        moved_id = symptom_id(row["date"], changes["side"])
        there = _stored(store, row["athlete_id"], [moved_id]).get(moved_id)
    changed = amended_row(row, there, changes)
    return replace_rows(store, SYMPTOM, row["athlete_id"], [changed], [row, *([there] if there else [])])


def amended_row(
    row: Mapping[str, Any], there: Mapping[str, Any] | None, changes: Mapping[str, Any]
) -> dict[str, Any]:
    """Return an entry with what was thought over; `there` is the entry of the side that it moves to."""
    same = False if set(changes) & set(_FROM_BEFORE) else row["is_same_as_before"]
    changed = {**row, "is_same_as_before": same, **changes}
    if changed["side"] == row["side"]:
        return changed
    changed["source_id"] = symptom_id(row["date"], changed["side"])
    return {**_over(changed, there), "source": there["source"]} if there else changed


def _stored(store: Store, athlete_id: int, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Rows by id, whatever they came from; what was made by hand goes before the rest."""
    rows = store.read(SYMPTOM, athlete_id).filter(pl.col("source_id").is_in(ids))
    ordered = rows.sort(pl.col("source") == "manual")
    return {row["source_id"]: row for row in ordered.iter_rows(named=True)}


def _over(answers: dict[str, Any], before: Mapping[str, Any] | None) -> dict[str, Any]:
    """Fill what was left open with what was said before; minutes and their band are one answer."""
    if before is None:
        return answers
    answered = [name for name in _STIFFNESS if answers[name] is not None]
    own = _STIFFNESS if answered else ()
    return {
        name: before[name] if value is None and name not in own else value for name, value in answers.items()
    }


DRAFT_SETTING = "half_made_entry"


def save_draft(store: Store, athlete_id: int, day: date, stiffness: int) -> None:
    """Save the first answer until the second is given.

    A phone drops a page it does not show, and the address may not hold a symptom.
    """
    store.set_settings(athlete_id, {DRAFT_SETTING: f"{day.isoformat()} {stiffness}"})


def load_draft(store: Store, athlete_id: int, day: date) -> int | None:
    """Return the first answer of an entry not finished.

    See `save_entry`.
    """
    written, _, stiffness = store.settings(athlete_id).get(DRAFT_SETTING, "").partition(" ")
    return int(stiffness) if written == day.isoformat() and stiffness.isdigit() else None


def drop_draft(store: Store, athlete_id: int) -> None:
    """Forget the entry that was not finished, or was finished just now."""
    store.set_settings(athlete_id, {DRAFT_SETTING: None})


STRIP_DAYS = 14
CARRIED_OVER = timedelta(weeks=4)


@dataclass(frozen=True)
class DayStatus:
    """One day of the strip."""

    date: date
    is_logged: bool


def entries_on(symptoms: pl.DataFrame, day: date) -> list[dict[str, Any]]:
    """Return the entries of one day."""
    return symptoms.filter(pl.col("date") == day).sort("side", "source_id", nulls_last=True).to_dicts()


def with_morning_entry(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the entries with an answer about the morning.

    Pain after a run does not answer how the morning was.
    """
    return [row for row in rows if any(row[name] is not None for name in MORNING_FIELDS)]


def last_14_days(symptoms: pl.DataFrame, today: date) -> list[DayStatus]:
    """Return the last 14 days.

    A missed day is best filled while it is remembered.
    """
    known = symptoms.filter(pl.any_horizontal(pl.col(MORNING_FIELDS).is_not_null()))["date"]
    logged = set(known.to_list())
    days = [today - timedelta(days=back) for back in range(STRIP_DAYS)][::-1]
    return [DayStatus(day, day in logged) for day in days]


def place_before(symptoms: pl.DataFrame, day: date) -> tuple[str | None, str | None]:
    """Return side and site of the newest entry of the weeks before a day; unknown where it names none or two.

    Who says *left* each morning says it once; each entry shows it, and a tap changes it.
    """
    near = symptoms.filter(pl.col("date").is_between(day - CARRIED_OVER, day, closed="left"))
    newest = near.filter(pl.col("date") == pl.col("date").max()).to_dicts()
    return (newest[0]["side"], newest[0]["site"]) if len(newest) == 1 else (None, None)


def latest_entries(symptoms: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the last entries, newest first."""
    rows = symptoms.sort("date", "side", "source_id", descending=[True, False, False])
    return rows.head(MOST_LISTED).to_dicts()


def correct_entries(
    store: Store, athlete_id: int, rows: list[dict[str, Any]], changes: Mapping[int, Mapping[str, Any]]
) -> Change:
    """Store corrections of entries, and delete the ones marked."""
    return correct_rows(store, SYMPTOM, athlete_id, rows, changes, _complete)


def _complete(typed: dict[str, Any]) -> dict[str, Any]:
    """Return a correction in which minutes and band agree, and that is the runner's own."""
    corrected = dict(typed)
    if "morning_stiffness_band" in typed:
        band = typed["morning_stiffness_band"]
        corrected["morning_stiffness_min"] = None if band is None else BAND_MIDDLES_MIN[band]
    elif "morning_stiffness_min" in typed:
        corrected["morning_stiffness_band"] = None
    is_morning = set(corrected) & {*MORNING_FIELDS, "morning_stiffness_band", "site"}
    return {**corrected, "is_same_as_before": False} if is_morning else corrected


MOST_RUNS = 3
MOST_PAIRS = 3
WITHIN_DAYS = 14
"""How far back a run can still be spoken of on the log. Design choices, all three."""


def recent_runs(store: Store, athlete_id: int, today: date) -> list[dict[str, Any]]:
    """Return the last runs."""
    return latest_runs(store.activities(athlete_id), today, MOST_RUNS, WITHIN_DAYS).to_dicts()


def recent_pairs(store: Store, athlete_id: int) -> dict[str, str]:
    """Return the pairs worn last."""
    shoes = store.shoes(athlete_id)
    names = dict(shoes.select("shoe_id", "name").iter_rows())
    return {pair: names[pair] for pair in latest_pairs(store.activities(athlete_id), shoes, MOST_PAIRS)}


def recent_before(store: Store, athlete_id: int, morning: date) -> FollowedBy:
    """Return what a morning follows.

    The link is made at each reading, so a run that comes in later is linked too.
    """
    return followed_by(store.activities(athlete_id), store.read(STRENGTH, athlete_id), morning)
