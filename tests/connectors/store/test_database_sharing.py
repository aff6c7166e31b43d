"""A long-lived program whose store is opened again, while others come and go: no word of any is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from connectors.store import open_store

ROOT = Path(__file__).resolve().parents[3]
ANOTHER = """
import sys
from pathlib import Path
from connectors.store import open_store
with open_store(Path(sys.argv[1])) as store:
    store.set_settings(1, {sys.argv[2]: "from another program"})
"""


def another_program(home: Path, name: str) -> None:
    command = [sys.executable, "-c", ANOTHER, str(home), name]
    subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)


@pytest.mark.sqlite_only("the log of the file, which another program's end could take away")
def test_a_store_opened_twice_in_one_program_keeps_seeing_and_being_seen(tmp_path):
    home = tmp_path / "home"
    server = open_store(home)
    server.add_runner("R")
    log = (home / "heelwise.db-wal").stat().st_ino
    for turn in ("one", "two", "three"):
        with open_store(home) as again:
            again.check()
        another_program(home, turn)
        assert (home / "heelwise.db-wal").stat().st_ino == log, "the log of a program at work was taken away"
        assert turn in server.settings(1)
        server.set_settings(1, {f"{turn}_server": "here"})
        with open_store(home) as again:
            assert f"{turn}_server" in again.settings(1)
    server.close()
    with open_store(home) as later:
        assert set(later.settings(1)) == {"one", "two", "three", "one_server", "two_server", "three_server"}
