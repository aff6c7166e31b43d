"""The same key figures and sentences in all four forms, over any period of the made-up runner."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from consult_builders import SECRET, TODAY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from report_reader import read

from dashboard.report.build import MIME_TYPES, render_report, report_file_name

FORMS = ("text", "html", "pdf")


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(back=st.integers(0, 400), length=st.integers(20, 150))
def test_key_figures_are_the_same_in_every_form(demo_store, demo_runner, demo_ready, back, length):
    last = demo_ready[0].days["local_date"].max() - timedelta(days=back)
    period = last - timedelta(days=length), last
    found = json.loads(render_report("json", demo_store, demo_runner, *period, ready=demo_ready))
    totals = found["totals"]
    figures = [
        f"{totals['distance_km']:,.1f} km",
        f"{totals['load_tkm']:,.1f} easy kilometres",
        f"{totals['ascent_m']:,.0f} m",
        f"{found['coverage']['symptom_days']} of {len(found['days'])} days",
        f"{found['coverage']['with_cadence']} with cadence",
        f"model {found['model']}",
    ]
    largest = sorted(found["outpaced"], key=lambda one: -one["peak_ratio"])[:3]
    figures += [f"Total load: at most ×{one['peak_ratio']:.2f} of what you were used to" for one in largest]
    figures += [f"Peak: {one['peak_0_10']:g} of 10" for one in found["flares"][-2:]]
    sentences = [sentence for section in found["told"] for sentence in section["said"]]
    for form in FORMS:
        page = render_report(form, demo_store, demo_runner, *period, second_page=True, ready=demo_ready)
        told = read(form, page)
        for figure in [*figures, *sentences]:
            assert "".join(figure.split()) in "".join(told.split()), (form, figure)


def test_what_is_ready_gives_what_is_computed_anew(demo_store, demo_runner, demo_ready):
    assert render_report("html", demo_store, demo_runner) == render_report(
        "html", demo_store, demo_runner, ready=demo_ready
    )


@pytest.mark.parametrize("form", MIME_TYPES)
def test_the_same_data_gives_the_same_bytes(demo_store, demo_runner, demo_ready, form):
    once, again = (render_report(form, demo_store, demo_runner, ready=demo_ready) for _ in range(2))
    assert once == again


def test_paper_forms_look_back_16_weeks_or_to_before_the_onset_and_json_on_everything(
    demo_store, demo_runner, demo_ready
):
    days = demo_ready[0].days.height
    text = render_report("text", demo_store, demo_runner, ready=demo_ready).decode()
    last = demo_ready[0].days["local_date"][-1]
    onset = max(day for day in demo_ready[1].flares["onset"] if day <= last)
    begins = min(last - timedelta(days=111), onset - timedelta(days=28))
    assert f"({days} days)" not in text
    assert f"({(last - begins).days + 1} days)" in text
    since = render_report("text", demo_store, demo_runner, ready=demo_ready, since=last - timedelta(days=20))
    assert "(21 days)" in since.decode()
    assert len(json.loads(render_report("json", demo_store, demo_runner, ready=demo_ready))["days"]) == days


@pytest.mark.parametrize("form", MIME_TYPES)
def test_a_runner_without_anything_gets_a_page_that_says_so(store, form):
    told = read(form, render_report(form, store, store.add_runner("Nobody")))
    assert ("There is nothing in this period." in told) is (form != "json")
    assert "default" in told


@pytest.mark.parametrize("form", MIME_TYPES)
def test_a_period_before_the_record_is_empty(store, form):
    told = read(form, render_report(form, store, store.runner(), date(2001, 1, 1), date(2001, 2, 1)))
    assert ("There is nothing in this period." in told) is (form != "json")


def test_a_file_name_names_nobody():
    assert report_file_name("text", date(2026, 5, 1)) == "heelwise_2026-05-01.txt"
    assert report_file_name("pdf", date(2026, 5, 1)) == "heelwise_2026-05-01.pdf"


def test_json_stands_under_initials_unless_a_name_is_asked_for(store):
    runner = store.runner()
    assert json.loads(render_report("json", store, runner))["athlete"]["name"] == "R. P."
    found = json.loads(render_report("json", store, runner, name="Robin Placeholder"))
    assert found["athlete"]["name"] == "Robin Placeholder"


@pytest.mark.parametrize("form", FORMS)
def test_the_first_page_has_four_parts_in_order_in_every_form(consult_store, form):
    told = read(form, render_report(form, consult_store, consult_store.runner(), today=TODAY))
    found = [told.index(title) for title in ("S · Sub", "O · Obj", "A · Ass", "P · Plan", "How sure")]
    assert found == sorted(found)
    for planted in (
        "Onset (PT): 10 Apr 2026",
        "left 12 → 18",
        "52 → 74 of 100",
        "PT: likely – two long runs in a week",
        "No track for three weeks.",
        "3 × 15 at 15RM",
        "Goal: half marathon",
        "Review: 12 May 2026",
    ):
        assert "".join(planted.split()) in "".join(told.split()), (form, planted)


@pytest.mark.parametrize("form", FORMS)
def test_what_a_reader_may_leave_is_asked_for(consult_store, form):
    pages = [
        read(form, render_report(form, consult_store, consult_store.runner(), today=TODAY, second_page=asked))
        for asked in (False, True)
    ]
    inside = ["Does load usually come first?" in page for page in pages]
    assert inside == [form == "html", True], "a browser folds it"


@pytest.mark.parametrize("form", MIME_TYPES)
def test_no_word_leaves_that_was_not_written_for_the_page(consult_store, form):
    page = render_report(form, consult_store, consult_store.runner(), today=TODAY, second_page=True)
    told = read(form, page)
    for secret in (SECRET, "Secret street", "a word", "Robin", "Placeholder"):
        assert secret not in told
    assert "two long runs in a week" in told


def test_json_holds_the_visits_as_they_were_noted(consult_store):
    found = json.loads(render_report("json", consult_store, consult_store.runner()))["visits"]
    assert {"date", "topic", "subject", "opinion", "on_date", "note"} <= set(found[0])
    said = {(row["topic"], row["subject"]): row for row in found}
    assert said["driver", "longest"]["opinion"] == "likely"
    assert said["driver", "longest"]["note"] == "two long runs in a week"
    assert said["review", None]["on_date"] == "2026-05-12"
    assert {row["date"] for row in found} == {"2026-04-28"}
    earlier = render_report("json", consult_store, consult_store.runner(), until=date(2026, 4, 1))
    assert json.loads(earlier)["visits"] == []
