"""A command is built alone, plain answers are taken as they are, and what is wrong keeps Typer's words."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from dashboard.cli import app as heelwise
from dashboard.commands.command_line import CommandLine


class Paper(StrEnum):
    """Sheets."""

    a4 = "a4"
    letter = "letter"


def parse_even(text: str) -> int:
    if int(text) % 2:
        raise typer.BadParameter(f"{text} is odd.")
    return int(text)


def made(kind: type[typer.Typer]) -> typer.Typer:
    """Return the same two commands, as Typer has them or as Heelwise does."""
    line = kind(add_completion=False, rich_markup_mode=None)

    @line.command()
    def show(
        folder: Path,
        rest: Annotated[list[Path] | None, typer.Argument()] = None,
        name: str | None = None,
        paper: Paper = Paper.a4,
        days: Annotated[int | None, typer.Option(min=1, max=9)] = None,
        even: Annotated[int | None, typer.Option(parser=parse_even)] = None,
        is_long: Annotated[bool, typer.Option("--long")] = False,
        also: Annotated[list[str] | None, typer.Option()] = None,
    ) -> None:
        typer.echo(repr((folder, rest, name, paper, days, even, is_long, also)))

    @line.command()
    def other() -> None:
        typer.echo("other")

    return line


@pytest.mark.parametrize(
    "given",
    [
        ["here"],
        [],
        ["here", "--name", "Émile", "--paper", "letter", "--long"],
        ["here", "a", "b", "--also", "x", "--also", "y"],
        ["here", "--days", "3", "--even", "4"],
        ["here", "--days", "0"],
        ["here", "--days", "many"],
        ["here", "--even", "3"],
        ["here", "--even", "x"],
        ["here", "--paper", "a5"],
        ["here", "--paper", "A4"],
        ["here", "--name"],
        ["-", "--name", ""],
        ["here", "--unknown"],
    ],
)
def test_every_answer_is_what_typer_makes_of_it(given):
    plain, own = (CliRunner().invoke(made(kind), ["show", *given]) for kind in (typer.Typer, CommandLine))
    assert (own.exit_code, own.output) == (plain.exit_code, plain.output)


@pytest.mark.parametrize("given", [["report", "--format", "json"], ["store", "copy"]])
def test_the_command_that_is_named_is_built_alone(given):
    built = get_command(heelwise.asked_for(given))
    assert isinstance(built, TyperGroup)
    assert list(built.commands) == given[:1]


@pytest.mark.parametrize("given", [[], ["--help"], ["repot"], ["--version"]])
def test_whoever_names_none_is_shown_all(given):
    assert heelwise.asked_for(given) is heelwise
