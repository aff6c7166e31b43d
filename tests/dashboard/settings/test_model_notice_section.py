"""Model 3: what is different, told once to a runner whose record is older."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from connectors.frames import ACTIVITY
from dashboard.model.settings_migration import DIFFERENT
from dashboard.settings import model_changes, model_settings


def said(app) -> str:
    labels = [one.label for one in app.expander]
    return "\n".join([*labels, *(str(one.value) for kind in (app.markdown, app.caption) for one in kind)])


def test_an_older_record_is_told_once_with_what_became_of_its_settings(store, athlete_id, open_page):
    store.set_settings(athlete_id, {"clip": "1.8", "speed_exponent": "0.5", "lag_days": "21"})
    app = open_page("timeline")
    text = said(app)
    assert model_changes.TITLE in text
    assert all(sentence in text for sentence in DIFFERENT)
    assert "(1.8) no longer exists: what you are used to now follows rises and falls alike." in text
    assert "was 0.5 and is now 0.45, within its new range: newer readings" in text
    assert "stays at 21" in text
    app.button(key="model_notice_read").click().run()
    assert not app.exception
    assert model_changes.TITLE not in said(app)
    kept = store.settings(athlete_id)
    assert (kept["speed_exponent"], kept["lag_days"]) == ("0.45", "21")
    assert "clip" not in kept
    assert model_changes.TITLE not in said(open_page("today"))


def test_each_runner_is_told_apart(store, athlete_id):
    model_settings.mark_differences_seen(store, athlete_id)
    other = store.add_runner("Kim")
    rows = store.read(ACTIVITY, athlete_id).with_columns(
        athlete_id=pl.lit(other.athlete_id),
        activity_id=pl.col("activity_id") + "k",
        source_id=pl.col("source_id") + "k",
    )
    store.write(ACTIVITY, rows)
    assert model_settings.differences(store, athlete_id) == []
    assert model_settings.differences(store, other.athlete_id) == list(DIFFERENT)


def test_a_record_begun_with_this_model_sees_nothing(store, athlete_id, open_page):
    new = store.add_runner("Kim")
    now = datetime.now(UTC)
    rows = store.read(ACTIVITY, athlete_id).with_columns(
        athlete_id=pl.lit(new.athlete_id),
        activity_id=pl.col("activity_id") + "k",
        source_id=pl.col("source_id") + "k",
        fetched_utc=pl.lit(now).cast(ACTIVITY.schema["fetched_utc"]),
    )
    store.write(ACTIVITY, rows)
    assert model_settings.differences(store, new.athlete_id) == []


def test_the_made_up_runner_and_the_log_see_nothing(store, home, open_page):
    assert model_changes.TITLE not in said(open_page("log"))


def test_the_demo_sees_nothing(home, open_page):
    assert model_changes.TITLE not in said(open_page("timeline"))
