"""The intake card: what a physical therapist asks at the first visit, kept for each runner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from connectors.frames import INTAKE
from connectors.manual_rows import manual_rows
from connectors.store import Store
from dashboard.shared.undo import Change, replace_rows


@dataclass(frozen=True)
class IntakeAnswer:
    """The answer to one question; what is None was not answered."""

    answer: str | None = None
    on_date: date | None = None
    years: float | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered."""
        return self == IntakeAnswer()


def load_intake(store: Store, athlete_id: int, until: date | None = None) -> dict[str, IntakeAnswer]:
    """Return the answers on record by topic, those given up to a day where one is named."""
    return {
        row["topic"]: IntakeAnswer(row["answer"], row["on_date"], row["years"])
        for row in store.read(INTAKE, athlete_id).iter_rows(named=True)
        if until is None or row["date"] <= until
    }


def save_intake(
    store: Store, athlete_id: int, day: date, answers: Mapping[str, IntakeAnswer], decided_by: str
) -> Change:
    """Store what was answered, and delete what was emptied; an answer left as it was keeps its date and person."""
    before = store.read(INTAKE, athlete_id).to_dicts()
    known = load_intake(store, athlete_id)
    asked = {topic: _plain(one) for topic, one in answers.items()}
    changed = {topic: one for topic, one in asked.items() if known.get(topic, IntakeAnswer()) != one}
    rows = [
        {"date": day, "topic": topic, "decided_by": decided_by, **vars(one)}
        for topic, one in changed.items()
        if not one.is_empty
    ]
    gone = [row for row in before if row["topic"] in changed]
    built = manual_rows(rows, INTAKE, lambda row: str(row["topic"]), athlete_id, datetime.now(UTC))
    return replace_rows(store, INTAKE, athlete_id, built.to_dicts(), gone)


def _plain(one: IntakeAnswer) -> IntakeAnswer:
    """Words without room around them; empty words are no answer."""
    return IntakeAnswer((one.answer or "").strip() or None, one.on_date, one.years)
