"""Jobs for the Task Scheduler of Windows: tasks of the user, which need no administrator."""

from __future__ import annotations

import getpass
import subprocess
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import platformdirs

from dashboard.commands.autostart import WRITTEN_BY, AutostartJob, Step

_TASK = """<?xml version="1.0" encoding="UTF-16"?>
<!-- {written_by} -->
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>{title}</Description></RegistrationInfo>
  <Triggers>{trigger}</Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>{user}</UserId><LogonType>InteractiveToken</LogonType><RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
  </Settings>
  <Actions Context="Author">
    <Exec><Command>{command}</Command><Arguments>{arguments}</Arguments></Exec>
  </Actions>
</Task>
"""
_AT_SIGN_IN = "<LogonTrigger><UserId>{user}</UserId></LogonTrigger>"
_DAILY = (
    "<CalendarTrigger><StartBoundary>2026-01-01T{at:%H:%M}:00</StartBoundary>"
    "<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay></CalendarTrigger>"
)


class TaskScheduler:
    """Tasks by name, each described by a file.

    References
    ----------
    Microsoft, [MS-TSCH] 2.5: https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-tsch/
    """

    title = "Task Scheduler"

    def files(self, job: AutostartJob) -> dict[Path, bytes]:
        """Return the description of a task."""
        user = escape(getpass.getuser())
        trigger = _AT_SIGN_IN.format(user=user) if job.at is None else _DAILY.format(at=job.at)
        text = _TASK.format(
            written_by=WRITTEN_BY,
            title=escape(job.title),
            trigger=trigger,
            user=user,
            command=escape(job.program[0]),
            arguments=escape(subprocess.list2cmdline(job.program[1:])),
        )
        return {_path(job): text.encode("utf-16")}

    def on(self, job: AutostartJob) -> Sequence[Step]:
        """Return what makes the task, in place of an earlier one, and runs what starts at sign-in."""
        made = Step(("schtasks", "/Create", "/TN", _name(job), "/XML", str(_path(job)), "/F"))
        return [made, *([Step(("schtasks", "/Run", "/TN", _name(job)))] if job.at is None else [])]

    def off(self, job: AutostartJob) -> Sequence[Step]:
        """Return what ends the task and deletes it."""
        return [
            Step(("schtasks", "/End", "/TN", _name(job)), may_fail=True),
            Step(("schtasks", "/Delete", "/TN", _name(job), "/F")),
        ]

    def after(self) -> Sequence[Step]:
        """Return nothing: the task went before its file."""
        return []


def _path(job: AutostartJob) -> Path:
    return Path(platformdirs.user_config_dir("heelwise", appauthor=False)) / f"{job.name}.task.xml"


def _name(job: AutostartJob) -> str:
    return job.name
