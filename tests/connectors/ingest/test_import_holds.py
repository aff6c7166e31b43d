"""Imports of another person: held with nothing in, or asked about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from export_writer import Session, Shoe, write_export
from fit_writer import fit_run

from connectors.frames import STORED
from connectors.ingest.pipeline import import_paths
from connectors.ingest.taking_back import take_back_import
from connectors.source import ImportResult
from connectors.store import Runner, Store

START = datetime(2025, 3, 1, 6, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def robin(store) -> Runner:
    return store.add_runner("Robin")


def sessions(first_id: int, count: int, start: datetime = START, **more) -> list[Session]:
    return [Session(first_id + n, start + timedelta(days=n), **more) for n in range(count)]


def profile(number: int, head: str = "Athlete ID,Email Address") -> dict[str, bytes]:
    return {"profile.csv": f"{head}\n{number},somebody@example.org\n".encode()}


def bring(store: Store, *paths: Path, **more) -> ImportResult:
    return import_paths(store, 1, paths, **more)


def rows(store: Store) -> int:
    return sum(store.read(contract, 1).height for contract in STORED)


def recordings(folder: Path, count: int, start: datetime, speed: float = 3.0) -> Path:
    folder.mkdir(exist_ok=True)
    for n in range(count):
        day = start + timedelta(days=n)
        (folder / f"{n}.fit").write_bytes(fit_run(start=day, seconds=1_200, speed_mps=speed))
    return folder


@pytest.mark.parametrize("how", ["profile", "profile_nl", "name", "name_copy", "folder"])
def test_a_second_account_is_held_with_nothing_in(store, tmp_path, how):
    far = START + timedelta(days=400)

    def export(number: int, first_id: int, start: datetime) -> Path:
        mine = sessions(first_id, 4, start, gear_name="Ghost")
        shoes = [Shoe("Ghost")]
        if how.startswith("profile"):
            head = "Athlete ID,Email Address" if how == "profile" else "Atleet-ID,E-mailadres"
            return write_export(
                tmp_path / f"e{first_id}.zip", mine, shoes=shoes, others=profile(number, head)
            )
        if how == "folder":
            return write_export(tmp_path / f"e{first_id}.zip", mine, shoes=shoes, folder=f"export_{number}/")
        copy = " (1)" if how == "name_copy" else ""
        return write_export(tmp_path / f"export_{number}{copy}.zip", mine, shoes=shoes)

    first = bring(store, export(11111, 100, START))
    assert first.held is None
    before, version = rows(store), store.version(1)
    other = export(22222, 500, far)
    result = bring(store, other)
    assert result.held is not None
    assert result.held.account == "22222"
    assert "11111" in result.held.reason
    assert "Robin" in result.held.reason
    assert (rows(store), store.version(1), len(store.imports(1))) == (before, version, 1)
    assert (result.import_id, result.activities["new"]) == (None, 0)
    assert not store.taken_back_digests(1)
    assert bring(store, other, same_runner=True).activities["new"] == 4
    assert bring(store, other).held is None, "answered once"


def test_a_later_export_of_the_same_account_is_not_held_whatever_it_is_called(store, tmp_path):
    bring(store, write_export(tmp_path / "export_11111.zip", sessions(100, 4)))
    later = write_export(tmp_path / "export_22222.zip", sessions(103, 4, START + timedelta(days=3)))
    assert bring(store, later).held is None


def test_the_account_of_the_link_counts(store, tmp_path):
    store.set_settings(1, {"strava_account": "11111"})
    assert bring(store, write_export(tmp_path / "export_11111.zip", sessions(100, 3))).held is None
    store.set_settings(1, {"strava_account": "33333"})
    take_back_import(store, store.imports(1)[0].import_id)
    assert bring(store, write_export(tmp_path / "export_22222.zip", sessions(200, 3))).held is not None


def test_two_accounts_in_one_import_are_held(store, tmp_path):
    paths = [
        write_export(tmp_path / f"export_{number}.zip", sessions(number, 3, START + timedelta(days=number)))
        for number in (1111, 2222)
    ]
    assert bring(store, *paths).held is not None
    assert rows(store) == 0


def test_an_account_taken_back_is_no_longer_on_record(store, tmp_path):
    wrong = write_export(tmp_path / "export_22222.zip", sessions(500, 3))
    take_back_import(store, bring(store, wrong).import_id)
    assert bring(store, write_export(tmp_path / "export_11111.zip", sessions(100, 3))).held is None


def test_an_export_without_a_number_that_lists_none_of_the_entries_is_held(store, tmp_path):
    bring(store, write_export(tmp_path / "a.zip", sessions(100, 5)))
    midday = START + timedelta(hours=6)
    result = bring(store, write_export(tmp_path / "b.zip", sessions(500, 5, midday)))
    assert result.held is not None
    assert result.held.account is None
    assert rows(store) == 5


@pytest.mark.parametrize("count", [2, 3])
def test_recordings_that_overlap_the_record_are_held_from_three_on(store, tmp_path, count):
    bring(store, recordings(tmp_path / "mine", 5, START))
    whole = {i: p.read_bytes() for _, i, p in store.samples.files()}
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "diary.csv").write_text("date,morning_pain\n2025-03-08,3\n")
    theirs = recordings(tmp_path / "theirs", count, START + timedelta(minutes=6), speed=2.0)
    result = bring(store, theirs)
    assert (result.held is not None) == (count == 3)
    if result.held:
        assert "3 of its sessions overlap" in result.held.reason
        assert rows(store) == 5
        assert {i: p.read_bytes() for _, i, p in store.samples.files()} == whole
        assert len(store.imports(1)) == 1
        assert bring(store, theirs, same_runner=True).activities["new"] == 3


def test_an_export_whose_runs_overlap_recordings_is_held(store, tmp_path):
    bring(store, recordings(tmp_path / "mine", 5, START))
    theirs = write_export(tmp_path / "e.zip", sessions(100, 4, START + timedelta(minutes=5)))
    assert bring(store, theirs).held is not None


def test_the_same_runs_by_another_road_are_not_held(store, tmp_path):
    """Watch files and the export of the same runs: one body, two records."""
    bring(store, recordings(tmp_path / "mine", 5, START))
    same = sessions(
        100, 5, distance_m=3_600.0, moving_s=1_200.0, elapsed_s=1_200.0, file_name="activities/1.fit"
    )
    result = bring(store, write_export(tmp_path / "e.zip", same))
    assert result.held is None
    assert result.merged == 5


def test_a_few_that_do_not_match_beside_many_that_do_are_no_other_person(store, tmp_path):
    bring(store, recordings(tmp_path / "mine", 9, START))
    same = {"distance_m": 3_600.0, "moving_s": 1_200.0, "elapsed_s": 1_200.0, "file_name": "activities/1.fit"}
    cropped = same | {"distance_m": 2_000.0, "moving_s": 700.0, "elapsed_s": 700.0}
    both = sessions(100, 6, **same) + sessions(106, 3, START + timedelta(days=6), **cropped)
    assert bring(store, write_export(tmp_path / "e.zip", both)).held is None


def test_a_long_record_without_a_date_or_pair_in_common_is_asked_about(store, tmp_path):
    bring(store, write_export(tmp_path / "a.zip", sessions(100, 60)))
    later = START + timedelta(days=300)
    result = bring(store, recordings(tmp_path / "early", 12, START - timedelta(days=300)))
    assert result.held is None
    assert result.question is not None
    assert "Robin" in result.question
    new = write_export(tmp_path / "b.zip", sessions(900, 12, later))
    assert bring(store, new).question is not None
    assert bring(store, new, same_runner=True).question is None


def test_new_recordings_after_a_long_record_are_not_asked_about(store, tmp_path):
    bring(store, write_export(tmp_path / "a.zip", sessions(100, 60)))
    result = bring(store, recordings(tmp_path / "new", 12, START + timedelta(days=100)))
    assert (result.held, result.question) == (None, None)


def test_a_first_import_is_never_held_or_asked_about(store, tmp_path):
    result = bring(store, write_export(tmp_path / "export_11111.zip", sessions(100, 60)))
    assert (result.held, result.question) == (None, None)
