"""Doubts about recordings as people have them: raised, mended with one press, and named in every report."""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from connectors.ingest.pipeline import import_paths
from connectors.store import Store, open_store
from dashboard.data import duplicate_runs
from dashboard.report.build import render_report
from dashboard.runs.quality import service
from dashboard.shared.pipeline import analysis_of

REPORTS = Path(__file__).parents[2] / "reports"
TODAY = date.today()


@pytest.fixture
def kept(tmp_path) -> Store:
    return open_store(tmp_path / "home")


def bring(kept: Store, *paths: Path) -> int:
    runner = kept.runner(create=True).athlete_id
    import_paths(kept, runner, paths)
    return runner


def flags(kept: Store, runner: int) -> dict:
    found = service.list_flags(kept, runner, service.recorded_facts(kept, runner), TODAY)
    return {flag.kind: flag for flag in found if flag.kind != "frozen_heart"}


def load(kept: Store, runner: int) -> float:
    return float(analysis_of(kept, runner).runs["load_tkm"].sum())


def told(kept: Store) -> list[dict]:
    return json.loads(render_report("json", kept, kept.runner()))["doubts"]


def test_a_ride_home_is_doubted_cut_with_one_press_and_taken_back(kept):
    runner = bring(kept, REPORTS / "car_at_the_end" / "B9.fit.gz")
    found = flags(kept, runner)
    assert list(found) == ["ride_end"]
    assert dict(found["ride_end"].correction)["cut_to_s"] == pytest.approx(1_667, abs=5)
    before = load(kept, runner)
    (doubt,) = told(kept)
    assert (doubt["kind"], doubt["tkm"]) == ("ride_end", pytest.approx(before - 5, abs=0.2))
    change = service.correct_run(kept, runner, list(found.values()), "runner")
    assert load(kept, runner) == pytest.approx(4.98, abs=0.05)
    assert flags(kept, runner) == {}
    assert told(kept) == []
    change.undo(kept)
    assert load(kept, runner) == pytest.approx(before)


def test_a_run_without_a_ride_at_its_end_has_no_such_doubt(kept):
    runner = bring(kept, REPORTS / "car_at_the_end" / "A0.zip")
    assert flags(kept, runner) == {}


@pytest.mark.parametrize(("folder", "kind"), [("A", "twice"), ("C", "overlap")])
def test_what_may_be_one_run_is_shown_and_named_in_every_report(kept, folder, kind):
    runner = bring(kept, *sorted((REPORTS / "twice_hours_apart" / folder).iterdir()))
    assert list(flags(kept, runner)) == [kind]
    (pair,) = duplicate_runs.overlapping_runs(kept, runner)
    (doubt,) = told(kept)
    assert doubt["kind"] == kind
    assert {doubt["run_id"], doubt["with_run_id"]} == {pair.activity_id, pair.same_as}
    assert doubt["tkm"] > 3
    for form in ("text", "html"):
        assert "What is doubted in the record" in render_report(form, kept, kept.runner()).decode()
    duplicate_runs.record_decision(kept, runner, pair, True)
    assert told(kept) == []
    assert load(kept, runner) < 5


def rolled(tmp_path: Path) -> list[Path]:
    """Five runs, and one 1024 weeks early that does not say when it really was."""
    folder = REPORTS / "week_rollover" / "A"
    text = gzip.decompress((folder / "old.gpx.gz").read_bytes()).decode()
    (tmp_path / "run.gpx").write_text(re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL))
    return [tmp_path / "run.gpx", *sorted(folder.glob("n*.gz"))]


def test_weeks_lost_without_a_word_are_doubted_and_do_not_stretch_the_picture(kept, tmp_path):
    runner = bring(kept, *rolled(tmp_path))
    found = flags(kept, runner)
    assert dict(found["rollover"].correction) == {"local_date": date(2026, 5, 4)}
    assert analysis_of(kept, runner).days.height <= 5
    assert [doubt["kind"] for doubt in told(kept)] == ["rollover"]
    service.correct_run(kept, runner, [found["rollover"]], "runner")
    days = analysis_of(kept, runner).days
    assert (days["local_date"].min(), days.height) == (date(2026, 5, 4), 5)
    assert told(kept) == []


def test_old_dates_that_are_kept_count(kept, tmp_path):
    runner = bring(kept, *rolled(tmp_path))
    service.keep_as_is(kept, runner, [flags(kept, runner)["rollover"]], "runner")
    assert analysis_of(kept, runner).days["local_date"].min() == date(2006, 9, 18)


def test_a_stored_date_still_to_come_stays_out_of_the_picture_and_is_told(kept):
    runner = bring(kept, REPORTS / "no_zone" / "a.gpx.gz")
    later = (TODAY + timedelta(days=300) - date(1970, 1, 1)).days
    with (
        closing(sqlite3.connect(kept.home / "heelwise.db")) as older,
        older,
    ):  # stored before there was a bound
        older.execute("UPDATE activity SET local_date = ?", (later,))
    assert analysis_of(kept, runner).days.is_empty()
    assert [doubt["kind"] for doubt in told(kept)][:1] == ["future"]
