"""Folders that vanish while a command runs, and folders that can only be read."""

from __future__ import annotations

import random

import pytest
from kill_rig import (
    FAULTS,
    bench_of,
    copy,
    export,
    on_read_only,
    run_clean,
    run_without_folder,
    state_of,
    unlike,
)

pytestmark = [pytest.mark.stress, pytest.mark.timeout(7200)]
CHANGES = ("restore", "forget", "undo", "log", "migration")


@pytest.mark.parametrize("name", CHANGES)
def test_a_folder_that_vanishes_leaves_all_of_it_or_nothing(name, tmp_path, two_runners, packed):
    bench = bench_of(name, tmp_path, two_runners, packed, random.Random(f"{name} {FAULTS}"))
    done, seconds = bench.clean()
    before, after = state_of(copy(bench.before, tmp_path / "untouched")), state_of(done)
    for number in range(FAULTS):
        home, gone = copy(bench.before, tmp_path / f"home-{number}"), tmp_path / f"gone-{number}"
        run_without_folder(bench.chance.uniform(0, seconds), gone, *bench.command(home))
        state = state_of(gone)
        assert state in (before, after)
        bench.count("after" if state == after else "before")
    print(f"\n{name} in a vanishing folder: {FAULTS} tried, {bench.ends}")


def test_an_import_whose_folder_vanishes_leaves_whole_commits_and_goes_on(tmp_path, two_runners):
    file = export(tmp_path / "more.zip", 200, 30, "Ann's hill")
    command = ["import", file, "--athlete", "Ann", "--same-runner", "--home"]
    clean = copy(two_runners, tmp_path / "clean")
    seconds = run_clean(*command, clean).seconds
    wanted, chance = state_of(clean), random.Random(FAULTS)
    before = state_of(copy(two_runners, tmp_path / "untouched"))
    for number in range(FAULTS):
        home, gone = copy(two_runners, tmp_path / f"home-{number}"), tmp_path / f"gone-{number}"
        run_without_folder(chance.uniform(0, seconds), gone, *command, home)
        assert unlike(state_of(gone), before, wanted) == []
        assert run_clean(*command, gone).status in (0, 1)
        assert state_of(gone) == wanted
    print(f"\nimport in a vanishing folder: {FAULTS} tried, equal after the next import")


@pytest.mark.parametrize("name", [*CHANGES, "import"])
def test_a_folder_that_can_only_be_read_is_refused_in_a_sentence(name, tmp_path, two_runners, packed):
    if name == "import":
        before = two_runners
        command = [
            "import",
            export(tmp_path / "more.zip", 200, 3, "Ann's hill"),
            "--athlete",
            "Ann",
            "--home",
        ]
    else:
        bench = bench_of(name, tmp_path, two_runners, packed, random.Random(name))
        before, command = bench.before, bench.command(tmp_path)[:-1]
    home = copy(before, tmp_path / "home")
    files = {path: path.stat().st_mtime_ns for path in home.rglob("*")}
    ended = on_read_only(tmp_path, home, *command, home)
    if ended is None:
        pytest.skip("no folder can be made read-only here")
    assert "Traceback" not in ended.out + ended.err
    assert ended.status == 1
    assert ended.err.count("\n") == 1, ended.err
    assert {path: path.stat().st_mtime_ns for path in home.rglob("*")} == files
    assert state_of(home) == state_of(copy(before, tmp_path / "untouched"))
