"""Two runners whose records are cut off in every way."""

from __future__ import annotations

from pathlib import Path

import pytest
from kill_rig import copy, export, run_clean

from connectors.backup import backup
from connectors.store import open_store


@pytest.fixture(scope="session")
def two_runners(tmp_path_factory) -> Path:
    """Ann with two imports, Bob with one."""
    folder = tmp_path_factory.mktemp("made")
    home = folder / "home"
    for name, first, sessions in (("Ann", 1, 8), ("Bob", 100, 4), ("Ann", 5, 12)):
        file = export(folder / f"{name}_{first}.zip", first, sessions, f"{name}'s lane {first}")
        assert run_clean("import", file, "--athlete", name, "--same-runner", "--home", home).status == 0
    return home


@pytest.fixture(scope="session")
def packed(two_runners, tmp_path_factory) -> Path:
    """A backup of Ann alone, and a folder with Bob alone beside it."""
    folder = tmp_path_factory.mktemp("packed")
    with open_store(two_runners) as store:
        backup(store, folder / "ann.zip", [store.runner("Ann")])
    copy(two_runners, folder / "home")
    with open_store(folder / "home") as store:
        store.delete_runner(store.runner("Ann").athlete_id)
    return folder
