"""The `heelwise` command: what each subcommand takes. `dashboard/commands` does the work, imported when asked."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from connectors import __version__, collector
from connectors.errors import HeelwiseError
from dashboard.commands import dump_options, log_options
from dashboard.commands.command_line import CommandLine
from dashboard.commands.groups import GROUPS
from dashboard.commands.options import (
    AthleteOption,
    AuditFormat,
    ExerciseAnswers,
    FormatOption,
    HomeOption,
    ImportPaths,
    KeepOption,
    KeyDays,
    KeyedSource,
    KeyOfRunner,
    KeyOnStdin,
    LinkedSource,
    PaperOption,
    PersonNumber,
    RunnerNumber,
    UploadsOption,
    WeightUnit,
    WithoutLink,
    parse_day,
    parse_logged_day,
)
from dashboard.commands.run_command import run_command

STOPPED = 130
"""Exit status after Ctrl-C, as shells expect it."""

app = CommandLine(
    name="heelwise",
    help="When running load rose above what the Achilles tendon was used to, beside what the heel felt.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


for _group in GROUPS:
    app.add_typer(_group)


@app.callback(invoke_without_command=True)
def start(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    """When running load rose above what the Achilles tendon was used to, beside what the heel felt."""
    if version:
        typer.echo(__version__)
        raise typer.Exit


@app.command("import")
def bring_in(
    paths: ImportPaths,
    home: HomeOption = None,
    athlete: AthleteOption = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Read files once more that were taken back before.")
    ] = False,
    same_runner: Annotated[
        bool,
        typer.Option("--same-runner", help="Go on with an import that was held: these are this runner's."),
    ] = False,
    day_first: Annotated[
        bool, typer.Option("--day-first", help="Where a file leaves it open, 04/05/2026 is 4 May.")
    ] = False,
    month_first: Annotated[
        bool, typer.Option("--month-first", help="Where a file leaves it open, 04/05/2026 is April 5.")
    ] = False,
    weights: WeightUnit = None,
    exercise: ExerciseAnswers = None,
    uploads: UploadsOption = None,
    runner: RunnerNumber = None,
    person: PersonNumber = None,
) -> None:
    """Bring in runs, sets and symptoms from files. Safe to repeat: the same file twice changes nothing."""
    run_command(
        "import_",
        "import",
        paths,
        home,
        athlete,
        as_json=json,
        again=again,
        same_runner=same_runner,
        day_first=_first_of(day_first, month_first),
        weights=weights.value if weights else None,
        exercises=tuple(exercise or ()),
        uploads=uploads,
        athlete_id=runner,
        person_id=person,
    )


def _first_of(day_first: bool, month_first: bool) -> bool | None:
    """Return which comes first in a date; None where nobody said."""
    if day_first and month_first:
        raise typer.BadParameter("Give --day-first or --month-first, not both.")
    return True if day_first else False if month_first else None


@app.command()
def imports(
    home: HomeOption = None,
    athlete: AthleteOption = None,
    take_back: Annotated[
        int | None, typer.Option("--take-back", metavar="ID", help="Take this import back, as a whole.")
    ] = None,
) -> None:
    """List the imports, newest first, or take one back: what only it brought goes, the rest is as it was."""
    run_command("imports", "imports", home, athlete, take_back)


@app.command()
def watch(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where new files are put.")],
    home: HomeOption = None,
    athlete: AthleteOption = None,
) -> None:
    """Bring in what is put into a folder, as it comes. Stop it with Ctrl-C; start it again at will."""
    run_command("watch", "watch", folder, home, athlete)


@app.command()
def sync(
    home: HomeOption = None,
    athlete: AthleteOption = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
    wait: Annotated[
        bool,
        typer.Option(
            "--wait", help="Stay until everything is in, over limits of requests and lost networks."
        ),
    ] = False,
    source: Annotated[
        LinkedSource | None, typer.Option(help="One link alone; default all of the runner.")
    ] = None,
) -> None:
    """Bring in from all links what is new, changed or gone. Stop and repeat at will: it goes on where it was."""
    run_command("sync", "sync", home, athlete, as_json=json, stays=wait, source=source and source.value)


@app.command()
def connect(
    service: Annotated[
        KeyedSource | None,
        typer.Argument(help="garmin or intervals: a link by your own key. Without it, Strava."),
    ] = None,
    home: HomeOption = None,
    athlete: AthleteOption = None,
    url_only: Annotated[
        bool, typer.Option("--url-only", help="Print the address to open in any browser.")
    ] = False,
    redirected: Annotated[
        str | None, typer.Option(metavar="URL", help="The address the browser ended on, in quotes.")
    ] = None,
    keep: Annotated[
        KeepOption | None,
        typer.Option(help="Strava: how long what comes through the link stays on this machine."),
    ] = None,
    key_stdin: KeyOnStdin = False,
    days: KeyDays = None,
    same_runner: KeyOfRunner = False,
) -> None:
    """Link Garmin or intervals.icu by your own key, or Strava on a machine without a browser."""
    if service is not None:
        if url_only or redirected is not None or keep is not None:
            raise typer.BadParameter("--url-only, --redirected and --keep are for Strava alone.")
        run_command("connect_key", "connect_key", home, athlete, service.value, key_stdin, days, same_runner)
        return
    if key_stdin or days is not None or same_runner:
        raise typer.BadParameter("--key-stdin, --days and --same-runner need garmin or intervals.")
    if url_only == (redirected is not None):
        raise typer.BadParameter(
            "Give --url-only first, then --redirected with the address the browser ended on."
        )
    run_command("strava", "connect", home, athlete, redirected, keep and keep.value)


@app.command()
def demo(home: HomeOption = None, athlete: AthleteOption = None) -> None:
    """Add the made-up runner, to look around without data of your own. --athlete gives it another name."""
    run_command("store", "demo", home, athlete)


@app.command()
def log(
    home: HomeOption = None,
    athlete: AthleteOption = None,
    day: Annotated[
        date | None,
        typer.Option(
            "--date", parser=parse_logged_day, metavar="YYYY-MM-DD", help="Local date; default today."
        ),
    ] = None,
    stiffness: log_options.StiffnessOption = None,
    stiffness_min: log_options.MinutesOption = None,
    stiffness_band: log_options.InBandOption = None,
    pain: log_options.PainOption = None,
    pain_start: log_options.PainStartOption = None,
    warmed_up: log_options.WarmedUpOption = None,
    pain_during: log_options.PainDuringOption = None,
    pain_after: log_options.PainAfterOption = None,
    side: log_options.WhichSideOption = None,
    site: log_options.WhereOption = None,
    note: log_options.NoteOption = None,
    none: log_options.NothingOption = False,
    same: log_options.SameOption = False,
) -> None:
    """Write one symptom entry. What you leave out stays unknown; it does not become zero."""
    answers = {
        "morning_stiffness_0_10": stiffness,
        "morning_stiffness_min": stiffness_min,
        "morning_stiffness_band": stiffness_band and stiffness_band.value,
        "morning_pain_0_10": pain,
        "pain_start_0_10": pain_start,
        "warmed_up": warmed_up,
        "pain_during_0_10": pain_during,
        "pain_after_0_10": pain_after,
        "side": side and side.value,
        "site": site and site.value,
        "note": note,
    }
    entry = log_options.entry_from_options(answers, none, same)
    if day and day > date.today() + timedelta(days=366):  # as in a diary: beyond, it is a slip of the pen
        raise typer.BadParameter(f"{day} is too far from today to be meant.")
    run_command("log", "log", day, entry, home, athlete)


@app.command()
def report(
    home: HomeOption = None,
    athlete: AthleteOption = None,
    format: Annotated[
        FormatOption,
        typer.Option(help="html to print or mail, pdf, text to paste; json for programs: all there is."),
    ] = FormatOption.text,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="File to write; default standard output.")
    ] = None,
    since: Annotated[
        date | None,
        typer.Option(
            "--from",
            parser=parse_day,
            metavar="YYYY-MM-DD",
            help="First local date; default 16 weeks, json all.",
        ),
    ] = None,
    until: Annotated[
        date | None,
        typer.Option(
            "--to", parser=parse_day, metavar="YYYY-MM-DD", help="Last local date; default the last known."
        ),
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="What stands for the runner on the page; default initials.")
    ] = None,
    paper: Annotated[PaperOption, typer.Option(help="What a PDF is set for.")] = PaperOption.a4,
    second_page: Annotated[
        bool, typer.Option("--second-page", help="Add what a reader may leave: windows, flares, how sure.")
    ] = False,
    without_strava_link: WithoutLink = False,
) -> None:
    """Write the analysis: runs, load, when it rose above what the runner is used to, and what was logged."""
    if since and until and since > until:
        raise typer.BadParameter("--from is after --to.")
    asked = {"since": since, "until": until, "name": name, "paper": paper.value}
    wanted = {**asked, "second_page": second_page, "without_link": without_strava_link}
    run_command("report", "report", home, athlete, format.value, output, **wanted)


@app.command()
def backup(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE", help="The file to write; replaced if there. With --all the folder of the dumps."
        ),
    ] = None,
    home: HomeOption = None,
    athlete: Annotated[str | None, typer.Option(help="One runner alone; default everybody.")] = None,
    encrypt: Annotated[
        bool, typer.Option(help="Close it with a passphrase (asked for, or HEELWISE_PASSPHRASE).")
    ] = False,
    without_titles: Annotated[
        bool, typer.Option("--without-titles", help="Leave out titles of sessions, which may name streets.")
    ] = False,
    everybody: dump_options.AllOption = False,
    make_key: dump_options.MakeKeyOption = False,
    public_key: dump_options.PublicKeyOption = None,
    replace_key: dump_options.ReplaceKeyOption = False,
    keep_days: dump_options.KeepDaysOption = None,
) -> None:
    """Write everything but tokens into one portable file; with --all the nightly dump of a server."""
    set_up = (make_key, public_key, replace_key, keep_days)
    if everybody:
        if athlete is not None or encrypt or without_titles:
            raise typer.BadParameter("--all is everybody, closed with a key: it takes none of these options.")
        run_command("dump", "dump", file, home, *set_up)
        return
    if any(set_up):
        raise typer.BadParameter("--make-key, --public-key, --replace-key and --keep-days go with --all.")
    if file is None:
        raise typer.BadParameter("Name the file to write.")
    run_command("store", "backup", file, home, athlete, encrypt, without_titles)


@app.command()
def restore(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="As backup wrote it, or the folder it lies in unpacked.")
    ],
    home: HomeOption = None,
    athlete: Annotated[str | None, typer.Option(help="One runner of the file alone; default all.")] = None,
    what_is_whole: Annotated[
        bool,
        typer.Option("--what-is-whole", help="Of a damaged file, bring in what is whole and name the rest."),
    ] = False,
    identity_file: dump_options.IdentityOption = None,
    accept_list: dump_options.AcceptListOption = False,
    bring_back: dump_options.BringBackOption = False,
) -> None:
    """Bring a backup in. Safe to repeat: adds and updates, deletes nothing; a damaged file changes nothing."""
    run_command(
        "restore", "restore", file, home, athlete, what_is_whole, (identity_file, accept_list, bring_back)
    )


@app.command()
def forget(
    home: HomeOption = None,
    athlete: AthleteOption = None,
    everybody: Annotated[bool, typer.Option("--all", help="All runners on this machine.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """End all links, delete a runner with everything of theirs, and print a receipt."""
    run_command("store", "forget", home, athlete, everybody, yes)


@app.command()
def doctor(
    home: HomeOption = None,
    athlete: AthleteOption = None,
    accept: Annotated[
        bool,
        typer.Option(
            "--accept",
            help="Take rows that are not as they were written as they are; where no backup is left.",
        ),
    ] = False,
) -> None:
    """Check the store; say what is wrong and what to do."""
    run_command("store", "doctor", home, athlete, accept)


@app.command()
def serve(
    home: HomeOption = None,
    athlete: AthleteOption = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port; default 8501 or the next free.")
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser window.")] = True,
    phone: Annotated[
        bool, typer.Option("--phone", help="Let paired phones of one private network in as well.")
    ] = False,
    phone_address: Annotated[
        str | None,
        typer.Option(help="This machine's address on that network; asked for where there are several."),
    ] = None,
    phone_port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port for the phone; default 8571.")
    ] = None,
    phone_cert: Annotated[
        Path | None, typer.Option(help="Your own certificate (PEM), so that the phone speaks TLS.")
    ] = None,
    phone_key: Annotated[Path | None, typer.Option(help="The certificate's key (PEM).")] = None,
) -> None:
    """Open the dashboard, on this machine only; with --phone, for paired phones of one network as well."""
    wanted = (phone_address, phone_port, phone_cert, phone_key)
    run_command("serve", "serve", home, athlete, port, browser, (phone, *wanted))


@app.command()
def remind(
    home: HomeOption = None,
    athlete: AthleteOption = None,
    add: Annotated[
        bool, typer.Option("--add", help="Ask for an address of a message service (Apprise), not shown.")
    ] = False,
    from_stdin: Annotated[
        bool, typer.Option("--stdin", help="Add the address that standard input holds, and ask nothing.")
    ] = False,
    forget_addresses: Annotated[
        bool, typer.Option("--forget", help="Forget all addresses of the runner.")
    ] = False,
    test: Annotated[bool, typer.Option("--test", help="Send it now, logged or not.")] = False,
) -> None:
    """Send a message if this morning is not logged yet. For a timer: heelwise service install --remind 07:30."""
    if sum((add or from_stdin, forget_addresses, test)) > 1:
        raise typer.BadParameter("Give one of --add (or --stdin), --forget and --test.")
    run_command("remind", "remind", home, athlete, add, from_stdin, forget_addresses, test)


@app.command()
def audit(
    home: HomeOption = None,
    athlete: Annotated[str | None, typer.Option(help="What concerns one runner alone; default all.")] = None,
    since: Annotated[
        date | None,
        typer.Option("--from", parser=parse_day, metavar="YYYY-MM-DD", help="First day, in UTC."),
    ] = None,
    until: Annotated[
        date | None, typer.Option("--to", parser=parse_day, metavar="YYYY-MM-DD", help="Last day, in UTC.")
    ] = None,
    format: Annotated[
        AuditFormat, typer.Option(help="csv for a spreadsheet, json for programs.")
    ] = AuditFormat.csv,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="File to write; default standard output.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Hold every entry against the one before it, and write nothing.")
    ] = False,
) -> None:
    """Write the access log: who saw or changed whose record, and when; never what stands in it."""
    if since and until and since > until:
        raise typer.BadParameter("--from is after --to.")
    run_command("audit", "audit", home, athlete, since, until, format.value, output, check)


def main() -> NoReturn:
    """Run the command: every failure is one line on standard error, never a traceback."""
    collector.search_seldom()
    try:
        app.asked_for(sys.argv[1:])()
    except HeelwiseError as error:
        _give_up(str(error))
    except SystemExit as stop:
        if stop.code == STOPPED:
            _give_up(
                "Stopped. What was already stored stays; the same command carries on from there.", STOPPED
            )
        raise
    except Exception as error:
        _give_up(_unforeseen(error))
    finally:
        collector.keep_for_good()  # what lives now goes with the process
    sys.exit(0)


def _unforeseen(error: Exception) -> str:
    incident, store = import_module("dashboard.shared.crash_log"), import_module("connectors.store")
    home = store.home_folder()
    if isinstance(error, FileNotFoundError) and (folder := _gone_folder(error.filename, home)) is not None:
        return (
            f"The folder {folder} is not there any more, so this could not be finished. What was stored lies where "
            "that folder is now."
        )
    log = incident.record_crash(home, error)
    noted = f" Where it happened is noted in {log}." if log else ""
    return (
        f"Heelwise met a failure it did not foresee ({type(error).__name__}).{noted} Your data is as it was."
    )


def _gone_folder(name: object, home: Path) -> Path | None:
    """Return the uppermost missing folder of a missing file, or a store's folder that is gone itself; else None."""
    # Some calls name a file by its open folder alone: what they missed lay in the store's own.
    path = home / name if isinstance(name, str | Path) else home
    missing = [one for one in (path, *path.parents) if not one.is_dir() and (one != path or one == home)]
    return missing[-1] if missing else None


def _give_up(sentence: str, status: int = 1) -> NoReturn:
    typer.echo(" ".join(sentence.split()), err=True)
    sys.exit(status)


if __name__ == "__main__":
    main()
