"""The Start page: what this is, steps that can each be skipped, and the made-up runner's picture."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

from export_writer import Session, write_export
from page_runner import opened_for

from connectors.frames import ACTIVITY, SYMPTOM
from connectors.store import open_store
from dashboard.diary import entries
from dashboard.shared import jobs


def steps(app) -> list[str]:
    return [one.value for one in app.markdown if "**:" in one.value]


def test_without_runs_of_ones_own_the_demo_is_drawn_with_its_flare_pointed_out(demo, open_page):
    app = open_page()
    (chart,) = app.get("plotly_chart")
    assert "Symptoms began " in chart.proto.spec
    assert "flare" in chart.proto.alt.lower()
    in_the_head = ("Search runs", "Keys")
    assert any("Yellow: more load than this runner was used to" in one.value for one in app.caption)
    assert any("Heelwise" in str(one.proto.body) for one in app.get("html"))
    labels = [one.label for one in app.button if one.label not in in_the_head]
    assert labels[:3] == ["Use my own runs", "Use my own runs", "Look round"]
    assert all(not one.startswith("✓") for one in steps(app)), "the demo's runs are not one's own"


def test_look_round_opens_a_year_of_the_demo(demo, open_page):
    app = open_page()
    app.button(key="look_round").click().run()
    assert not app.exception
    assert [one.value for one in app.title] == ["Timeline"]
    assert app.segmented_control(key="window").value == "1 year"


def test_ones_own_runs_lead_to_the_page_that_takes_them(home, open_page):
    home.mkdir(mode=0o700)
    (home / "demo_left").touch()
    app = open_page()
    assert not app.get("plotly_chart")
    app.button(key="start_own").click().run()
    assert not app.exception
    assert [one.value for one in app.title] == ["Data"]


def test_steps_that_are_done_have_their_sign_and_every_step_stays_open(store, athlete_id):
    app = opened_for(athlete_id, "start")
    first, second, *_ = steps(app)
    assert first.startswith("✓ **Bring your runs**")
    assert second.startswith("2. **Which heel")
    links = {one.proto.page for one in app.get("page_link")}
    assert {"data", "flares", "timeline"} <= links


def test_a_diary_alone_is_no_run(home):
    kept = open_store(home)
    own = kept.add_runner("Only a diary").athlete_id
    entries.save_entry(kept, own, entries.nothing_felt_on(date(2026, 3, 1)))
    assert not kept.read(SYMPTOM, own).is_empty()
    assert steps(opened_for(own, "start"))[0].startswith("1. ")


def test_files_dropped_on_the_start_are_imported_and_followed_on_the_data_page(home, tmp_path, open_page):
    home.mkdir(mode=0o700)
    (home / "demo_left").touch()
    one = Session(1, datetime(2026, 3, 1, 6, 30, tzinfo=UTC))
    whole = write_export(tmp_path / "export.zip", [one]).read_bytes()
    app = open_page("start")
    assert app.button(key="import_uploads").disabled
    app.file_uploader[0].set_value([("export.zip", whole, "application/zip")]).run()
    app.button(key="import_uploads").click().run()
    assert not app.exception
    assert [one.value for one in app.title] == ["Data"]
    until = time.monotonic() + 120
    while jobs.running_job(home, 1) and time.monotonic() < until:
        time.sleep(0.1)
    with open_store(home) as store:
        assert store.read(ACTIVITY, 1).height == 1
