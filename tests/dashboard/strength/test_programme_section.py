"""The programme on the Strength page: prescribed, done, held, moved on, changed; by itself on the floor."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from dashboard.diary import entries
from dashboard.diary.entries import SymptomEntry
from dashboard.strength import programmes, sets
from dashboard.strength.templates import STAGED, TEMPLATES

HEAVY = TEMPLATES[0]


def today():
    return datetime.now().astimezone().date()


def said(app) -> str:
    kinds = (app.markdown, app.caption, app.success, app.info, app.error)
    return "\n".join(
        [str(one.value) for kind in kinds for one in kind] + [str(h.proto.body) for h in app.get("html")]
    )


@pytest.fixture
def begun(store, athlete_id):
    programmes.start_programme(store, athlete_id, HEAVY, today() - timedelta(days=8), "therapist")
    done = {
        "date": today(),
        "exercise": HEAVY.steps[0].exercise,
        "side": "both",
        "repetitions": 12,
        "pain_0_10": 6.0,
    }
    sets.save_sets(store, athlete_id, [done] * 3)
    return store


def weeks(store, athlete_id) -> set:
    return {(row["week_from"], row["week_to"]) for row in programmes.programme_rows(store, athlete_id)}


def test_the_prescription_stands_beside_what_was_done(begun, open_page):
    page = said(open_page("strength"))
    assert "Heavy slow resistance (Beyer 2015), since" in page
    assert "<td>3 × 12 at 12RM, 3 s up, 3 s down, 3 times a week</td>" in page
    assert "<td>3 of 9 sets, on 1 of 3 days, pain up to 6</td>" in page
    assert "Rest: 2 to 3 min between sets" in page


def test_what_must_be_true_to_move_on_is_listed_with_its_source(begun, open_page):
    page = said(open_page("strength"))
    assert "From week 4" in page
    assert "✗ not yet (most 6, on 1 day)" in page
    assert "? not known" in page
    assert "Silbernagel 2007" in page


def test_hold_this_week_is_one_press_and_undone(begun, athlete_id, open_page):
    app = open_page("strength")
    key = f"{HEAVY.name}_{today() - timedelta(days=8)}"
    app.button(key=f"hold_{key}").click().run()
    assert not app.exception
    assert (2, 4) in weeks(begun, athlete_id)
    assert "this week once more" in said(app)
    app.button(key="undo_programme").click().run()
    assert (2, 3) in weeks(begun, athlete_id)
    app.button(key=f"move_{key}").click().run()
    assert {(2, 2), (3, 4)} <= weeks(begun, athlete_id)


def test_a_programme_is_started_in_two_presses_and_changed_in_three(store, athlete_id, open_page):
    app = open_page("strength")
    app.button_group(key="template").set_value(STAGED).run()
    assert "Week" in said(app)
    app.button(key="begin_programme").click().run()
    assert {row["programme"] for row in programmes.programme_rows(store, athlete_id)} == {STAGED}
    app.session_state["start_open"] = True
    app.run()
    app.button_group(key="template").set_value(TEMPLATES[1].name).run()
    app.button(key=f"replace_{STAGED}_{today()}").click().run()
    assert not app.exception
    assert {row["programme"] for row in programmes.programme_rows(store, athlete_id)} == {TEMPLATES[1].name}
    assert "in place of Isometric" in said(app)


def test_two_programmes_for_the_calf_are_remarked_and_a_round_beside_is_not(begun, athlete_id, open_page):
    programmes.start_programme(begun, athlete_id, TEMPLATES[-1], today(), "runner")
    assert "load the calf at once" not in said(open_page("strength"))
    programmes.start_programme(begun, athlete_id, TEMPLATES[1], today(), "runner")
    assert "Two programmes load the calf at once" in said(open_page("strength"))


def test_pain_at_the_heel_bone_gets_the_floor_and_a_note_by_itself(store, athlete_id, open_page):
    for back in range(3):
        one = SymptomEntry(today() - timedelta(days=back), "left", "insertion", morning_pain_0_10=3.0)
        entries.save_entry(store, athlete_id, one)
    app = open_page("strength")
    assert "Jonsson 2008" in said(app)
    assert "heel lift" in said(app)
    app.button_group(key="template").set_value(TEMPLATES[1].name).run()
    app.button(key="begin_programme").click().run()
    rows = programmes.programme_rows(store, athlete_id)
    assert all("on the floor, the heel not below it" in row["note"] for row in rows)
    assert "on the floor, the heel not below it" in said(app)


def test_pain_elsewhere_gets_no_such_note(store, open_page):
    assert "Jonsson" not in said(open_page("strength"))


def test_a_programme_changed_elsewhere_is_told_in_one_sentence(begun, athlete_id, open_page):
    app = open_page("strength")
    programmes.hold_programme(begun, athlete_id, programmes.programme_rows(begun, athlete_id), today())
    app.button(key=f"stop_{HEAVY.name}_{today() - timedelta(days=8)}").click().run()
    assert not app.exception
    assert "was changed in another window" in said(app)
    assert (2, 4) in weeks(begun, athlete_id)
