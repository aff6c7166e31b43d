"""Doubts from the store: found, decided with who and why, undone, and alive after another import."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest
from store_builders import activity_row

from connectors.frames import ACTIVITY, EDIT, SAMPLE
from connectors.ingest.pipeline import import_paths
from connectors.store import Store
from dashboard.runs.quality import checks, service
from dashboard.runs.quality.load_effect import LoadEffect, load_effect
from dashboard.shared import pipeline

TODAY = date(2026, 6, 1)
ODD_DAY = date(2026, 4, 25)


@pytest.fixture
def odd(store, athlete_id) -> Store:
    """A ride logged as a run, and a run whose device counts one foot."""
    rows = [
        activity_row(athlete_id, ODD_DAY, 30_000.0, moving_s=3_600.0, name="To *work* and back"),
        activity_row(athlete_id, date(2026, 4, 27), 8_000.0, cadence_spm=84.0),
    ]
    store.write(ACTIVITY, pl.DataFrame(rows, schema_overrides=ACTIVITY.schema, infer_schema_length=None))
    return store


def listed(store: Store, athlete_id: int) -> list:
    return service.list_flags(store, athlete_id, service.recorded_facts(store, athlete_id), TODAY)


def kinds(store: Store, athlete_id: int) -> list[str]:
    return [flag.kind for flag in listed(store, athlete_id)]


def test_sound_runs_raise_nothing(store, athlete_id):
    assert listed(store, athlete_id) == []


def test_keeping_settles_a_flag_and_undo_raises_it_again(odd, athlete_id):
    assert kinds(odd, athlete_id) == ["ride", "cadence_half"]
    change = service.keep_as_is(odd, athlete_id, listed(odd, athlete_id), "therapist", "a downhill race")
    assert kinds(odd, athlete_id) == []
    said = odd.read(EDIT, athlete_id).select("decided_by", "reason", "field").rows()
    assert said == [("therapist", "a downhill race", "kept_flags")] * 2
    change.undo(odd)
    assert kinds(odd, athlete_id) == ["ride", "cadence_half"]
    assert odd.read(EDIT, athlete_id)["is_undone"].all(), "kept as history"


def test_two_flags_of_one_session_are_kept_one_by_one(odd, athlete_id):
    row = activity_row(athlete_id, ODD_DAY, 30_000.0, moving_s=3_600.0, elapsed_s=791_508.0)
    odd.write(ACTIVITY, pl.DataFrame([row], schema_overrides=ACTIVITY.schema))
    ride, _, elapsed = listed(odd, athlete_id)
    service.keep_as_is(odd, athlete_id, [ride], "runner")
    assert kinds(odd, athlete_id) == ["cadence_half", "elapsed"]
    service.keep_as_is(odd, athlete_id, [elapsed], "runner")
    assert kinds(odd, athlete_id) == ["cadence_half"]


def test_leaving_out_and_counting_again(odd, athlete_id):
    before = pipeline.analysis_of(odd, athlete_id)
    service.exclude_run(odd, athlete_id, listed(odd, athlete_id)[:1], "runner")
    analysis = pipeline.analysis_of(odd, athlete_id)
    assert analysis.runs.height == before.runs.height - 1
    assert analysis.excluded["local_date"].to_list() == [ODD_DAY]
    (row,) = service.excluded_runs(odd, athlete_id)
    service.include_run(odd, athlete_id, row["activity_id"], "runner")
    assert pipeline.analysis_of(odd, athlete_id).days.equals(before.days)


def test_a_correction_is_what_it_says(odd, athlete_id):
    ride, half = listed(odd, athlete_id)
    service.correct_run(odd, athlete_id, [ride, half], "runner")
    rows = {row["local_date"]: row for row in odd.activities(athlete_id).iter_rows(named=True)}
    assert rows[ODD_DAY]["sport"] == "Ride"
    assert rows[date(2026, 4, 27)]["cadence_scale"] == 2.0
    assert kinds(odd, athlete_id) == []
    others = pipeline.analysis_of(odd, athlete_id).others
    assert others.rows() == [(ODD_DAY, "Ride", 3_600.0)]


def test_the_effect_is_that_of_doing_it(odd, athlete_id):
    before = pipeline.analysis_of(odd, athlete_id)
    found = listed(odd, athlete_id)
    told = load_effect(odd, athlete_id, found, before.personal, before.settings)
    service.correct_run(odd, athlete_id, found, "runner")
    after = pipeline.analysis_of(odd, athlete_id)
    done = after.runs["load_tkm"].sum() - before.runs["load_tkm"].sum()
    assert told.total_tkm == pytest.approx(done, rel=0.02)
    assert told.recent_tkm == pytest.approx(told.total_tkm), "both are of the last 28 days"
    assert set(told.by_session) == {flag.activity_id for flag in found}
    assert load_effect(odd, athlete_id, [], before.personal, before.settings) == LoadEffect()


def test_an_older_flag_does_not_touch_the_last_days(store, athlete_id):
    row = activity_row(athlete_id, date(2026, 1, 2), 30_000.0, moving_s=3_600.0)
    store.write(ACTIVITY, pl.DataFrame([row], schema_overrides=ACTIVITY.schema))
    analysis = pipeline.analysis_of(store, athlete_id)
    told = load_effect(store, athlete_id, listed(store, athlete_id), analysis.personal, analysis.settings)
    assert told.total_tkm < -10
    assert told.recent_tkm == 0


def test_overlapping_runs_are_named_once_and_the_poorer_is_doubted(store, athlete_id):
    by_hand = activity_row(
        athlete_id, date(2026, 1, 1), 7_000.0, source="manual", source_id="race", activity_id="race"
    )
    by_hand |= {"start_utc": datetime(2026, 1, 1, 7, 5, tzinfo=UTC), "elapsed_s": 2_400.0}
    store.write(ACTIVITY, pl.DataFrame([by_hand], schema_overrides=ACTIVITY.schema))
    (flag,) = listed(store, athlete_id)
    assert (flag.kind, flag.activity_id) == ("overlap", "race")
    store.decide_matches(athlete_id, [("race", flag.other_id, False, "person")])
    assert listed(store, athlete_id) == []


def test_a_clock_left_running_overlaps_with_nothing(store, athlete_id):
    row = activity_row(athlete_id, date(2026, 2, 2), 8_000.0, elapsed_s=791_508.0)
    store.write(ACTIVITY, pl.DataFrame([row], schema_overrides=ACTIVITY.schema))
    assert kinds(store, athlete_id) == ["elapsed"]


def test_a_night_start_without_a_zone(store, athlete_id):
    store.set_settings(athlete_id, {"timezone": "Asia/Tokyo"})
    row = activity_row(athlete_id, date(2026, 2, 3)) | {"start_utc": datetime(2026, 2, 2, 16, 30, tzinfo=UTC)}
    store.write(ACTIVITY, pl.DataFrame([row], schema_overrides=ACTIVITY.schema))
    (flag,) = [one for one in listed(store, athlete_id) if one.kind == "night_start"]
    assert flag.value == pytest.approx(1.5)
    assert flag.correction == (("local_date", date(2026, 2, 2)),)


def test_a_day_that_is_not_that_of_its_own_zone(store, athlete_id):
    row = activity_row(athlete_id, date(2026, 2, 3), timezone="Australia/Sydney")
    row |= {"start_utc": datetime(2026, 2, 3, 15, tzinfo=UTC)}
    store.write(ACTIVITY, pl.DataFrame([row], schema_overrides=ACTIVITY.schema))
    (flag,) = listed(store, athlete_id)
    assert (flag.kind, flag.correction) == ("wrong_day", (("local_date", date(2026, 2, 4)),))


GPX = """<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"><trk><type>running</type>
<trkseg>{points}</trkseg></trk></gpx>"""


def test_what_is_left_out_stays_out_after_the_same_file_came_again(store, athlete_id, tmp_path):
    points = "".join(
        f'<trkpt lat="{52 + n * 2.7e-5:.6f}" lon="5"><time>2026-05-02T06:{n // 60:02d}:{n % 60:02d}Z</time></trkpt>'
        for n in range(1_800)
    )
    file = tmp_path / "run.gpx"
    file.write_text(GPX.format(points=points))
    import_paths(store, athlete_id, [file])
    (row,) = store.activities(athlete_id).filter(pl.col("local_date") == date(2026, 5, 2)).rows(named=True)
    flag = checks.quality_flags(
        store.activities(athlete_id), service.recorded_facts(store, athlete_id), date(2026, 1, 1)
    )[0]
    flag = type(flag)(**{**flag.__dict__, "activity_id": row["activity_id"]})
    service.exclude_run(store, athlete_id, [flag], "therapist", "walked the dog")
    import_paths(store, athlete_id, [file])
    assert [one["activity_id"] for one in service.excluded_runs(store, athlete_id)] == [row["activity_id"]]
    assert row["activity_id"] not in pipeline.analysis_of(store, athlete_id).runs["activity_id"].to_list()


def test_recordings_are_looked_through(store, athlete_id):
    session = store.activities(athlete_id)["activity_id"][3]
    seconds = pl.DataFrame({"second": range(2_000), "speed_mps": [4.0] * 1_900 + [40.0] * 100})
    missing = [pl.lit(None).alias(name) for name in SAMPLE.columns if name not in seconds.columns]
    samples = seconds.with_columns(missing).select(list(SAMPLE.columns)).cast(dict(SAMPLE.schema))
    store.samples.write(athlete_id, session, samples)
    row = store.read(ACTIVITY, athlete_id).filter(pl.col("activity_id") == session)
    store.write(ACTIVITY, row.with_columns(sample_rows=pl.lit(2_000, pl.Int64)))
    (flag,) = [one for one in listed(store, athlete_id) if one.activity_id == session]
    assert (flag.kind, flag.value, flag.limit) == ("gps_jump", 100.0, 40.0)
    service.correct_run(store, athlete_id, [flag], "runner")
    runs = pipeline.analysis_of(store, athlete_id).runs
    assert "summary_chosen" in runs.filter(pl.col("activity_id") == session)["flags"][0].split()
    assert listed(store, athlete_id) == []


@pytest.mark.real_data
def test_a_whole_real_export_raises_few_flags(store, real_data):
    """Looked at by eye: two long waits counted as moving, and one recording 3 % shorter than the service says."""
    mine = store.add_runner("Export").athlete_id
    import_paths(store, mine, [real_data / "strava_export" / "slalom007+strava-running-analysis"])
    found = listed(store, mine)
    assert store.activities(mine).height == 242
    assert {flag.kind for flag in found} <= {"moving", "watch"}
    assert 1 <= len(found) <= 6


@pytest.mark.real_data
def test_odd_real_files_are_flagged(store, real_data):
    mine = store.add_runner("Files").athlete_id
    import_paths(store, mine, [real_data / "activities"])
    found = [flag.kind for flag in listed(store, mine)]
    assert found.count("altitude_step") == 2
    assert found.count("moving") == 2
    assert len(found) <= 6
