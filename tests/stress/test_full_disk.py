"""Commands on a disk that fills up at a random byte: one sentence, and everything as before or as after."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from kill_rig import (
    FAULTS,
    Ended,
    bench_of,
    copy,
    export,
    on_small_disk,
    run_clean,
    state_of,
    unlike,
    with_small_files,
)

pytestmark = [pytest.mark.stress, pytest.mark.timeout(7200)]
MOST_FREE = 400_000
"""Bytes free at the start, at most: every command here needs less than that in all."""
SKEW = 3
"""Little room more often than much, since a single entry needs a few kilobytes."""
MOUNT, LIMIT = "small disk", "small files"
"""A disk of its own where one may be mounted; a limit on every file elsewhere, which also fails after the look for room
that a migration takes."""


def on_full_disk(how: str, chance: random.Random, folder: Path, home: Path, *command: object) -> Ended:
    """Run a command, whose last argument is its folder, with too little room or just enough."""
    if how == LIMIT:
        largest = max(path.stat().st_size for path in home.rglob("*") if path.is_file())
        return with_small_files(int((largest + MOST_FREE // 4) * chance.random() ** SKEW), *command)
    folder.mkdir()
    ended = on_small_disk(folder, home, int(MOST_FREE * chance.random() ** SKEW), *command[:-2])
    if ended is None:
        pytest.skip("no small disk can be made here")
    return ended


@pytest.mark.parametrize("how", [MOUNT, LIMIT])
@pytest.mark.parametrize("name", ["restore", "forget", "undo", "log", "migration"])
def test_a_full_disk_leaves_all_of_it_or_nothing(name, how, tmp_path, two_runners, packed):
    bench = bench_of(name, tmp_path, two_runners, packed, random.Random(f"{name} {how}"))
    done, _ = bench.clean()
    before, after = state_of(copy(bench.before, tmp_path / "untouched")), state_of(done)
    for number in range(FAULTS):
        home = copy(bench.before, tmp_path / f"home-{number}")
        ended = on_full_disk(how, bench.chance, tmp_path / f"try-{number}", home, *bench.command(home))
        assert ended.status in (0, 1), ended.err
        if name != "migration":  # `doctor` also tells of the little room, on standard output
            assert ended.err.count("\n") == ended.status, ended.err
        state = state_of(home)
        assert state in (before, after)
        assert ended.status == 1 or state == after
        bench.count(f"status {ended.status}")
    print(f"\n{name} on a full disk ({how}): {FAULTS} tried, {bench.ends}")


@pytest.mark.parametrize("how", [MOUNT, LIMIT])
def test_an_import_on_a_full_disk_leaves_whole_commits_and_goes_on(how, tmp_path, two_runners):
    file = export(tmp_path / "more.zip", 200, 20, "Ann's hill")
    command = ["import", file, "--athlete", "Ann", "--same-runner", "--home"]
    clean = copy(two_runners, tmp_path / "clean")
    assert run_clean(*command, clean).status == 0
    wanted, chance, refused = state_of(clean), random.Random(how), 0
    before = state_of(copy(two_runners, tmp_path / "untouched"))
    for number in range(FAULTS):
        home = copy(two_runners, tmp_path / f"home-{number}")
        ended = on_full_disk(how, chance, tmp_path / f"try-{number}", home, *command, home)
        assert ended.status in (0, 1), ended.err
        refused += ended.status
        assert unlike(state_of(home), before, wanted) == []
        assert run_clean(*command, home).status in (0, 1)
        assert state_of(home) == wanted
    print(f"\nimport on a full disk ({how}): {FAULTS} tried, {refused} refused, equal after the next import")
