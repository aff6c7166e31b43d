"""Who saw a record, on the Settings page: newest first, in words, and nothing of what stands in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from page_runner import opened_for, texts
from sqlalchemy import insert

from connectors.store.tables import PERSON_TABLE
from dashboard.shared import access_log_text
from dashboard.shared.access_log_section import PAGE_ROWS

AT = datetime(2026, 11, 29, 10, tzinfo=UTC)


def settings_page(athlete_id: int):
    return opened_for(athlete_id, "settings")


def test_without_anybody_else_the_page_says_so(store):
    page = texts(settings_page(store.runner().athlete_id))
    assert access_log_text.TITLE in page or access_log_text.NOBODY in page
    assert access_log_text.NOBODY in page


def test_entries_are_sentences_newest_first_of_this_runner_alone(store):
    me, other = store.runner().athlete_id, store.add_runner("Sam Elsewhere").athlete_id
    with store._database.writing() as connection:
        person = {"issuer": "i", "subject": "s", "display_name": "Alex *Example*", "added_utc": 1}
        connection.execute(insert(PERSON_TABLE).values(**person))
    store.access_log.note(None, "person:1", "saw", me, "timeline", AT)
    store.access_log.note(None, "device:4", "changed", me, "symptom", AT + timedelta(minutes=1))
    store.access_log.note(None, "person:7", "downloaded", me, "Save PDF", AT + timedelta(minutes=2))
    store.access_log.note(None, "person:1", "gave", me, "see to person 3", AT + timedelta(minutes=3))
    store.access_log.note(None, "person:1", "saw", me, "sharing", AT + timedelta(minutes=4))
    store.access_log.note(None, "person:1", "made code", me, "record", AT + timedelta(minutes=5))
    store.access_log.note(None, "person:9", "saw", other, "flares", AT)
    page = texts(settings_page(me))
    plain = page.replace("\\", "")
    words = (
        "Alex *Example* made a code for this record.",
        "Alex *Example* opened the page Who may see this.",
        "Alex *Example* gave a right: see to person 3.",
        "A person (number 7) saved a file from Save PDF.",
        "A paired phone (number 4) changed the symptom log.",
        "Alex *Example* opened the page Timeline.",
    )
    at = [plain.index(one) for one in words]
    assert at == sorted(at)
    assert "*Example*" not in page.replace("\\*Example\\*", "")
    assert "number 9" not in page


def test_earlier_entries_are_a_press_away(store):
    me = store.runner().athlete_id
    for number in range(PAGE_ROWS + 3):
        store.access_log.note(None, f"person:{number}", "saw", me, "today", AT + timedelta(minutes=number))
    app = settings_page(me)
    assert f"number {PAGE_ROWS + 2}" in texts(app)
    assert "number 2)" not in texts(app).replace("\\", "")
    app.button(key="access_log_earlier").click().run()
    assert "number 2)" in texts(app).replace("\\", "")
    app.button(key="access_log_newest").click().run()
    assert f"number {PAGE_ROWS + 2}" in texts(app)
