"""Which flare a page is about, and what was entered up to its day."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from consult_builders import ONSET_PT, TODAY, VISIT

from dashboard.model.flares import FLARE_SCHEMA
from dashboard.report.consult_record import flare_of_page
from dashboard.report.material import collect
from dashboard.shared import onset_edits, visits


def flares(*spans: tuple[date, date]) -> pl.DataFrame:
    rows = [{"onset": first, "last_high": last} for first, last in spans]
    return pl.DataFrame(rows, schema_overrides={"onset": pl.Date, "last_high": pl.Date}).select(
        *(
            pl.col(n) if n in ("onset", "last_high") else pl.lit(None, t).alias(n)
            for n, t in FLARE_SCHEMA.items()
        )
    )


def test_a_page_is_about_the_newest_flare_that_touches_it():
    every = flares(
        (date(2026, 1, 1), date(2026, 1, 9)),
        (date(2026, 3, 1), date(2026, 3, 9)),
        (date(2026, 6, 1), date(2026, 6, 2)),
    )
    chosen = flare_of_page(every, date(2026, 1, 5), date(2026, 4, 1))
    assert chosen is not None
    assert chosen["onset"] == date(2026, 3, 1)
    assert flare_of_page(every, date(2026, 4, 1), date(2026, 5, 1)) is None
    assert flare_of_page(every, None, None) is None


def test_what_was_entered_later_is_not_on_an_earlier_page(consult_store):
    runner = consult_store.runner()
    before = collect(consult_store, runner, until=VISIT - timedelta(days=1)).consult
    assert before.opinions == ()
    assert before.results["date"].max() < VISIT
    after = collect(consult_store, runner, today=TODAY).consult
    assert {one.channel for one in after.opinions} == {"longest", "climb"}
    assert after.results["date"].max() == VISIT


def test_the_intake_card_stands_as_it_was_known_on_the_day_of_the_page(consult_store):
    runner = consult_store.runner()
    lines = collect(consult_store, runner, until=VISIT).consult.intake_lines
    assert any(line.startswith("Goal: half marathon") for line in lines)
    before = collect(consult_store, runner, until=VISIT - timedelta(days=1)).consult.intake_lines
    assert [line.split(":")[0] for line in before] == ["Earlier episodes"]


def test_the_newest_opinion_of_a_channel_stands(consult_store, athlete_id):
    later = VISIT + timedelta(days=1)
    visits.save_note(consult_store, athlete_id, later, "driver", "climb", opinion="likely", note="trails")
    record = collect(consult_store, consult_store.runner(), today=TODAY).consult
    (one,) = [one for one in record.opinions if one.channel == "climb"]
    assert (one.opinion, one.note, one.visit) == ("likely", "trails", later)


def test_an_onset_of_another_flare_is_not_this_ones(consult_store, athlete_id):
    onset_edits.save_onset(consult_store, athlete_id, None, date(2026, 2, 1), "runner")
    record = collect(consult_store, consult_store.runner(), today=TODAY).consult
    assert [one["onset_person_date"] for one in record.onsets] == [ONSET_PT]
