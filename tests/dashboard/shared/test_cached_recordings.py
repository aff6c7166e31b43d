"""What recordings say is read once, and never believed where anything it follows from has changed."""

from __future__ import annotations

import ast
import os
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from connectors.edits import Edit
from connectors.frames import ACTIVITY
from connectors.store import Store, open_store
from connectors.store.samples import CACHE_FOLDER
from dashboard.model.settings import ModelSettings
from dashboard.shared import cached_recordings, pipeline

USUAL = ModelSettings()
RECORDED = 12


@pytest.fixture
def recorded(store: Store, athlete_id: int) -> list[str]:
    """Recordings of some runs, each of a speed of its own."""
    runs = store.read(ACTIVITY, athlete_id).filter(pl.col("sport") == "Run").head(RECORDED)
    for number, one in enumerate(runs["activity_id"]):
        store.samples.write(athlete_id, one, recording(2.4 + number / 5))
    store.write(ACTIVITY, runs.with_columns(sample_rows=pl.lit(900, pl.Int64)))
    return runs["activity_id"].to_list()


def recording(speed: float) -> pl.DataFrame:
    rows = pl.DataFrame({"second": range(900)}).with_columns(second=pl.col("second").cast(pl.Int32))
    wave = (pl.col("second") % 60 - 30) / 60
    return rows.with_columns(
        speed_mps=speed + wave,
        cadence_spm=160 + 8 * speed + wave,
        grade_pct=wave * 4,
        distance_m=pl.col("second") * speed,
    )


@pytest.fixture
def opened(monkeypatch) -> list[int]:
    """How many recordings were opened, each time that some were."""
    counts: list[int] = []
    recordings_for = pipeline.recordings_for

    def counting(activities, samples, settings):
        counts.append(activities["samples_id"].drop_nulls().len())
        return recordings_for(activities, samples, settings)

    monkeypatch.setattr(pipeline, "recordings_for", counting)
    return counts


def loads(store: Store, settings: ModelSettings = USUAL) -> pl.DataFrame:
    return pipeline.load_runs_of(store, store.runner().athlete_id, settings)[0]


def forget_cached(store: Store, athlete_id: int) -> None:
    store.samples.drop_cache(athlete_id)


def test_another_start_opens_no_recording_and_says_the_same_to_the_last_bit(store, recorded, opened):
    first, personal = pipeline.load_runs_of(store, store.runner().athlete_id, USUAL)
    assert first.filter(pl.col("estimated").not_()).height == RECORDED
    assert opened == [RECORDED]
    with open_store(store.home) as later:
        again = pipeline.load_runs_of(later, store.runner().athlete_id, USUAL)
    assert opened == [RECORDED]
    assert_frame_equal(again[0], first, check_exact=True)
    assert again[1] == personal


@pytest.mark.parametrize(
    "other",
    [{"exponent": 4.0}, {"hill_strength": 0.5}, {"fast_over_easy": 1.05}, {"walk_below_spm": 190.0}],
    ids=lambda one: next(iter(one)),
)
def test_another_setting_is_never_answered_from_what_was_kept(store, athlete_id, recorded, other):
    settings = replace(USUAL, **other)
    before = loads(store)
    changed = loads(store, settings)
    forget_cached(store, athlete_id)
    assert_frame_equal(changed, loads(store, settings), check_exact=True)
    assert not changed.equals(before)
    assert_frame_equal(loads(store), before, check_exact=True)


def test_a_setting_that_no_load_depends_on_opens_no_recording(store, recorded, opened):
    before = loads(store)
    assert loads(store, replace(USUAL, tau_days=30.0)).equals(before)
    assert opened == [RECORDED]


def test_a_recording_written_anew_and_one_that_is_gone_are_seen(store, athlete_id, recorded):
    before = loads(store)
    store.samples.write(athlete_id, recorded[0], recording(5.5))
    faster = loads(store)
    assert faster.filter(pl.col("activity_id") == recorded[0])["fast_s"].item() > 600
    store.samples.path(athlete_id, recorded[0]).unlink()  # by hand, or by a failing disk
    row = loads(store).filter(pl.col("activity_id") == recorded[0]).row(0, named=True)
    assert row["estimated"]
    store.samples.write(athlete_id, recorded[0], recording(2.4))
    assert_frame_equal(loads(store), before, check_exact=True)


def test_a_recording_that_could_not_be_read_once_is_read_once_it_can(store, athlete_id, recorded):
    before = loads(store)
    forget_cached(store, athlete_id)
    path = store.samples.path(athlete_id, recorded[0])
    content, now = path.read_bytes(), path.stat()
    with path.open("r+b") as file:  # the same file, of the same length and time
        file.write(b"XXXX")
    os.utime(path, ns=(now.st_atime_ns, now.st_mtime_ns))
    assert loads(store).filter(pl.col("activity_id") == recorded[0])["estimated"].item()
    with path.open("r+b") as file:
        file.write(content[:4])
    os.utime(path, ns=(now.st_atime_ns, now.st_mtime_ns))
    assert_frame_equal(loads(store), before, check_exact=True)


def test_what_changed_while_it_was_read_is_kept_under_no_key(store, athlete_id, recorded, monkeypatch):
    before = loads(store)
    forget_cached(store, athlete_id)
    path = store.samples.path(athlete_id, recorded[0])
    aside = path.with_suffix(".aside")
    recordings_for = pipeline.recordings_for

    def while_an_import_replaces_one(*given):
        os.link(path, aside)
        store.samples.write(athlete_id, recorded[0], recording(5.5))
        return recordings_for(*given)

    monkeypatch.setattr(pipeline, "recordings_for", while_an_import_replaces_one)
    assert not loads(store).equals(before)
    monkeypatch.undo()
    aside.replace(path)  # as an import that is taken back puts it back: the same file, of the same time
    assert_frame_equal(loads(store), before, check_exact=True)


@pytest.mark.parametrize(("field", "value"), [("is_excluded", True), ("cadence_scale", 0.5)])
def test_what_a_person_says_of_a_run_is_seen(store, athlete_id, recorded, field, value):
    before = loads(store)
    store.edit(athlete_id, [Edit("activity", recorded[1], field, value)])
    after = loads(store)
    assert not after.equals(before)
    forget_cached(store, athlete_id)
    assert_frame_equal(after, loads(store), check_exact=True)


def test_changed_code_makes_what_was_kept_stale(store, recorded, opened, monkeypatch):
    before = loads(store)
    monkeypatch.setattr(cached_recordings, "code_digest", lambda: "other code")
    assert loads(store).equals(before)
    assert opened == [RECORDED, RECORDED]


def test_the_digest_of_code_follows_every_file_it_names(tmp_path: Path):
    for name in cached_recordings.MADE_BY:
        target = tmp_path / name
        there = cached_recordings.ROOT / name
        for path in sorted(there.rglob("*.py")) if there.is_dir() else [there]:
            to = tmp_path / path.relative_to(cached_recordings.ROOT)
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
        assert target.exists()
    digest_of = cached_recordings.code_digest.__wrapped__
    whole = digest_of(tmp_path)
    assert whole == digest_of(cached_recordings.ROOT), "whatever the ends of lines"
    for path in sorted(tmp_path.rglob("*.py")):
        content = path.read_bytes()
        path.write_bytes(content + b"x = 1\n")
        assert digest_of(tmp_path) != whole, path
        path.write_bytes(content)


def test_the_digest_of_code_names_all_that_the_load_of_a_recording_imports():
    named = {path.removesuffix(".py").replace("/", ".") for path in cached_recordings.MADE_BY}
    for path in sorted((cached_recordings.ROOT / "dashboard/model/load").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in (
                "connectors",
                "dashboard",
            ):
                of = [node.module or "", *(f"{node.module}.{one.name}" for one in node.names)]
                assert any(one == name or one.startswith(f"{name}.") for one in of for name in named), (
                    path,
                    of,
                )


def test_where_the_code_cannot_be_read_nothing_is_kept(
    store, athlete_id, recorded, opened, monkeypatch, tmp_path
):
    before = loads(store)
    forget_cached(store, athlete_id)
    assert cached_recordings.code_digest(tmp_path) is None
    monkeypatch.setattr(cached_recordings, "code_digest", lambda: None)
    assert loads(store).equals(before)
    assert not (store.samples.of_runner(athlete_id) / CACHE_FOLDER).exists()


def test_what_is_kept_names_no_run_and_no_day(store, athlete_id, recorded):
    loads(store)
    files = list((store.samples.of_runner(athlete_id) / CACHE_FOLDER).iterdir())
    assert sorted(one.name.partition("-")[0] for one in files) == ["facts", "speeds", "sums"]
    for one in files:
        schema = pl.read_parquet_schema(one)
        assert set(schema.values()) <= {pl.String(), pl.Float64(), pl.Int32(), pl.Boolean()}
        texts = [name for name, kind in schema.items() if kind == pl.String()]
        assert set(texts) <= {"activity_id"}
