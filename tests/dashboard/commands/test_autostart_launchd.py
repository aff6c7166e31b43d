"""The property lists of a Mac, read back by `plistlib`. No Mac has run them."""

from __future__ import annotations

import plistlib
from datetime import time

from dashboard.commands.autostart import AutostartJob
from dashboard.commands.autostart_launchd import Launchd

PROGRAM = ("/opt/py & co/python", "-m", "dashboard.cli", "serve", "--home", "/Users/a/Läufer <1>")


def test_the_dashboard_runs_from_sign_in_on_and_again_after_a_failure(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    [(path, content)] = Launchd().files(AutostartJob("heelwise", "Heelwise", PROGRAM)).items()
    assert path == tmp_path / "Library" / "LaunchAgents" / "app.heelwise.heelwise.plist"
    agent = plistlib.loads(content)
    assert agent["ProgramArguments"] == list(PROGRAM)
    assert (agent["Label"], agent["RunAtLoad"]) == (path.stem, True)
    assert agent["KeepAlive"] == {"SuccessfulExit": False}


def test_the_reminder_runs_at_its_time_alone():
    (content,) = Launchd().files(AutostartJob("heelwise-remind", "Reminder", PROGRAM, time(7, 5))).values()
    agent = plistlib.loads(content)
    assert agent["StartCalendarInterval"] == {"Hour": 7, "Minute": 5}
    assert not {"RunAtLoad", "KeepAlive"} & agent.keys()
