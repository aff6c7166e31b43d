"""What a diary may hold beside symptoms: one row, one fact, told by the column that is filled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

import polars as pl

from connectors.contract import Contract, validate
from connectors.csv_cells import read_date, read_value
from connectors.csv_text import write_frame
from connectors.errors import ContractError
from connectors.frames import EVENT, STIFFNESS_BOUNDS_MIN, STRENGTH, SYMPTOM, TEST_RESULT, checked
from connectors.plain_text import storable_parts
from connectors.source import stable_id

Row = Mapping[str, object]


@dataclass(frozen=True)
class ManualSubject:
    """One subject of the diary."""

    contract: Contract
    main_column: str
    columns: Mapping[str, str]
    build: Callable[[Iterable[Row], int, datetime], pl.DataFrame]
    id_of: Callable[[Row], str | None]
    needs: tuple[str, ...] = ()
    check: Callable[[Row], None] | None = None
    may_lie_ahead: bool = False

    def read(
        self, cells: Mapping[str, str], today: date, lost: dict[str, str] | None = None
    ) -> dict[str, object]:
        """Read the cells of one row.

        Bounds and words are those of the contract.
        """
        missing = [name for name in ("date", *self.needs) if not cells.get(name)]
        if missing:
            raise ValueError(f"It has {self.main_column} filled, but no {' and no '.join(missing)}.")
        values: dict[str, object] = {}
        for name, field in self.columns.items():
            text, column = cells.get(name, ""), self.contract.columns[field]
            if column.dtype == pl.Date:
                values[field] = read_date(text, today, name, self.may_lie_ahead) if text else None
                continue
            try:
                values[field] = read_value(name, text, column)
            except ValueError as error:
                if lost is None or not column.null:
                    raise
                values[field] = None
                lost[name] = str(error)
        if self.check:
            self.check(values)
        return values

    def csv(self, frame: pl.DataFrame) -> bytes:
        """Write rows as a diary that `heelwise import` reads back.

        What goes out comes back in.
        """
        shown = frame.sort("date", maintain_order=True).select(
            pl.col(column).alias(name) for name, column in self.columns.items()
        )
        return write_frame(shown)


def manual_rows(
    rows: Iterable[Row],
    contract: Contract,
    id_of: Callable[[Row], str],
    athlete_id: int,
    fetched_utc: datetime,
) -> pl.DataFrame:
    """Return rows made by hand their provenance, and hold them against their contract.

    Page and CSV make a row in the same way.
    """
    built = [
        {
            **row,
            "athlete_id": athlete_id,
            "source": "manual",
            "source_id": id_of(row),
            "fetched_utc": fetched_utc,
        }
        for row in (storable_parts(dict(one)) for one in rows)
    ]
    if not built:
        return contract.empty()
    return validate(pl.DataFrame(built, infer_schema_length=None, strict=False), contract)


def event_rows(
    events: Iterable[Mapping[str, object]], athlete_id: int, fetched_utc: datetime
) -> pl.DataFrame:
    """Build rows of EVENT.

    Pages and the CSV make a row in the same way.
    """
    plain = (
        {**one, "end_date": None if one.get("end_date") == one["date"] else one.get("end_date")}
        for one in events
    )
    return manual_rows(plain, EVENT, partial(event_id, athlete_id=athlete_id), athlete_id, fetched_utc)


def event_id(one: Mapping[str, object], athlete_id: int = 0) -> str:
    """Name an event by what was said of it.

    The same words twice are one event, and two kinds of one date are two.
    """
    last = one.get("end_date")
    parts = (str(one["date"]), str(one["kind"]), "" if last in (None, one["date"]) else str(last))
    digest = stable_id(athlete_id, "manual", "/".join([*parts, str(one.get("note") or "")]))
    return f"{one['date']}:{one['kind']}:{digest}"


def _in_order(one: Mapping[str, object]) -> None:
    first, last = one["date"], one["end_date"]
    if isinstance(first, date) and isinstance(last, date) and last < first:
        raise ValueError(f"Its end_date {last} is before its date.")


EVENTS = ManualSubject(
    EVENT,
    main_column="event",
    columns={"date": "date", "event": "kind", "end_date": "end_date", "note": "note"},
    build=event_rows,
    id_of=event_id,
    check=_in_order,
    may_lie_ahead=True,
)
"""One row for each event."""


HIGHEST = {
    "pain_on_loading_0_10": 10.0,
    "hop_pain_0_10": 10.0,
    "visa_a": 100.0,
    "tendins_a": 100.0,
    "palpation_pain_0_10": 10.0,
    "arc_sign": 1.0,
}
"""Upper ends of the scales that have one."""


def result_rows(
    results: Iterable[Mapping[str, object]], athlete_id: int, fetched_utc: datetime
) -> pl.DataFrame:
    """Build rows of TEST_RESULT.

    The page and the CSV make a row in the same way.
    """
    rows = ({**one, "decided_by": one.get("decided_by") or "runner"} for one in results)
    return manual_rows(rows, TEST_RESULT, result_id, athlete_id, fetched_utc)


def result_id(one: Mapping[str, object]) -> str:
    """Name a result: one for each date, measure and side.

    A second try on one day takes the place of the first.
    """
    return f"{one['date']}:{one['measure']}:{one.get('side') or 'whole'}"


def _on_scale(one: Mapping[str, object]) -> None:
    measure, value = str(one["measure"]), one["value"]
    highest = HIGHEST.get(measure)
    if highest is not None and isinstance(value, float) and value > highest:
        raise ValueError(f"Its {measure} {value:g} is outside 0 to {highest:g}.")
    if measure == "arc_sign" and value not in (0.0, 1.0):
        raise ValueError(f"Its arc_sign {value:g} is neither 0 (no) nor 1 (yes).")


RESULTS = ManualSubject(
    TEST_RESULT,
    main_column="measure",
    columns={name: name for name in ("date", "measure", "side", "value", "decided_by", "note")},
    build=result_rows,
    id_of=result_id,
    needs=("value",),
    check=_on_scale,
)
"""One row for each number of a test."""


def strength_rows(
    sets: Iterable[Mapping[str, object]], athlete_id: int, fetched_utc: datetime
) -> pl.DataFrame:
    """Build rows of STRENGTH from what a runner did.

    The page and the CSV make a row in the same way.
    """
    given = list(sets)
    taken = {strength_id(one) for one in given if one.get("set_number") is not None}
    numbered: list[Mapping[str, object]] = []
    for one in given:
        has_number = one.get("set_number") is not None
        numbered.append(one if has_number else {**one, "set_number": next_number(one, taken)})
        taken.add(strength_id(numbered[-1]))
    return manual_rows(numbered, STRENGTH, strength_id, athlete_id, fetched_utc)


def next_number(one: Mapping[str, object], taken: set[str]) -> int:
    """Return the first number that no set of the same date, exercise and side has.

    A set that was moved to another date keeps its id, and must not be written over.
    """
    number = 1
    while strength_id({**one, "set_number": number}) in taken:
        number += 1
    return number


def strength_id(one: Mapping[str, object]) -> str:
    """Name a set: one for each date, exercise, side and number.

    The same table read twice changes nothing.
    """
    return f"{one['date']}:{one['exercise']}:{one.get('side') or 'unknown'}:{one['set_number']}"


SETS = ManualSubject(
    STRENGTH,
    main_column="exercise",
    columns={
        name: name
        for name in STRENGTH.columns
        if name not in ("athlete_id", "source", "source_id", "fetched_utc")
    },
    build=strength_rows,
    id_of=lambda one: strength_id(one) if one.get("set_number") is not None else None,
)
"""One row for each set; `load_kg` is in kilograms."""


BAND_MIDDLES_MIN = {"0": 0.0, "<5": 2.5, "5-15": 10.0, "15-30": 22.5, ">30": 45.0}
"""What stands for a band where one number is needed: its middle; half as much again as the lower end of the open
one. Design choice; whoever compares minutes must go by `frames.STIFFNESS_BOUNDS_MIN`."""


def symptom_rows(
    entries: Iterable[Mapping[str, object]], athlete_id: int, fetched_utc: datetime
) -> pl.DataFrame:
    """Build rows of SYMPTOM from what a runner said.

    The page, the command and the CSV make a row in the same way.
    """
    rows = [
        {
            **entry,
            "morning_stiffness_min": minutes_of(entry),
            "athlete_id": athlete_id,
            "source": "manual",
            "source_id": symptom_id(entry["date"], entry.get("side")),
            "fetched_utc": fetched_utc,
        }
        for entry in entries
    ]
    if not rows:
        return SYMPTOM.empty()
    return checked(pl.DataFrame(rows, infer_schema_length=None, strict=False), SYMPTOM)


def symptom_id(day: object, side: object) -> str:
    """Name an entry: one for each date and side.

    The key of the contract's diary.
    """
    return f"{day}:{side or 'unknown'}"


def minutes_of(entry: Mapping[str, object]) -> object:
    """Return the minutes of an entry, those that stand for its band where only that is known.

    See `BAND_MIDDLES_MIN`.
    """
    minutes, band = entry.get("morning_stiffness_min"), str(entry.get("morning_stiffness_band"))
    if band not in STIFFNESS_BOUNDS_MIN:
        return minutes  # no band, or one that the contract will refuse
    low, high = STIFFNESS_BOUNDS_MIN[band]
    if minutes is None:
        return BAND_MIDDLES_MIN[band]
    if isinstance(minutes, int | float) and low <= minutes <= high:
        return minutes
    raise ContractError(f"{minutes} min of stiffness is not within {band} min. Nothing was stored.")
