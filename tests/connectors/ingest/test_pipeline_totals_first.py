"""The table of an export is in before its first recording is read, and what a cut leaves can be gone on with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from export_writer import Session, Shoe, write_export
from fit_writer import fit_run

from connectors.errors import HeelwiseError
from connectors.frames import ACTIVITY, STATEMENT, STORED
from connectors.ingest.pipeline import RECORDINGS, import_paths
from connectors.ingest.taking_back import take_back_import
from connectors.store import Store, open_store

FIRST = datetime(2024, 3, 2, 22, 40, tzinfo=UTC)
"""Late in the evening: in Amsterdam it is the next day, which a store of another zone has to learn."""
MANY = 230
"""More than two commits."""


class Cut(Exception):
    """The import is ended here."""


def session(number: int, seconds: int = 20) -> Session:
    start = FIRST + timedelta(days=number)
    return Session(
        number + 1,
        start,
        name="Calf sore again" if number % 50 == 7 else f"Run {number}",
        distance_m=3.0 * seconds,
        moving_s=float(seconds),
        elapsed_s=float(seconds),
        gear_name="Ghost 15" if number % 2 else "",
        file_name=f"activities/{number}.fit.gz",
        recording=fit_run(start=start, seconds=seconds, speed_mps=3.0, place=(52.37, 4.90)),
    )


@pytest.fixture(scope="module")
def export(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    return write_export(
        folder / "export.zip", [session(n) for n in range(MANY)], shoes=[Shoe("Ghost 15", "Brooks", "Ghost")]
    )


@pytest.fixture(scope="module")
def uncut(export, tmp_path_factory) -> Store:
    store = open_store(tmp_path_factory.mktemp("uncut"))
    import_paths(store, store.add_runner("Robin").athlete_id, [export])
    return store


def everything(store: Store) -> dict[str, pl.DataFrame]:
    """All that is kept of a runner, but when it was fetched."""
    frames = {one.name: store.read(one, 1).drop("fetched_utc") for one in STORED}
    ids = frames[ACTIVITY.name]["activity_id"].to_list()
    frames["samples"] = pl.concat([store.samples.read(1, one) for one in ids], how="diagonal")
    frames["matches"] = store.matches(1)
    return frames


def cut_after(store: Store, path: Path, recordings: int) -> None:
    def step(done: int, total: int, message: str) -> None:
        if message == RECORDINGS and done >= recordings:
            raise Cut

    with pytest.raises(Cut):
        import_paths(store, 1, [path], step)


def test_every_total_and_statement_is_in_before_the_first_recording(store, export, uncut):
    store.add_runner("Robin")
    cut_after(store, export, 0)
    rows, whole = store.read(ACTIVITY, 1), uncut.read(ACTIVITY, 1)
    totals = ["activity_id", "start_utc", "distance_m", "moving_s", "elapsed_s", "shoe_id", "name", "sport"]
    assert rows.select(totals).equals(whole.select(totals))
    assert rows["sample_rows"].null_count() == MANY
    assert store.read(STATEMENT, 1)["text"].to_list() == uncut.read(STATEMENT, 1)["text"].to_list()
    assert store.read(STATEMENT, 1).height == 5


@pytest.mark.parametrize("recordings", [0, 101, 229])
def test_gone_on_with_after_a_cut_it_ends_as_if_never_cut(store, export, uncut, recordings):
    store.add_runner("Robin")
    cut_after(store, export, recordings)
    read = store.read(ACTIVITY, 1)["sample_rows"].is_not_null().sum()
    assert read == recordings // 100 * 100  # whole commits
    again = import_paths(store, 1, [export])
    assert again.import_id == 1
    whole = everything(uncut)
    for name, frame in everything(store).items():
        assert frame.equals(whole[name]), name


def test_the_newest_recordings_are_in_first(store, export):
    store.add_runner("Robin")
    cut_after(store, export, 101)
    rows = store.read(ACTIVITY, 1).sort("start_utc", descending=True)
    read = rows["sample_rows"].is_not_null().to_list()
    assert sum(read[:120]) == 100  # two processes may pass each other by a few


def test_what_came_in_by_a_cut_import_is_taken_back_as_one(store, export):
    store.add_runner("Robin")
    cut_after(store, export, 101)
    (batch,) = store.imports(1)
    take_back_import(store, batch.import_id)
    assert all(frame.is_empty() for frame in everything_stored(store))
    assert not list(store.samples.files())


def everything_stored(store: Store) -> list[pl.DataFrame]:
    return [store.read(one, 1) for one in STORED]


def test_a_rule_for_doubles_is_used_early_only_where_no_recording_can_change_it(store, tmp_path):
    """A row whose length the table leaves out is matched once its recording says it."""
    start = FIRST + timedelta(days=1)
    loose = tmp_path / "loose.fit"
    loose.write_bytes(fit_run(start=start, seconds=900, speed_mps=3.0, place=(52.37, 4.90)))
    store.add_runner("Robin")
    import_paths(store, 1, [loose])
    known, open_length = (
        Session(
            number,
            start,
            distance_m=2_700.0 if number == 1 else None,
            moving_s=900.0 if number == 1 else None,
            elapsed_s=900.0,
            file_name=f"activities/{number}.fit.gz",
            recording=fit_run(start=start, seconds=900 + number, speed_mps=3.0, place=(52.37, 4.90)),
        )
        for number in (1, 2)
    )
    for one, early in ((known, 1), (open_length, 0)):
        path = write_export(tmp_path / f"{one.id}.zip", [one])
        with pytest.raises(Cut):
            import_paths(store, 1, [path], same_runner=True, progress=_cut_at_first)
        assert store.matches(1).filter("is_same").height == early
        import_paths(store, 1, [path], same_runner=True)
        assert store.matches(1).filter("is_same").height == 1
        take_back_import(store, store.imports(1)[0].import_id)


def _cut_at_first(done: int, total: int, message: str) -> None:
    if message == RECORDINGS:
        raise Cut


def test_forgotten_while_recordings_are_read_it_ends_with_a_sentence(store, export):
    store.add_runner("Robin")

    def step(done: int, total: int, message: str) -> None:
        if done == 20:
            store.mark_deletion(1)

    with pytest.raises(HeelwiseError):
        import_paths(store, 1, [export], step)
    store.delete_runner(1)
    assert not list(store.samples.files())
    assert store.runners() == []
