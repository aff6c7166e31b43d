"""Jobs for systemd: units of the user, which need no administrator."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from connectors.errors import HeelwiseError
from dashboard.commands.autostart import WRITTEN_BY, AutostartJob, Step

_SERVICE = """# {written_by}
[Unit]
Description={title}

[Service]
Type={kind}
ExecStart={program}
UMask=0077
NoNewPrivileges=yes
"""
_KEPT_RUNNING = """Restart=on-failure
RestartSec=5

[Install]
WantedBy=default.target
"""
_TIMER = """# {written_by}
[Unit]
Description={title}

[Timer]
OnCalendar=*-*-* {at:%H:%M}:00
Persistent=true

[Install]
WantedBy=timers.target
"""


class Systemd:
    """Units below the user's own folder of configuration.

    References
    ----------
    https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html
    """

    title = "systemd"

    def __init__(self) -> None:
        own = os.environ.get("XDG_CONFIG_HOME", "").strip()
        self._folder = (Path(own) if own else Path.home() / ".config") / "systemd" / "user"

    def files(self, job: AutostartJob) -> dict[Path, bytes]:
        """Return the unit, and its timer where it runs at a time of day."""
        text = _SERVICE.format(
            written_by=WRITTEN_BY,
            title=job.title,
            kind="exec" if job.at is None else "oneshot",
            program=" ".join(map(quote, job.program)),
        )
        files = {self._folder / f"{job.name}.service": (text + _KEPT_RUNNING * (job.at is None)).encode()}
        if job.at is not None:
            timer = _TIMER.format(written_by=WRITTEN_BY, title=job.title, at=job.at)
            files[self._folder / f"{job.name}.timer"] = timer.encode()
        return files

    def on(self, job: AutostartJob) -> Sequence[Step]:
        """Return what reads the files anew and starts the job, anew where it runs already."""
        return [
            Step(("systemctl", "--user", "daemon-reload")),
            Step(("systemctl", "--user", "enable", _unit(job))),
            Step(("systemctl", "--user", "restart", _unit(job))),
        ]

    def off(self, job: AutostartJob) -> Sequence[Step]:
        """Return what ends the job."""
        return [Step(("systemctl", "--user", "disable", "--now", _unit(job)))]

    def after(self) -> Sequence[Step]:
        """Return what makes systemd forget files that went."""
        return [Step(("systemctl", "--user", "daemon-reload"))]


def _unit(job: AutostartJob) -> str:
    return f"{job.name}.service" if job.at is None else f"{job.name}.timer"


def quote(word: str) -> str:
    """Quote one word of a command line of systemd, which reads %, $ and backslashes inside quotes as well.

    References
    ----------
    https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html, "Command lines".
    """
    if any(ord(sign) < 32 for sign in word):
        raise HeelwiseError(
            "A path with a line end or another control character in its name cannot be written into a unit of "
            "systemd. Nothing was installed."
        )
    for sign, written in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("$", "$$")):
        word = word.replace(sign, written)
    return f'"{word}"'
