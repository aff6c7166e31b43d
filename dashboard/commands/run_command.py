"""Runs a subcommand, whose module is imported only then."""

from __future__ import annotations

from importlib import import_module


def run_command(module: str, command: str, *given: object, **also: object) -> None:
    """Import the module of a subcommand only now: `--help` and wrong usage answer at once."""
    getattr(import_module(f"dashboard.commands.{module}"), f"{command}_command")(*given, **also)
