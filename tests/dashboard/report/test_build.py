"""The same key figures and sentences in all four forms, over any period of the made-up runner."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from report_reader import read

from dashboard.report.build import MIME_TYPES, render_report, report_file_name

FORMS = ("text", "html", "pdf")


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(back=st.integers(0, 400), length=st.integers(20, 150))
def test_key_figures_are_the_same_in_every_form(demo_store, demo_runner, demo_ready, back, length):
    last = demo_ready[0].days["local_date"].max() - timedelta(days=back)
    period = last - timedelta(days=length), last
    found = json.loads(render_report("json", demo_store, demo_runner, *period, ready=demo_ready))
    totals = found["totals"]
    figures = [
        f"{totals['distance_km']:,.1f} km",
        f"{totals['load_tkm']:,.1f} tkm",
        f"{totals['ascent_m']:,.0f} m",
        f"{found['coverage']['symptom_days']} of {len(found['days'])} days",
        f"{found['coverage']['with_cadence']} with cadence",
        f"model {found['model']}",
    ]
    largest = sorted(found["outpaced"], key=lambda one: -one["peak_ratio"])[:3]
    figures += [f"At most ×{one['peak_ratio']:.2f} of habit" for one in largest]
    figures += [f"Peak: {one['peak_0_10']:g} of 10" for one in found["flares"][-2:]]
    sentences = [sentence for section in found["told"] for sentence in section["said"]]
    for form in FORMS:
        page = render_report(form, demo_store, demo_runner, *period, ready=demo_ready)
        told, is_broken = read(form, page), form == "pdf" and len(PdfReader(BytesIO(page)).pages) > 1
        # A sentence that goes on overleaf is read with the other column in between.
        for figure in figures if is_broken else [*figures, *sentences]:
            assert "".join(figure.split()) in "".join(told.split()), (form, figure)


def test_what_is_ready_gives_what_is_computed_anew(demo_store, demo_runner, demo_ready):
    assert render_report("html", demo_store, demo_runner) == render_report(
        "html", demo_store, demo_runner, ready=demo_ready
    )


@pytest.mark.parametrize("form", MIME_TYPES)
def test_the_same_data_gives_the_same_bytes(demo_store, demo_runner, demo_ready, form):
    once, again = (render_report(form, demo_store, demo_runner, ready=demo_ready) for _ in range(2))
    assert once == again


def test_paper_forms_look_back_16_weeks_and_json_on_everything(demo_store, demo_runner, demo_ready):
    days = demo_ready[0].days.height
    assert f"({days} days)" not in render_report("text", demo_store, demo_runner, ready=demo_ready).decode()
    assert "(112 days)" in render_report("text", demo_store, demo_runner, ready=demo_ready).decode()
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


def test_json_holds_initials_unless_a_name_is_asked_for(store):
    runner = store.runner()
    plain = render_report("json", store, runner)
    assert json.loads(plain)["athlete"]["name"] == "R. P."
    assert b"Placeholder" not in plain
    named = json.loads(render_report("json", store, runner, name="Robin Placeholder"))
    assert named["athlete"]["name"] == "Robin Placeholder"
