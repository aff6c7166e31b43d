"""Jobs for launchd on a Mac: agents of the user, which need no administrator."""

from __future__ import annotations

import os
import plistlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dashboard.commands.autostart import WRITTEN_BY, AutostartJob, Step

DOMAIN = "app.heelwise"


class Launchd:
    """Property lists in the user's LaunchAgents.

    References
    ----------
    Apple's manual page launchd.plist(5).
    """

    title = "launchd"

    def files(self, job: AutostartJob) -> dict[Path, bytes]:
        """Return the property list of a job."""
        content: dict[str, Any] = {
            "Label": _label(job),
            "ProgramArguments": list(job.program),
            "ProcessType": "Background",
            "Umask": 0o077,
        }
        if job.at is None:
            content |= {"RunAtLoad": True, "KeepAlive": {"SuccessfulExit": False}}
        else:
            content["StartCalendarInterval"] = {"Hour": job.at.hour, "Minute": job.at.minute}
        text = plistlib.dumps(content).replace(b"<plist ", f"<!-- {WRITTEN_BY} -->\n<plist ".encode(), 1)
        return {_path(job): text}

    def on(self, job: AutostartJob) -> Sequence[Step]:
        """Return what loads the job, anew where it is loaded already."""
        return [
            *self.off(job),
            Step(("launchctl", "enable", f"{_session()}/{_label(job)}")),
            Step(("launchctl", "bootstrap", _session(), str(_path(job)))),
        ]

    def off(self, job: AutostartJob) -> Sequence[Step]:
        """Return what ends the job; one that is not loaded is ended already."""
        return [Step(("launchctl", "bootout", f"{_session()}/{_label(job)}"), may_fail=True)]

    def after(self) -> Sequence[Step]:
        """Return nothing: launchd forgets a job when it is booted out."""
        return []


def _path(job: AutostartJob) -> Path:
    return Path.home() / "Library" / "LaunchAgents" / f"{_label(job)}.plist"


def _label(job: AutostartJob) -> str:
    return f"{DOMAIN}.{job.name}"


def _session() -> str:
    return f"gui/{os.getuid()}"
