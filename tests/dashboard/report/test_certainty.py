"""How sure a report is stands in two lines, with what it was made from."""

from __future__ import annotations

from dataclasses import replace

from dashboard.report.certainty import certainty_lines
from dashboard.report.material import collect


def test_two_lines_name_record_reading_and_model(consult_input):
    record, read = certainty_lines(consult_input)
    assert record == (
        "56 runs (recording files 56), 0 with a recording, load of 56 from a summary alone; symptoms on 52 of 112 "
        "days. A day without an entry is unknown, not calm."
    )
    assert "an order in time, not a cause" in read
    assert "Every number of the model is at its default." in read
    assert f"model {consult_input.document['model']}." in read


def test_changed_numbers_are_named(store, athlete_id):
    store.set_settings(athlete_id, {"tau_days": "30"})
    assert "30 (default 42)" in certainty_lines(collect(store, store.runner()))[1]


def test_no_run_is_said(consult_input):
    empty = replace(consult_input, document={**consult_input.document, "runs": []})
    assert certainty_lines(empty)[0].startswith("No run is on record in this period.")
