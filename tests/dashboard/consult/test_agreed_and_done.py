"""What was agreed and what was done of it: limits, sets, ladder, tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from connectors.frames import LADDER, PROGRAMME, STRENGTH, TEST_RESULT
from connectors.store import open_store
from dashboard.consult.agreed_and_done import (
    agreed_in_words,
    ladder_in_words,
    results_in_words,
    sets_in_words,
)
from dashboard.plan import service
from dashboard.plan.ladder import LADDER_TEMPLATE
from dashboard.plan.limits import GuardrailLimit
from dashboard.shared import visits
from dashboard.shared.pipeline import analysis_of
from dashboard.shared.units import Units
from dashboard.strength.clinical_tests import save_results

VISIT, LAST = date(2026, 4, 1), date(2026, 4, 29)


def programme(sets: int | None = 3) -> pl.DataFrame:
    row = {
        "programme": "Slow and heavy", "start_date": VISIT, "week_from": 1, "week_to": 12, "exercise": "Heel rise",
        "sets": sets, "repetitions": 15, "times_per_week": 3.0,
    }  # fmt: skip
    return pl.DataFrame([row], schema_overrides=PROGRAMME.schema).pipe(filled, PROGRAMME)


def filled(frame: pl.DataFrame, contract) -> pl.DataFrame:
    missing = [
        pl.lit(None, dtype).alias(name) for name, dtype in contract.schema.items() if name not in frame
    ]
    return frame.with_columns(missing).select(contract.schema.names())


def logged(days: list[int], sets: int = 3) -> pl.DataFrame:
    rows = [
        {
            "date": VISIT + timedelta(days=day),
            "exercise": "Heel rise",
            "side": "both",
            "set_number": number + 1,
        }
        for day in days
        for number in range(sets)
    ]
    return pl.DataFrame(rows, schema_overrides=STRENGTH.schema).pipe(filled, STRENGTH)


def test_sets_are_counted_in_the_weeks_that_ended() -> None:
    lines = sets_in_words(programme(), logged([0, 2, 4, 7, 9, 15]), VISIT, VISIT + timedelta(days=15))
    assert lines == ["Slow and heavy: 15 of 18 sets done in 2 weeks (Heel rise 15 of 18)."]


def test_in_its_first_week_a_programme_is_so_far() -> None:
    lines = sets_in_words(programme(), logged([0, 2]), VISIT, VISIT + timedelta(days=3))
    assert lines == ["Slow and heavy: 6 of 9 sets done so far this week."]


def test_sets_nobody_numbered_are_not_nought_of_nought() -> None:
    (line,) = sets_in_words(programme(None), logged([0]), VISIT, VISIT + timedelta(days=8))
    assert line == "Slow and heavy: 3 sets done in 1 week; how many were agreed is not said."


def test_the_ladder_then_and_now(store, athlete_id) -> None:
    assert ladder_in_words(store.read(LADDER, athlete_id), VISIT, LAST) == []
    done = [replace(LADDER_TEMPLATE[n], done_on=VISIT + timedelta(days=day)) for n, day in ((0, -2), (2, 9))]
    service.save_steps(store, athlete_id, done)
    rows = store.read(LADDER, athlete_id)
    assert ladder_in_words(rows, VISIT, LAST) == [
        "Ladder: step 1 (6 × 4 min walk and 1 min run) → step 3 (6 × 2 min walk and 3 min run)."
    ]
    assert ladder_in_words(rows, VISIT, VISIT + timedelta(days=1)) == [
        "Ladder: step 1 (6 × 4 min walk and 1 min run), no further step since."
    ]


def test_tests_then_and_now(store, athlete_id) -> None:
    save_results(
        store,
        athlete_id,
        VISIT,
        {("visa_a", None): 52, ("heel_rise_reps", "left"): 12, ("heel_rise_reps", "right"): 21},
        "therapist",
    )
    save_results(
        store,
        athlete_id,
        LAST,
        {("visa_a", None): 74, ("hop_pain_0_10", "left"): 3, ("heel_rise_reps", "right"): 20},
        "therapist",
    )
    assert results_in_words(store.read(TEST_RESULT, athlete_id), VISIT, LAST) == [
        "Single-leg heel rises, left: 12 (1 Apr), not tested since.",
        "Single-leg heel rises, right: 21 (1 Apr) → 20 (29 Apr): −1 (too small to count as a change).",
        "Pain on hopping, left: 3 (29 Apr), not tested before that visit.",
        "VISA-A total: 52 (1 Apr) → 74 (29 Apr): +22 (counts as a change).",
    ]
    assert results_in_words(TEST_RESULT.empty(), VISIT, LAST) == ["No test is on record."]


def test_the_same_result_twice_is_no_change(store, athlete_id) -> None:
    for day in (VISIT, LAST):
        save_results(store, athlete_id, day, {("heel_rise_reps", "right"): 21}, "therapist")
    assert results_in_words(store.read(TEST_RESULT, athlete_id), VISIT, LAST) == [
        "Single-leg heel rises, right: 21 (1 Apr) → 21 (29 Apr): no change."
    ]


def test_it_opens_on_what_was_agreed(store, athlete_id) -> None:
    analysis = analysis_of(store, athlete_id)
    assert agreed_in_words(store, athlete_id, analysis, VISIT, LAST, Units())[0].startswith("No step, limit,")
    visits.save_note(store, athlete_id, VISIT, "agreed", note="raise calves")
    visits.save_note(store, athlete_id, VISIT, "review", on_date=LAST)
    limit = GuardrailLimit(25_000, True, "therapist", "amount", VISIT, LAST - timedelta(days=3))
    service.save_limit(store, athlete_id, "distance", limit)
    lines = agreed_in_words(store, athlete_id, analysis, VISIT, LAST, Units())
    assert lines[:2] == ["Agreed: raise calves", "Review was set for 29 Apr 2026."]
    assert lines[2].startswith(
        "Distance a week: at most 25.0 km until 26 Apr 2026 (PT), 2 to 26 Apr: not kept, "
    )


def test_the_cover_draws_it_where_there_was_a_visit(open_page, demo_copy) -> None:
    app = open_page("consult")
    assert "Since the last visit" not in str([one.value for one in app.header])
    store, then = open_store(demo_copy), date.today() - timedelta(days=28)
    visits.save_note(store, 1, then, "agreed", note="no track")
    service.save_limit(store, 1, "fast", GuardrailLimit(0, True, "therapist", "amount", then))
    app = open_page("consult")
    assert any("Since the last visit" in one.value for one in app.header)
    html = "\n".join(str(getattr(one.proto, "body", "")) for one in app.get("html"))
    parts = [
        html.index(f">{title}<") for title in ("Agreed, and done", "Tests, then and now", "Symptoms", "Load")
    ]
    assert parts == sorted(parts)
    assert "Agreed: no track" in html
    assert "Fast running a week: none (PT)" in html
    assert "weeks cannot be compared" not in html
