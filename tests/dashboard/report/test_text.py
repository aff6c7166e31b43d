"""The text report: one page, honest, without names."""

from __future__ import annotations

import pytest

from dashboard.gather import analysis_of
from dashboard.report import document, text
from dashboard.units import Units

FORBIDDEN = ("predict", "prevent", "unsafe", "damage", "danger", "injury", "risk", "red zone")


@pytest.fixture
def written(store, athlete_id):
    return document.compose(store, store.runner(), analysis_of(store, athlete_id))


def test_it_is_one_page_of_plain_lines(written):
    page = text.render(written)
    assert len(page.splitlines()) <= 75
    assert max(map(len, page.splitlines())) <= 96


def test_it_names_nobody_and_nothing_private(written):
    page = text.render(written)
    for secret in ("Robin", "Placeholder", "Secret street", "Plain Pacer", "a word"):
        assert secret not in page


def test_it_says_what_it_rests_on(written):
    page = text.render(written)
    for part in (
        "Period: 2026-01-01",
        "recording files (60 runs)",
        "2 of 119 days",
        "estimated",
        "seek medical care",
    ):
        assert part in page, part
    assert "60 runs from their summary only" in page


def test_windows_spikes_and_symptoms_are_told_with_dates(written):
    page = text.render(written)
    assert written["outpaced"][0]["peak_date"] in page
    assert "2026-04-01" in page
    assert "Highest pain 4 of 10, on 2026-04-20" in page


def test_words_are_calm(written):
    page = text.render(written).lower()
    assert not [word for word in FORBIDDEN if word in page]


def test_miles_are_miles(written):
    page = text.render(written, Units("mi", "ft"))
    assert f"{written['totals']['distance_km'] / 1.609344:,.1f} mi" in page
    assert " km" not in page.replace("km of", "")


def test_nothing_logged_is_not_none(store):
    runner = store.add_runner("Nobody")
    page = text.render(document.compose(store, runner, analysis_of(store, runner.athlete_id)))
    assert "nothing in this period" in page
    assert "unknown, not none" in page


def test_flares_drivers_and_the_reverse_test_are_told(home):
    from connectors.demo import add_demo
    from connectors.store import open_store

    kept = open_store(home)
    add_demo(kept)
    runner = kept.runner()
    made = document.compose(kept, runner, analysis_of(kept, runner.athlete_id))
    page = text.render(made)
    for flare in made["flares"]:
        assert f"{flare['onset']} to {flare['end']}" in " ".join(page.split())
    assert "rise with volume ×" in page
    assert "The reverse, load in the days after: 1 of 5" in page
    assert "nan" not in page


def test_the_settings_used_are_named(store, athlete_id):
    store.set_settings(athlete_id, {"tau_days": "30"})
    made = document.compose(store, store.runner(), analysis_of(store, athlete_id))
    assert made["settings"]["changed"] == {"tau_days": 30.0}
    assert "30 (default 42)" in " ".join(text.render(made).split())
