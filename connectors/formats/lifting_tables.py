"""Tables of Hevy, Strong and FitNotes: one row a set, told by their headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from connectors.errors import SourceError, UnreadableFile
from connectors.month_names import plain_text
from connectors.plural import count
from connectors.source import Skipped
from connectors.tables import is_workbook, read_table, settled_order
from connectors.written_dates import DateOrder, in_words, read_written_date

WeightUnit = Literal["kg", "lb"]
HEAD_BYTES = 8_192
KG_PER_LB = 0.45359237
MOST_HOLD_S = 3_600
EARLIEST = date(1990, 1, 1)
_UNITS: dict[str, WeightUnit] = {
    "kg": "kg",
    "kgs": "kg",
    "kilogram": "kg",
    "kilograms": "kg",
    "kilogramm": "kg",
    "lb": "lb",
    "lbs": "lb",
    "pound": "lb",
    "pounds": "lb",
    "pfund": "lb",
}
_HEADINGS = {
    "date": ("date", "start_time", "datum", "fecha", "data", "date de début"),
    "exercise": (
        "exercise_title", "exercise name", "exercise", "name der übung", "übungsname", "übung", "nom de l'exercice",
        "exercice", "nombre del ejercicio", "nombre de ejercicio", "ejercicio", "nome do exercício", "exercício",
        "nome dell'esercizio", "nome esercizio", "esercizio", "naam oefening", "naam van oefening", "oefening",
        "nazwa ćwiczenia", "ćwiczenie",
    ),
    "order": (
        "set_index", "set order", "reihenfolge festlegen", "satzreihenfolge", "satz-reihenfolge", "satz",
        "ordre des séries", "ordre de la série", "orden de serie", "orden de las series", "ordem da série",
        "ordem das séries", "ordine serie", "ordine set", "setvolgorde", "kolejność serii",
    ),
    "type": ("set_type",),
    "weight": ("weight", "gewicht", "poids", "peso", "ciężar", "waga"),
    "weight_unit": (
        "weight unit", "gewichtseinheit", "unité de poids", "unidad de peso", "unidade de peso", "unità di peso",
        "gewichtseenheid", "jednostka wagi",
    ),
    "reps": (
        "reps", "wiederh.", "wiederholungen", "wdh.", "répétitions", "répét.", "repeticiones", "repetições",
        "ripetizioni", "herhalingen", "powtórzenia", "repetitions",
    ),
    "seconds": ("duration_seconds", "seconds", "sekunden", "secondes", "segundos", "secondi", "seconden", "sekundy"),
    "time": ("time",),
    "distance": ("distance", "entfernung", "distanz", "distancia", "distância", "distanza", "afstand", "dystans"),
    "note": ("exercise_notes", "notes", "comment", "notizen", "notas", "note", "notities", "notatki"),
    "category": ("category",),
    "workout": ("workout name", "title", "workout-name", "trainingsname"),
}  # fmt: skip
_UNIT_IN_HEADING = re.compile(r"^(.*?)[ _]*[(\[]?\b(kgs?|lbs?|pounds?|km|mi|miles|meters|metres|m)\b[)\]]?$")
_NO_SET = ("rest timer", "note", "pausentimer", "ruhetimer", "pause")
_WARM_UP = ("w", "warmup", "warm-up", "warm up")
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})(?:\.\d+)?")
UNIT_UNKNOWN = (
    "It does not say whether its weights are kg or lb, so its sets came in without weight. Import it again with "
    "--weights kg or --weights lb."
)


@dataclass(frozen=True)
class LoggedRow:
    """One set of a lifting log.

    Parameters
    ----------
    date
        Local date.
    exercise
        Name in the app.
    source_id
        The same for the same set at every export.
    set_number
        From 1 within the date and exercise.
    repetitions, load_kg, duration_s
        Count, kg, s; null unknown.
    note
        The runner's own words.
    """

    date: date
    exercise: str
    source_id: str
    set_number: int
    repetitions: int | None = None
    load_kg: float | None = None
    duration_s: float | None = None
    note: str | None = None


@dataclass
class LiftingLog:
    """What one table holds.

    Parameters
    ----------
    app
        "Hevy", "Strong" or "FitNotes".
    rows
        Its sets, in the order of the file.
    skipped, notes
        Rows left out, with their reason, and sentences on the rest.
    needs_unit
        Whether weights were left out because their unit is not told.
    """

    app: str
    rows: list[LoggedRow] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    needs_unit: bool = False


def lifting_app(headings: Sequence[str]) -> str | None:
    """Name the app whose log has these headings.

    Parameters
    ----------
    headings : sequence of str
        First row of the table.

    Returns
    -------
    str or None
        "Hevy", "Strong" or "FitNotes"; None where none of them writes such headings.
    """
    plain = {_plain(heading) for heading in headings}
    columns = _columns(headings)
    if "exercise_title" in plain and {"set_index", "start_time"} & plain:
        return "Hevy"
    if {"date", "exercise", "order"} <= columns.keys() and {"reps", "weight"} & columns.keys():
        return "Strong"
    if {"date", "exercise", "reps"} <= columns.keys() and {"category", "weight"} <= columns.keys():
        return "FitNotes"
    return None


def is_lifting_log(data: bytes, name: str) -> bool:
    """Distinguish the log of a lifting app from any other table by the headings in its first bytes.

    Parameters
    ----------
    data : bytes
        The file, CSV or workbook.
    name : str
        Of the file.

    Returns
    -------
    bool
        False also where no table can be read.
    """
    beginning = data[:HEAD_BYTES].rpartition(b"\n")[0] or data[:HEAD_BYTES]
    head = data if is_workbook(data) else beginning
    try:
        tables = read_table(head, name, lambda cells: lifting_app(cells) is not None)
    except SourceError:
        return False
    return any(lifting_app(table.header) for table in tables)


def parse_lifting(
    data: bytes, name: str, today: date, weights: WeightUnit | None = None, day_first: bool | None = None
) -> LiftingLog:
    """Read the log of a lifting app.

    Parameters
    ----------
    data : bytes
        CSV or workbook as the app wrote it, or as a spreadsheet saved it again.
    name : str
        Of the file, for messages.
    today : date
        Of the import; a set dated later is left out.
    weights : "kg", "lb" or None
        Unit of weights where the file does not say; None leaves such weights unknown.
    day_first : bool or None
        The answer where day and month of its dates cannot be told apart.

    Returns
    -------
    LiftingLog
        Sets in kg and seconds. Warm-up sets are in, with a note; rest timers and rows of cardio are not.

    Raises
    ------
    UnreadableFile
        No table of such an app, or dates that can be read two ways.

    Notes
    -----
    CSV exports of Hevy, Strong and FitNotes as their apps write them (no public description).
    """
    tables = read_table(data, name, lambda cells: lifting_app(cells) is not None)
    table = next((one for one in tables if lifting_app(one.header)), None)
    if table is None:
        raise UnreadableFile(
            "This is no log of Hevy, Strong or FitNotes: its headings are other ones. It was not read."
        )
    columns = _columns(table.header)
    weight = columns.get("weight")
    unit = None if weight is None else _unit_of(table.header[weight])
    texts = [cells[columns["date"]] for _, cells in table.rows if columns["date"] < len(cells)]
    settled = settled_order(texts, name, day_first)
    reader = _Reader(str(lifting_app(table.header)), columns, unit or weights, today, settled)
    reader.log.skipped += table.skipped
    for number, cells in table.rows:
        reader.take(number, cells)
    return reader.finish()


class _Reader:
    """The rows of one log as they are read."""

    def __init__(
        self,
        app: str,
        columns: Mapping[str, int],
        unit: WeightUnit | None,
        today: date,
        order: DateOrder | None,
    ) -> None:
        self.log = LiftingLog(app)
        self.columns, self.unit, self.today, self.order = columns, unit, today, order
        self._ids: Counter[str] = Counter()
        self._numbers: Counter[tuple[date, str]] = Counter()
        self._cardio: Counter[str] = Counter()
        self._not_done = 0

    def take(self, number: int, cells: Sequence[str]) -> None:
        """Read one row, or say why it is no set."""
        values = {name: cells[at].strip() for name, at in self.columns.items() if at < len(cells)}
        exercise = values.get("exercise", "")
        if values.get("order", "").lower() in _NO_SET or not any(values.values()):
            return
        day = read_written_date(values.get("date", ""), self.order)
        reason = _why_not(exercise, day, values.get("date", ""), self.today)
        if reason or day is None:
            self.log.skipped.append(Skipped(f"row {number}", reason))
            return
        repetitions, seconds = _number(values.get("reps")), self._seconds(values)
        if not repetitions and _number(values.get("distance")):
            self._cardio[exercise] += 1
        elif repetitions == 0 and not seconds:
            self._not_done += 1
        else:
            self._keep(day, exercise, values, repetitions or None, seconds)

    def _keep(
        self,
        day: date,
        exercise: str,
        values: Mapping[str, str],
        repetitions: float | None,
        seconds: float | None,
    ) -> None:
        key = f"{self.log.app.lower()}:{values['date']}:{exercise}"
        self._ids[key] += 1
        self._numbers[day, exercise] += 1
        is_warm_up = values.get("type", values.get("order", "")).lower() in _WARM_UP
        notes = [values.get("note", ""), "Warm-up set." if is_warm_up else ""]
        self.log.rows.append(
            LoggedRow(
                day, exercise, f"{key}:{self._ids[key]}", self._numbers[day, exercise],
                repetitions=None if repetitions is None else round(repetitions),
                load_kg=self._kilograms(values), duration_s=seconds or None,
                note=" ".join(filter(None, notes))[:2_000] or None,
            )
        )  # fmt: skip

    def _kilograms(self, values: Mapping[str, str]) -> float | None:
        weight = _number(values.get("weight"))
        if weight is None or weight < 0:
            return None
        unit = _UNITS.get(_plain(values.get("weight_unit", ""))) or self.unit
        if unit is None:
            self.log.needs_unit |= weight > 0
            return 0.0 if weight == 0 else None
        return round(weight * KG_PER_LB, 2) if unit == "lb" else weight

    def _seconds(self, values: Mapping[str, str]) -> float | None:
        clock = _CLOCK.fullmatch(values.get("time", ""))
        if clock:
            return int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + int(clock[3])
        return _number(values.get("seconds"))

    def finish(self) -> LiftingLog:
        """The log, with a sentence on what was no set."""
        if self._cardio:
            names = ", ".join(sorted(self._cardio)[:3])
            what = count(sum(self._cardio.values()), "row of cardio is", "rows of cardio are")
            self.log.notes.append(f"{what} no set of an exercise and stayed out ({names}).")
        if self._not_done:
            what = count(self._not_done, "set")
            self.log.notes.append(f"{what} with 0 repetitions and no time stayed out, as not done.")
        if self.log.needs_unit:
            self.log.notes.append(UNIT_UNKNOWN)
        return self.log


def _why_not(exercise: str, day: date | None, text: str, today: date) -> str:
    if not exercise:
        return "It does not say which exercise it is of."
    if day is None:
        return f'Its date "{text}" could not be read.' if text else "It has no date."
    if day > today + timedelta(days=1):
        return f"Its date, {in_words(day)}, lies ahead of today."
    return f"Its date, {in_words(day)}, is too far back to be meant." if day < EARLIEST else ""


def _columns(headings: Sequence[str]) -> dict[str, int]:
    """Our name of each column to its place; of two the first, but a weight in kg before one in lb."""
    columns: dict[str, int] = {}
    for name, words in _HEADINGS.items():
        places = {_plain(heading): at for at, heading in reversed(list(enumerate(headings)))}
        bare = {_bare(heading): at for at, heading in reversed(list(enumerate(headings)))}
        if name == "weight":
            bare |= {_bare(h): at for at, h in enumerate(headings) if _unit_of(h) == "kg"}
        for word in map(_plain, words):
            at = places.get(word, bare.get(word))
            if at is not None:
                columns[name] = at
                break
    return columns


def _plain(text: str) -> str:
    return " ".join(plain_text(text).split()).strip("\"' ")


def _bare(heading: str) -> str:
    """A heading without its unit: "Weight (kg)" and "weight_lbs" are "weight"."""
    plain = _plain(heading)
    match = _UNIT_IN_HEADING.match(plain.replace("_", " "))
    return match[1].strip() if match else plain


def _unit_of(heading: str) -> WeightUnit | None:
    match = _UNIT_IN_HEADING.match(_plain(heading).replace("_", " "))
    return _UNITS.get(match[2]) if match else None


def _number(text: str | None) -> float | None:
    """A number with a point or a comma, perhaps with thousands parted."""
    plain = (text or "").replace("\u00a0", "").replace(" ", "")
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+\.\d+", plain):
        plain = plain.replace(",", "")
    plain = plain.replace(",", ".")
    return float(plain) if re.fullmatch(r"-?(\d+(\.\d*)?|\.\d+)", plain) else None
