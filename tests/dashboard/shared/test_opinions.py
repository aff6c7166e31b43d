"""An opinion belongs to one flare, follows its onset, and is never lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.frames import ONSET, VISIT
from dashboard.model.flares import FLARE_SCHEMA, find_flares
from dashboard.model.settings import ModelSettings
from dashboard.shared import onset_edits, opinions
from dashboard.shared.pipeline import analysis_of

APRIL, SEPTEMBER = date(2026, 4, 10), date(2026, 9, 8)
VISIT_DAY, NEXT = date(2026, 10, 1), date(2026, 11, 28)


def by_rule(*onsets: date) -> pl.DataFrame:
    rows = [{"onset": day, "onset_rule": day, "last_high": day} for day in onsets]
    return pl.DataFrame(rows, schema=FLARE_SCHEMA)


def now(store, athlete_id, *rule: date) -> pl.DataFrame:
    """Flares as they are with what persons said, where the rule finds those dates."""
    rows = []
    for row in onset_edits.onset_decisions(store, athlete_id):
        if row["onset_rule_date"] is None or row["onset_rule_date"] in rule:
            person = row["onset_person_date"]
            rows.append({"onset": person, "onset_rule": row["onset_rule_date"], "onset_person": person})
    edited = {row["onset_rule"] for row in rows}
    rows += [{"onset": day, "onset_rule": day} for day in rule if day not in edited]
    return pl.DataFrame(rows, schema=FLARE_SCHEMA).sort("onset")


@pytest.fixture
def both() -> pl.DataFrame:
    return by_rule(APRIL, SEPTEMBER)


def save(store, athlete_id, flares, onset, channel="fast", said="likely", note=None, visit=VISIT_DAY):
    opinions.save_opinion(store, athlete_id, visit, onset, flares, channel, said, note)


def test_an_opinion_on_one_flare_says_nothing_of_another(store, athlete_id, both):
    save(store, athlete_id, both, SEPTEMBER, note="two track sessions a week")
    flares = now(store, athlete_id, APRIL, SEPTEMBER)
    (one,) = opinions.opinions_of(store, athlete_id, flares, SEPTEMBER)
    assert opinions.opinions_of(store, athlete_id, flares, APRIL) == []
    assert one.sentence == "PT: likely – two track sessions a week"
    assert one.dated == "PT, 1 Oct 2026: likely – two track sessions a week"
    assert one.title


def test_the_first_opinion_stores_the_onset_as_the_therapists_and_the_second_does_not(
    store, athlete_id, both
):
    save(store, athlete_id, both, SEPTEMBER)
    (row,) = onset_edits.onset_decisions(store, athlete_id)
    assert (row["onset_rule_date"], row["onset_person_date"], row["decided_by"]) == (
        SEPTEMBER,
        SEPTEMBER,
        "therapist",
    )
    version = store.version(athlete_id, ONSET)
    save(store, athlete_id, both, SEPTEMBER, "longest", "no")
    assert store.version(athlete_id, ONSET) == version


def test_a_runners_onset_stays_the_runners(store, athlete_id):
    onset_edits.save_onset(store, athlete_id, SEPTEMBER, date(2026, 9, 5), "runner")
    flares = now(store, athlete_id, SEPTEMBER)
    save(store, athlete_id, flares, date(2026, 9, 5))
    (row,) = onset_edits.onset_decisions(store, athlete_id)
    assert row["decided_by"] == "runner"
    assert opinions.opinions_of(store, athlete_id, flares, date(2026, 9, 5))[0].opinion == "likely"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.integers(-13, 13), min_size=1, max_size=5), is_added=st.booleans())
def test_opinions_follow_a_moved_onset(store, athlete_id, moves, is_added):
    for row in onset_edits.onset_decisions(store, athlete_id):
        onset_edits.undo_onsets(store, athlete_id, [row["source_id"]])
    store.delete(VISIT, athlete_id, "manual", store.read(VISIT, athlete_id)["source_id"].to_list())
    rule = () if is_added else (SEPTEMBER,)
    onset = SEPTEMBER
    save(store, athlete_id, by_rule(*rule), onset, note="hills")
    for days in moves:
        flares = now(store, athlete_id, *rule)
        moved = SEPTEMBER + timedelta(days=days)
        onset_edits.save_flare_onset(store, athlete_id, flares, moved, "therapist")
        flares = now(store, athlete_id, *rule)
        assert flares["onset"].to_list() == [moved]
        assert [one.note for one in opinions.opinions_of(store, athlete_id, flares, moved)] == ["hills"]
        assert opinions.lost_opinions(store, athlete_id, flares) == []


def test_opinions_of_a_flare_that_is_gone_are_shown_still(store, athlete_id, both):
    save(store, athlete_id, both, SEPTEMBER, note="hills")
    save(store, athlete_id, both, SEPTEMBER, "longest", "no")
    lost = opinions.lost_opinions(store, athlete_id, by_rule(APRIL))
    (sentences,) = opinions.lost_in_words(lost)
    assert sentences[0] == "Noted for the flare of 8 Sep 2026, which the rule no longer finds."
    assert len(sentences) == 3


def test_back_to_the_rule_keeps_the_opinion_with_its_flare(store, athlete_id, both):
    onset_edits.save_onset(store, athlete_id, SEPTEMBER, date(2026, 9, 3), "therapist")
    save(store, athlete_id, now(store, athlete_id, SEPTEMBER), date(2026, 9, 3))
    (row,) = onset_edits.onset_decisions(store, athlete_id)
    onset_edits.undo_onsets(store, athlete_id, [row["source_id"]])
    assert opinions.opinions_of(store, athlete_id, both, SEPTEMBER)[0].opinion == "likely"


def test_the_next_visit_shows_the_last_ones_and_may_think_otherwise(store, athlete_id, both):
    save(store, athlete_id, both, SEPTEMBER)
    flares = now(store, athlete_id, APRIL, SEPTEMBER)
    save(store, athlete_id, flares, SEPTEMBER, said="no", visit=NEXT)
    every = opinions.opinions_of(store, athlete_id, flares, SEPTEMBER)
    assert [(one.visit, one.opinion) for one in every] == [(NEXT, "no"), (VISIT_DAY, "likely")]
    before = opinions.latest_opinions(store, athlete_id, flares, SEPTEMBER, NEXT - timedelta(days=1))
    assert before["fast"].opinion == "likely"
    save(store, athlete_id, flares, SEPTEMBER, said=None, visit=NEXT)
    assert len(opinions.opinions_of(store, athlete_id, flares, SEPTEMBER)) == 1


def test_an_empty_opinion_stores_nothing_at_all(store, athlete_id, both):
    save(store, athlete_id, both, SEPTEMBER, said=None, note="  ")
    assert onset_edits.onset_decisions(store, athlete_id) == []
    assert store.read(VISIT, athlete_id).is_empty()


def test_an_opinion_of_before_goes_to_the_newest_flare_of_its_visit(store, athlete_id, both):
    row = {
        "athlete_id": athlete_id,
        "source": "manual",
        "source_id": "2026-05-01:driver:climb",
        "fetched_utc": datetime(2026, 5, 1, tzinfo=UTC),
        "date": date(2026, 5, 1),
        "topic": "driver",
        "subject": "climb",
        "opinion": "possible",
    }
    store.write(VISIT, pl.DataFrame([row]).match_to_schema(VISIT.schema, missing_columns="insert"))
    assert [one.channel for one in opinions.opinions_of(store, athlete_id, both, APRIL)] == ["climb"]
    assert opinions.opinions_of(store, athlete_id, both, SEPTEMBER) == []
    save(store, athlete_id, both, APRIL, "climb", "no", visit=date(2026, 5, 1))
    flares = now(store, athlete_id, APRIL, SEPTEMBER)
    assert [one.opinion for one in opinions.opinions_of(store, athlete_id, flares, APRIL)] == ["no"]


def test_with_the_real_rule_the_typed_flare_stays_the_one_meant(store, athlete_id):
    days = analysis_of(store, athlete_id).days
    typed = date(2026, 4, 18)
    save(store, athlete_id, find_flares(days, ModelSettings()), typed)
    found = find_flares(days, ModelSettings(), onset_edits.onset_edits(store, athlete_id))
    assert typed in found["onset"].to_list()
    assert len(opinions.opinions_of(store, athlete_id, found, typed)) == 1
