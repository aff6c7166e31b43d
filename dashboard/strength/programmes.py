"""Rows of a programme, apart from the store: which run, which weeks, what a table shows of them and takes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from connectors.errors import HeelwiseError
from connectors.frames import PROGRAMME
from connectors.store import Store
from dashboard.shared.undo import Change, replace_rows
from dashboard.shared.units import Units
from dashboard.strength import prescription, templates
from dashboard.strength.progress import week_of
from dashboard.strength.templates import LAST_WEEK, ProgrammeTemplate, exercise
from dashboard.strength.text import certainty_in_words

EDITABLE_COLUMNS = (
    "exercise",
    "week_from",
    "week_to",
    "sets",
    "repetitions",
    "load_kg",
    "hold_s",
    "tempo",
    "times_per_week",
    "note",
)
"""What a person may edit in a row."""
Row = dict[str, Any]


def by_programme(rows: Sequence[Row]) -> dict[tuple[str, date], list[Row]]:
    """Part the rows of several programmes.

    A programme is one name begun on one day.
    """
    parted: dict[tuple[str, date], list[Row]] = {}
    for row in rows:
        parted.setdefault((row["programme"], row["start_date"]), []).append(row)
    return parted


def is_running(rows: Sequence[Row], day: date) -> bool:
    """Return whether a programme has weeks left, or has yet to begin."""
    return week_of(rows[0]["start_date"], day) <= last_week(rows)


def last_week(rows: Sequence[Row]) -> int:
    """Return the number of the last week of a programme."""
    return max(row["week_to"] for row in rows)


def exercises_on(rows: Sequence[Row], day: date) -> list[str]:
    """Name the exercises planned for the week of a date.

    What is planned comes first in the list to choose from.
    """
    weeks = [(row, week_of(row["start_date"], day)) for row in rows]
    return [row["exercise"] for row, week in weeks if row["week_from"] <= week <= row["week_to"]]


def programme_frame(rows: Sequence[Row]) -> pl.DataFrame:
    """Return rows as a frame for the model."""
    return pl.DataFrame(list(rows), schema=PROGRAMME.schema)


def rows_shown(row: Mapping[str, Any], units: Units) -> Row:
    """Return a row as a table shows it."""
    kg = row["load_kg"]
    load = None if kg is None else round(units.weight(kg), 2)
    plain = {name: row[name] for name in EDITABLE_COLUMNS if name not in ("load_kg", "note")}
    return {**plain, "load": load, "certainty": certainty_in_words(row), "note": row["note"]}


def rows_merged(rows: Sequence[Mapping[str, Any]], changed: Mapping[str, Any], units: Units) -> list[Row]:
    """Apply what was typed into the table to its rows."""
    edits = {int(number): values for number, values in changed.get("edited_rows", {}).items()}
    gone = set(changed.get("deleted_rows", ()))
    remaining = [{**row, **edits.get(number, {})} for number, row in enumerate(rows) if number not in gone]
    return [_to_row(row, units) for row in [*remaining, *changed.get("added_rows", ())]]


def _to_row(row: Mapping[str, Any], units: Units) -> Row:
    load = row.get("load")
    kg = None if load is None else round(units.kilograms(float(load)), 2)
    return {name: (kg if name == "load_kg" else row.get(name)) for name in EDITABLE_COLUMNS}


PROGRAMME_SOURCE = "manual"


def programme_rows(store: Store, athlete_id: int) -> list[Row]:
    """Return every row of every programme."""
    rows = store.read(PROGRAMME, athlete_id)
    order = ["start_date", "programme", "week_from", "source_id"]
    return rows.sort(order, descending=[True, False, False, False]).to_dicts()


def start_programme(
    store: Store,
    athlete_id: int,
    chosen: ProgrammeTemplate,
    first: date,
    decided_by: str,
    on_floor: bool = False,
) -> Change:
    """Start a programme from a template; its numbers become the runner's own, `on_floor` for insertional pain."""
    if (chosen.name, first) in by_programme(programme_rows(store, athlete_id)):
        raise HeelwiseError(
            f"{chosen.name} begins on {first} already. Nothing was changed; edit it, or choose another day."
        )
    return _replace(store, athlete_id, (), templates.template_rows(chosen, first, decided_by, on_floor))


def change_programme(
    store: Store,
    athlete_id: int,
    rows: Sequence[Row],
    chosen: ProgrammeTemplate,
    first: date,
    decided_by: str,
    on_floor: bool = False,
) -> Change:
    """Start another programme in place of one under way; of that the weeks gone by stay."""
    week = week_of(rows[0]["start_date"], first)
    left = [{**row, "week_to": min(row["week_to"], week - 1)} for row in rows if row["week_from"] < week]
    begun = templates.template_rows(chosen, first, decided_by, on_floor)
    others = set(by_programme(programme_rows(store, athlete_id))) - set(by_programme(rows))
    if (chosen.name, first) in others | set(by_programme(left)):
        raise HeelwiseError(f"{chosen.name} begins on {first} already. Nothing was changed.")
    return _replace(store, athlete_id, rows, [*left, *begun])


def hold_programme(store: Store, athlete_id: int, rows: Sequence[Row], today: date) -> Change:
    """Do this week once more, and all that comes after it a week later."""
    return _replace(store, athlete_id, rows, prescription.held_rows(rows, today))


def move_programme_on(store: Store, athlete_id: int, rows: Sequence[Row], today: date) -> Change:
    """Begin the next step next week."""
    return _replace(store, athlete_id, rows, prescription.moved_on_rows(rows, today))


def put_on_floor(store: Store, athlete_id: int, rows: Sequence[Row]) -> Change:
    """Write into every exercise that lowers the heel that it stays on the floor."""
    floored = [{**row, "note": templates.floor_note(row["exercise"], row["note"])} for row in rows]
    return _replace(store, athlete_id, rows, floored)


def is_on_floor(rows: Sequence[Row]) -> bool:
    """Return whether no exercise of a programme lowers the heel below the floor."""
    return all(templates.floor_note(row["exercise"], row["note"]) == row["note"] for row in rows)


def edit_programme(
    store: Store, athlete_id: int, before: Sequence[Row], after: Sequence[Mapping[str, Any]], decided_by: str
) -> Change:
    """Store edited rows in place of a programme's rows.

    A row nobody touched keeps who set it.
    """
    known = {_content(row): row["decided_by"] for row in before}
    head = {name: before[0][name] for name in ("programme", "start_date")}
    made: list[Row] = []
    for row in after:
        if not row.get("exercise"):
            continue
        first, last = int(row.get("week_from") or 1), int(row.get("week_to") or row.get("week_from") or 1)
        if not 1 <= first <= last <= LAST_WEEK:
            raise HeelwiseError(
                f"The weeks of {row['exercise']} run from {first} to {last}. Nothing was changed; the last week must "
                "not be before the first."
            )
        one = exercise(row["exercise"])
        values = {**{name: row.get(name) for name in EDITABLE_COLUMNS}, "week_from": first, "week_to": last}
        filled = {"kind": one.kind if one else row.get("kind"), "knee": one.knee if one else row.get("knee")}
        made.append({**head, **values, **filled, "decided_by": known.get(_content(values), decided_by)})
    if not made:
        raise HeelwiseError("A programme needs at least one exercise. Nothing was changed; stop it instead.")
    return _replace(store, athlete_id, before, made)


def stop_programme(store: Store, athlete_id: int, rows: Sequence[Row], last: date) -> Change:
    """End a programme with the week of a date; what was planned until then stays.

    What was planned in weeks gone by is a fact of those weeks.
    """
    week = week_of(rows[0]["start_date"], last)
    left = [{**row, "week_to": min(row["week_to"], week)} for row in rows if row["week_from"] <= week]
    return _replace(store, athlete_id, rows, left)


def _content(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(name) or None for name in EDITABLE_COLUMNS)


def _replace(
    store: Store, athlete_id: int, before: Sequence[Row], after: Sequence[Mapping[str, Any]]
) -> Change:
    _refuse_if_changed(store, athlete_id, before)
    given = {"athlete_id": athlete_id, "source": PROGRAMME_SOURCE, "fetched_utc": datetime.now(UTC)}
    numbered = [
        {**row, **given, "source_id": f"{row['programme']}:{row['start_date']}:{number:03d}"}
        for number, row in enumerate(after, 1)
    ]
    return replace_rows(store, PROGRAMME, athlete_id, numbered, before)


def _refuse_if_changed(store: Store, athlete_id: int, before: Sequence[Row]) -> None:
    """Refuse to write over a programme that another window has changed since it was drawn."""
    parted = by_programme(programme_rows(store, athlete_id))
    for key, drawn in by_programme(before).items():
        now = {(row["source_id"], *_content(row)) for row in parted.get(key, ())}
        if now != {(row["source_id"], *_content(row)) for row in drawn}:
            raise HeelwiseError(
                f"{key[0]} was changed in another window since it was shown here. Nothing was changed; look again."
            )
