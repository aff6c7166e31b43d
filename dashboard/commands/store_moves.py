"""`heelwise store copy` and `heelwise store roles`."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

import typer

from connectors.errors import StoreError
from connectors.plural import count
from connectors.store import home_folder
from connectors.store.address import VARIABLE
from connectors.store.store_copy import CopyResult, StoreSide, copy_store
from connectors.store.store_roles import apply_to, role_sql
from dashboard.commands.progress_bar import show_progress

FROM_ENVIRONMENT = "database"
"""Stands for the address in HEELWISE_DATABASE, so that no password is on the command line."""


def copy_command(source: str, target: str, home: Path | None, accepts_list: bool) -> None:
    """Copy a store, and print what each table holds on both sides."""
    folder = home_folder(home)
    with ExitStack() as open_sides:
        sides = [open_sides.enter_context(_side(one, folder)) for one in (source, target)]
        if sides[0].home == sides[1].home and sides[0].is_server == sides[1].is_server:
            raise StoreError("Both name the same store. Nothing was copied.")
        with show_progress(quiet=False) as bar:
            result = copy_store(*sides, progress=bar, accepts_list=accepts_list)
        typer.echo(_in_words(result, *sides))
        if result.problem:
            typer.echo(result.problem, err=True)


def _side(written: str, folder: Path) -> StoreSide:
    address = os.environ.get(VARIABLE, "").strip() if written == FROM_ENVIRONMENT else written
    if not address:
        raise StoreError(f"`{FROM_ENVIRONMENT}` stands for {VARIABLE}, which is not set. Nothing was copied.")
    if "://" in address:
        return StoreSide(folder, address)
    return StoreSide(Path(address).expanduser().absolute())


def _in_words(result: CopyResult, source: StoreSide, target: StoreSide) -> str:
    lines = [f"{'table':<22}{'rows':>10}  checksum, the same on both sides"]
    lines += [f"{name:<22}{one.rows:>10}  {one.checksum}" for name, one in result.tables.items() if one.rows]
    where = "stay where they are" if result.shares_recordings else "are the same on both sides"
    lines.append(f"{count(result.recordings, 'recording')} {where}.")
    if result.is_repeat:
        lines.append(
            f"{target.name[0].upper()}{target.name[1:]} held all of it already. Nothing was written."
        )
    else:
        lines.append(f"Copied from {source.name} to {target.name}. Nothing was changed in {source.name}.")
    if result.forgotten:
        what = count(result.forgotten, "line")
        lines.append(f"The list of forgotten runners and ended grants ({what}) lies in {target.home} too.")
    if source.home != target.home:
        lines.append("Tokens of links are not copied: link anew there.")
    return "\n".join(lines)


def roles_command(is_applied: bool) -> None:
    """Print the SQL of the database roles, or run it in the database of HEELWISE_DATABASE."""
    if not is_applied:
        typer.echo(role_sql())
        return
    apply_to(home_folder(None))
    typer.echo(
        "The four roles are there and every table with rows of runners is locked. Give each role that signs in its "
        "password with \\password in psql, and let the server connect as heelwise_app."
    )
