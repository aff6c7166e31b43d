"""A command line that builds the command that was asked for, and takes plain answers as they are."""

# Typer builds every command before it runs one, and imports Pydantic to check what was given: together a sixth of a
# second before anything is read. Whatever is wrong, or not plain, still goes Typer's own way, with its own words.

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from copy import copy
from enum import Enum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command_name, solve_typer_info_defaults

if TYPE_CHECKING:
    from typer._click.core import Context, Parameter


class PlainCommand(TyperCommand):
    """A command, whose plain answers need no check."""

    def get_params(self, ctx: Context) -> list[Parameter]:
        """Return all that may be given, `--help` with it."""
        return _unchecked(super().get_params(ctx))


class PlainGroup(TyperGroup):
    """A group of commands, whose plain answers need no check."""

    def get_params(self, ctx: Context) -> list[Parameter]:
        """Return all that may be given, `--help` with it."""
        return _unchecked(super().get_params(ctx))


def _unchecked(asked: list[Parameter]) -> list[Parameter]:
    for one in asked:
        if not isinstance(one.process_value, partial):
            one.process_value = partial(_value, one, one.process_value)
    return asked


class CommandLine(typer.Typer):
    """Commands by their names."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"cls": PlainGroup, **more})

    def command(self, name: str | None = None, **more: Any) -> Callable[[Any], Any]:
        """Add a command."""
        return super().command(name, **{"cls": PlainCommand, **more})

    def asked_for(self, arguments: Sequence[str]) -> typer.Typer:
        """Return the command line with the one command that is named first, or all of them where none is."""
        part = copy(self)
        part.registered_commands = [one for one in self.registered_commands if _name(one) in arguments[:1]]
        part.registered_groups = [
            one for one in self.registered_groups if solve_typer_info_defaults(one).name in arguments[:1]
        ]
        return part if part.registered_commands or part.registered_groups else self


def _name(command: Any) -> str:
    return command.name or get_command_name(command.callback.__name__)


def _value(param: Any, by_typer: Callable[[Any, Any], Any], ctx: Context, value: Any) -> Any:
    """Return what a command is called with."""
    described = getattr(param, "type_descriptor", None)
    is_many = param.multiple or param.nargs != 1
    if value is None and not param.required:
        nothing = () if is_many else None
        return nothing if param.callback is None else param.callback(ctx, param, nothing)
    if (
        described is None
        or is_many
        or param.callback is not None
        or described.parameter_info.parser is not None
    ):
        return by_typer(ctx, value)
    plain = _plain(described.annotation, value)
    return by_typer(ctx, value) if plain is None else plain


def _plain(kind: Any, given: Any) -> Any:
    """Return an answer that cannot be wrong; None where Typer is to look at it."""
    if kind is str and isinstance(given, str):
        return given
    if kind is Path and isinstance(given, str) and given != "-":
        return Path(given) if os.access(given, os.R_OK) or not os.path.lexists(given) else None
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next((one for one in kind if given is one or given == one.value), None)
    return None
