"""Secrets at rest: kept whole, kept private, kept by whoever can."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import keyring
import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from keyring.backend import KeyringBackend
from keyring.backends import fail, null

from connectors.errors import StoreFull, VaultUnreadable
from connectors.store import token_vault
from connectors.store.token_vault import StravaApp, Tokens, open_vault

ROOT = Path(__file__).resolve().parents[3]
TOKENS = Tokens("access-word", "refresh-word", 1_800_000_000, ("read", "activity:read_all"), 134815)
APP = StravaApp("12345", "very-secret-word")


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


class Locked(Drawer):
    """A keyring that is there but does not open."""

    def get_password(self, service, username):
        raise keyring.errors.KeyringLocked("locked")

    def set_password(self, service, username, password):
        raise keyring.errors.KeyringLocked("locked")


# keyring lists every class made from its own; these must not be chosen for other tests of this process.
KeyringBackend._classes -= {Drawer, Locked}


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch):
    monkeypatch.delenv("HEELWISE_KEY", raising=False)
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())
    yield
    keyring.set_keyring(before)


@pytest.fixture
def home(tmp_path) -> Path:
    return tmp_path / "home"


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_tokens_and_app_come_back_as_they_went_in(home):
    vault = open_vault(home)
    assert vault.read(1) is None
    assert vault.read_app() is None
    assert not home.exists(), "looking makes nothing"
    vault.write(1, TOKENS)
    vault.write(2, Tokens("other", "one", 5, (), 0))
    vault.write_app(APP)
    again = open_vault(home)
    assert again.read(1) == TOKENS
    assert again.read(2) == Tokens("other", "one", 5, (), 0)
    assert again.read_app() == APP


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    words=st.tuples(st.text(max_size=60), st.text(max_size=60)),
    scopes=st.lists(st.text(max_size=9), max_size=4),
)
def test_any_words_come_back(tmp_path, words, scopes):
    tokens = Tokens(*words, 2**40, tuple(scopes), 2**60)
    vault = open_vault(tmp_path / "any")
    vault.write(3, tokens)
    assert vault.read(3) == tokens


def test_a_deleted_runner_leaves_the_others_and_the_last_takes_file_and_key_along(home):
    vault = open_vault(home)
    vault.write(1, TOKENS)
    vault.write(2, TOKENS)
    vault.delete(1)
    vault.delete(7)
    assert vault.read(1) is None
    assert vault.read(2) == TOKENS
    vault.delete(2)
    assert not (home / "vault").exists()
    assert not (home / "vault.key").exists()


def test_nothing_secret_is_readable_in_the_folder_or_in_a_repr(home):
    vault = open_vault(home)
    vault.write(1, TOKENS)
    vault.write_app(APP)
    raw = everything_in(home)
    for word in (TOKENS.access_token, TOKENS.refresh_token, APP.client_secret):
        assert word.encode() not in raw
        assert word not in repr(TOKENS) + repr(APP) + str(TOKENS) + str(APP)


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps rights elsewhere")
def test_every_file_is_the_owners_alone(home):
    previous = os.umask(0)
    try:
        vault = open_vault(home)
        with vault.locked():
            vault.write(1, TOKENS)
    finally:
        os.umask(previous)
    assert home.stat().st_mode & 0o777 == 0o700
    modes = {path.name: path.stat().st_mode & 0o777 for path in home.iterdir()}
    assert set(modes.values()) == {0o600}, modes


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps rights elsewhere")
@pytest.mark.parametrize("name", ["vault", "vault.key"])
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_file_that_others_may_read_is_refused(home, name, mode):
    open_vault(home).write(1, TOKENS)
    (home / name).chmod(mode)
    before = (home / name).read_bytes()
    with pytest.raises(VaultUnreadable, match="chmod 600"):
        open_vault(home).read(1)
    with pytest.raises(VaultUnreadable):
        open_vault(home).write(1, TOKENS)
    assert (home / name).read_bytes() == before


@pytest.mark.parametrize(
    "content",
    [b"", b"nonsense", Fernet(Fernet.generate_key()).encrypt(b"{}")],
    ids=["empty", "nonsense", "another key"],
)
def test_a_vault_that_does_not_open_is_kept_and_said_so(home, content):
    open_vault(home).write(1, TOKENS)
    token_vault.write_private(home / "vault", content)
    with pytest.raises(VaultUnreadable, match="does not open"):
        open_vault(home).read(1)
    with pytest.raises(VaultUnreadable):
        open_vault(home).delete(1)
    assert (home / "vault").read_bytes() == content


def test_a_lost_key_is_said_so(home):
    open_vault(home).write(1, TOKENS)
    (home / "vault.key").unlink()
    with pytest.raises(VaultUnreadable):
        open_vault(home).read(1)


def test_the_key_of_a_server_comes_from_its_environment(home):
    key, older = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    open_vault(home, {"HEELWISE_KEY": older}).write(1, TOKENS)
    assert not (home / "vault.key").exists()
    turned = open_vault(home, {"HEELWISE_KEY": f"{key}, {older}"})
    assert turned.read(1) == TOKENS
    turned.write(1, TOKENS)
    assert open_vault(home, {"HEELWISE_KEY": key}).read(1) == TOKENS
    with pytest.raises(VaultUnreadable):
        open_vault(home, {"HEELWISE_KEY": older}).read(1)
    with pytest.raises(VaultUnreadable, match="no usable key"):
        open_vault(home, {"HEELWISE_KEY": "short"}).read(1)


def test_a_key_file_made_before_the_environment_had_one_still_opens(home):
    open_vault(home).write(1, TOKENS)
    assert open_vault(home, {"HEELWISE_KEY": Fernet.generate_key().decode()}).read(1) == TOKENS


def test_a_real_keyring_keeps_the_secrets_and_the_folder_only_says_so(home):
    drawer = Drawer()
    keyring.set_keyring(drawer)
    vault = open_vault(home)
    vault.write(1, TOKENS)
    assert not (home / "vault.key").exists()
    assert TOKENS.refresh_token.encode() not in everything_in(home)
    assert [json.loads(text)["tokens"]["1"]["access_token"] for text in drawer.kept.values()] == [
        "access-word"
    ]
    assert open_vault(home).read(1) == TOKENS
    assert open_vault(home.with_name("other")).read(1) is None
    keyring.set_keyring(fail.Keyring())
    with pytest.raises(VaultUnreadable, match="did not answer"):
        open_vault(home).read(1)
    keyring.set_keyring(drawer)
    vault.delete(1)
    assert drawer.kept == {}
    assert not (home / "vault").exists()


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring, Locked])
def test_a_keyring_that_is_none_is_not_trusted(home, backend):
    keyring.set_keyring(backend())
    assert not token_vault.keyring_works()
    vault = open_vault(home)
    vault.write(1, TOKENS)
    assert (home / "vault.key").exists()
    assert vault.read(1) == TOKENS


def test_a_plain_text_keyring_is_not_trusted(home):
    drawer = Drawer()
    drawer.priority = 0.5
    keyring.set_keyring(drawer)
    assert not token_vault.keyring_works()


def test_a_key_set_for_servers_goes_before_the_keyring(home):
    drawer = Drawer()
    keyring.set_keyring(drawer)
    open_vault(home, {"HEELWISE_KEY": Fernet.generate_key().decode()}).write(1, TOKENS)
    assert drawer.kept == {}


def test_a_write_that_fails_leaves_what_was_there(home, monkeypatch):
    vault = open_vault(home)
    vault.write(1, TOKENS)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreFull):
        vault.write(1, Tokens("new", "new", 1, (), 1))
    monkeypatch.undo()
    assert vault.read(1) == TOKENS
    assert not list(home.glob(".*.part"))


def test_threads_writing_at_once_lose_nothing(home):
    vault = open_vault(home)

    def keep(number: int) -> None:
        vault.write(number, Tokens(f"a{number}", f"r{number}", number, (), number))

    threads = [threading.Thread(target=keep, args=(number,)) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [vault.read(number).expires_at for number in range(1, 9)] == list(range(1, 9))


COUNTING = """
import sys, time
from pathlib import Path
from connectors.store.token_vault import open_vault
vault, tally = open_vault(Path(sys.argv[1])), Path(sys.argv[2])
for _ in range(20):
    with vault.locked():
        now = int(tally.read_text())
        time.sleep(0.002)
        tally.write_text(str(now + 1))
"""


def test_the_lock_holds_across_processes_and_threads(home, tmp_path):
    tally = tmp_path / "tally"
    tally.write_text("0")
    command = [sys.executable, "-c", COUNTING, str(home), str(tally)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    processes = [subprocess.Popen(command, env=environment) for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert tally.read_text() == "60"


def test_a_killed_process_lets_the_lock_go(home):
    script = (
        "import sys, time; from pathlib import Path;from connectors.store.token_vault import open_vault\n"
        "with open_vault(Path(sys.argv[1])).locked():\n    print('in', flush=True); time.sleep(60)"
    )
    held = subprocess.Popen(
        [sys.executable, "-c", script, str(home)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    )
    assert held.stdout.readline() == b"in\n"
    held.kill()
    held.communicate()
    with open_vault(home).locked():
        pass


def test_waiting_for_ever_is_not_a_plan(home, monkeypatch):
    monkeypatch.setattr("connectors.store.file_lock.WAIT_S", 0.05)
    vault = open_vault(home)
    with vault.locked(), pytest.raises(VaultUnreadable, match="Another program"), vault.locked():
        pass
