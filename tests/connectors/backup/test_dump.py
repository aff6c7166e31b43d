"""The dump of all runners: closed for a key that is not here, written once, gone after its days."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tarfile
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyrage
import pytest
from backed_up_runner import fill
from sqlalchemy import insert

from connectors.backup.dump import check_public_key, dump_all, make_pair, set_keep_days, set_up
from connectors.demo import add_demo
from connectors.errors import StoreError
from connectors.store import open_store
from connectors.store.dump_settings import dump_settings
from connectors.store.tables import GRANT_TABLE, PERSON_TABLE
from connectors.store.token_vault import StravaApp, open_vault

NOW = datetime(2026, 11, 29, 3, 15, tzinfo=UTC)


@pytest.fixture
def pair(store) -> tuple[str, str]:
    """A store that is set up for dumps, and its keys."""
    public, private = make_pair()
    set_up(store, public)
    return public, private


def opened(path: Path, private: str, folder: Path) -> dict[str, bytes]:
    """Return what is in a dump, as anybody with the key reads it."""
    packed = folder / "dump.tar"
    with path.open("rb") as source, packed.open("wb") as target:
        pyrage.decrypt_io(source, target, [pyrage.x25519.Identity.from_str(private)])
    with tarfile.open(packed) as archive:
        assert all(member.mode == 0o600 for member in archive.getmembers())
        return {one.name: file.read() for one in archive if (file := archive.extractfile(one)) is not None}


def test_everybody_is_in_it_and_no_secret(store, pair, tmp_path, monkeypatch):
    monkeypatch.setenv("HEELWISE_KEY", "bWFkZS11cC1rZXktZm9yLXRlc3RzLW9ubHktISEhISE=")
    robin, _ = fill(store, "Robin"), fill(store, "Kim")
    add_demo(store)
    open_vault(store.home).write_app(StravaApp("1", "very-secret-word"))
    with store._database.writing() as connection:
        person = {"issuer": "https://id.example", "subject": "s-1", "display_name": "Alex", "added_utc": 1}
        connection.execute(insert(PERSON_TABLE).values(**person))
        grant = {"athlete_id": robin, "person_id": 1, "access": "see", "given_utc": 5, "until_date": 20_800}
        connection.execute(insert(GRANT_TABLE).values(**grant))
        connection.execute(insert(GRANT_TABLE).values(**{**grant, "ended_utc": 6}))
    done = dump_all(store, tmp_path / "dumps", NOW)
    assert done.path.name == "heelwise-all-20261129T031500Z.tar.age"
    assert done.path.stat().st_mode & 0o777 == 0o600
    assert done.path.parent.stat().st_mode & 0o777 == 0o700
    assert (done.runners, done.grants, done.bytes) == (2, 1, done.path.stat().st_size)
    content = opened(done.path, pair[1], tmp_path)
    assert sorted(content) == [
        "README.txt",
        "contents.json",
        "grants.jsonl",
        "runners/1.zip",
        "runners/2.zip",
    ]
    everything = b"".join(content.values())
    assert b"very-secret-word" not in everything
    assert pair[1].encode() not in b"".join(
        path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
    )
    [row] = [json.loads(line) for line in content["grants.jsonl"].splitlines()]
    assert (row["issuer"], row["subject"], row["access"], row["given_utc"]) == (
        "https://id.example",
        "s-1",
        "see",
        5,
    )
    assert b"Robin" not in done.path.read_bytes()
    assert not list(store.home.glob("dump-*"))


def test_without_a_key_nothing_is_written(store, tmp_path):
    fill(store, "Robin")
    with pytest.raises(StoreError, match="No key is set"):
        dump_all(store, tmp_path / "dumps", NOW)
    assert not (tmp_path / "dumps").exists()


@pytest.mark.parametrize("text", ["", "age1", "AGE-SECRET-KEY-1QQ", "ssh-ed25519 AAAA", "age1" + "q" * 58])
def test_what_is_no_public_key_is_refused(store, text):
    with pytest.raises(StoreError, match="not a public age key"):
        set_up(store, text)
    assert dump_settings(store.machine_settings()).recipient is None


def test_a_private_key_in_place_of_the_public_one_is_stored_nowhere(store):
    _, private = make_pair()
    with pytest.raises(StoreError) as raised:
        check_public_key(private)
    assert private not in str(raised.value)


def test_another_key_only_where_that_is_meant(store, pair):
    other, _ = make_pair()
    set_up(store, pair[0])
    with pytest.raises(StoreError, match="another key already"):
        set_up(store, other)
    assert dump_settings(store.machine_settings()).recipient == pair[0]
    set_up(store, other, replaces=True)
    assert dump_settings(store.machine_settings()).recipient == other


def test_old_dumps_go_by_their_name_and_nothing_else_does(store, pair, tmp_path):
    fill(store, "Robin")
    folder = tmp_path / "dumps"
    folder.mkdir()
    foreign = ["notes.txt", "heelwise-all-20200101T000000Z.tar.age.bak", "heelwise-all-2020.tar.age"]
    for name in foreign:
        (folder / name).touch()
    (folder / ".heelwise-all-20261128T031500Z.tar.age.0badcafe.part").touch()
    days = [0, 1, 2, 29, 30, 31, 40]
    for day in reversed(days):
        dump_all(store, folder, NOW + timedelta(days=day) - timedelta(days=40))
    left = sorted(path.name for path in folder.glob("heelwise-all-*.age"))
    made = [f"{NOW - timedelta(days=40 - day):heelwise-all-%Y%m%dT%H%M%SZ.tar.age}" for day in days]
    assert sorted({*left} & {*made}) == sorted(made), "a dump was deleted by a run that came before it"
    dump_all(store, folder, NOW + timedelta(seconds=1))
    left = {path.name for path in folder.iterdir()}
    assert {*foreign} <= left
    assert not [name for name in left if name.endswith(".part")]
    assert made[-1] in left
    assert made[3] in left
    assert made[0] not in left


def test_more_days_hold_for_later_dumps_alone(store, pair, tmp_path):
    fill(store, "Robin")
    folder = tmp_path / "dumps"
    early = dump_all(store, folder, NOW).path
    set_keep_days(store, 60, NOW + timedelta(days=1))
    late = dump_all(store, folder, NOW + timedelta(days=2)).path
    dump_all(store, folder, NOW + timedelta(days=31))
    assert (early.exists(), late.exists()) == (False, True), "a receipt has named the thirtieth day"
    set_keep_days(store, 7)
    dump_all(store, folder, NOW + timedelta(days=32))
    assert not late.exists()


def test_only_one_runs_at_a_time(store, pair, tmp_path):
    fill(store, "Robin")
    done, refused = [], []

    def run(number: int) -> None:
        try:
            done.append(dump_all(store, tmp_path / "dumps", NOW + timedelta(seconds=number)))
        except StoreError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert done
    assert all("already" in sentence for sentence in refused)
    assert len(list((tmp_path / "dumps").glob("*.age"))) == len(done)


def test_a_full_disk_leaves_the_dumps_that_are_there(store, pair, tmp_path):
    fill(store, "Robin")
    before = dump_all(store, tmp_path / "dumps", NOW).path
    content = before.read_bytes()
    limit, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    code = (
        "import resource,sys,signal;from pathlib import Path;from connectors.store import open_store\n"
        "from connectors.backup.dump import dump_all;from connectors.errors import StoreError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "store=open_store(Path(sys.argv[1]));store.machine_settings()\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE,(4096,resource.RLIM_INFINITY))\n"
        "try: dump_all(store,Path(sys.argv[2]))\n"
        "except StoreError as error: print(error)\n"
    )
    del limit, most
    ran = subprocess.run(
        [sys.executable, "-c", code, str(store.home), str(tmp_path / "dumps")],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[3])},
        check=False,
    )
    assert ran.stdout.strip(), ran.stderr
    assert "Traceback" not in ran.stderr
    assert before.read_bytes() == content
    assert not [path for path in (tmp_path / "dumps").iterdir() if path.name.endswith(".part")]


def test_memory_does_not_grow_with_the_number_of_runners(tmp_path):
    code = (
        "import resource,sys;from pathlib import Path;sys.path.insert(0,sys.argv[3])\n"
        "from backed_up_runner import fill;from connectors.store import open_store\n"
        "from connectors.backup.dump import dump_all,make_pair,set_up\n"
        "store=open_store(Path(sys.argv[1]));set_up(store,make_pair()[0])\n"
        "for number in range(int(sys.argv[2])):\n"
        "    me=fill(store,f'R {number}')\n"
        "    for _, _, path in list(store.samples.files()):\n"
        "        pass\n"
        "import tracemalloc;dump_all(store);tracemalloc.start();dump_all(store)\n"
        "print(tracemalloc.get_traced_memory()[1])\n"
    )
    root = Path(__file__).resolve().parents[3]
    peaks = [
        int(
            subprocess.run(
                [sys.executable, "-c", code, str(tmp_path / str(number)), str(number), str(root / "tests")],
                capture_output=True,
                text=True,
                env={**os.environ, "PYTHONPATH": str(root)},
                check=True,
            ).stdout
        )
        for number in (3, 30)
    ]
    assert peaks[1] < peaks[0] + 300_000, peaks


def test_opening_the_store_is_enough_to_sweep_what_a_killed_dump_left(store, pair):
    left = store.home / "dump-0badcafe-abcdefgh"
    left.mkdir(mode=0o700)
    (left / "runner.zip").write_bytes(b"a copy of a runner")
    store.close()
    with open_store(store.home):
        assert not left.exists()
