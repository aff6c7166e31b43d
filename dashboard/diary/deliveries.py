"""Taps of a phone, delivered at any time and as often as it takes: validated, merged by time of tap, stored once."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from connectors.edits import Edit, edit_rows
from connectors.errors import ContractError, StoreError
from connectors.frames import EDIT, RUN_SPORTS, SIDES, STRENGTH, SYMPTOM
from connectors.manual_rows import strength_rows
from connectors.store import Store
from connectors.store.phone_entries import PhoneEntry, RowsChanged
from dashboard.diary import taps, text
from dashboard.diary.questions import DAY_FIELDS, RUN_FIELDS, checked_answer
from dashboard.shared.text import WARNING_SIGN

CLOCK_APART = timedelta(hours=36)
"""How far the time of a tap may lie from the server's clock before the phone asks whether it is meant."""
OLDEST_DAYS = 30
"""Age of the oldest date that a delivery may be about, d."""
STRIP_REACH_DAYS = 14
"""How far before the day of the tap its date may lie, d: the strip of the log, and one for the time zone."""
RUN_WITHIN_DAYS = 7
MOST_AT_ONCE = 200
MOST_SETS = 30
_TRIES = 8
_merging = threading.Lock()
_ID = re.compile(r"[0-9A-Za-z-]{8,64}")
_MORNING = ("morning_stiffness_0_10", "morning_stiffness_band")
Value = dict[str, Any]


@dataclass
class Delivery:
    """What became of each tap of a delivery, by its id: taken, to be confirmed by the person, or refused, with why."""

    taken: list[str] = field(default_factory=list)
    asked: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


def deliver(
    store: Store,
    athlete_id: int,
    given: Sequence[Mapping[str, Any]],
    now: datetime,
    device_id: int | None = None,
) -> Delivery:
    """Store the taps of a delivery; one that was stored before is acknowledged and changes nothing."""
    outcome, parsed = Delivery(), []
    for one in given[:MOST_AT_ONCE]:
        name = str(one.get("id"))[:64]
        try:
            parsed.append(_parsed(store, athlete_id, one, now, device_id))
        except ContractError as error:
            outcome.refused[name] = str(error)
        except _NotMeant as question:
            outcome.asked[name] = str(question)
    _store(store, athlete_id, parsed, now)
    outcome.taken = [one.entry_id for one in parsed]
    return outcome


def undo_tap(store: Store, athlete_id: int, entry_id: str, now: datetime) -> None:
    """Take one tap back; all others stay, as if it had never been tapped."""
    _, taken = store.phone_entries(athlete_id)
    of = next((one for one in taken if one.entry_id == entry_id), None)
    if of is not None:
        entry = PhoneEntry(f"undo-{entry_id}", taps.UNDO, of.date, now, now, {"of": entry_id})
        _store(store, athlete_id, [entry], now)


def history(store: Store, athlete_id: int, days: int, today: date) -> list[taps.TapResult]:
    """Return what the taps about the last dates did, newest tap first; those taken back are left out."""
    _, taken = store.phone_entries(athlete_id)
    near = {one.date for one in taken if (today - one.date).days < days}
    results = taps.replay(athlete_id, taken, near).results
    return [one for one in reversed(results) if one.entry.kind != taps.PAGE]


class _NotMeant(Exception):
    """The clock of a phone and that of this machine are far apart."""


def _parsed(
    store: Store, athlete_id: int, one: Mapping[str, Any], now: datetime, device_id: int | None
) -> PhoneEntry:
    entry_id, kind = one.get("id"), str(one.get("kind"))
    if not isinstance(entry_id, str) or not _ID.fullmatch(entry_id) or kind not in _CHECKS:
        raise ContractError(text.NOT_A_TAP)
    day, tapped = _date(one.get("date")), _time(one.get("tapped"))
    is_far = abs(tapped - now) > CLOCK_APART
    if is_far and one.get("confirmed") is not True:
        raise _NotMeant(text.CLOCKS_APART.format(day=text.weekday(day)))
    tapped = min(tapped, now) if is_far else tapped
    if not -1 <= (now.date() - day).days <= OLDEST_DAYS or not -1 <= _days(tapped, day) <= STRIP_REACH_DAYS:
        raise ContractError(text.OTHER_DATE.format(day=text.weekday(day)))
    given = one.get("value")
    value = _CHECKS[kind](store, athlete_id, day, given if isinstance(given, dict) else {})
    return PhoneEntry(entry_id, kind, day, tapped, now, value, device_id)


def _days(tapped: datetime, day: date) -> int:
    return (tapped.date() - day).days


def _date(given: Any) -> date:
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError) as error:
        raise ContractError(text.NOT_A_TAP) from error


def _time(given: Any) -> datetime:
    """Read a time of tap, in ms since 1970-01-01 UTC."""
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 < given < 1e14:
        raise ContractError(text.NOT_A_TAP)
    return datetime.fromtimestamp(int(given) // 1000, UTC) + timedelta(milliseconds=int(given) % 1000)


def _morning(_store: Store, _athlete_id: int, _day: date, given: Value) -> Value:
    answers = {name: checked_answer(name, given.get(name)) for name in _MORNING}
    if None in answers.values():
        raise ContractError(text.NOT_A_TAP)
    return answers


def _nothing(_store: Store, _athlete_id: int, _day: date, _given: Value) -> Value:
    return {}


def _answer(_store: Store, _athlete_id: int, _day: date, given: Value) -> Value:
    return _one_field(given, DAY_FIELDS)


def _one_field(given: Value, fields: Sequence[str]) -> Value:
    answers = {name: checked_answer(name, value) for name, value in given.items() if name in fields}
    if len(answers) != 1:
        raise ContractError(text.NOT_A_TAP)
    return answers


def _run(store: Store, athlete_id: int, day: date, given: Value) -> Value:
    answers = _one_field(given, RUN_FIELDS)
    runs = store.activities(athlete_id).filter(
        pl.col("activity_id") == str(given.get("activity_id")), pl.col("sport").is_in(RUN_SPORTS)
    )
    dates = runs["local_date"].to_list()
    if not dates or not -1 <= (day - dates[0]).days <= RUN_WITHIN_DAYS:
        raise ContractError(text.NO_SUCH_RUN)
    if answers.get("shoe_id") not in (None, *store.shoe_names(athlete_id)):
        raise ContractError(text.NO_SUCH_PAIR)
    return {"activity_id": runs["activity_id"][0], **answers}


def _sets(_store: Store, athlete_id: int, day: date, given: Value) -> Value:
    name, count = given.get("exercise"), given.get("sets")
    is_count = isinstance(count, int) and not isinstance(count, bool) and 1 <= count <= MOST_SETS
    if not isinstance(name, str) or not 1 <= len(name.strip()) <= 100 or not is_count:
        raise ContractError(text.NO_SETS)
    fields = {one: given.get(one) for one in ("repetitions", "load_kg", "hold_s", "pain_0_10")}
    if given.get("side") not in (None, *SIDES):
        raise ContractError(text.NO_SETS)
    value = {"exercise": name.strip(), "side": given.get("side"), "sets": count, **fields}
    try:
        strength_rows(_each_set(value, day), athlete_id, datetime.now(UTC))
    except (ContractError, pl.exceptions.PolarsError) as error:
        raise ContractError(text.NO_SETS) from error
    return value


def _each_set(value: Mapping[str, Any], day: date) -> list[dict[str, Any]]:
    one = {name: amount for name, amount in value.items() if name != "sets"}
    return [{"date": day, "set_number": number + 1, **one} for number in range(value["sets"])]


def _undo(_store: Store, _athlete_id: int, _day: date, given: Value) -> Value:
    if not isinstance(given.get("of"), str) or not _ID.fullmatch(given["of"]):
        raise ContractError(text.NOT_A_TAP)
    return {"of": given["of"]}


_CHECKS: Mapping[str, Callable[[Store, int, date, Value], Value]] = {
    "morning": _morning,
    "none": _nothing,
    "same": _nothing,
    "answer": _answer,
    "run": _run,
    "sets": _sets,
    "sign": _nothing,
    "undo": _undo,
}


def _signs(parsed: Iterable[PhoneEntry]) -> dict[str, str]:
    """Return the last day on which a warning sign was answered yes; which one it was never leaves the phone."""
    days = [one.date.isoformat() for one in parsed if one.kind == "sign"]
    return {WARNING_SIGN: max(days)} if days else {}


def _store(store: Store, athlete_id: int, parsed: Sequence[PhoneEntry], now: datetime) -> None:
    """Merge and write; begun anew where another phone or a page was quicker."""
    for _ in range(_TRIES):
        with _merging:  # phones of this process wait for each other; another process is met by the version
            version, taken = store.phone_entries(athlete_id)
            known = {one.entry_id for one in taken}
            new = list({one.entry_id: one for one in parsed if one.entry_id not in known}.values())
            if not new:
                return
            seen, changed = _merged(store, athlete_id, taken, new, now)
            if store.deliver_entries(athlete_id, [*seen, *new], changed, version, _signs(new)):
                return
    raise StoreError(text.BUSY)


def _merged(
    store: Store, athlete_id: int, taken: Sequence[PhoneEntry], new: Sequence[PhoneEntry], now: datetime
) -> tuple[list[PhoneEntry], list[RowsChanged]]:
    both = [*taken, *new]
    days = taps.days_touched(both, new)
    stored = _stored_days(store, athlete_id, days)
    expected = taps.replay(athlete_id, taken, days).days
    seen = taps.seen_on_pages(expected, stored, taken, now)
    built = taps.replay(athlete_id, [*both, *seen], days).days
    changed = [
        _symptoms_changed(stored, built),
        _edits_changed(store, athlete_id, both, new),
        _sets_changed(store, athlete_id, both, new),
    ]
    return seen, [one for one in changed if one.frame.height or one.gone]


def _stored_days(store: Store, athlete_id: int, days: set[date]) -> dict[date, taps.Rows]:
    rows = store.read(SYMPTOM, athlete_id).filter(pl.col("date").is_in(sorted(days)))
    stored: dict[date, taps.Rows] = {}
    for row in rows.sort(pl.col("source") == "manual").iter_rows(named=True):
        stored.setdefault(row["date"], {})[row["source_id"]] = row
    return stored


def _symptoms_changed(stored: Mapping[date, taps.Rows], built: Mapping[date, taps.Rows]) -> RowsChanged:
    before = {key: row for rows in stored.values() for key, row in rows.items()}
    after = {key: row for rows in built.values() for key, row in rows.items()}
    frame = pl.DataFrame([row for key, row in after.items() if row != before.get(key)], SYMPTOM.schema)
    gone = {(row["source"], key) for key, row in before.items() if key not in after}
    moved = {
        (row["source"], key)
        for key, row in before.items()
        if key in after and after[key]["source"] != row["source"]
    }
    return RowsChanged(SYMPTOM, frame, frozenset(gone | moved))


def _edits_changed(
    store: Store, athlete_id: int, both: Sequence[PhoneEntry], new: Sequence[PhoneEntry]
) -> RowsChanged:
    """Build the edits of runs: each is dated by its tap, so that the last word of a field is that of the last tap."""
    undone, fresh = taps.undone_ids(both), {one.entry_id for one in new}
    taken_back = undone - taps.undone_ids(one for one in both if one.entry_id not in fresh)
    batches = {_batch_id(one) for one in both if one.kind == "run" and one.entry_id in taken_back - fresh}
    stored = store.read(EDIT, athlete_id).filter(pl.col("batch_id").is_in(sorted(batches)))
    frames = [stored.with_columns(is_undone=pl.lit(True))]
    for one in new:
        if one.kind == "run":
            name = next(name for name in one.value if name != "activity_id")
            edit = Edit("activity", one.value["activity_id"], name, one.value[name])
            rows = edit_rows([edit], athlete_id, _batch_id(one), one.tapped_utc, "runner", None)
            frames.append(rows.with_columns(is_undone=pl.lit(one.entry_id in undone)))
    return RowsChanged(EDIT, pl.concat(frames))


def _batch_id(one: PhoneEntry) -> str:
    mark = hashlib.sha256(one.entry_id.encode()).hexdigest()[:8]
    return f"{one.tapped_utc:%Y%m%dT%H%M%S%f}-{mark}"


def _sets_changed(
    store: Store, athlete_id: int, both: Sequence[PhoneEntry], new: Sequence[PhoneEntry]
) -> RowsChanged:
    """Build the sets of new taps, remove those taken back, and number what is left by time of tap."""
    undone, fresh = taps.undone_ids(both), {one.entry_id for one in new}
    ordered = sorted(
        (one for one in both if one.kind == "sets"), key=lambda one: (one.tapped_utc, one.entry_id)
    )
    place = {one.entry_id: number for number, one in enumerate(ordered)}
    stored = store.read(STRENGTH, athlete_id).to_dicts()
    gone = {row["source_id"] for row in stored if _tap_of(row) in undone}
    added: list[dict[str, Any]] = []
    for one in ordered:
        if one.entry_id in fresh and one.entry_id not in undone:
            rows = strength_rows(_each_set(one.value, one.date), athlete_id, one.tapped_utc).to_dicts()
            added += [_named_by_tap(row, one, number) for number, row in enumerate(rows)]
    days = {one.date for one in ordered if one.entry_id in fresh or one.entry_id in undone}
    left = [row for row in [*stored, *added] if row["source_id"] not in gone and row["date"] in days]
    numbered = _numbered(left, place)
    before = {row["source_id"]: row for row in stored}
    changed = [row for row in numbered if row != before.get(row["source_id"])]
    frame = pl.DataFrame(changed, STRENGTH.schema)
    return RowsChanged(STRENGTH, frame, frozenset(("manual", name) for name in gone))


def _named_by_tap(row: dict[str, Any], tap: PhoneEntry, number: int) -> dict[str, Any]:
    """Name a set by its tap, so that it is the same set whenever it arrives."""
    return {**row, "source_id": f"phone:{tap.entry_id}:{number:02d}"}


def _tap_of(row: Mapping[str, Any]) -> str | None:
    kind, _, rest = row["source_id"].partition(":")
    return rest.rpartition(":")[0] if kind == "phone" else None


def _numbered(rows: Sequence[dict[str, Any]], place: Mapping[str, int]) -> list[dict[str, Any]]:
    """Number the sets of taps after those of pages, in the order of the taps."""
    counts: dict[tuple[Any, ...], int] = {}
    own, of_taps = [], []
    for row in rows:
        (of_taps if _tap_of(row) in place else own).append(row)
    of_taps.sort(key=lambda row: (place[str(_tap_of(row))], row["source_id"]))
    for row in own:
        key = (row["date"], row["exercise"], row["side"])
        counts[key] = max(counts.get(key, 0), row["set_number"])
    numbered = []
    for row in of_taps:
        key = (row["date"], row["exercise"], row["side"])
        counts[key] = counts.get(key, 0) + 1
        numbered.append({**row, "set_number": counts[key]})
    return numbered
