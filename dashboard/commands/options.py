"""What several subcommands take: folder, runner, formats, dates."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer


class FormatOption(StrEnum):
    """What a report can be written as."""

    json = "json"
    text = "text"
    html = "html"
    pdf = "pdf"


class PaperOption(StrEnum):
    """What a PDF is set for."""

    a4 = "a4"
    letter = "letter"


class EngineOption(StrEnum):
    """What runs a cohort's athletes."""

    local = "local"
    ray = "ray"


class DescriptionOption(StrEnum):
    """What a description of a cohort can be written as."""

    text = "text"
    json = "json"


class KeyedSource(StrEnum):
    """Services linked by the runner's own key."""

    garmin = "garmin"
    intervals = "intervals"


class LinkedSource(StrEnum):
    """Services that a sync asks."""

    strava = "strava"
    garmin = "garmin"
    intervals = "intervals"


class KeepOption(StrEnum):
    """How long what came through the Strava link stays."""

    while_linked = "while_linked"
    week = "week"


class AutostartSystem(StrEnum):
    """What starts programs on a machine."""

    systemd = "systemd"
    launchd = "launchd"
    windows = "windows"


class Weights(StrEnum):
    """Units of weights in a lifting log."""

    kg = "kg"
    lb = "lb"


class AuditFormat(StrEnum):
    """What the access log can be written as."""

    csv = "csv"
    json = "json"


HomeOption = Annotated[
    Path | None,
    typer.Option(help="Folder that holds everything; default HEELWISE_HOME, else your user data folder."),
]
AthleteOption = Annotated[
    str | None, typer.Option(help="Name of the runner; default the only or the first one.")
]
WithoutLink = Annotated[
    bool,
    typer.Option(
        "--without-strava-link",
        help="Leave out what came through Strava's API; done anyway where this machine is not linked.",
    ),
]
ImportPaths = Annotated[
    list[Path],
    typer.Argument(
        metavar="PATH...",
        help="Strava export (ZIP or unpacked folder), takeout ZIP of Garmin, Polar, Suunto and others, FIT, GPX, "
        "TCX (also .gz), a diary (CSV, .xlsx), a log of Hevy, Strong or FitNotes; any mix.",
    ),
]
WeightUnit = Annotated[
    Weights | None,
    typer.Option(help="Unit of the weights in a lifting log that does not say; remembered for the runner."),
]
ExerciseAnswers = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=EXERCISE",
        help="What an exercise of a lifting log is here, such as 'Toe press=Leg-press calf raise'; remembered.",
    ),
]

UploadsOption = Annotated[
    Path | None, typer.Option(hidden=True, help="Folder of uploaded copies, deleted at the end.")
]
RunnerNumber = Annotated[
    int | None, typer.Option(hidden=True, help="Number of the runner; none is made where it is not there.")
]
IssuerArgument = Annotated[
    str, typer.Argument(metavar="ISS", help="The provider, as HEELWISE_SIGN_IN_ISSUER.")
]
SubjectArgument = Annotated[
    str, typer.Argument(metavar="SUB", help="The provider's own identifier of a person.")
]
PersonNumber = Annotated[
    int | None,
    typer.Option(hidden=True, help="Number of the person who began it; what they may do is asked."),
]


def parse_day(text: str) -> date:
    """Read a date of the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"'{text}' is not a date like 2026-03-31.") from error


def parse_time(text: str) -> time:
    """Read a time of day of the command line."""
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError as error:
        raise typer.BadParameter(f"'{text}' is not a time like 07:30.") from error


SystemOption = Annotated[
    AutostartSystem | None,
    typer.Option(hidden=True, help="What starts programs; default that of this machine."),
]
KeyOnStdin = Annotated[
    bool, typer.Option("--key-stdin", help="Read the key from standard input and ask nothing.")
]
KeyDays = Annotated[
    int | None,
    typer.Option(min=1, max=366, help="For how many days the key was made; warned a week before its end."),
]
KeyOfRunner = Annotated[
    bool, typer.Option("--same-runner", help="Link a key that was held: the account is this runner's.")
]


def parse_logged_day(text: str) -> date:
    """Read a date on which something happened: from 1970 to tomorrow."""
    # Polars comes with it, which usage and --help do without.
    contract = import_module("connectors.contract")
    day = parse_day(text)
    first, last = contract.date_limits(contract.DateKind.HAPPENED)
    if not first <= day <= last:
        raise typer.BadParameter(f"{day} lies outside {first} to {last}.")
    return day


CohortFolder = Annotated[Path, typer.Argument(metavar="DEST", help="Folder that `cohort run` wrote.")]
