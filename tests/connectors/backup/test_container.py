"""A backup as people have it: unpacked, packed again with a folder around it, damaged, or handed to the import."""

from __future__ import annotations

import os
import subprocess
import zipfile
from pathlib import Path

import polars as pl
import pytest
from backed_up_runner import fill, same
from store_builders import FIRST_STORED_DAY, activity_row

from connectors.backup import backup, restore
from connectors.backup.verify import is_backup
from connectors.errors import StoreError, StoreFull, UnreadableFile
from connectors.frames import ACTIVITY, SHOE, SYMPTOM
from connectors.ingest.pipeline import import_paths
from connectors.store import Store, open_store


@pytest.fixture
def other(tmp_path: Path) -> Store:
    with open_store(tmp_path / "other") as opened:
        yield opened


@pytest.fixture
def packed(store, tmp_path) -> Path:
    fill(store, "Robin")
    backup(store, tmp_path / "heelwise_backup.zip")
    return tmp_path / "heelwise_backup.zip"


def unpacked(packed: Path, folder: Path) -> Path:
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder)
    return folder


def repacked(
    packed: Path, target: Path, around: str = "", clutter: bool = False, windows: bool = False
) -> Path:
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(target, "w") as new:
        if around:
            new.writestr(around, b"")
        for name in old.namelist():
            written = f"{around}{name}"
            new.writestr(written.replace("/", "\\") if windows else written, old.read(name))
        if clutter:
            new.writestr(f"{around}.DS_Store", b"\0\0")
            new.writestr(f"{around}1/.DS_Store", b"\0\0")
            new.writestr("__MACOSX/._heelwise_backup", b"\0")
            new.writestr(f"__MACOSX/{around}._manifest.json", b"\0")
            new.writestr(f"__MACOSX/{around}1/tables/._activity.csv", b"\0")
            new.writestr(f"{around}Thumbs.db", b"\0")
            new.writestr(f"{around}desktop.ini", b"\0")
    return target


def damaged(packed: Path, target: Path, *names: str, how: str = "changed") -> Path:
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name in names and how == "missing":
                continue
            new.writestr(name, content[:-1] + b"?" if name in names and how == "changed" else content)
    if how == "rotten":
        data = target.read_bytes()
        for name in names:
            with zipfile.ZipFile(target) as archive:
                entry = archive.getinfo(name)
            at = entry.header_offset + 30 + len(name) + entry.file_size // 2
            data = data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
        target.write_bytes(data)
    return target


@pytest.mark.parametrize("around", ["", "heelwise_backup/", "Downloads/heelwise backup 2/"])
@pytest.mark.parametrize("clutter", [False, True])
def test_a_zip_packed_again_restores(store, other, packed, tmp_path, around, clutter):
    again = repacked(packed, tmp_path / "again.zip", around, clutter)
    assert is_backup(again)
    [done] = restore(other, again)
    assert (done.recordings, done.damaged) == (1, ())
    same(store, 1, other, done.runner.athlete_id)


def test_a_zip_with_backslashes_restores(store, other, packed, tmp_path):
    [done] = restore(other, repacked(packed, tmp_path / "w.zip", windows=True))
    same(store, 1, other, done.runner.athlete_id)


@pytest.mark.parametrize("depth", ["", "heelwise_backup", "a/heelwise_backup"])
def test_an_unpacked_folder_restores(store, other, packed, tmp_path, depth):
    folder = tmp_path / "unpacked"
    inside = unpacked(packed, folder / depth)
    (inside / ".DS_Store").write_bytes(b"\0")
    (inside / "1" / "._words.json").write_bytes(b"\0")
    (folder / "__MACOSX").mkdir()
    (folder / "__MACOSX" / "._x").write_bytes(b"\0")
    assert is_backup(folder)
    [done] = restore(other, folder)
    same(store, 1, other, done.runner.athlete_id)


def test_a_folder_that_holds_one_packed_backup_restores_and_two_are_asked_about(other, packed, tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    (folder / "b.zip").write_bytes(packed.read_bytes())
    assert restore(other, folder)[0].runner.name == "Robin"
    (folder / "c.zip").write_bytes(packed.read_bytes())
    with pytest.raises(UnreadableFile, match=r"several backups in stick: b\.zip, c\.zip"):
        restore(other, folder)


def test_a_folder_that_is_none_is_told(other, tmp_path):
    (tmp_path / "empty").mkdir()
    assert not is_backup(tmp_path / "empty")
    with pytest.raises(UnreadableFile, match="not a Heelwise backup"):
        restore(other, tmp_path / "empty")


@pytest.mark.parametrize("how", ["changed", "missing", "rotten"])
def test_a_damaged_file_is_named_and_the_rest_saved_only_when_asked(other, packed, tmp_path, how):
    bad = damaged(packed, tmp_path / "bad.zip", "1/tables/symptom.parquet", how=how)
    with pytest.raises(
        UnreadableFile, match=r"1/tables/symptom\.parquet is missing or not as it was"
    ) as told:
        restore(other, bad)
    assert "--what-is-whole" in str(told.value)
    assert other.runners() == []
    [done] = restore(other, bad, what_is_whole=True)
    assert done.damaged == ("1/tables/symptom.parquet",)
    mine = done.runner.athlete_id
    assert (other.read(ACTIVITY, mine).height, other.read(SHOE, mine).height) == (2, 1)
    assert other.read(SYMPTOM, mine).is_empty()
    assert done.recordings == 1


def test_several_damaged_files_are_counted(other, packed, tmp_path):
    names = ("1/tables/shoe.csv", "1/tables/shoe.parquet", "README.txt")
    bad = damaged(packed, tmp_path / "bad.zip", *names)
    with pytest.raises(UnreadableFile, match="and so are 2 more"):
        restore(other, bad)
    [done] = restore(other, bad, what_is_whole=True)
    assert set(done.damaged) == set(names[:2])


def test_recordings_without_their_table_are_left_out(other, packed, tmp_path):
    bad = damaged(packed, tmp_path / "bad.zip", "1/tables/activity.parquet")
    [done] = restore(other, bad, what_is_whole=True)
    assert done.recordings == 0
    assert not [f for f in other.check() if f.id == "samples_orphan"]


def test_a_damaged_folder_names_its_file_too(other, packed, tmp_path):
    folder = unpacked(packed, tmp_path / "unpacked")
    (folder / "1" / "words.json").unlink()
    with pytest.raises(UnreadableFile, match=r"1/words\.json is missing"):
        restore(other, folder)
    assert restore(other, folder, what_is_whole=True)[0].damaged == ("1/words.json",)


def test_a_file_cut_off_is_told_as_that(other, packed, tmp_path):
    cut = tmp_path / "cut.zip"
    cut.write_bytes(packed.read_bytes()[:-200])
    with pytest.raises(UnreadableFile, match="cut off: its list of contents stands at its end"):
        restore(other, cut, what_is_whole=True)


def test_a_file_put_in_later_is_named(other, packed, tmp_path):
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("1/tables/note.csv", b"x")
    with pytest.raises(UnreadableFile, match=r"1/tables/note\.csv was put into it later"):
        restore(other, packed)


@pytest.mark.parametrize("kind", ["zip", "folder", "around", "inside"])
def test_a_backup_handed_to_the_import_is_offered_for_restoring(other, packed, tmp_path, kind):
    given = {
        "zip": lambda: packed,
        "folder": lambda: unpacked(packed, tmp_path / "unpacked"),
        "around": lambda: repacked(packed, tmp_path / "f.zip", "heelwise_backup/", clutter=True),
        "inside": lambda: (tmp_path / "in").mkdir() or packed.rename(tmp_path / "in" / "b.zip").parent,
    }[kind]()
    me = other.runner(create=True).athlete_id
    result = import_paths(other, me, [given])
    [skipped] = result.skipped
    assert skipped.reason.startswith("This is a Heelwise backup: restore it (heelwise restore ")
    assert [path.name for path in result.backups] == [skipped.path]
    assert result.import_id is None


def test_a_home_on_a_write_protected_stick_is_told_as_that(tmp_path, monkeypatch):
    open_store(tmp_path / "home").close()
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode, **more: mode != os.W_OK and real(path, mode, **more))
    with pytest.raises(StoreFull, match="write-protected") as told:
        open_store(tmp_path / "home")
    assert "not damaged" in str(told.value)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs the right to mount")
def test_a_home_on_a_disk_mounted_for_reading_is_told_as_that(tmp_path):
    open_store(tmp_path / "stick" / "home").close()
    open_store(tmp_path / "stick" / "broken").close()
    database = tmp_path / "stick" / "broken" / "heelwise.db"
    database.write_bytes(database.read_bytes()[:5_000] + b"\xff" * 9_000)
    mount = tmp_path / "mounted"
    mount.mkdir()
    if subprocess.run(
        ["mount", "--bind", tmp_path / "stick", mount], capture_output=True, check=False
    ).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", mount], check=True)
        with pytest.raises(StoreError, match="write-protected"):
            open_store(mount / "home")
        with pytest.raises(StoreError, match=r"may not be written|write-protected"):
            open_store(mount / "new")
        with pytest.raises(StoreError, match="cannot be read"):
            open_store(mount / "broken")
    finally:
        subprocess.run(["umount", mount], check=True)


def test_titles_of_sessions_are_left_out_when_asked(store: Store, tmp_path: Path) -> None:
    one = store.add_runner("Ann").athlete_id
    store.write(
        ACTIVITY,
        pl.DataFrame([activity_row(one, FIRST_STORED_DAY)], schema_overrides=ACTIVITY.schema),
    )
    backup(store, tmp_path / "with.zip")
    backup(store, tmp_path / "without.zip", without_titles=True)
    texts = {}
    for name in ("with", "without"):
        with zipfile.ZipFile(tmp_path / f"{name}.zip") as packed:
            texts[name] = b"".join(
                packed.read(member) for member in packed.namelist() if member.endswith("csv")
            )
    assert b"Secret street loop" in texts["with"]
    assert b"Secret street loop" not in texts["without"]
    assert texts["without"].count(b"run-2026") == texts["with"].count(b"run-2026")
