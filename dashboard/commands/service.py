"""`heelwise service install|remove`: the dashboard starts with the machine, undone as easily."""

from __future__ import annotations

import getpass
import os
import subprocess
import sys
from datetime import time
from pathlib import Path

import typer

from connectors.errors import HeelwiseError
from connectors.store import Store
from connectors.store.token_vault import VAULT_KEY, Vault, open_vault
from dashboard.commands.autostart import LONGEST_WAIT_S, AutostartJob, Step, System, install, remove, run
from dashboard.commands.autostart_launchd import Launchd
from dashboard.commands.autostart_systemd import Systemd
from dashboard.commands.autostart_windows import TaskScheduler
from dashboard.commands.open_store import open_store_option, select_runner

SYSTEMS: dict[str, type[System]] = {"systemd": Systemd, "launchd": Launchd, "windows": TaskScheduler}
NAME, REMIND_NAME = "heelwise", "heelwise-remind"
LINGERS = "service_lingers"
"""Machine setting: "on" where this command let the user's services run while nobody is signed in."""
USUAL_PORT = 8501
UNDO = "Undo it: heelwise service remove"
AT_BOOT_ELSEWHERE = (
    "--at-boot is for systemd alone: {title} starts programs of a person when they sign in. Nothing was installed; "
    "without --at-boot it starts at sign-in."
)
LINGER = (
    "At boot nobody is signed in: systemd runs the services of {user} then only after `loginctl enable-linger`, and "
    "that holds for all of them."
)
KEYRING = (
    "At boot no keyring is open: the tokens have to lie in the encrypted file `vault`, its key in `vault.key` beside "
    "it. That protects against a stray copy of one file, not against somebody who has your account."
)
UNASKED = (
    "{needs} Nothing was installed. Add --yes to do {both}, or run the command in a terminal, which asks; without "
    "--at-boot it starts at sign-in and needs neither."
)
DECLINED = "Nothing was installed, since --at-boot needs it. Without --at-boot it starts at sign-in."
KEY_NOT_THERE = (
    "Note: HEELWISE_KEY is set here, and a service does not see it. Put it where your services find it (for systemd "
    "a file in ~/.config/environment.d), or the tokens cannot be read."
)


def install_command(
    home: Path | None,
    athlete: str | None,
    at_boot: bool,
    port: int | None,
    remind: time | None,
    yes: bool,
    system_id: str | None,
) -> None:
    """Start the dashboard at sign-in or at boot, and the reminder at a time of day."""
    system = _system(system_id)
    store = open_store_option(home)
    vault = open_vault(store.home)
    if at_boot and not isinstance(system, Systemd):
        raise HeelwiseError(AT_BOOT_ELSEWHERE.format(title=system.title))
    is_prepared = at_boot and _prepare_boot(store, vault, yes)
    try:
        _install_jobs(system, store, athlete, port or USUAL_PORT, remind)
    except HeelwiseError:
        if is_prepared:
            _undo_boot(store, vault)
        raise
    _conclude(at_boot, port or USUAL_PORT, remind)


def _install_jobs(system: System, store: Store, athlete: str | None, port: int, remind: time | None) -> None:
    whose = _of(athlete and select_runner(store, athlete).name)
    served = _program("serve", store, "--no-browser", "--port", str(port), *whose)
    install(system, AutostartJob(NAME, "Heelwise dashboard", served))
    if remind is not None:
        reminded = _program("remind", store, *whose)
        install(system, AutostartJob(REMIND_NAME, "Heelwise reminder", reminded, remind))


def remove_command(home: Path | None, system_id: str | None) -> None:
    """Undo what `service install` did."""
    system = _system(system_id)
    store = open_store_option(home)
    gone = [
        title
        for title, job in (
            ("The dashboard starts by itself no more.", AutostartJob(NAME, "", (sys.executable,))),
            ("The reminder is sent no more.", AutostartJob(REMIND_NAME, "", (sys.executable,), time())),
        )
        if remove(system, job)
    ]
    gone += _undo_boot(store, open_vault(store.home))
    for sentence in gone or ["There is no service of Heelwise here; nothing was changed."]:
        typer.echo(sentence)


def _system(system_id: str | None) -> System:
    own = {"darwin": "launchd", "win32": "windows"}.get(sys.platform, "systemd")
    return SYSTEMS[system_id or own]()


def _program(command: str, store: Store, *words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "dashboard.cli", command, "--home", str(store.home), *words)


def _of(athlete: str | None) -> tuple[str, ...]:
    return ("--athlete", athlete) if athlete else ()


def _prepare_boot(store: Store, vault: Vault, yes: bool) -> bool:
    """Ask for what a start at boot needs, all before any of it is done; return whether anything was."""
    needs_linger, needs_file = not _is_lingering(), vault.is_in_keyring()
    needs = [LINGER.format(user=getpass.getuser())] * needs_linger + [KEYRING] * needs_file
    if needs and not yes:
        if not sys.stdin.isatty():
            both = "both" if len(needs) > 1 else "it"
            raise HeelwiseError(UNASKED.format(needs=" ".join(needs), both=both))
        for need, question in zip(needs, _questions(needs_linger, needs_file), strict=True):
            typer.echo(need)
            if not typer.confirm(question):
                raise HeelwiseError(DECLINED)
    if needs_file:
        vault.leave_keyring()
    if needs_linger:
        try:
            run([Step(("loginctl", "enable-linger"))])
        except HeelwiseError:
            if needs_file:
                vault.use_keyring()
            raise
        store.set_machine_setting(LINGERS, "on")
    return bool(needs)


def _questions(needs_linger: bool, needs_file: bool) -> list[str]:
    return ["Run `loginctl enable-linger`?"] * needs_linger + ["Move the tokens into the file?"] * needs_file


def _is_lingering() -> bool:
    command = ("loginctl", "show-user", getpass.getuser(), "--property=Linger", "--value")
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_WAIT_S, check=False)
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return False
    return done.stdout.strip() == "yes"


def _undo_boot(store: Store, vault: Vault) -> list[str]:
    lines = []
    if store.machine_settings().get(LINGERS) == "on":
        run([Step(("loginctl", "disable-linger"), may_fail=True)])
        store.set_machine_setting(LINGERS, None)
        lines.append("Services of yours run only while you are signed in, as before.")
    if vault.is_without_keyring():
        where = (
            "in the keyring again"
            if vault.use_keyring()
            else "in the encrypted file, since no keyring answers"
        )
        lines.append(f"Tokens lie {where}.")
    return lines


def _conclude(at_boot: bool, port: int, remind: time | None) -> None:
    when = "when this machine starts" if at_boot else "when you sign in"
    typer.echo(f"The dashboard starts {when}, and runs now: http://localhost:{port}")
    if remind is not None:
        typer.echo(f"A reminder is sent at {remind:%H:%M} while the morning is not logged.")
    if os.environ.get(VAULT_KEY, "").strip():
        typer.echo(KEY_NOT_THERE)
    typer.echo(UNDO)
