"""A guardrail added as one file is checked, described, drawn and written, with nothing else changed."""

from __future__ import annotations

import importlib
import json
import sys
from datetime import UTC, date, datetime, timedelta

import pytest

from connectors.frames import GUARDRAIL
from connectors.store import open_store
from dashboard.plan import service
from dashboard.plan.calendar import plan_calendar
from dashboard.plan.guardrails.base import load_guardrails
from dashboard.plan.limits import GuardrailLimit, limits_from
from dashboard.plan.planned_runs import PlannedRun
from dashboard.report.document_extras import plan_json
from dashboard.shared import pipeline
from dashboard.shared.units import Units

FILE = '''
"""Runs of a week."""

from dashboard.model.settings import DESIGN
from dashboard.plan.guardrails.base import Guardrail, Violation, runs_by_week


def check(plan, value, context):
    counts = {week: len(runs) for week, runs in runs_by_week(plan, context).items()}
    return [Violation(week, count, value, "count") for week, count in counts.items() if count > value]


GUARDRAIL = Guardrail(
    id="night_runs",
    order=47,
    title="Night runs",
    short="night runs",
    symbol="hexagram",
    unit="runs",
    default=1,
    low=1,
    high=14,
    step=1,
    is_on=True,
    evidence=DESIGN,
    source="A made-up reason.",
    note="A made-up note.",
    check=check,
    fix=lambda plan, value, context: None,
    is_known=lambda plan, context: True,
    unknown_text="Not checked: never.",
    sentence=lambda one, units, context: f"The week has {one.amount:.0f} runs; the limit is {one.limit:.0f}.",
)
'''


@pytest.fixture
def added(tmp_path, monkeypatch):
    """One more file in the folder of guardrails."""
    folder = importlib.import_module("dashboard.plan.guardrails")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "night_runs.py").write_text(FILE)
    monkeypatch.setattr(folder, "__path__", [*folder.__path__, str(tmp_path / "more")])
    load_guardrails.cache_clear()
    yield
    load_guardrails.cache_clear()
    sys.modules.pop("dashboard.plan.guardrails.night_runs", None)


def words(app) -> str:
    html = [str(getattr(one.proto, "body", "")) for one in app.get("html")]
    return "\n".join([*html, *(str(one.value) for one in app.markdown)])


def test_it_is_checked_described_and_drawn_on_the_page(added, open_page, demo_copy) -> None:
    week = service.first_week(date.today())
    service.save_weeks(open_store(demo_copy), 1, {week: {"distance_m": 9_000.0, "runs": 3}})
    app = open_page("plan")
    text = words(app)
    assert "<b>Night runs</b>: at most 1 run (default)" in text
    assert "The week has 3 runs; the limit is 1." in text
    app.button(key="set_night_runs").click().run()
    assert "A made-up note." in words(app)
    figure = json.loads(app.get("plotly_chart")[0].proto.spec)
    assert "crosses: night runs" in [one["text"] for one in figure["layout"]["annotations"]]
    assert "hexagram" in [one.get("marker", {}).get("symbol") for one in figure["data"]]


def test_it_is_set_written_to_the_calendar_and_to_the_report(added, store, athlete_id) -> None:
    service.save_limit(store, athlete_id, "night_runs", GuardrailLimit(2.0, True, "therapist"))
    limits = limits_from(store.read(GUARDRAIL, athlete_id), date(2026, 5, 4))
    assert list(limits)[7] == "night_runs", "between runs and shoe"
    week = date(2026, 5, 4)
    service.save_runs(store, athlete_id, [week], [PlannedRun(week + timedelta(n), 3_000.0) for n in range(3)])
    document = plan_json(store, athlete_id, pipeline.analysis_of(store, athlete_id))
    (row,) = [one for one in document["guardrails"] if one["id"] == "night_runs"]
    assert (row["value"], row["decided_by"], row["checked"]) == (2.0, "therapist", True)
    assert row["crossed"] == [{"date": "2026-05-04", "amount": 3, "limit": 2.0, "kind": "count"}]
    calendar = plan_calendar((PlannedRun(week),), limits, Units(), {}, datetime(2026, 5, 1, tzinfo=UTC))
    assert b"Night runs" in calendar
