"""The units of systemd, held against its own check. No systemd has run them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import HeelwiseError
from dashboard.commands.autostart import AutostartJob
from dashboard.commands.autostart_systemd import Systemd, quote

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here"
)
PROGRAM = (sys.executable, "-m", "dashboard.cli", "serve", "--home", "/home/ä b/100 % $HOME \\ \"x\" 'y'")


def check(
    folder: Path, *jobs: AutostartJob, right: str = "", wrong: str = ""
) -> subprocess.CompletedProcess[str]:
    """Write the units, with a mistake if asked, and ask systemd whether it would take them."""
    written = []
    for job in jobs:
        for path, content in Systemd().files(job).items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content.decode().replace(right, wrong) if right else content.decode())
            written.append(str(path))
    command = ["systemd-analyze", "verify", "--user", "--man=no", *written]
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(folder)}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


@needs_systemd
def test_systemd_takes_the_units(folder):
    done = check(
        folder,
        AutostartJob("heelwise", "Heelwise dashboard", PROGRAM),
        AutostartJob("heelwise-remind", "Heelwise reminder", PROGRAM, time(7, 5)),
    )
    assert (done.returncode, [line for line in done.stderr.splitlines() if "heelwise" in line]) == (0, [])


@needs_systemd
@pytest.mark.parametrize(("right", "wrong"), [("ExecStart", "ExecStrat"), ("07:05", "27:05")])
def test_the_check_finds_a_mistake(folder, right, wrong):
    done = check(
        folder, AutostartJob("heelwise-remind", "Reminder", PROGRAM, time(7, 5)), right=right, wrong=wrong
    )
    assert "heelwise-remind" in done.stderr


def unquoted(text: str) -> str:
    """Read one quoted word as systemd does: its escapes in quotes, then its specifiers and variables."""
    assert text[0] == text[-1] == '"'
    signs, out = iter(text[1:-1]), ""
    for sign in signs:
        out += next(signs) if sign == "\\" else sign
        if sign in "%$":
            assert next(signs) == sign, "a specifier or a variable"
        assert sign != '"', "the end of the word"
    return out


@given(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"])))
def test_a_word_comes_out_as_it_went_in(word):
    assert unquoted(quote(word)) == word


@pytest.mark.parametrize("word", ["a\nExecStartPost=/bin/true", "a\rb", "a\0b"])
def test_a_path_with_a_line_end_is_refused(word):
    with pytest.raises(HeelwiseError, match="control character"):
        quote(word)
