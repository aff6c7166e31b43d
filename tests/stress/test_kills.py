"""Kill -9 at random moments: after the next start everything is as before or as after, and nothing is half made.

`pytest -m stress` kills each command 200 times; with `HEELWISE_KILLS=20` 20 times, import and watch a quarter of that.
"""

from __future__ import annotations

import random
import time
from datetime import timedelta

import pytest
from fit_writer import fit_run
from kill_rig import KILLS, START, Bench, bench_of, copy, export, run_clean, run_killed, start, state_of

pytestmark = [pytest.mark.stress, pytest.mark.timeout(7200)]

FEWER = max(1, KILLS // 4)


@pytest.mark.parametrize("name", ["restore", "forget", "undo", "log", "migration"])
def test_a_kill_leaves_all_of_it_or_nothing(name, tmp_path, two_runners, packed):
    bench = bench_of(name, tmp_path, two_runners, packed, random.Random(f"{name} {KILLS}"))
    done, seconds = bench.clean()
    before, after = state_of(copy(bench.before, tmp_path / "untouched")), state_of(done)
    assert (before == after) == (name == "migration")
    for number in range(KILLS):
        state = state_of(bench.kill(number, seconds))
        assert state in (before, after)
        bench.count("after" if state == after else "before")
    bench.tell(name, KILLS)


def test_a_killed_import_leaves_whole_commits_and_goes_on(tmp_path, two_runners):
    file = export(tmp_path / "more.zip", 200, 30, "Ann's hill")
    command = ["import", file, "--athlete", "Ann", "--same-runner", "--home"]
    bench = Bench(tmp_path, two_runners, lambda home: [*command, home], random.Random(KILLS))
    clean, seconds = bench.clean()
    wanted = state_of(clean)
    for number in range(FEWER):
        home = bench.kill(number, seconds)
        state_of(home)
        assert run_clean(*bench.command(home)).status in (0, 1)
        assert state_of(home) == wanted
        bench.count("equal after the next import")
    bench.tell("import", FEWER)


def test_a_killed_watch_leaves_whole_commits_and_goes_on(tmp_path, two_runners):
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(6):
        day = START + timedelta(days=300 + number)
        (folder / f"{number}.fit").write_bytes(fit_run(start=day, seconds=300))
    clean = copy(two_runners, tmp_path / "clean")
    assert run_clean("import", folder, "--athlete", "Ann", "--home", clean).status == 0
    wanted, chance = state_of(clean), random.Random(KILLS)
    for number in range(FEWER):
        home = copy(two_runners, tmp_path / f"home-{number}")
        run_killed(chance.uniform(2.0, 4.5), "watch", folder, "--athlete", "Ann", "--home", home)
        state_of(home)
        assert run_clean("import", folder, "--athlete", "Ann", "--home", home).status in (0, 1)
        assert state_of(home) == wanted


def test_a_folder_that_vanishes_ends_in_a_sentence(tmp_path, two_runners):
    file = export(tmp_path / "more.zip", 200, 30, "Ann's hill")
    command = ["import", file, "--athlete", "Ann", "--same-runner", "--home"]
    chance = random.Random(KILLS)
    for number in range(max(1, KILLS // 7)):
        home = copy(two_runners, tmp_path / f"home-{number}")
        process = start(*command, home)
        time.sleep(chance.uniform(0, 0.8))
        home.rename(tmp_path / f"gone-{number}")
        out, err = process.communicate(timeout=120)
        assert "Traceback" not in out + err, err
        assert err.count("\n") <= 1
