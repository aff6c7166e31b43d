"""Which heel is said once: the next entry takes it over, and never a side nobody named."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from connectors.frames import SYMPTOM
from dashboard.diary import entries

DAY = date(2026, 6, 10)


def place(store, athlete_id) -> tuple[str | None, str | None]:
    return entries.place_before(store.read(SYMPTOM, athlete_id), DAY)


def log(store, athlete_id, back: int, *sides: str | None, site: str | None = None) -> None:
    day = DAY - timedelta(days=back)
    for side in sides:
        entries.save_entry(store, athlete_id, entries.SymptomEntry(day, side, site, 2.0))


def test_the_newest_entry_before_the_day_counts(store, athlete_id):
    log(store, athlete_id, 9, "right", site="insertion")
    log(store, athlete_id, 2, "left", site="midportion")
    assert place(store, athlete_id) == ("left", "midportion")


def test_a_side_nobody_named_two_sides_and_one_of_long_ago_are_not_taken_over(store, athlete_id):
    assert place(store, athlete_id) == (None, None)  # the last entry is seven weeks old
    log(store, athlete_id, 8, None)
    assert place(store, athlete_id) == (None, None)
    log(store, athlete_id, 5, "left", "right")
    assert place(store, athlete_id) == (None, None)


def test_the_log_takes_it_over_and_shows_it(store, athlete_id, open_page):
    today = date.today()
    yesterday = entries.SymptomEntry(today - timedelta(days=1), "right", morning_stiffness_0_10=2.0)
    entries.save_entry(store, athlete_id, yesterday)
    app = open_page("log")
    app.button(key="none_today").click().run()
    assert not app.exception
    (row,) = store.read(SYMPTOM, athlete_id).filter(pl.col("date") == today).to_dicts()
    assert row["side"] == "right"
    assert "(right)" in "".join(one.value for one in app.success)
