"""The Shoes page: the made-up runner, an empty store, questions, mends, edits and undo."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from connectors.frames import EDIT, SHOE
from connectors.ingest.pipeline import import_paths
from connectors.store import open_store
from dashboard.shoes import edits, shoe_form, transitions


def said(app) -> str:
    html = [str(getattr(one.proto, "body", "")) for one in app.get("html")]
    return "\n".join(
        [
            *html,
            *(str(one.value) for kind in (app.caption, app.info, app.markdown, app.warning) for one in kind),
        ]
    )


def named(store, athlete_id: int, name: str) -> None:
    row = store.read(SHOE, athlete_id).with_columns(
        name=pl.lit(name), fetched_utc=pl.lit(datetime(2026, 7, 1, tzinfo=UTC))
    )
    store.write(SHOE, row)


def test_the_made_up_runner_changes_shoes(demo, open_page):
    app = open_page("shoes")
    text = said(app)
    for expected in (
        "Average drop ",
        "A model not worn before on record.",
        "in the eight weeks before it was",
        "Larkfield Plover 4",
        "not known",
        "Wearing 2014",
    ):
        assert expected in text, expected
    assert len(app.get("plotly_chart")) == 2
    assert "Is this your shoe?" not in [one.value for one in app.header]


def test_an_empty_store_says_what_to_do(home, open_page):
    open_store(home).add_runner("Robin Placeholder")
    assert "Import your runs and shoes" in said(open_page("shoes"))


def test_a_question_is_answered_and_taken_back(store, athlete_id, open_page):
    named(store, athlete_id, "Nike Pegasus")
    app = open_page("shoes")
    assert "Is this your shoe?" in [one.value for one in app.header]
    app.button(key="is_pair_0").click().run()
    assert not app.exception
    (pair,) = edits.known_pairs(store, athlete_id).to_dicts()
    assert (pair["match_verdict"], pair["drop_from"]) == ("chosen", "catalogue")
    assert "as you said" in said(app)
    app.button(key="undo_last_pair_act").click().run()
    assert edits.known_pairs(store, athlete_id)["match_verdict"].item() == "ask"


def test_a_wrong_match_is_mended_with_one_click(store, athlete_id, open_page):
    named(store, athlete_id, "Nike Pegasus 39")
    app = open_page("shoes")
    assert "Matched to Nike Pegasus 39" in said(app)
    app.button(key="not_pair").click().run()
    assert not app.exception
    assert "Not a model of the catalogue, as you said." in said(app)
    assert edits.known_pairs(store, athlete_id)["drop_mm"].item() is None


def test_facts_are_said_on_the_form(store, athlete_id, open_page):
    app = open_page("shoes")
    app.button(key="open_pair").click().run()
    asked = [one.key for one in app.main if getattr(one, "key", None)]
    assert asked.index("catalogue_pair") < asked.index("name_pair"), "the model answers most of the rest"
    folded = next(one for one in app.expander if one.label == shoe_form.FACTS)
    assert not folded.proto.expanded
    assert folded.number_input(key="drop_pair") is not None
    app.number_input(key="drop_pair").set_value(4.0)
    app.number_input(key="lift_pair").set_value(6.0)
    app.number_input(key="before_pair").set_value(120.0)
    app.button(key="save_pair").click().run()
    assert not app.exception
    (pair,) = edits.known_pairs(store, athlete_id).to_dicts()
    assert (pair["shoe_drop_mm"], pair["drop_mm"], pair["distance_before_m"]) == (4.0, 10.0, 120_000.0)
    assert pair["edited"] == "distance_before_m drop_mm heel_lift_mm"
    assert "10 mm under the foot" in said(app)


def test_the_history_of_pairs_names_who_decided_and_undoes(store, athlete_id, open_page):
    app = open_page("shoes")
    app.session_state["pair_acts"] = True
    app.segmented_control(key="decided_by").set_value("therapist").run()
    app.button(key="retire_pair").click().run()
    assert not app.exception
    row = store.read(EDIT, athlete_id).row(0, named=True)
    assert row["decided_by"] == "therapist"
    assert "Physical therapist" in said(app)
    app.button(key=f"take_{row['batch_id']}").click().run()
    assert store.read(EDIT, athlete_id)["is_undone"].all()
    assert not [one for one in app.button if one.key == "undo_last_pair_act"]


def test_a_plan_is_kept_and_taken_away(store, athlete_id, open_page):
    app = open_page("shoes")
    app.session_state["plan_open"] = True
    app.run()
    app.button(key="keep_plan").click().run()
    assert not app.exception
    plan = transitions.read_plan(store.settings(athlete_id))
    assert plan is not None
    assert (plan.shoe_id, plan.steps) == ("pair", transitions.DEFAULT_STEPS)
    assert len(app.dataframe) >= 1
    app.session_state["plan_open"] = True
    app.run()
    app.button(key="drop_plan").click().run()
    assert transitions.read_plan(store.settings(athlete_id)) is None


def test_the_marked_difference_of_drop_is_kept(store, athlete_id, open_page):
    app = open_page("shoes")
    app.number_input(key="drop_change_0").set_value(2.0).run()
    assert store.settings(athlete_id)["drop_change_mm"] == "2"


def test_a_model_further_down_is_chosen_from_the_list(store, athlete_id, open_page):
    named(store, athlete_id, "Nike Pegasus")
    app = open_page("shoes")
    chosen = next(one for one in app.selectbox if one.key == "other_pair")
    chosen.set_value("nike-pegasus-35").run()
    assert not app.exception
    assert edits.known_pairs(store, athlete_id)["catalogue_id"].item() == "nike-pegasus-35"


@pytest.mark.real_data
def test_the_shoes_of_a_real_export_are_on_the_page(real_data, home, open_page):
    store = open_store(home)
    mine = store.add_runner("Robin Placeholder").athlete_id
    folder = real_data / "strava_export" / "rodrigomaria+strava-data"
    import_paths(store, mine, [folder])
    app = open_page("shoes")
    text = said(app)
    names = edits.known_pairs(store, mine)["name"].to_list()
    assert len(names) > 4
    for one in app.button:
        if one.key == "all_pairs":
            one.click().run()
            break
    text = said(app)
    assert all(name in text for name in names), names
    assert "Matched to " in text
    assert "Its drop is not known." in text


def test_the_model_taken_is_the_one_in_the_field_at_the_press(store, athlete_id, open_page):
    named(store, athlete_id, "Nike Pegasus")
    app = open_page("shoes")
    app.button(key="open_pair").click().run()
    app.selectbox(key="catalogue_pair").set_value("nike-pegasus-40").run()
    app.selectbox(key="catalogue_pair").set_value("nike-pegasus-41")
    app.button(key="take_pair").click().run()
    assert not app.exception
    (pair,) = edits.known_pairs(store, athlete_id).to_dicts()
    assert pair["catalogue_id"] == "nike-pegasus-41"
