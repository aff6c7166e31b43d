"""What `heelwise log` takes, and whether it fits together."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer


class Side(StrEnum):
    """Which heel."""

    left = "left"
    right = "right"
    both = "both"


class Site(StrEnum):
    """Where on the tendon."""

    midportion = "midportion"
    insertion = "insertion"
    other = "other"


class Band(StrEnum):
    """How many minutes the morning stiffness took to ease, as the Log page asks it."""

    none = "0"
    short = "<5"
    some = "5-15"
    long = "15-30"
    longest = ">30"


def _scale(help: str) -> Any:
    return typer.Option(min=0, max=10, help=help)


Stiffness = Annotated[float | None, _scale("0 to 10; leave out what you do not know.")]
Minutes = Annotated[
    float | None, typer.Option(min=0, max=1440, help="Minutes until the morning stiffness eased.")
]
InBand = Annotated[
    Band | None, typer.Option(help="The same as one of five bands of minutes; quote those with < or >.")
]
Pain = Annotated[float | None, _scale("Morning pain, 0 to 10.")]
PainStart = Annotated[float | None, _scale("Pain in the first minutes of the run, 0 to 10.")]
WarmedUp = Annotated[
    bool | None, typer.Option("--warmed-up/--not-warmed-up", help="Whether that pain eased as you ran.")
]
PainDuring = Annotated[float | None, _scale("Pain while running, 0 to 10.")]
PainAfter = Annotated[float | None, _scale("Pain after running, 0 to 10.")]
WhichSide = Annotated[Side | None, typer.Option(help="Which heel.")]
Where = Annotated[Site | None, typer.Option(help="Where on the tendon.")]
Note = Annotated[str | None, typer.Option(help="Your own words.")]
Nothing = Annotated[bool, typer.Option("--none", help="No stiffness and no pain today: stores zeros.")]
Same = Annotated[
    bool, typer.Option("--same-as-before", help="This morning was as the one before: takes it over.")
]


def told(answers: dict[str, Any], none: bool, same: bool) -> dict[str, Any] | None:
    """Give what is to be stored.

    Parameters
    ----------
    answers : dict
        Fields of `entries.Entry` but the date; None was left out.
    none, same : bool
        Whether `--none` or `--same-as-before` was given.

    Returns
    -------
    dict or None
        The fields; None takes the morning before over.

    Raises
    ------
    typer.BadParameter
        When nothing was said, or what was said does not go together.

    Source
    ------
    ours.
    """
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
