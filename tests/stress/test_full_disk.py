"""Commands on a disk that fills up at a random byte: one sentence, and everything as before or as after."""

from __future__ import annotations

import os
import random

import pytest
from kill_rig import bench_of, copy, export, on_small_disk, run_clean, state_of

pytestmark = [pytest.mark.stress, pytest.mark.timeout(7200)]
TRIES = max(3, int(os.environ.get("HEELWISE_KILLS", "200")) // 7)
MOST_FREE = 400_000
"""Bytes free at the start, at most: every command here needs less than that in all."""


@pytest.mark.parametrize("name", ["restore", "forget", "undo", "log", "migration"])
def test_a_full_disk_leaves_all_of_it_or_nothing(name, tmp_path, two_runners, packed):
    bench = bench_of(name, tmp_path, two_runners, packed, random.Random(name))
    done, _ = bench.clean()
    before, after = state_of(copy(bench.before, tmp_path / "untouched")), state_of(done)
    for number in range(TRIES):
        home = copy(bench.before, tmp_path / f"home-{number}")
        folder = tmp_path / f"try-{number}"
        folder.mkdir()
        command = bench.command(home)[:-2]  # the folder of a try is another
        ended = on_small_disk(folder, home, bench.chance.randrange(0, MOST_FREE), *command)
        if ended is None:
            pytest.skip("no small disk can be made here")
        assert ended.status in (0, 1), ended.err
        assert ended.err.count("\n") == ended.status, ended.err
        state = state_of(home)
        assert state in (before, after)
        assert ended.status == 1 or state == after
        bench.count(f"status {ended.status}")
    print(f"\n{name} on a full disk: {TRIES} tried, {bench.ends}")


def test_an_import_on_a_full_disk_leaves_whole_commits_and_goes_on(tmp_path, two_runners):
    file = export(tmp_path / "more.zip", 200, 20, "Ann's hill")
    command = ["import", file, "--athlete", "Ann", "--same-runner"]
    clean = copy(two_runners, tmp_path / "clean")
    assert run_clean(*command, "--home", clean).status == 0
    wanted, chance = state_of(clean), random.Random(7)
    for number in range(TRIES):
        home = copy(two_runners, tmp_path / f"home-{number}")
        folder = tmp_path / f"try-{number}"
        folder.mkdir()
        ended = on_small_disk(folder, home, chance.randrange(0, MOST_FREE), *command)
        if ended is None:
            pytest.skip("no small disk can be made here")
        assert ended.status in (0, 1), ended.err
        state_of(home)
        assert run_clean(*command, "--home", home).status in (0, 1)
        assert state_of(home) == wanted
