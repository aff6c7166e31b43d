"""The summaries of a takeout are on record before its first recording is read, and each recording goes into its run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from fit_writer import fit_run
from takeout_writer import garmin, summaries, summary

from connectors.frames import ACTIVITY, STATEMENT, STORED
from connectors.ingest.pipeline import import_paths
from connectors.ingest.taking_back import take_back_import
from connectors.source import LOOSE_RECORDINGS, READING_STEPS, RECORDINGS, SOME_LOOSE_RECORDINGS
from connectors.store import Store, open_store

FIRST = datetime(2025, 3, 2, 7, tzinfo=UTC)
MANY = 120
FITNESS = "DI_CONNECT/DI-Connect-Fitness/x_0_summarizedActivities.json"


class Cut(Exception):
    """The import is ended here."""


def start(number: int) -> datetime:
    return FIRST + timedelta(days=number)


def recording(number: int, is_dated: bool = True) -> bytes:
    return fit_run(start=start(number), seconds=20, speed_mps=3.0, place=(52.37, 4.90), is_dated=is_dated)


def listed(number: int) -> dict[str, object]:
    """Longer than the recording says, so that one can see whose total is on record."""
    name = "Calf sore again" if number == 7 else f"Run {number}"
    return summary(100 + number, start(number), name=name, distance=6_100.0, duration=20_000.0)


@pytest.fixture(scope="module")
def takeout(tmp_path_factory) -> Path:
    """One run has no recording, one recording has no date in its head, and one no summary."""
    members = {f"r_{n}.fit": recording(n, is_dated=n != 5) for n in range(MANY) if n != 3}
    members["alone.fit"] = recording(MANY)
    said = summaries(*(listed(n) for n in range(MANY)))
    return garmin(tmp_path_factory.mktemp("takeout") / "garmin.zip", members, {FITNESS: said})


def bring(store: Store, path: Path, cut_at: int | None = None) -> list[str]:
    steps: list[str] = []

    def step(done: int, total: int, message: str) -> None:
        steps.append(message)
        if cut_at is not None and message == SOME_LOOSE_RECORDINGS and done >= cut_at:
            raise Cut

    import_paths(store, 1, [path], step, processes=1)
    return steps


def everything(store: Store) -> dict[str, pl.DataFrame]:
    """All that is kept of a runner, but when it was fetched or seen to be named."""
    frames = {
        one.name: store.read(one, 1).drop("fetched_utc", "name_changed_utc", strict=False) for one in STORED
    }
    ids = frames[ACTIVITY.name]["activity_id"].to_list()
    frames["samples"] = pl.concat([store.samples.read(1, one) for one in ids], how="diagonal")
    frames["matches"] = store.matches(1)
    return frames


@pytest.fixture(scope="module")
def uncut(takeout, tmp_path_factory) -> Store:
    store = open_store(tmp_path_factory.mktemp("uncut"))
    store.add_runner("Robin")
    bring(store, takeout)
    return store


def test_every_run_is_on_record_by_its_summary_before_the_first_recording(store, takeout, uncut):
    store.add_runner("Robin")
    with pytest.raises(Cut):
        bring(store, takeout, 0)
    rows = store.read(ACTIVITY, 1)
    assert rows.height == MANY
    assert rows["sample_rows"].null_count() == MANY
    assert rows["distance_m"].unique().to_list() == [61.0]
    assert store.read(STATEMENT, 1)["text"].to_list() == ["Calf sore again"]
    kept = set(rows["activity_id"]) & set(uncut.read(ACTIVITY, 1)["activity_id"])
    assert len(kept) == MANY - 1  # all but the one whose head does not say when it was begun


def test_a_recording_goes_into_the_run_of_its_summary_and_leads_it(uncut):
    rows = uncut.read(ACTIVITY, 1).sort("start_utc")
    assert rows.height == MANY + 1
    assert rows["start_utc"].to_list() == [start(n) for n in range(MANY + 1)]
    assert rows["name"].to_list()[:2] == ["Run 0", "Run 1"]
    assert rows["name"][5] == "Run 5"
    assert rows["distance_m"].round().to_list() == [60.0 if n != 3 else 61.0 for n in range(MANY + 1)]
    assert rows["sample_rows"].is_null().to_list() == [n == 3 for n in range(MANY + 1)]
    assert uncut.matches(1).is_empty()
    assert uncut.read(STATEMENT, 1).height == 1


@pytest.mark.parametrize("recordings", [0, 60])
def test_gone_on_with_after_a_cut_it_ends_as_if_never_cut(store, takeout, uncut, recordings):
    store.add_runner("Robin")
    with pytest.raises(Cut):
        bring(store, takeout, recordings)
    bring(store, takeout)
    whole = everything(uncut)
    for name, frame in everything(store).items():
        assert frame.equals(whole[name]), name
    assert import_paths(store, 1, [takeout]).activities == {"new": 0, "updated": 0, "unchanged": MANY + 1}
    take_back_import(store, store.imports(1)[0].import_id)
    assert store.read(ACTIVITY, 1).height == MANY + 1  # the import of the same files again has them still


def test_another_persons_takeout_is_held_before_anything_is_written(store, takeout, tmp_path):
    store.add_runner("Robin")
    for n in range(4):
        (tmp_path / f"{n}.fit").write_bytes(
            fit_run(start=start(n) - timedelta(seconds=200), seconds=900, speed_mps=4.0)
        )
    import_paths(store, 1, sorted(tmp_path.glob("*.fit")), processes=1)
    long = summaries(*(summary(100 + n, start(n), distance=500_000.0, duration=900_000.0) for n in range(4)))
    path = garmin(tmp_path / "other.zip", {}, {FITNESS: long})
    steps: list[str] = []
    result = import_paths(store, 1, [path], lambda done, total, step: steps.append(step))
    assert result.held is not None
    assert store.read(ACTIVITY, 1).height == 4
    assert steps == ["reading"]


def test_loose_recordings_come_in_newest_first_and_a_few_at_once(store, tmp_path):
    folder = tmp_path / "loose"
    folder.mkdir()
    for n in range(40):
        (folder / f"{(n * 7) % 40:02}.fit").write_bytes(recording(n))
    store.add_runner("Robin")
    seen: list[list[datetime]] = []

    def step(done: int, total: int, message: str) -> None:
        if message == LOOSE_RECORDINGS:
            rows = store.read(ACTIVITY, 1)["start_utc"].sort(descending=True).to_list()
            if not seen or len(rows) != len(seen[-1]):
                seen.append(rows)

    import_paths(store, 1, [folder], step, processes=1)
    newest = [start(n) for n in reversed(range(40))]
    assert [len(rows) for rows in seen] == [0, 10, 20, 40]
    assert seen == [newest[: len(rows)] for rows in seen]


def test_the_step_says_whether_every_run_is_on_record(store, tmp_path):
    said = summaries(*(listed(n) for n in range(8)))
    path = garmin(tmp_path / "all.zip", {f"{n}.fit": recording(n) for n in range(8)}, {FITNESS: said})
    store.add_runner("Robin")
    assert {RECORDINGS} == set(bring(store, path)) & set(READING_STEPS)
    assert {RECORDINGS} == set(bring(store, path)) & set(READING_STEPS)  # again: all of them are on record
    alone = garmin(tmp_path / "alone.zip", {"9.fit": recording(9)})
    assert {LOOSE_RECORDINGS} == set(bring(store, alone)) & set(READING_STEPS)
