"""What is said first where runs that came by a link are the runner's alone."""

from __future__ import annotations

from connectors.plural import count
from connectors.store.left_out import LeftOutRuns

LEFT_OUT = "{missing} of {total} came by a link that only the runner may see; load below is too low by these."
WITHHELD = (
    "More than a fifth of the runs of the last 12 weeks are among them, so loads of days, ratios to what this runner "
    "is used to, and windows are withheld."
)
HAND_OVER = (
    "The runner can hand over an export: on Strava, Settings → My Account → Download or Delete Your Account → Request "
    "Your Archive; on Garmin, the account's Export Your Data. Runs from an export's files are the runner's to share, "
    "and come in on the Data page."
)


def left_out_in_words(left_out: LeftOutRuns) -> str | None:
    """Describe how much a record lacks for its reader; None where nothing is left out."""
    if not left_out.missing:
        return None
    first = LEFT_OUT.format(missing=left_out.missing, total=count(left_out.total, "run"))
    return f"{first} {WITHHELD}" if left_out.withholds_ratios else first
