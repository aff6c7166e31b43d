"""How the dumps of all runners are made: for whom they are closed, where they lie, how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

RECIPIENT = "dump_recipient"
KEEP_DAYS = "dump_keep_days"
FOLDER = "dump_folder"
LATEST = "dump_latest_utc"
EARLIER_DAYS, EARLIER_UNTIL = "dump_earlier_days", "dump_earlier_until_utc"
"""The number of days before it was raised, which goes on for the dumps from before."""
USUAL_DAYS, LEAST_DAYS, MOST_DAYS = 30, 7, 90
"""A week at least, so that some broken nights leave one; a quarter at most, since a forgotten runner is in them."""
TOO_OLD = timedelta(hours=50)
"""Two nights and two hours: one that was missed is caught up, two are a fault."""


@dataclass(frozen=True)
class DumpSettings:
    """Settings of the dumps; `recipient` None: there are none on this machine."""

    recipient: str | None
    keep_days: int
    folder: Path | None
    latest: datetime | None
    earlier_days: int | None = None
    earlier_until: datetime | None = None

    def days_of(self, made: datetime) -> int:
        """Return for how many days a dump of some time stays: a number that was raised holds for later ones alone."""
        if self.earlier_days is None or self.earlier_until is None or made >= self.earlier_until:
            return self.keep_days
        return min(self.earlier_days, self.keep_days)

    def gone_by(self, today: date) -> date:
        """Return the day by which a runner who is forgotten today is in no dump any more."""
        # The dump of tonight may have begun before, and the run of the last day deletes it.
        return today + timedelta(days=self.keep_days + 1)

    def is_overdue(self, now: datetime) -> bool:
        """Return whether dumps are set up and the latest is missing or too old."""
        return self.recipient is not None and (self.latest is None or now - self.latest > TOO_OLD)


def dump_settings(machine: Mapping[str, str]) -> DumpSettings:
    """Read the settings of the dumps among those of the machine."""
    folder, earlier = machine.get(FOLDER), machine.get(EARLIER_DAYS)
    return DumpSettings(
        machine.get(RECIPIENT),
        _days(machine.get(KEEP_DAYS, "")),
        Path(folder) if folder else None,
        _moment(machine.get(LATEST)),
        _days(earlier) if earlier else None,
        _moment(machine.get(EARLIER_UNTIL)),
    )


def _days(text: str) -> int:
    return min(MOST_DAYS, max(LEAST_DAYS, int(text))) if text.isdigit() else USUAL_DAYS


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None
