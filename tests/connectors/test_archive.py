"""ZIPs, folders and gzip members made by others, some with ill will."""

from __future__ import annotations

import gzip
import io
import os
import pickle
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.archive import open_archive
from connectors.errors import SourceError, UnreadableFile, UnsafeFile
from connectors.gunzip import decompress

FIT = bytes([14, 0x10, 0, 0, 0, 0, 0, 0]) + b".FIT" + bytes(20)


def make_zip(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def make_folder(path: Path, members: dict[str, bytes]) -> Path:
    for name, data in members.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


@pytest.fixture(params=["zip", "folder"])
def make(request, tmp_path):
    if request.param == "zip":
        return lambda members: make_zip(tmp_path / "export.zip", members)
    return lambda members: make_folder(tmp_path / "export", members)


def test_lists_and_reads_members(make):
    archive = open_archive(make({"b/2.fit.gz": gzip.compress(FIT), "a.csv": b"x,y\n"}))
    assert archive.names() == ("a.csv", "b/2.fit.gz")
    assert archive.read("a.csv") == b"x,y\n"
    assert archive.read("b/2.fit.gz") == FIT
    assert archive.skipped == ()


def test_leftovers_of_operating_systems_are_not_listed(make):
    clutter = ["__MACOSX/._a.csv", "._a.csv", ".DS_Store", "b/.hidden/c.fit", "Thumbs.db"]
    archive = open_archive(make(dict.fromkeys(clutter, b"x") | {"a.csv": b"x"}))
    assert archive.names() == ("a.csv",)
    assert archive.skipped == ()


@pytest.mark.parametrize(
    "asked",
    [
        "activities/12.fit.gz",
        "ACTIVITIES/12.FIT.GZ",
        "activities\\12.fit.gz",
        "export_1/activities/12.fit.gz",
        "12.fit.gz",
    ],
)
def test_finds_a_member_however_it_is_called(make, asked):
    archive = open_archive(make({"export_1/activities/12.fit.gz": gzip.compress(FIT)}))
    assert archive.find(asked) == "export_1/activities/12.fit.gz"
    assert archive.holds(asked)
    assert archive.read(asked) == FIT


def test_finds_a_recording_whose_gzip_layer_was_taken_off(make):
    archive = open_archive(make({"activities/12.fit": FIT}))
    assert archive.read("activities/12.fit.gz") == FIT
    assert not archive.holds("activities/13.fit.gz")


def test_exact_name_goes_before_any_other_way_to_say_it(make):
    archive = open_archive(make({"x/activities/1.fit": b"deep", "activities/1.fit": b"top"}))
    assert archive.read("activities/1.fit") == b"top"


def test_backslashes_in_a_zip_are_slashes(tmp_path):
    archive = open_archive(make_zip(tmp_path / "a.zip", {"activities\\1.fit": FIT}))
    assert archive.names() == ("activities/1.fit",)


@pytest.mark.parametrize(
    "name", ["../evil.fit", "/etc/evil.fit", "C:/evil.fit", "a/../../evil.fit", "..\\evil.fit"]
)
def test_names_that_lead_outside_are_not_opened(tmp_path, name):
    archive = open_archive(make_zip(tmp_path / "a.zip", {name: FIT, "ok.fit": FIT}))
    assert archive.names() == ("ok.fit",)
    assert "outside" in archive.skipped[0].reason
    with pytest.raises(UnreadableFile):
        archive.read(name)


def test_links_in_a_folder_are_not_followed(tmp_path):
    secret = make_folder(tmp_path / "secret", {"key.fit": b"secret"})
    root = make_folder(tmp_path / "export", {"ok.fit": FIT})
    (root / "link.fit").symlink_to(secret / "key.fit")
    (root / "linked").symlink_to(secret, target_is_directory=True)
    os.mkfifo(root / "pipe.fit")
    archive = open_archive(root)
    assert archive.names() == ("ok.fit",)
    assert {s.path for s in archive.skipped} == {"link.fit", "linked", "pipe.fit"}


def test_a_member_that_became_a_link_since_is_not_followed(tmp_path):
    root = make_folder(tmp_path / "export", {"a.fit": FIT})
    archive = open_archive(root)
    (tmp_path / "secret").write_bytes(b"secret")
    (root / "a.fit").unlink()
    (root / "a.fit").symlink_to(tmp_path / "secret")
    with pytest.raises(UnreadableFile):
        archive.read("a.fit")


def test_links_in_a_zip_are_not_opened(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"ok.fit": FIT})
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("link.fit")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert open_archive(path).names() == ("ok.fit",)
    assert open_archive(path).skipped[0].path == "link.fit"


def test_locked_member_is_refused_and_the_rest_read(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"locked.fit": FIT, "ok.fit": FIT})
    data = bytearray(path.read_bytes())
    for mark, flags_at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + flags_at] |= 1
    path.write_bytes(data)
    archive = open_archive(path)
    with pytest.raises(UnreadableFile, match="password"):
        archive.read("locked.fit")
    assert archive.read("ok.fit") == FIT


def test_damaged_member_is_refused_and_the_rest_read(tmp_path):
    noise = os.urandom(4_000)
    path = make_zip(tmp_path / "a.zip", {"bad.fit": noise, "ok.fit": FIT})
    data = bytearray(path.read_bytes())
    data[200:400] = bytes(200)
    path.write_bytes(data)
    archive = open_archive(path)
    with pytest.raises(UnreadableFile, match="damaged"):
        archive.read("bad.fit")
    assert archive.read("ok.fit") == FIT


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_packings_are_refused_in_words(tmp_path, method):
    archive = open_archive(make_zip(tmp_path / "a.zip", {"a.fit": FIT}, method))
    with pytest.raises(UnreadableFile, match="packed in a way"):
        archive.read("a.fit")


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x03\x04 cut off"])
def test_what_is_no_zip_is_told_in_words(tmp_path, data):
    path = tmp_path / "export.zip"
    path.write_bytes(data)
    with pytest.raises(UnreadableFile, match=r"export\.zip could not be opened"):
        open_archive(path)


def test_cut_off_zip_is_told_in_words(tmp_path):
    path = make_zip(tmp_path / "export.zip", {"a.fit": os.urandom(5_000)})
    path.write_bytes(path.read_bytes()[:3_000])
    with pytest.raises(UnreadableFile):
        open_archive(path)


def test_missing_path_is_told_without_its_folders(tmp_path):
    with pytest.raises(UnreadableFile) as told:
        open_archive(tmp_path / "gone.zip")
    assert "gone.zip" in str(told.value)
    assert str(tmp_path) not in str(told.value)


def test_gzip_bomb_is_stopped_early(make):
    bomb = gzip.compress(bytes(150 << 20))
    archive = open_archive(make({"bomb.fit.gz": bomb, "ok.fit": FIT}))
    tracemalloc.start()
    with pytest.raises(UnsafeFile, match="200 times"):
        archive.read("bomb.fit.gz")
    assert tracemalloc.get_traced_memory()[1] < 80 << 20
    tracemalloc.stop()
    assert archive.read("ok.fit") == FIT


def test_zip_bomb_is_stopped_early(tmp_path):
    archive = open_archive(make_zip(tmp_path / "a.zip", {"bomb.gpx": bytes(100 << 20)}))
    with pytest.raises(UnsafeFile, match="200 times"):
        archive.read("bomb.gpx")


def test_size_is_counted_as_it_comes_out(make):
    text = os.urandom(1 << 12) * 64
    archive = open_archive(make({"a.fit.gz": gzip.compress(text), "b.csv": text}))
    for name in ("a.fit.gz", "b.csv"):
        with pytest.raises(UnsafeFile):
            archive.read(name, most=100_000)
        assert archive.read(name, most=len(text)) == text


def test_a_size_that_lies_is_not_believed(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"a.fit": os.urandom(50_000)})
    data = bytearray(path.read_bytes())
    for mark, size_at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(mark) + size_at, 10)
    path.write_bytes(data)
    with pytest.raises(SourceError):
        open_archive(path).read("a.fit")


def test_huge_members_are_refused_without_reading(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"a.fit": FIT})
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, (1 << 31) + 1)
    path.write_bytes(data)
    with pytest.raises(UnsafeFile, match="200 MB"):
        open_archive(path).read("a.fit")
    sparse = tmp_path / "folder" / "b.fit"
    sparse.parent.mkdir()
    with sparse.open("wb") as stream:
        stream.truncate(2 << 30)
    with pytest.raises(UnsafeFile, match="200 MB"):
        open_archive(sparse.parent).read("b.fit")


def test_doubled_name_gives_the_later_member_and_says_so(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "first")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.csv", "later")
    assert open_archive(path).read("a.csv") == b"later"
    assert "twice" in open_archive(path).skipped[0].reason


def test_a_single_file_is_an_archive_of_itself(tmp_path):
    path = tmp_path / "run.fit.gz"
    path.write_bytes(gzip.compress(FIT))
    archive = open_archive(path)
    assert archive.names() == ("run.fit.gz",)
    assert archive.read("run.fit.gz") == FIT


def test_nothing_is_extracted(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"a.fit": FIT})
    with open_archive(path) as archive:
        archive.read("a.fit")
    assert [p.name for p in tmp_path.iterdir()] == ["a.zip"]


def test_a_pickled_archive_opens_its_own_handle(make):
    archive = open_archive(make({"a.fit": FIT}))
    archive.read("a.fit")
    assert pickle.loads(pickle.dumps(archive)).read("a.fit") == FIT


def test_reads_again_after_being_closed(tmp_path):
    archive = open_archive(make_zip(tmp_path / "a.zip", {"a.fit": FIT}))
    archive.read("a.fit")
    archive.close()
    assert archive.read("a.fit") == FIT


def test_cut_off_gzip_is_refused_or_given_as_far_as_it_goes():
    data = os.urandom(100_000)
    packed = gzip.compress(data)[:60_000]
    with pytest.raises(UnreadableFile, match="cut off"):
        decompress(packed, "a.fit.gz")
    kept = decompress(packed, "a.fit.gz", cut_off=True)
    assert len(kept) > 50_000
    assert data.startswith(kept)


@pytest.mark.parametrize("data", [b"", b"rubbish", b"\x1f\x8b rubbish that is no gzip", gzip.compress(b"")])
def test_empty_and_broken_gzip_is_refused(data):
    with pytest.raises(UnreadableFile):
        decompress(data, "a.fit.gz")


def test_gzip_with_a_wrong_checksum_is_refused():
    packed = bytearray(gzip.compress(FIT * 100))
    packed[-6] ^= 0xFF
    with pytest.raises(UnreadableFile, match="damaged"):
        decompress(bytes(packed), "a.fit.gz")


def test_gzip_in_a_gzip_is_unpacked_once():
    inner = gzip.compress(FIT)
    assert decompress(gzip.compress(inner), "a.fit.gz") == inner


@given(st.lists(st.binary(min_size=1, max_size=200_000), min_size=1, max_size=3), st.integers(0, 1_000))
def test_gzip_members_in_a_row_with_padding_are_one_file(parts, padding):
    packed = b"".join(gzip.compress(part, 1) for part in parts) + bytes(padding)
    assert decompress(packed, "a.fit.gz") == b"".join(parts)


@given(st.binary(max_size=2_000))
def test_any_bytes_as_a_zip_give_content_or_a_sentence(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("any") / "a.zip"
    good = io.BytesIO()
    with zipfile.ZipFile(good, "w") as archive:
        archive.writestr("a.fit", FIT)
    whole = bytearray(good.getvalue())
    whole[: len(data) // 2] = data[: len(data) // 2]
    path.write_bytes(whole)
    assert all(isinstance(answer, bytes | SourceError) for answer in answers(path))


def answers(path: Path) -> list[bytes | SourceError]:
    try:
        archive = open_archive(path)
    except SourceError as told:
        return [told]
    found: list[bytes | SourceError] = []
    for name in archive.names():
        try:
            found.append(archive.read(name))
        except SourceError as told:
            found.append(told)
    return found


@pytest.mark.real_data
def test_real_zips_of_recordings_are_read(real_data):
    read = 0
    for path in real_data.glob("activities/**/*.zip"):
        archive = open_archive(path)
        for name in archive.names():
            if name.endswith((".gpx", ".fit", ".tcx", ".gz")):
                assert archive.read(name)
                read += 1
    assert read >= 8
