"""The intake card as filled in on a page: one save, undo, episodes added and removed."""

from __future__ import annotations

from datetime import date

import pytest

from connectors.frames import EPISODE, INTAKE
from dashboard.diary.episodes import load_episodes
from dashboard.diary.intake import load_intake


@pytest.fixture
def opened(store, open_page):
    app = open_page("events")
    app.session_state["intake_open"] = True
    return app.run()


def said(app) -> str:
    kinds = (app.success, app.markdown, app.caption, app.info, app.warning, app.error)
    return "\n".join(str(one.value) for kind in kinds for one in kind) + "".join(
        str(one.proto.body) for one in app.get("html")
    )


def test_the_card_is_saved_whole_and_undone_whole(opened, store, athlete_id):
    opened.text_input(key="reason_0").set_value("left heel <b>")
    opened.date_input(key="race_0").set_value(date(2026, 9, 20))
    opened.number_input(key="training_age_0").set_value(12.0)
    opened.button_group(key="fluoroquinolone_0").set_value("yes")
    opened.button(key="save_intake").click().run()
    assert not opened.exception
    known = load_intake(store, athlete_id)
    assert set(known) == {"reason", "goal", "training_age", "fluoroquinolone"}
    assert known["goal"].on_date == date(2026, 9, 20)
    assert "Reason: left heel &lt;b&gt;." in said(opened)
    assert "steroid not asked" in said(opened)
    assert "boxed warning" in said(opened)
    opened.button(key="undo_intake").click().run()
    assert store.read(INTAKE, athlete_id).is_empty()
    assert not opened.exception
    assert "boxed warning" not in said(opened)


def test_an_episode_is_added_by_year_and_removed(opened, store, athlete_id):
    opened.button(key="add_episode").click().run()
    assert "Choose where it was" in said(opened)
    assert store.read(EPISODE, athlete_id).is_empty()
    opened.button_group(key="episode_part_0").set_value("achilles")
    opened.button_group(key="episode_side_0").set_value("right")
    opened.number_input(key="began_0_year").set_value(2019)
    opened.selectbox(key="ended_0_month").set_value(4)
    opened.number_input(key="ended_0_year").set_value(2019)
    opened.button(key="add_episode").click().run()
    assert not opened.exception
    (row,) = load_episodes(store, athlete_id).to_dicts()
    assert (row["from_earliest_date"], row["from_date"], row["to_date"]) == (
        date(2019, 1, 1),
        date(2019, 12, 31),
        date(2019, 4, 30),
    )
    assert "Earlier episode added: Achilles, mid-tendon, right: 2019 to Apr 2019" in said(opened)
    opened.button(key=f"remove_episode_manual_{row['source_id']}").click().run()
    assert store.read(EPISODE, athlete_id).is_empty()
    opened.button(key="undo_intake").click().run()
    assert store.read(EPISODE, athlete_id).height == 1


def test_what_ends_before_it_begins_is_told_in_one_sentence(opened, store, athlete_id):
    opened.button_group(key="episode_part_0").set_value("calf")
    opened.number_input(key="began_0_year").set_value(2020)
    opened.number_input(key="ended_0_year").set_value(2019)
    opened.button(key="add_episode").click().run()
    assert "The episode ends before it begins. Nothing was stored" in said(opened)
    assert store.read(EPISODE, athlete_id).is_empty()
