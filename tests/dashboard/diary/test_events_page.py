"""Events: written down in one form, taken back, and seen where they belong."""

from __future__ import annotations

from datetime import date

import pytest

from connectors.frames import EVENT
from dashboard.diary import events
from dashboard.shared import text as shared_text


@pytest.fixture
def written(store, open_page):
    return open_page("events")


def field(app, start: str):
    kinds = (app.button_group, app.text_input, app.date_input)
    return next(one for kind in kinds for one in kind if one.key.startswith(start))


def said(app) -> str:
    kinds = (app.success, app.markdown, app.text, app.caption)
    return "\n".join(str(one.value) for kind in kinds for one in kind)


def test_nothing_is_chosen_and_nothing_can_be_saved_before_it_is(written):
    assert field(written, "event_kind").value is None
    assert written.button(key="save_event").disabled
    assert "No event yet." in said(written)


def test_an_event_is_kept_undone_kept_again_and_removed(written, store, athlete_id):
    for _ in range(2):
        field(written, "event_kind").set_value("illness").run()
        field(written, "event_date").set_value(date(2026, 4, 1)).run()
        field(written, "event_end").set_value(date(2026, 4, 6)).run()
        field(written, "event_note").set_value("cold *and* cough").run()
        written.button(key="save_event").click().run()
        assert not written.exception
        assert "Saved: Illness, 1 to 6 Apr 2026." in said(written)
        row = store.read(EVENT, athlete_id).row(0, named=True)
        assert (row["kind"], row["date"], row["end_date"]) == ("illness", date(2026, 4, 1), date(2026, 4, 6))
        written.button(key="undo_event").click().run()
        assert store.read(EVENT, athlete_id).is_empty()
    (kept,) = events.save_event(store, athlete_id, "race", date(2026, 4, 1)).rows
    written.run()
    written.button(key=f"remove_manual_{kept['source_id']}").click().run()
    assert store.read(EVENT, athlete_id).is_empty()
    written.button(key="undo_event").click().run()
    assert store.read(EVENT, athlete_id).height == 1


def test_every_kind_has_a_word_and_a_button(written):
    texts = list(field(written, "event_kind").options)
    assert set(EVENT.columns["kind"].one_of) == set(shared_text.EVENT_KINDS)
    assert all(any(word in text for text in texts) for word in shared_text.EVENT_KINDS.values())


def test_the_timeline_says_what_happened(store, athlete_id, open_page):
    events.save_event(store, athlete_id, "job", date(2026, 4, 1), None, "<b>desk</b>")
    app = open_page("timeline")
    html = "\n".join(str(one.value) for one in app.get("html"))
    assert "New job: &lt;b&gt;desk&lt;/b&gt; (1 Apr 2026)" in html
