"""One file for each activity's samples."""

from __future__ import annotations

import os
import time
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from connectors.errors import ContractError, StoreFull, StoreUnreadable
from connectors.frames import LONGEST_S, SAMPLE
from connectors.store import SampleFolder
from connectors.store.samples import LEFT_OVER_S, remove_parts

ONE, TWO = "0123456789abcdef", "fedcba9876543210"


def seconds(count: int, **columns: pl.Expr) -> pl.DataFrame:
    frame = pl.DataFrame({"second": range(count)}).with_columns(speed_mps=pl.lit(3.0)).with_columns(**columns)
    return frame.cast({"second": pl.Int32})


@pytest.fixture
def folder(tmp_path: Path) -> SampleFolder:
    home = tmp_path / "a b # %41 é"
    home.mkdir()
    return SampleFolder(home / "samples")


measured = st.none() | st.floats(0, 45, width=32)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.integers(0, LONGEST_S), measured, measured), unique_by=lambda r: r[0], max_size=9
    )
)
def test_samples_come_back_bit_for_bit(tmp_path_factory, rows):
    folder = SampleFolder(tmp_path_factory.mktemp("samples"))
    kinds = {"second": pl.Int32, "speed_mps": pl.Float32, "grade_pct": pl.Float32}
    frame = pl.DataFrame(rows, schema=kinds, orient="row")
    folder.write(1, ONE, frame)
    back = folder.read(1, ONE)
    assert back.schema == SAMPLE.schema
    assert_frame_equal(back.select(list(kinds)), frame.sort("second"), check_exact=True)
    assert back["power_w"].null_count() == back.height


def test_samples_lie_where_the_contract_says_for_their_owner_alone(folder: SampleFolder):
    before = os.umask(0o002)
    try:
        folder.write(3, ONE, seconds(5))
    finally:
        os.umask(before)
    path = folder.folder / "3" / "01" / f"{ONE}.parquet"
    assert path.stat().st_mode & 0o777 == 0o600
    assert {p.stat().st_mode & 0o777 for p in (path.parent, path.parent.parent, folder.folder)} == {0o700}
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_absent_samples_are_an_empty_frame(folder: SampleFolder):
    assert not folder.exists(1, ONE)
    assert folder.read(1, ONE).schema == SAMPLE.schema
    scanned = folder.scan(1, [ONE]).collect()
    assert scanned.is_empty()
    assert scanned.columns == [*SAMPLE.columns, "activity_id"]


def test_scan_names_rows_also_where_ids_differ_in_length(folder: SampleFolder):
    folder.write(1, "abc", seconds(2))
    folder.write(1, ONE, seconds(1))
    found = folder.scan(1, [ONE, "abc"]).collect()
    assert found["activity_id"].cast(pl.String).to_list() == [ONE, "abc", "abc"]


def test_scan_names_each_row_and_keeps_the_order_asked_for(folder: SampleFolder):
    folder.write(1, ONE, seconds(3))
    folder.write(1, TWO, seconds(2))
    folder.write(2, TWO, seconds(9))
    found = folder.scan(1, [TWO, "aa" * 8, ONE, TWO]).collect()
    assert found["activity_id"].cast(pl.String).to_list() == [TWO] * 2 + [ONE] * 3
    assert found["second"].to_list() == [0, 1, 0, 1, 2]
    assert found.drop("activity_id").schema == SAMPLE.schema


def test_a_replaced_file_is_whole(folder: SampleFolder):
    folder.write(1, ONE, seconds(3))
    folder.write(1, ONE, seconds(7))
    assert folder.read(1, ONE).height == 7


@pytest.mark.parametrize("keep", [0, 3, 4, 7, 60])
def test_a_cut_off_file_counts_as_absent_and_is_named_when_read(folder: SampleFolder, keep: int):
    folder.write(1, ONE, seconds(300))
    folder.write(1, TWO, seconds(2))
    path = folder.path(1, ONE)
    path.write_bytes(path.read_bytes()[:keep])
    assert not folder.exists(1, ONE)
    assert folder.scan(1, [ONE, TWO]).collect().height == 2
    with pytest.raises(StoreUnreadable, match="everything else is kept"):
        folder.read(1, ONE)
    folder.write(1, ONE, seconds(4))
    assert folder.read(1, ONE).height == 4


def test_a_file_damaged_inside_is_named(folder: SampleFolder):
    folder.write(1, ONE, seconds(3_000))
    path = folder.path(1, ONE)
    content = bytearray(path.read_bytes())
    content[4 : len(content) - 8] = bytes(len(content) - 12)
    path.write_bytes(content)
    with pytest.raises(StoreUnreadable, match=ONE):
        folder.read(1, ONE)


@pytest.mark.parametrize("name", ["../../../etc/passwd", "", "a", "AB" * 8, "0123/4567", "..", "ab\n", "ab*"])
def test_an_id_cannot_name_another_place(folder: SampleFolder, name: str):
    with pytest.raises(ContractError, match="no activity id"):
        folder.write(1, name, seconds(1))
    with pytest.raises(ContractError, match="no activity id"):
        folder.read(1, name)
    assert not folder.exists(1, name)
    assert folder.scan(1, [name]).collect().is_empty()
    folder.delete(1, [name])


def test_samples_under_a_broken_contract_are_refused(folder: SampleFolder):
    with pytest.raises(ContractError, match="speed_mps"):
        folder.write(1, ONE, seconds(2, speed_mps=pl.lit(99.0)))
    with pytest.raises(ContractError, match="latitude_deg"):
        folder.write(1, ONE, seconds(2, latitude_deg=pl.lit(52.0)))
    assert not folder.exists(1, ONE)


def test_a_write_that_fails_leaves_what_was_there(folder: SampleFolder, monkeypatch):
    folder.write(1, ONE, seconds(3))

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreFull, match="no room left"):
        folder.write(1, ONE, seconds(9))
    assert folder.read(1, ONE).height == 3
    assert len(list(folder.path(1, ONE).parent.iterdir())) == 1


def test_only_old_left_overs_are_swept(folder: SampleFolder):
    folder.write(1, ONE, seconds(3))
    place = folder.path(1, ONE).parent
    young, old = place / f".{ONE}.1.aa.part", place / f".{ONE}.2.bb.part"
    young.touch()
    old.touch()
    an_hour_ago = time.time() - 2 * LEFT_OVER_S
    os.utime(old, (an_hour_ago, an_hour_ago))
    assert remove_parts(folder.folder) == 1
    assert (young.exists(), old.exists(), folder.exists(1, ONE)) == (True, False, True)


def test_deleted_samples_are_gone(folder: SampleFolder):
    for athlete_id in (1, 2):
        folder.write(athlete_id, ONE, seconds(3))
        folder.write(athlete_id, TWO, seconds(3))
    folder.delete(1, [ONE, "00" * 8])
    assert (folder.exists(1, ONE), folder.exists(1, TWO)) == (False, True)
    assert folder.exists(2, ONE)


def test_samples_of_another_version_are_read(folder: SampleFolder):
    folder.write(1, ONE, seconds(3))
    older = seconds(2).cast({"speed_mps": pl.Float32}).with_columns(dropped_since=pl.lit(1))
    path = folder.path(1, TWO)
    path.parent.mkdir(parents=True)
    older.write_parquet(path)
    found = folder.scan(1, [ONE, TWO]).collect()
    assert found.columns == [*SAMPLE.columns, "activity_id"]
    assert found.height == 5
