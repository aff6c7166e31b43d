"""Long commands on a terminal: each names its stage and count there, and Ctrl-C stops it."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


class Typed:
    """A command with a terminal of its own for standard error."""

    def __init__(self, home: Path, *command: object) -> None:
        self._screen, other = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dashboard.cli", *map(str, command), "--home", str(home)],
            cwd=ROOT,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "200"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=other,
        )
        os.close(other)

    def shown(self, until: str | None = None) -> str:
        """Return what stood on the terminal: to the end, or to the first time that a word stands there."""
        shown = ""
        with suppress(OSError):  # the last one who wrote has closed it
            while until is None or until not in shown:
                shown += os.read(self._screen, 4096).decode(errors="replace")
        return shown

    def end(self) -> int:
        os.close(self._screen)
        return self.process.wait(60)


@pytest.mark.parametrize(
    ("command", "stage"),
    [
        (("doctor",), "checking tables"),
        (("report", "-o", "{folder}/report.txt"), "writing the report"),
        (("backup", "{folder}/b.zip"), "checking tables"),
        (("restore", "{folder}/made.zip"), "checking the file"),
    ],
)
def test_each_long_command_names_its_stage(command, stage, store, home, tmp_path, run):
    assert run("backup", tmp_path / "made.zip")[0] == 0
    typed = Typed(home, *(part.format(folder=tmp_path) for part in command))
    shown = typed.shown()
    assert typed.end() == 0
    assert stage in shown


def test_a_command_that_is_stopped_says_so_and_leaves_nothing(store, home, tmp_path):
    typed = Typed(home, "backup", tmp_path / "b.zip")
    typed.shown(until="reading")
    typed.process.send_signal(signal.SIGINT)
    shown = typed.shown()
    status = typed.end()
    if status == 0:  # it had ended by then
        assert (tmp_path / "b.zip").exists()
        return
    assert status == 130
    assert "Stopped." in shown
    assert "Traceback" not in shown
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix in (".zip", ".part")) == []
