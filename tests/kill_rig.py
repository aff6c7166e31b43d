"""Commands that are cut off: by kill -9 at a random moment, by a full disk, by a folder that vanishes or is read-only.

A command runs as a process of its own, which says `ready` once its libraries are loaded; `run_clean` tells how long
it then takes, and a kill falls anywhere in that time. `state_of` is what a folder holds after the next start, without
the time of fetching and without what no two runs share.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from export_writer import Session, write_export
from fit_writer import fit_run

from connectors.frames import ACTIVITY, STORED
from connectors.store import open_store
from connectors.store.own_files import foreign_files
from connectors.store.process_token import release

ROOT = Path(__file__).resolve().parents[1]
READY = "ready"
DRIVER = f"""
import importlib, sys
if sys.argv[1] in ("page", "phone"):
    importlib.import_module(sys.argv[1] + "_write").main(*sys.argv[2:], "{READY}")
    raise SystemExit
modules = {{"import": "import_", "imports": "imports", "log": "log", "watch": "watch", "sync": "sync"}}
module = modules.get(sys.argv[1], "store")
importlib.import_module(f"dashboard.commands.{{module}}")
from dashboard import cli
print("{READY}", flush=True)
sys.argv = ["heelwise", *sys.argv[1:]]
cli.main()
"""
MADE_AT = re.compile(r"-\d{8}T\d{6}Z")
NOT_COMPARED = ("fetched_utc",)
LONGEST_S = 120.0
WHOLE = 200
KILLS = int(os.environ.get("HEELWISE_KILLS", str(WHOLE)))
"""Kills of each command; fewer in CI."""
IS_WHOLE = KILLS >= WHOLE
KILLS_OF_LONG_ONES = KILLS if IS_WHOLE else max(1, KILLS // 4)
"""Kills of what takes seconds and is run to its end after each: import, sync, watched folder, a page."""
FAULTS = KILLS if IS_WHOLE else 3
"""Tries of every other fault."""


@dataclass(frozen=True)
class Ended:
    """How a command ended; `seconds` is counted from `ready`."""

    status: int
    out: str
    err: str
    seconds: float


def start(
    *command: object, environment: dict[str, str] | None = None, prefix: Sequence[str] = ()
) -> subprocess.Popen[str]:
    """Start a command and wait until its libraries are loaded; a prefix is a program that runs it."""
    process = subprocess.Popen(
        [*prefix, sys.executable, "-c", DRIVER, *map(str, command)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}", **(environment or {})},
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == f"{READY}\n", process.communicate()[1]
    return process


def run_clean(
    *command: object, environment: dict[str, str] | None = None, prefix: Sequence[str] = ()
) -> Ended:
    """Run a command to its end."""
    process = start(*command, environment=environment, prefix=prefix)
    began = time.monotonic()
    out, err = process.communicate(timeout=LONGEST_S)
    assert "Traceback" not in out + err, err
    return Ended(process.returncode, out, err, time.monotonic() - began)


def run_killed(after_s: float, *command: object, environment: dict[str, str] | None = None) -> bool:
    """Run a command and kill it s after it was ready; False where it had ended by then."""
    process = start(*command, environment=environment)
    with suppress(subprocess.TimeoutExpired):
        process.wait(after_s)
    is_killed = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate()
    _wait_for_group(process.pid)
    return is_killed


def _wait_for_group(number: int) -> None:
    """Wait for the processes that decode for a killed one, which see its end by themselves."""
    until = time.monotonic() + 20
    with suppress(ProcessLookupError):
        while time.monotonic() < until:
            os.killpg(number, 0)
            time.sleep(0.02)
        raise AssertionError("a process that decodes outlives the one it decodes for")


def run_without_folder(after_s: float, gone: Path, *command: object) -> None:
    """Run a command whose folder, its last argument, is moved away after s; it ends in a sentence at most.

    A command that had not opened it yet may begin a new store in its place, which is whole: no recording lies alone.
    """
    home = Path(str(command[-1]))
    process = start(*command)
    with suppress(subprocess.TimeoutExpired):
        process.wait(after_s)
    home.rename(gone)
    out, err = process.communicate(timeout=LONGEST_S)
    assert "Traceback" not in out + err, err
    lines = [line for line in err.splitlines() if not line.startswith("The store was brought up to date.")]
    assert len(lines) <= 1, err
    assert "did not foresee" not in err, err
    if home.exists():
        assert (home / "heelwise.db").exists(), sorted(home.rglob("*"))
        state_of(home)


def copy(home: Path, target: Path) -> Path:
    """Copy a closed folder."""
    shutil.copytree(home, target)
    return target


def state_of(home: Path) -> dict[str, object]:
    """Return what a folder holds after the next start: rows by runner and table, recordings by their content."""
    state: dict[str, object] = {}
    with open_store(home) as store:
        for runner in store.runners():
            for contract in STORED:
                rows = store.read(contract, runner.athlete_id).drop(NOT_COMPARED, strict=False)
                if rows.height:
                    state[f"{runner.name} {contract.name}"] = rows.sort(rows.columns).write_json()
            matches = store.matches(runner.athlete_id).drop("decided_utc")
            state[f"{runner.name} matches"] = matches.write_json()
            for path in sorted(store.samples.of_runner(runner.athlete_id).rglob("*.parquet")):
                name = path.relative_to(store.samples.of_runner(runner.athlete_id))
                state[f"{runner.name} {name}"] = hashlib.sha256(path.read_bytes()).hexdigest()
        assert whole(store) == [], whole(store)
        assert store.verify() == []
        assert foreign_files(home) == []
    release(home)  # the lock of this process, which lives on
    listed = (path.relative_to(home).as_posix() for path in home.rglob("*") if path.suffix != ".lock")
    state["files"] = sorted({MADE_AT.sub("-TIME", name) for name in listed})
    left = [path.relative_to(home).as_posix() for path in home.rglob("*") if _is_left_behind(path)]
    assert left == [], f"the next start leaves {left} half made"
    return state


def rows_of(state: dict[str, object]) -> dict[tuple[str, str], dict[str, object]]:
    """Return the rows of a state by runner and table, and by what makes each one row."""
    rows: dict[tuple[str, str], dict[str, object]] = {}
    for name, text in state.items():
        if isinstance(text, str) and text.startswith("["):
            for row in json.loads(text):
                rows[
                    name, f"{row.get('source')} {row.get('source_id')} {row.get('one')} {row.get('other')}"
                ] = row
    return rows


def unlike(state: dict[str, object], *clean: dict[str, object]) -> list[dict[str, object]]:
    """List the rows of a state that hold a value which the row of no clean run holds.

    A session may still lack what its recording says, as long as it claims none.
    """
    wanted = [rows_of(one) for one in clean]
    faults = []
    for key, row in rows_of(state).items():
        there = [rows[key] for rows in wanted if key in rows]
        waits = "sample_rows" in row and row["sample_rows"] is None
        known = {name: value for name, value in row.items() if value is not None} if waits else row
        if not any(known.items() <= one.items() for one in there):
            faults.append(row)
    return faults


def whole(store) -> list[str]:
    """Name rows that claim recordings which are not there, and recordings without a row."""
    faults = []
    there = {(whose, activity_id) for whose, activity_id, _ in store.samples.files()}
    claimed = set()
    for runner in store.runners():
        rows = store.read(ACTIVITY, runner.athlete_id)
        claimed |= {
            (runner.athlete_id, one) for one in rows.filter(rows["sample_rows"] > 0)["activity_id"].to_list()
        }
    faults += [f"{one} claims a recording" for one in sorted(claimed - there)]
    return faults + [f"{one} has no row" for one in sorted(there - claimed)]


def _is_left_behind(path: Path) -> bool:
    return path.name.startswith(("upload-", ".restore-", ".closed-", "alive-")) or path.suffix == ".part"


SMALL_DISK = """
set -e
mount -t tmpfs -o size={size} none '{mount}'
cp -a '{home}' '{mount}/home'
set +e
"$@" >'{out}' 2>'{err}'
echo $? >'{status}'
rm -rf '{home}'
cp -a '{mount}/home' '{home}'
"""


def on_small_disk(folder: Path, home: Path, free_bytes: int, *command: object) -> Ended | None:
    """Run a command with its folder on a disk with so much room, then copy the folder back; None where none is made."""
    used = sum(-(-path.stat().st_size // 4096) * 4096 for path in home.rglob("*") if path.is_file())
    mount = folder / "disk"
    mount.mkdir()
    names = {name: folder / name for name in ("out", "err", "status")}
    script = SMALL_DISK.format(size=used + free_bytes, mount=mount, home=home, **names)
    python = [sys.executable, "-m", "dashboard.cli", *map(str, command), "--home", str(mount / "home")]
    _mounted(script, python)
    if not names["status"].exists():
        return None
    out, err = names["out"].read_text(), names["err"].read_text()
    assert "Traceback" not in out + err, err
    return Ended(int(names["status"].read_text()), out, err, 0.0)


def with_small_files(most_bytes: int, *command: object) -> Ended:
    """Run a command that may write no file beyond so many bytes: what a full disk is where none can be mounted."""
    limits = [sys.executable, "-c", LIMITED, str(most_bytes)]
    return run_clean(*command, environment={"PYTHONDONTWRITEBYTECODE": "1"}, prefix=limits)


LIMITED = """
import os, resource, sys
most = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
os.execv(sys.argv[2], sys.argv[2:])
"""
READ_ONLY = """
set -e
mount --bind '{home}' '{home}'
mount -o remount,ro,bind '{home}'
set +e
"$@" >'{out}' 2>'{err}'
echo $? >'{status}'
"""


def on_read_only(folder: Path, home: Path, *command: object) -> Ended | None:
    """Run a command on a folder that can only be read; None where none can be made so."""
    names = {name: folder / name for name in ("out", "err", "status")}
    python = [sys.executable, "-m", "dashboard.cli", *map(str, command)]
    _mounted(READ_ONLY.format(home=home, **names), python)
    if not names["status"].exists():
        return None
    return Ended(int(names["status"].read_text()), names["out"].read_text(), names["err"].read_text(), 0.0)


def _mounted(script: str, python: list[str]) -> None:
    """Run a shell script that mounts what only its own processes see."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return
    subprocess.run(
        [unshare, "--map-root-user", "--mount", "sh", "-c", script, "sh", *python],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd=ROOT,
        timeout=LONGEST_S,
        check=False,
    )


FIRST_STORE = ROOT / "tests" / "old_stores" / "01_first_tables.sql"
START = datetime(2026, 1, 1, 6, 30, tzinfo=UTC)


def export(path: Path, first: int, sessions: int, title: str) -> Path:
    days = [START + timedelta(days=number) for number in range(first, first + sessions)]
    return write_export(
        path,
        [
            Session(
                first + number,
                day,
                name=title,
                file_name=f"activities/{first + number}.fit.gz",
                recording=fit_run(start=day, seconds=300),
            )
            for number, day in enumerate(days)
        ],
    )


@dataclass
class Bench:
    """Folders that a command is tried on."""

    folder: Path
    before: Path
    command: Callable[[Path], list[object]]
    chance: random.Random
    killed: int = 0
    ends: dict[str, int] = field(default_factory=dict)

    def kill(self, number: int, seconds: float) -> Path:
        home = copy(self.before, self.folder / f"home-{number}")
        self.killed += run_killed(self.chance.uniform(0, seconds), *self.command(home))
        return home

    def clean(self) -> tuple[Path, float]:
        home = copy(self.before, self.folder / "clean")
        ended = run_clean(*self.command(home))
        assert ended.status == 0, ended.err
        return home, ended.seconds * 1.1

    def count(self, word: str) -> None:
        self.ends[word] = self.ends.get(word, 0) + 1

    def tell(self, name: str, tried: int) -> None:
        print(f"\n{name}: {tried} tried, {self.killed} killed, {self.ends}")
        assert self.killed >= tried // 4, "the kills fell after the end"


def old_store(home: Path) -> Path:
    home.mkdir(mode=0o700)
    raw = sqlite3.connect(home / "heelwise.db")
    raw.executescript(FIRST_STORE.read_text())
    raw.close()
    return home


def store_number(home: Path) -> int:
    """Return how many migrations a store has taken, and fail where its database is not sound."""
    with closing(sqlite3.connect(home / "heelwise.db")) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return raw.execute("SELECT max(number) FROM migration").fetchone()[0]


def bench_of(name: str, folder: Path, two: Path, packed: Path, chance: random.Random) -> Bench:
    """Return a command that changes all or nothing, with the folder it is tried on."""
    if name == "migration":
        return Bench(folder, old_store(folder / "old"), lambda home: ["doctor", "--home", home], chance)
    before = packed / "home" if name == "restore" else two
    if name in ("page", "phone"):
        return Bench(folder, two, lambda home: [name, home, "Bob"], chance)
    commands: dict[str, list[object]] = {
        "restore": ["restore", packed / "ann.zip"],
        "forget": ["forget", "--athlete", "Ann", "--yes"],
        "undo": ["imports", "--take-back", "3"],
        "log": ["log", "--date", "2026-01-05", "--pain", "3", "--athlete", "Bob"],
    }
    return Bench(folder, before, lambda home: [*commands[name], "--home", home], chance)
