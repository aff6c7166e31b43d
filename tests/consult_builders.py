"""A consult planted in a store: what is typed on each page, with secrets wherever words must stay on the machine."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl

from connectors.frames import EVENT, GUARDRAIL, LADDER, PROGRAMME, STRENGTH, SYMPTOM, TEST_RESULT, Contract
from connectors.store import Store
from dashboard.diary.episodes import Episode, save_episode
from dashboard.diary.intake import IntakeAnswer, save_intake
from dashboard.shared import onset_edits, visits

SECRET = "Elmwood"
"""Stands in every word of a person that was not written for the page."""
TODAY, VISIT, REVIEW = date(2026, 4, 30), date(2026, 4, 28), date(2026, 5, 12)
ONSET, ONSET_PT = date(2026, 4, 12), date(2026, 4, 10)
CALM_FROM, LAST = date(2026, 3, 10), date(2026, 4, 29)
STEP = "No track for three weeks.\nHeel raises each other day."
OPINION = "two long runs in a week"


def put(store: Store, contract: Contract, athlete_id: int, *rows: dict) -> None:
    """Write rows of a person."""
    head = {"athlete_id": athlete_id, "source": "manual", "fetched_utc": datetime(2026, 4, 28, tzinfo=UTC)}
    whole = [{"source_id": f"planted-{n}", **head, **row} for n, row in enumerate(rows)]
    store.write(contract, pl.DataFrame(whole, schema_overrides=contract.schema))


def plant_diary(store: Store, athlete_id: int) -> None:
    """A calm month, a flare of ten days with its peak on the third, and a calm week."""
    rows = []
    for n in range((LAST - CALM_FROM).days + 1):
        day = CALM_FROM + timedelta(days=n)
        into = (day - ONSET).days
        pain = {0: 4.0, 1: 5.0, 2: 6.0}.get(into, 3.0 if 0 < into < 10 else 0.0)
        rows.append(
            {
                "date": day,
                "side": "left",
                "site": "insertion",
                "morning_pain_0_10": pain,
                "morning_stiffness_min": 45.0 if into == 2 else 5.0,
                "pain_start_0_10": pain,
                "warmed_up": n % 2 == 0,
                "note": f"sore after {SECRET} hill",
            }
        )
    put(store, SYMPTOM, athlete_id, *rows)


def plant_measured(store: Store, athlete_id: int) -> None:
    """Heel rises of both legs and VISA-A on two days, sets in two weeks of a programme, and a race."""
    results = [
        (date(2026, 3, 30), "heel_rise_reps", "left", 12.0),
        (date(2026, 3, 30), "heel_rise_reps", "right", 24.0),
        (VISIT, "heel_rise_reps", "left", 18.0),
        (VISIT, "heel_rise_reps", "right", 24.0),
        (date(2026, 3, 30), "visa_a", None, 52.0),
        (VISIT, "visa_a", None, 74.0),
        (VISIT, "arc_sign", "left", 1.0),
        (VISIT, "knee_to_wall_cm", "left", 8.5),
        (VISIT, "knee_to_wall_cm", "right", 11.0),
    ]
    by_pt = {"decided_by": "therapist", "note": f"at {SECRET} clinic"}
    put(
        store,
        TEST_RESULT,
        athlete_id,
        *({"date": d, "measure": m, "side": s, "value": v, **by_pt} for d, m, s, v in results),
    )
    step = {"programme": "Heavy slow", "start_date": date(2026, 4, 14), "week_from": 1, "week_to": 12}
    dose = {"sets": 3, "repetitions": 15, "tempo": "3-0-3", "times_per_week": 3.0}
    heavy = {"note": f"Heaviest weight that allows 15; at {SECRET} gym", "decided_by": "therapist"}
    put(store, PROGRAMME, athlete_id, {**step, "exercise": "Leg-press calf raise", **dose, **heavy})
    sets = [
        {"date": date(2026, 4, day), "exercise": "Leg-press calf raise", "side": "both", "set_number": number}
        for day in (15, 17, 22)
        for number in (1, 2, 3)
    ]
    put(store, STRENGTH, athlete_id, *({**one, "kind": "slow_heavy", "note": SECRET} for one in sets))
    race = {"date": date(2026, 4, 5), "kind": "race", "note": f"{SECRET} 10 miler"}
    put(store, EVENT, athlete_id, race)
    store.set_settings(athlete_id, {"birth_year": "1986", "sex": "female"})


def plant_agreed(store: Store, athlete_id: int) -> None:
    """An onset by the therapist, an opinion, a limit, a step of the ladder, what was agreed, and the review."""
    onset_edits.save_onset(store, athlete_id, ONSET, ONSET_PT, "therapist")
    visits.save_note(store, athlete_id, VISIT, "driver", "longest", opinion="likely", note=OPINION)
    visits.save_note(store, athlete_id, VISIT, "driver", "climb", opinion="no")
    visits.save_note(store, athlete_id, VISIT, "agreed", note=STEP)
    visits.save_note(store, athlete_id, VISIT, "review", on_date=REVIEW)
    by_pt = {"decided_by": "therapist", "note": f"not past {SECRET}"}
    limit = {"name": "long_run", "value": 105.0, "is_on": True}
    put(store, GUARDRAIL, athlete_id, {**limit, **by_pt, "source_id": "long_run"})
    step = {"step": 2, "done_on": date(2026, 4, 27), "source_id": "step/2"}
    put(store, LADDER, athlete_id, {**step, **by_pt})


def plant_asked(store: Store, athlete_id: int) -> None:
    """The intake card and an earlier episode."""
    card = {
        "goal": IntakeAnswer("half marathon", date(2026, 10, 4)),
        "work": IntakeAnswer("nurse, on her feet 8 hours"),
        "fluoroquinolone": IntakeAnswer("no"),
    }
    save_intake(store, athlete_id, VISIT, card, "therapist")
    begun, ended = date(2023, 5, 1), date(2023, 6, 30)
    known = Episode("heel", begun, to_date=ended, side="left", note=f"after {SECRET} half")
    save_episode(store, athlete_id, known, VISIT)


def plant_consult(store: Store, athlete_id: int) -> None:
    """Everything a consult has typed."""
    plant_diary(store, athlete_id)
    plant_measured(store, athlete_id)
    plant_agreed(store, athlete_id)
    plant_asked(store, athlete_id)
