"""What is worked out of recordings is kept beside them, and goes with them."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from connectors.store import Store, open_store
from connectors.store.frame_cache import FrameCache
from connectors.store.own_files import foreign_files
from connectors.store.samples import CACHE_FOLDER, MOST_CACHED

ONE, TWO = "0123456789abcdef", "fedcba9876543210"
SAMPLES = pl.DataFrame({"second": [0, 1], "speed_mps": [3.0, 3.1]})
SUMS = pl.DataFrame({"activity_id": [ONE, TWO], "steps": [0.1 + 0.2, None], "level": [None, True]})


@pytest.fixture
def home(store: Store) -> Path:
    return store.home


@pytest.fixture
def athlete_id(store: Store) -> int:
    return store.runner(create=True).athlete_id


def key(number: int = 0) -> str:
    return f"{number:032x}"


@pytest.fixture
def kept(store: Store, athlete_id: int) -> FrameCache:
    one = FrameCache(store.samples, athlete_id)
    one.write("sums", key(), SUMS)
    return one


def there(store: Store, athlete_id: int) -> list[Path]:
    return sorted((store.samples.of_runner(athlete_id) / CACHE_FOLDER).glob("*"))


def test_a_frame_comes_back_as_it_was_under_its_own_name_and_key_alone(kept: FrameCache):
    back = kept.read("sums", key())
    assert back is not None
    assert_frame_equal(back, SUMS, check_exact=True)
    assert kept.read("facts", key()) is None
    assert kept.read("sums", key(1)) is None


def test_it_is_its_owners_alone_and_on_the_list_of_own_files(store: Store, athlete_id, home, kept):
    (path,) = there(store, athlete_id)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert foreign_files(home) == []


@pytest.mark.parametrize("at", range(0, 1_000, 97))
def test_a_bent_file_is_as_none(store: Store, athlete_id, kept: FrameCache, at):
    (path,) = there(store, athlete_id)
    content = bytearray(path.read_bytes())
    content[at % len(content)] ^= 1
    path.write_bytes(content)
    assert kept.read("sums", key()) is None
    path.write_bytes(content[: len(content) // 2])
    assert kept.read("sums", key()) is None


def test_the_oldest_of_a_kind_makes_room_and_no_other_kind_does(store: Store, athlete_id, kept: FrameCache):
    kept.write("facts", key(), SUMS)
    (path,) = [one for one in there(store, athlete_id) if one.name.startswith("sums")]
    os.utime(path, (1, 1))
    for number in range(1, MOST_CACHED + 1):
        kept.write("sums", key(number), SUMS)
    assert kept.read("sums", key()) is None
    assert all(kept.read("sums", key(number)) is not None for number in range(1, MOST_CACHED + 1))
    assert kept.read("facts", key()) is not None


def test_it_goes_with_any_recording_that_goes(store: Store, athlete_id, kept: FrameCache):
    store.samples.write(athlete_id, ONE, SAMPLES)
    store.samples.delete(athlete_id, [ONE])
    assert there(store, athlete_id) == []
    kept.write("sums", key(), SUMS)
    store.samples.write(athlete_id, ONE, SAMPLES)
    store.samples.move(athlete_id, None, store.samples.relative(store.samples.path(athlete_id, ONE)))
    assert there(store, athlete_id) == []


def test_it_goes_with_its_runner_and_nothing_is_kept_of_one_who_goes(store: Store, athlete_id, kept, home):
    folder = store.samples.of_runner(athlete_id)
    store.samples.close_runner(athlete_id)
    kept.write("sums", key(1), SUMS)
    assert kept.read("sums", key(1)) is None
    store.delete_runner(athlete_id)
    assert not folder.exists()
    kept.write("sums", key(2), SUMS)  # by a page that was still at it
    store.sweep()
    assert list(folder.rglob("*.cache")) == []


def test_where_nothing_can_be_written_nothing_is_kept_and_nobody_is_told(store: Store, athlete_id):
    in_the_way = store.samples.of_runner(athlete_id) / CACHE_FOLDER
    in_the_way.parent.mkdir(parents=True, exist_ok=True)
    in_the_way.touch()
    FrameCache(store.samples, athlete_id).write("sums", key(), SUMS)
    assert FrameCache(store.samples, athlete_id).read("sums", key()) is None


def test_a_store_that_is_thrown_away_keeps_nothing(tmp_path: Path):
    with open_store(tmp_path / "thrown") as store:
        number = store.runner(create=True).athlete_id
        store.samples.is_lasting = False
        FrameCache(store.samples, number).write("sums", key(), SUMS)
        assert there(store, number) == []


def test_a_recording_written_anew_has_another_state(store: Store, athlete_id):
    states = store.samples.states(athlete_id, [ONE, TWO, "../../etc/passwd"])
    assert len(states) == 3
    assert len(set(states)) == 1, "nothing is stored yet"
    store.samples.write(athlete_id, ONE, SAMPLES)
    first = store.samples.states(athlete_id, [ONE, TWO])
    assert first == store.samples.states(athlete_id, [ONE, TWO])
    assert first[0] != states[0]
    store.samples.write(athlete_id, ONE, SAMPLES)
    assert store.samples.states(athlete_id, [ONE])[0] != first[0]
