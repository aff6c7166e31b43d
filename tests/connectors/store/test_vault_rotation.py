"""A new key for the vault: nothing is lost at whatever moment the change is cut off."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from cryptography.fernet import Fernet, InvalidToken

from connectors.errors import StoreError, VaultUnreadable
from connectors.store.forgotten_list import (
    RUNNER,
    Ended,
    digest_of_runner,
    note_ended,
    read_own_list,
    sign_anew,
)
from connectors.store.token_vault import LinkKey, StravaApp, Tokens, open_vault
from connectors.store.vault_keys import KEY_NAME, new_key
from connectors.store.vault_rotation import BY_HAND, rotate, rotation_in_words

ROOT = Path(__file__).resolve().parents[3]
TOKENS = Tokens("access-word", "refresh-word", 1_800_000_000, ("read", "activity:read_all"), 134815)
CUT = """
import os, sys
from pathlib import Path
from connectors.store import vault_rotation, forgotten_list, token_vault
import cryptography.fernet, cryptography.hazmat.primitives.kdf.hkdf
home, left = Path(sys.argv[1]), int(sys.argv[2])
environment = dict(one.split("=", 1) for one in sys.argv[3:])
print("ready", flush=True)
def cut(event, given):
    global left
    if event in ("open", "os.rename", "os.remove") and str(home) in str(given[0]):
        left -= 1
        if left < 0:
            os._exit(9)
if left >= 0:
    sys.addaudithook(cut)
vault = token_vault.open_vault(home, environment)
vault_rotation.rotate(vault, lambda keys: forgotten_list.sign_anew(home, keys))
"""


@pytest.fixture(autouse=True)
def file_vault(monkeypatch, tmp_path):
    """No keyring: a server has none."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")


def fill(home: Path, environment: dict[str, str]) -> None:
    home.mkdir(mode=0o700, exist_ok=True)
    (home / "vault.without_keyring").touch(0o600)
    vault = open_vault(home, environment)
    vault.write(1, TOKENS)
    vault.write_app(StravaApp("12345", "very-secret-word"))
    vault.write_key(2, "garmin", LinkKey("key-word"))
    vault.write_addresses(3, ["mailto://user:word@example.org"])
    note_ended(
        home,
        [Ended(RUNNER, digest_of_runner(str(one)), "2026-11-29T10:00:00+00:00") for one in range(3)],
        environment,
    )


def everything(home: Path, environment: dict[str, str]) -> list[object]:
    vault = open_vault(home, environment)
    names = read_own_list(home, 3, environment)
    return [
        vault.read(1),
        vault.read_app(),
        vault.read_key(2, "garmin"),
        vault.read_addresses(3),
        sorted(names.runners),
        names.problems,
    ]


def opens(home: Path, key: bytes) -> bool:
    try:
        Fernet(key).decrypt((home / "vault").read_bytes())
    except InvalidToken:
        return False
    return True


def turn(home: Path, environment: dict[str, str]):
    return rotate(open_vault(home, environment), lambda keys: sign_anew(home, keys))


def own(home: Path) -> tuple[dict[str, str], Path]:
    return {}, home / KEY_NAME


def given(home: Path) -> tuple[dict[str, str], Path]:
    path = home.parent / "run_secrets" / "key"
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        path.write_bytes(new_key())
        path.chmod(0o600)
    return {"HEELWISE_KEY_FILE": str(path)}, path


@pytest.mark.parametrize("place", [own, given])
def test_a_new_key_opens_everything_and_the_old_one_nothing(tmp_path, place):
    home = tmp_path / "home"
    environment, path = place(home) if place is given else ({}, home / KEY_NAME)
    fill(home, environment)
    before, old = everything(home, environment), path.read_bytes().split()
    done = turn(home, environment)
    new = path.read_bytes().split()
    assert len(new) == 1
    assert new != old
    assert (opens(home, new[0]), opens(home, old[0])) == (True, False)
    assert everything(home, environment) == before
    assert (done.file, done.is_finished_one, done.is_old_there) == (path, False, False)
    assert path.stat().st_mode & 0o777 == 0o600
    assert not [key for key in (*old, *new) if key.decode() in rotation_in_words(done)]


@pytest.mark.parametrize("place", [own, given])
def test_cut_off_before_any_file_it_touches_nothing_is_lost_and_the_next_run_finishes_it(tmp_path, place):
    cuts = 0
    while True:
        home = tmp_path / f"{cuts}" / "home"
        home.parent.mkdir()
        environment, path = place(home)
        fill(home, environment)
        before, old = everything(home, environment), path.read_bytes().strip()
        process = run(home, cuts, environment)
        process.communicate()
        status = process.returncode
        keys = path.read_bytes().split()
        assert everything(home, environment) == before
        assert sum(opens(home, key) for key in {*keys, old}) == 1
        if status == 0:
            break
        assert status == 9
        turn(home, environment)
        [new] = path.read_bytes().split()
        assert everything(home, environment) == before
        assert (opens(home, new), opens(home, old)) == (True, False)
        assert not list(path.parent.glob(f".{path.name}.*.part"))
        cuts += 1
    assert cuts > 8, "the cuts fell nowhere"


def test_killed_at_random_moments_nothing_is_lost(tmp_path):
    home, draw = tmp_path / "home", random.Random(19)
    fill(home, {})
    before, killed = everything(home, {}), 0
    for _ in range(25):
        process = run(home, -1, {})
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(draw.uniform(0, 0.03))
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        process.stdout.close()
        assert everything(home, {}) == before
        assert sum(opens(home, key) for key in (home / KEY_NAME).read_bytes().split()) == 1
    turn(home, {})
    assert everything(home, {}) == before
    assert killed, "every change had ended before its kill"


def run(home: Path, cut: int, environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CUT, str(home), str(cut), *(f"{n}={v}" for n, v in environment.items())],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def test_a_process_that_reads_and_writes_meanwhile_sees_everything(tmp_path):
    home, ended, seen = tmp_path / "home", threading.Event(), []
    fill(home, {})

    def work() -> None:
        while not ended.is_set():
            vault = open_vault(home, {})
            seen.append(vault.read(1) == TOKENS and vault.read_app() is not None)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        for number in range(15):
            turn(home, {})
            open_vault(home, {}).write_key(number, "intervals", LinkKey(str(number)))
    finally:
        ended.set()
        thread.join()
    assert len(seen) > 15
    assert all(seen)
    assert [open_vault(home, {}).read_key(number, "intervals") for number in range(15)] == [
        LinkKey(str(number)) for number in range(15)
    ]


def test_a_key_in_the_environment_is_changed_by_putting_a_new_one_before_it(tmp_path):
    home, old, new = tmp_path / "home", new_key().decode(), new_key().decode()
    fill(home, {"HEELWISE_KEY": old})
    before = everything(home, {"HEELWISE_KEY": old})
    sealed = (home / "vault").read_bytes()
    with pytest.raises(StoreError, match="HEELWISE_KEY, which Heelwise cannot change") as raised:
        turn(home, {"HEELWISE_KEY": old})
    assert BY_HAND in str(raised.value)
    assert (home / "vault").read_bytes() == sealed
    done = turn(home, {"HEELWISE_KEY": f"{new},{old}"})
    assert (done.file, done.is_old_there) == (None, True)
    assert "take the old key out of HEELWISE_KEY" in rotation_in_words(done)
    assert everything(home, {"HEELWISE_KEY": new}) == before
    with pytest.raises(VaultUnreadable):
        open_vault(home, {"HEELWISE_KEY": old}).read(1)


def test_a_key_beside_goes_once_another_is_given_from_outside(tmp_path):
    home = tmp_path / "home"
    fill(home, {})
    before = everything(home, {})
    environment, path = given(home)
    turn(home, environment)
    assert not (home / KEY_NAME).exists()
    assert everything(home, environment) == before
    assert opens(home, path.read_bytes())


def test_a_file_of_the_key_that_cannot_be_replaced_changes_nothing(tmp_path):
    home = tmp_path / "home"
    environment, path = given(home)
    fill(home, environment)
    before, key = everything(home, environment), path.read_bytes()
    real = path.with_name("mounted")
    path.rename(real)
    folder = Path("/proc/self/fd")  # a folder in which nobody may make a file, as where secrets are mounted
    handle = os.open(real, os.O_RDONLY)
    try:
        mounted = {"HEELWISE_KEY_FILE": str(folder / str(handle))}
        assert everything(home, mounted) == before
        with pytest.raises(StoreError, match="could not be replaced here"):
            turn(home, mounted)
        assert everything(home, mounted) == before
        assert real.read_bytes() == key
    finally:
        os.close(handle)


def test_without_any_secret_there_is_nothing_to_change(tmp_path):
    with pytest.raises(StoreError, match="no secrets and no key"):
        turn(tmp_path / "home", {})
    assert (
        json.dumps([path.name for path in (tmp_path / "home").iterdir() if "lock" not in path.name]) == "[]"
    )
