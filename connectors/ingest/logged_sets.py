"""Sets of exercises from watches and lifting apps on their way into the ledger, and the names nobody knows."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from connectors.exercise_names import SETTING, answers_of, resolve
from connectors.formats.fit.strength_sets import UNNAMED
from connectors.formats.lifting_tables import MOST_HOLD_S, LiftingLog, WeightUnit
from connectors.frames import ACTIVITY, STRENGTH, split
from connectors.ingest.import_session import ImportSession
from connectors.plural import count
from connectors.source import ImportResult, LoggedSet, Skipped
from connectors.store import Store

SOURCE = "file"
WEIGHTS_SETTING = "lifting_weights"
"""Setting of a runner: "kg" or "lb", for logs that do not say."""

_FROM_PEOPLE = ("side", "tempo", "pain_0_10", "kind", "knee", "note")
Sets = list[tuple[str, datetime | None, tuple[LoggedSet, ...]]]
Row = dict[str, Any]


def weights_of(store: Store, athlete_id: int) -> WeightUnit | None:
    """Unit in which the runner's lifting log is kept, where the runner said so."""
    weights = store.settings(athlete_id).get(WEIGHTS_SETTING)
    return "kg" if weights == "kg" else "lb" if weights == "lb" else None


def rows_of_log(log: LiftingLog) -> list[Row]:
    """Columns of STRENGTH of each set in a lifting log, under the names it has there."""
    return [
        _row(
            one.date,
            one.exercise,
            one.source_id,
            one.set_number,
            one.repetitions,
            one.load_kg,
            one.duration_s,
            one.note,
        )
        for one in log.rows
    ]


def rows_of_watch(sets: Sets, dates: Mapping[str, date]) -> list[Row]:
    """Columns of STRENGTH of each set a watch logged."""
    # Named by the moment the session began, so that one session out of two exports is one. `dates` gives the
    # local date of each activity.
    rows: list[Row] = []
    for activity_id, start, logged in sets:
        session = start.strftime("%Y-%m-%dT%H:%M:%S") if start else activity_id
        numbers: Counter[str] = Counter()
        for number, one in enumerate(logged, start=1):
            numbers[one.exercise] += 1
            if activity_id in dates:
                rows.append(
                    _row(
                        dates[activity_id], one.exercise, f"fit:{session}:{number}", numbers[one.exercise],
                        one.repetitions, one.load_kg, one.duration_s, None,
                    )
                )  # fmt: skip
    return rows


def store_sets(batch: ImportSession, rows: Iterable[Row], result: ImportResult) -> None:
    """Write sets into the ledger; what a person added to a set that came before stays."""
    store, athlete_id = batch.store, batch.athlete_id
    answers = answers_of(store.settings(athlete_id))
    stored = {row["source_id"]: row for row in store.read(STRENGTH, athlete_id).iter_rows(named=True)}
    now, unknown = datetime.now(UTC), Counter[str]()
    built: dict[str, Row] = {}
    for row in rows:
        name = str(row["exercise"])
        known = resolve(name, answers)
        if known is None and name != UNNAMED:
            unknown[name] += 1
        before = stored.get(row["source_id"], {})
        built[row["source_id"]] = {
            **row,
            **({"exercise": known.exercise, "kind": known.kind, "knee": known.knee} if known else {}),
            **{name: before[name] for name in _FROM_PEOPLE if before.get(name) is not None},
            "athlete_id": athlete_id,
            "source": SOURCE,
            "fetched_utc": before.get("fetched_utc") or now,
        }
    if built:
        frame = pl.DataFrame(list(built.values()), schema_overrides=STRENGTH.schema, infer_schema_length=None)
        good, rejected = split(frame, STRENGTH)
        result.skipped += [Skipped(f"{len(one.rows)} sets", f"{one.rule}.") for one in rejected]
        _add(result, asdict(batch.write(STRENGTH, good)))
    for name, sets in unknown.items():
        result.unknown_exercises[name] = result.unknown_exercises.get(name, 0) + sets


def store_watch_sets(batch: ImportSession, sets: Sets, result: ImportResult) -> None:
    """Write the sets watches logged, each on the local date of its session."""
    if not sets:
        return
    rows = batch.store.read(ACTIVITY, batch.athlete_id).select("activity_id", "local_date").iter_rows()
    dates = dict(rows)
    store_sets(batch, rows_of_watch(sets, dates), result)


def note_double_days(store: Store, athlete_id: int, result: ImportResult) -> None:
    """Note on how many days both a watch and a lifting app logged sets: they may be the same ones."""
    ledger = store.read(STRENGTH, athlete_id).filter(pl.col("source") == SOURCE)
    from_watch = pl.col("source_id").str.starts_with("fit:")
    both = (
        ledger.filter(from_watch).join(ledger.filter(~from_watch), on="date", how="semi")["date"].n_unique()
    )
    if both:
        when = f"On {count(both, 'day')}"
        text = (
            "both a watch and an app logged sets. Where they are the same, remove one on the Strength page."
        )
        result.notes.append(Skipped("Strength", f"{when} {text}"))


def unanswered(store: Store, athlete_id: int) -> dict[str, int]:
    """Names of exercises that no table knows and the runner was not asked about, with their sets, most first."""
    answers = answers_of(store.settings(athlete_id))
    ledger = store.read(STRENGTH, athlete_id).filter(
        pl.col("source") == SOURCE, pl.col("exercise") != UNNAMED
    )
    counts = Counter(ledger["exercise"].to_list())
    answered = {exercise for exercise in answers.values() if exercise}
    open_names = {n: c for n, c in counts.items() if n not in answered and resolve(n, answers) is None}
    return dict(sorted(open_names.items(), key=lambda one: (-one[1], one[0])))


def answer(store: Store, athlete_id: int, name: str, exercise: str | None) -> int:
    """Remember what an exercise is and write it into the sets that have its name."""
    answers = answers_of(store.settings(athlete_id))
    if exercise is None:
        answers.pop(name.strip(), None)
    else:
        answers[name.strip()] = exercise.strip()
    store.set_settings(athlete_id, {SETTING: json.dumps(answers, ensure_ascii=False) if answers else None})
    known = resolve(name, answers)
    if exercise is None or known is None:
        return 0
    ledger = store.read(STRENGTH, athlete_id).filter(
        pl.col("source") == SOURCE, pl.col("exercise") == name.strip()
    )
    renamed = ledger.with_columns(
        exercise=pl.lit(known.exercise),
        kind=pl.lit(known.kind, pl.String),
        knee=pl.lit(known.knee, pl.String),
    )
    if renamed.height:
        store.write(STRENGTH, renamed)
    return renamed.height


def _row(
    day: date, exercise: str, source_id: str, number: int, repetitions: int | None, load_kg: float | None,
    duration_s: float | None, note: str | None,
) -> Row:  # fmt: skip
    """One set; a time without repetitions is the time it was held."""
    is_hold = not repetitions and duration_s is not None and 0 < duration_s <= MOST_HOLD_S
    return {
        "date": day,
        "exercise": exercise,
        "source_id": source_id,
        "set_number": number,
        "repetitions": repetitions,
        "load_kg": load_kg,
        "hold_s": duration_s if is_hold else None,
        "note": note,
    }


def _add(result: ImportResult, counts: Mapping[str, int]) -> None:
    before = result.beside.get(STRENGTH.name, {})
    result.beside[STRENGTH.name] = {kind: before.get(kind, 0) + rows for kind, rows in counts.items()}
