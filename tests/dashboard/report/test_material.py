"""Data from Strava's API goes into a report only where the runner's live link is, in whichever form it is written."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from report_reader import read

from connectors.frames import ACTIVITY, SHOE
from connectors.source import stable_id
from connectors.store.token_vault import Tokens, open_vault
from dashboard.report.build import render_report
from dashboard.report.material import shareable

FIRST_OF_LINK = date(2026, 5, 1)
FROM_LINK = 6
TOKENS = Tokens("a", "r", 1_800_000_000, ("read",), 7)


@pytest.fixture
def linked(store, athlete_id, monkeypatch):
    """Sixty runs from files; six more through the link alone, and one that a file holds too."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    files = store.read(ACTIVITY, athlete_id)
    days = [FIRST_OF_LINK + timedelta(days=n) for n in range(FROM_LINK)]
    rows = [api_row(files, day, f"api-{day}") for day in days]
    twin = api_row(files, files["local_date"][-1], "twin")
    shoe = store.read(SHOE, athlete_id).with_columns(
        shoe_id=pl.lit("link pair"),
        source=pl.lit("strava_api"),
        source_id=pl.lit("g1"),
        name=pl.lit("Link Flyer"),
    )
    store.write(ACTIVITY, pl.DataFrame([*rows, twin], schema=ACTIVITY.schema))
    store.write(SHOE, shoe)
    store.decide_matches(athlete_id, [(twin["activity_id"], files["activity_id"][-1], True, "rule")])
    return store


def api_row(files: pl.DataFrame, day: date, source_id: str) -> dict:
    row = files.row(-1, named=True)
    return row | {
        "activity_id": stable_id(row["athlete_id"], "strava_api", source_id),
        "source": "strava_api",
        "source_id": source_id,
        "local_date": day,
        "start_utc": row["start_utc"] + (day - row["local_date"]),
        "distance_m": 12_345.0,
        "shoe_id": "link pair",
    }


def link(store, athlete_id) -> None:
    open_vault(store.home).write(athlete_id, TOKENS)


@pytest.mark.parametrize("form", ["json", "text", "html", "pdf"])
def test_without_a_live_link_it_is_left_out_and_said_in_one_sentence(linked, form):
    told = read(form, render_report(form, linked, linked.runner()))
    assert "Left out: 6 runs that came through the Strava link alone" in told
    assert "Link Flyer" not in told
    assert "12.3" not in told
    assert "Strava link 6" not in told
    assert "Powered by Strava" not in told
    assert "recording files" in told


@pytest.mark.parametrize("form", ["json", "text", "html", "pdf"])
def test_with_the_live_link_it_is_in(linked, athlete_id, form):
    link(linked, athlete_id)
    told = read(form, render_report(form, linked, linked.runner()))
    assert "Left out" not in told
    assert "Link Flyer" in told
    assert "Powered by Strava" in told


@pytest.mark.parametrize("form", ["json", "text", "html", "pdf"])
def test_it_can_be_left_out_on_the_runners_own_machine_too(linked, athlete_id, form):
    link(linked, athlete_id)
    told = read(form, render_report(form, linked, linked.runner(), without_link=True))
    assert "Left out, as asked: 6 runs" in told
    assert "Link Flyer" not in told


def test_all_totals_agree_as_nothing_of_it_was_computed_with(linked):
    found = json.loads(render_report("json", linked, linked.runner()))
    assert {run["source"] for run in found["runs"]} == {"file"}
    assert found["totals"]["runs"] == found["coverage"]["runs"] == len(found["runs"]) == 60
    assert sum(day["distance_km"] for day in found["days"]) == pytest.approx(found["totals"]["distance_km"])
    assert found["period"]["to"] < FIRST_OF_LINK.isoformat()
    assert found["left_out"] == {"runs": 6, "why": found["left_out"]["why"]}


def test_it_is_the_same_report_as_if_the_link_had_never_been(linked, athlete_id):
    with_link = json.loads(render_report("json", linked, linked.runner()))
    gone = linked.read(ACTIVITY, athlete_id).filter(pl.col("source") == "strava_api")
    linked.delete(ACTIVITY, athlete_id, "strava_api", gone["source_id"].to_list())
    linked.delete(SHOE, athlete_id, "strava_api", ["g1"])
    without = json.loads(render_report("json", linked, linked.runner()))
    assert without.pop("left_out") == {"runs": 0, "why": None}
    left_out = with_link.pop("left_out")["why"]
    assert left_out not in str(without)
    assert with_link == without


def test_what_a_page_has_computed_from_everything_is_not_used_where_something_is_left_out(linked, athlete_id):
    from dashboard.shared.pipeline import analysis_of, explanation_of

    analysis = analysis_of(linked, athlete_id)
    ready = analysis, explanation_of(linked, athlete_id, analysis)
    found = json.loads(render_report("json", linked, linked.runner(), ready=ready))
    assert found["totals"]["runs"] == 60


def test_a_run_that_a_file_holds_too_is_read_from_the_file(linked, athlete_id):
    found = json.loads(render_report("json", linked, linked.runner()))
    assert found["runs"][-1]["distance_km"] == pytest.approx(8.0)
    link(linked, athlete_id)
    found = json.loads(render_report("json", linked, linked.runner()))
    twin = next(run for run in found["runs"] if run["source_id"] == "twin")
    assert twin["distance_km"] == pytest.approx(12.345)


def test_only_what_lies_in_the_period_is_counted(linked):
    before = json.loads(render_report("json", linked, linked.runner(), date(2026, 4, 1), date(2026, 4, 30)))
    assert before["left_out"]["runs"] == 0
    found = shareable(linked, linked.runner())
    assert found.in_words(FIRST_OF_LINK, FIRST_OF_LINK).startswith("Left out: one run that")
    assert found.count(FIRST_OF_LINK, FIRST_OF_LINK + timedelta(days=1)) == 2


def test_one_runners_link_says_nothing_of_another(linked, athlete_id):
    link(linked, athlete_id)
    other = linked.add_runner("Kim")
    mine = linked.read(ACTIVITY, athlete_id).filter(pl.col("source") == "strava_api")
    theirs = mine.with_columns(
        athlete_id=pl.lit(other.athlete_id, dtype=pl.Int64), activity_id="x" + pl.col("activity_id")
    )
    linked.write(ACTIVITY, theirs)
    assert shareable(linked, linked.runner(None)).is_whole
    assert not shareable(linked, other).is_whole


def test_a_vault_that_does_not_open_is_no_link(linked, athlete_id):
    link(linked, athlete_id)
    (linked.home / "vault").write_bytes(b"rubbish")
    assert not shareable(linked, linked.runner()).is_whole


def test_a_store_without_such_data_asks_no_vault(store, athlete_id):
    (store.home / "vault").write_bytes(b"rubbish")
    found = shareable(store, store.runner())
    assert (found.is_whole, found.in_words(None, None)) == (True, None)
    assert replace(found, missing=(date(2026, 1, 1),)).count(None, None) == 1
