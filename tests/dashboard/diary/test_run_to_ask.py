"""Which run the log asks about first, and on a phone's width the Streamlit page too."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl
import pytest
from page_runner import MAIN, address
from streamlit.testing.v1 import AppTest

from connectors.edits import Edit
from connectors.frames import ACTIVITY, SYMPTOM
from dashboard.diary import entries, run_to_ask
from dashboard.diary.entries import SymptomEntry

TODAY = datetime.now().astimezone().date()


def arrived(store, athlete_id, day: date) -> str:
    row = store.read(ACTIVITY, athlete_id).sort("local_date").row(-1, named=True)
    name = f"run-{day}"
    moved = {
        **row,
        "activity_id": name,
        "source_id": name,
        "local_date": day,
        "start_utc": row["start_utc"] + (day - row["local_date"]),
        "perceived_exertion_0_10": None,
    }
    store.write(ACTIVITY, pl.DataFrame([moved], schema=ACTIVITY.schema))
    return name


def first(store, athlete_id):
    runs = run_to_ask.runs_to_ask(store, athlete_id, TODAY)
    return run_to_ask.first_run(runs, store.read(SYMPTOM, athlete_id), TODAY)


def test_the_newest_run_of_two_days_until_effort_and_pain_are_known(store, athlete_id):
    assert first(store, athlete_id) is None
    arrived(store, athlete_id, TODAY - timedelta(2))
    assert first(store, athlete_id) is None
    name = arrived(store, athlete_id, TODAY - timedelta(1))
    assert first(store, athlete_id) == name
    store.edit(athlete_id, [Edit("activity", name, "perceived_exertion_0_10", 5.0)])
    assert first(store, athlete_id) == name
    entries.save_entry(store, athlete_id, SymptomEntry(TODAY - timedelta(1), pain_after_0_10=0.0))
    assert first(store, athlete_id) is None


@pytest.mark.parametrize(("is_narrow", "tab"), [(True, "After a run"), (False, "Morning")])
def test_the_log_page_opens_on_it_at_the_width_of_a_phone(store, athlete_id, is_narrow, tab):
    arrived(store, athlete_id, TODAY)
    log = AppTest.from_file(str(MAIN), default_timeout=60)
    address(log, "log")
    log.session_state["width"] = {"narrow": is_narrow}
    log.run()
    assert not log.exception
    assert next(one for one in log.button_group if one.key == "when").value == tab
