"""What every form of a report reads of a period, and what only the JSON report holds."""

from __future__ import annotations

import math
import sys
from subprocess import run

import pytest

from connectors.store import open_store
from dashboard.report import document_facts
from dashboard.report.document import compose_document
from dashboard.shared.pipeline import analysis_of


def test_numbers_that_are_none_are_null():
    assert document_facts.rounded(math.nan) is None
    assert document_facts.rounded(math.inf) is None
    assert document_facts.rounded(1500.0, 1000) == 1.5


def test_the_json_holds_the_same_facts_and_more(demo_store, demo_runner, demo_ready):
    analysis, why = demo_ready
    facts = document_facts.document_facts(demo_store, demo_runner, analysis)
    whole = compose_document(demo_store, demo_runner, analysis, None, None, why)
    assert {key: whole[key] for key in facts} == facts
    assert {"plan", "guardrails", "outpaced", "episodes"} <= whole.keys() - facts.keys()


def test_a_runner_without_days_has_every_key(store):
    runner = store.add_runner("Nobody")
    facts = document_facts.document_facts(store, runner, analysis_of(store, runner.athlete_id))
    assert facts["days"] == facts["runs"] == []
    assert facts["period"] == {"from": None, "to": None}


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_form_without_a_picture_draws_none(form, tmp_path):
    with open_store(tmp_path) as made:
        made.add_runner("Somebody")
    command = (
        "import sys\nfrom dashboard.cli import main\n"
        "try: main()\nexcept SystemExit: print(*sorted(sys.modules), file=sys.stderr)"
    )
    asked = [sys.executable, "-c", command, "report", "--home", str(tmp_path), "--format", form]
    loaded = run(asked, check=True, capture_output=True, text=True).stderr.split()
    drawing = {"dashboard.timeline.print_figure", "dashboard.report.to_html", "dashboard.report.to_pdf"}
    assert "dashboard.report.page" in loaded
    assert not drawing & set(loaded)
    assert ("dashboard.report.document" in loaded) == (form == "json")
