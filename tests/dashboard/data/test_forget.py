"""Forgetting: whatever is under way ends, nothing of the runner stays, and the receipt is true."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from export_writer import Session, write_export
from fit_writer import fit_run

from connectors.store import Store, open_store
from connectors.store.own_files import foreign_files
from connectors.store.token_vault import open_vault
from dashboard import cli
from dashboard.data import forget as forgetting
from dashboard.data.forget import forget
from dashboard.shared import jobs

ROOT = Path(__file__).resolve().parents[3]
START = datetime(2026, 1, 1, 6, 30, tzinfo=UTC)
TITLE = "Hill by Placeholder Lane"
PLACE = b"52.37011"


def gpx(start: datetime, seconds: int = 900) -> bytes:
    points = "".join(
        f'<trkpt lat="52.37011" lon="4.{number:05d}"><ele>3</ele>'
        f"<time>{start + timedelta(seconds=number):%Y-%m-%dT%H:%M:%SZ}</time></trkpt>"
        for number in range(seconds)
    )
    return (
        '<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">'
        f"<trk><name>{TITLE}</name><type>running</type><trkseg>{points}</trkseg></trk></gpx>"
    ).encode()


@pytest.fixture
def two(home) -> Store:
    opened = open_store(home)
    opened.add_runner("Ann Placeholder")
    opened.add_runner("Bob")
    return opened


@pytest.fixture
def export(tmp_path) -> bytes:
    sessions = [
        Session(
            number,
            START + timedelta(days=number),
            name=TITLE,
            file_name=f"activities/{number}.gpx",
            recording=gpx(START + timedelta(days=number)),
        )
        for number in range(1, 200)
    ]
    return write_export(tmp_path / "export.zip", sessions).read_bytes()


def traces(home: Path) -> list[str]:
    words = (b"Ann Placeholder", TITLE.encode(), PLACE)
    files = [path for path in home.rglob("*") if path.is_file()]
    return [f"{word!r} in {path}" for path in files for word in words if word in path.read_bytes()]


def begin(home: Path, export: bytes) -> jobs.RunningJob:
    folder = jobs.save_uploads([("export.zip", io.BytesIO(export))], home, 1)
    return jobs.begin_job(home, "Ann Placeholder", 1, [folder / "export.zip"], folder)


def until(is_so, seconds: float = 240.0) -> None:
    """Wait for what an import does, which gives way to everything else on a busy machine."""
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        time.sleep(0.02)
    assert is_so()


@pytest.mark.parametrize("samples", [0, 1, 40])
def test_forgetting_during_an_import_ends_it_and_leaves_nothing(two: Store, home, export, samples):
    running = begin(home, export)
    # The tab is closed: nobody asks for the job any more.
    until(lambda: len(list((home / "samples" / "1").glob("*/*.parquet"))) >= samples)
    lines = forget(two, open_vault(home), [two.runner("Ann Placeholder")])
    assert running.process.poll() is not None
    assert any("was under way and was ended" in line for line in lines)
    assert traces(home) == []
    assert not (home / "samples" / "1").exists()
    assert not [*home.glob("work-1.lock*"), *home.glob("sync-1.lock*"), *home.glob("upload-1-*")]
    assert [one.name for one in two.runners()] == ["Bob"]


def test_an_import_that_does_not_end_is_ended_by_its_number(two: Store, home, export, monkeypatch):
    monkeypatch.setattr(forgetting, "QUIET_S", 0.5)
    running = begin(home, export)
    until(lambda: bool(list((home / "samples" / "1").glob("*/*.parquet"))))
    running.process.send_signal(signal.SIGSTOP)
    forget(two, open_vault(home), [two.runner("Ann Placeholder")])
    assert running.process.returncode == -signal.SIGKILL
    until(lambda: traces(home) == [])
    two.close()
    open_store(home).close()
    assert not (home / "samples" / "1").exists()


def test_an_import_killed_before_leaves_nothing_to_the_next_start(two: Store, home, export):
    running = begin(home, export)
    until(lambda: bool(list((home / "samples" / "1").glob("*/*.parquet"))))
    os.killpg(running.process.pid, signal.SIGKILL)
    running.process.wait()
    until(lambda: not list(home.glob("upload-*")))
    forget(two, open_vault(home), [two.runner("Ann Placeholder")])
    assert traces(home) == []
    assert not (home / "samples" / "1").exists()


def test_an_import_of_another_runner_is_spared(two: Store, home, tmp_path):
    folder = jobs.save_uploads([("a.fit", io.BytesIO(fit_run(start=START, seconds=60)))], home, 2)
    with two.working(2):
        lines = forget(two, open_vault(home), [two.runner("Ann Placeholder")])
        assert folder.exists()
    assert not any("under way" in line for line in lines)


def test_the_receipt_says_what_is_true_and_once(two: Store, home):
    (home / "taxes.txt").touch()
    (home / "samples" / "1").mkdir(parents=True)
    (home / "samples" / "1" / "notes.txt").touch()
    lines = forget(two, open_vault(home), [two.runner("Ann Placeholder")])
    text = " ".join(lines)
    assert text.count("full-disk encryption covers that") == 1
    assert "0 activities and 0 entries of shoes, symptoms, strength, plans and edits are overwritten" in text
    assert "0 recordings are deleted" in text
    assert "Left, not ours: samples/1/notes.txt." in text
    assert "taxes" not in text
    lines = forget(two, open_vault(home), two.runners(), everything=True)
    assert "Left, not ours: samples/1/notes.txt, taxes.txt." in lines
    assert sorted(path.relative_to(home).as_posix() for path in foreign_files(home)) == [
        *("samples/1/notes.txt", "taxes.txt")
    ]
    assert sorted(path.name for path in home.iterdir()) == ["samples", "taxes.txt"]


@pytest.fixture
def run(home, monkeypatch, capsys):
    def call(*arguments) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["heelwise", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return int(stop.value.code or 0), out, err

    return call


def test_of_several_runners_none_is_deleted_unasked(run, two: Store, home):
    status, out, err = run("forget", "--yes")
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert "Ann Placeholder, Bob" in err
    assert "--athlete" in err
    assert len(two.runners()) == 2
    assert run("forget", "--yes", "--athlete", "Bob")[0] == 0
    assert [one.name for one in two.runners()] == ["Ann Placeholder"]


def test_all_of_it_leaves_an_empty_folder(run, two: Store, home):
    two.close()
    status, out, _ = run("forget", "--all", "--yes")
    assert status == 0
    assert "every other file of Heelwise" in out
    assert list(home.iterdir()) == []
    status, out, _ = run("forget", "--all", "--yes")
    assert status == 0
    assert list(home.iterdir()) == []


FULL = """
import os, sys
import polars as pl
from pathlib import Path
from connectors.store import open_store
disk = Path(sys.argv[1])
home = disk / "home"
with open_store(home) as store:
    store.add_runner("Ann Placeholder")
    for number in range(8):
        store.samples.write(1, f"{number:04x}", pl.DataFrame({"second": range(20_000)}))
with (disk / "filler").open("wb", buffering=0) as file:
    try:
        while True:
            file.write(b"x" * 4096)
    except OSError:
        pass
print(os.statvfs(disk).f_bavail, flush=True)
sys.argv = ["heelwise", "forget", "--home", str(home), "--athlete", "Ann Placeholder", "--yes"]
from dashboard import cli
try:
    cli.main()
except SystemExit as stop:
    print("status", stop.code)
print(list(home.glob("samples/*")))
with open_store(home) as store:
    print(store.runners())
"""


def test_forgetting_makes_its_own_room_on_a_full_disk(tmp_path):
    unshare = shutil.which("unshare")
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = f"mount -t tmpfs -o size=1m none '{disk}'"
    alone = [unshare or "unshare", "--map-root-user", "--mount", "sh", "-c"]
    if not unshare or subprocess.run([*alone, mount], capture_output=True, check=False).returncode:
        pytest.skip("no small disk can be made here")
    done = subprocess.run(
        [*alone, f'{mount} && exec "$@"', "sh", sys.executable, "-c", FULL, disk],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    free, *lines = done.stdout.splitlines()
    assert free == "0", done.stderr
    assert "status 0" in lines, done.stdout + done.stderr
    assert lines[-2:] == ["[]", "[]"]


def test_the_receipt_tells_of_copies_from_before_an_upgrade(store, home):
    folder = home / "before-upgrade"
    folder.mkdir(mode=0o700)
    (folder / "heelwise-3-20260101T000000Z.db").touch()
    receipt = forget(store, open_vault(home), store.runners())
    assert any("1 copy of the database from before an upgrade deleted" in line for line in receipt)
    assert not folder.exists()
