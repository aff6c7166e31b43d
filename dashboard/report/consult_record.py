"""What a consult adds to a report beside runs and load: read in one place, so that no section asks the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from connectors.frames import EVENT, GUARDRAIL, LADDER, PROGRAMME, STRENGTH, SYMPTOM, TEST_RESULT, VISIT
from connectors.store import Store
from dashboard.diary.intake_text import intake_lines
from dashboard.model.flares import MATCH_DAYS
from dashboard.shared.onset_edits import onset_decisions
from dashboard.shared.opinions import Opinion, latest_opinions, lost_opinions

Row = dict[str, Any]


@dataclass(frozen=True)
class ConsultRecord:
    """What a person entered up to a day, and the flare the page is about."""

    as_of: date = date.min
    """The page knows nothing later than this."""
    today: date = date.min
    flare: Mapping[str, Any] | None = None
    onsets: tuple[Row, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    lost: tuple[Opinion, ...] = ()
    """Opinions on flares that the rule no longer finds."""
    notes: tuple[str, ...] = ()
    symptoms: pl.DataFrame = field(default_factory=SYMPTOM.empty)
    results: pl.DataFrame = field(default_factory=TEST_RESULT.empty)
    events: pl.DataFrame = field(default_factory=EVENT.empty)
    sets: pl.DataFrame = field(default_factory=STRENGTH.empty)
    programme: pl.DataFrame = field(default_factory=PROGRAMME.empty)
    limits: pl.DataFrame = field(default_factory=GUARDRAIL.empty)
    ladder: pl.DataFrame = field(default_factory=LADDER.empty)
    settings: Mapping[str, str] = field(default_factory=dict)
    intake_lines: tuple[str, ...] = ()
    """Lines of the intake card, as its own subject writes them."""


def read_consult_record(
    store: Store,
    athlete_id: int,
    flares: pl.DataFrame,
    period: tuple[date | None, date | None],
    until: date | None = None,
    today: date | None = None,
) -> ConsultRecord:
    """Read what the sections of a consult stand on, as it was known on a day; default today."""
    now = today or date.today()
    as_of = until or now

    def known(contract: Any) -> pl.DataFrame:
        return store.read(contract, athlete_id).filter(pl.col("date") <= as_of)

    flare = flare_of_page(flares, *period)
    visits = known(VISIT)
    return ConsultRecord(
        as_of=as_of,
        today=now,
        flare=flare,
        onsets=tuple(one for one in onset_decisions(store, athlete_id) if _is_of(one, flare)),
        opinions=opinions_on_page(store, athlete_id, flares, flare, as_of),
        lost=tuple(one for one in lost_opinions(store, athlete_id, flares) if one.visit <= as_of),
        notes=tuple(visits.filter(topic="note").sort("date")["note"].drop_nulls().to_list()),
        symptoms=known(SYMPTOM),
        results=known(TEST_RESULT),
        events=known(EVENT),
        sets=known(STRENGTH),
        programme=store.read(PROGRAMME, athlete_id).filter(pl.col("start_date") <= as_of),
        limits=store.read(GUARDRAIL, athlete_id),
        ladder=store.read(LADDER, athlete_id),
        settings=store.settings(athlete_id),
        intake_lines=tuple(intake_lines(store, athlete_id, as_of)),
    )


def flare_of_page(flares: pl.DataFrame, start: date | None, end: date | None) -> Row | None:
    """Return the flare a page of some dates is about: the newest that touches them."""
    if start is None or end is None or flares.is_empty():
        return None
    seen = flares.filter((pl.col("onset") <= end) & (pl.coalesce("last_high", "onset") >= start))
    return seen.sort("onset").row(-1, named=True) if seen.height else None


def opinions_on_page(
    store: Store, athlete_id: int, flares: pl.DataFrame, flare: Row | None, as_of: date
) -> tuple[Opinion, ...]:
    """Return the newest opinion on each channel of the flare of the page."""
    if flare is None:
        return ()
    return tuple(latest_opinions(store, athlete_id, flares, flare["onset"], as_of).values())


def _is_of(decision: Row, flare: Mapping[str, Any] | None) -> bool:
    """Return whether a person's onset is the one of a flare."""
    if flare is None or decision["onset_person_date"] is None:
        return False
    if decision["onset_person_date"] == flare["onset_person"]:
        return True
    rule, own = decision["onset_rule_date"], flare["onset_rule"]
    return rule is not None and own is not None and abs((rule - own).days) <= MATCH_DAYS
