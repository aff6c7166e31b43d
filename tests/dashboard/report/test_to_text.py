"""The text to paste: short lines, the words of the page, no names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboard.model.settings import MODEL_VERSION
from dashboard.report import to_text
from dashboard.report.material import collect
from dashboard.report.page import build_page
from dashboard.shared.units import Units

FORBIDDEN = ("predict", "prevent", "unsafe", "damage", "danger", "injury", "risk", "red zone")


@pytest.fixture
def page(store):
    return to_text.render_text(build_page(collect(store, store.runner(), usual_days=None)), True)


def test_it_is_short_plain_lines(page, demo_page):
    whole = to_text.render_text(demo_page, True)  # two pages, of as many weeks as reach before the onset
    for one, most in ((page, 160), (to_text.render_text(demo_page), 90), (whole, 170)):
        assert len(one.splitlines()) <= most
        assert max(map(len, one.splitlines())) <= 96


def test_what_is_pasted_into_a_record_is_one_page_without_tables_of_dashes(demo_page, consult_input):
    for one in (demo_page, build_page(consult_input)):
        lines = to_text.render_text(one).splitlines()
        assert len(lines) <= 66
        assert not [line for line in lines if line.split().count("–") > 1]


def test_a_planted_consult_reads_as_typed(consult_input):
    told = to_text.render_text(build_page(consult_input))
    start = told.index("A · Assessment")
    assert told[start : told.index("How sure")] == (
        "A · Assessment\n"
        "  Longest run: PT: likely – two long runs in a week (28 Apr 2026)\n"
        "  Climb: PT: no (28 Apr 2026)\n"
        "\n"
        "P · Plan\n"
        "  Agreed: No track for three weeks. · Heel raises each other day. (28 Apr 2026)\n"
        "  Limit: Longest run: up to 105 % of the longest in 30 days (PT).\n"
        "  Programme: Heavy slow, week 3 of 12: 3 × 15 at 15RM, 3 s up, 3 s down, 3 times a week\n"
        "    (Leg-press calf raise)\n"
        "  Ladder: step 2 of 8 done on 27 Apr 2026 (6 × 3 min walk and 2 min run)\n"
        "  Review: 12 May 2026\n"
        "\n"
    )


def test_it_names_nobody_and_nothing_private(page):
    for secret in ("Robin", "Placeholder", "Secret street", "a word", "07:00"):
        assert secret not in page
    assert "R. P." in page


def test_it_says_what_it_rests_on(page):
    flat = " ".join(page.split())
    for part in (
        "Period: 1 Jan to 29 Apr 2026 (119 days)",
        "recording files 60",
        "2 of 119 days",
        "The load of 60 of them is estimated from their summary.",
        "Every number of the model is at its default.",
        f"model {MODEL_VERSION}",
        "Design choices, without direct evidence",
        "How fast a tendon adapts",
        "seek medical care",
    ):
        assert part in flat, part


def test_windows_spikes_and_symptoms_are_told_with_dates(page):
    flat = " ".join(page.split())
    assert "Estimated total load rose above what you were used to from" in flat
    assert "20.0 km on 1 Apr" in flat
    assert "at most 4 of 10 on 20 Apr" in flat


def test_words_are_calm(page, demo_page):
    both = (page + to_text.render_text(demo_page, True)).lower()
    assert not [word for word in FORBIDDEN if word in both]


def test_miles_are_miles(store):
    of = replace(collect(store, store.runner(), usual_days=None), units=Units("mi", "ft"))
    page = to_text.render_text(build_page(of), True)
    assert f"{of.document['totals']['distance_km'] / 1.609344:,.1f} mi" in page
    assert " km" not in page
    assert "easy mi" in page
    assert " m " not in page


def test_flares_drivers_and_the_reverse_are_told(demo_store, demo_runner, demo_ready):
    report_input = collect(demo_store, demo_runner, ready=demo_ready, usual_days=None)
    page = " ".join(to_text.render_text(build_page(report_input), True).split())
    assert "In the 28 days before, the estimated total load" in page
    assert "The rise came mostly from more running (×" in page
    assert "The reverse: in the 7 days after" in page
    assert "with a flare begun within 28 days" in page
    assert "3 earlier ones are not listed" in page
    assert "nan" not in page
    assert "None" not in page


def test_the_settings_used_are_named(store, athlete_id):
    store.set_settings(athlete_id, {"tau_days": "30"})
    report_input = collect(store, store.runner())
    assert report_input.document["settings"]["changed"] == {"tau_days": 30.0}
    assert "30 (default 42)" in " ".join(to_text.render_text(build_page(report_input)).split())
