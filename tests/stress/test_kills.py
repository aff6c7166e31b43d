"""Kill -9 at random moments: after the next start everything is as before or as after, and nothing is half made.

`pytest -m stress` kills each command 200 times; with `HEELWISE_KILLS=12` 12 times, import, watch and a page a quarter
of that.
"""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest
from fit_writer import fit_run
from kill_rig import (
    KILLS,
    KILLS_OF_LONG_ONES,
    START,
    Bench,
    bench_of,
    copy,
    export,
    rows_of,
    run_clean,
    run_killed,
    state_of,
    store_number,
    unlike,
)

from connectors.store.migrations import STEPS

pytestmark = [pytest.mark.stress, pytest.mark.timeout(7200)]


@pytest.mark.parametrize("name", ["restore", "forget", "undo", "log", "migration", "page", "phone"])
def test_a_kill_leaves_all_of_it_or_nothing(name, tmp_path, two_runners, packed):
    bench = bench_of(name, tmp_path, two_runners, packed, random.Random(f"{name} {KILLS}"))
    done, seconds = bench.clean()
    before, after = state_of(copy(bench.before, tmp_path / "untouched")), state_of(done)
    assert (rows_of(before) == rows_of(after)) == (name == "migration")
    tries = KILLS_OF_LONG_ONES if name == "page" else KILLS
    for number in range(tries):
        home = bench.kill(number, seconds)
        if name == "migration":  # opening migrates, so what the kill left is looked at before
            assert store_number(home) in (1, len(STEPS))
        state = state_of(home)
        assert rows_of(state) in (rows_of(before), rows_of(after))
        assert state in (before, after)
        bench.count("after" if state == after else "before")
        if name == "phone":  # it delivers until it is answered
            assert run_clean(*bench.command(home)).status == 0
            assert state_of(home) == after
    bench.tell(name, tries)


def test_a_killed_import_leaves_whole_commits_and_goes_on(tmp_path, two_runners):
    file = export(tmp_path / "more.zip", 200, 30, "Ann's hill")
    command = ["import", file, "--athlete", "Ann", "--same-runner", "--home"]
    bench = Bench(tmp_path, two_runners, lambda home: [*command, home], random.Random(KILLS))
    clean, seconds = bench.clean()
    wanted = state_of(clean)
    before = state_of(copy(two_runners, tmp_path / "untouched"))
    for number in range(KILLS_OF_LONG_ONES):
        home = bench.kill(number, seconds)
        assert unlike(state_of(home), before, wanted) == []
        assert run_clean(*bench.command(home)).status in (0, 1)
        assert state_of(home) == wanted
        bench.count("equal after the next import")
    bench.tell("import", KILLS_OF_LONG_ONES)


@pytest.fixture
def watched(tmp_path) -> Path:
    """A folder with six recordings."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(6):
        day = START + timedelta(days=300 + number)
        (folder / f"{number}.fit").write_bytes(fit_run(start=day, seconds=300))
    return folder


def test_a_killed_watch_leaves_whole_commits_and_goes_on(tmp_path, two_runners, watched):
    clean = copy(two_runners, tmp_path / "clean")
    assert run_clean("import", watched, "--athlete", "Ann", "--home", clean).status == 0
    wanted, chance = state_of(clean), random.Random(KILLS)
    before = state_of(copy(two_runners, tmp_path / "untouched"))
    killed = 0
    for number in range(KILLS_OF_LONG_ONES):
        home = copy(two_runners, tmp_path / f"home-{number}")
        killed += run_killed(chance.uniform(2.0, 4.5), "watch", watched, "--athlete", "Ann", "--home", home)
        assert unlike(state_of(home), before, wanted) == []
        assert run_clean("import", watched, "--athlete", "Ann", "--home", home).status in (0, 1)
        assert state_of(home) == wanted
    print(f"\nwatch: {KILLS_OF_LONG_ONES} tried, {killed} killed, equal after the next import")
    assert killed == KILLS_OF_LONG_ONES, "a watch ends only when it is stopped"
