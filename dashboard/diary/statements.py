"""What a runner wrote of a leg, what they answered to it, and the episodes that follow from the answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from connectors.errors import StoreError
from connectors.frames import ACTIVITY, ANSWER, RUN_SPORTS, STATEMENT
from connectors.late_imports import late_import
from connectors.source import SOURCES
from connectors.store import Store
from dashboard.diary.episodes import Episode, load_episodes
from dashboard.shared.undo import Change, replace_rows

PROPOSED, HEEL, OTHER, NO, NOT_ME = "proposed", "heel", "other", "no", "not_me"
HEEL_PARTS = ("achilles", "heel")
ONE_EPISODE = timedelta(days=28)
"""Statements of one place that are no further apart are one episode. Design choice: as far as a flare is matched."""
WITHOUT_IMPORT = tuple(one.id for one in SOURCES if one.is_link)
"""Origins whose titles are read where they lie: they stay no longer than the session, and cost no call."""
STATEMENT_GONE = "What was answered here is no longer on record. Nothing was saved; open the page again."


@dataclass(frozen=True)
class Statement:
    """One clause with what it hangs on, and what the runner answered: `proposed` where nothing."""

    statement_id: str
    date: date
    activity_id: str | None
    source: str
    text: str
    place: str
    side: str | None
    kind: str
    state: str = PROPOSED
    distance_m: float | None = None
    is_run: bool = True


def load_statements(store: Store, athlete_id: int) -> list[Statement]:
    """Return every statement, oldest first; the same words of one date in two records of a run are one."""
    rows = pl.concat([store.read(STATEMENT, athlete_id), _of_titles(store, athlete_id)])
    if rows.is_empty():
        return []
    sessions = store.read(ACTIVITY, athlete_id).select("activity_id", "distance_m", "sport").iter_rows()
    known = {activity_id: (metres, sport in RUN_SPORTS) for activity_id, metres, sport in sessions}
    answers = load_answers(store, athlete_id, "statement")
    once: dict[tuple[date, str], Statement] = {}
    for row in rows.sort("date", "source", "source_id").iter_rows(named=True):
        statement_id = f"{row['source']}/{row['source_id']}"
        one = Statement(
            statement_id,
            row["date"],
            row["activity_id"],
            row["source"],
            row["text"],
            row["body_part"],
            row["side"],
            row["kind"],
            answers[statement_id]["answer"] if statement_id in answers else PROPOSED,
            *known.get(row["activity_id"], (None, False)),
        )
        key = (one.date, one.text.casefold())
        if key not in once or once[key].state == PROPOSED:
            once[key] = one
    return list(once.values())


def _of_titles(store: Store, athlete_id: int) -> pl.DataFrame:
    """Clauses in the titles of sessions that came without an import."""
    rows = store.read(ACTIVITY, athlete_id).filter(pl.col("source").is_in(WITHOUT_IMPORT))
    return (
        late_import("connectors.statements.rows").statement_rows(rows, {}, datetime.now(UTC))
        if rows.height
        else STATEMENT.empty()
    )


def load_answers(store: Store, athlete_id: int, question: str) -> dict[str, dict[str, Any]]:
    """Return the answers to one kind of question by what was asked about."""
    rows = store.read(ANSWER, athlete_id).filter(pl.col("question") == question)
    return {row["question_id"]: row for row in rows.iter_rows(named=True)}


def answer_statement(store: Store, athlete_id: int, statement_id: str, state: str | None) -> Change:
    """Store what the runner says of a statement; None takes the answer back."""
    before = load_answers(store, athlete_id, "statement").get(statement_id)
    if state is None:
        return replace_rows(store, ANSWER, athlete_id, (), [before] if before else [])
    if statement_id not in {one.statement_id for one in load_statements(store, athlete_id)}:
        raise StoreError(STATEMENT_GONE)
    return replace_rows(store, ANSWER, athlete_id, [answer_row(athlete_id, "statement", statement_id, state)])


def answer_together(store: Store, athlete_id: int, statement_ids: Sequence[str], state: str) -> Change:
    """Store one answer to several statements, as one act that can be undone."""
    there = {one.statement_id for one in load_statements(store, athlete_id) if one.state == PROPOSED}
    if not there.issuperset(statement_ids):
        raise StoreError(STATEMENT_GONE)
    rows = [answer_row(athlete_id, "statement", one, state) for one in statement_ids]
    return replace_rows(store, ANSWER, athlete_id, rows)


def places_asked(statements: Sequence[Statement]) -> dict[str, list[Statement]]:
    """Return the open statements by place, in the order in which they are asked about."""
    places: dict[str, list[Statement]] = {}
    for one in statements:
        if one.state == PROPOSED:
            places.setdefault(one.place, []).append(one)

    def order(place: str) -> tuple[bool, int, str]:
        return place == "other", -len({one.date for one in places[place]}), place

    return {place: places[place] for place in sorted(places, key=order)}


def answer_row(
    athlete_id: int,
    question: str,
    question_id: str,
    answer: str,
    span: tuple[date, date] | tuple[None, None] = (None, None),
) -> dict[str, Any]:
    """Return one row of ANSWER; a question has one answer, so a second takes the place of the first."""
    return {
        "athlete_id": athlete_id,
        "source": "manual",
        "source_id": f"{question}/{question_id}",
        "fetched_utc": datetime.now(UTC),
        "question": question,
        "question_id": question_id,
        "answer": answer,
        "from_date": span[0],
        "to_date": span[1],
    }


def written_episodes(statements: Sequence[Statement]) -> list[Episode]:
    """Return the episodes that answered statements make: those of one place within four weeks are one.

    A statement that there was no pain makes none.
    """
    ours = [one for one in statements if one.state in (HEEL, OTHER) and one.kind != "none"]
    groups: list[list[Statement]] = []
    for one in sorted(ours, key=lambda each: (each.date, each.text)):
        for group in groups:
            if _is_same_spell(group, one):
                group.append(one)
                break
        else:
            groups.append([one])
    return [_episode(group) for group in groups]


def _part(one: Statement) -> str:
    """Where an answer says it was: what was guessed, unless the answer speaks against it."""
    if one.state == HEEL:
        return "heel" if one.place == "heel" else "achilles"
    return "other" if one.place in HEEL_PARTS else one.place


def _is_same_spell(group: Sequence[Statement], one: Statement) -> bool:
    if one.date - group[-1].date > ONE_EPISODE or one.state != group[-1].state:
        return False
    is_place = one.state == HEEL or _part(group[0]) == _part(one)
    sides = {each.side for each in (*group, one) if each.side}
    return is_place and len(sides) <= 1


def _episode(group: Sequence[Statement]) -> Episode:
    side = next((one.side for one in group if one.side), None)
    return Episode(_part(group[0]), group[0].date, None, group[-1].date, side, "wrote")


def answered_breaks(store: Store, athlete_id: int) -> list[Episode]:
    """Return the breaks in running that were answered "sore", as inferred episodes."""
    rows = [
        one for one in load_answers(store, athlete_id, "break").values() if one["answer"] in (HEEL, OTHER)
    ]
    return [
        Episode(
            "achilles" if one["answer"] == HEEL else "other",
            one["from_date"],
            None,
            one["to_date"],
            None,
            "inferred",
        )
        for one in sorted(rows, key=lambda each: each["question_id"])
    ]


def all_episodes(store: Store, athlete_id: int) -> list[Episode]:
    """Return every episode, oldest first: typed ones, those of answered statements and of answered breaks."""
    names = ("body_part", "from_date", "from_earliest_date", "to_date", "side", "known_by")
    rows = load_episodes(store, athlete_id).select(names).iter_rows(named=True)
    typed = [Episode(**row) for row in rows]
    derived = [
        *written_episodes(load_statements(store, athlete_id)),
        *answered_breaks(store, athlete_id),
    ]
    return sorted([*typed, *derived], key=lambda one: (begun(one) or date.max, one.body_part))


def begun(episode: Episode) -> date | None:
    """Return the earliest date an episode may have begun."""
    return episode.from_earliest_date or episode.from_date


def heel_episodes(episodes: Iterable[Episode]) -> list[Episode]:
    """Return the episodes of the Achilles or the heel whose beginning is known, newest first."""
    ours = [one for one in episodes if one.body_part in HEEL_PARTS and one.from_date]
    return sorted(ours, key=lambda one: one.from_date or date.min, reverse=True)


def episodes_json(store: Store, athlete_id: int) -> list[dict[str, Any]]:
    """Return the key `episodes` of the report; a person's own words stay on the machine."""
    return [
        {
            "from": _iso(one.from_date),
            "from_earliest": _iso(one.from_earliest_date),
            "to": _iso(one.to_date),
            "place": one.body_part,
            "side": one.side,
            "known_by": one.known_by,
        }
        for one in all_episodes(store, athlete_id)
    ]


def statements_json(
    store: Store, athlete_id: int, since: date | None, until: date | None
) -> list[dict[str, Any]]:
    """Return the key `statements` of a period, words and all; `shareable_statements` takes them out."""
    return [
        {
            "date": one.date.isoformat(),
            "run_id": one.activity_id if one.is_run else None,
            "source": one.source,
            "text": one.text,
            "place": one.place,
            "side": one.side,
            "kind": one.kind,
            "state": one.state,
        }
        for one in load_statements(store, athlete_id)
        if (since is None or one.date >= since) and (until is None or one.date <= until)
    ]


def shareable_statements(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return statements as they may leave the room: without words, and without those answered no or not me."""
    return [{**row, "text": None} for row in rows if row["state"] not in (NO, NOT_ME)]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
