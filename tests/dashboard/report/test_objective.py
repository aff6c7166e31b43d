"""O: tests with their error, what stepped up with its numbers and pair, sets against the programme."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from consult_builders import TODAY, VISIT, put

from connectors.frames import PROGRAMME, SHOE, STRENGTH, TEST_RESULT
from dashboard.model.leading_changes import Composite, Lead, LeadingChange
from dashboard.report.material import collect
from dashboard.report.objective import arrow, change_items, objective_section, result_items, sets_in_words
from dashboard.shared.units import Units

CALM = Composite(None, None, None, False, ())
SINCE, UNTIL = date(2026, 4, 7), date(2026, 4, 20)


def change(channel: str, usual: float | None, reached: float, **more) -> LeadingChange:
    return LeadingChange(channel, usual, None, None, reached, SINCE, UNTIL, 3.0, 0.9, **more)


def told(*changes: LeadingChange, others: tuple = (), drops=None, units=None) -> list[str]:
    leading = Lead(changes, (), others, CALM)
    return [line for item in change_items(leading, units or Units(), drops or {}) for line in item.lines]


def lines(report_input) -> list[str]:
    return [line for item in objective_section(report_input).items for line in item.lines]


def test_a_planted_consult_has_tests_changes_and_sets_in_order(consult_input):
    assert lines(consult_input) == [
        "Single-leg heel rises: left 12 → 18, right 24 → 24 repetitions (30 Mar to 28 Apr 2026; within error; "
        "±6 from day to day); left 75 % of the other (53 to 97 %); usual at 40, women: 25",
        "VISA-A total: 52 → 74 of 100 (30 Mar to 28 Apr 2026; better; a change counts from 14)",
        "Arc sign: left there (28 Apr 2026)",
        "Knee to wall: left 8.5, right 11 cm (28 Apr 2026; a change counts from 1.9)",
        "Stepped up in the 28 days before 10 Apr 2026:",
        "Longest run: 8.0 → 20.0 km, 1 to 14 Apr 2026",
        "Distance: 28.0 → 80.0 km a week, 1 to 15 Apr 2026",
        "Hard days apart: two weeks or more → 2 days, 3 to 16 Apr 2026",
        "Total load rose above your own threshold: at its most ×2.83 of what you were used to.",
        "Sets done: Heavy slow: 9 of 27 planned since 14 Apr",
    ]
    section = objective_section(consult_input)
    assert section.grid is not None
    assert section.parts.index(section.grid) == 4, "the table stands between tests and changes"


def test_a_change_of_shoes_is_one_line_with_pair_drop_and_share():
    pair = {"shoe_id": "e", "shoe_name": "Altra Escalante 3"}
    line = "Shoes: Altra Escalante 3, 12 → 0 mm, 100 % of running, 7 to 20 Apr 2026"
    share, drop = change("shoe_new", 0.0, 1.0, **pair), change("drop", 12.0, 0.4, **pair)
    assert told(share, drop, drops={"e": 0.0}) == [line]
    assert told(drop, others=(share,), drops={"e": 0.0}) == [line]
    assert told(drop, others=(share,)) == [line], "without a drop of its own, the mean it came to"
    assert told(share, drops={"e": 4.0}) == [
        "Shoes: Altra Escalante 3, 4 mm drop, 100 % of running, 7 to 20 Apr 2026"
    ]
    assert told(change("shoe_new", 0.0, 0.8))[0].startswith("Shoes: unnamed pair, 80 % of running")


def test_the_drop_of_a_known_model_is_that_of_the_catalogue(consult_store, athlete_id):
    shoes = consult_store.read(SHOE, athlete_id)
    consult_store.write(SHOE, shoes.with_columns(name=pl.lit("Altra Escalante 3")))
    assert collect(consult_store, consult_store.runner(), today=TODAY).drops == {"pair": 0.0}


def test_each_channel_has_its_unit_once_and_its_week():
    assert told(change("fast", 660.0, 2100.0)) == ["Fast running: 11 → 35 min a week, 7 to 20 Apr 2026"]
    assert told(change("cadence", 0.0, -3.1)) == ["Cadence at the same speed: 0.0 → −3.1 %, 7 to 20 Apr 2026"]
    assert told(change("volume", 30_000.0, 45_000.0), units=Units("mi", "ft"))[0].startswith(
        "Distance: 18.6 → 28.0 mi"
    )
    assert told(change("climb", None, 300.0)) == ["Climb: not known → 300 m a week, 7 to 20 Apr 2026"]
    assert arrow("14 days or more", "1 day") == "14 days or more → 1 day"


def test_a_channel_that_stepped_up_twice_is_told_once():
    assert len(told(change("fast", 1.0, 2.0), others=(change("fast", 1.0, 3.0),))) == 1


def test_nothing_that_stepped_up_is_said_and_too_little_is_not_nothing(
    store, demo_store, demo_runner, demo_ready
):
    calm = collect(demo_store, demo_runner, date(2026, 3, 10), date(2026, 4, 20), ready=demo_ready)
    assert "Nothing in training stepped up from 10 Mar to 20 Apr 2026." in lines(calm)
    early = collect(store, store.runner(), date(2026, 1, 5), date(2026, 1, 20))
    assert (
        "Whether anything in training stepped up from 5 to 20 Jan 2026 is not known: too little is on record."
        in lines(early)
    )


def test_what_nobody_tested_or_logged_is_said(store):
    early = collect(store, store.runner(), date(2026, 2, 1), date(2026, 3, 1))
    assert "Tests: none on record" in lines(early)
    assert "Sets done: none logged in the 28 days to 1 Mar 2026" in lines(early)


@pytest.mark.parametrize(
    ("left", "right", "verdict"), [(26.0, 24.0, "left better, right within error"), (2.0, 10.0, "worse")]
)
def test_legs_that_went_apart_are_told_apart(consult_store, athlete_id, left, right, verdict):
    rows = [
        {"date": TODAY, "measure": "heel_rise_reps", "side": side, "value": value, "decided_by": "runner"}
        for side, value in (("left", left), ("right", right))
    ]
    put(consult_store, TEST_RESULT, athlete_id, *({**r, "source_id": f"t{n}"} for n, r in enumerate(rows)))
    line = result_items(collect(consult_store, consult_store.runner(), today=TODAY))[0].lines[0]
    assert f"(28 Apr to 30 Apr 2026; {verdict};" in line or f"(28 to 30 Apr 2026; {verdict};" in line


def test_a_first_result_has_nothing_before_it(consult_input):
    first = consult_input.consult.results.filter(pl.col("date") < VISIT)
    record = replace(consult_input.consult, results=first)
    assert result_items(replace(consult_input, consult=record))[1].lines == [
        "VISA-A total: 52 of 100 (30 Mar 2026; a change counts from 14)"
    ]


def test_without_a_programme_sets_are_counted_by_kind(consult_input):
    sets = consult_input.consult.sets.with_columns(kind=pl.Series(["isometric", *["slow_heavy"] * 7, None]))
    record = replace(
        consult_input.consult, sets=sets.cast(dict(STRENGTH.schema)), programme=PROGRAMME.empty()
    )
    said = sets_in_words(replace(consult_input, consult=record))
    assert said == "9 sets: slow and heavy 7, other 1, isometric 1 (28 days to 30 Apr 2026)"
