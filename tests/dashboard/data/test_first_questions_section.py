"""The end of a first import: what was written of a leg is counted, and when the heel began is asked."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from export_writer import Session, write_export

from connectors.frames import ANSWER, ONSET
from connectors.ingest.pipeline import import_paths
from connectors.store import open_store
from dashboard.data import import_report


def words(app) -> str:
    kinds = (app.header, app.markdown, app.caption, app.info, app.success)
    return "\n".join(str(one.value) for kind in kinds for one in kind)


@pytest.fixture
def imported(home, tmp_path):
    """A store after the first import of an export, as the import's process leaves it."""
    texts = ["Left calf tight", "", "Calf sore", "", "calf niggle again"]
    runs = [
        Session(id=100 + n, start=datetime(2026, 3, 1 + n, 6, tzinfo=UTC), name=text or "Morning Run")
        for n, text in enumerate(texts)
    ]
    path = write_export(tmp_path / "export.zip", runs)
    with open_store(home) as store:
        athlete_id = store.add_runner("Robin Placeholder").athlete_id
        result = import_paths(store, athlete_id, [path])
        job = store.jobs.start(athlete_id, "import")
        store.jobs.finish(job, result=import_report.import_json(result))
        yield store


def test_the_count_asks_and_the_heel_is_asked_about_first(imported, open_page):
    app = open_page("data")
    shown = words(app)
    assert "You wrote of your calf on 3 dates; was it the Achilles?" in shown
    assert "When did your heel start hurting?" in shown
    assert "3 clauses about a leg: 3 new." in shown
    app.date_input(key="heel_day_0").set_value(date(2026, 3, 4))
    app.button(key="save_heel_day").click().run()
    assert not app.exception
    (row,) = imported.read(ONSET, imported.runner().athlete_id).to_dicts()
    assert row["onset_person_date"] == date(2026, 3, 4)
    assert "A flare from 4 Mar 2026, as you say." in words(app)
    assert "heel_day_1" not in [one.key for one in app.date_input]


def test_one_tap_answers_for_every_date_and_what_came_before_follows_on_the_same_page(imported, open_page):
    app = open_page("data")
    app.button(key="together_heel_calf").click().run()
    assert not app.exception
    shown = words(app)
    assert "Answered for 3 clauses: the Achilles or heel." in shown
    assert "You wrote of your calf" not in shown
    cards = "\n".join(str(one.proto.body) for one in app.get("html"))
    assert "Before 1 Mar 2026, when you wrote of it" in cards
    athlete_id = imported.runner().athlete_id
    assert imported.read(ANSWER, athlete_id)["answer"].to_list() == ["heel"] * 3
    app.button(key="undo_statements").click().run()
    assert imported.read(ANSWER, athlete_id).is_empty()
    assert "You wrote of your calf on 3 dates; was it the Achilles?" in words(app)


def test_the_words_of_the_terminal_count_them_too(imported, run, tmp_path):
    path = tmp_path / "export.zip"
    code, out, _ = run("import", "--json", path)
    assert code == 0
    assert '"statements": {"new": 0, "updated": 0, "unchanged": 3}' in out
