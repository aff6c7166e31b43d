"""The JSON report keeps the contract."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from connectors.frames import ACTIVITY
from dashboard.report import build, document
from dashboard.shared.pipeline import analysis_of

KEYS = {
    "": "heelwise model athlete period coverage totals days runs outpaced spikes step_ups flares linkage",
    "period": "from to",
    "coverage": "runs with_samples with_cadence with_altitude with_shoe symptom_days",
    "totals": "runs distance_km moving_s ascent_m descent_m load_tkm",
    "linkage": "enough_data why flares exposed expected p",
}
ROW_KEYS = {
    "days": "date distance_km load_tkm acute_tkm habitual_tkm ratio pain_0_10 stiffness_min "
    "held_against_tkm threshold state",
    "runs": "id source source_id date distance_km moving_s load_tkm multiplier shoe estimated flags",
    "outpaced": "from to peak_date peak_ratio robust drivers threshold above_share_of_year",
    "spikes": "date run_id distance_ratio band days_since",
}


@pytest.fixture
def written(store, athlete_id):
    return document.compose_document(store, store.runner(), analysis_of(store, athlete_id))


def test_every_key_of_the_contract_is_there(written):
    for part, names in KEYS.items():
        assert set(names.split()) <= set(written[part] if part else written), part
    for part, names in ROW_KEYS.items():
        assert written[part], f"the made-up runner has {part}"
        for row in written[part]:
            assert set(names.split()) <= set(row), part


def test_days_are_dense_and_rest_is_zero_while_unknown_is_null(written):
    days = [date.fromisoformat(day["date"]) for day in written["days"]]
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
    by_date = {day["date"]: day for day in written["days"]}
    rest = by_date["2026-01-02"]
    assert rest["distance_km"] == 0
    assert rest["load_tkm"] == 0
    assert rest["pain_0_10"] is None
    assert by_date["2026-03-01"]["pain_0_10"] == 0
    assert by_date["2026-04-20"]["pain_0_10"] == 4
    assert by_date["2026-01-10"]["ratio"] is None


def test_sums_agree_with_the_runs(written, store, athlete_id):
    rows = store.read(ACTIVITY, athlete_id)
    assert written["totals"]["runs"] == rows.height
    assert written["totals"]["distance_km"] == pytest.approx(rows["distance_m"].sum() / 1000)
    assert sum(day["distance_km"] for day in written["days"]) == pytest.approx(
        written["totals"]["distance_km"]
    )
    loads = sum(day["load_tkm"] for day in written["days"] if day["load_tkm"] is not None)
    assert loads == pytest.approx(written["totals"]["load_tkm"], abs=0.01)


def test_says_what_is_missing_where_there_is_too_little(written):
    assert written["flares"] == []
    assert written["linkage"]["enough_data"] is False
    assert "flares would be needed; you have none" in written["linkage"]["why"]
    assert all(window["drivers"] or window["drivers_why"] for window in written["outpaced"])


def test_the_big_fortnight_is_an_outpaced_window_with_a_spike(written):
    assert any(w["from"] <= "2026-04-08" <= w["to"] and w["peak_ratio"] > 1.3 for w in written["outpaced"])
    assert {"date": "2026-04-01", "band": "large"}.items() <= written["spikes"][0].items()
    ids = {run["id"] for run in written["runs"]}
    assert all(spike["run_id"] in ids for spike in written["spikes"])


def test_a_period_is_cut_at_both_ends(store, athlete_id):
    cut = document.compose_document(
        store, store.runner(), analysis_of(store, athlete_id), date(2026, 2, 1), date(2026, 2, 28)
    )
    assert cut["period"] == {"from": "2026-02-01", "to": "2026-02-28"}
    assert len(cut["days"]) == 28
    assert {run["date"][:7] for run in cut["runs"]} == {"2026-02"}
    assert cut["outpaced"] == []
    assert cut["coverage"]["runs"] == cut["totals"]["runs"] == len(cut["runs"])


def test_the_shoe_is_named_and_the_title_of_a_run_is_not(written):
    assert {run["shoe"] for run in written["runs"]} == {"Plain Pacer 3"}
    assert "Secret street" not in json.dumps(written)


def test_an_empty_runner_gives_every_key(store):
    runner = store.add_runner("Nobody")
    empty = document.compose_document(store, runner, analysis_of(store, runner.athlete_id))
    assert empty["period"] == {"from": None, "to": None}
    assert empty["days"] == empty["runs"] == []
    assert json.loads(build.render_json(empty)) == empty


def test_json_is_strict(written):
    again = json.loads(build.render_json(written), parse_constant=pytest.fail)
    assert again == written
