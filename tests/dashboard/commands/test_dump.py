"""`heelwise backup --all` and the restore of a dump, as somebody types them."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.store import open_store
from connectors.store.dump_settings import dump_settings


@pytest.fixture(autouse=True)
def key(monkeypatch):
    """A server has the vault's key from outside."""
    monkeypatch.setenv("HEELWISE_KEY", "bWFkZS11cC1rZXktZm9yLXRlc3RzLW9ubHktISEhISE=")


def made(run, folder: Path) -> tuple[str, Path]:
    """Set dumps up and write one; the private key and the file."""
    status, out, err = run("backup", "--all", "--make-key")
    assert status == 0
    assert "printed this once" in err
    assert run("backup", "--all", folder)[0] == 0
    [path] = folder.glob("*.age")
    return out.strip(), path


def test_dump_forget_restore_gone(run, store, tmp_path):
    private, path = made(run, tmp_path / "dumps")
    assert re.fullmatch(r"AGE-SECRET-KEY-1[0-9A-Z]{58}", private)
    assert private.encode() not in b"".join(one.read_bytes() for one in tmp_path.rglob("*") if one.is_file())
    identity = tmp_path / "identity.txt"
    identity.touch(0o600)
    identity.write_text(private)
    name = store.runners()[0].name
    status, receipt, _ = run("forget", "--yes")
    assert status == 0
    day = dump_settings(store.machine_settings()).gone_by(datetime.now(UTC).date())
    assert f"Gone from backups by {day.day} {day:%b %Y}" in receipt
    status, out, err = run("restore", path, "--identity-file", identity)
    assert (status, err) == (0, "")
    assert "1 runner forgotten since stays so" in out
    assert name not in out
    with open_store(store.home) as opened:
        assert opened.runners() == []
    # A new server: the folder of the dumps, the private key and the key of the vault are all it has.
    status, out, _ = run("restore", path, "--identity-file", identity, "--home", tmp_path / "elsewhere")
    assert (status, name in out) == (0, False)
    with open_store(tmp_path / "elsewhere") as opened:
        assert opened.runners() == []


def test_the_private_key_comes_from_a_file_or_standard_input_and_never_from_an_argument(
    run, store, tmp_path, monkeypatch
):
    private, path = made(run, tmp_path / "dumps")
    elsewhere = ("--home", tmp_path / "elsewhere")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    status, out, err = run("restore", path, *elsewhere)
    assert (status, out) == (1, "")
    assert "--identity-file" in err
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{private}\n"))
    status, out, _ = run("restore", path, "--identity-file", "-", *elsewhere)
    assert (status, "1 of 1 runner brought in" in out) == (0, True)
    readable = tmp_path / "identity.txt"
    readable.write_text(private)
    readable.chmod(0o644)
    status, _, err = run("restore", path, "--identity-file", readable, *elsewhere)
    assert (status, "may be read by other users" in err, private in err) == (1, True, False)
    status, _, err = run("restore", path, "--identity-file", tmp_path / "nowhere", *elsewhere)
    assert (status, "There is no file called nowhere" in err) == (1, True)


def test_a_runner_who_wants_to_comes_back_by_their_own_backup(run, store, tmp_path):
    _, path = made(run, tmp_path / "dumps")
    run("backup", tmp_path / "own.zip")
    name = store.runners()[0].name
    run("forget", "--yes")
    status, out, _ = run("restore", tmp_path / "own.zip")
    assert (status, name in out, "stays so" in out) == (0, False, True)
    assert run("restore", path, "--bring-back")[0] == 1
    status, out, _ = run("restore", tmp_path / "own.zip", "--bring-back")
    assert (status, name in out) == (0, True)
    assert "list of forgotten" not in run("doctor")[1]


def test_wrong_usage_is_refused_before_anything_is_written(run, store, tmp_path):
    for wrong in (
        ("backup",),
        ("backup", tmp_path / "b.zip", "--make-key"),
        ("backup", tmp_path / "b.zip", "--keep-days", "30"),
        ("backup", "--all", "--encrypt"),
        ("backup", "--all", "--athlete", "Robin"),
        ("backup", "--all", "--keep-days", "6"),
        ("backup", "--all", "--keep-days", "91"),
        ("backup", "--all", "--replace-key"),
        ("backup", "--all", "--make-key", "--public-key", "age1"),
    ):
        assert run(*wrong)[0] == 2, wrong
    assert run("backup", "--all", tmp_path / "dumps")[0] == 1
    assert run("backup", "--all", "--public-key", "age1")[0] == 1
    assert not (tmp_path / "dumps").exists()
    assert not (tmp_path / "b.zip").exists()


def test_doctor_says_that_a_dump_is_overdue(run, store, tmp_path):
    made(run, tmp_path / "dumps")
    assert "too old" not in run("doctor")[1]
    store.set_machine_setting("dump_latest_utc", (datetime.now(UTC) - timedelta(days=3)).isoformat())
    status, out, _ = run("doctor")
    assert (status, "The latest dump of all runners is too old" in out) == (1, True)


def test_doctor_says_that_the_list_is_missing(run, store, tmp_path):
    made(run, tmp_path / "dumps")
    store.add_runner("Kim")
    assert run("backup", "--all")[0] == 0
    assert run("forget", "--athlete", "Kim", "--yes")[0] == 0
    assert "list of forgotten" not in run("doctor")[1]
    (store.home / "forgotten.jsonl").unlink()
    status, out, _ = run("doctor")
    assert (status, "The list of forgotten runners, forgotten.jsonl, is missing" in out) == (1, True)


def test_without_dumps_a_receipt_says_nothing_of_them(run, store):
    assert "Gone from backups" not in run("forget", "--yes")[1]
