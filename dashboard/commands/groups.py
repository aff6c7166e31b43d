"""Groups of subcommands: service, store, cohort, admin, vault."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Annotated

import typer

from dashboard.commands.command_line import CommandLine
from dashboard.commands.dump_options import AcceptListOption
from dashboard.commands.options import (
    AthleteOption,
    CohortFolder,
    DescriptionOption,
    EngineOption,
    HomeOption,
    IssuerArgument,
    SubjectArgument,
    SystemOption,
    parse_time,
)
from dashboard.commands.run_command import run_command

service = CommandLine(
    name="service", no_args_is_help=True, help="Start the dashboard with this machine, or end that."
)


@service.command("install")
def service_install(
    home: HomeOption = None,
    athlete: AthleteOption = None,
    at_boot: Annotated[
        bool, typer.Option("--at-boot", help="Before anybody signs in; asks for what that needs.")
    ] = False,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port of the dashboard; default 8501.")
    ] = None,
    remind: Annotated[
        time | None,
        typer.Option(parser=parse_time, metavar="HH:MM", help="Send the reminder at this time of day, too."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    system: SystemOption = None,
) -> None:
    """Start the dashboard when you sign in. Nothing else is changed, and `service remove` undoes it."""
    run_command("service", "install", home, athlete, at_boot, port, remind, yes, system and system.value)


@service.command("remove")
def service_remove(home: HomeOption = None, system: SystemOption = None) -> None:
    """Undo what `service install` did; nothing on record is touched."""
    run_command("service", "remove", home, system and system.value)


stores = CommandLine(
    name="store", no_args_is_help=True, help="Copy a whole store, and set up a clinic's database."
)


@stores.command("copy")
def store_copy(
    source: Annotated[
        str, typer.Argument(metavar="FROM", help="A folder, an address postgresql://…, or the word database.")
    ],
    target: Annotated[
        str, typer.Argument(metavar="TO", help="The same; it must be empty or hold the same already.")
    ],
    home: HomeOption = None,
    accept_list: AcceptListOption = False,
) -> None:
    """Copy every row and recording, compared on both sides. The word database stands for HEELWISE_DATABASE."""
    run_command("store_moves", "copy", source, target, home, accept_list)


@stores.command("roles")
def store_roles(
    apply: Annotated[
        bool, typer.Option("--apply", help="Run it in the database of HEELWISE_DATABASE, as its superuser.")
    ] = False,
) -> None:
    """Print the SQL that makes the four roles of a clinic's database and locks its rows."""
    run_command("store_moves", "roles", apply)


cohort = CommandLine(
    name="cohort", no_args_is_help=True, help="Many athletes at once, for research: tables without a name."
)


@cohort.command("run")
def cohort_run(
    source: Annotated[Path, typer.Argument(metavar="SRC", help="Folder with one export a file.")],
    out: Annotated[Path, typer.Option("--out", metavar="DEST", help="Folder for the tables, not there yet.")],
    engine: Annotated[EngineOption, typer.Option(help="Where athletes are analysed.")] = EngineOption.local,
    workers: Annotated[
        int | None, typer.Option(min=1, max=100_000, help="Athletes at once; default one a core.")
    ] = None,
    key_file: Annotated[
        Path | None,
        typer.Option(metavar="F", help="Key of the hashes; made where absent. Default beside DEST."),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was cut off.")] = False,
    shift_dates: Annotated[
        bool, typer.Option("--shift-dates", help="Move each athlete's dates back by whole weeks.")
    ] = False,
) -> None:
    """Analyse a folder of exports into Parquet tables that know each athlete by a keyed hash alone."""
    run_command("cohort", "run", source, out, engine.value, workers, key_file, resume, shift_dates)


@cohort.command("check")
def cohort_check(folder: CohortFolder) -> None:
    """Check that the tables are as they were written, and hold what they may hold alone."""
    run_command("cohort", "check", folder)


@cohort.command("describe")
def cohort_describe(
    folder: CohortFolder,
    format: Annotated[
        DescriptionOption, typer.Option(help="text to read; json for programs.")
    ] = DescriptionOption.text,
) -> None:
    """Describe the tables in numbers: athletes, coverage, base rates, and what came before flares."""
    run_command("cohort", "describe", folder, as_json=format is DescriptionOption.json)


admin = CommandLine(name="admin", no_args_is_help=True, help="Administrators of a clinic's server.")


@admin.command("add")
def admin_add(issuer: IssuerArgument, subject: SubjectArgument, home: HomeOption = None) -> None:
    """Make a person an administrator, also before they ever signed in. Safe to repeat."""
    run_command("admin", "add", issuer, subject, home)


@admin.command("remove")
def admin_remove(issuer: IssuerArgument, subject: SubjectArgument, home: HomeOption = None) -> None:
    """Refuse a person from now on, close their pages and end their rights in records of others; records stay."""
    run_command("admin", "remove", issuer, subject, home)


@admin.command("readmit")
def admin_readmit(issuer: IssuerArgument, subject: SubjectArgument, home: HomeOption = None) -> None:
    """Let a person who was removed sign in again. Safe to repeat."""
    run_command("admin", "readmit", issuer, subject, home)


@admin.command("list")
def admin_list(home: HomeOption = None) -> None:
    """List the administrators."""
    run_command("admin", "list", home)


vault = CommandLine(
    name="vault", no_args_is_help=True, help="The key that closes tokens and other secrets of this machine."
)


@vault.command("rotate")
def vault_rotate(home: HomeOption = None) -> None:
    """Close all secrets with a new key and take the old one away. Cut off at any moment, nothing is lost."""
    run_command("vault", "rotate", home)


@vault.command("new-key")
def vault_new_key() -> None:
    """Print a new key for HEELWISE_KEY_FILE or HEELWISE_KEY; it is stored nowhere."""
    run_command("vault", "new_key")


GROUPS = (service, stores, cohort, admin, vault)
