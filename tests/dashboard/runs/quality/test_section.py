"""The section on doubts: what is odd is said, one tap settles it, and undo takes it back."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from store_builders import activity_row
from streamlit.testing.v1 import AppTest

from connectors.frames import ACTIVITY, EDIT
from connectors.store import Store
from dashboard.runs.quality import service
from dashboard.shared import ui


@pytest.fixture
def opened(store, athlete_id, open_page) -> AppTest:
    rows = [
        activity_row(athlete_id, date(2026, 4, 25), 30_000.0, moving_s=3_600.0, name="To *work*"),
        *(activity_row(athlete_id, date(2026, 5, day), None, moving_s=1_800.0) for day in range(1, 10)),
    ]
    store.write(ACTIVITY, pl.DataFrame(rows, schema_overrides=ACTIVITY.schema, infer_schema_length=None))
    return open_page("runs")


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception, [one.value for one in app.exception]
    return app


def said(app: AppTest) -> str:
    return "\n".join(str(one.value) for kind in (app.markdown, app.caption) for one in kind)


def button(app: AppTest, label: str):
    return next(one for one in app.button if one.label == label)


def press(app: AppTest, label: str) -> AppTest:
    button(app, label).click()
    return run(app)


def test_what_is_odd_is_said_with_its_numbers_and_its_effect(opened):
    text = said(opened)
    assert r"**To \*work\* · 25 Apr 2026**" in text
    assert "Its mean pace is 2:00 /km, your usual one" in text
    assert "If all 10 were corrected as proposed" in text
    assert "Corrected as proposed, the load of this session changes by −" in text
    assert "3 more of this kind are not shown." in text
    assert "3 more" not in said(press(opened, "Show more"))


def test_a_correction_is_one_tap_and_undo_another(opened, store: Store, athlete_id):
    opened.segmented_control(key=ui.DECIDED_BY).set_value("therapist")
    opened.text_input(key="quality_why_0").set_value("he says so")
    press(opened, "It was a ride")
    row = store.read(EDIT, athlete_id).row(0, named=True)
    assert (row["decided_by"], row["reason"], row["field"]) == ("therapist", "he says so", "sport")
    assert "Its mean pace is 2:00 /km" not in said(opened)
    assert "Ride" in opened.success[0].value
    assert opened.text_input(key="quality_why_1").value == ""
    opened.button(key="undo_quality").click()
    run(opened)
    assert "Its mean pace is 2:00 /km" in said(opened)
    assert store.read(EDIT, athlete_id)["is_undone"].to_list() == [True]


def test_keeping_and_leaving_out(opened, store: Store, athlete_id):
    press(opened, "Leave out")
    assert [row["distance_m"] for row in service.excluded_runs(store, athlete_id)] == [30_000.0]
    press(opened, "Count it again")
    assert service.excluded_runs(store, athlete_id) == []
    press(opened, "Keep as it is")
    assert "Its mean pace" not in said(opened)
    assert store.read(EDIT, athlete_id)["reason"].to_list() == ["Perhaps a ride", None, "Perhaps a ride"]


def test_all_of_a_kind_at_once_and_then_nothing_is_odd(opened, store, athlete_id):
    opened.selectbox(key="quality_kind").set_value("no_distance")
    run(opened)
    assert "Its mean pace" not in said(opened)
    opened.button(key="quality_keep_all_no_distance").click()
    run(opened)
    assert store.read(EDIT, athlete_id)["batch_id"].n_unique() == 1, "one act, one undo"
    press(opened, "Keep as it is")
    assert "Nothing in the record looks odd." in said(opened)
