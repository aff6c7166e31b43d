"""What `heelwise log` takes, and whether it fits together."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer


class SideOption(StrEnum):
    """Which heel."""

    left = "left"
    right = "right"
    both = "both"


class SiteOption(StrEnum):
    """Where on the tendon."""

    midportion = "midportion"
    insertion = "insertion"
    other = "other"


class BandOption(StrEnum):
    """How many minutes the morning stiffness took to ease, as the Log page asks it."""

    none = "0"
    short = "<5"
    some = "5-15"
    long = "15-30"
    longest = ">30"


def _scale(help: str) -> Any:
    return typer.Option(min=0, max=10, help=help)


StiffnessOption = Annotated[float | None, _scale("0 to 10; leave out what you do not know.")]
MinutesOption = Annotated[
    float | None, typer.Option(min=0, max=1440, help="Minutes until the morning stiffness eased.")
]
InBandOption = Annotated[
    BandOption | None, typer.Option(help="The same as one of five bands of minutes; quote those with < or >.")
]
PainOption = Annotated[float | None, _scale("Morning pain, 0 to 10.")]
PainStartOption = Annotated[float | None, _scale("Pain in the first minutes of the run, 0 to 10.")]
WarmedUpOption = Annotated[
    bool | None, typer.Option("--warmed-up/--not-warmed-up", help="Whether that pain eased as you ran.")
]
PainDuringOption = Annotated[float | None, _scale("Pain while running, 0 to 10.")]
PainAfterOption = Annotated[float | None, _scale("Pain after running, 0 to 10.")]
WhichSideOption = Annotated[SideOption | None, typer.Option(help="Which heel.")]
WhereOption = Annotated[SiteOption | None, typer.Option(help="Where on the tendon.")]
NoteOption = Annotated[str | None, typer.Option(help="Your own words.")]
NothingOption = Annotated[bool, typer.Option("--none", help="No stiffness and no pain today: stores zeros.")]
SameOption = Annotated[
    bool, typer.Option("--same-as-before", help="This morning was as the one before: takes it over.")
]


def entry_from_options(answers: dict[str, Any], none: bool, same: bool) -> dict[str, Any] | None:
    """Return what is to be stored."""
    beside = ("side", "site", "note")
    given = any(value is not None for name, value in answers.items() if name not in beside)
    if none and (given or same):
        raise typer.BadParameter("--none means no stiffness and no pain; leave the scores out.")
    if same:
        if any(value is not None for value in answers.values()):
            raise typer.BadParameter("--same-as-before takes the morning before over; leave the rest out.")
        return None
    if not (none or given or answers["note"]):
        raise typer.BadParameter("Give at least one score, a note, --none or --same-as-before.")
    if not none:
        return answers
    zeros = {name: 0.0 for name in answers if name.endswith(("_0_10", "_min"))}
    return {**answers, **zeros, "morning_stiffness_band": "0"}
