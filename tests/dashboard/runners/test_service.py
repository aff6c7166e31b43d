"""The list of runners: what is known of each, why it stands where it does, and rows that say how old they are."""

from __future__ import annotations

import time
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as some
from store_builders import activity_row

from connectors.frames import ACTIVITY
from connectors.store import Store, open_store
from dashboard.diary import entries
from dashboard.plan.limits import GuardrailLimit
from dashboard.plan.service import save_limit
from dashboard.runners import service, text
from dashboard.runners.service import RunnerSummary, why
from dashboard.shared import visits
from dashboard.shared.text import WARNING_SIGN
from dashboard.strength import programmes
from dashboard.strength.templates import TEMPLATES

TODAY = date(2026, 11, 20)


@pytest.fixture
def kept(tmp_path) -> Store:
    return open_store(tmp_path)


def log(store: Store, athlete_id: int, day: date, pain: float) -> None:
    entries.save_entry(store, athlete_id, entries.SymptomEntry(day, "left", morning_pain_0_10=pain))


def back(days: int) -> date:
    return TODAY - timedelta(days=days)


def test_a_summary_holds_what_is_on_record_and_none_for_the_rest(kept):
    one = kept.add_runner("Ann").athlete_id
    empty = service.summarise(kept, one, TODAY)
    assert empty == RunnerSummary(TODAY.isoformat())
    for days, pain in ((40, 2.0), (38, 3.0), (36, 2.0), (5, 6.0), (3, 5.0), (1, 4.0)):
        log(kept, one, back(days), pain)
    visits.save_note(kept, one, back(35), "agreed", note="less track")
    visits.save_note(kept, one, back(35), "review", on_date=back(7))
    summary = service.summarise(kept, one, TODAY)
    assert (summary.side, summary.logged_days, summary.last_logged) == ("left", 3, "2026-11-19")
    assert (summary.symptoms_then, summary.symptoms_now) == (2.0, 5.0)
    assert (summary.last_visit, summary.review) == ("2026-10-16", "2026-11-13")
    assert (summary.sets_done, summary.sets_agreed) == (None, None)


def test_sets_of_this_week_stand_beside_those_agreed(kept):
    one = kept.add_runner("Ann").athlete_id
    programmes.start_programme(kept, one, TEMPLATES[0], back(3), "therapist")
    summary = service.summarise(kept, one, TODAY)
    assert summary.sets_done == 0
    assert summary.sets_agreed


def test_the_order_and_its_reasons(kept):
    names = ("Quiet", "Later", "Silent", "Worse", "Overdue", "Sign")
    ids = {name: kept.add_runner(name).athlete_id for name in names}
    for name, athlete_id in ids.items():
        log(kept, athlete_id, back(9 if name == "Silent" else 1), 5.0 if name == "Worse" else 1.0)
    visits.save_note(kept, ids["Quiet"], back(60), "agreed", note="x")
    visits.save_note(kept, ids["Later"], back(10), "agreed", note="x")
    visits.save_note(kept, ids["Overdue"], back(30), "review", on_date=back(1))
    log(kept, ids["Worse"], back(31), 3.0)
    visits.save_note(kept, ids["Worse"], back(30), "agreed", note="x")
    kept.set_bookmarks(ids["Sign"], {WARNING_SIGN: back(2).isoformat()})
    kept.add_runner("Demo (made up)", is_demo=True)
    kept.archive_runner(kept.add_runner("Away").athlete_id)
    assert service.refresh(kept, TODAY) == 6
    rows = service.list_runners(kept, TODAY)
    assert [row.runner.name for row in rows] == ["Sign", "Overdue", "Worse", "Silent", "Quiet", "Later"]
    assert [row.reason for row in rows] == [
        "a sign to show a doctor was answered yes",
        "review overdue",
        "symptoms 2 of 10 above the last visit",
        "nothing logged for 7 days",
        "",
        "",
    ]
    assert all(row.stale_since is None for row in rows)


def test_a_row_older_than_its_record_says_so_and_is_made_again_alone(kept):
    one, other = kept.add_runner("Ann").athlete_id, kept.add_runner("Bob").athlete_id
    service.refresh(kept, TODAY)
    log(kept, one, TODAY, 3.0)
    stale = {row.runner.athlete_id: row.stale_since for row in service.list_runners(kept, TODAY)}
    assert stale[one] is not None
    assert stale[other] is None
    assert service.refresh(kept, TODAY, [other]) == 0
    assert service.refresh(kept, TODAY) == 1
    assert service.refresh(kept, TODAY) == 0
    assert service.refresh(kept, TODAY + timedelta(days=1)) == 2


def test_it_is_made_in_the_background_once(kept):
    kept.add_runner("Ann")
    thread = service.refresh_in_background(kept, TODAY)
    assert thread is not None
    thread.join(30)
    assert [row.stale_since for row in service.list_runners(kept, TODAY)] == [None]


def run_weeks(store: Store, athlete_id: int) -> None:
    """Ten weeks with 8 km every other day, to yesterday."""
    rows = [activity_row(athlete_id, back(day)) for day in range(1, 71, 2)]
    store.write(ACTIVITY, pl.DataFrame(rows, schema_overrides=ACTIVITY.schema))


def test_limits_are_held_against_the_record_since_the_last_visit(kept):
    ids = {name: kept.add_runner(name).athlete_id for name in ("Keeps", "Breaks", "Blank", "None")}
    for name, most in (("Keeps", 60_000.0), ("Breaks", 20_000.0), ("Blank", 20_000.0)):
        limit = GuardrailLimit(most, True, "therapist", "amount", back(20), None)
        save_limit(kept, ids[name], "distance", limit)
        visits.save_note(kept, ids[name], back(20), "agreed", note="less running")
        if name != "Blank":
            run_weeks(kept, ids[name])
    for athlete_id in ids.values():
        log(kept, athlete_id, back(1), 1.0)
    service.refresh(kept, TODAY)
    rows = {row.runner.name: row for row in service.list_runners(kept, TODAY)}
    told = {name: text.cells(row, TODAY)["limits"] for name, row in rows.items()}
    assert told == {"Keeps": "1 of 1", "Breaks": "0 of 1", "Blank": "0 of 1, 1 not known", "None": "–"}
    assert (rows["Breaks"].rank, rows["Breaks"].reason) == (4, "limit not kept: Distance a week")
    assert {rows[name].rank for name in ("Keeps", "Blank", "None")} == {6}
    assert next(iter(rows)) == "Breaks"
    in_order = service.sort_rows(list(rows.values()), "limits", TODAY)
    assert [row.runner.name for row in in_order][-2:] == ["Keeps", "None"]


def test_a_run_that_comes_in_makes_the_limits_of_its_runner_anew(kept):
    one = kept.add_runner("Ann").athlete_id
    save_limit(kept, one, "distance", GuardrailLimit(20_000.0, True, "therapist", "amount", back(20), None))
    service.refresh(kept, TODAY)
    (row,) = service.list_runners(kept, TODAY)
    assert row.summary.limit_crossed is None
    run_weeks(kept, one)
    (row,) = service.list_runners(kept, TODAY)
    assert row.stale_since is not None
    service.refresh_shown(kept, TODAY, one)
    until = time.monotonic() + 30
    while service.list_runners(kept, TODAY)[0].stale_since is not None and time.monotonic() < until:
        time.sleep(0.02)
    assert service.list_runners(kept, TODAY)[0].summary.limit_crossed == "Distance a week"


@pytest.mark.parametrize("column", sorted(service.COLUMNS))
def test_every_column_sorts_with_equal_rows_by_label(kept, column):
    for name in ("Cleo", "Ann", "Bob"):
        kept.add_runner(name)
    log(kept, 2, back(1), 4.0)
    service.refresh(kept, TODAY)
    rows = service.sort_rows(service.list_runners(kept, TODAY), column, TODAY)
    equal = [row.runner.label for row in rows if row.runner.athlete_id != 2]
    assert equal == ["B", "C"]


DAYS = some.none() | some.integers(0, 90).map(lambda days: back(days).isoformat())
SCORES = some.none() | some.floats(0, 10)


@given(DAYS, DAYS, DAYS, SCORES, SCORES, some.none() | some.just("Runs a week"))
def test_an_earlier_reason_always_wins_over_a_later_one(sign, review, logged, now, then, crossed):
    summary = RunnerSummary(
        TODAY.isoformat(),
        review=review,
        symptoms_now=now,
        symptoms_then=then,
        last_logged=logged,
        warning_sign=sign,
        limit_crossed=crossed,
    )
    rank, reason = why(summary, TODAY)
    if sign and sign > back(14).isoformat():
        assert rank == 1
    elif review and review < TODAY.isoformat():
        assert rank == 2
    elif now is not None and then is not None and now >= then + 2:
        assert rank == 3
    elif crossed:
        assert rank == 4
    else:
        assert rank == (6 if logged and logged > back(7).isoformat() else 5)
    assert bool(reason) == (rank < 6)
