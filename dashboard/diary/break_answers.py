"""What a runner answers to a long break in running: sore, ill, away, or skip."""

from __future__ import annotations

from dataclasses import replace

from connectors.frames import ANSWER
from connectors.store import Store
from dashboard.diary.events import save_event
from dashboard.diary.statements import answer_row, load_answers
from dashboard.model.run_breaks import RunBreak
from dashboard.shared.undo import Change, JoinedChange, replace_rows

EVENT_OF = {"ill": "illness", "away": "travel"}
"""Answers that are events as well, and so stand on the Timeline."""


def break_id(one: RunBreak) -> str:
    """Name a break by its first date: a later import may end it earlier."""
    return one.first.isoformat()


def answered_ids(store: Store, athlete_id: int) -> dict[str, str]:
    """Return the answer to each break that has one."""
    return {one: row["answer"] for one, row in load_answers(store, athlete_id, "break").items()}


def answer_break(store: Store, athlete_id: int, one: RunBreak, answer: str) -> Change:
    """Store an answer; ill and away become events, and both are undone as one."""
    event = None
    if answer in EVENT_OF:
        event = save_event(store, athlete_id, EVENT_OF[answer], one.first, one.last)
    row = answer_row(athlete_id, "break", break_id(one), answer, (one.first, one.last))
    change = replace_rows(store, ANSWER, athlete_id, [row])
    return JoinedChange(**vars(replace(change)), beside=event)
