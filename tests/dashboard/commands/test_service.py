"""`heelwise service`, against stand-ins for systemctl, loginctl, launchctl and schtasks on PATH."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail

from connectors.store import open_store
from connectors.store.token_vault import LinkKey, open_vault
from dashboard.commands.autostart import WRITTEN_BY

TOOLS = ("systemctl", "loginctl", "launchctl", "schtasks")
STAND_IN = """#!/bin/sh
echo "$(basename "$0") $*" >> "{log}"
[ "$1" = show-user ] && {{ cat "{folder}/linger"; exit 0; }}
case "$*" in *"$(cat "{folder}/refuse" 2>/dev/null || echo nothing-at-all)"*)
  echo "Failed: no bus here." >&2; exit 1;; esac
exit 0
"""


class Drawer(KeyringBackend):
    """A keyring that works."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]


KeyringBackend._classes -= {Drawer}


class Machine:
    """A machine on which the tools are stand-ins: what they were asked, and what lies in the person's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "asked.log"
        (folder / "linger").write_text("no\n")
        for name in TOOLS:
            tool = folder / name
            tool.write_text(STAND_IN.format(log=self.log, folder=folder))
            tool.chmod(0o755)

    def refuse(self, words: str) -> None:
        (self.folder / "refuse").write_text(words)

    def asked(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []

    def files(self) -> dict[str, bytes]:
        home = self.folder / "person"
        return {str(one.relative_to(home)): one.read_bytes() for one in home.rglob("*") if one.is_file()}


@pytest.fixture
def machine(tmp_path, monkeypatch) -> Machine:
    folder = tmp_path / "machine"
    (folder / "person").mkdir(parents=True)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setenv("HOME", str(folder / "person"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "person" / ".config"))
    monkeypatch.setenv("LOGNAME", "robin")
    monkeypatch.delenv("HEELWISE_KEY", raising=False)
    return Machine(folder)


@pytest.fixture(autouse=True)
def no_keyring():
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())
    yield
    keyring.set_keyring(before)


@pytest.fixture
def drawer() -> Drawer:
    working = Drawer()
    keyring.set_keyring(working)
    return working


@pytest.fixture
def home(tmp_path) -> Path:
    with open_store(tmp_path / "heel wise") as store:
        store.runner(create=True)
    return tmp_path / "heel wise"


@pytest.fixture
def service(run, home, machine, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))

    def call(verb: str, *words: object, system: str = "systemd"):
        return run("service", verb, "--home", home, "--system", system, *words)

    return call


SYSTEMS = {
    "systemd": (".config/systemd/user/heelwise.service", "systemctl --user restart heelwise.service"),
    "launchd": ("Library/LaunchAgents/app.heelwise.heelwise.plist", "launchctl bootstrap gui/"),
    "windows": (".config/heelwise/heelwise.task.xml", "schtasks /Create /TN heelwise /XML "),
}
ENDS = {
    "systemd": "systemctl --user disable --now heelwise.service",
    "launchd": "launchctl bootout gui/",
    "windows": "schtasks /Delete /TN heelwise /F",
}


@pytest.mark.parametrize("system", SYSTEMS)
def test_it_is_installed_and_undone_without_a_trace(service, machine, system):
    path, starts = SYSTEMS[system]
    status, out, err = service("install", system=system)
    assert (status, err) == (0, "")
    assert "starts when you sign in" in out
    assert "http://localhost:8501" in out
    assert "heelwise service remove" in out
    assert list(machine.files()) == [path]
    assert any(line.startswith(starts) for line in machine.asked())
    before = machine.files()
    assert service("install", system=system)[0] == 0
    assert machine.files() == before, "a second time changes nothing"
    status, out, err = service("remove", system=system)
    assert (status, out, err) == (0, "The dashboard starts by itself no more.\n", "")
    assert machine.files() == {}
    assert any(line.startswith(ENDS[system]) for line in machine.asked())
    assert service("remove", system=system)[1].startswith("There is no service of Heelwise here")


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_reminder_is_timed_only_where_it_is_asked_for(service, machine, system):
    service("install", system=system)
    assert not [name for name in machine.files() if "remind" in name]
    status, out, _ = service("install", "--remind", "06:45", system=system)
    assert status == 0
    assert "A reminder is sent at 06:45" in out
    timed = b"".join(text for name, text in machine.files().items() if "remind" in name).replace(b"\0", b"")
    assert b"06:45" in timed or b"<integer>45</integer>" in timed
    assert "The reminder is sent no more." in service("remove", system=system)[1]
    assert machine.files() == {}


def test_what_it_starts_is_this_program_in_this_folder(service, machine, home):
    service("install", "--port", "9100")
    unit = machine.files()[SYSTEMS["systemd"][0]].decode()
    (line,) = [line for line in unit.splitlines() if line.startswith("ExecStart=")]
    words = [word.strip('"') for word in line.removeprefix("ExecStart=").split('" "')]
    assert words[:2] == [sys.executable, "-m"]
    assert words[words.index("--home") + 1] == str(home)
    assert words[words.index("--port") + 1] == "9100"
    done = subprocess.run(
        [*words, "--help"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("system", "words"), [("systemd", "restart"), ("launchd", "bootstrap"), ("windows", "/Create")]
)
def test_what_is_refused_leaves_nothing(service, machine, system, words):
    machine.refuse(words)
    status, out, err = service("install", system=system)
    assert (status, out) == (1, "")
    assert "refused: Failed: no bus here. Nothing was installed." in err
    assert len(err.strip().splitlines()) == 1
    assert machine.files() == {}


def test_a_machine_without_the_tool_gets_a_sentence(service, machine, monkeypatch):
    monkeypatch.setenv("PATH", str(machine.folder / "person"))
    status, _, err = service("install")
    assert status == 1
    assert "systemctl is not on this machine" in err
    assert machine.files() == {}


def test_a_unit_that_somebody_else_wrote_is_left(service, machine):
    path = machine.folder / "person" / SYSTEMS["systemd"][0]
    path.parent.mkdir(parents=True)
    path.write_text("[Service]\nExecStart=/bin/true\n")
    for verb in ("install", "remove"):
        status, _, err = service(verb)
        assert status == 1
        assert "was not written by Heelwise" in err
    assert path.read_text() == "[Service]\nExecStart=/bin/true\n"
    assert machine.asked() == []


def test_an_update_that_is_refused_leaves_the_earlier_service(service, machine):
    service("install", "--port", "9100")
    before = machine.files()
    machine.refuse("restart")
    assert service("install", "--port", "9200")[0] == 1
    assert machine.files() == before


def linked(home: Path) -> None:
    with open_store(home) as store:
        open_vault(home).write_key(store.runner().athlete_id, "garmin", LinkKey("secret-word"))


def secret(home: Path) -> str | None:
    with open_store(home) as store:
        key = open_vault(home).read_key(store.runner().athlete_id, "garmin")
    return key and key.key


def test_at_boot_says_what_it_needs_and_does_nothing_unasked(service, machine, home, drawer):
    linked(home)
    status, out, err = service("install", "--at-boot")
    assert (status, out) == (1, "")
    assert "loginctl enable-linger" in err
    assert "no keyring is open" in err
    assert "--yes to do both" in err
    assert machine.files() == {}
    assert not [line for line in machine.asked() if "enable-linger" in line]
    assert len(drawer.kept) == 1


def test_at_boot_does_both_when_told_and_undoes_both(service, machine, home, drawer):
    linked(home)
    status, out, _ = service("install", "--at-boot", "--yes")
    assert status == 0
    assert "starts when this machine starts" in out
    assert "loginctl enable-linger" in machine.asked()
    assert (drawer.kept, secret(home)) == ({}, "secret-word")
    _, out, _ = service("remove")
    assert "loginctl disable-linger" in machine.asked()
    assert "Tokens lie in the keyring again." in out
    assert len(drawer.kept) == 1
    assert secret(home) == "secret-word"
    assert not (home / "vault.key").exists()


@pytest.mark.parametrize("refused", ["enable-linger", "restart"])
def test_at_boot_that_is_refused_leaves_tokens_and_lingering_as_they_were(
    service, machine, home, drawer, refused
):
    linked(home)
    machine.refuse(refused)
    assert service("install", "--at-boot", "--yes")[0] == 1
    assert machine.files() == {}
    assert (len(drawer.kept), secret(home)) == (1, "secret-word")
    asked = [line.split()[1] for line in machine.asked() if "able-linger" in line]
    assert asked == (["enable-linger"] if refused == "enable-linger" else ["enable-linger", "disable-linger"])


def test_an_update_that_is_refused_leaves_the_start_at_boot(service, machine, home, drawer):
    linked(home)
    service("install", "--at-boot", "--yes")
    (machine.folder / "linger").write_text("yes\n")
    machine.refuse("restart")
    assert service("install", "--at-boot", "--yes", "--port", "9200")[0] == 1
    assert "loginctl disable-linger" not in machine.asked()
    assert (drawer.kept, secret(home)) == ({}, "secret-word")


def test_a_move_out_of_the_keyring_that_was_cut_off_is_finished_by_the_next(service, home, drawer):
    linked(home)
    before = dict(drawer.kept)
    service("install", "--at-boot", "--yes")
    drawer.kept |= before  # as if the process had ended before it took them out
    open_vault(home).leave_keyring()
    assert (drawer.kept, secret(home)) == ({}, "secret-word")


def test_a_link_made_later_stays_out_of_the_keyring(service, home, drawer):
    service("install", "--at-boot", "--yes")
    linked(home)
    assert (drawer.kept, secret(home)) == ({}, "secret-word")


def test_lingering_that_was_on_before_stays_on(service, machine):
    (machine.folder / "linger").write_text("yes\n")
    status, _, _ = service("install", "--at-boot")
    assert status == 0, "nothing is needed, so nothing is asked"
    service("remove")
    assert not [line for line in machine.asked() if "able-linger" in line]


@pytest.mark.parametrize("system", ["launchd", "windows"])
def test_at_boot_is_for_systemd_alone(service, machine, system):
    status, _, err = service("install", "--at-boot", system=system)
    assert status == 1
    assert "--at-boot is for systemd alone" in err
    assert machine.files() == {}


def test_every_file_bears_the_mark_and_is_its_owners_alone(service, machine):
    service("install", "--remind", "07:30")
    for name, content in machine.files().items():
        assert WRITTEN_BY.encode() in content
        assert (machine.folder / "person" / name).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("words", [("--remind", "25:00"), ("--remind", "soon"), ("--port", "0")])
def test_wrong_usage(service, words):
    assert service("install", *words)[0] == 2
